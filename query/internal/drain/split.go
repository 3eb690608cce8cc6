package drain

import "strings"

// split cuts a masked text into its skeleton and its slots. The skeleton has holes
// where the slots are. Slots may share the memory of the text.
func split(masked string) (skeleton string, slots []slot) {
	s := splitter{masked: masked}
	s.skeleton.Grow(len(masked))
	for s.at < len(masked) {
		s.next()
	}
	return s.skeleton.String(), s.slots
}

type splitter struct {
	masked   string
	at       int
	skeleton strings.Builder
	slots    []slot
	inside   int // the place of the quotation mark that ends the string at hand
}

// next takes what stands at the place.
func (s *splitter) next() {
	rest := s.masked[s.at:]
	switch n := wordLen(rest); {
	case n > 0:
		s.open(slot{word: rest[:n]}, n)
	case rest[0] == escape && rest[1] != escapeNUL:
		s.open(slot{kind: Kind(rest[1] - '0')}, 2)
	case rest[0] == escape, rest[0] == '\\' && len(rest) > 1 && rest[1] != escape:
		s.keep(2)
	case rest[0] == '"' && s.at >= s.inside:
		s.quoted()
	default:
		s.keep(1)
	}
}

// open makes a slot of the next n bytes.
func (s *splitter) open(one slot, n int) {
	s.skeleton.WriteByte(escape)
	s.skeleton.WriteByte(hole)
	s.slots = append(s.slots, one)
	s.at += n
}

// keep adds the next n bytes to the skeleton.
func (s *splitter) keep(n int) {
	s.skeleton.WriteString(s.masked[s.at : s.at+n])
	s.at += n
}

// quoted takes the quotation mark that a string begins with, and all of the string
// if it is a key of JSON: its words are part of the skeleton.
func (s *splitter) quoted() {
	end := s.at + 1
	for end < len(s.masked) && s.masked[end] != '"' {
		if s.masked[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(s.masked) { // nothing ends it
		s.keep(1)
		s.inside = len(s.masked)
		return
	}
	s.keep(1)
	if !strings.HasPrefix(strings.TrimLeft(s.masked[end+1:], " "), ":") {
		s.inside = end + 1
		return
	}
	for s.at <= end {
		if n := wordLen(s.masked[s.at:]); n > 0 {
			s.keep(n)
		} else if s.masked[s.at] == '"' {
			s.keep(1)
		} else {
			s.next()
		}
	}
}
