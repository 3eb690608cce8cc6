package audit

import (
	"bytes"

	"github.com/evictlog/evictlog/audit/internal/lines"
)

// A partial is a message of which the last part has not come yet.
type partial struct {
	message // of the first part, with the text so far
	unit
	tooLong bool
}

// maxPartials is how many messages may wait for their last parts at a time.
const maxPartials = 64

// join reads a message that may be a part of one: it is put together with the
// parts before it, and read when its last part is there. What stands between the
// parts is of other channels, and is read when it comes.
func (s *scan) join(m *message) bool {
	p := s.parts[m.channel]
	if s.unit.several || p == nil && !m.more {
		return s.read(m)
	}
	if p == nil {
		if len(s.parts) == maxPartials && !s.flush() {
			return false
		}
		if s.parts == nil {
			s.parts = make(map[string]*partial)
		}
		p = &partial{message: *m, unit: s.unit}
		p.message.text = bytes.Clone(m.text)
		p.copied = true
		p.unit.text = nil
		s.parts[m.channel] = p
		s.unit = unit{}
		return true
	}
	p.add(s.unit, m.text, s.maxBytes)
	s.unit = unit{}
	if m.more {
		return true
	}
	delete(s.parts, m.channel)
	return s.joined(p)
}

// add appends a part.
func (p *partial) add(u unit, text []byte, limit int) {
	p.size += u.size
	p.lines += u.lines
	p.end = u.end
	if p.tooLong = p.tooLong || len(p.message.text)+len(text) > limit; p.tooLong {
		p.message.text = p.message.text[:0]
		return
	}
	p.message.text = append(p.message.text, text...)
}

// joined reads a message whose parts are all there, or will never be.
func (s *scan) joined(p *partial) bool {
	u, m := p.unit, p.message
	s.unit = u
	more := true
	if p.tooLong {
		more = s.refuse(&m, ErrTooLong)
	} else {
		more = s.read(&m)
	}
	s.finish()
	return more
}

// flush reads the messages whose last parts have not come, in the order they
// began.
func (s *scan) flush() bool {
	for len(s.parts) > 0 {
		var first *partial
		for _, p := range s.parts {
			if first == nil || p.offset < first.offset {
				first = p
			}
		}
		delete(s.parts, first.channel)
		first.end = lines.EOF
		if !s.joined(first) {
			return false
		}
	}
	return true
}
