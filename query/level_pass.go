package query

import (
	"slices"
	"strings"
)

// A carried name is one that a level has of the level below.
type carried struct {
	name string // on the level below
	slot int
}

// beginPass makes l the level of the rows that a pass gives.
func (l *level) beginPass(p *pass, below *level, place *int) {
	*place++
	p.place = *place
	*place++
	l.pass, l.below, l.from = p, below, *place
	below.to = *place
	for _, name := range p.outputs {
		if !slices.Contains(namesOf(p.inputs), name) && below.defines(name) {
			l.refuseTwice(p.at, name, "the later one holds behind it")
		}
		l.rawSlot(name)
	}
}

// isEvents reports whether the rows of the level are events.
func (l *level) isEvents() bool { return l.below == nil }

// base is the level whose names the level has: itself or, above passes that
// leave the rows what they have, the one below all of them.
func (l *level) base() *level {
	for l.pass != nil && !l.pass.closed {
		l = l.below
	}
	return l
}

// maker is the command that says which names the rows have, where they are not
// events.
func (l *level) maker() string {
	b := l.base()
	if b.stats != nil {
		return b.stats.word
	}
	word, _, _ := strings.Cut(b.pass.text, " ")
	return word
}

// isOutput reports whether the pass that the level begins with defines the name.
func (l *level) isOutput(name string) bool {
	return l.pass != nil && slices.Contains(l.pass.outputs, name)
}

// carry lets the level have the value of a name of the level below, in the
// slot.
func (l *level) carry(name string, slot int) {
	switch {
	case l.isOutput(name):
	case l.pass.join != nil:
		l.carryJoined(name, slot)
	default:
		l.carries = append(l.carries, carried{name, slot})
	}
}

// buildPass lets the level below provide what the pass looks at, and what the
// level has of it.
func (l *level) buildPass(below *level) *passing {
	p := l.pass
	out := &passing{pass: p}
	out.order = below.buildOrder(&out.rank, p.oldest)
	for _, x := range p.inputs {
		below.need(&out.rank, x, p.place)
		out.columns = append(out.columns, column{x.name(), below.slotOf(x.name(), p.place)})
		if p.distinct {
			below.refuseStructure(x, p.place, "dedup", "its text is compared")
		}
	}
	if p.together > 0 {
		lead := []orderKey{below.identity(&out.rank, out.columns[:p.together])}
		if p.byTime {
			lead = append(lead, orderKey{name: "@timestamp", slot: out.columns[p.together].slot})
		}
		out.lead, out.order = len(lead), append(lead, out.order...)
	}
	for _, name := range p.outputs {
		out.outputs = append(out.outputs, l.raw[name])
	}
	if p.join != nil {
		out.outputs = p.join.slots
		l.p.planned(func() { p.from.plan = p.join.build() })
	}
	for _, c := range l.carries {
		out.columns = append(out.columns, column{c.name, below.needName(&out.output, c.name, end)})
		out.carried = append(out.carried, c.slot)
	}
	return out
}

// identity lets the stage make a key that is the same for rows with equal
// values in the columns, as groups have it.
func (l *level) identity(s *stage, columns []column) orderKey {
	slot := l.newSlot()
	names := columnNames(columns)
	st := step{what: "compute", text: "the values of " + strings.Join(names, ", "), run: func(f *frame) bool {
		var key []byte
		for _, c := range columns {
			key = appendGroupKey(key, f.slots[c.slot])
		}
		f.slots[slot] = stringValue(string(key))
		return true
	}}
	s.steps, s.told = append(s.steps, st), append(s.told, st)
	return orderKey{"equal values", slot, false}
}
