package audit

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/evictlog/evictlog/audit/internal/values"
)

// journalExportName and journalExport say what has no row, since its messages
// stand neither on a line nor in JSON: the fields of an entry are lines
// "NAME=TEXT", or a line "NAME" with the length of the value behind it, in eight
// bytes, the lowest first, then the value and a newline; a blank line ends the
// entry. Source: systemd, "Journal Export Formats".
const (
	journalExportName = "journald export"
	journalExport     = journalExportName + ": the entries that journalctl -o export prints, also those whose values are binary; " +
		"else as journald JSON."
)

// journalHead is how an entry begins.
var journalHead = []byte("__CURSOR=")

// errEntry is what is wrong with an entry that does not follow the format.
var errEntry = fmt.Errorf("%w: a damaged entry of a journal", ErrNotEvent)

// beginsEntry tells whether an entry of a journal comes next. They stand only in
// files that begin with one.
func (s *scan) beginsEntry() bool {
	return bytes.HasPrefix(s.start, journalHead) && s.in.First() && !s.ranged() &&
		bytes.HasPrefix(s.in.Peek(len(journalHead)), journalHead)
}

// entry reads the entry of a journal that comes next.
func (s *scan) entry() bool {
	from := s.here()
	for {
		window := s.in.Window()
		fields, n, st := journalFields(s.objects[0][:0], window)
		s.objects[0] = fields
		switch {
		case st == values.Bad:
			return s.badEntry(from, errEntry)
		case st == values.More && len(window) > s.maxBytes:
			return s.badEntry(from, ErrTooLong)
		case st == values.More && s.grow():
			continue
		case st == values.More && n < len(window):
			return s.badEntry(from, ErrCut)
		}
		s.in.Use(n)
		u := s.since(from)
		u.text = window[:n]
		return s.entryMessage(u, fields)
	}
}

// grow reads on until there is twice as much to look at, so that looking at it
// from its beginning takes linear time in all. It reports whether there is more.
func (s *scan) grow() bool {
	had := len(s.in.Window())
	for len(s.in.Window()) < 2*had && s.in.More() {
	}
	return len(s.in.Window()) > had
}

// entryMessage reads the message in an entry, the unit u.
func (s *scan) entryMessage(u unit, fields object) bool {
	s.notes.form(journalExportName)
	s.unit = u
	s.messages[0] = message{}
	m := s.inside(&s.messages[0])
	m.text = fields.get("MESSAGE")
	fillJournal(fields.get, m)
	if len(m.text) == 0 {
		m.text = u.text[:0]
		return s.others(m)
	}
	m.at = u.offset + int64(cap(u.text)-cap(m.text))
	more := s.join(m)
	s.finish()
	return more
}

// badEntry goes on at the next entry, and counts what is left out.
func (s *scan) badEntry(from mark, reason error) bool {
	if values.NewReader(s.in).Find(nextEntry) {
		s.in.Use(1)
	}
	return s.lose(from, reason)
}

var nextEntry = slices.Concat([]byte{'\n'}, journalHead)

// journalFields appends the fields of the entry that text begins with to dst. n
// is the length of those that are complete, and of the blank line if it is there,
// which it is not if there must be more.
func journalFields(dst object, text []byte) (fields object, n int, st values.Status) {
	for {
		name, rest, found := bytes.Cut(text[n:], []byte{'\n'})
		switch {
		case !found:
			return dst, n, values.More
		case len(name) == 0:
			return dst, n + 1, values.Done
		}
		if name, value, ok := bytes.Cut(name, []byte{'='}); ok {
			dst = append(dst, member{name, value})
			n += len(name) + 1 + len(value) + 1
			continue
		}
		if len(rest) < 8 {
			return dst, n, values.More
		}
		length := binary.LittleEndian.Uint64(rest)
		rest = rest[8:]
		switch {
		case length > maxField:
			return dst, n, values.Bad
		case uint64(len(rest)) <= length:
			return dst, n, values.More
		case rest[length] != '\n':
			return dst, n, values.Bad
		}
		dst = append(dst, member{name, rest[:length]})
		n += len(name) + 1 + 8 + int(length) + 1
	}
}

// maxField is more than a field of a journal can have. Source: systemd,
// src/basic/constants.h, DATA_SIZE_MAX.
const maxField = 768 << 20
