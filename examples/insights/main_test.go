package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

const sample = "../evictions/sample.log"

func TestRun(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	event := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"ResponseComplete","verb":"get",` +
		`"userAgent":"x\u001b[2J","stageTimestamp":"2026-11-23T07:00:00.000000Z"}` + "\n"
	damaged := write("damaged.log", event+"{not json}\n"+strings.Replace(event, "get", "list", 1))
	torn := write("torn.log", event[:len(event)-60]+event+event)
	codes := write("codes.csv", "code,text\n429,too many\n")
	savedFile := write("saved", "fields verb\n| filter verb = {{verb}}\n")
	queryFile := write("query", "fields verb # the verb\n| sort verb\n")

	for _, test := range []struct {
		name   string
		args   []string
		status int
		stdout string
		stderr string // each line must stand in standard error
	}{
		{
			name:   "unique",
			args:   []string{"-unique", "-o", "csv", "-q", `stats count(*) as n`, sample, sample},
			stdout: "n\n24\n",
		},
		{
			name:   "rows",
			args:   []string{"-q", `fields responseStatus.code as code | filter code >= 429 | sort code | limit 2`, sample},
			stdout: "code\n429\n429\n",
		},
		{
			name:   "missing values",
			args:   []string{"-o", "jsonl", "-limit", "2", "-q", `fields verb, nothing, responseStatus.code as code`, sample},
			stdout: `{"verb":"create","code":400}` + "\n" + `{"verb":"create"}` + "\n",
		},
		{
			name:   "lookup",
			args:   []string{"-lookup", "codes=" + codes, "-q", "stats count(*) as n by responseStatus.code | lookup codes code as responseStatus.code output text | filter ispresent(text)", sample},
			stdout: "responseStatus.code  n  text\n429                  4  too many\n",
		},
		{name: "lookup without a table", args: []string{"-q", "lookup codes code output text", sample}, status: 1, stdout: "@timestamp  @message  text\n", stderr: `no lookup table "codes" is given`},
		{name: "lookup without a file", args: []string{"-lookup", "codes", "-q", "limit 1", sample}, status: 2, stderr: "write NAME=FILE.csv"},
		{
			name:   "source",
			args:   []string{"-o", "csv", "-source", "/eks/one=" + sample, "-source", "/eks/two=" + damaged, "-q", `SOURCE logGroups(namePrefix: ["/eks/"]) | stats count(*) as n by @log | sort @log`},
			status: 1,
			stdout: "@log,n\n/eks/one,24\n/eks/two,2\n",
			stderr: "not valid JSON",
		},
		{
			name:   "several paths of a source",
			args:   []string{"-o", "csv", "-source", "log=" + sample, "-source", "log=" + sample, "-q", "stats count(*) as n | appendcols (SOURCE log | stats count(*) as other)", sample},
			stdout: "n,other\n24,48\n",
		},
		{
			name:   "subquery over the same log",
			args:   []string{"-o", "csv", "-q", `filter auditID in (filter responseStatus.code = 400 | fields auditID) | stats count(*) as n`, sample},
			stdout: "n\n4\n",
		},
		{name: "source without a log", args: []string{"-source", "log=" + sample, "-q", "SOURCE lag"}, status: 1, stdout: "@timestamp  @message\n", stderr: `no log is given for the log group "lag" (did you mean "log"?)`},
		{name: "source and a path", args: []string{"-source", "log=" + sample, "-q", "SOURCE log", sample}, status: 2, stderr: "name no PATH"},
		{name: "source without SOURCE", args: []string{"-source", "log=" + sample, "-q", "fields verb"}, status: 2, stderr: "no PATH given"},
		{name: "source without a path", args: []string{"-source", "log", "-q", "SOURCE log"}, status: 2, stderr: "write NAME=PATH"},
		{
			name:   "csv",
			args:   []string{"-o", "csv", "-q", `fields responseStatus.message as m | filter m like "web-3"`, sample},
			stdout: "m\n" + `"pods ""web-3"" is forbidden: User ""dev@example.com"" cannot create resource ""pods/eviction"" in API group """" in the namespace ""web"""` + "\n",
		},
		{
			name:   "nothing matches",
			args:   []string{"-o", "json", "-q", `filter verb = "nothing"`, sample},
			stdout: "[]\n",
			stderr: "insights: no row among 24 events",
		},
		{
			name:   "window",
			args:   []string{"-q", "fields auditID", "-start", "2026-11-23T07:24:24.876Z", "-end", "2026-11-23", sample},
			stdout: "auditID\na686acc1-9860-4892-a006-687cf1d69489\n",
		},
		{
			name:   "damage",
			args:   []string{"-f", queryFile, damaged},
			status: 1,
			stdout: "verb\nget\nlist\n",
			stderr: "insights: audit: " + damaged + ":2: not valid JSON",
		},
		{
			name:   "control characters",
			args:   []string{"-q", "fields userAgent | limit 1", damaged},
			status: 1,
			stdout: "userAgent\nx\\x1b[2J\n",
			stderr: "not valid JSON",
		},
		{
			name:   "damage inside a line",
			args:   []string{"-q", "fields auditID", torn},
			status: 1,
			stdout: "auditID\na\na\n",
			stderr: torn + ":1: not valid JSON",
		},
		{
			name:   "damage inside a line, quick",
			args:   []string{"-quick", "-q", "fields auditID | filter verb = \"list\"", torn},
			stdout: "auditID\n",
			stderr: "no row among 0 events",
		},
		{
			name:   "missing file",
			args:   []string{"-q", "fields verb | limit 1", filepath.Join(dir, "nothing.log"), sample},
			status: 1,
			stdout: "verb\ncreate\n",
			stderr: "insights: audit: " + filepath.Join(dir, "nothing.log") + ": ",
		},
		{
			name:   "refused query",
			args:   []string{"-q", "filter verb lik \"x\"", sample},
			status: 2,
			stderr: "insights: query:1:13: \n\tfilter verb lik \"x\"\n\t            ^^^",
		},
		{
			name: "check",
			args: []string{"-check", "-q", "fields @logstream | limit 1 | filter verb = \"x\""},
			stdout: "query:1:8: trap: audit events have no field @logstream (did you mean @logStream?)\n" +
				"\tfields @logstream | limit 1 | filter verb = \"x\"\n\t       ^^^^^^^^^^\n" +
				"query:1:38: trap: this filter acts before the limit, although it stands behind it\n" +
				"\tfields @logstream | limit 1 | filter verb = \"x\"\n\t                                     ^^^^^^^^^^\n",
		},
		{name: "check nothing", args: []string{"-check", "-q", "fields verb"}},
		{name: "check an error", args: []string{"-check", "-q", "fields strln(verb)"}, status: 2, stderr: `insights: query:1:8: unknown function "strln" (did you mean "strlen"?)`},
		{
			name:   "check what the service refuses",
			args:   []string{"-check", "-q", "dedup verb | sort verb"},
			stdout: "query:1:14: refused by the service: only limit can stand behind dedup; here this acts on the rows that dedup keeps\n\tdedup verb | sort verb\n\t             ^^^^\n",
		},
		{
			name:   "check strictly",
			args:   []string{"-check", "-strict", "-q", "dedup verb | sort verb"},
			status: 2,
			stdout: "query:1:14: refused by the service: only limit can stand behind dedup; here this acts on the rows that dedup keeps\n\tdedup verb | sort verb\n\t             ^^^^\n",
			stderr: "insights: query:1:14: only limit can stand behind dedup",
		},
		{name: "strict", args: []string{"-strict", "-q", "dedup verb | sort verb", sample}, status: 2, stderr: "insights: query:1:14: only limit can stand behind dedup"},
		{name: "strict and right", args: []string{"-strict", "-q", "stats count(*) as n", sample}, stdout: "n\n24\n"},
		{name: "lenient", args: []string{"-q", "fields verb | limit 1 | filter verb = \"create\"", sample}, stdout: "verb\ncreate\n", stderr: "insights: query:1:32: trap: this filter acts before the limit"},
		{
			name:   "parameters",
			args:   []string{"-param", `verb="create"`, "-param", "n=1", "-q", "fields verb | filter verb = {{verb}} | limit {{n}}", sample},
			stdout: "verb\ncreate\n",
		},
		{name: "parameter without a value", args: []string{"-param", "n=1", "-q", "limit {{n}} | filter verb = {{verb}}", sample}, status: 2, stderr: "query:1:29: the parameter \"verb\" has no value"},
		{name: "value without a parameter", args: []string{"-param", "m=1", "-check", "-q", "limit 1"}, status: 2, stderr: `the query has no parameter "m"`},
		{name: "parameter twice", args: []string{"-param", "m=1", "-param", "m=2", "-q", "limit {{m}}"}, status: 2, stderr: "m has a value already"},
		{name: "parameter without a name", args: []string{"-param", "=1", "-q", "limit 1"}, status: 2, stderr: "write NAME=VALUE"},
		{
			name:   "saved query",
			args:   []string{"-saved", "by verb=" + savedFile, "-q", "$`by verb`(verb='create') | limit 1", sample},
			stdout: "verb\ncreate\n",
		},
		{name: "saved query without an argument", args: []string{"-saved", "Q=" + savedFile, "-q", "$Q()", sample}, status: 2, stderr: "query:1:1: in the saved query \"Q\" at 2:17: the parameter \"verb\" has no value"},
		{name: "saved query that is not given", args: []string{"-saved", "Quiet=" + savedFile, "-q", "$Quite()", sample}, status: 2, stderr: "query:1:1: unknown saved query \"Quite\" (did you mean \"Quiet\"?)"},
		{
			name:   "saved query that is not known",
			args:   []string{"-q", "$Q() | limit 1", sample},
			status: 2,
			stderr: "insights: query:1:1: remark: the text of the saved query \"Q\" is not known\n\t^^^^\ninsights: the text of the saved query \"Q\" is not known: give it with -saved NAME=FILE",
		},
		{
			name:   "check a saved query that is not known",
			args:   []string{"-check", "-q", "$Q()"},
			stdout: "query:1:1: remark: the text of the saved query \"Q\" is not known, so that the query cannot be run (ParseOptions.Saved takes it)\n\t$Q()\n\t^^^^\n",
		},
		{name: "saved query without a file", args: []string{"-saved", "Q", "-q", "$Q()", sample}, status: 2, stderr: "write NAME=FILE"},
		{name: "saved query without such a file", args: []string{"-saved", "Q=" + filepath.Join(dir, "nothing"), "-q", "$Q()", sample}, status: 2, stderr: "no such file"},
		{name: "saved query twice", args: []string{"-saved", "Q=" + savedFile, "-saved", "Q=" + savedFile, "-q", "$Q()", sample}, status: 2, stderr: "there is a saved query Q already"},
		{
			name:   "explain",
			args:   []string{"-explain", "-q", "filter verb = \"create\" | limit 3"},
			stdout: "scan: every event, in any order\n  contains \"create\"\n  read     verb\n  filter   verb = \"create\"\nmerge: the events that are left\n  read     @timestamp\n  order    @timestamp desc, then as in the log\n  limit    3\nrows: the events that are kept\n  read     @message\n  columns  @timestamp, @message\n",
		},
		{name: "no query", args: []string{sample}, status: 2, stderr: "insights: give either -q QUERY or -f FILE\nusage: insights"},
		{name: "two queries", args: []string{"-q", "a", "-f", "b", sample}, status: 2, stderr: "insights: give either -q QUERY or -f FILE"},
		{name: "no path", args: []string{"-q", "fields verb"}, status: 2, stderr: "insights: no PATH given"},
		{name: "no such format", args: []string{"-q", "fields verb", "-o", "xml", sample}, status: 2, stderr: `unknown output format "xml"`},
		{name: "no such flag", args: []string{"-x"}, status: 2, stderr: "flag provided but not defined: -x"},
		{name: "bad time", args: []string{"-start", "soon"}, status: 2, stderr: `"soon" is no time`},
		{name: "help", args: []string{"-h"}, status: 0, stderr: "usage: insights"},
		{name: "no such query file", args: []string{"-f", filepath.Join(dir, "nothing"), sample}, status: 2, stderr: "no such file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := run(t.Context(), test.args, &stdout, &stderr, now)
			if status != test.status {
				t.Errorf("exit status %d, want %d", status, test.status)
			}
			if diff := cmp.Diff(test.stdout, stdout.String()); diff != "" {
				t.Errorf("standard output (-want +got):\n%s", diff)
			}
			for line := range strings.Lines(test.stderr) {
				if !strings.Contains(stderr.String(), strings.TrimSpace(line)) {
					t.Errorf("standard error lacks %q:\n%s", line, stderr.String())
				}
			}
			if test.stderr == "" && stderr.Len() > 0 {
				t.Errorf("standard error: %s", stderr.String())
			}
		})
	}
}
