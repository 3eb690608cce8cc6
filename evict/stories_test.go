package evict_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
)

// shortLog has two pods on two nodes: web-0 of prod is evicted at noon and gone
// half a minute later, db-0 of data is deleted at one.
var shortLog = lines(strings.Join([]string{
	short("a1", "12:00:00", "alice", "create", "prod", "web-0/eviction", 201, `{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"web-0"}}`),
	short("a2", "12:00:30", "system:node:node-1", "delete", "prod", "web-0", 200, `{"gracePeriodSeconds":0,"preconditions":{"uid":"u1"}}`),
	short("a3", "13:00:00", "bob", "delete", "data", "db-0", 200, `{"kind":"DeleteOptions"}`),
	short("a4", "13:00:10", "system:node:node-2", "delete", "data", "db-0", 200, `{"gracePeriodSeconds":0,"preconditions":{"uid":"u2"}}`),
}, "\n"))

// short makes an event about a pod, of level Request.
func short(id, clock, user, verb, namespace, pod string, code int, body string) string {
	name, sub, _ := strings.Cut(pod, "/")
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":%q,"stage":"ResponseComplete",`+
		`"requestURI":"/api/v1/namespaces/%s/pods/%s","verb":%q,"user":{"username":%q},"objectRef":{"resource":"pods","namespace":%q,"name":%q,"subresource":%q,"apiVersion":"v1"},`+
		`"responseStatus":{"code":%d},"requestObject":%s,"requestReceivedTimestamp":"2026-03-01T%s.000000Z","stageTimestamp":"2026-03-01T%s.001000Z"}`,
		id, namespace, pod, verb, user, namespace, name, sub, code, body, clock, clock)
}

func TestStoryOptions(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		opts *evict.Options
		want []string
	}{
		{"all", nil, []string{"web-0 evicted", "db-0 deleted"}},
		{"namespace", &evict.Options{Namespace: "data"}, []string{"db-0 deleted"}},
		{"pod", &evict.Options{Pod: "web-0"}, []string{"web-0 evicted"}},
		{"node", &evict.Options{Node: "node-2"}, []string{"db-0 deleted"}},
		{"no such node", &evict.Options{Node: "node-3"}, nil},
		{"until the decision", &evict.Options{End: noon.Add(time.Second)}, []string{"web-0 evicted"}},
		{"since the end", &evict.Options{Start: noon.Add(30 * time.Second)}, []string{"web-0 evicted", "db-0 deleted"}},
		{"since then", &evict.Options{Start: noon.Add(time.Minute)}, []string{"db-0 deleted"}},
	}
	for _, test := range tests {
		var got []string
		for _, m := range walk(t, evict.Removals(t.Context(), shortLog, test.opts)) {
			got = append(got, m.Pod+" "+m.Way.String())
			if m.GoneAt.IsZero() {
				t.Errorf("%s: the end of %s is beyond the bounds, and missing", test.name, m.Pod)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestStoryErrors checks that damage at one place is reported, and the rest
// read.
func TestStoryErrors(t *testing.T) {
	damaged := slices.Insert(slices.Clone(shortLog), 1, audit.Event{
		Raw: []byte(strings.Replace(string(shortLog[0].Raw), `"auditID":"a1"`, `"auditID":1`, 1)),
		Pos: audit.Pos{File: "log", Line: 9},
	})
	var places, evictions int
	for e, err := range evict.Evictions(t.Context(), damaged, nil) {
		if _, ok := errors.AsType[*audit.EventError](err); ok {
			places++
		} else if err != nil {
			t.Error(err)
		} else if e.Outcome == evict.Accepted {
			evictions++
		}
	}
	if places != 1 || evictions != 1 {
		t.Errorf("%d places, %d evictions", places, evictions)
	}
	for range evict.Removals(t.Context(), damaged, nil) {
		break // at the error
	}
	for range evict.Removals(t.Context(), shortLog, nil) {
		break // at the first
	}
}

// TestStoryCanceled checks that nothing is made up of half a log.
func TestStoryCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var last error
	for m, err := range evict.Removals(ctx, shortLog, nil) {
		if last = err; err == nil {
			t.Errorf("%s %v", m.Pod, m.Way)
		}
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("the last error is %v", last)
	}
}

// TestWayNames checks that every way has a name of its own.
func TestWayNames(t *testing.T) {
	names := map[string]evict.Way{}
	for w := evict.WayUnknown; w <= evict.CriticalAdmission; w++ {
		if other, ok := names[w.String()]; ok || w.String() == "" {
			t.Errorf("%d and %d are both %q", w, other, w)
		}
		names[w.String()] = w
	}
	if got := evict.Way(200).String(); got != "unknown" {
		t.Errorf("Way(200) is %q", got)
	}
}
