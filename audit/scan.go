package audit

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/evictlog/evictlog/audit/fields"
	"github.com/evictlog/evictlog/audit/internal/lines"
	"github.com/evictlog/evictlog/audit/internal/values"
)

// A job is what one walk over a log was asked for, and where its events go.
type job struct {
	ctx           context.Context
	group, stream string
	maxBytes      int       // longest line
	strict        bool      // nothing is to be left out
	literals      []literal // these and what follows are of [Need]
	wanted        func(*Event) bool
	refuses       func([]byte) bool
	unchecked     bool
	unpacked      meter
	ahead         bool // the input is there in full, so that it may be read ahead
	stats         *Stats
	yield         func(Event, error) bool
	notes         *notes // for a summary, or nil
}

// errStopped says that the caller's loop has ended. It never reaches a caller.
var errStopped = errors.New("the loop has ended")

// A span is the range of a plain file to read: the lines that begin at or
// behind from and before to; a to of 0 means up to the end. linesBefore counts
// the lines that end before from. The zero span is the whole file.
type span struct {
	from, to    int64
	linesBefore func() int
}

// all reads a log from its beginning: off with the containers, then the lines.
// The error is as in scan.lines, or says why a container could not be opened.
func (j *job) all(name string, in io.Reader) error {
	return open(name, &stored{r: in, meter: &j.unpacked}, 0, outlet{
		stream: func(name string, in io.Reader) error { return j.plain(name, in, span{}) },
		failed: j.failed,
		meter:  &j.unpacked,
		notes:  j.notes,
		ahead:  j.ahead,
	})
}

// plain reads a log that is in no container. The first byte of in is that
// before sp.from, if there is one.
func (j *job) plain(name string, in io.Reader, sp span) error {
	defer j.notes.begin(j, name)()
	s := &scan{job: j, file: name, span: sp}
	if s.stream = exportStream(name); s.stream == "" {
		s.stream = j.stream
	}
	s.in = lines.NewReader(ctxReader{j.ctx, in}, j.maxBytes, max(sp.from-1, 0))
	defer s.in.Release()
	if sp.from > 0 {
		if err := s.skipLine(); err != nil {
			return s.stop(err)
		}
	} else {
		start := s.in.Peek(sniffBytes)
		if line, _ := firstLine(start); len(line) > 0 {
			s.head = s.fit(line, &message{})
		}
		s.joins = needsLook(start)
		s.start = bytes.Clone(start[:min(len(start), headBytes)])
		if seen, ok := asBinary(s.start); ok {
			s.seen = seen
			return s.refuseAll()
		}
	}
	return s.lines()
}

// A ctxReader is a reader that fails with the cause when ctx is done.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c ctxReader) Read(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.r.Read(p)
}

// A scan is the reading of one plain file, or of a range of one.
type scan struct {
	*job
	file, stream string
	span         span
	in           *lines.Reader
	start        []byte // the first bytes of the file

	head     *form    // of the first line, or nil
	last     *form    // of the last line that had one, or nil
	joins    bool     // lines that pass for events need a look inside
	cutOff   bool     // the last value lacks its end
	appended bool     // behind plain lines, compressed ones were found
	again    bool     // the line is several values, and is to be read as such
	prefix   int      // bytes of it to be used up before
	other    bool     // the last line is of another stream
	impacted impacted // what the last lines of another stream say of lost events
	found    bool     // there was an event
	gaps     []gap    // to be reported
	seen     sight    // what the first line that could not be read is

	ev       Event           // on its way to the caller
	identity [2]fields.Value // of the last text that was looked at

	unit    unit                // that is being read
	parts   map[string]*partial // messages that are not complete, by channel
	waiting int                 // bytes that are held of them
	held    *held               // a head of an event, or nil
	ahead   *message            // what is known of the next message, or nil
	table   *table              // whose rows are being read, or nil
	// What reading a message needs, by the number of envelopes around it.
	messages [maxEnvelopes + 3]message
	scratch  [maxEnvelopes + 3][]byte
	objects  [maxEnvelopes + 3]object
	scanner  values.Scanner
	vain     int64  // bytes that were looked at as values and are none
	begin    []byte // how the last value on several lines, or within one, began
}

// skipLine skips the end of the line that begins before the span.
func (s *scan) skipLine() error {
	for {
		p, err := s.in.Skip()
		if err != nil || p.Kind != lines.Hole && p.End == lines.Newline {
			return err
		}
	}
}

// lines reads all lines, and the values that stand on several. The error is nil
// at the end, errStopped if the caller wants no more, an [*EventError] that
// concerns the rest of the file, or the cause of ctx.
func (s *scan) lines() error {
	for {
		if s.unchecked && !s.joins && s.held == nil && !s.quick() {
			return errStopped
		}
		if s.behind() {
			return s.end()
		}
		if s.beginsEntry() {
			if !s.entry() {
				return errStopped
			}
			continue
		}
		if s.beginsValue() {
			done, more := s.value()
			if !done && !s.in.First() {
				more = s.resync()
			}
			if !more {
				return errStopped
			}
			if done || !s.in.First() {
				continue
			}
		}
		p, err := s.in.Next()
		if mark, ok := err.(*damage); ok {
			if !s.damaged(mark) {
				return errStopped
			}
			continue
		}
		if err != nil {
			return s.stop(err)
		}
		if !s.piece(p) {
			return errStopped
		}
	}
}

// refuseAll reads a file that is known to be no text, without looking for events
// in it. The error is as in lines.
func (s *scan) refuseAll() error {
	for {
		p, err := s.in.Skip()
		mark, damaged := err.(*damage)
		switch {
		case damaged && !s.damaged(mark):
			return errStopped
		case damaged:
		case err != nil:
			return s.stop(err)
		case p.Kind == lines.Hole:
			s.blank(p, p.Size)
		case !s.skipped(p, ErrNotEvent):
			return errStopped
		}
	}
}

// beginsValue tells whether what comes next is to be read as a value, and not
// as a line: what stands within a line, and very long lines.
func (s *scan) beginsValue() bool {
	if s.ranged() || !s.tries() {
		return false
	}
	var head []byte
	if s.in.First() {
		if head, _ = s.in.Line(); len(head) < lines.HeadSize {
			return false
		}
	} else {
		head = bytes.TrimLeft(s.in.Peek(16), blanks)
	}
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	if head[0] == '[' && !s.in.First() { // some forms of lines begin so, here behind NUL bytes
		line, _ := firstLine(s.in.Peek(headBytes))
		return s.fit(line, &message{}) == nil
	}
	return true
}

// behind tells whether the next line begins behind the span.
func (s *scan) behind() bool {
	offset, _ := s.in.Place()
	return s.span.to > 0 && s.in.First() && offset >= s.span.to
}

// stop ends the reading because of err, which the input gave.
func (s *scan) stop(err error) error {
	if !s.flush() || !s.settle() {
		return errStopped
	}
	if err == io.EOF {
		return s.end()
	}
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	offset, line := s.in.Place()
	g := gap{pos: s.pos(offset, line)}
	if last := s.lastGap(); last != nil && last.end == offset && !last.broken {
		g = *last // the line that is cut here
		s.gaps = s.gaps[:len(s.gaps)-1]
	}
	g.err = bare(err)
	if !s.report() {
		return errStopped
	}
	s.stats.Damaged.Count++
	return g.error()
}

// piece reads one piece. It reports whether the caller wants more.
func (s *scan) piece(p lines.Piece) bool {
	switch p.Kind {
	case lines.Hole:
		s.blank(p, p.Size)
		return true
	case lines.Long:
		return s.settle() && s.skipped(p, ErrTooLong)
	}
	if p.First && bytes.HasPrefix(p.Text, bom) {
		s.blank(lines.Piece{Offset: p.Offset}, int64(len(bom)))
		p.Text = p.Text[len(bom):]
		p.Offset += int64(len(bom))
		p.Size -= int64(len(bom))
	}
	text := bytes.Trim(p.Text, blanks)
	switch {
	case len(text) == 0:
		s.blank(p, p.Size)
		return true
	case p.First && bytes.HasPrefix(text, gzipMagic) && !s.ranged() && !s.appended:
		s.appended = true
		s.in.Back(p)
		s.in.Switch(s.unpackRest)
		return true
	}
	return s.line(p, text)
}

// line reads a line: text is p's, without the blanks around it.
func (s *scan) line(p lines.Piece, text []byte) bool {
	if s.table != nil {
		if done, more := s.inTable(&p); done {
			return more
		}
		text = bytes.Trim(p.Text, blanks)
	}
	m := message{text: bytes.TrimRight(p.Text, "\r")}
	alone := bytes.HasPrefix(text, eventHead) && text[len(text)-1] == '}'
	if (text[0] == '{' || text[0] == '[') && !alone && !s.ranged() && s.tries() {
		n, st := s.scanner.All(text)
		if m.valid = st == values.Done && n == len(text); !m.valid {
			s.in.Back(p)
			if done, more := s.value(); done {
				return more
			}
			p, _ = s.in.Next() // the same once more
			m.text = bytes.TrimRight(p.Text, "\r")
		}
	}
	more := s.readUnit(lineUnit(p), m)
	if s.again {
		s.again = false
		s.in.Back(p)
		s.usePrefix()
		_, more = s.value()
	}
	return more
}

// skipped counts a piece that could not be read.
func (s *scan) skipped(p lines.Piece, reason error) bool {
	u := lineUnit(p)
	s.count(&s.stats.Damaged, u.lines, u.size)
	return s.bad(u.offset, u.line, u.size, u.lines, reason)
}

// lineIn is the number of a line of the file, of which the input knows the
// number in what it reads; 0 if it is not known.
func (s *scan) lineIn(line int) int {
	if s.span.from > 0 {
		return 0
	}
	return line
}

// blank counts size bytes of p that mean nothing.
func (s *scan) blank(p lines.Piece, size int64) {
	s.stats.Blank.Count++
	s.count(&s.stats.Blank, lineUnit(p).lines, size)
	if last := s.lastGap(); last != nil && last.end == p.Offset {
		last.end += size
	}
}

// count counts bytes, and the lines that begin in them, as t.
func (s *scan) count(t *Tally, lines, bytes int64) {
	s.stats.Lines += lines
	t.Lines += lines
	s.stats.Bytes += bytes
	t.Bytes += bytes
}
