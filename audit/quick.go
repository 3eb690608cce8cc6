package audit

import (
	"bytes"

	"github.com/evictlog/evictlog/audit/fields"
	"github.com/evictlog/evictlog/audit/internal/lines"
)

// quick reads lines as long as they are as the API server writes them, which
// is nearly all lines of nearly all logs, and leaves the others to lines. It is
// that method's fast path, for callers who ask for unchecked events. It reports
// whether the caller wants more.
func (s *scan) quick() bool {
	ev := &s.ev
	*ev = Event{Group: s.group, Stream: s.stream, Pos: Pos{File: s.file}}
	var skipped Tally
	defer func() { s.skip(&skipped) }()
	for {
		line, ok := s.in.Line()
		if s.behind() || !bytes.HasPrefix(line, eventHead) {
			return true
		}
		if !ok && s.refuses != nil && s.in.IsHead() && s.refuses(line) {
			s.skip(&skipped)
			if !s.skipLong() {
				return false
			}
			continue
		}
		if !ok || line[len(line)-1] != '}' {
			return true
		}
		if len(s.gaps) > 0 && !s.report() {
			return false
		}
		offset, number := s.in.Place()
		ev.Raw, ev.Pos.Line, ev.Pos.Offset = line, s.lineIn(number), offset
		s.in.Take(len(line))
		s.found, s.other = true, false
		if s.wanted != nil && !s.wanted(ev) {
			skipped.Count++
			skipped.Bytes += int64(len(line)) + 1
			continue
		}
		s.skip(&skipped)
		s.give(len(line))
		if !s.yield(*ev, nil) {
			return false
		}
	}
}

// skipLong leaves out a very long line that begins like an event, without
// holding it or looking into it. It reports whether the caller wants more.
func (s *scan) skipLong() bool {
	from := s.here()
	p, _ := s.in.Skip() // no error: some of the line is there
	switch {
	case p.Last == '}':
	case p.End == lines.Newline:
		return s.lose(from, ErrNotJSON)
	default:
		return s.lose(from, ErrCut)
	}
	if !s.report() {
		return false
	}
	s.found, s.other = true, false
	u := s.since(from)
	s.stats.Skipped.Count++
	s.count(&s.stats.Skipped, u.lines, u.size)
	return true
}

// skip counts lines that were left out, and begins the count anew.
func (s *scan) skip(t *Tally) {
	if t.Count == 0 {
		return
	}
	t.Lines = t.Count
	s.stats.Add(Stats{Lines: t.Lines, Bytes: t.Bytes, Skipped: *t})
	*t = Tally{}
}

// give counts an event that is a line of so many bytes.
func (s *scan) give(size int) {
	s.stats.Lines++
	s.stats.Bytes += int64(size) + 1
	s.stats.Events.Count++
	s.stats.Events.Lines++
	s.stats.Events.Bytes += int64(size)
	s.stats.Wrapping.Count++
	s.stats.Wrapping.Bytes++
}

// identity are the fields that tell nearly every audit event.
var identity = fields.Compile("kind", "apiVersion")

// looksLikeEvent tells, from its ends and from the fields that isEvent goes by,
// whether a text is an audit event, without a check of all of it. If it does
// not know, it reports false.
func (s *scan) looksLikeEvent(payload []byte) bool {
	if len(payload) < 2 || payload[0] != '{' || payload[len(payload)-1] != '}' {
		return false
	}
	if identity.Walk(payload, s.identity[:], nil).State == fields.Malformed {
		return false
	}
	kind, version := s.identity[0], s.identity[1]
	return kind.Kind == fields.String && string(kind.Raw) == "Event" &&
		version.Kind == fields.String && bytes.HasPrefix(version.Raw, []byte("audit.k8s.io/"))
}
