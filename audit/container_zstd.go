package audit

import (
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/zstd"
)

// The magic numbers of zstd's frames. A skippable one holds data of some other
// program; the low four bits of its number are free. Source: RFC 8878, 3.1.
const (
	zstdMagic     = 0xfd2fb528
	zstdSkippable = 0x184d2a50
)

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

func unpackZstd(name string, r io.Reader, out outlet) error {
	// One at a time: the decoder then runs no goroutine, so that none is left
	// behind by a loop that ends early.
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderMaxMemory(zstdWindow))
	if err != nil {
		return err
	}
	defer z.Close()
	return out.stream(name, &salvage{tape: &tape{r: r}, dec: &zstdDecoder{z: z}})
}

// A zstdDecoder is the decoder of zstd. It finds the ends of the frames
// itself, because the decompressor would read on over them.
type zstdDecoder struct {
	z     *zstd.Decoder
	frame zstdFrame
	err   error // of z, to be returned after the rest of its block
}

func (d *zstdDecoder) begin(t *tape) error {
	d.err = nil
	d.frame = zstdFrame{tape: t}
	if err := d.frame.begin(); err != nil {
		return err
	}
	return d.z.Reset(&d.frame)
}

// Read takes care of one habit of the decompressor: it returns the error of a
// bad checksum before the last block, and the block with the call after it.
func (d *zstdDecoder) Read(p []byte) (int, error) {
	if d.frame.skipped {
		return 0, io.EOF
	}
	for {
		n, err := d.z.Read(p)
		if n > 0 || err == nil {
			return n, nil
		}
		if d.err != nil {
			return 0, d.err
		}
		d.err = err
	}
}

func (*zstdDecoder) unread(*tape) {}

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
// It reads the headers of the blocks, to find the last one, and nothing else.
type zstdFrame struct {
	tape     *tape
	left     int64 // bytes to give before the next block header, or the end
	last     bool  // there is no further block
	checksum bool  // it stands behind the last block, in four bytes
	skipped  bool  // the frame was a skippable one
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
	if f.left == 0 && f.last {
		return 0, io.EOF
	}
	if f.left == 0 {
		f.block(f.tape.peek(3))
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
	if f.last && f.checksum {
		f.left += 4
	}
}
