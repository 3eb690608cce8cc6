package audit

import (
	"bytes"

	"github.com/evictlog/evictlog/audit/internal/lines"
	"github.com/evictlog/evictlog/audit/internal/values"
)

// cutMark is what the log service puts at the end of a message that it cut.
// Source: falcosecurity/plugins#299; aws/amazon-cloudwatch-agent, default of
// truncate_suffix.
var cutMark = []byte("[Truncated...]")

// A held is the head of an event that was cut, while it is not known whether the
// next message is the rest of it.
type held struct {
	message
	unit
	reason error // why it is no event, if it stays alone
	marked bool  // it has the mark of the log service, now taken off
}

// broken reads a message that begins like a JSON object and is none: the head of
// an event that was cut, or several values in one text.
func (s *scan) broken(m *message) bool {
	head, marked := bytes.CutSuffix(m.text, cutMark)
	n, st := s.scanner.All(head)
	switch {
	case st == values.Done && m.depth == 0 && !s.unit.several && !s.ranged() && s.tries():
		s.unit, s.again = unit{}, true
		return true
	case st == values.Done && n < len(head), st == values.Bad && findHead(m.text[1:]) >= 0:
		return s.split(m)
	case st != values.More:
		return s.fragment(m, ErrNotJSON)
	case !marked && !m.cut && s.unit.end != lines.Newline && !s.unit.several:
		return s.refuse(m, ErrCut)
	}
	h := &held{message: *m, reason: ErrNotJSON, marked: marked}
	if !marked {
		head = head[:len(head)+m.blanksBehind(head)]
	}
	h.message.text = head
	if s.ranged() {
		h.unit = s.unit
		return s.alone(h)
	}
	if !s.settle() {
		return false
	}
	h.unit = s.portion(m)
	h.message.text = bytes.Clone(head)
	h.copied = true
	s.held = h
	return true
}

// portion takes what is m off the unit that is being read.
func (s *scan) portion(m *message) unit {
	u := s.unit
	if !u.several {
		u.text = nil
		s.unit = unit{}
		return u
	}
	p := unit{offset: m.at, line: s.place(m).Line, size: min(int64(len(m.text)), u.size), lines: u.lines, end: u.end}
	s.unit.size -= p.size
	s.unit.lines = 0
	return p
}

// ranged reports whether only a range of the file is read.
func (s *scan) ranged() bool { return s.span.from > 0 || s.span.to > 0 }

// alone reads the head of an event whose rest is lost. What is complete in it is
// given, if the log service or the envelope says that it was cut.
func (s *scan) alone(h *held) bool {
	m := h.message
	if mended, ok := values.Mend(nil, m.text); (h.marked || h.cut) && ok && recognize(mended) == nil {
		m.text = mended
		return s.eventCut(&m, true)
	}
	return s.refuse(&m, h.reason)
}

// settle reads the head that is held, if there is one, because what comes next
// is not its rest. It reports whether the caller wants more.
func (s *scan) settle() bool {
	h := s.held
	if h == nil {
		return true
	}
	s.held = nil
	unit := s.unit
	s.unit = h.unit
	more := s.alone(h)
	s.finish()
	s.unit = unit
	return more
}

// continued reads a message that may be the rest of the event whose head is
// held: it stands as deep, is of the same stream, and the two make an event. If
// the log service marked the head, some of what stood there is lost, so that
// the rest is of no use. done is false if it is no rest.
func (s *scan) continued(m *message) (done, more bool) {
	h := s.held
	if m.depth != h.depth || m.stream != h.stream || len(m.full)+len(h.message.text) > s.maxBytes || isOther(m.text) {
		return false, true
	}
	var whole []byte
	if !h.marked {
		whole = append(bytes.Clone(h.message.text), m.full...)
	}
	fits := !h.marked && recognize(whole) == nil
	rest := h.marked && bytes.IndexByte([]byte(`{["`), m.text[0]) < 0 && findHead(m.text) < 0
	if !fits && !rest {
		return false, true
	}
	u := s.portion(m)
	h.unit.size += u.size
	h.unit.lines += u.lines
	if !fits {
		return true, s.settle()
	}
	s.held = nil
	outer := s.unit
	s.unit = h.unit
	joined := h.message
	joined.text = whole
	more = s.event(&joined)
	s.finish()
	s.unit = outer
	return true, more
}

// fragment reads what stands between two events on one line and is none: the
// head of one that was cut, and perhaps its rest, with a tab between them.
func (s *scan) fragment(m *message, reason error) bool {
	text, cut := mendFragment(m.text)
	if text == nil {
		return s.refuse(m, reason)
	}
	m.text, m.copied = text, true
	return s.eventCut(m, cut)
}

// mendFragment returns the event that a fragment is, and whether it lacks
// something, or nil.
func mendFragment(text []byte) (event []byte, cut bool) {
	if head, _, marked := bytes.Cut(text, cutMark); marked {
		mended, ok := values.Mend(nil, head)
		if ok && recognize(mended) == nil {
			return mended, true
		}
		return nil, false
	}
	whole := bytes.ReplaceAll(text, []byte{'\t'}, nil)
	if len(whole) < len(text) && recognize(whole) == nil {
		return whole, false
	}
	return nil, false
}

// split reads the values in a text that follow each other, with blanks, commas
// or nothing between them. What is none is left out up to the next event.
func (s *scan) split(m *message) bool {
	s.unit.several = true
	spoiled := !s.isSequence(m.text)
	rest := m.text
	for {
		rest = bytes.TrimLeft(rest, spaces+",")
		if len(rest) == 0 {
			return true
		}
		in := s.inside(m)
		in.at = s.offsetOf(m, rest)
		n, st := 0, values.Bad
		if s.tries() {
			n, st = s.scanner.All(rest)
		}
		if st == values.Done && n > 0 && bytes.IndexByte([]byte(`{["`), rest[0]) >= 0 {
			in.text, in.valid, in.spoiled = rest[:n], true, spoiled
			rest = rest[n:]
			if !s.read(in) {
				return false
			}
			continue
		}
		s.vain += int64(n)
		n = len(rest)
		if i := findHead(rest[1:]); i >= 0 {
			n = i + 1
		}
		in.text = bytes.TrimRight(rest[:n], spaces+",")
		reason := ErrNotJSON
		if st == values.More && !spoiled && n == len(rest) && s.unit.end != lines.Newline {
			reason = ErrCut
		}
		if !s.fragment(in, reason) {
			return false
		}
		rest = rest[n:]
	}
}

// isSequence tells whether text is values that follow each other, of which the
// last may lack its end.
func (s *scan) isSequence(text []byte) bool {
	for {
		text = bytes.TrimLeft(text, spaces+",")
		n, st := s.scanner.All(text)
		if st != values.Done || n == 0 {
			return st == values.More
		}
		text = text[n:]
	}
}
