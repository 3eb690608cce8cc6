package audit

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math/bits"

	"github.com/klauspost/compress/snappy"
)

// The chunks of the framing format of snappy: a byte for the type, three for the
// length, little endian. What is compressed or not begins with a checksum of
// four bytes. Source: google/snappy, framing_format.txt.
const (
	snappyMagic      = "\xff\x06\x00\x00sNaPpY" // the chunk that begins a stream
	snappyCompressed = 0x00
	snappyStored     = 0x01
	snappySkippable  = 0x80 // this and above
	snappyMaxChunk   = 64 << 10
)

func isSnappy(head []byte) bool { return bytes.HasPrefix(head, []byte(snappyMagic)) }

func unpackSnappy(name string, r io.Reader, out outlet) error {
	return out.stream(name, &salvage{tape: &tape{r: r}, dec: new(snappyDecoder)})
}

// A snappyDecoder is the decoder of framed snappy. Its members are the chunks, of
// which each can be read by itself.
type snappyDecoder struct {
	buf  []byte // memory for text
	text []byte // of the chunk, not yet given out
	err  error  // of the chunk, behind text
}

var (
	errChunk    = errors.New("snappy: damaged chunk")
	errChecksum = errors.New("invalid checksum")
)

func (d *snappyDecoder) begin(t *tape) error {
	d.text, d.err = nil, io.EOF
	head := t.peek(4)
	if len(head) < 4 {
		t.discard(int64(len(head)))
		return noEOF(t.take())
	}
	kind, size := head[0], int(head[1])|int(head[2])<<8|int(head[3])<<16
	t.discard(4)
	if kind >= snappySkippable {
		return t.discard(int64(size))
	}
	if kind > snappyStored || size < 4 || size > 4+snappy.MaxEncodedLen(snappyMaxChunk) {
		return errChunk
	}
	chunk := t.peek(size)
	if len(chunk) < size {
		t.discard(int64(len(chunk)))
		return noEOF(t.take())
	}
	want := binary.LittleEndian.Uint32(chunk)
	d.text = chunk[4:]
	if kind == snappyCompressed {
		if d.text = snappyBlock(d.buf, d.text, snappyMaxChunk); d.text == nil {
			t.discard(int64(size))
			return errChunk
		}
		d.buf = d.text[:0]
	} else {
		d.text = bytes.Clone(d.text)
	}
	t.discard(int64(size))
	if snappySum(d.text) != want {
		d.err = errChecksum
	}
	return nil
}

// Read gives the text of the chunk also if the checksum is another one, as those
// do whose checksum stands behind.
func (d *snappyDecoder) Read(p []byte) (int, error) {
	if len(d.text) == 0 {
		return 0, d.err
	}
	n := copy(p, d.text)
	d.text = d.text[n:]
	return n, nil
}

func (*snappyDecoder) unread(*tape) {}

// header finds the beginning of a stream: the chunks have no mark to be found by.
func (*snappyDecoder) header(b []byte) int { return bytes.Index(b, []byte(snappyMagic[:headerBytes])) }

func (*snappyDecoder) follows(head []byte) bool {
	return len(head) > 0 && (head[0] <= snappyStored || head[0] >= snappySkippable)
}

// snappySum is the checksum of a chunk. Source: framing_format.txt, 3.
func snappySum(text []byte) uint32 {
	sum := crc32.Checksum(text, castagnoli)
	return bits.RotateLeft32(sum, 17) + 0xa282ead8
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// snappyBlock is what a block of snappy holds, in the memory of buf or in new
// memory, or nil if the block is damaged or holds more than limit bytes.
func snappyBlock(buf, block []byte, limit int) []byte {
	n, err := snappy.DecodedLen(block)
	if err != nil || n > limit {
		return nil
	}
	text, err := snappy.Decode(buf[:cap(buf)], block)
	if err != nil {
		return nil
	}
	if text == nil {
		text = []byte{}
	}
	return text
}
