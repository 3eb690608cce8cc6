package lines

import (
	"bytes"
	"fmt"
)

// StartSize is the size of the buffer at the start.
const StartSize = startSize

// BufferSize is the size of the buffer.
func (r *Reader) BufferSize() int { return len(r.buf) }

// Check returns what is wrong with the invariants of the buffer, if anything.
func (r *Reader) Check() error {
	if !(0 <= r.next && r.next <= r.seen && r.seen <= r.end && r.end <= len(r.buf)) {
		return fmt.Errorf("next %d, seen %d, end %d in a buffer of %d", r.next, r.seen, r.end, len(r.buf))
	}
	if i := bytes.IndexAny(r.buf[r.next:r.seen], "\n\x00"); i >= 0 {
		return fmt.Errorf("buffer[%d:%d] holds a delimiter at %d", r.next, r.seen, i)
	}
	if len(r.buf)-startSize > r.max {
		return fmt.Errorf("a buffer of %d for texts of up to %d", len(r.buf), r.max)
	}
	return nil
}
