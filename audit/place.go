package audit

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
)

// counted is what is known of the lines of one file.
type counted struct {
	// before[i] is how many newlines stand before the byte i*markEvery.
	before []int
}

// markEvery is the distance of the places in a file whose lines are remembered.
const markEvery = 1 << 20

// countBytes is how much is read at once to count its lines. The distance of
// the marks is a multiple of it.
const countBytes = 64 << 10

// Line returns the number of the line in which a place of a plain file stands.
// Events have one of their own, unless they come from a [Part] that begins
// inside a file.
//
// It counts the lines before the place. What it has counted it remembers: to
// ask for many places of one file takes little longer than to ask for the last.
// A file may grow between the calls, but not change. A place behind the end of
// the file is an error.
func (a *Archive) Line(p Pos) (int, error) {
	if p.Line > 0 {
		return p.Line, nil
	}
	a.counting.Lock()
	defer a.counting.Unlock()
	if a.marks == nil {
		a.marks = make(map[string]*counted)
	}
	c := a.marks[p.File]
	if c == nil {
		c = &counted{before: []int{0}}
		a.marks[p.File] = c
	}
	f, err := a.FS.Open(p.File)
	if err != nil {
		return 0, fileError(p.File, err)
	}
	defer f.Close()
	line, err := c.line(f, max(p.Offset, 0))
	if err != nil {
		return 0, fileError(p.File, err)
	}
	return line, nil
}

// line returns the number of the line in which the offset of a file stands. It
// counts from the last mark before the offset, and sets the marks that it
// passes.
func (c *counted) line(f fs.File, offset int64) (int, error) {
	mark := min(int(offset/markEvery), len(c.before)-1)
	rest := offset - int64(mark)*markEvery
	err := skip(f, offset-rest)
	n := c.before[mark]
	buf := make([]byte, min(rest, countBytes))
	for err == nil && rest > 0 {
		var got int
		got, err = io.ReadFull(f, buf[:min(rest, countBytes)])
		n += bytes.Count(buf[:got], []byte{'\n'})
		rest -= int64(got)
		if at := offset - rest; err == nil && at == int64(len(c.before))*markEvery {
			c.before = append(c.before, n)
		}
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = fmt.Errorf("it ends before byte %d: %w", offset, io.ErrUnexpectedEOF)
	}
	return n + 1, err
}
