package inflate_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit/internal/inflate"
)

const corpusDir = "../../../../shared/corpus" // not part of the repository

// A text is what is compressed and decompressed.
type text struct {
	name string
	data []byte
}

// texts are a generated audit log, and the logs of the corpus as far as it is
// there: each for itself, and all of them in one.
func texts(tb testing.TB) []text {
	tb.Helper()
	all := []text{{"generated", auditLog(tb, 16<<20)}}
	var together []byte
	for _, pattern := range []string{"audit/*.log", "audit/*.jsonl", "evictions/*.jsonl"} {
		names, err := filepath.Glob(filepath.Join(corpusDir, pattern))
		if err != nil {
			tb.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				tb.Fatal(err)
			}
			all = append(all, text{filepath.Base(name), data})
			together = append(together, data...)
		}
	}
	if together != nil {
		all = append(all, text{"corpus", together})
	}
	return all
}

// A way is a decompressor, and how one is made.
type way struct {
	name string
	new  func() member
}

var ways = []way{
	{"inflate", func() member { return new(inflate.Reader) }},
	{"klauspost", func() member { return new(klauspost) }},
	{"standard", func() member { return new(standard) }},
}

// A bench is what a benchmark decompresses with: a buffer for the input, and one
// for the output.
type bench struct {
	in  *bufio.Reader
	src bytes.Reader
	buf []byte
}

func newBench() *bench {
	return &bench{in: bufio.NewReaderSize(nil, 32<<10), buf: make([]byte, 256<<10)}
}

// run decompresses a member.
func (x *bench) run(b *testing.B, m member, packed []byte) {
	x.src.Reset(packed)
	x.in.Reset(&x.src)
	err := m.Reset(x.in)
	for err == nil {
		_, err = m.Read(x.buf)
	}
	if err != io.EOF {
		b.Fatal(err)
	}
}

// BenchmarkRead decompresses each text as three levels of gzip have made it.
func BenchmarkRead(b *testing.B) {
	for _, text := range texts(b) {
		for _, level := range []int{1, 6, 9} {
			packed := compress(b, text.data, level)
			for _, way := range ways {
				b.Run(fmt.Sprintf("%s/%d/%s", text.name, level, way.name), func(b *testing.B) {
					b.SetBytes(int64(len(text.data)))
					b.ReportAllocs()
					x, m := newBench(), way.new()
					for b.Loop() {
						x.run(b, m, packed)
					}
				})
			}
		}
	}
}

// BenchmarkPairs decompresses with the Reader and with klauspost's by turns, each
// of them new or used before, and reports the median of how many times as long
// klauspost's took. So it holds on a machine that is at times slower too.
func BenchmarkPairs(b *testing.B) {
	for _, text := range texts(b) {
		for _, level := range []int{1, 6, 9} {
			packed := compress(b, text.data, level)
			for _, use := range []string{"new", "used"} {
				b.Run(fmt.Sprintf("%s/%d/%s", text.name, level, use), func(b *testing.B) {
					x := newBench()
					pair := [2]member{ways[0].new(), ways[1].new()}
					var ratios []float64
					for b.Loop() {
						var took [2]time.Duration
						for i, way := range ways[:2] {
							start := time.Now()
							if use == "new" {
								pair[i] = way.new()
							}
							x.run(b, pair[i], packed)
							took[i] = time.Since(start)
						}
						ratios = append(ratios, float64(took[1])/float64(took[0]))
					}
					slices.Sort(ratios)
					b.ReportMetric(ratios[len(ratios)/2], "times-klauspost")
				})
			}
		}
	}
}
