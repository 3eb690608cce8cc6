package audit_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// uniqueIDs are the IDs of the events that a Unique gives.
func uniqueIDs(t *testing.T, u *audit.Unique, need audit.Need) string {
	t.Helper()
	items, last := walk(t, audit.Events(t.Context(), u, need))
	if last != nil {
		t.Error(last)
	}
	return ids(t, items)
}

func TestUnique(t *testing.T) {
	received := strings.Replace(at("a", "07:00:00"), "ResponseComplete", "RequestReceived", 1)
	later := at("a", "07:00:01")
	spaced := strings.ReplaceAll(strings.ReplaceAll(at("a", "07:00:00"), `,"`, `, "`), "000000Z", "0Z")
	for _, test := range []struct {
		name, log, want string
		duplicates      int64
	}{
		{"twice", at("a", "07:00:00") + "\n" + at("b", "07:00:00") + "\n" + at("a", "07:00:00"), "a b", 1},
		{"another stage", received + "\n" + at("a", "07:00:00"), "a a", 0},
		{"another time", later + "\n" + at("a", "07:00:00"), "a a", 0},
		{"written again", at("a", "07:00:00") + "\n" + spaced, "a", 1},
		{"no audit ID", event("") + "\n" + event(""), " ", 0},
	} {
		a := &audit.Archive{FS: fstest.MapFS{"audit.log": file(test.log)}}
		u := &audit.Unique{Source: a}
		if got := uniqueIDs(t, u, audit.Need{Strict: true}); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if got := u.Stats().Duplicates; got != test.duplicates || u.Forgotten() != 0 {
			t.Errorf("%s: %d duplicates, %d forgotten", test.name, got, u.Forgotten())
		}
		balance(t, u.Stats())
	}
}

// TestUniqueFiles finds what repeats in other files, in parts, and again in a
// second walk.
func TestUniqueFiles(t *testing.T) {
	a := &audit.Archive{FS: fstest.MapFS{"a": file(events("x", 100)), "b.gz": file(string(gzipped(events("x", 100) + events("y", 1))))}, PartBytes: 500}
	u := &audit.Unique{Source: a}
	first := uniqueIDs(t, u, audit.Need{})
	if n := strings.Count(first, "x"); n != 100 || !strings.HasSuffix(first, " y0") {
		t.Errorf("%d events of the first file, all %q", n, first)
	}
	if diff := cmp.Diff(first, uniqueIDs(t, u, audit.Need{})); diff != "" {
		t.Errorf("second walk:\n%s", diff)
	}
	if got := u.Stats(); got.Duplicates != 200 || got.Events.Count != 402 {
		t.Errorf("stats %+v", got)
	}
}

// TestUniqueForgets remembers at least the last ten events.
func TestUniqueForgets(t *testing.T) {
	log := events("a", 10) + events("a", 10) + events("b", 30) + events("a", 10)
	u := &audit.Unique{Source: &audit.Archive{FS: fstest.MapFS{"audit.log": file(log)}}, Remember: 10}
	items, _ := walk(t, audit.Events(t.Context(), u, audit.Need{}))
	if len(items) != 50 || u.Forgotten() == 0 {
		t.Errorf("%d events, %d forgotten", len(items), u.Forgotten())
	}
}

// TestUniqueWorkers gives the same however many workers ask.
func TestUniqueWorkers(t *testing.T) {
	u := &audit.Unique{Source: &audit.Archive{FS: fstest.MapFS{"a": file(events("x", 50)), "b": file(events("x", 60))}, PartBytes: 500}}
	for workers := range 4 {
		n := 0
		for _, err := range audit.InOrder(t.Context(), u, workers+1, countEvents(u)) {
			if err != nil {
				t.Error(err)
			}
			n++
		}
		if n != 60 {
			t.Errorf("%d events by %d workers", n, workers+1)
		}
	}
}

// countEvents gives an empty value for each event of a part.
func countEvents(src audit.Source) func(context.Context, int, int, audit.Part, func(struct{}, error) bool) {
	return func(ctx context.Context, _, _ int, p audit.Part, give func(struct{}, error) bool) {
		for _, err := range src.Read(ctx, p, audit.Need{}) {
			if !give(struct{}{}, err) {
				return
			}
		}
	}
}
