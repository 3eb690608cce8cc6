package audit_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// TestAhead checks that files, which may be unpacked ahead of their reading, give
// the events and errors of streams, which are not: whole, damaged, and up to
// any event.
func TestAhead(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	text := mixed("a", 24000)
	frame, member, small := zstded(text), gzipped(text), zstded(mixed("b", 3))
	spoil := func(packed []byte) []byte { return flipped(packed, len(packed)/2) }
	for name, data := range map[string][]byte{
		"zstd":              join(frame, frame),
		"zstd, cut":         frame[:len(frame)*9/10],
		"zstd, damaged":     join(frame, spoil(frame), frame),
		"zstd, checksums":   join(flipped(frame, -1), frame, flipped(frame, -1)),
		"zstd, many frames": join(frame, bytes.Repeat(small, 3000), flipped(small, -1), small),
		"zstd in gzip":      gzipped(string(join(frame, spoil(frame)))),
		"gzip":              join(member, member),
		"gzip, cut":         member[:len(member)*9/10],
		"gzip, damaged":     join(member, spoil(member), member),
		"gzip, checksum":    join(flipped(member, -8), member),
	} {
		t.Run(name, func(t *testing.T) {
			r := audit.NewReader(bytes.NewReader(data))
			r.Name = "log"
			var want, got []string
			for ev, err := range r.Events() {
				want = append(want, fmt.Sprintf("%v %s %v", ev.Pos, ev.Raw, err))
			}
			fsys := fstest.MapFS{"log": &fstest.MapFile{Data: data}}
			archive := &audit.Archive{FS: fsys}
			for ev, err := range archive.Events(t.Context()) {
				got = append(got, fmt.Sprintf("%v %s %v", ev.Pos, ev.Raw, err))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-stream +file):\n%.2000s", diff)
			}
			if diff := cmp.Diff(r.Stats(), archive.Stats()); diff != "" {
				t.Errorf("(-stream +file):\n%s", diff)
			}
			before := runtime.NumGoroutine()
			for stop := 0; stop < len(want); stop += 1 + len(want)/7 {
				n := 0
				for range archive.Events(t.Context()) {
					if n++; n > stop {
						break
					}
				}
			}
			if after := goroutines(before); after > before {
				t.Errorf("%d goroutines before, %d after", before, after)
			}
		})
	}
}
