package audit

import (
	"bytes"

	"github.com/evictlog/evictlog/audit/internal/values"
)

// beyond reads what a form lets stand elsewhere than on its own line. done is
// false if there is no such thing.
func (s *scan) beyond(f *form, m, in *message) (done, more bool) {
	switch {
	case in.ahead:
		h := *in
		s.ahead = &h
		return true, true
	case f.next != nil:
		return s.chain(f, m, in)
	case f.open && string(in.text) == "{" && m.depth == 0 && !in.copied && !s.ranged():
		h := *in
		s.ahead = &h
		s.prefix = int(in.at - s.unit.offset)
		s.unit, s.again = unit{}, true
		return true, true
	}
	return false, true
}

// usePrefix uses up what stands before a value on its line.
func (s *scan) usePrefix() {
	if s.prefix == 0 {
		return
	}
	from := s.here()
	s.in.Use(s.prefix)
	s.prefix = 0
	u := s.since(from)
	s.stats.Wrapping.Count++
	s.count(&s.stats.Wrapping, u.lines, u.size)
}

// chain reads the messages of a line in which others of the same form stand
// behind the first. done is false if there are none.
func (s *scan) chain(f *form, m, in *message) (done, more bool) {
	for {
		text, end := in.text, 0
		if n, st := s.scanner.All(text); st == values.Done {
			end = n // what stands in an event is no beginning of another
		}
		i := f.next(text[end:], in)
		if i < 0 {
			return done, !done || s.read(in)
		}
		done, s.unit.several = true, true
		in.text = text[:end+i]
		if !s.read(in) {
			return true, false
		}
		rest := text[end+i:]
		m.at, m.text = s.offsetOf(m, rest), rest
		in = s.inside(m)
		f.unwrap(rest, in)
		in.at = s.offsetOf(m, in.text)
	}
}

// uncolour takes the colours off a message that a terminal would show in
// colours: one that begins with an escape, or with a bracket and an escape.
func (s *scan) uncolour(m *message) {
	const escape = 0x1b
	if bytes.IndexByte(m.text[:min(2, len(m.text))], escape) < 0 {
		return
	}
	out := s.scratch[m.depth][:0]
	rest := m.full
	for {
		before, after, ok := bytes.Cut(rest, []byte{escape})
		out = append(out, before...)
		if !ok {
			break
		}
		// An escape, a bracket, numbers, a letter. Source: ECMA-48, 5.4.
		if len(after) > 0 && after[0] == '[' {
			after = bytes.TrimLeft(after[1:], "0123456789;")
			after = after[min(1, len(after)):]
		}
		rest = after
	}
	s.scratch[m.depth] = out
	m.full, m.text, m.copied = out, bytes.Trim(out, spaces), true
}
