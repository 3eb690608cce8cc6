package audit

import (
	"bytes"
	"compress/bzip2"
	"io"
)

// bzip2Magic begins a stream; the size of the blocks follows, a digit from 1 to
// 9. Source: bzip2 1.0.8, decompress.c.
const bzip2Magic = "BZh"

// bzip2End stands behind the last block of a stream, before its checksum. It
// begins at any bit. Source: as above.
const bzip2End = 0x177245385090

func isBzip2(head []byte) bool {
	return len(head) >= 4 && string(head[:3]) == bzip2Magic && head[3] >= '1' && head[3] <= '9'
}

func unpackBzip2(name string, r io.Reader, out outlet) error {
	return out.stream(name, &salvage{tape: &tape{r: r}, dec: new(bzip2Decoder)})
}

// A bzip2Decoder is the decoder of bzip2. Streams can follow each other, as
// programs that work side by side write them.
type bzip2Decoder struct{ z io.Reader }

func (d *bzip2Decoder) begin(t *tape) error {
	d.z = bzip2.NewReader(&bzip2Stream{tape: t})
	return nil
}

func (d *bzip2Decoder) Read(p []byte) (int, error) { return d.z.Read(p) }

func (*bzip2Decoder) unread(*tape) {}

func (*bzip2Decoder) follows(head []byte) bool { return isBzip2(head) }

func (*bzip2Decoder) header(b []byte) int {
	for at := 0; ; at++ {
		i := bytes.Index(b[at:], []byte(bzip2Magic))
		if i < 0 {
			return -1
		}
		if at += i; isBzip2(b[at:]) {
			return at
		}
	}
}

// A bzip2Stream gives the bytes of the one stream that stands next on the tape.
// The decompressor would read on over its end.
type bzip2Stream struct {
	tape      *tape
	high, low uint64 // the last bits that were given
}

func (s *bzip2Stream) ReadByte() (byte, error) {
	if s.ended() {
		return 0, io.EOF
	}
	c, err := s.tape.ReadByte()
	if err != nil {
		return 0, noEOF(err)
	}
	s.high = s.high<<8 | s.low>>56
	s.low = s.low<<8 | uint64(c)
	return c, nil
}

// Read is there because the decompressor asks for an io.Reader. It takes single
// bytes only.
func (s *bzip2Stream) Read(p []byte) (int, error) {
	c, err := s.ReadByte()
	if err != nil || len(p) == 0 {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// ended reports whether the bits that were given end with the mark of the end, a
// checksum of 32 bits, and up to seven bits that fill up the last byte.
func (s *bzip2Stream) ended() bool {
	for fill := range 8 {
		shift := 32 + fill
		if bits := s.high<<(64-shift) | s.low>>shift; bits&(1<<48-1) == bzip2End {
			return true
		}
	}
	return false
}
