package audit

import (
	"bufio"
	"bytes"
	"io"

	"github.com/evictlog/evictlog/audit/internal/inflate"
)

// gzipMagic begins a member: the two bytes of its name, and deflate, the only
// method there is. Source: RFC 1952, 2.3.1.
var gzipMagic = []byte{0x1f, 0x8b, 8}

// gzipReserved are the bits of the flags, the fourth byte, that must be zero.
const gzipReserved = 0xe0

func isGzip(head []byte) bool { return bytes.HasPrefix(head, gzipMagic[:2]) }

func unpackGzip(name string, r io.Reader, out outlet) error {
	content, done := out.early(&salvage{tape: &tape{r: r}, dec: new(gzipDecoder)})
	defer done()
	return out.stream(name, content)
}

// unpackRest is what r holds, which stands behind plain lines.
func (j *job) unpackRest(r io.Reader) io.Reader {
	return &metered{r: &salvage{tape: &tape{r: r}, dec: new(gzipDecoder)}, meter: &j.unpacked}
}

// A gzipDecoder is the decoder of gzip. Log files that were appended to each
// other, some of them packed, are members too where they are plain.
type gzipDecoder struct {
	in *bufio.Reader // of the tape: the decompressor wants an io.ByteReader
	z  inflate.Reader

	plain  *tape // in a member that is not packed
	midway bool  // behind a byte of it that is no newline
}

// gzipBuffer is small, because its bytes are copied out of the tape, but large
// enough that the refills do not count.
const gzipBuffer = 32 << 10

func (d *gzipDecoder) begin(t *tape) error {
	d.plain, d.midway = nil, false
	if !isGzip(t.peek(headerBytes)) && d.follows(t.peek(headerBytes)) {
		d.plain = t
		return nil
	}
	if d.in == nil {
		d.in = bufio.NewReaderSize(t, gzipBuffer)
	}
	d.in.Reset(t)
	return d.z.Reset(d.in)
}

func (d *gzipDecoder) Read(p []byte) (int, error) {
	if d.plain != nil {
		return d.readPlain(p)
	}
	return d.z.Read(p)
}

// readPlain gives text that is not packed, up to a line that begins like a
// packed member.
func (d *gzipDecoder) readPlain(p []byte) (int, error) {
	t := d.plain
	b := t.peek(max(4*len(gzipLine), min(len(p), tapeChunk)))
	if len(b) == 0 {
		return 0, t.take()
	}
	if !d.midway && bytes.HasPrefix(b, gzipMagic) {
		return 0, io.EOF
	}
	n := min(len(b), len(p))
	if i := bytes.Index(b, gzipLine); i >= 0 {
		n = min(n, i+1)
	} else if n > len(gzipMagic) {
		n -= len(gzipMagic) // of which the rest may follow
	}
	n = copy(p, b[:n])
	t.seek(t.offset() + int64(n))
	d.midway = p[n-1] != '\n'
	return n, nil
}

// gzipLine is a newline with a packed member behind it.
var gzipLine = append([]byte{'\n'}, gzipMagic...)

func (d *gzipDecoder) unread(t *tape) {
	if d.in != nil && d.plain == nil {
		t.seek(t.offset() - int64(d.in.Buffered()))
		d.in.Reset(t)
	}
}

// follows takes an object in plain text for a member too.
func (*gzipDecoder) follows(head []byte) bool {
	return bytes.HasPrefix(head, gzipMagic) && (len(head) < headerBytes || head[3]&gzipReserved == 0) || bytes.HasPrefix(head, []byte(`{"`))
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
