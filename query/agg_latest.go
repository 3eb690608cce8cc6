package query

import (
	"cmp"
	"encoding/binary"
)

// Of events of the same time the place in the log decides, so that the value
// does not depend on who reads which part. Which of them the service takes is not
// known.
// Source: the Logs Insights stats page; that events without the field are passed
// over was observed.
var earliestAggregate = aggregate{
	name: "earliest", syntax: "earliest(field)", least: 1, most: 1,
	doc:    "The value in the earliest row that has the field, by @timestamp; of several the first in the log.",
	timed:  true,
	states: func(Value) states { return &readingStates{sign: -1} },
}

var latestAggregate = aggregate{
	name: "latest", syntax: "latest(field)", least: 1, most: 1,
	doc:    "The value in the latest row that has the field, by @timestamp; of several the last in the log.",
	timed:  true,
	states: func(Value) states { return &readingStates{sign: 1} },
}

// A reading is a value, with when and where it was met. It owns its memory. The
// zero reading is none.
type reading struct {
	value Value
	at    moment
}

// compare orders moments by time, and those of the same time by place.
func (a *moment) compare(b *moment) int {
	return cmp.Or(cmp.Compare(a.micros, b.micros), a.seen.compare(b.seen))
}

// readingStates keep the reading that is the last in one direction.
type readingStates struct {
	best []reading
	sign int // of the comparison by which a reading is better
	text int // bytes that the readings hold
}

func (s *readingStates) grow() { s.best = append(s.best, reading{}) }

func (s *readingStates) add(group int, v Value, at *moment) {
	if v.kind == KindMissing || v.isStructure() || !at.timed {
		return
	}
	best := &s.best[group]
	if best.value.kind != KindMissing && at.compare(&best.at)*s.sign <= 0 {
		return
	}
	s.text += len(v.text) + len(at.seen.rows) - len(best.value.text) - len(best.at.seen.rows)
	if v.text == best.value.text { // so that what stays the same costs no memory
		v.text = best.value.text
	} else {
		v = v.own()
	}
	*best = reading{v, *at}
}

func (s *readingStates) merge(group int, from states, other int) {
	r := &from.(*readingStates).best[other]
	s.add(group, r.value, &r.at)
}

func (s *readingStates) result(group int) Value { return s.best[group].value.timeless() }

func (s *readingStates) append(dst []byte, group int) []byte {
	r := &s.best[group]
	dst = binary.AppendVarint(r.value.append(dst), r.at.micros)
	return r.at.seen.append(dst)
}

func (s *readingStates) load(src []byte) ([]byte, error) {
	value, src, err := takeValue(src)
	if err != nil {
		return nil, err
	}
	micros, src, err := takeVarint(src)
	if err != nil {
		return nil, err
	}
	seen, src, err := takePlace(src)
	s.best = append(s.best, reading{value, moment{micros, true, seen}})
	s.text += len(value.text) + len(seen.rows)
	return src, err
}

// readingSize is the size of a reading without its texts, in bytes.
const readingSize = valueSize + 48

func (s *readingStates) size() int { return readingSize*cap(s.best) + s.text }
