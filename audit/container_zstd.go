package audit

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/zstd"
)

// The magic numbers of zstd's frames. A skippable one holds data of some other
// program; the low four bits of its number are free. Source: RFC 8878, 3.1.
const (
	zstdMagic     = 0xfd2fb528
	zstdSkippable = 0x184d2a50
)

// zstdSum is the size of a checksum: of the low bytes of XXH64. Source: RFC
// 8878, 3.1.1.
const zstdSum = 4

// zstdWindow is the largest window that is decoded, and so bounds the memory
// that a frame can ask for. It is what zstd(1) takes without --long.
const zstdWindow = 128 << 20

func isZstd(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	magic := binary.LittleEndian.Uint32(head)
	return magic == zstdMagic || magic&^0xf == zstdSkippable
}

// unpackZstd leaves the checksums to those who read the content: a fifth of the
// decompressor's time would go into them, and it is the one who is waited for.
func unpackZstd(name string, r io.Reader, out outlet) error {
	// One at a time: the decoder then runs no goroutine, so that none is left
	// behind by a loop that ends early.
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.IgnoreChecksum(true),
		zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderMaxMemory(zstdWindow))
	if err != nil {
		return err
	}
	defer z.Close()
	marked, done := out.early(&salvage{tape: &tape{r: r}, dec: &zstdDecoder{z: z}})
	defer done()
	return out.stream(name, &zstdContent{marked: marked, sum: xxhash.New()})
}

// A zstdContent reads the content of frames, and checks it where a mark says so.
type zstdContent struct {
	marked io.Reader
	sum    *xxhash.Digest
	summed bool // sum is wanted
}

func (c *zstdContent) Read(p []byte) (int, error) {
	for {
		n, err := c.marked.Read(p)
		if c.summed {
			c.sum.Write(p[:n])
		}
		m, ok := err.(*sumMark)
		if !ok {
			c.summed = c.summed && err == nil
			return n, err
		}
		if c.summed = m.sum == nil; c.summed {
			c.sum.Reset()
		} else if binary.LittleEndian.Uint32(m.sum) != uint32(c.sum.Sum64()) {
			return 0, &damage{m.offset, zstd.ErrCRCMismatch}
		}
	}
}

// A zstdDecoder is the decoder of zstd. It finds the ends of the frames
// itself, because the decompressor would read on over them.
type zstdDecoder struct {
	z     *zstd.Decoder
	frame zstdFrame
	begun bool  // there was a mark before the content
	ended bool  // and one behind it
	err   error // of z, to be returned after the rest of its block
}

func (d *zstdDecoder) begin(t *tape) error {
	*d = zstdDecoder{z: d.z, frame: zstdFrame{tape: t}}
	if err := d.frame.begin(); err != nil {
		return err
	}
	return d.z.Reset(&d.frame)
}

// Read takes care of one habit of the decompressor: it may return an error before
// the last block, and the block with the call after it. If there is a checksum,
// Read gives a mark before the content and one behind it.
func (d *zstdDecoder) Read(p []byte) (int, error) {
	switch {
	case d.frame.skipped:
		return 0, io.EOF
	case d.frame.checksum && !d.begun:
		d.begun = true
		return 0, new(sumMark)
	}
	for {
		n, err := d.z.Read(p)
		switch {
		case n > 0 || err == nil:
			return n, nil
		case d.err == nil:
			d.err = err
		case d.err == io.EOF && d.frame.sum != nil && !d.ended:
			d.ended = true
			return 0, &sumMark{d.frame.tape.offset(), d.frame.sum}
		default:
			return 0, d.err
		}
	}
}

// unread puts back the end of a checksum that is the beginning of the next frame,
// since the checksum was cut off.
func (d *zstdDecoder) unread(t *tape) {
	if !d.ended || isZstd(t.peek(headerBytes)) {
		return
	}
	end := t.offset()
	for at := end - zstdSum; at < end; at++ {
		if t.seek(at); isZstd(t.peek(headerBytes)) {
			return
		}
	}
	t.seek(end)
}

func (*zstdDecoder) follows(head []byte) bool { return isZstd(head) }

func (*zstdDecoder) header(b []byte) int {
	for at := 0; at+headerBytes <= len(b); at++ {
		if isZstd(b[at:]) {
			return at
		}
	}
	return -1
}

// A zstdFrame gives the bytes of the one frame that stands next on the tape.
// It reads the headers of the blocks, to find the last one, and the checksum.
type zstdFrame struct {
	tape     *tape
	left     int64  // bytes to give before the next block header, or the end
	last     bool   // there is no further block
	checksum bool   // it stands behind the last block, in four bytes
	sum      []byte // it, once it was given
	skipped  bool   // the frame was a skippable one
}

// begin reads the header of the frame. It skips a skippable frame.
func (f *zstdFrame) begin() error {
	var h zstd.Header
	if err := h.Decode(f.tape.peek(zstd.HeaderMaxSize)); err != nil {
		return err
	}
	f.left = int64(h.HeaderSize)
	f.checksum = h.HasCheckSum
	if !h.Skippable {
		return nil
	}
	f.skipped = true
	return f.tape.discard(f.left + int64(h.SkippableSize))
}

// Read gives io.EOF behind the frame and where the tape ends within it; the
// decompressor knows one from the other.
func (f *zstdFrame) Read(p []byte) (int, error) {
	switch {
	case f.left > 0:
	case !f.last:
		f.block(f.tape.peek(3))
	case f.checksum && f.sum == nil:
		f.sum = bytes.Clone(f.tape.peek(zstdSum))
		f.left = int64(len(f.sum))
	default:
		return 0, io.EOF
	}
	if f.left == 0 {
		return 0, f.tape.take()
	}
	n, err := f.tape.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	return n, err
}

// block takes in the header of a block: a bit for the last one, two for the
// type, the size. A block of type 1 is one byte, to be repeated. Source: RFC
// 8878, 3.1.1.2.
func (f *zstdFrame) block(header []byte) {
	f.left = int64(len(header))
	if len(header) < 3 {
		return
	}
	bits := uint32(header[0]) | uint32(header[1])<<8 | uint32(header[2])<<16
	f.last = bits&1 != 0
	if bits>>1&3 == 1 {
		f.left++
	} else {
		f.left += int64(bits >> 3)
	}
}
