package audit

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
)

// The parts of a zip archive that are told apart. It is read from the front, by
// the headers that stand before the files, and not by the directory at its end:
// so it can come from a pipe, and be cut. Source: PKWARE, APPNOTE.TXT 6.3.10, 4.3.
const (
	zipFile       = "PK\x03\x04"
	zipDescriptor = "PK\x07\x08" // behind a file whose sizes were not known before it; also before the first of a split archive
	zipDirectory  = "PK\x01\x02"
	zipEnd        = "PK\x05\x06"
	zipEnd64      = "PK\x06\x06"
	zipExtra      = "PK\x06\x08"
	zipHeaderSize = 30
)

// The bits of the flags, and the methods. Source: APPNOTE.TXT, 4.4.4 and 4.4.5.
const (
	zipEncrypted = 1 << 0
	zipDescribed = 1 << 3

	zipStored  = 0
	zipDeflate = 8
	zipBzip2   = 12
	zipZstd    = 93
	zipXz      = 95
)

func isZip(head []byte) bool {
	if isWorkbook(head) {
		return false // it is refused by its name
	}
	return bytes.HasPrefix(head, []byte(zipFile)) || bytes.HasPrefix(head, []byte(zipEnd)) ||
		bytes.HasPrefix(head, []byte(zipDescriptor+zipFile))
}

// zipHeader returns the index of the first header of a file in b, or -1.
func zipHeader(b []byte) int { return bytes.Index(b, []byte(zipFile)) }

// unpackZip reads the files of an archive, and of others behind it. Behind a
// damaged place it goes on at the next header.
func unpackZip(name string, r io.Reader, out outlet) error {
	b := &bundle{name: name, tape: &tape{r: r}, outlet: out}
	directory := false
	for {
		b.start = b.tape.offset()
		mark := string(b.tape.peek(4))
		var err error
		switch {
		case mark == "" && b.tape.err == io.EOF && directory:
			return b.end()
		case mark == "" && b.tape.err == io.EOF:
			return b.report(io.ErrUnexpectedEOF)
		case mark == "":
			err = b.report(b.tape.take())
		case mark == zipFile:
			directory = false
			err = b.zipFile()
		case mark == zipDirectory || mark == zipEnd || mark == zipEnd64 || mark == zipExtra:
			directory = true
			b.tape.find(len(zipFile), zipHeader)
		case mark == zipDescriptor && b.start == 0:
			err = b.skip(int64(len(zipDescriptor)))
		default:
			err = b.resync(errNoHeader, len(zipFile), zipHeader)
		}
		if err != nil {
			return err
		}
	}
}

// zipFile reads the file whose header comes next.
func (b *bundle) zipFile() error {
	head := b.tape.peek(zipHeaderSize)
	if len(head) == zipHeaderSize {
		head = b.tape.peek(zipHeaderSize + int(binary.LittleEndian.Uint16(head[26:])) + int(binary.LittleEndian.Uint16(head[28:])))
	}
	body, name := parseZip(head)
	if body == nil {
		b.tape.discard(int64(len(head)))
		return b.resync(io.ErrUnexpectedEOF, len(zipFile), zipHeader)
	}
	b.tape.discard(int64(len(head)))
	body.begin(b.tape)
	var err error
	switch reason := body.refused(); {
	case reason != nil:
		if err = b.refuse(name, reason); err == nil {
			_, err = io.Copy(io.Discard, body)
		}
	case name != "" && name[len(name)-1] == '/':
		_, err = io.Copy(io.Discard, body)
	default:
		err = b.file(name, body)
	}
	if _, passing := err.(*damage); passing {
		err = b.failed(b.name, err)
	}
	if err != nil || !body.lost {
		return err
	}
	if body.method == zipDeflate { // what is stored may have headers of its own
		b.tape.restart(b.start + 1)
	}
	b.tape.find(len(zipFile), func(b []byte) int {
		if i := bytes.Index(b, []byte(zipDirectory)); i == 0 {
			return 0
		}
		return zipHeader(b)
	})
	return nil
}

// A zipBody gives the bytes of one file.
type zipBody struct {
	flags, method uint16
	sum           uint32 // as the header has it
	size          int64  // as it is stored; -1 if it is not known

	tape  *tape
	start int64
	in    *bufio.Reader
	z     io.Reader // of the content

	given int64
	crc   uint32
	err   error // behind the bytes given
	done  bool
	lost  bool // it is not known where the file ends
}

// parseZip reads a header; it returns nil if it is cut.
func parseZip(head []byte) (body *zipBody, name string) {
	if len(head) < zipHeaderSize {
		return nil, ""
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(head[at:])) }
	if len(head) < zipHeaderSize+u16(26)+u16(28) {
		return nil, ""
	}
	body = &zipBody{flags: uint16(u16(6)), method: uint16(u16(8)), sum: binary.LittleEndian.Uint32(head[14:])}
	body.size = int64(binary.LittleEndian.Uint32(head[18:]))
	name = string(head[zipHeaderSize : zipHeaderSize+u16(26)])
	if body.size == 1<<32-1 {
		body.size = zip64Size(head[zipHeaderSize+u16(26):], binary.LittleEndian.Uint32(head[22:]) == 1<<32-1)
	}
	if body.flags&zipDescribed != 0 && body.size == 0 {
		body.size = -1
	}
	return body, name
}

// zip64Size returns the size that an extra field has for a large file, behind
// that of its content if there is one, or -1. Source: APPNOTE.TXT, 4.5.3.
func zip64Size(extra []byte, both bool) int64 {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		extra = extra[4:]
		if n > len(extra) {
			break
		}
		if field := extra[:n]; id == 1 {
			if both && n >= 8 {
				field = field[8:]
			}
			if len(field) >= 8 {
				return max(int64(binary.LittleEndian.Uint64(field)), -1)
			}
		}
		extra = extra[n:]
	}
	return -1
}

var errEncrypted = fmt.Errorf("an encrypted file, which is not read: %w", errors.ErrUnsupported)

// refused is the reason why the file is not read, or nil.
func (z *zipBody) refused() error {
	switch {
	case z.flags&zipEncrypted != 0:
		return errEncrypted
	case z.method == zipStored || z.method == zipDeflate || z.method == zipBzip2 || z.method == zipZstd || z.method == zipXz:
		return nil
	}
	return fmt.Errorf("a file that is packed by method %d, which is not read: unpack it with unzip or 7z x: %w", z.method, errors.ErrUnsupported)
}

// begin starts on the content, which stands next on the tape. What the methods
// other than deflate make of a file is a container of its own.
func (z *zipBody) begin(t *tape) {
	z.tape, z.start = t, t.offset()
	raw := io.Reader(&zipRaw{z})
	if z.method != zipDeflate || z.flags&zipEncrypted != 0 {
		z.z = raw
		return
	}
	z.in = bufio.NewReaderSize(raw, gzipBuffer)
	z.z = flate.NewReader(z.in)
}

func (z *zipBody) Read(p []byte) (int, error) {
	if z.done {
		return 0, io.EOF
	}
	n, err := 0, z.err
	if err == nil {
		n, err = z.z.Read(p)
		z.crc = crc32.Update(z.crc, crc32.IEEETable, p[:n])
		z.given += int64(n)
		if n > 0 {
			z.err = err
			return n, nil
		}
	}
	if err == nil {
		return 0, nil
	}
	z.done = true
	if z.in != nil {
		z.tape.seek(z.tape.offset() - int64(z.in.Buffered()))
	}
	if err == io.EOF {
		err = z.finish()
	} else {
		_, passing := z.tape.failed.(*damage)
		z.lost = z.size < 0 || passing
	}
	if err != nil {
		err = damageAt(z.tape.offset(), z.tape, err)
	}
	if err == nil {
		return 0, io.EOF
	}
	if skip := z.start + z.size - z.tape.offset(); !z.lost && skip > 0 {
		z.tape.discard(skip)
	}
	if next := z.tape.peek(2); len(next) > 0 && string(next) != "PK" { // the size is damaged too
		z.lost = true
	}
	return 0, err
}

// finish goes behind the content, and checks its sum.
func (z *zipBody) finish() error {
	stored := z.tape.offset() - z.start
	if z.size >= 0 && stored < z.size && string(z.tape.peek(2)) != "PK" {
		z.tape.discard(z.size - stored)
		stored = z.size
	}
	sum := z.sum
	if z.flags&zipDescribed != 0 {
		var ok bool
		if sum, ok = z.descriptor(z.tape.peek(zipLongest+len("PK")), stored); !ok {
			z.lost = true
			return errChecksum
		}
	}
	checked := (z.method == zipStored || z.method == zipDeflate) && z.flags&zipEncrypted == 0
	if checked && sum != z.crc {
		return errChecksum
	}
	return nil
}

// zipLongest is the length of the longest descriptor.
const zipLongest = 24

// descriptor uses up the descriptor of a file of which so many bytes are stored,
// if b begins with it, and returns the sum in it. It may have a mark or not, and
// sizes of four bytes or of eight: that is it which fits and has another mark
// behind it, or nothing. Source: APPNOTE.TXT, 4.3.9.
func (z *zipBody) descriptor(b []byte, stored int64) (sum uint32, ok bool) {
	for _, mark := range []int{4, 0} {
		if mark > 0 && !bytes.HasPrefix(b, []byte(zipDescriptor)) {
			continue
		}
		for _, size := range []int{8, 4} {
			end := mark + 4 + 2*size
			if len(b) < end || len(b) > end && !bytes.HasPrefix(b[end:], []byte("PK")) {
				continue
			}
			var field [8]byte
			copy(field[:], b[mark+4:mark+4+size])
			if got := binary.LittleEndian.Uint64(field[:]); got == uint64(stored) || size == 4 && got == uint64(uint32(stored)) {
				z.tape.discard(int64(end))
				return binary.LittleEndian.Uint32(b[mark:]), true
			}
		}
	}
	return 0, false
}

// A zipRaw gives the stored bytes of a file. Where the size is not known and is
// to be found, that is up to a descriptor that fits.
type zipRaw struct{ *zipBody }

func (z zipRaw) Read(p []byte) (int, error) {
	given := z.tape.offset() - z.start
	switch {
	case z.size >= 0 && given >= z.size:
		return 0, io.EOF
	case z.size >= 0:
		p = p[:min(int64(len(p)), z.size-given)]
	case z.in == nil:
		return z.search(p, given)
	}
	n, err := z.tape.Read(p)
	return n, noEOF(err)
}

// search reads up to the next descriptor that fits.
func (z zipRaw) search(p []byte, given int64) (int, error) {
	b := z.tape.peek(zipLongest + min(len(p), tapeChunk))
	if len(b) == 0 {
		return 0, noEOF(z.tape.take())
	}
	n := bytes.Index(b, []byte(zipDescriptor))
	switch {
	case n == 0 && z.fits(b, given):
		return 0, io.EOF
	case n == 0:
		n = 1
	case n < 0 && len(b) > len(zipDescriptor):
		n = len(b) - len(zipDescriptor) + 1
	case n < 0:
		n = len(b)
	}
	n = copy(p, b[:n])
	z.tape.seek(z.tape.offset() + int64(n))
	return n, nil
}

// fits reports whether b begins with the descriptor of what was given.
func (z zipRaw) fits(b []byte, given int64) bool {
	if len(b) < 16 || binary.LittleEndian.Uint32(b[8:]) != uint32(given) {
		return false
	}
	return z.method != zipStored || z.flags&zipEncrypted != 0 || binary.LittleEndian.Uint32(b[4:]) == z.crc
}
