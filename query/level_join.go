package query

import (
	"slices"
	"strings"
)

// A joined says what names behind a join stand for: with the alias of a side
// before them for fields of that side, and otherwise for those of the left one.
type joined struct {
	left, right string      // the aliases
	keys        []*nameExpr // what is compared on the right
	side        *planner    // of the right side

	columns []string // of the right side that are looked at behind the join
	slots   []int    // for those, on the level of the join

	keyAt, columnAt []int // where keys and columns are in a row of the right side
}

// of is the field that a name stands for, and whether it is one of the right
// side.
func (j *joined) of(name string) (field string, right bool) {
	if field, ok := strings.CutPrefix(name, j.right+"."); ok {
		return field, true
	}
	return strings.TrimPrefix(name, j.left+"."), false
}

// knows reports whether the name stands for something behind the join.
func (j *joined) knows(name string, below *level) bool {
	field, right := j.of(name)
	if right {
		return j.side.last().knows(field, end)
	}
	return below.knows(field, end)
}

// build makes the plan of the right side when it is known what is looked at.
func (j *joined) build() *plan {
	j.side.shown, j.side.late = slices.Concat(namesOf(j.keys), j.columns), nil
	out := j.side.build()
	at := func(name string) int {
		return slices.IndexFunc(out.columns, func(c column) bool { return c.name == name })
	}
	for _, key := range j.keys {
		j.keyAt = append(j.keyAt, at(key.name()))
	}
	for _, name := range j.columns {
		j.columnAt = append(j.columnAt, at(name))
	}
	return out
}

// carryJoined lets the level of a join have the value that a name stands for.
func (l *level) carryJoined(name string, slot int) {
	j := l.pass.join
	field, right := j.of(name)
	if right {
		j.columns, j.slots = append(j.columns, field), append(j.slots, slot)
		return
	}
	l.carries = append(l.carries, carried{field, slot})
}

// origin follows a name that the level does not define down to the level that
// gives it, by way of passes, and returns its name there.
func (l *level) origin(name string) (*level, string) {
	for l.pass != nil && !l.pass.closed && !l.isOutput(name) {
		below := l.below
		if j := l.pass.join; j != nil {
			field, right := j.of(name)
			if name = field; right {
				below = j.side.last()
			}
		}
		l = below
		if l.binding(name, end) != nil {
			break
		}
	}
	return l, name
}
