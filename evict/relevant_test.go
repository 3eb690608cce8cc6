package evict

import (
	"bytes"
	"os"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/audittest"
	"github.com/evictlog/evictlog/audit/fields"
)

// linesOf makes a log of the lines of a text, one event each.
func linesOf(text string) audit.List {
	var log audit.List
	n := 0
	for line := range strings.Lines(text) {
		n++
		if raw := bytes.TrimSpace([]byte(line)); len(raw) > 0 {
			log = append(log, audit.Event{Raw: raw, Stream: "kube-apiserver-audit", Pos: audit.Pos{File: "log", Line: n}})
		}
	}
	return log
}

// generatedLog is a log as a cluster writes it, of so many bytes.
func generatedLog(tb testing.TB, seed uint64, size int64) audit.List {
	tb.Helper()
	var b strings.Builder
	if _, err := (audittest.Generator{Seed: seed, Bytes: size}).Generate(&b); err != nil {
		tb.Fatal(err)
	}
	return linesOf(b.String())
}

// realLog reads a log of the corpus, which is next to the checkout. It has to
// be there where CI is set.
func realLog(tb testing.TB, name string) (audit.List, bool) {
	tb.Helper()
	text, err := os.ReadFile("../../shared/corpus/" + name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			tb.Fatal(err)
		}
		tb.Logf("not tested: %v", err)
		return nil, false
	}
	return linesOf(string(text)), true
}

// readTests are those of all kinds of records.
func readTests() []readTest {
	var all []readTest
	for _, tests := range [][]readTest{podTests, deleteTests, nodeTests, ownerTests, attemptTests} {
		all = append(all, tests...)
	}
	return all
}

// checkRelevance holds the cheap selection to what a decoded event makes. It
// returns whether there is a record, and whether the event was selected.
func checkRelevance(t testing.TB, ev audit.Event) (made, wanted bool) {
	t.Helper()
	x := new(relevance)
	wanted = x.wants(&ev)
	decoded, err := ev.Decode()
	if err != nil || fields.Repeats(ev.Raw, "objectRef") {
		return false, wanted
	}
	made = recordOf(decoded) != nil
	if !made || !pathMayMatter([]byte(decoded.RequestURI)) {
		return made, wanted // no API server has such a path for such an object
	}
	if !wanted {
		t.Errorf("%v: an event that makes a record is not selected: %s", ev.Pos, ev.Raw)
	}
	step := 1 + len(ev.Raw)/200
	for n := 0; n <= len(ev.Raw); n += step {
		if x.refuses(ev.Raw[:n]) {
			t.Errorf("%v: an event that makes a record is refused by its first %d bytes", ev.Pos, n)
		}
	}
	return made, wanted
}

// TestRelevance checks the selection, and that it selects little more than it
// must: what remains are refusals, and changes that say nothing.
func TestRelevance(t *testing.T) {
	for _, test := range readTests() {
		if made, _ := checkRelevance(t, linesOf(strings.ReplaceAll(test.event, "\n", ""))[0]); made != (test.want != nil) {
			t.Errorf("%s: made a record: %v", test.name, made)
		}
	}
	logs := map[string]audit.List{"generated": generatedLog(t, 1, 4<<20)}
	for _, name := range []string{"evictions/lab.jsonl", "audit/audit.log", "audit/mixed-window-a.jsonl"} {
		if log, ok := realLog(t, name); ok {
			logs[name] = log
		}
	}
	for name, log := range logs {
		made, wanted := 0, 0
		for _, ev := range log {
			is, selected := checkRelevance(t, ev)
			if is {
				made++
			}
			if selected {
				wanted++
			}
		}
		t.Logf("%s: of %d events %d were selected, and %d made records", name, len(log), wanted, made)
		if wanted > made+made/4+5 {
			t.Errorf("%s: %d events were selected for %d records", name, wanted, made)
		}
	}
}

// TestRelevanceEscapes finds an event however it is written.
func TestRelevanceEscapes(t *testing.T) {
	text := event("patch", podPath+"/status", podRef+`,"subresource":"status"`, 200, `"requestObject":{"status":{"phase":"Failed"}}`)
	for _, test := range []struct{ name, old, new string }{
		{"as it is", "", ""},
		{"a path escaped as in a URL", "/pods/", "/%70ods/"},
		{"a path escaped as in JSON", "/pods/", `/\u0070ods/`},
		{"slashes escaped", podPath, strings.ReplaceAll(podPath, "/", `\/`)},
		{"a query", `/status"`, `/status?a=/b"`},
		{"a slash at the end", `/status"`, `/status/"`},
		{"no path", `"requestURI":"` + podPath + `/status",`, ""},
		{"an empty path", `"requestURI":"` + podPath + `/status"`, `"requestURI":""`},
		{"the verb escaped", `"patch"`, `"p\u0061tch"`},
		{"the resource escaped", `"resource":"pods"`, `"resource":"p\u006fds"`},
		{"the subresource escaped", `"subresource":"status"`, `"subresource":"st\u0061tus"`},
		{"the key of the reference escaped", `"objectRef"`, `"objectR\u0065f"`},
		{"an empty group", `"resource":"pods"`, `"apiGroup":"","resource":"pods"`},
		{"blanks", `":`, `" : `},
	} {
		changed := strings.ReplaceAll(text, test.old, test.new)
		if test.old == "" {
			changed = text
		}
		if made, wanted := checkRelevance(t, linesOf(changed)[0]); !made || !wanted {
			t.Errorf("%s: makes a record: %v, was selected: %v", test.name, made, wanted)
		}
	}
}

// TestPathMayMatter checks which paths are refused at once.
func TestPathMayMatter(t *testing.T) {
	for path, want := range map[string]bool{
		"/api/v1/namespaces/shop/pods":                                     true,
		"/api/v1/namespaces/shop/pods/web-1":                               true,
		"/api/v1/namespaces/shop/pods/web-1/eviction?timeout=19s":          true,
		"/api/v1/namespaces/shop/pods/web-1/log":                           false,
		"/api/v1/namespaces/pods/configmaps/pods":                          false,
		"/api/v1/namespaces/shop":                                          true,
		"/api/v1/namespaces/shop/status":                                   false,
		"/api/v1/namespaces/shop/finalize":                                 false,
		"/api/v1/pods":                                                     true,
		"/api/v1/nodes/node-1":                                             true,
		"/api/v1/nodes/node-1/status":                                      false,
		"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n": false,
		"/apis/apps/v1/namespaces/shop/deployments/web/scale":              true,
		"/apis/apps/v1/namespaces/shop/deployments/web/status":             false,
		"/apis/extensions/v1beta1/namespaces/shop/pods/web":                false,
		"/apis/karpenter.sh/v1/nodeclaims/default-x":                       true,
		"/healthz":   true, // the reference to the object decides
		"/apis/apps": true,
		"":           true,
	} {
		if got := pathMayMatter([]byte(path)); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if relevanceFields.FromEnd() {
		t.Error("what a head refuses may turn out otherwise at the end of the line")
	}
}

// TestRelevanceAllocations checks that events that do not matter cost nothing.
func TestRelevanceAllocations(t *testing.T) {
	x := new(relevance)
	log := generatedLog(t, 2, 1<<20)
	others := 0
	for i := range log {
		if x.wants(&log[i]) {
			continue
		}
		others++
		if n := testing.AllocsPerRun(1, func() { x.wants(&log[i]) }); n != 0 {
			t.Fatalf("%v allocations for %s", n, log[i].Raw)
		}
	}
	if others == 0 {
		t.Error("every event matters")
	}
}

// FuzzRead checks that nothing panics, that an event gives the same record each
// time, also by way of a file, and that the selection leaves out none that makes
// one.
func FuzzRead(f *testing.F) {
	for _, test := range readTests() {
		f.Add([]byte(test.event))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, ev := range linesOf(strings.ReplaceAll(string(bytes.ToValidUTF8(raw, []byte("?"))), "\n", " ")) {
			checkRelevance(t, ev)
			x := new(relevance)
			first, err := x.read(ev)
			if err != nil || first == nil {
				continue
			}
			second, err := x.read(ev)
			if err != nil || !bytes.Equal(first.content(), second.content()) {
				t.Errorf("read again: %v, error %v", second, err)
			}
			written, err := readRecord(appendRecord(nil, first))
			if diff := gocmp.Diff(first, written, everyRecordType); err != nil || diff != "" {
				t.Errorf("written and read, error %v (-want +got):\n%s", err, diff)
			}
		}
	})
}
