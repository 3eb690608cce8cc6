package audit

import (
	"bufio"
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"
)

// gzipMagic begins a member: the two bytes of its name, and deflate, the only
// method there is. Source: RFC 1952, 2.3.1.
var gzipMagic = []byte{0x1f, 0x8b, 8}

// gzipReserved are the bits of the flags, the fourth byte, that must be zero.
const gzipReserved = 0xe0

func isGzip(head []byte) bool { return bytes.HasPrefix(head, gzipMagic[:2]) }

func unpackGzip(name string, r io.Reader, each func(name string, r io.Reader) error) error {
	return each(name, &salvage{tape: &tape{r: r}, dec: new(gzipDecoder)})
}

// A gzipDecoder is the decoder of gzip.
type gzipDecoder struct {
	in *bufio.Reader // of the tape: the decompressor wants an io.ByteReader
	z  *gzip.Reader
}

// gzipBuffer is small, because its bytes are copied out of the tape, but large
// enough that the refills do not count.
const gzipBuffer = 8 << 10

func (d *gzipDecoder) begin(t *tape) error {
	if d.in == nil {
		d.in = bufio.NewReaderSize(t, gzipBuffer)
		d.z = new(gzip.Reader)
	}
	d.in.Reset(t)
	if err := d.z.Reset(d.in); err != nil {
		return err
	}
	d.z.Multistream(false)
	return nil
}

func (d *gzipDecoder) Read(p []byte) (int, error) { return d.z.Read(p) }

func (d *gzipDecoder) unread(t *tape) {
	if d.in != nil {
		t.seek(t.offset() - int64(d.in.Buffered()))
		d.in.Reset(t)
	}
}

func (*gzipDecoder) header(b []byte) int {
	for at := 0; ; {
		i := bytes.Index(b[at:], gzipMagic)
		if i < 0 || at+i+headerBytes > len(b) {
			return -1
		}
		at += i
		if b[at+3]&gzipReserved == 0 {
			return at
		}
		at++
	}
}
