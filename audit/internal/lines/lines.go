// Package lines cuts a stream of bytes into lines, in memory bounded by the
// longest line that is wanted.
//
// NOTE: all that is clever about reading plain bytes is in this one file: one
// buffer, reused for every piece, searched once for newlines and NUL bytes.
// Package audit sees only pieces.
package lines

import (
	"bytes"
	"io"
	"sync"

	"github.com/evictlog/evictlog/audit/internal/delim"
)

// A Kind says what a [Piece] is.
type Kind uint8

const (
	// Text is a line, or what a run of NUL bytes or a read error left of one.
	Text Kind = iota
	// Hole is a run of NUL bytes. Sparse files have holes of any size where a
	// log was truncated under its writer or a machine crashed.
	Hole
	// Long is a text that is longer than the reader's limit; it is skipped.
	Long
)

// An End says what stands behind a [Piece].
type End uint8

const (
	// Newline: the newline, which is counted in the piece's Size.
	Newline End = iota
	// NUL: a hole begins. It is the next piece.
	NUL
	// EOF: the input is at its end.
	EOF
	// Failure: the input could not be read on. The next call gives the error.
	Failure
)

// A Piece is a part of the input. The pieces, laid end to end, are the input.
type Piece struct {
	Kind Kind
	End  End // of a text; a Hole has none
	// First says that the piece begins at the first byte of a line.
	First bool
	// Line is the number of the line the piece stands in, from 1.
	Line int
	// Text is the text without its newline. It is nil for holes and long
	// texts, and valid until the next call.
	Text []byte
	// Last is the last byte of a long text that is no blank, or 0.
	Last byte
	// Offset is that of the first byte. Size counts all bytes of the piece,
	// the newline included.
	Offset, Size int64
}

// A Reader cuts its input into pieces.
type Reader struct {
	in  io.Reader
	max int // the longest text to give

	// buf is reused for all pieces:
	//
	//	0           next                    seen         end    len(buf)
	//	| given out | no newline and no NUL | unsearched | free |
	//
	// Invariant: 0 ≤ next ≤ seen ≤ end ≤ len(buf).
	buf             []byte
	next, seen, end int

	start  *[startSize]byte // the first buf, to be given back
	huge   *[hugeSize]byte  // one that it grew to, to be given back
	err    error            // of in, to be returned once buf[next:end] is used up
	offset int64            // of buf[next]
	line   int              // number of the line buf[next] stands in
	first  bool             // buf[next] is the first byte of its line
}

// spare holds buffers of the size that most readers need, for the next ones, and
// spareHuge some of those that readers grow to: a log is read in many parts, and
// fresh memory is dear.
var (
	spare     = sync.Pool{New: func() any { return new([startSize]byte) }}
	spareHuge = sync.Pool{New: func() any { return new([hugeSize]byte) }}
)

const (
	startSize  = 256 << 10 // of buf; it grows for longer texts
	longSize   = 1 << 20   // holds nearly all texts that startSize does not
	hugeSize   = 32 << 20  // holds nearly all others
	emptyReads = 100       // that may follow each other before the input counts as stuck
)

// HeadSize is how much Line reads of a line; what is longer grows the buffer.
const HeadSize = 128 << 10

// NewReader returns a Reader of in, whose first byte is said to have the given
// offset. It gives texts of up to limit bytes.
func NewReader(in io.Reader, limit int, offset int64) *Reader {
	return &Reader{in: in, max: limit, offset: offset, line: 1, first: true}
}

// Release gives the memory of the Reader to others. No text is valid any more,
// and the Reader must not be used again.
func (r *Reader) Release() {
	if r.start != nil {
		spare.Put(r.start)
	}
	if r.huge != nil {
		spareHuge.Put(r.huge)
	}
	*r = Reader{}
}

// Place returns the offset and the line number of the next piece.
func (r *Reader) Place() (offset int64, line int) { return r.offset, r.line }

// First reports whether the next piece begins a line.
func (r *Reader) First() bool { return r.first }

// Peek returns the next n bytes without using them up, or fewer if the input
// ends or fails before. They are valid until the next call. n is at most the
// size of the buffer at its start, 256 KiB.
func (r *Reader) Peek(n int) []byte {
	for r.end-r.next < n && r.err == nil {
		r.fill()
	}
	return r.buf[r.next:min(r.next+n, r.end)]
}

// Next returns the next piece, or [io.EOF] when there is none. Any other error
// is one of the input. It comes after the pieces of all bytes before it, and
// the call after it reads on from the input, so that one who knows the error
// to be passing can go on.
func (r *Reader) Next() (Piece, error) {
	if r.next == r.end && !r.more() {
		err := r.err
		if err != io.EOF {
			r.err = nil
		}
		return Piece{}, err
	}
	if r.buf[r.next] == 0 {
		return r.hole(), nil
	}
	for {
		if size, end, ok := r.search(); ok {
			return r.text(size, end), nil
		}
		if r.end-r.next > r.max {
			return r.long(), nil
		}
		if !r.more() {
			return r.text(r.end-r.next, r.stop()), nil
		}
	}
}

// Line returns the next line, without its newline and without using it up, if
// it is a whole line of the input with neither a NUL byte nor the end of the
// input in it, and not very long. Otherwise ok is false, Next knows what stands
// there, and line is how it begins, as far as it was read: at least HeadSize
// bytes if so many come before the next newline, NUL byte or end of the input,
// else all of them. It is valid until the next call but of Take.
func (r *Reader) Line() (line []byte, ok bool) {
	for {
		if size, end, ok := r.search(); ok {
			return r.buf[r.next:r.seen:r.seen], end == Newline && r.first && size <= r.max
		}
		if r.end-r.next >= HeadSize || !r.more() {
			return r.buf[r.next:r.end:r.end], false
		}
	}
}

// IsHead reports whether what Line has just returned is the head of a very long
// line, whose end is not known yet.
func (r *Reader) IsHead() bool {
	return r.end-r.next >= HeadSize && r.seen == r.end
}

// Skip is Next for a piece that is not wanted: however long it is, it is used up
// in the memory of the buffer, and a text counts as a long one.
func (r *Reader) Skip() (Piece, error) {
	if r.next == r.end && !r.more() || r.buf[r.next] == 0 {
		return r.Next()
	}
	return r.long(), nil
}

// Take uses up a line of so many bytes, which Line has returned, and its
// newline.
func (r *Reader) Take(size int) {
	r.next += size + 1
	r.offset += int64(size + 1)
	r.seen = r.next
	r.line++
}

// search looks for the end of the text at next in what was read. ok says that
// it is there; size is that of the text.
func (r *Reader) search() (size int, end End, ok bool) {
	i := delim.Index(r.buf[r.seen:r.end])
	if i < 0 {
		r.seen = r.end
		return r.end - r.next, NUL, false
	}
	r.seen += i
	if r.buf[r.seen] == 0 {
		return r.seen - r.next, NUL, true
	}
	return r.seen - r.next, Newline, true
}

// text gives out the next size bytes.
func (r *Reader) text(size int, end End) Piece {
	p := r.piece(Text, end)
	if text := r.buf[r.next : r.next+size : r.next+size]; size <= r.max {
		p.Text = text
	} else {
		p.Kind, p.Last = Long, lastOf(text, 0)
	}
	if end == Newline {
		size++
	}
	r.advance(size)
	return r.finish(p)
}

// hole gives out a run of NUL bytes, however long, in the memory of the buffer.
func (r *Reader) hole() Piece {
	p := r.piece(Hole, NUL)
	for {
		rest := r.buf[r.next:r.end]
		n := leadingNULs(rest)
		r.advance(n)
		if n < len(rest) || !r.more() {
			return r.finish(p)
		}
	}
}

// lastOf returns the last byte of text that is no blank, or before.
func lastOf(text []byte, before byte) byte {
	for i := len(text) - 1; i >= 0; i-- {
		if c := text[i]; c != ' ' && c != '\t' && c != '\r' {
			return c
		}
	}
	return before
}

// long skips a text that is longer than the limit, however long, in the memory
// of the buffer.
func (r *Reader) long() Piece {
	p := r.piece(Long, Newline)
	for {
		size, end, ok := r.search()
		p.Last = lastOf(r.buf[r.next:r.next+size], p.Last)
		if ok && end == Newline {
			size++
		}
		r.advance(size)
		if ok {
			p.End = end
			return r.finish(p)
		}
		if !r.more() {
			p.End = r.stop()
			return r.finish(p)
		}
	}
}

// piece begins a piece at next.
func (r *Reader) piece(kind Kind, end End) Piece {
	return Piece{Kind: kind, End: end, First: r.first, Line: r.line, Offset: r.offset}
}

// finish completes a piece that ends at next.
func (r *Reader) finish(p Piece) Piece {
	p.Size = r.offset - p.Offset
	r.first = p.Kind != Hole && p.End == Newline
	if r.first {
		r.line++
	}
	return p
}

// advance uses up n bytes. Its caller has seen that none of them but the last
// is a delimiter, or that all of them are NULs.
func (r *Reader) advance(n int) {
	r.next += n
	r.offset += int64(n)
	r.seen = r.next
}

// stop says why the input has no more.
func (r *Reader) stop() End {
	if r.err == io.EOF {
		return EOF
	}
	return Failure
}

// more reads until there is at least one more byte, and reports whether there
// is; if not, err says why.
func (r *Reader) more() bool {
	had := r.end - r.next
	for r.err == nil && r.end-r.next == had {
		r.fill()
	}
	return r.end-r.next > had
}

// fill reads once, into the free end of the buffer, and no more than a reader
// usually has in memory at a time: what a large buffer has beyond that is not
// touched for nothing. It makes room first: by moving what is left to the front
// if as much has been used up, so that each byte is moved at most once on
// average, and else, when there is none left, by growing the buffer.
//
// Of a large buffer only what the text needs is touched, and memory that is not
// touched costs little; but each smaller one on the way to it was touched in
// full. So the steps are long. The buffer does not grow beyond the longest text
// and one read. There, what is left is moved even if little has been used up,
// but only once for each text.
func (r *Reader) fill() {
	switch left := r.end - r.next; {
	case r.buf == nil:
		r.start = spare.Get().(*[startSize]byte)
		r.move(r.start[:])
	case left <= r.next:
		r.move(r.buf)
	case r.end < len(r.buf):
	case len(r.buf)-startSize < r.max:
		r.move(r.grown(min(larger(len(r.buf))-startSize, r.max) + startSize))
	default:
		r.move(r.buf)
	}
	room := r.buf[r.end:min(len(r.buf), r.end+startSize)]
	var n int
	for range emptyReads {
		if n, r.err = r.in.Read(room); n > 0 || r.err != nil {
			break
		}
	}
	if n == 0 && r.err == nil {
		r.err = io.ErrNoProgress
	}
	r.end += n
}

// grown returns a buffer of so many bytes.
func (r *Reader) grown(size int) []byte {
	if size != hugeSize {
		return make([]byte, size)
	}
	r.huge = spareHuge.Get().(*[hugeSize]byte)
	return r.huge[:]
}

// larger is the size of the buffer that follows one of the given size.
func larger(size int) int {
	switch {
	case size < longSize:
		return longSize
	case size < hugeSize:
		return hugeSize
	}
	return 4 * size
}

// move moves what is left to the front of buf, which becomes the buffer. Offsets
// and places in it are the same modulo the size of a cache line: so what is read
// from a file stands alike in the memory of the system and here, and is copied
// faster by a sixth.
func (r *Reader) move(buf []byte) {
	at := int(r.offset & (cacheLine - 1))
	copy(buf[at:], r.buf[r.next:r.end])
	by := at - r.next
	r.buf = buf
	r.next += by
	r.seen += by
	r.end += by
}

const cacheLine = 64 // bytes, or a part of that

// zeros is compared with, since that is much faster than a loop over bytes.
var zeros [4 << 10]byte

// leadingNULs returns the number of NUL bytes that b begins with.
func leadingNULs(b []byte) int {
	n := 0
	for len(b)-n >= len(zeros) && bytes.Equal(b[n:n+len(zeros)], zeros[:]) {
		n += len(zeros)
	}
	for n < len(b) && b[n] == 0 {
		n++
	}
	return n
}
