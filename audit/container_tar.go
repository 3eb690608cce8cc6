package audit

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const tarBlock = 512

// isTar tells a header of tar by its checksum: the sum of its bytes, with blanks
// in the place of the sum. Source: POSIX, pax, "ustar Interchange Format".
func isTar(head []byte) bool {
	if len(head) < tarBlock || head[0] == 0 {
		return false
	}
	field := head[148:156]
	want, err := strconv.ParseInt(string(bytes.Trim(field, " \x00")), 8, 64)
	if err != nil {
		return false
	}
	var sum int64
	for i, c := range head[:tarBlock] {
		if i >= 148 && i < 156 {
			c = ' '
		}
		sum += int64(c)
	}
	return sum == want
}

// tarHeader returns the index of the first header in b, or -1. It finds those
// with a name of the format in them, and at the beginning also others.
func tarHeader(b []byte) int {
	if isTar(b) {
		return 0
	}
	const magicAt = 257
	for at := 0; len(b)-at >= tarBlock; at++ {
		i := bytes.Index(b[at+magicAt:], []byte("ustar"))
		if i < 0 {
			return -1
		}
		if at += i; isTar(b[at:]) {
			return at
		}
	}
	return -1
}

var (
	errSparse = fmt.Errorf("a sparse file, which is not read: pack it without --sparse: %w", errors.ErrUnsupported)
	errNoFile = fmt.Errorf("%w: a bundle without a file in it", ErrNoEvents)
)

// unpackTar reads the files of a bundle. Behind a damaged place it goes on at
// the next header.
func unpackTar(name string, r io.Reader, out outlet) error {
	b := &bundle{name: name, tape: &tape{r: r}, outlet: out}
	for {
		b.start = b.tape.offset()
		dec := tar.NewReader(b.tape)
		h, err := dec.Next()
		for err == nil && !isFile(h) {
			if isSparse(h) {
				if err := b.refuse(h.Name, errSparse); err != nil {
					return err
				}
			}
			h, err = dec.Next()
		}
		switch {
		case err == nil:
			err = b.tarFile(h)
		case err == io.EOF && b.atEnd():
			return b.end()
		case err == io.EOF && isTar(b.tape.peek(tarBlock)): // one was appended
		case err == io.EOF:
			b.start = b.tape.offset()
			err = b.resync(errNoHeader, tarBlock, tarHeader)
		default:
			err = b.resync(err, tarBlock, tarHeader)
		}
		if err != nil && err != io.EOF {
			return err
		}
	}
}

func isFile(h *tar.Header) bool {
	return (h.Typeflag == tar.TypeReg || h.Typeflag == tar.TypeCont) && !isSparse(h)
}

func isSparse(h *tar.Header) bool {
	if h.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// tarFile reads the file whose header was read.
func (b *bundle) tarFile(h *tar.Header) error {
	body := &tarBody{tape: b.tape, left: h.Size}
	if err := b.file(h.Name, body); err != nil {
		return err
	}
	if body.lost {
		return nil
	}
	return b.skip((tarBlock - h.Size%tarBlock) % tarBlock)
}

// A tarBody gives the bytes of one file. If the input is damaged in it, it is
// not known where the file ends: what stands before the next header is taken for
// its rest.
type tarBody struct {
	tape *tape
	left int64
	lost bool
}

func (b *tarBody) Read(p []byte) (int, error) {
	if b.lost {
		return b.rest(p)
	}
	if b.left == 0 {
		return 0, io.EOF
	}
	n, err := b.tape.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if err != nil {
		b.lost = true
		err = damageAt(b.tape.offset(), b.tape, err)
	}
	return n, err
}

// rest gives what stands before the next header.
func (b *tarBody) rest(p []byte) (int, error) {
	head := b.tape.peek(max(tarBlock, min(len(p), tapeChunk)))
	if len(head) == 0 {
		return 0, b.tape.take()
	}
	n := tarHeader(head)
	switch {
	case n == 0:
		return 0, io.EOF
	case n < 0 && len(head) < tarBlock:
		n = len(head)
	case n < 0:
		n = len(head) - tarBlock + 1
	}
	n = copy(p, head[:n])
	b.tape.seek(b.tape.offset() + int64(n))
	return n, nil
}
