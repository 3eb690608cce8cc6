package lines_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit/internal/lines"
)

// errBroken is a read error that can be passed.
var errBroken = errors.New("broken")

// brokenAt stands in test inputs for errBroken.
const brokenAt = "!"

// broken reads parts one after the other, with errBroken between them.
type broken struct{ parts []io.Reader }

func (b *broken) Read(p []byte) (int, error) {
	n, err := b.parts[0].Read(p)
	if err == io.EOF && len(b.parts) > 1 {
		b.parts = b.parts[1:]
		err = errBroken
	}
	return n, err
}

// input makes a reader of text. wrap, if not nil, is put around each part.
func input(text string, wrap func(io.Reader) io.Reader) io.Reader {
	b := new(broken)
	for part := range strings.SplitSeq(text, brokenAt) {
		r := io.Reader(strings.NewReader(part))
		if wrap != nil {
			r = wrap(r)
		}
		b.parts = append(b.parts, r)
	}
	return b
}

// cut reads everything, as one piece per line of output.
func cut(t *testing.T, in io.Reader, limit int) []lines.Piece {
	t.Helper()
	var pieces []lines.Piece
	r := lines.NewReader(in, limit, 0)
	for {
		offset, line := r.Place()
		p, err := r.Next()
		switch err {
		case nil:
			if p.Offset != offset || p.Line != line {
				t.Fatalf("piece at %d, line %d; Place said %d, line %d", p.Offset, p.Line, offset, line)
			}
			p.Text = bytes.Clone(p.Text)
			pieces = append(pieces, p)
		case errBroken:
			pieces = append(pieces, lines.Piece{Kind: kindBroken, Offset: offset, Line: line})
		case io.EOF:
			if _, err := r.Next(); err != io.EOF {
				t.Fatalf("Next after io.EOF: %v", err)
			}
			return pieces
		default:
			t.Fatal(err)
		}
	}
}

// kindBroken marks the place of errBroken among the pieces.
const kindBroken = lines.Kind(255)

// slowCut is the obvious twin of the reader.
func slowCut(text string, limit int) []lines.Piece {
	var pieces []lines.Piece
	offset, line, first := int64(0), 1, true
	for text != "" {
		if strings.HasPrefix(text, brokenAt) {
			pieces = append(pieces, lines.Piece{Kind: kindBroken, Offset: offset, Line: line})
			text = text[1:]
			continue
		}
		p := lines.Piece{Offset: offset, Line: line, First: first}
		first = false
		if text[0] == 0 {
			p.Kind, p.End = lines.Hole, lines.NUL
			p.Size = int64(len(text) - len(strings.TrimLeft(text, "\x00")))
		} else {
			n := strings.IndexAny(text, "\n\x00"+brokenAt)
			if n < 0 {
				n, p.End = len(text), lines.EOF
			} else {
				p.End = map[byte]lines.End{'\n': lines.Newline, 0: lines.NUL, brokenAt[0]: lines.Failure}[text[n]]
			}
			p.Size = int64(n)
			if n > limit {
				p.Kind, p.Last = lines.Long, lastByte(text[:n])
			} else {
				p.Text = []byte(text[:n])
			}
			if p.End == lines.Newline {
				p.Size++
				line++
				first = true
			}
		}
		offset += p.Size
		text = text[p.Size:]
		pieces = append(pieces, p)
	}
	return pieces
}

// lastByte is the last byte of text that is no blank, or 0.
func lastByte(text string) byte {
	if text = strings.TrimRight(text, " \t\r"); text == "" {
		return 0
	}
	return text[len(text)-1]
}

// inputs are the cases of the tests, and the seeds of the fuzz test.
var inputs = []string{
	"",
	"a",
	"a\n",
	"a\nbb\n\nccc",
	"\n\n\n",
	"a\r\nb\r\n",
	"\x00",
	"\x00\x00\x00a\nb\n",
	"a\x00\x00b\nc\n",
	"a\x00b\x00c\x00",
	"a\n\x00\x00\nb\n",
	"a\n\x00\x00",
	"!",
	"a!b\nc\n",
	"a\n!b\n!",
	"a\n!!b\n",
	"\x00!\x00a\n",
	"longer than all the others\nshort\n",
	"longer than all the others\x00short\n",
	"longer than! all the others\nshort\n",
	"longer than all the others",
}

// limits are the longest texts to give: none, a few bytes, everything.
var limits = []int{0, 1, 5, 1 << 20}

func check(t *testing.T, text string, limit int) {
	t.Helper()
	want := slowCut(text, limit)
	rng := rand.New(rand.NewPCG(uint64(len(text)), uint64(limit)))
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"at once":      nil,
		"bytewise":     iotest.OneByteReader,
		"data and err": iotest.DataErrReader,
		"chunks":       func(r io.Reader) io.Reader { return chunks{r, rng} },
	} {
		got := cut(t, input(text, wrap), limit)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q, limit %d, read %s (-want +got):\n%s", text, limit, name, diff)
		}
	}
}

// chunks reads a random number of bytes at once, none sometimes.
type chunks struct {
	r   io.Reader
	rng *rand.Rand
}

func (c chunks) Read(p []byte) (int, error) {
	n := c.rng.IntN(min(len(p), 4) + 1)
	if n == 0 {
		return 0, nil
	}
	return c.r.Read(p[:n])
}

func TestNext(t *testing.T) {
	for _, text := range inputs {
		for _, limit := range limits {
			check(t, text, limit)
		}
	}
}

func FuzzNext(f *testing.F) {
	for _, text := range inputs {
		f.Add(text, 5)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 0 {
			return
		}
		check(t, text, limit)
	})
}

// TestNextGrows reads lines around the size of the buffer, over its borders.
func TestNextGrows(t *testing.T) {
	var text strings.Builder
	for _, n := range []int{100, 256<<10 - 102, 1, 256 << 10, 300 << 10, 1, 600 << 10, 5} {
		text.WriteString(strings.Repeat("x", n) + "\n")
		text.WriteString(strings.Repeat("\x00", n/3))
	}
	for _, limit := range []int{10, 256 << 10, 1 << 20} {
		want := slowCut(text.String(), limit)
		got := cut(t, input(text.String(), nil), limit)
		if len(want) != len(got) {
			t.Fatalf("limit %d: %d pieces, want %d", limit, len(got), len(want))
		}
		for i := range want {
			if !cmp.Equal(want[i], got[i]) {
				want[i].Text, got[i].Text = nil, nil
				t.Fatalf("limit %d, piece %d: %+v, want %+v", limit, i, got[i], want[i])
			}
		}
	}
}

func TestPeek(t *testing.T) {
	r := lines.NewReader(input("ab\ncd!ef", iotest.OneByteReader), 10, 0)
	for _, tt := range []struct {
		n    int
		want string
	}{{0, ""}, {1, "a"}, {4, "ab\nc"}, {100, "ab\ncd"}, {2, "ab"}} {
		if got := r.Peek(tt.n); string(got) != tt.want {
			t.Errorf("Peek(%d) = %q, want %q", tt.n, got, tt.want)
		}
	}
	if p, err := r.Next(); err != nil || string(p.Text) != "ab" {
		t.Errorf("Next after Peek = %q, %v", p.Text, err)
	}
	if got := r.Peek(100); string(got) != "cd" {
		t.Errorf("Peek(100) before the error = %q", got)
	}
	if p, err := r.Next(); err != nil || string(p.Text) != "cd" || p.End != lines.Failure {
		t.Errorf("Next before the error = %q, end %d, %v", p.Text, p.End, err)
	}
	if _, err := r.Next(); err != errBroken {
		t.Errorf("Next at the error: %v", err)
	}
	if got := r.Peek(100); string(got) != "ef" {
		t.Errorf("Peek(100) behind the error = %q", got)
	}
}

// TestOffset begins inside a file.
func TestOffset(t *testing.T) {
	r := lines.NewReader(strings.NewReader("a\nb"), 10, 1000)
	r.Next()
	if p, _ := r.Next(); p.Offset != 1002 || p.Line != 2 {
		t.Errorf("second line at %d, line %d", p.Offset, p.Line)
	}
}

// stuck gives nothing, for ever.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestStuck(t *testing.T) {
	if _, err := lines.NewReader(stuck{}, 10, 0).Next(); err != io.ErrNoProgress {
		t.Errorf("Next of a stuck input: %v", err)
	}
}

// TestAllocs holds that reading costs nothing but the buffer.
func TestAllocs(t *testing.T) {
	text := strings.Repeat("some line\n", 1000) + strings.Repeat("\x00", 1<<20)
	in := strings.NewReader(text)
	got := testing.AllocsPerRun(10, func() {
		in.Reset(text)
		r := lines.NewReader(in, 1<<20, 0)
		for {
			if _, err := r.Next(); err != nil {
				return
			}
		}
	})
	if got > 3 {
		t.Errorf("%v allocations, want the reader and its buffer", got)
	}
}

// alignedReader checks where it is asked to read to, modulo the size of a cache
// line.
type alignedReader struct {
	t      *testing.T
	in     io.Reader
	offset int64
}

func (a *alignedReader) Read(p []byte) (int, error) {
	if place := uintptr(unsafe.Pointer(unsafe.SliceData(p))); int64(place%64) != a.offset%64 {
		a.t.Errorf("offset %d is read to %#x", a.offset, place)
	}
	n, err := a.in.Read(p)
	a.offset += int64(n)
	return n, err
}

// TestAlignment checks that bytes are read to places like their offsets.
func TestAlignment(t *testing.T) {
	for _, offset := range []int64{0, 1, 64, 8<<20 - 1} {
		in := strings.NewReader(strings.Repeat(strings.Repeat("x", 1000)+"\n", 2000) + strings.Repeat("y", 3<<20))
		r := lines.NewReader(&alignedReader{t, in, offset}, 4<<20, offset)
		for {
			if _, err := r.Next(); err == io.EOF {
				break
			}
		}
		r.Release()
	}
}
