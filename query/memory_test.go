package query

import (
	"fmt"
	"iter"
	"runtime"
	"strings"
	"testing"

	"github.com/evictlog/evictlog/audit"
)

// TestRowsDoNotKeepEvents checks that rows need the memory of their values and
// not that of their events.
func TestRowsDoNotKeepEvents(t *testing.T) {
	const n, size = 500, 100_000
	body := strings.Repeat("x", size)
	events := audit.Sequence(iter.Seq2[audit.Event, error](func(yield func(audit.Event, error) bool) {
		for i := range n {
			raw := fmt.Sprintf(`{"verb":"get","id":%d,"body":%q,"stageTimestamp":"2026-01-02T03:04:05Z"}`, i, body)
			if !yield(audit.Event{Raw: []byte(raw)}, nil) {
				return
			}
		}
	}))
	var rows []Row
	for row, err := range MustParse("fields verb, id, [verb] | sort id").Run(t.Context(), events, nil) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	runtime.GC()
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	if most := uint64(n * size / 4); len(rows) != n || after.HeapAlloc > most {
		t.Errorf("%d rows, and %d bytes in use; want fewer than %d", len(rows), after.HeapAlloc, most)
	}
	runtime.KeepAlive(rows)
}
