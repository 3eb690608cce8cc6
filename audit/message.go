package audit

import (
	"bytes"
	"time"

	"github.com/evictlog/evictlog/audit/fields"
	"github.com/evictlog/evictlog/audit/internal/lines"
)

// A message is a text that was logged once, and what its envelope says about
// it. The forms turn what stands in a file into messages, and what a message
// holds is looked at again: it is an event, or another envelope.
type message struct {
	text []byte // without blanks around it
	full []byte // with them, but for line ends

	group, stream    string // empty if no envelope told them
	id               string
	logged, ingested time.Time

	// channel names the output that the text comes from, and more says that
	// its rest follows in a later message with the same channel: see
	// parts.go.
	channel string
	more    bool
	// joined is the channel of which the text holds all parts that there are.
	joined string
	// fault is why there is no text to be read, although the form is clear.
	fault error

	// columns are the names of the elements of the text, if it is a row of a
	// table as a JSON array.
	columns []string

	// control says that the text is of the log service, and no logged one.
	control bool
	// cut says that the envelope shows that the end of the text is missing, if
	// it turns out to have none.
	cut bool
	// foreign says that the text is of another stream, unless it is an event.
	foreign bool
	// ahead says that a line has no text, but what it says is of the message
	// that comes next.
	ahead bool
	// packed says that the text is base64, and may be in containers.
	packed bool

	// mapped is the name of the form that made the text of what it tells, or
	// empty: see [Event.Mapped].
	mapped string

	// at is the offset in the file of the text, or of what it was made from if
	// copied is set, which says that the text is no part of the file.
	at     int64
	copied bool

	valid   bool // the text is known to be valid JSON
	spoiled bool // what it stands in is not
	depth   int  // envelopes around it
}

// maxEnvelopes is how many envelopes there may be around each other. Firehose,
// subscription, wrapper of a container and prefix are four.
const maxEnvelopes = 10

// A unit is a stretch of a file that is read at once: a line, an item of a
// document, a value. All of its bytes and lines are counted when it has been
// read: those of the messages in it as what they are, the others as wrapping.
type unit struct {
	text         []byte // nil if the unit is put together of several stretches
	offset, size int64
	line         int
	lines        int64 // that begin in it
	end          lines.End
	// several says that there may be more than one message in it. Otherwise
	// what its one message is, all of it is.
	several bool
	spent   *Tally // that was counted last
}

// lineUnit is the unit of a piece of the input.
func lineUnit(p lines.Piece) unit {
	u := unit{text: p.Text, offset: p.Offset, size: p.Size, line: p.Line, end: p.End}
	if p.First {
		u.lines = 1
	}
	return u
}

// spend counts n bytes of the unit that is being read as t, or what is left of
// it, and its lines with the first of them.
func (s *scan) spend(t *Tally, n int64) (bytes, lines int64) {
	bytes, lines = min(n, s.unit.size), s.unit.lines
	s.count(t, lines, bytes)
	s.unit.size -= bytes
	s.unit.lines = 0
	s.unit.spent = t
	return bytes, lines
}

// share is spend for a message in the unit: all of it, if it is the only one.
func (s *scan) share(t *Tally, m *message) (bytes, lines int64) {
	if !s.unit.several {
		return s.spend(t, s.unit.size)
	}
	return s.spend(t, int64(len(m.text)))
}

// readUnit reads the messages in a unit, of which m is the outermost. It reports
// whether the caller wants more.
func (s *scan) readUnit(u unit, m message) bool {
	s.unit = u
	if h := s.ahead; h != nil {
		m.group, m.stream, m.id, m.logged, m.ingested = h.group, h.stream, h.id, h.logged, h.ingested
		s.ahead = nil
	}
	m.at = u.offset + int64(cap(u.text)-cap(m.text))
	s.messages[0] = m
	more := s.read(&s.messages[0])
	s.finish()
	return more
}

// finish counts what is left of the unit.
func (s *scan) finish() {
	if s.unit.size == 0 && s.unit.lines == 0 {
		return
	}
	t := &s.stats.Wrapping
	if s.unit.spent == nil || s.unit.spent == &s.stats.Events {
		t.Count++
	}
	s.spend(t, s.unit.size)
}

// read reads a message, whatever it holds. It reports whether the caller wants
// more.
func (s *scan) read(m *message) bool {
	text := bytes.Trim(m.text, spaces)
	m.at = s.offsetOf(m, text)
	m.full, m.text = bytes.TrimRight(m.text, "\r\n"), text
	switch {
	case len(m.text) == 0:
		return true
	case m.depth > maxEnvelopes:
		return s.refuse(m, ErrNotEvent)
	case m.control:
		s.stats.Control++
		return s.others(m)
	}
	if s.held != nil {
		if done, more := s.continued(m); done {
			return more
		}
	}
	switch m.text[0] {
	case '{':
		return s.object(m)
	case '[':
		return s.array(m)
	case '"':
		return s.quoted(m)
	}
	return s.words(m)
}

// inside is the message in m, of which the text is still to be set. It is memory
// of the scan, so that reading allocates nothing.
func (s *scan) inside(m *message) *message {
	in := &s.messages[m.depth+1]
	*in = *m
	in.depth++
	in.valid = false
	in.channel, in.more, in.cut = "", false, false
	in.columns, in.mapped = nil, ""
	in.fault = nil
	in.ahead, in.packed = false, false
	return in
}

// take makes the JSON value raw, a part of m, the text of in: a string without
// its quotes and escapes, anything else as it is.
func (s *scan) take(m, in *message, raw []byte) {
	in.text = raw
	if raw[0] == '"' {
		in.text = raw[1 : len(raw)-1]
	}
	if !in.copied {
		in.at = s.offsetOf(m, raw)
	}
	if raw[0] != '"' {
		return
	}
	if bytes.IndexByte(in.text, '\\') < 0 {
		if !in.copied {
			in.at = s.offsetOf(m, in.text)
		}
		return
	}
	v := fields.Value{Kind: fields.String, Raw: in.text, Escaped: true}
	in.text = v.AppendText(s.scratch[m.depth][:0])
	s.scratch[m.depth] = in.text
	in.copied = true
}

// blanksBehind returns the number of blanks that follow part, a part of the text
// of m, and were trimmed: they belong to it.
func (m *message) blanksBehind(part []byte) int {
	end := cap(m.text) - len(m.text)
	if len(part) == 0 || cap(part)-len(part) != end || len(m.full) < len(m.text) {
		return 0
	}
	return end - (cap(m.full) - len(m.full))
}

// offsetOf returns the offset in the file of a part of m, or the nearest that is
// known.
func (s *scan) offsetOf(m *message, part []byte) int64 {
	if m.copied {
		return m.at
	}
	return m.at + int64(cap(m.text)-cap(part)) // their capacities tell where
}

// place is the place of m.
func (s *scan) place(m *message) Pos {
	line := s.unit.line
	if n := m.at - s.unit.offset; s.unit.text != nil && n > 0 {
		line += bytes.Count(s.unit.text[:min(n, int64(len(s.unit.text)))], []byte{'\n'})
	}
	return Pos{File: s.file, Line: line, Offset: m.at}
}

// event gives an event to the caller.
func (s *scan) event(m *message) bool { return s.eventCut(m, false) }

// eventCut gives an event to the caller, of which the log service may have cut
// off the end.
func (s *scan) eventCut(m *message, cut bool) bool {
	if !s.settle() || !s.report() {
		return false
	}
	s.found, s.other = true, false
	pos := s.place(m)
	pos.Line = s.lineIn(pos.Line)
	s.ev = Event{
		Raw: m.text, Pos: pos, Group: s.group, Stream: s.stream,
		Logged: m.logged, Ingested: m.ingested, ID: m.id, Cut: cut, Mapped: m.mapped,
	}
	if m.group != "" {
		s.ev.Group = m.group
	}
	if m.stream != "" {
		s.ev.Stream = m.stream
	}
	if s.wanted != nil && !s.wanted(&s.ev) {
		s.stats.Skipped.Count++
		s.share(&s.stats.Skipped, m)
		return true
	}
	if m.depth == 0 {
		s.notes.form(jsonLinesName)
	}
	s.stats.Events.Count++
	if cut {
		s.stats.Cut++
	}
	s.spend(&s.stats.Events, int64(len(m.text)))
	if !s.unit.several {
		s.finish()
	}
	return s.yield(s.ev, nil)
}

// others takes in a message of another stream.
func (s *scan) others(m *message) bool {
	if !s.settle() {
		return false
	}
	s.other = true
	s.notes.other(s, m)
	s.impacted.other(m.text)
	s.stats.Other.Count++
	s.share(&s.stats.Other, m)
	return true
}

// refuse takes in a message that could not be read.
func (s *scan) refuse(m *message, reason error) bool {
	if !s.settle() {
		return false
	}
	if (m.foreign || s.isForeign(m, reason)) && !bytes.HasPrefix(m.text, eventHead) {
		return s.others(m)
	}
	if m.spoiled {
		reason = ErrNotJSON
	}
	if s.seen.what == "" {
		s.seen = describe(s.start, m.text, s.unit.text)
	}
	s.other = false
	u := s.unit
	if u.several {
		pos := s.place(m)
		u.offset, u.line = pos.Offset, pos.Line
	}
	n, lines := s.share(&s.stats.Damaged, m)
	return s.bad(u.offset, u.line, n, lines, reason)
}
