package audit

import "fmt"

// A gap is a stretch that could not be read and is still to be reported.
type gap struct {
	pos          Pos
	end          int64 // offset of what follows it
	lines, bytes int64
	err          error
	// broken says that the input itself is damaged here. What stands next to
	// the damage, cut lines and what a decoder makes of garbage, is part of it.
	broken bool
}

func (g *gap) error() *EventError {
	return &EventError{Pos: g.pos, Lines: g.lines, Bytes: g.bytes, Err: g.err}
}

// maxGaps is how many gaps are held in a file that had no event yet. If it has
// none at all, one error for the file stands for them.
const maxGaps = 16

// lastGap returns the last gap that is held, or nil.
func (s *scan) lastGap() *gap {
	if len(s.gaps) == 0 {
		return nil
	}
	return &s.gaps[len(s.gaps)-1]
}

// hold begins a gap at a place. It reports whether the caller wants more.
func (s *scan) hold(offset int64, line int, err error) bool {
	if s.found && !s.report() {
		return false
	}
	s.gaps = append(s.gaps, gap{pos: s.pos(offset, line), end: offset, err: err})
	return true
}

// bad takes in a stretch that could not be read, and was counted. It reports
// whether the caller wants more.
func (s *scan) bad(offset int64, line int, size, begun int64, reason error) bool {
	s.other = false
	last := s.lastGap()
	joins := last != nil && (last.err == reason || last.broken && last.end == offset || len(s.gaps) == maxGaps)
	if !joins && !s.hold(offset, line, reason) {
		return false
	}
	last = s.lastGap()
	last.lines += begun
	last.bytes += size
	last.end = offset + size
	return true
}

// damaged takes in the place at which the input failed with err. It reports
// whether the caller wants more.
func (s *scan) damaged(err error) bool {
	offset, line := s.in.Place()
	last := s.lastGap()
	switch {
	case last != nil && last.broken && last.end == offset:
		return true // one place, one error
	case last != nil && (last.end == offset || len(s.gaps) == maxGaps):
	case !s.hold(offset, line, err):
		return false
	}
	last = s.lastGap()
	last.err, last.broken = err, true
	return true
}

// pos is a place that is to be reported. A scan that begins inside a file has
// to count the lines before, which is done for errors only.
func (s *scan) pos(offset int64, line int) Pos {
	if s.span.linesBefore != nil {
		line += s.span.linesBefore()
	}
	return Pos{File: s.file, Line: line, Offset: offset}
}

// report gives the gaps that are held to the caller, and reports whether it
// wants more.
func (s *scan) report() bool {
	for i := range s.gaps {
		g := &s.gaps[i]
		s.stats.Damaged.Count++
		if !s.yield(Event{}, g.error()) {
			return false
		}
	}
	s.gaps = s.gaps[:0]
	return true
}

// end ends the reading at the end of the input, or of the span.
func (s *scan) end() error {
	if !s.found && len(s.gaps) > 0 && s.span.from == 0 && s.span.to == 0 && s.nothingRead() {
		return s.noEvents()
	}
	if !s.report() {
		return errStopped
	}
	return nil
}

// nothingRead tells whether all that is held is of things that are no events,
// and not of events that were lost.
func (s *scan) nothingRead() bool {
	for _, g := range s.gaps {
		if g.err != ErrNotJSON && g.err != ErrNotEvent {
			return false
		}
	}
	return true
}

// noEvents is the one error for a file in which nothing is an event. It stands
// for the gaps that are held.
func (s *scan) noEvents() error {
	s.stats.Damaged.Count++
	e := &EventError{Pos: Pos{File: s.file}, Err: fmt.Errorf("%w: %s", ErrNoEvents, s.seen.sentence())}
	for _, g := range s.gaps {
		e.Lines += g.lines
		e.Bytes += g.bytes
	}
	return e
}
