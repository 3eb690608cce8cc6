package audit_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/evictlog/evictlog/audit"
)

// benchLog is a log of about 32 MB: events of a real API server, some with
// bodies and some evictions, over and over. They repeat at a distance beyond
// the window of gzip, so that they compress about as a real log does.
func benchLog(b *testing.B) []byte {
	b.Helper()
	lines, err := os.ReadFile("../testdata/archive/audit.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	return bytes.Repeat(lines, 32<<20/len(lines))
}

// BenchmarkReader reads everything, and so validates every event that is not
// left out by a need. The bytes are those after decompression.
func BenchmarkReader(b *testing.B) {
	text := benchLog(b)
	eviction := audit.Need{Literals: []string{"eviction"}}
	unwanted := audit.Need{Unchecked: true, Wanted: func(*audit.Event) bool { return false }}
	for _, bb := range []struct {
		name string
		data []byte
		need audit.Need
	}{
		{"plain", text, audit.Need{}},
		{"gzip", gzipped(string(text)), audit.Need{}},
		{"zstd", zstded(string(text)), audit.Need{}},
		{"plain/unchecked", text, audit.Need{Unchecked: true}},
		{"plain/unwanted", text, unwanted},
		{"plain/eviction", text, eviction},
		{"gzip/eviction", gzipped(string(text)), eviction},
		{"zstd/eviction", zstded(string(text)), eviction},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r := audit.NewReader(bytes.NewReader(bb.data))
				r.Need = bb.need
				for _, err := range r.Events() {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// BenchmarkDecode decodes the events of the log, one after the other.
func BenchmarkDecode(b *testing.B) {
	lines, err := os.ReadFile("../testdata/archive/audit.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(lines)))
	b.ReportAllocs()
	for b.Loop() {
		for ev, err := range audit.NewReader(bytes.NewReader(lines)).Events() {
			if err != nil {
				b.Fatal(err)
			}
			if _, err := ev.Decode(); err != nil {
				b.Fatal(err)
			}
		}
	}
}
