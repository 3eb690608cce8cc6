package audit

import (
	"bytes"
	"errors"
	"io"
)

// A decoder undoes one compression, member by member. Members are the units
// that can follow each other in one file and be read without what stands
// before: those of gzip, the frames of zstd.
type decoder interface {
	// begin starts on the member whose header stands next on the tape.
	begin(t *tape) error
	// Read gives the member's content, and io.EOF at its end, with the tape
	// behind its last byte. A [sumMark] is passed on, and is no error. After any
	// other error the tape stands anywhere behind the place of the damage.
	io.Reader
	// unread puts back on the tape what the decoder took and did not use.
	unread(t *tape)
	// header returns the index of the first bytes in b that look like the
	// header of a member, or -1.
	header(b []byte) int
	// follows reports whether a member that begins with head, of headerBytes
	// or less, can stand behind another one.
	follows(head []byte) bool
}

// A sumMark is an error of a Read that is none: it stands before the content of a
// member and behind it, for one who reads that later and checks it.
type sumMark struct {
	offset int64  // of the mark, in the compressed bytes
	sum    []byte // that the content since the last mark should have; nil for none
}

func (*sumMark) Error() string { return "a mark among the bytes" }

// headerBytes is the number of bytes that decoder.header needs to tell.
const headerBytes = 4

// A salvage reads the members that follow each other on a tape, and goes on
// behind what is damaged: behind a bad checksum with the next member, else at
// the next place that looks like the beginning of one.
type salvage struct {
	tape *tape
	dec  decoder

	inside bool  // dec is within a member
	start  int64 // where that member begins
	some   bool  // there was a member
	err    error // of dec, to be handled before the next Read
}

// errNoHeader is the damage where a member should begin and does not.
var errNoHeader = errors.New("no header where one should be")

func (s *salvage) Read(p []byte) (int, error) {
	for {
		if err := s.err; err != nil {
			s.err = nil
			if err != io.EOF {
				return 0, s.resync(err)
			}
			s.inside = false
			s.dec.unread(s.tape)
		}
		if !s.inside {
			if err := s.begin(); err != nil {
				return 0, err
			}
		}
		var n int
		if n, s.err = s.dec.Read(p); n > 0 {
			return n, nil
		}
		if m, ok := s.err.(*sumMark); ok {
			s.err = nil
			return 0, m
		}
	}
}

// begin starts on the next member. It returns io.EOF if there is none, and the
// damage if there is something else.
func (s *salvage) begin() error {
	head := s.tape.peek(headerBytes)
	s.start = s.tape.offset()
	if s.some && isPadding(head) {
		if s.skipPadding(); len(s.tape.peek(1)) > 0 {
			return s.resync(errNoHeader)
		}
		head = nil
	}
	if len(head) == 0 {
		if err := s.tape.take(); err != io.EOF {
			return s.resync(err)
		}
		return io.EOF
	}
	if s.some && !s.dec.follows(head) {
		return s.resync(errNoHeader)
	}
	s.some, s.inside = true, true
	if err := s.dec.begin(s.tape); err != nil {
		return s.resync(err)
	}
	return nil
}

// skipPadding uses up the NUL bytes that fill up the last block of a medium,
// if nothing else is left.
func (s *salvage) skipPadding() {
	for len(s.tape.peek(1)) > 0 && isPadding(s.tape.buf[s.tape.pos:]) {
		s.tape.seek(s.tape.end())
	}
}

// isPadding tells whether all of b is NUL bytes.
func isPadding(b []byte) bool { return len(bytes.TrimLeft(b, "\x00")) == 0 }

// resync returns the error to report for err, with the tape at the place to
// read on from.
func (s *salvage) resync(err error) error {
	s.dec.unread(s.tape)
	s.inside = false
	here := s.tape.offset()
	mark := damageAt(here, s.tape, err)
	if _, passing := mark.(*damage); !passing {
		return mark
	}
	if s.dec.follows(s.tape.peek(headerBytes)) && here > s.start {
		return mark
	}
	s.tape.restart(s.start + 1)
	s.tape.find(headerBytes, s.dec.header)
	return mark
}

// noEOF is the error for an end that comes too early.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
