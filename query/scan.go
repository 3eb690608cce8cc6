package query

import (
	"time"

	"github.com/evictlog/evictlog/audit"
)

// A scan is the scan half's state: what one worker needs to look at events,
// one at a time.
type scan struct {
	plan       *plan
	start, end time.Time // the window, both ends in it; zero for none
	frame      frame
	kept       partial
	key        candidate // the row in question, whose memory is used again
}

func newScan(p *plan, opts Options) *scan {
	limit := p.limit
	if opts.Limit > 0 && (limit == 0 || opts.Limit < limit) {
		limit = opts.Limit
	}
	return &scan{
		plan:  p,
		start: opts.Start, end: opts.End,
		frame: frame{make([]Value, p.slots)},
		kept:  partial{plan: p, limit: limit},
	}
}

// event looks at one event and keeps its row if it belongs to the result.
func (s *scan) event(ev *audit.Event, seen place) {
	if !s.inWindow(ev) || !s.plan.selecting.run(&s.frame, ev) {
		return
	}
	s.plan.rank.run(&s.frame, ev)
	s.key.keys, s.key.seen = s.key.keys[:0], seen
	for _, key := range s.plan.order {
		s.key.keys = append(s.key.keys, s.frame.slots[key.slot])
	}
	if !s.kept.admits(&s.key) {
		return
	}
	s.plan.output.run(&s.frame, ev)
	row := candidate{
		keys:   make([]Value, len(s.key.keys)),
		values: make([]Value, len(s.plan.columns)),
		pos:    ev.Pos,
		seen:   seen,
	}
	for i, key := range s.key.keys {
		row.keys[i] = key.clone()
	}
	for i, c := range s.plan.columns {
		row.values[i] = s.frame.slots[c.slot].clone()
	}
	s.kept.add(row)
}

// full reports whether no further event can change the result.
func (s *scan) full() bool {
	return s.plan.any && s.kept.limit > 0 && len(s.kept.rows) == s.kept.limit
}

// inWindow reports whether the event is within the window of the run. An event
// whose time is not known is in no window.
func (s *scan) inWindow(ev *audit.Event) bool {
	if s.start.IsZero() && s.end.IsZero() {
		return true
	}
	t := ev.Time()
	return !t.IsZero() && !t.Before(s.start) && (s.end.IsZero() || !t.After(s.end))
}
