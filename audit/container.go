package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/evictlog/evictlog/audit/internal/ahead"
)

// A container is something that logs are packed in: a compression, or a
// bundle of files. It is recognised by its first bytes and never by a name,
// since exports carry any extension and often none.
type container struct {
	name string
	// is tells from the first headBytes of a stream, or all of it.
	is func(head []byte) bool
	// unpack hands what is packed in r, called name, to out. It returns the
	// first error of out at once. A Read of a stream that it hands out may fail
	// with a *damage and go on.
	unpack func(name string, r io.Reader, out outlet) error
}

// containers lists the containers that are read. A new one is a file and a row.
var containers = []container{
	{"gzip", isGzip, unpackGzip},
	{"zstd", isZstd, unpackZstd},
	{"bzip2", isBzip2, unpackBzip2},
	{"framed snappy", isSnappy, unpackSnappy},
	{"Hadoop snappy", isHadoop, unpackHadoop},
	{"base64", isBase64, unpackBase64},
	{"zip", isZip, unpackZip},
	{"tar", isTar, unpackTar},
}

// An outlet takes in what comes out of a container.
type outlet struct {
	// stream reads what stands alone in a container, under the name it is to be
	// reported by.
	stream func(name string, r io.Reader) error
	// failed reports err, which concerns one place of the file called name, if
	// it is not nil. It returns an error if that is the end of the reading.
	failed func(name string, err error) error
	// meter counts what comes out.
	meter *meter
	notes *notes // for a summary, or nil
	// ahead says that what is in a container may be unpacked ahead of those who
	// read it: no one waits for its bytes to be written.
	ahead bool
}

// member reads one file of a bundle. What is wrong with it is reported, and
// keeps nobody from reading the others.
func (o outlet) member(name string, r io.Reader) error { return o.failed(name, o.stream(name, r)) }

// early returns content, read ahead of those who read what early returns if that
// may be. They call done when they have read it.
func (o outlet) early(content io.Reader) (r io.Reader, done func()) {
	if !o.ahead {
		return content, func() {}
	}
	in := ahead.NewReader(content)
	return in, in.Close
}

// memberMark stands between the name of a bundle and that of a file in it, as in
// "logs.tar.gz!/audit/audit.log", so that the slash ends a directory for those
// who look for one.
const memberMark = "!/"

// memberName is the name of a file of a bundle. hidden says that a Mac has put
// it there to keep what it knows of another file.
func memberName(bundle, name string) (full string, hidden bool) {
	name = path.Clean("/" + strings.ReplaceAll(name, "\\", "/"))[1:]
	base := path.Base(name)
	hidden = strings.HasPrefix(base, "._") || base == ".DS_Store" || strings.HasPrefix(name, "__MACOSX/")
	return bundle + memberMark + name, hidden
}

const (
	headBytes = 512 // enough to tell any container
	maxPacked = 4   // containers within each other
)

// open strips the containers from r, repeatedly, and hands the plain streams, in
// UTF-8, to out. depth counts the containers that are off already.
func open(name string, r io.Reader, depth int, out outlet) error {
	in := &headed{r: r}
	in.fill()
	for _, c := range containers {
		if !c.is(in.head) {
			continue
		}
		if depth == maxPacked {
			return fmt.Errorf("packed in more than %d containers: %w", maxPacked, errors.ErrUnsupported)
		}
		inner := out
		inner.stream = func(name string, r io.Reader) error {
			out.notes.packed(depth, c.name)
			return open(name, &metered{r: r, meter: out.meter}, depth+1, out)
		}
		return c.unpack(name, in, inner)
	}
	out.notes.unpacked(depth)
	return out.stream(name, decoded(in.head, in))
}

// failed reports err, which concerns one place of the file called name.
func (j *job) failed(name string, err error) error {
	switch {
	case err == nil || err == errStopped || errors.Is(err, ErrTooLarge):
		return err
	case j.ctx.Err() != nil:
		return context.Cause(j.ctx)
	}
	e, counted := errors.AsType[*EventError](err)
	if !counted {
		e = fileError(name, err)
		j.stats.Damaged.Count++
	}
	if !j.yield(Event{}, e) {
		return errStopped
	}
	return nil
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

// damageAt is the error for err, met at an offset of a container: a *damage,
// unless the input itself cannot be read. Damage of what the container stands in
// is that of the container.
func damageAt(offset int64, t *tape, err error) error {
	if failed := t.failed; failed != nil {
		t.failed = nil
		return failed
	}
	return &damage{offset: offset, err: noEOF(err)}
}
