package audit

import (
	"bytes"
	"fmt"
	"io"
)

// counted is what is known of the lines of one file.
type counted struct {
	// before[i] is how many newlines stand before the byte i*markEvery.
	before []int
}

// markEvery is the distance of the places in a file whose lines are remembered.
const markEvery = 1 << 20

// Line returns the number of the line in which a place of a plain file stands.
// Events have one of their own, unless they come from a [Part] that begins
// inside a file.
//
// It counts the lines before the place. What it has counted it remembers: to
// ask for many places of one file takes little longer than to ask for the last.
func (a *Archive) Line(p Pos) (int, error) {
	if p.Line > 0 {
		return p.Line, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
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
	mark := min(int(p.Offset/markEvery), len(c.before)-1)
	if err := skip(f, int64(mark)*markEvery); err != nil {
		return 0, fileError(p.File, err)
	}
	line, err := c.count(f, p.Offset, mark)
	if err != nil {
		return 0, fileError(p.File, err)
	}
	return line, nil
}

// count counts the lines up to the offset, from the numbered mark, at which r
// stands, and sets the marks that it passes.
func (c *counted) count(r io.Reader, offset int64, mark int) (int, error) {
	buf := make([]byte, markEvery)
	n := c.before[mark]
	for {
		rest := offset - int64(mark)*markEvery
		got, err := io.ReadFull(r, buf[:min(rest, markEvery)])
		n += bytes.Count(buf[:got], []byte{'\n'})
		if rest < markEvery {
			if int64(got) < rest {
				return 0, fmt.Errorf("it has no byte %d: %w", offset, io.ErrUnexpectedEOF)
			}
			return n + 1, nil
		}
		if err != nil {
			return 0, err
		}
		if mark++; mark == len(c.before) {
			c.before = append(c.before, n)
		}
	}
}
