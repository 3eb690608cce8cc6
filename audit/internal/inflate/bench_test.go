package inflate_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/evictlog/evictlog/audit/internal/inflate"
)

// BenchmarkRead decompresses an audit log, in several ways, as three levels of
// gzip have made it.
func BenchmarkRead(b *testing.B) {
	log := auditLog(b, 16<<20)
	buf := make([]byte, 256<<10)
	for _, level := range []int{1, 6, 9} {
		packed := compress(b, log, level)
		for _, way := range []struct {
			name string
			m    member
		}{{"inflate", new(inflate.Reader)}, {"klauspost", new(klauspost)}, {"standard", new(standard)}} {
			b.Run(fmt.Sprintf("%d/%s", level, way.name), func(b *testing.B) {
				b.SetBytes(int64(len(log)))
				b.ReportAllocs()
				in := bufio.NewReaderSize(nil, 32<<10)
				for b.Loop() {
					in.Reset(bytes.NewReader(packed))
					if err := way.m.Reset(in); err != nil {
						b.Fatal(err)
					}
					for {
						if _, err := way.m.Read(buf); err == io.EOF {
							break
						} else if err != nil {
							b.Fatal(err)
						}
					}
				}
			})
		}
	}
}
