package query

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// TestAllocations checks that an event which does not become part of the
// result costs no allocation, and neither does one that is counted in a group
// that is there already. What parse finds in an event costs one.
func TestAllocations(t *testing.T) {
	const most = 0.01 // an event: the pool of package regexp may be emptied now and then
	for _, test := range []struct {
		query string
		most  float64
	}{
		{articleQuery + ` | filter verb like "no such verb"`, most},
		{`filter @message like /"reason":"(Forbidden|Conflict)"/`, most},
		{`filter @message like "no such text"`, most},
		{`filter responseStatus.code > 499 or userAgent like /curl/`, most},
		{`filter verb not in ["patch", "create"] and not ispresent(nothing)`, most},
		{`fields strlen(requestURI) as n | filter n > 1000`, most},
		{`fields @timestamp, verb | sort @timestamp desc | filter @timestamp < 1000`, most},
		{`filter verb = "delete" | parse requestURI /pods\/(?<pod>.*)/`, most},
		{`parse requestURI /pods\/(?<pod>.*)/ | filter pod = "none"`, 1 + most},
		{`stats count(*) by verb, objectRef.resource`, most},
		{`stats count(*), sum(responseStatus.code), min(verb), max(verb), count_distinct(verb) by user.username`, most},
		{`stats variance(responseStatus.code), values(verb), latest(apiVersion), rate(responseStatus.code, 1m) by user.username`, most},
		{`stats topk(3, verb)`, most},
		{`stats count(*) by bin(5m)`, most},
	} {
		if underRace && strings.Contains(test.query, "/") {
			continue // it has a regular expression
		}
		few, many := mallocs(t, test.query, 2_000), mallocs(t, test.query, 12_000)
		if each := (float64(many) - float64(few)) / 10_000; each > test.most {
			t.Errorf("%s: %.3f allocations per event, want no more than %v", test.query, each, test.most)
		}
	}
}

// TestAllocationsWindow is TestAllocations for events outside of the window.
func TestAllocationsWindow(t *testing.T) {
	list := audit.List{{Raw: fmt.Appendf(nil, benchEvent, 1, 1, "", "get", 1, 1, 1, "", 200, 1, 1, 1, 1)}}
	s := newScan(MustParse("fields verb").plan, 0, &Options{Start: list[0].Time().AddDate(1, 0, 0)}, room{})
	allocs := testing.AllocsPerRun(100, func() {
		if s.wanted(&list[0]) {
			t.Error("an event outside of the window is wanted")
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// mallocs counts the allocations of a run over a log of n events.
func mallocs(t *testing.T, query string, n int) uint64 {
	t.Helper()
	src := &audit.Archive{FS: fstest.MapFS{"log": {Data: benchLog(n)}}}
	q := MustParse(query)
	run(t, q, src, &Options{Workers: 1}) // so that pools are filled
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, err := range q.Run(t.Context(), src, &Options{Workers: 1}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

// A reusing source gives all events in the same memory, one after another.
type reusing struct{ parted }

func (s reusing) Read(_ context.Context, p audit.Part, need audit.Need) iter.Seq2[audit.Event, error] {
	return func(yield func(audit.Event, error) bool) {
		var buffer []byte
		for _, ev := range s.events[p.Offset:p.Length] {
			buffer = append(buffer[:0], ev.Raw...)
			ev.Raw = buffer
			if (need.Wanted(&ev) || !s.picky) && !yield(ev, nil) {
				return
			}
		}
	}
}

// TestBorrowedMemory checks that nothing that is kept of an event lies in the
// event's memory.
func TestBorrowedMemory(t *testing.T) {
	random := rand.New(rand.NewPCG(16, 17))
	for _, text := range mergeQueries {
		q := MustParse(text)
		events := randomEvents(random, 150)
		want := rowsAt(t, q, events, &Options{Workers: 1})
		for _, memory := range []int{0, 1000} {
			for _, picky := range []bool{false, true} {
				got := rowsAt(t, q, reusing{parted{events, 3, picky}}, &Options{Workers: 1, Memory: memory, TempDir: t.TempDir()})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", text, diff)
				}
			}
		}
	}
}
