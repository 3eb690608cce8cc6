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
	frame := zstded(mixed("a", 4000))
	spoiled := bytes.Clone(frame)
	spoiled[len(spoiled)/2] ^= 0x55
	for name, data := range map[string][]byte{
		"whole":   join(frame, frame),
		"cut":     frame[:len(frame)/2],
		"damaged": join(frame, spoiled, frame),
		"packed":  gzipped(string(join(frame, spoiled))),
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
			if after := runtime.NumGoroutine(); after > before {
				t.Errorf("%d goroutines before, %d after", before, after)
			}
		})
	}
}
