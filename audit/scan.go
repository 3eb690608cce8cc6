package audit

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/evictlog/evictlog/audit/fields"
	"github.com/evictlog/evictlog/audit/internal/lines"
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
	stats         *Stats
	yield         func(Event, error) bool
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
	return open(name, in, 0, func(name string, in io.Reader) error {
		return j.plain(name, in, span{})
	})
}

// plain reads a log that is in no container. The first byte of in is that
// before sp.from, if there is one.
func (j *job) plain(name string, in io.Reader, sp span) error {
	s := &scan{job: j, file: name, span: sp, head: -1, last: -1}
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
		s.head = sniff(start)
		s.start = bytes.Clone(start[:min(len(start), headBytes)])
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

	head  int    // index of the form of the first line, or -1
	last  int    // index of the form of the last line that had one, or -1
	other bool   // the last line is of another stream
	found bool   // there was an event
	gaps  []gap  // to be reported
	seen  string // what the first line that could not be read is

	ev       Event           // on its way to the caller
	identity [2]fields.Value // of the last text that was looked at
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

// lines reads all lines. The error is nil at the end, errStopped if the caller
// wants no more, an [*EventError] that concerns the rest of the file, or the
// cause of ctx.
func (s *scan) lines() error {
	for {
		if s.unchecked && !s.quick() {
			return errStopped
		}
		if s.behind() {
			return s.end()
		}
		p, err := s.in.Next()
		if mark, ok := err.(*damage); ok {
			if !s.broken(mark) {
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

// behind tells whether the next line begins behind the span.
func (s *scan) behind() bool {
	offset, _ := s.in.Place()
	return s.span.to > 0 && s.in.First() && offset >= s.span.to
}

// stop ends the reading because of err, which the input gave.
func (s *scan) stop(err error) error {
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
		return s.bad(p, ErrTooLong)
	}
	if p.First && bytes.HasPrefix(p.Text, bom) {
		s.blank(lines.Piece{Offset: p.Offset}, int64(len(bom)))
		p.Text = p.Text[len(bom):]
		p.Offset += int64(len(bom))
		p.Size -= int64(len(bom))
	}
	text := bytes.Trim(p.Text, blanks)
	if len(text) == 0 {
		s.blank(p, p.Size)
		return true
	}
	if s.canSkip(text) && p.End == lines.Newline {
		if !s.report() {
			return false
		}
		s.stats.Skipped.Count++
		s.count(&s.stats.Skipped, p, p.Size)
		return true
	}
	return s.line(p, text)
}

// canSkip tells whether line has been proved not to be needed. Until there was
// an event nothing is: a file without any must not pass for one that was read.
// The proof holds for all forms that there are, since each has the event as it
// is on its line.
func (s *scan) canSkip(line []byte) bool {
	if s.strict || !s.found {
		return false
	}
	for i := range s.literals {
		if s.literals[i].absent(line) {
			return true
		}
	}
	return false
}

// line reads a line: text is p's, without the blanks around it.
func (s *scan) line(p lines.Piece, text []byte) bool {
	payload, logged, index := fit(text, s.last)
	if index >= 0 {
		s.last = index
		payload = bytes.Trim(payload, blanks)
	}
	if s.unchecked && p.End == lines.Newline && s.looksLikeEvent(payload) {
		return s.event(p, payload, logged)
	}
	reason := recognize(payload)
	if reason == nil && s.strict && repeats(payload) {
		reason = errRepeated
	}
	if reason == nil {
		return s.event(p, payload, logged)
	}
	continues := index < 0 && s.other && s.head >= 0 && forms[s.head].multiline
	if s.other = continues || isOther(payload); s.other {
		s.stats.Other.Count++
		s.count(&s.stats.Other, p, p.Size)
		return true
	}
	if reason == ErrNotJSON && p.End != lines.Newline && isCut(payload) {
		reason = ErrCut
	}
	if s.seen == "" {
		s.seen = describe(s.start, payload)
	}
	return s.bad(p, reason)
}

// event gives an event to the caller.
func (s *scan) event(p lines.Piece, payload []byte, logged time.Time) bool {
	if !s.report() {
		return false
	}
	s.found, s.other = true, false
	// The payload is a part of the text: their capacities tell where.
	s.ev = Event{
		Raw:    payload,
		Group:  s.group,
		Stream: s.stream,
		Pos:    Pos{File: s.file, Line: s.lineIn(p.Line), Offset: p.Offset + int64(cap(p.Text)-cap(payload))},
		Logged: logged,
	}
	if s.wanted != nil && !s.wanted(&s.ev) {
		s.stats.Skipped.Count++
		s.count(&s.stats.Skipped, p, p.Size)
		return true
	}
	size := int64(len(payload))
	s.stats.Events.Count++
	s.count(&s.stats.Events, p, size)
	if rest := p.Size - size; rest > 0 {
		s.stats.Wrapping.Count++
		s.count(&s.stats.Wrapping, lines.Piece{}, rest)
	}
	return s.yield(s.ev, nil)
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
	s.count(&s.stats.Blank, p, size)
	if last := s.lastGap(); last != nil && last.end == p.Offset {
		last.end += size
	}
}

// count counts size bytes of p, and its line if the line begins in p, as t.
func (s *scan) count(t *Tally, p lines.Piece, size int64) {
	if p.First {
		s.stats.Lines++
		t.Lines++
	}
	s.stats.Bytes += size
	t.Bytes += size
}
