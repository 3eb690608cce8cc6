package lines_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit/internal/lines"
)

// veryLong stands in the inputs of this file for a stretch of text that is
// longer than Line holds.
const veryLong = "~"

// A mixed reads its input by all methods in turn, and compares each with what
// slowCut says.
type mixed struct {
	*testing.T
	r     *lines.Reader
	raw   string // the input without the marks of errors
	want  []lines.Piece
	limit int
}

// step calls one method. It reports whether there is more.
func (m *mixed) step(rng *rand.Rand) bool {
	m.Helper()
	var want lines.Piece
	if len(m.want) > 0 {
		want = m.want[0]
		if offset, line := m.r.Place(); offset != want.Offset || line != want.Line {
			m.Fatalf("Place is %d, line %d, want %d, line %d", offset, line, want.Offset, want.Line)
		}
		if want.Kind != kindBroken && m.r.First() != want.First {
			m.Fatalf("First is %v at %d", m.r.First(), want.Offset)
		}
	}
	switch rng.IntN(5) {
	case 0:
		return m.next("Next", m.r.Next, want)
	case 1:
		if want.Kind == lines.Text {
			want.Kind, want.Last, want.Text = lines.Long, lastByte(string(want.Text)), nil
		}
		return m.next("Skip", m.r.Skip, want)
	case 2:
		n := rng.IntN(20)
		if got := m.r.Peek(n); len(got) > n || !m.isNext(got) {
			m.Fatalf("Peek(%d) is %d bytes, and not what comes next", n, len(got))
		}
		return true
	}
	return m.line(rng.IntN(4) > 0, want)
}

// next checks what Next or Skip returns.
func (m *mixed) next(name string, method func() (lines.Piece, error), want lines.Piece) bool {
	m.Helper()
	got, err := method()
	switch {
	case err == io.EOF && len(m.want) == 0:
		return false
	case err == errBroken && len(m.want) > 0 && want.Kind == kindBroken:
	case err != nil:
		m.Fatalf("%s: %v, want %+v", name, err, want)
	default:
		if !reflect.DeepEqual(want, got) { // which is faster than cmp
			m.Fatalf("%s (-want +got):\n%s", name, cmp.Diff(want, got))
		}
	}
	m.want = m.want[1:]
	return true
}

// line checks what Line returns, and takes it if it is whole and that is asked.
func (m *mixed) line(take bool, want lines.Piece) bool {
	m.Helper()
	line, ok := m.r.Line()
	isHead := m.r.IsHead()
	if !m.isNext(line) {
		m.Fatalf("Line is %d bytes, and not what comes next", len(line))
	}
	whole := len(m.want) > 0 && want.Kind == lines.Text && want.End == lines.Newline && want.First
	switch {
	case ok && (!whole || !bytes.Equal(line, want.Text)):
		m.Fatalf("Line is a whole line of %d bytes, want %+v", len(line), want)
	case !ok && whole && len(want.Text) < lines.HeadSize:
		m.Fatalf("Line is no whole line, want one of %d bytes", len(want.Text))
	case isHead && (ok || len(line) < lines.HeadSize):
		m.Fatalf("the head of a very long line has %d bytes, whole: %v", len(line), ok)
	case ok && take:
		m.r.Take(len(line))
		m.want = m.want[1:]
	}
	return true
}

// isNext tells whether the input goes on so.
func (m *mixed) isNext(text []byte) bool {
	offset, _ := m.r.Place()
	return strings.HasPrefix(m.raw[offset:], string(text))
}

// checkMixed reads text by a random sequence of calls.
func checkMixed(t *testing.T, text string, limit int, seed uint64) {
	t.Helper()
	text = strings.ReplaceAll(text, veryLong, strings.Repeat("x", lines.HeadSize+9<<10))
	want := slowCut(text, limit)
	rng := rand.New(rand.NewPCG(seed, uint64(limit)))
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"at once":      nil,
		"bytewise":     iotest.OneByteReader,
		"data and err": iotest.DataErrReader,
		"chunks":       func(r io.Reader) io.Reader { return chunks{r, rng} },
	} {
		if len(text) > 1<<16 && (name == "bytewise" || name == "chunks") {
			continue
		}
		m := &mixed{t, lines.NewReader(input(text, wrap), limit, 0), strings.ReplaceAll(text, brokenAt, ""), want, limit}
		for m.step(rng) {
			if err := m.r.Check(); err != nil {
				t.Fatalf("%q, limit %d, read %s: %v", text[:min(len(text), 100)], limit, name, err)
			}
		}
		m.r.Release()
	}
}

func TestMixed(t *testing.T) {
	texts := append([]string{"~\nab\n~", "a\n~~~\nb\n", "~\x00b\n~\n", "~ \t!~\r\nb", "~~\n~~\n~~\nc\n"}, inputs...)
	for _, text := range texts {
		for _, limit := range append([]int{200 << 10, 300 << 10}, limits...) {
			for seed := range uint64(6) {
				checkMixed(t, text, limit, seed)
			}
		}
	}
}

func FuzzMixed(f *testing.F) {
	for i, text := range inputs {
		f.Add(text, 5, uint64(i))
	}
	f.Add("~~\nab\n~ \x00~\r", 200<<10, uint64(1))
	f.Fuzz(func(t *testing.T, text string, limit int, seed uint64) {
		if limit < 0 || strings.Count(text, veryLong) > 6 {
			return
		}
		checkMixed(t, text, limit, seed)
	})
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// ofX is an input of n bytes without an end of a line.
func ofX(n int64) io.Reader { return io.LimitReader(xs{}, n) }

type xs struct{}

func (xs) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// TestMemory reads one long line, in a few buffers of which the last is the
// first that is large enough.
func TestMemory(t *testing.T) {
	for _, tt := range []struct {
		name        string
		size, limit int
		most        int // bytes to allocate
	}{
		{"within the buffer", 200 << 10, 128 << 20, lines.StartSize},
		{"16 MB", 16_000_000, 128 << 20, 34 << 20}, // half of it is never touched
		{"as long as the limit", 300 << 10, 300 << 10, 300<<10 + 2*lines.StartSize},
		{"just longer than the start", lines.StartSize, lines.StartSize, 3 * lines.StartSize},
		{"longer than the limit", 64 << 20, 300 << 10, 300<<10 + 2*lines.StartSize},
		{"longer than a small limit", 64 << 20, 1000, lines.StartSize},
	} {
		const around = 16 << 10 // of the reader, and of the test
		got := allocated(func() {
			r := lines.NewReader(io.MultiReader(ofX(int64(tt.size)), strings.NewReader("\nb\n")), tt.limit, 0)
			p, err := r.Next()
			if err != nil || p.Size != int64(tt.size)+1 || (p.Kind == lines.Text) != (tt.size <= tt.limit) {
				t.Errorf("%s: %+v, %v", tt.name, p, err)
			}
			if p, err := r.Next(); err != nil || string(p.Text) != "b" {
				t.Errorf("%s: behind it %+v, %v", tt.name, p, err)
			}
			r.Release()
		})
		if got > uint64(tt.most+around) {
			t.Errorf("%s: %d bytes allocated, want at most %d", tt.name, got, tt.most)
		}
	}
}

// TestSkipMemory skips a very long line in the buffer that there is.
func TestSkipMemory(t *testing.T) {
	const size = 64 << 20
	got := allocated(func() {
		r := lines.NewReader(io.MultiReader(ofX(size), strings.NewReader("} \r\nb\n")), 128<<20, 0)
		if line, ok := r.Line(); ok || !r.IsHead() || len(line) < lines.HeadSize {
			t.Errorf("Line: %d bytes, whole: %v", len(line), ok)
		}
		want := lines.Piece{Kind: lines.Long, First: true, Line: 1, Last: '}', Size: size + 4}
		if p, err := r.Skip(); err != nil || !cmp.Equal(want, p) {
			t.Errorf("Skip: %+v, %v", p, err)
		}
		if line, ok := r.Line(); !ok || string(line) != "b" {
			t.Errorf("Line behind it: %q, %v", line, ok)
		}
		if r.BufferSize() != lines.StartSize {
			t.Errorf("a buffer of %d bytes", r.BufferSize())
		}
	})
	if got > lines.StartSize+16<<10 {
		t.Errorf("%d bytes allocated", got)
	}
}

// TestLimitsReuse reads many texts around the limit, for which the buffer is
// just large enough.
func TestLimitsReuse(t *testing.T) {
	const limit = 300 << 10
	var text strings.Builder
	for i := range 20 {
		fmt.Fprintf(&text, "%d%s\n", i, strings.Repeat("y", limit-5+i/2))
	}
	want := slowCut(text.String(), limit)
	r := lines.NewReader(strings.NewReader(text.String()), limit, 0)
	for i := range want {
		p, err := r.Next()
		if err != nil || !reflect.DeepEqual(want[i], p) {
			t.Fatalf("text %d of %d bytes, limit %d: %v, kind %v", i, want[i].Size, limit, err, p.Kind)
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
	}
	if r.BufferSize() > limit+lines.StartSize {
		t.Errorf("a buffer of %d bytes for texts of up to %d", r.BufferSize(), limit)
	}
}

// TestRelease uses the memory of one reader for the next.
func TestRelease(t *testing.T) {
	read := func(text string, size int) {
		r := lines.NewReader(strings.NewReader(text), 1<<20, 0)
		defer r.Release()
		for {
			p, err := r.Next()
			if err == io.EOF {
				return
			}
			if err != nil || len(p.Text) != size {
				t.Fatalf("%d bytes, %v, want %d", len(p.Text), err, size)
			}
		}
	}
	small, large := strings.Repeat("a\n", 100), strings.Repeat(strings.Repeat("b", 400<<10)+"\n", 3)
	got := allocated(func() {
		for range 100 {
			read(small, 1)
		}
	})
	if got > 50*lines.StartSize { // some, since the pool may be emptied
		t.Errorf("%d bytes allocated for 100 readers", got)
	}
	for range 5 {
		read(large, 400<<10)
		read(small, 1)
	}
	lines.NewReader(strings.NewReader(""), 1, 0).Release() // has no buffer yet
}
