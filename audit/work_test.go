package audit_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// hostile are texts that, repeated, cost much if what was looked at for nothing
// is looked at again.
var hostile = []string{
	"\x00", "\n", " ", ",", "x", "{", "[", `"`, `{"`, `[{"`, `[[{"`, `{"a":`, `{"a":"`, `{"a":[`, "[1,", "{}", "[]", "}{", "}\t{",
	"{x\n", "{\"a\":\"\n", "[{\"a\"\n", "[{\"a\":[\n", "\n{\n", "\r\n{\r\n", "\x00{", "\x00[", "\x00{}", "\x00{x\n", "\x00{\n",
	`{"events":[`, "{\"items\":[{\n", `{"level":"`, `{"level":"",`, `{"kind":"EventList"`,
	e1, e1 + "\x00", e1 + "{", e1 + "\t", "[" + e1 + ",", "x" + e1, e1[:len(e1)-1] + `,"a":`, "\x00" + e1[:70], e1[:70] + "[Truncated...]\n",
	exported, exported + "{", exported + "{}", exported + e1[:50], exported + e1,
}

// hostileHeads are what may stand before them.
var hostileHeads = []string{"", "[", `{"a":"`, e1 + "\n"}

// hostileLimits are values of MaxEventBytes.
var hostileLimits = []int{1, 1000, 150 << 10, 0}

// takes returns how long it takes to read a text.
func takes(text string, limit int) time.Duration {
	start := time.Now()
	r := audit.NewReader(strings.NewReader(text))
	r.MaxEventBytes = limit
	for range r.Events() {
	}
	return time.Since(start)
}

// TestLinear reads texts in which one thing follows itself, alone and behind the
// beginning of another, with limits of all sizes, in a time that is generous if
// each byte is looked at a few times.
func TestLinear(t *testing.T) {
	const size = 128 << 10
	for i, part := range hostile {
		for j, limit := range hostileLimits {
			head := hostileHeads[(i+j)%len(hostileHeads)]
			text := head + strings.Repeat(part, size/len(part))
			if took := takes(text, limit); took > 20*time.Second {
				t.Errorf("%.60q behind %.20q, limit %d: %v", part, head, limit, took)
			}
		}
	}
}

// FuzzSmallLimit holds that texts of repeated parts give the same however their
// bytes come, with limits smaller than what is looked at to know a text.
func FuzzSmallLimit(f *testing.F) {
	for i, part := range hostile {
		f.Add(hostileHeads[i%len(hostileHeads)], part, "\n"+e1, uint32(100<<10/len(part)), uint16(1000))
		f.Add("", part, e1, uint32(300<<10/len(part)), uint16(1))
	}
	f.Fuzz(func(t *testing.T, head, part, tail string, n uint32, limit uint16) {
		if len(part) == 0 || len(head)+len(tail) > 10_000 {
			return
		}
		text := head + strings.Repeat(part, int(n)%(400<<10/len(part)+1)) + tail
		if audit.Packed([]byte(text)) {
			return
		}
		want, stats, last := readNeed(t, strings.NewReader(text), max(int(limit), 1), audit.Need{})
		account(t, stats, text, want, last)
		for _, size := range []int{1 << 10, 100 << 10} {
			in := inSteps{bytes.NewReader([]byte(text)), size}
			if got, _, _ := readNeed(t, in, max(int(limit), 1), audit.Need{}); diff(want, got) != "" {
				t.Errorf("read in steps of %d (-want +got):\n%s", size, shorten(diff(want, got)))
			}
		}
	})
}

// inSteps reads up to size bytes at once.
type inSteps struct {
	*bytes.Reader
	size int
}

func (s inSteps) Read(p []byte) (int, error) { return s.Reader.Read(p[:min(len(p), s.size)]) }
