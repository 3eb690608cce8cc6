package query

import (
	"encoding/binary"
	"slices"
	"time"
)

// A timeline counts rows by periods of time. Periods are of equal length, a power
// of two of milliseconds, counted from 1970, and as short as they can be for a
// timeline to have up to 64: so a timeline depends on the times it has seen, and
// not on their order, nor on how it was put together. The zero timeline is empty.
type timeline struct {
	shift  uint     // a period has 1<<shift milliseconds
	first  int64    // the number of the first period
	counts []uint64 // of the periods from it to the last that has rows
}

// mostPeriods is how many periods a timeline has, and mostShift a shift by which
// all times there are come into one.
const mostPeriods, mostShift = 64, 62

// add counts n rows of the period with a number, if periods had so many bits.
func (t *timeline) add(period int64, shift uint, n uint64) {
	at := func() int64 { return period >> (t.shift - shift) }
	if len(t.counts) == 0 {
		t.shift, t.first, t.counts = shift, period, append(t.counts[:0], n)
		return
	}
	for max(t.last(), at())-min(t.first, at()) >= mostPeriods {
		t.coarsen(t.shift + 1)
	}
	if before := t.first - at(); before > 0 {
		t.counts = slices.Insert(t.counts, 0, make([]uint64, before)...)
		t.first = at()
	}
	for t.last() < at() {
		t.counts = append(t.counts, 0)
	}
	t.counts[at()-t.first] += n
}

// last is the number of the last period.
func (t *timeline) last() int64 { return t.first + int64(len(t.counts)) - 1 }

// coarsen puts periods together until they have as many bits.
func (t *timeline) coarsen(shift uint) {
	if shift <= t.shift {
		return
	}
	old := *t
	*t = timeline{shift: shift, first: old.first >> (shift - old.shift)}
	for i, n := range old.counts {
		at := (old.first + int64(i)) >> (shift - old.shift)
		for t.last() < at {
			t.counts = append(t.counts, 0)
		}
		t.counts[at-t.first] += n
	}
}

// merge adds what another timeline has counted.
func (t *timeline) merge(other *timeline) {
	if len(t.counts) > 0 && len(other.counts) > 0 {
		t.coarsen(other.shift)
	}
	for i, n := range other.counts {
		if n > 0 {
			t.add(other.first+int64(i), other.shift, n)
		}
	}
}

// total is the number of rows.
func (t *timeline) total() uint64 {
	sum := uint64(0)
	for _, n := range t.counts {
		sum += n
	}
	return sum
}

// start is the time at which the n-th period begins.
func (t *timeline) start(n int) time.Time {
	return time.UnixMilli((t.first + int64(n)) << t.shift).UTC()
}

// value is the timeline as a list of numbers; missing if it is empty.
func (t *timeline) value() Value {
	if len(t.counts) == 0 {
		return Value{}
	}
	list := []Value{intValue(int64(t.shift)), intValue(t.first)}
	for _, n := range t.counts {
		list = append(list, intValue(int64(n)))
	}
	return listValue(list)
}

// timelineOf is the timeline that value has made a list of.
func timelineOf(v Value) timeline {
	if len(v.elements()) == 0 {
		return timeline{}
	}
	t := timeline{shift: uint(v.elements()[0].bits), first: int64(v.elements()[1].bits)}
	for _, n := range v.elements()[2:] {
		t.counts = append(t.counts, n.bits)
	}
	return t
}

// timelineAggregate is that of the times of rows. No query can call it: it is what
// anomaly goes by.
var timelineAggregate = aggregate{
	name:   "timeline",
	states: func(Value) states { return new(timelineStates) },
}

type timelineStates struct{ of []timeline }

func (s *timelineStates) grow() { s.of = append(s.of, timeline{}) }

func (s *timelineStates) add(group int, v Value, _ *moment) {
	if t, ok := v.Time(); ok {
		s.of[group].add(t.UnixMilli(), 0, 1)
	}
}

func (s *timelineStates) merge(group int, from states, other int) {
	s.of[group].merge(&from.(*timelineStates).of[other])
}

func (s *timelineStates) result(group int) Value { return s.of[group].value() }

func (s *timelineStates) append(dst []byte, group int) []byte {
	t := &s.of[group]
	dst = binary.AppendUvarint(dst, uint64(t.shift))
	dst = binary.AppendVarint(dst, t.first)
	dst = binary.AppendUvarint(dst, uint64(len(t.counts)))
	for _, n := range t.counts {
		dst = binary.AppendUvarint(dst, n)
	}
	return dst
}

func (s *timelineStates) load(src []byte) ([]byte, error) {
	shift, src, err := takeUvarint(src)
	if err != nil {
		return nil, err
	}
	first, src, err := takeVarint(src)
	if err != nil {
		return nil, err
	}
	n, src, err := takeUvarint(src)
	if err != nil {
		return nil, err
	}
	if n > mostPeriods || shift > mostShift {
		return nil, errSpilled
	}
	t := timeline{shift: uint(shift), first: first}
	for range n {
		var count uint64
		if count, src, err = takeUvarint(src); err != nil {
			return nil, err
		}
		t.counts = append(t.counts, count)
	}
	s.of = append(s.of, t)
	return src, nil
}

// size takes every timeline for a long one.
func (s *timelineStates) size() int { return len(s.of) * (40 + 8*mostPeriods) }
