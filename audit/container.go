package audit

import (
	"errors"
	"fmt"
	"io"
)

// A container is something that logs are packed in: a compression, or a
// bundle of files. It is recognised by its first bytes and never by a name,
// since exports carry any extension and often none.
type container struct {
	name string
	// is tells from the first headBytes of a stream, or all of it.
	is func(head []byte) bool
	// unpack hands what is packed in r to each, one stream after the other,
	// under the name it is to be reported by. It returns the first error of
	// each at once. A Read of a stream may fail with a *damage and go on.
	unpack func(name string, r io.Reader, each func(name string, r io.Reader) error) error
}

// containers lists the containers that are read. A new one is a file and a row.
var containers = []container{
	{"gzip", isGzip, unpackGzip},
	{"zstd", isZstd, unpackZstd},
}

const (
	headBytes = 512 // enough to tell any container
	maxPacked = 4   // containers within each other
)

// open strips the containers from r, repeatedly, and hands the plain streams, in
// UTF-8, to each. depth counts the containers that are off already.
func open(name string, r io.Reader, depth int, each func(name string, r io.Reader) error) error {
	in := &headed{r: r}
	in.fill()
	for _, c := range containers {
		if !c.is(in.head) {
			continue
		}
		if depth == maxPacked {
			return fmt.Errorf("packed in more than %d containers: %w", maxPacked, errors.ErrUnsupported)
		}
		return c.unpack(name, in, func(name string, r io.Reader) error {
			return open(name, r, depth+1, each)
		})
	}
	return each(name, decoded(in.head, in))
}

// packed tells whether a stream that begins with head is in a container.
func packed(head []byte) bool {
	for _, c := range containers {
		if c.is(head) {
			return true
		}
	}
	return false
}

// A headed reads from r, whose first bytes were looked at before.
type headed struct {
	head []byte // read from r and not yet given out
	err  error  // that r gave behind head, not yet given out
	r    io.Reader
}

// fill reads the head: headBytes, or what there is before r ends or fails.
func (h *headed) fill() {
	buf := make([]byte, headBytes)
	n := 0
	for n < len(buf) && h.err == nil {
		var got int
		got, h.err = h.r.Read(buf[n:])
		n += got
	}
	h.head = buf[:n]
}

func (h *headed) Read(p []byte) (int, error) {
	if len(h.head) > 0 {
		n := copy(p, h.head)
		h.head = h.head[n:]
		return n, nil
	}
	if err := h.err; err != nil {
		if err != io.EOF {
			h.err = nil
		}
		return 0, err
	}
	return h.r.Read(p)
}

// A damage is the error of a Read at a place where compressed data is damaged.
// It is the one error of a stream that is not its end: the next Read gives
// what could be saved behind the place, or io.EOF.
type damage struct {
	offset int64 // where it was noticed, in the compressed bytes
	err    error // of the decoder
}

func (d *damage) Error() string {
	return fmt.Sprintf("%v near byte %d of it: %v", ErrDamaged, d.offset, d.err)
}

func (d *damage) Unwrap() []error { return []error{ErrDamaged, d.err} }
