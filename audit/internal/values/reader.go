package values

import (
	"bytes"
	"errors"

	"github.com/evictlog/evictlog/audit/internal/lines"
)

// The errors of a Reader. Each leaves it at the place where it was noticed.
var (
	// ErrSyntax: what stands here cannot be part of the value.
	ErrSyntax = errors.New("not valid JSON")
	// ErrTooLong: a value that was to be held was longer than the limit. It
	// is used up.
	ErrTooLong = errors.New("the value is too long")
	// ErrCut: the input ends, fails or has a NUL byte inside the value.
	ErrCut = errors.New("the value is cut")
)

// A Reader walks through one JSON value of any size, from its first byte to its
// last. Its caller goes into arrays and objects or over them; what it does not
// take is not held.
type Reader struct {
	in    *lines.Reader
	scan  Scanner
	fresh bool // an array or an object was entered, and nothing in it was read
	seen  int  // bytes of the last value that were looked at and not used up
}

// maxKey is the longest key that is read.
const maxKey = 64 << 10

// NewReader returns a Reader of what comes next in in.
func NewReader(in *lines.Reader) *Reader { return &Reader{in: in} }

// Peek returns the next byte that is no blank, and uses up the blanks before it.
func (r *Reader) Peek() (byte, error) {
	for {
		window := r.in.Window()
		for i, c := range window {
			if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
				r.in.Use(i)
				return c, nil
			}
		}
		r.in.Use(len(window))
		if !r.in.More() {
			return 0, ErrCut
		}
	}
}

// Enter goes into the array or object that begins with the next byte.
func (r *Reader) Enter() error {
	c, err := r.Peek()
	if err == nil && c != '[' && c != '{' {
		err = ErrSyntax
	}
	if err == nil {
		r.in.Use(1)
		r.fresh = true
	}
	return err
}

// Next goes to the next element of the array that was entered, or the next key
// of the object, and reports whether there is one; if not, it has left the array
// or object, which bracket ends.
func (r *Reader) Next(bracket byte) (bool, error) {
	c, err := r.Peek()
	if err != nil {
		return false, err
	}
	fresh := r.fresh
	r.fresh = false
	switch {
	case c == bracket:
		r.in.Use(1)
		return false, nil
	case fresh:
		return true, nil
	case c != ',':
		return false, ErrSyntax
	}
	r.in.Use(1)
	return true, nil
}

// Key returns the key of the next member, with its quotes, and uses up the
// colon. It is valid until the next call.
func (r *Reader) Key() ([]byte, error) {
	c, err := r.Peek()
	if err == nil && c != '"' {
		err = ErrSyntax
	}
	if err != nil {
		return nil, err
	}
	key, err := r.value(maxKey)
	if err != nil {
		return nil, err
	}
	key = bytes.Clone(key)
	if c, err = r.Peek(); err == nil && c != ':' {
		err = ErrSyntax
	}
	if err == nil {
		r.in.Use(1)
	}
	return key, err
}

// Value returns the next value, if it has no more than limit bytes, and uses it
// up. It is valid until the next call.
func (r *Reader) Value(limit int) ([]byte, error) { return r.value(limit) }

// Skip uses up the next value, however long it is.
func (r *Reader) Skip() error {
	_, err := r.value(-1)
	if err == ErrTooLong {
		return nil
	}
	return err
}

// value returns the next value if it has no more than limit bytes. Where it is
// wrong within these it is not used up, and where it is wrong behind them it is
// used up to there, however the input comes.
func (r *Reader) value(limit int) ([]byte, error) {
	if _, err := r.Peek(); err != nil {
		return nil, err
	}
	r.fresh = false
	r.scan.Reset()
	r.seen = 0
	seen, held := 0, true
	for {
		window := r.in.Window()
		n, st := r.scan.Scan(window[seen:])
		seen += n
		switch {
		case st == Done && held && seen <= limit:
			r.in.Use(seen)
			return window[:seen:seen], nil
		case st == Done:
			r.in.Use(seen)
			return nil, ErrTooLong
		case st == Bad:
			return nil, r.fail(held && seen <= limit, seen, window)
		}
		if !held || seen > max(limit, 0) {
			r.in.Use(seen)
			seen, held = 0, false
		}
		if !r.in.More() {
			r.seen = seen
			return nil, ErrCut
		}
	}
}

// fail returns the error for a byte that cannot be there.
func (r *Reader) fail(held bool, seen int, window []byte) error {
	cut := window[seen] == 0
	r.seen = seen
	if !held {
		r.in.Use(seen)
		r.seen = 0
	}
	if cut {
		return ErrCut
	}
	return ErrSyntax
}

// Seen returns how many bytes of a value that was wrong were looked at and not
// used up.
func (r *Reader) Seen() int { return r.seen }

// Find uses up what stands before the next place where one of the heads stands,
// and reports whether there is one before the input ends or fails. It uses up at
// least one byte, if there is one.
func (r *Reader) Find(heads ...[]byte) bool {
	longest := longest(heads)
	from := 1
	for {
		window := r.in.Window()
		if first := Index(window[min(from, len(window)):], heads...); first >= 0 {
			r.in.Use(from + first)
			r.fresh = true
			return true
		}
		keep := max(len(window)-longest+1, min(from, len(window)))
		r.in.Use(keep)
		from = max(from-keep, 0)
		if !r.in.More() {
			r.in.Use(len(r.in.Window()))
			return false
		}
	}
}

// Index returns the index of the first place in text where one of the heads
// stands, or -1. What it looks at is in proportion to the index.
func Index(text []byte, heads ...[]byte) int {
	longest := longest(heads)
	for from, size := 0, 4*longest; from < len(text); from, size = from+size, 2*size {
		part := text[from:min(len(text), from+size+longest-1)]
		first := -1
		for _, h := range heads {
			if i := bytes.Index(part, h); i >= 0 && (first < 0 || i < first) {
				first = i
			}
		}
		if first >= 0 {
			return from + first
		}
	}
	return -1
}

// longest is the length of the longest of heads.
func longest(heads [][]byte) int {
	n := 0
	for _, h := range heads {
		n = max(n, len(h))
	}
	return n
}
