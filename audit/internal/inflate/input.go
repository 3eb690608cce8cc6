package inflate

import (
	"bufio"
	"compress/flate"
)

// An input gives the compressed data by the bit.
type input struct {
	in     *bufio.Reader
	failed error // of in, behind the chunk

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

func (r *input) reset(in *bufio.Reader) {
	*r = input{in: in}
	r.chunk, _ = in.Peek(in.Buffered())
}

// release puts back what was not used.
func (r *input) release() {
	r.unread()
	r.in.Discard(r.pos) // no error: that much is there
	r.base += int64(r.pos)
	r.chunk, r.pos = nil, 0
}

// unread puts all whole bytes among the bits back into the chunk.
func (r *input) unread() {
	r.pos -= int(r.n / 8)
	r.n &= 7
	r.bits &= 1<<r.n - 1
}

// more reads on. It reports whether there is a byte more, and may put back bits.
func (r *input) more() bool {
	if r.failed != nil {
		return false
	}
	r.release()
	had := r.in.Buffered()
	_, r.failed = r.in.Peek(had + 1)
	r.chunk, _ = r.in.Peek(r.in.Buffered())
	return len(r.chunk) > had
}

// need reads on until there are k bits, at most 32. If there are not so many it
// returns the reason, and all there were are used up.
func (r *input) need(k uint) error {
	for r.n < k {
		if r.pos+8 <= len(r.chunk) {
			r.bits, r.n, r.pos = refill(r.chunk, r.pos, r.bits, r.n)
			return nil
		}
		if r.pos == len(r.chunk) && !r.more() {
			r.pos, r.n = len(r.chunk), 0
			return noEOF(r.failed)
		}
		r.bits |= uint64(r.chunk[r.pos]) << r.n
		r.pos++
		r.n += 8
	}
	return nil
}

// take returns the next k bits, which are there, and uses them up.
func (r *input) take(k uint) int {
	v := r.bits & (1<<k - 1)
	r.bits >>= k
	r.n -= k
	return int(v)
}

// align skips the bits up to the next whole byte.
func (r *input) align() {
	r.take(r.n & 7)
	r.unread()
}

// readFull reads whole bytes, once aligned, until p is full.
func (r *input) readFull(p []byte) (n int, err error) {
	for n < len(p) {
		if r.pos == len(r.chunk) && !r.more() {
			return n, noEOF(r.failed)
		}
		k := copy(p[n:], r.chunk[r.pos:])
		n += k
		r.pos += k
	}
	return n, nil
}

// used is the number of bits that were used of the data.
func (r *input) used() int64 { return 8*(r.base+int64(r.pos)) - int64(r.n) }

// corrupt is the error for what is wrong, as far as the first so many bits of the
// data tell.
func corrupt(bits int64) error { return flate.CorruptInputError((bits + 7) / 8) }
