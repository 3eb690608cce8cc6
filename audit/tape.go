package audit

import "io"

// A tape is the compressed input of a decoder. It keeps the last bytes that it
// gave out, so that the search for the next place to read on from can begin
// before the place where the decoder gave up: a decoder that has lost its way
// notices it late, and may have run over the beginning of the next member.
type tape struct {
	r io.Reader
	// buf[:pos] was given out, buf[pos:] is to be given out. buf[0] is the
	// input's byte at base.
	buf  []byte
	pos  int
	base int64
	// err is what r said behind buf. failed is the last error that was given
	// out and is not io.EOF.
	err, failed error
	// rewound counts the bytes that were gone back. It is held to a multiple of
	// those read, so that no input takes more than linear time.
	rewound int64
}

const (
	tapeKeep  = 128 << 10 // bytes that can be gone back, at the least
	tapeChunk = 32 << 10  // bytes read at once
)

// offset is that of the next byte to be given out.
func (t *tape) offset() int64 { return t.base + int64(t.pos) }

// end is the offset behind the last byte read.
func (t *tape) end() int64 { return t.base + int64(len(t.buf)) }

// seek makes the byte at offset, or the first one kept, the next to be given
// out.
func (t *tape) seek(offset int64) {
	t.pos = int(min(max(offset-t.base, 0), int64(len(t.buf))))
}

// fill reads on behind buf, and reports whether there was more. It drops bytes
// that were given out when there are more than enough of them.
func (t *tape) fill() bool {
	if t.err != nil {
		return false
	}
	if drop := t.pos - tapeKeep; drop >= tapeKeep {
		n := copy(t.buf, t.buf[drop:])
		t.buf = t.buf[:n]
		t.pos -= drop
		t.base += int64(drop)
	}
	n := len(t.buf)
	if cap(t.buf)-n < tapeChunk {
		t.buf = append(t.buf, make([]byte, tapeChunk)...)[:n]
	}
	var err error
	for range 100 {
		var got int
		got, err = t.r.Read(t.buf[n : n+tapeChunk])
		n += got
		if got > 0 || err != nil {
			break
		}
		err = io.ErrNoProgress
	}
	more := n > len(t.buf)
	t.buf = t.buf[:n]
	t.err = err
	return more
}

// peek returns the next n bytes, or fewer at the end or before an error, which
// take then returns.
func (t *tape) peek(n int) []byte {
	for len(t.buf)-t.pos < n && t.fill() {
	}
	return t.buf[t.pos:min(t.pos+n, len(t.buf))]
}

// take returns the error behind the last byte, and forgets it if it is not
// io.EOF.
func (t *tape) take() error {
	err := t.err
	if err != io.EOF {
		t.err, t.failed = nil, err
	}
	return err
}

func (t *tape) Read(p []byte) (int, error) {
	if t.pos == len(t.buf) && !t.fill() {
		return 0, t.take()
	}
	n := copy(p, t.buf[t.pos:])
	t.pos += n
	return n, nil
}

// ReadByte is Read for one byte.
func (t *tape) ReadByte() (byte, error) {
	if t.pos == len(t.buf) && !t.fill() {
		return 0, t.take()
	}
	t.pos++
	return t.buf[t.pos-1], nil
}

// discard uses up n bytes, or what there is before an error.
func (t *tape) discard(n int64) error {
	for n > 0 {
		if len(t.peek(1)) == 0 {
			return noEOF(t.take())
		}
		step := min(n, int64(len(t.buf)-t.pos))
		t.pos += int(step)
		n -= step
	}
	return nil
}

// restart makes the byte at offset the next one, for a search: it goes back as
// far as was kept, or forward. It stays where it is if too much was gone back
// already.
func (t *tape) restart(offset int64) {
	back := max(t.offset()-max(offset, t.base), 0)
	if t.rewound+back > 4*t.end() {
		return
	}
	t.rewound += back
	t.seek(offset)
}

// find makes the first byte from here on where header finds one the next to be
// given out. header returns the index of the first thing that looks like a
// header of at most size bytes, or -1. If there is none, find gives out
// everything and returns false; errors of the input that it met on the way
// and that can be passed are not reported again.
func (t *tape) find(size int, header func([]byte) int) bool {
	for {
		if i := header(t.buf[t.pos:]); i >= 0 {
			t.pos += i
			return true
		}
		t.pos = max(t.pos, len(t.buf)-(size-1))
		for !t.fill() {
			if _, passing := t.err.(*damage); !passing {
				t.pos = len(t.buf)
				return false
			}
			t.err = nil
		}
	}
}
