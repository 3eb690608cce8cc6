package query

import (
	"slices"
	"strings"
)

// A carried name is one that a level has of the level below.
type carried struct {
	name *nameExpr
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
		l.rawSlot(name)
	}
}

// isEvents reports whether the rows of the level are events.
func (l *level) isEvents() bool { return l.below == nil }

// base is the level whose names the level has: itself or, above passes, the one
// below all of them, or below those that stand above rows of a pass's own.
func (l *level) base() *level {
	for l.pass != nil && !l.pass.closed {
		l = l.below
	}
	return l
}

// isOutput reports whether the pass that the level begins with defines the name.
func (l *level) isOutput(name string) bool {
	return l.pass != nil && slices.Contains(l.pass.outputs, name)
}

// carry lets the level have the value of a name of the level below, in the
// slot.
func (l *level) carry(name string, slot int) {
	if !l.isOutput(name) {
		l.carries = append(l.carries, carried{&nameExpr{parts: []string{name}}, slot})
	}
}

// buildPass lets the level below provide what the pass looks at, and what the
// level has of it.
func (l *level) buildPass(below *level) *passing {
	p := l.pass
	out := &passing{pass: p}
	out.order = below.buildOrder(&out.rank, p.oldest)
	add := func(s *stage, x *nameExpr, place int) {
		below.need(s, x, place)
		out.columns = append(out.columns, column{x.name(), below.slotOf(x.name(), place)})
	}
	for _, x := range p.inputs {
		add(&out.rank, x, p.place)
	}
	if p.first {
		out.order = append([]orderKey{below.identity(&out.rank, out.columns)}, out.order...)
	}
	for _, name := range p.outputs {
		out.outputs = append(out.outputs, l.raw[name])
	}
	for _, c := range l.carries {
		add(&out.output, c.name, end)
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
