package audit

import (
	"io"
)

// A bundle is the reading of a container that holds files.
type bundle struct {
	outlet
	name  string
	tape  *tape
	start int64 // where the header of the file begins
	some  bool  // there was a file
}

// file reads the file called name, up to its end.
func (b *bundle) file(name string, r io.Reader) error {
	b.some = true
	full, hidden := memberName(b.name, name)
	if !hidden {
		if err := b.member(full, r); err != nil {
			return err
		}
	}
	for { // what nobody wanted
		_, err := io.Copy(io.Discard, r)
		if _, passing := err.(*damage); !passing {
			return err
		}
		if err := b.failed(full, err); err != nil {
			return err
		}
	}
}

// refuse reports a file that is not read.
func (b *bundle) refuse(name string, reason error) error {
	b.some = true
	full, hidden := memberName(b.name, name)
	if hidden {
		return nil
	}
	return b.failed(full, reason)
}

// skip uses up n bytes.
func (b *bundle) skip(n int64) error {
	err := b.tape.discard(n)
	if err == nil {
		return nil
	}
	return b.report(err)
}

// report reports damage that is in no file. An input that cannot be read on is
// an error.
func (b *bundle) report(err error) error {
	mark := damageAt(b.tape.offset(), b.tape, err)
	if _, passing := mark.(*damage); !passing {
		return mark
	}
	return b.failed(b.name, mark)
}

// resync reports damage where a header should be, and goes on at the next one.
func (b *bundle) resync(err error, size int, header func([]byte) int) error {
	if err := b.report(err); err != nil {
		return err
	}
	b.tape.restart(b.start + 1)
	b.tape.find(size, header)
	return nil
}

// atEnd uses up what fills up the end, and reports whether there is no more.
func (b *bundle) atEnd() bool {
	for {
		next := b.tape.peek(tapeChunk)
		if len(next) == 0 {
			return b.tape.err == io.EOF
		}
		for i, c := range next {
			if c != 0 {
				b.tape.discard(int64(i))
				return false
			}
		}
		b.tape.discard(int64(len(next)))
	}
}

// end is the error for a bundle that was read, or nil.
func (b *bundle) end() error {
	if !b.some {
		return errNoFile
	}
	return nil
}
