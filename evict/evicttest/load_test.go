package evicttest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

const event = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete",` +
	`"requestURI":"/api/v1/namespaces/shop/pods/web-0/eviction","verb":"create","user":{"username":"alice"},` +
	`"objectRef":{"resource":"pods","namespace":"shop","name":"web-0","apiVersion":"v1","subresource":"eviction"},"responseStatus":{"metadata":{},"code":201},` +
	`"requestReceivedTimestamp":"2026-01-02T03:04:05.000000Z","stageTimestamp":"2026-01-02T03:04:05.010000Z"}` + "\n"

func TestLoad(t *testing.T) {
	for _, test := range []struct {
		file, text string
		want       string // the places of the events, or the failure
	}{
		{"lines.jsonl", event + "\n" + event, "FILE:1 FILE:3"},
		{"one.txtar", "# a title\n-- events --\n" + event + event + "-- want --\n{\n", "FILE:3 FILE:4"},
		{"none.jsonl", "\n", "FILE:1: no events"},
		{"none.txtar", "# a title\n-- want --\n" + event, `FILE:1: no member "events"`},
		{"empty.txtar", "-- events --\n-- want --\n", "FILE:1: no events"},
		{"damaged.jsonl", event + `{"kind":"Event",` + "\n", "audit: FILE:2: "},
		{"damaged.txtar", "-- events --\n" + event + "{]\n", "audit: FILE:3: "},
		{"untyped.jsonl", event + strings.Replace(event, `"code":201`, `"code":"x"`, 1), "FILE:2: "},
		{"missing.jsonl", "", "open FILE: "},
	} {
		t.Run(test.file, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), test.file)
			if test.text != "" {
				if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got := strings.ReplaceAll(load(t, path), path, "FILE")
			if got != test.want && !(strings.HasSuffix(test.want, ": ") && strings.HasPrefix(got, test.want)) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// load returns the places of the events of a fixture, or why the test ended.
func load(t *testing.T, path string) string {
	tb := &failing{TB: t}
	done := make(chan string)
	go func() {
		defer func() { done <- tb.why }()
		var places []string
		for _, ev := range evicttest.Load(tb, path) {
			places = append(places, ev.Pos.String())
		}
		tb.why = strings.Join(places, " ")
	}()
	return <-done
}

// failing keeps why a test ended, and ends its goroutine.
type failing struct {
	testing.TB
	why string
}

func (f *failing) Fatal(args ...any)                 { f.end(fmt.Sprint(args...)) }
func (f *failing) Fatalf(format string, args ...any) { f.end(fmt.Sprintf(format, args...)) }

func (f *failing) end(why string) {
	f.why = why
	runtime.Goexit()
}

// TestLoadVectors loads the vectors of package evict, those that are whole.
func TestLoadVectors(t *testing.T) {
	log := evicttest.Load(t, "../../testdata/evict/budget-blocked.txtar")
	got := collect(t, evict.Attempts(t.Context(), log, nil))
	if len(got) != 1 || got[0].Outcome != evict.BlockedByBudget {
		t.Errorf("got %v", got)
	}
}

func TestDiff(t *testing.T) {
	got := []evict.Removal{{
		Namespace: "shop", Pod: "web-0", UID: "u", Way: evict.Evicted, DecidedAt: start,
		Actor:     evict.Actor{User: "alice", UserAgent: "kubectl"},
		Evictions: []evict.Eviction{{Tries: 2, Outcome: evict.Accepted}},
		Evidence:  []evict.Evidence{{Field: "verb"}},
	}}
	for _, test := range []struct {
		name string
		want evict.Removal
		same bool
	}{
		{"what is stated", evict.Removal{Pod: "web-0", Way: evict.Evicted, Actor: evict.Actor{User: "alice"}}, true},
		{"another zone", evict.Removal{Way: evict.Evicted, DecidedAt: start.Local()}, true},
		{"within lists", evict.Removal{Way: evict.Evicted, Evictions: []evict.Eviction{{Tries: 2, Outcome: evict.Accepted}}}, true},
		{"another name", evict.Removal{Pod: "web-1", Way: evict.Evicted}, false},
		{"within structs", evict.Removal{Way: evict.Evicted, Actor: evict.Actor{User: "bob"}}, false},
		{"a way not known", evict.Removal{Pod: "web-0"}, false},
		{"an outcome not known", evict.Removal{Way: evict.Evicted, Evictions: []evict.Eviction{{Tries: 2}}}, false},
		{"none, stated", evict.Removal{Way: evict.Evicted, Evictions: []evict.Eviction{}}, false},
		{"one, and there is none", evict.Removal{Way: evict.Evicted, Evictions: []evict.Eviction{{Outcome: evict.Accepted}, {}}}, false},
	} {
		diff := evicttest.Diff([]evict.Removal{test.want}, got)
		if (diff == "") != test.same {
			t.Errorf("%s: same %v, want %v\n%s", test.name, diff == "", test.same, diff)
		}
	}
	if evicttest.Diff(nil, got) == "" || evicttest.Diff(got, nil) == "" {
		t.Error("lists of other lengths are the same")
	}
	if diff := evicttest.Diff[evict.Removal](nil, nil); diff != "" {
		t.Errorf("nothing differs from nothing:\n%s", diff)
	}
	before := cmp.Diff(got[0].Evidence, []evict.Evidence{{Field: "verb"}})
	if before != "" {
		t.Errorf("what is compared was changed:\n%s", before)
	}
}
