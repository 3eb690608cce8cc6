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

// maxPartials is how many messages may wait for their last parts at a time. No
// more of their texts is held than one message may have.
const maxPartials = 256

// join reads a message that may be a part of one: it is put together with the
// parts before it, and read when its last part is there. What stands between the
// parts is of other channels, and is read when it comes.
func (s *scan) join(m *message) bool {
	p := s.parts[m.channel]
	if s.unit.several || p == nil && !m.more {
		m.joined = m.channel
		return s.read(m)
	}
	if p != nil && p.depth == m.depth && bytes.HasPrefix(m.text, eventHead) { // its last part is lost
		u := s.unit
		p.end = lines.EOF
		if !s.joined(p) {
			return false
		}
		s.unit = u
		return s.join(m)
	}
	if p == nil {
		if s.parts == nil {
			s.parts = make(map[string]*partial)
		}
		p = &partial{message: *m, unit: s.unit}
		p.message.text = bytes.Clone(m.text)
		p.copied = true
		p.unit.text = nil
		s.parts[m.channel] = p
		s.unit = unit{}
		s.waiting += len(m.text)
		return s.relieve(p)
	}
	s.waiting -= len(p.message.text)
	p.add(s.unit, m.text, s.maxBytes)
	s.waiting += len(p.message.text)
	s.unit = unit{}
	if m.more {
		return s.relieve(p)
	}
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
	delete(s.parts, p.channel)
	s.waiting -= len(p.message.text)
	u, m := p.unit, p.message
	s.unit = u
	m.joined = m.channel
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
		p := s.oldest(nil)
		p.end = lines.EOF
		if !s.joined(p) {
			return false
		}
	}
	return true
}

// relieve reads the messages that have waited longest, as they are, if too many
// or too much is held, but not p, which has just grown.
func (s *scan) relieve(p *partial) bool {
	for len(s.parts) > maxPartials || s.waiting > s.maxBytes && len(s.parts) > 1 {
		if !s.joined(s.oldest(p)) {
			return false
		}
	}
	return true
}

// oldest returns the message other than p that began first.
func (s *scan) oldest(p *partial) (first *partial) {
	for _, q := range s.parts {
		if q != p && (first == nil || q.offset < first.offset) {
			first = q
		}
	}
	return first
}
