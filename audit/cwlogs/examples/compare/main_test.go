package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit/cwlogs/internal/fakelogs"
	"github.com/evictlog/evictlog/query"
)

const group = "/aws/eks/prod/cluster"

var start = time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)

// server has three events, and one of another stream.
func server() *fakelogs.Server {
	s := &fakelogs.Server{
		Running: 1,
		Saved:   map[string]query.SavedQuery{"Q": {Text: savedText}},
		Matches: func(pattern, message string) bool { return strings.Contains(message, strings.Trim(pattern, "%")) },
	}
	for i, verb := range []string{"get", "create", "delete"} {
		at := start.Add(time.Duration(i) * time.Minute)
		s.Events = append(s.Events, fakelogs.Event{
			Group: group, Stream: "kube-apiserver-audit-1", Time: at, Ingested: at, ID: fmt.Sprint("id-", i),
			Message: fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"id-%d","stage":"ResponseComplete","requestURI":"/x","verb":%q}`, i, verb),
		})
	}
	s.Events = append(s.Events, fakelogs.Event{Group: group, Stream: "authenticator-1", Time: start, ID: "id-9", Message: `{"level":"info"}`})
	return s
}

// savedText is the saved query Q of the server.
const savedText = "filter @logStream like /^kube/ | sort @timestamp | limit {{n}}\n"

func TestCompare(t *testing.T) {
	window := []string{"-group", group, "-start", "2026-11-23T07:00:00Z", "-end", "2026-11-23T08:00:00+01:00", "-end", "2026-11-23T08:00:00Z"}
	audit := "filter @logStream like /^kube-apiserver-audit/"
	saved := filepath.Join(t.TempDir(), "saved")
	if err := os.WriteFile(saved, []byte(savedText), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name           string
		args           []string
		status         int
		stdout, stderr string // stderr is the first line
	}{
		{"equal", append(window, "-q", audit+" | fields @timestamp, verb | sort @timestamp", "-q", audit+"\n| filter verb = 'create'"), equal,
			audit + " | fields @timestamp, verb | sort @timestamp\n\tequal: 3 rows\n" + audit + " | filter verb = 'create'\n\tequal: 1 rows\n", ""},
		{"different", append(window, "-q", "fields verb", "-q", audit+" | fields verb, auditID | sort verb"), different,
			"fields verb\n\tdifferent: row 4: only the service has {}\n" + audit + " | fields verb, auditID | sort verb\n\tequal: 3 rows\n", ""},
		{"refused", append(window, "-q", "fields verb", "-q", "fields verb | limit 0"), usage, "", "compare: query:1:21: limit takes a whole number from 1, not the number 0"},
		{"saved query", append(window, "-saved", "Q="+saved, "-q", "$Q(n=2)"), equal, "$Q(n=2)\n\tequal: 2 rows\n", ""},
		{"saved query that is not known", append(window, "-q", "$Q(n=2)"), usage, "", `compare: the text of the saved query "Q" is not known: give it with -saved NAME=FILE`},
		{"saved query without a file", append(window, "-saved", "Q"), usage, "", `invalid value "Q" for flag -saved: write NAME=FILE`},
		{"saved query twice", append(window, "-saved", "Q="+saved, "-saved", "Q="+saved, "-q", "$Q(n=2)"), usage, "", `invalid value "Q=` + saved + `" for flag -saved: there is a saved query Q already`},
		{"no window", []string{"-group", group, "-q", "fields verb"}, usage, "", "compare: give -group, -start, -end and at least one -q"},
		{"backwards", append(window, "-start", "2026-11-24T07:00:00Z", "-q", "fields verb"), usage, "", "compare: the window ends before it starts"},
		{"fraction", []string{"-start", "2026-11-23T07:00:00.5Z"}, usage, "", `invalid value "2026-11-23T07:00:00.5Z" for flag -start: write a time in whole seconds as in 2026-11-23T07:00:00Z`},
		{"query without a flag", append(window, "-q", "fields verb", "fields n"), usage, "", `compare: what is "fields n"? queries are given with -q`},
		{"no such group", append(window, "-group", "x", "-q", "fields verb"), different, "", "compare: cwlogs: FilterLogEvents of x: "},
		{"help", []string{"-h"}, equal, "", "usage: compare -group GROUP -start TIME -end TIME -q QUERY..."},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var stdout, stderr bytes.Buffer
				connect := func(context.Context) (*cloudwatchlogs.Client, error) { return server().Client(), nil }
				status := run(t.Context(), test.args, &stdout, &stderr, connect)
				line, _, _ := strings.Cut(stderr.String(), "\n")
				if status != test.status || !strings.HasPrefix(line, test.stderr) || test.stderr == "" && line != "" {
					t.Errorf("status %d, want %d; standard error:\n%s", status, test.status, &stderr)
				}
				if d := cmp.Diff(test.stdout, stdout.String()); d != "" {
					t.Errorf("standard output (-want +got):\n%s", d)
				}
			})
		})
	}
}

// What the service refuses has its place shown.
func TestRefusedByTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := server()
		s.Script("StartQuery", fakelogs.Malformed("unexpected symbol found verb", 7, 11))
		var stdout, stderr bytes.Buffer
		connect := func(context.Context) (*cloudwatchlogs.Client, error) { return s.Client(), nil }
		args := []string{"-group", group, "-start", "2026-11-23T07:00:00Z", "-end", "2026-11-23T08:00:00Z", "-q", "fields verb"}
		status := run(t.Context(), args, &stdout, &stderr, connect)
		want := "compare: query:1:8: the service refuses this: unexpected symbol found verb\n\tfields verb\n\t       ^^^^\n"
		if d := cmp.Diff(want, stderr.String()); d != "" || status != different || stdout.Len() > 0 {
			t.Errorf("status %d, standard output %q, standard error (-want +got):\n%s", status, &stdout, d)
		}
	})
}

func TestNoClient(t *testing.T) {
	var stderr bytes.Buffer
	connect := func(context.Context) (*cloudwatchlogs.Client, error) { return nil, errors.New("no region\x1b[2J") }
	args := []string{"-group", group, "-start", "2026-11-23T07:00:00Z", "-end", "2026-11-23T08:00:00Z", "-q", "fields verb"}
	if status := run(t.Context(), args, new(bytes.Buffer), &stderr, connect); status != different || stderr.String() != "compare: no region�[2J\n" {
		t.Errorf("status %d, standard error %q", status, &stderr)
	}
}
