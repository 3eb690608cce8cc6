package audit

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/snappy"
)

// hadoopMax is the largest block that is read. The writers' default is 256 KiB.
const hadoopMax = 16 << 20

// isHadoop tells what Hadoop's codec, and Firehose with HADOOP_SNAPPY, makes of
// snappy. A stream is blocks: the length of what a block holds, then chunks of
// it, each with its own length, and a block of snappy. Both lengths have four
// bytes, big endian; the stream has no mark. Source: apache/hadoop,
// BlockCompressorStream.java.
func isHadoop(head []byte) bool {
	if len(head) < 10 {
		return false
	}
	whole, size := binary.BigEndian.Uint32(head), binary.BigEndian.Uint32(head[4:])
	if whole == 0 || whole > hadoopMax || size < 3 || size > uint32(snappy.MaxEncodedLen(int(whole))) {
		return false
	}
	n, length := binary.Uvarint(head[8:min(len(head), 8+binary.MaxVarintLen32)])
	if length <= 0 || n == 0 || n > uint64(whole) || 8+length >= len(head) {
		return false
	}
	return head[8+length]&3 == 0 // there is nothing yet that it could repeat
}

func unpackHadoop(name string, r io.Reader, out outlet) error {
	return out.stream(name, &salvage{tape: &tape{r: r}, dec: new(hadoopDecoder)})
}

// A hadoopDecoder is the decoder of Hadoop's snappy. Its members are the chunks.
type hadoopDecoder struct {
	left int    // bytes of the block that are in chunks to come
	buf  []byte // memory for text
	text []byte // of the chunk, not yet given out
}

var errHadoop = errors.New("snappy: damaged block")

func (d *hadoopDecoder) begin(t *tape) error {
	d.text = nil
	if d.left == 0 {
		whole, err := hadoopLength(t)
		if err != nil || whole == 0 {
			return err
		}
		d.left = whole
	}
	size, err := hadoopLength(t)
	if err != nil {
		d.left = 0
		return err
	}
	chunk := t.peek(size)
	if t.discard(int64(len(chunk))); len(chunk) < size {
		d.left = 0
		return noEOF(t.take())
	}
	n, err := snappy.DecodedLen(chunk)
	if err != nil || n == 0 || n > d.left {
		d.left = 0
		return errHadoop
	}
	d.left -= n
	if d.text = snappyBlock(d.buf, chunk, n); d.text == nil {
		return errHadoop
	}
	d.buf = d.text[:0]
	return nil
}

// hadoopLength reads a length.
func hadoopLength(t *tape) (int, error) {
	b := t.peek(4)
	if len(b) < 4 {
		t.discard(int64(len(b)))
		return 0, noEOF(t.take())
	}
	n := binary.BigEndian.Uint32(b)
	t.discard(4)
	if n > hadoopMax {
		return 0, errHadoop
	}
	return int(n), nil
}

func (d *hadoopDecoder) Read(p []byte) (int, error) {
	if len(d.text) == 0 {
		return 0, io.EOF
	}
	n := copy(p, d.text)
	d.text = d.text[n:]
	return n, nil
}

func (*hadoopDecoder) unread(*tape) {}

// header finds nothing: there is no mark to look for.
func (*hadoopDecoder) header([]byte) int { return -1 }

func (*hadoopDecoder) follows(head []byte) bool {
	return len(head) == 4 && binary.BigEndian.Uint32(head) <= hadoopMax
}
