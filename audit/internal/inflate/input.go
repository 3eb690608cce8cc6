package inflate

import (
	"bufio"
	"compress/flate"
	"encoding/binary"
	"io"
)

// An input gives the compressed data by the bit. Once it has failed, what it
// gives means nothing, and the first error stays.
type input struct {
	in     *bufio.Reader
	behind error // the chunk, of in
	err    error // why nothing follows

	// chunk is what in has in its buffer, and chunk[:pos] was used, but for the
	// bits: the n lowest of them are the next ones. Those above are the ones at
	// pos, or zero, so that putting those in once more changes nothing. base is
	// the offset of the chunk in the data.
	chunk []byte
	pos   int
	base  int64
	bits  uint64
	n     uint
}

// reset begins with what stands next in in. It fails if nothing does.
func (r *input) reset(in *bufio.Reader) {
	*r = input{in: in}
	_, r.err = in.Peek(1)
	r.chunk, _ = in.Peek(in.Buffered())
}

func (r *input) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// corrupt fails for what is wrong, as far as the first so many bits of the data
// tell, or those that were used.
func (r *input) corrupt(bits int64) {
	r.fail(flate.CorruptInputError((max(bits, r.used()) + 7) / 8))
}

// used is the number of bits that were used of the data.
func (r *input) used() int64 { return 8*(r.base+int64(r.pos)) - int64(r.n) }

// unread puts all whole bytes among the bits back into the chunk.
func (r *input) unread() {
	r.pos -= int(r.n / 8)
	r.n &= 7
	r.bits &= 1<<r.n - 1
}

// release puts back what was not used.
func (r *input) release() {
	r.unread()
	r.in.Discard(r.pos) // no error: that much is there
	r.base += int64(r.pos)
	r.chunk, r.pos = nil, 0
}

// more reads on, if the chunk is used up. It reports whether there is a byte more,
// and may put back bits. If there is none all bits are used up too.
func (r *input) more() bool {
	if r.pos < len(r.chunk) {
		return true
	}
	if r.behind == nil {
		r.release()
		had := r.in.Buffered()
		_, r.behind = r.in.Peek(had + 1)
		if r.chunk, _ = r.in.Peek(r.in.Buffered()); len(r.chunk) > had {
			return true
		}
	}
	if r.behind == io.EOF {
		r.behind = io.ErrUnexpectedEOF
	}
	r.pos, r.n = len(r.chunk), 0
	r.fail(r.behind)
	return false
}

// need reads on until there are k bits, at most 32, and reports whether there are.
func (r *input) need(k uint) bool {
	for r.n < k {
		if r.pos+8 <= len(r.chunk) {
			r.bits, r.n, r.pos = refill(r.chunk, r.pos, r.bits, r.n)
		} else if r.more() {
			r.bits |= uint64(r.chunk[r.pos]) << r.n
			r.pos++
			r.n += 8
		} else {
			return false
		}
	}
	return true
}

// refill puts the eight bytes at pos above the n bits of next, and counts as many
// of them as there is room for.
func refill(in []byte, pos int, next uint64, n uint) (uint64, uint, int) {
	return next | binary.LittleEndian.Uint64(in[pos:])<<(n&63), n | 56, pos + int(63-n)>>3
}

// take returns the next k bits, at most 32, and uses them up.
func (r *input) take(k uint) int {
	if !r.need(k) {
		return 0
	}
	v := r.bits & (1<<k - 1)
	r.bits >>= k
	r.n -= k
	return int(v)
}

// readFull reads whole bytes, from the next one on, until p is full. It returns
// how many there were.
func (r *input) readFull(p []byte) (n int) {
	r.take(r.n & 7)
	r.unread()
	for n < len(p) && r.more() {
		k := copy(p[n:], r.chunk[r.pos:])
		n += k
		r.pos += k
	}
	return n
}
