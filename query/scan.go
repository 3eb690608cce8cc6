package query

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// A scan is the scan half's state: what one worker needs to look at events,
// one at a time, and what it keeps of them.
type scan struct {
	plan       *plan
	start, end time.Time // the window, both ends in it; zero for none
	strict     bool      // as in Options
	frame      *frame
	given      audit.Event // the last event, which is here so that it need not be allocated
	chosen     bool        // the event that comes next was selected when the source asked
	damage     error       // what was wrong with it
	groups     *groups     // what is kept if a stats follows
	rows       rowSink     // what is kept if none does
	made       int         // how many rows the spreads have made of the one being looked at
}

// newScan returns a scan of the events, or of the rows of a higher level.
func newScan(p *plan, level int, opts *Options, in room) *scan {
	s := &scan{plan: p, strict: opts.Strict, frame: p.newFrame(level)}
	s.start, s.end = p.shifted(opts.Start, opts.End)
	s.frame.window = window{opts.Start, opts.End, opts.Now}
	if p.comparison != nil {
		s.frame.earlier = p.comparison.earlier(opts.Start, opts.End)
	}
	at := &p.levels[level]
	switch {
	case at.group != nil:
		s.groups = newGroups(at.group, in)
	case at.passing != nil:
		s.rows = newRowSink(&at.passing.gathering, 0, in)
	default:
		s.rows = newRowSink(&p.gathering, opts.smallest(p.limit), in)
	}
	return s
}

// part looks at the events of the n-th part of the source. Errors go to give,
// which reports whether to go on.
func (s *scan) part(ctx context.Context, src audit.Source, n int, p audit.Part, give func(error) bool) {
	need := audit.Need{Literals: s.plan.literals, Wanted: s.wanted, Refuses: s.refuses, Unchecked: !s.strict, Strict: s.strict}
	seen := place{part: n}
	for ev, err := range src.Read(ctx, p, need) {
		if err == nil {
			seen.event++
			s.given = ev
			err = s.event(&s.given, seen)
		} else {
			s.chosen = false // in place of the event that it asked about
		}
		if err == nil && s.full() {
			err = errFull
		}
		if err != nil && !give(err) {
			return
		}
	}
}

// wanted reports whether the source should give the event. It is asked right
// before the event is given, and what it has found is still in the frame then.
func (s *scan) wanted(ev *audit.Event) bool {
	ok, err := s.selects(ev)
	s.chosen, s.damage = ok || err != nil, err
	return s.chosen
}

// refuses reports whether an event that begins so cannot be selected.
func (s *scan) refuses(head []byte) bool {
	return s.plan.levels[0].selecting.refuses(s.frame, head)
}

// selects reports whether the event matters.
func (s *scan) selects(ev *audit.Event) (bool, error) {
	s.frame.text = s.frame.text[:0]
	ok, err := s.plan.levels[0].selecting.run(s.frame, ev)
	return ok && s.inWindow(ev), err
}

// event looks at one event and keeps what the result needs of it.
func (s *scan) event(ev *audit.Event, seen place) error {
	ok, err := s.chosen, s.damage
	if !ok {
		ok, err = s.selects(ev)
	}
	s.chosen, s.damage = false, nil
	if !ok || err != nil {
		return err
	}
	return s.keep(&s.plan.levels[0], ev, ev.Pos, seen)
}

// keep keeps what the result needs of the frame, which its level has selected:
// of the one row that it is, or of all those that the spreads make of it.
func (s *scan) keep(level *planLevel, ev *audit.Event, pos audit.Pos, seen place) error {
	if len(level.spreads) == 0 {
		return s.keepRow(level, ev, pos, seen)
	}
	n := uint32(0)
	s.made = 0
	return s.spread(level, level.spreads, ev, func() error {
		at := seen
		at.rows += string(binary.BigEndian.AppendUint32(nil, n))
		n++
		return s.keepRow(level, ev, pos, at)
	})
}

// spread calls row for every row that the spreads make of the frame and that
// passes the filters.
func (s *scan) spread(level *planLevel, spreads []spread, ev *audit.Event, row func() error) error {
	if len(spreads) == 0 {
		if s.made++; s.made > maxRows {
			return errManyRows
		}
		ok, err := level.sifting.run(s.frame, ev)
		if !ok || err != nil {
			return err
		}
		return row()
	}
	one := &spreads[0]
	if _, err := one.source.run(s.frame, ev); err != nil {
		return err
	}
	var stopped error
	err := one.each(one.eval(s.frame), s.frame.slots[one.first:one.end], func() error {
		stopped = s.spread(level, spreads[1:], ev, row)
		return stopped
	})
	if err != nil && stopped == nil {
		s.frame.fail(err)
		return s.frame.failed(ev)
	}
	return stopped
}

// maxRows bounds the rows that the spreads make of one: each multiplies what
// those before it make.
const maxRows = 4 << 20

// errManyRows says that there are more. It ends the run, since some of them have
// been kept.
var errManyRows = errors.New("query: parse with multi, unnest and expand make more than 4,194,304 rows of one event")

// keepRow keeps what the result needs of a row.
func (s *scan) keepRow(level *planLevel, ev *audit.Event, pos audit.Pos, seen place) error {
	if s.groups == nil {
		return s.rows.add(s.frame, ev, pos, seen)
	}
	if _, err := level.feeding.run(s.frame, ev); err != nil {
		return err
	}
	if err := s.groups.add(s.frame, seen); err != nil {
		return err
	}
	return s.frame.failed(ev)
}

// row looks at a row that a level is given by the one below, and that the frame
// holds.
func (s *scan) row(i int, pos audit.Pos, seen place) error {
	level := &s.plan.levels[i]
	s.frame.text = s.frame.text[:0]
	if !s.frame.all(level.selecting.steps) || s.frame.failure != nil {
		return s.frame.failed(nil)
	}
	return s.keep(level, nil, pos, seen)
}

// full reports whether no further event can change the result.
func (s *scan) full() bool {
	return s.groups == nil && s.rows.any && s.rows.full()
}

// inWindow reports whether the event is within the window of the run, or in the
// one that it is compared with. An event whose time is not known is in no window.
func (s *scan) inWindow(ev *audit.Event) bool {
	if s.plan.comparison != nil {
		return s.inEither(ev.Time())
	}
	if s.start.IsZero() && s.end.IsZero() {
		return true
	}
	t := ev.Time()
	return !t.IsZero() && !t.Before(s.start) && (s.end.IsZero() || !t.After(s.end))
}

// inEither reports whether a time is in one of the windows that are compared.
func (s *scan) inEither(t time.Time) bool {
	current := interval{s.start, s.end, false}
	return !t.IsZero() && (current.contains(t) || s.frame.earlier.contains(t))
}

// close removes what was written to temporary files.
func (s *scan) close() {
	if s.groups != nil {
		s.groups.spool.close()
	} else {
		s.rows.spool.close()
	}
}

// A rowSink takes the last steps of the plan for rows, and keeps those that
// belong to the result.
type rowSink struct {
	of *gathering
	sorted
	key    candidate // what decides whether a row is kept
	values []Value   // its columns
}

func newRowSink(g *gathering, limit int, in room) rowSink {
	return rowSink{
		of:     g,
		sorted: sorted{order: g.order, limit: limit, any: g.any, room: in, spool: spool{dir: in.dir}},
		key:    candidate{keys: make([]Value, len(g.order))},
		values: make([]Value, len(g.columns)),
	}
}

// add keeps the row that a frame makes, if it belongs to the result.
func (r *rowSink) add(f *frame, ev *audit.Event, pos audit.Pos, seen place) error {
	if _, err := r.of.rank.run(f, ev); err != nil {
		return err
	}
	for i, key := range r.of.order {
		r.key.keys[i] = f.slots[key.slot]
	}
	r.key.seen = seen
	if !r.admits(&r.key) {
		return nil
	}
	if _, err := r.of.output.run(f, ev); err != nil {
		return err
	}
	for i, c := range r.of.columns {
		r.values[i] = f.slots[c.slot]
	}
	return r.sorted.add(r.key.keys, r.values, pos, seen)
}
