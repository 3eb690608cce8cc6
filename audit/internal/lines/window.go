package lines

import (
	"bytes"
	"io"
)

// Bytes returns a Reader of text, which it neither copies nor changes.
func Bytes(text []byte, offset int64) *Reader {
	return &Reader{buf: text, end: len(text), max: len(text), err: io.EOF, offset: offset, line: 1, first: true}
}

// Window returns what was read and not used up. It is valid until the next call
// of a method other than Use.
func (r *Reader) Window() []byte { return r.buf[r.next:r.end:r.end] }

// More reads on behind the window, and reports whether there was more. The
// window grows with each call: it is up to the caller not to let it grow beyond
// the limit of the Reader and HeadSize bytes. There More ends, at a place that
// depends on how the input comes. If there is no more, Next says why once the
// window is used up.
func (r *Reader) More() bool { return len(r.Window()) <= r.max+HeadSize && r.more() }

// Use uses up the first n bytes of the window, whatever they are.
func (r *Reader) Use(n int) {
	if n == 0 {
		return
	}
	used := r.buf[r.next : r.next+n]
	r.line += bytes.Count(used, newline)
	r.first = used[n-1] == '\n'
	r.advance(n)
}

// Back takes back the text that the last call of Next has returned.
func (r *Reader) Back(p Piece) {
	n := int(p.Size)
	r.next -= n
	r.offset -= p.Size
	r.seen = r.next
	r.line, r.first = p.Line, p.First
}

// Switch puts what other makes of the rest of the input in its place: of what
// was read and not used up, and of what was not read.
func (r *Reader) Switch(other func(rest io.Reader) io.Reader) {
	r.in, r.err = other(&rest{text: bytes.Clone(r.Window()), err: r.err, in: r.in}), nil
	r.seen, r.end = r.next, r.next
}

// A rest is what is left of an input: text, an error if it is not nil, and in.
type rest struct {
	text []byte
	err  error
	in   io.Reader
}

func (r *rest) Read(p []byte) (int, error) {
	if len(r.text) > 0 {
		n := copy(p, r.text)
		r.text = r.text[n:]
		return n, nil
	}
	if err := r.err; err != nil {
		if err != io.EOF {
			r.err = nil
		}
		return 0, err
	}
	return r.in.Read(p)
}

// Begun returns the number of lines that begin before the next byte.
func (r *Reader) Begun() int {
	if r.first {
		return r.line - 1
	}
	return r.line
}

var newline = []byte{'\n'}
