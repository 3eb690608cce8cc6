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
	case st == values.Done && m.depth == 0 && !s.unit.several && !s.ranged():
		s.unit, s.again = unit{}, true
		return true
	case st == values.Done && n < len(head), st == values.Bad && findHead(m.text[1:]) >= 0:
		return s.split(m)
	case st != values.More:
		return s.refuse(m, ErrNotJSON)
	case !marked && !m.cut && s.unit.end != lines.Newline:
		return s.refuse(m, ErrCut)
	}
	h := &held{message: *m, unit: s.unit, reason: ErrNotJSON, marked: marked}
	h.message.text = head
	if s.unit.several || s.ranged() {
		return s.alone(h)
	}
	if !s.settle() {
		return false
	}
	h.message.text = bytes.Clone(head)
	h.copied = true
	h.unit.text = nil
	s.held, s.unit = h, unit{}
	return true
}

// ranged reports whether only a range of the file is read.
func (s *scan) ranged() bool { return s.span.from > 0 || s.span.to > 0 }

// alone reads the head of an event whose rest is lost. What is complete in it is
// given, if the log service or the envelope says that it was cut.
func (s *scan) alone(h *held) bool {
	m := h.message
	if h.marked || h.cut {
		mended, ok := values.Mend(nil, m.text)
		if ok && recognize(mended) == nil {
			m.text = mended
			return s.eventCut(&m, true)
		}
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
// held: the two make an event, or the head is known to have been cut. done is
// false if it is not.
func (s *scan) continued(m *message) (done, more bool) {
	h := s.held
	if m.stream != h.stream || s.unit.several || len(m.text)+len(h.message.text) > s.maxBytes {
		return false, true
	}
	whole := append(bytes.Clone(h.message.text), m.text...)
	fits := recognize(whole) == nil
	if !fits && !h.marked {
		return false, true
	}
	u := h.unit
	u.size += s.unit.size
	u.lines += s.unit.lines
	h.unit = u
	if fits {
		s.held = nil
		s.unit = h.unit
		m := h.message
		m.text = whole
		return true, s.event(&m)
	}
	s.unit = unit{}
	return true, s.settle()
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
		n, st := s.scanner.All(rest)
		if st == values.Done && n > 0 && bytes.IndexByte([]byte(`{["`), rest[0]) >= 0 {
			in.text, in.valid, in.spoiled = rest[:n], true, spoiled
			rest = rest[n:]
			if !s.read(in) {
				return false
			}
			continue
		}
		n = len(rest)
		if i := findHead(rest[1:]); i >= 0 {
			n = i + 1
		}
		in.text = rest[:n]
		reason := ErrNotJSON
		if st == values.More && !spoiled && n == len(rest) && s.unit.end != lines.Newline {
			reason = ErrCut
		}
		if !s.refuse(in, reason) {
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
