package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

var fillmissingInfo = commandInfo{
	name:   "fillmissing",
	syntax: "fillmissing [with value for field, ...]",
	doc:    "Behind stats by bin, gives rows for the periods between the first and the last that have none, with values for fields.",
	parse:  parseFillmissing,
}

// A fillmissingCommand is fillmissing with 0 for x.
type fillmissingCommand struct {
	at    span
	fills []fill
}

// A fill is a value for a field of the rows that fillmissing inserts.
type fill struct {
	value *literal
	field *nameExpr
}

// maxFilled bounds how many rows fillmissing inserts.
const maxFilled = 1 << 20

var errFilled = errors.New("query: fillmissing would insert more than 1,048,576 rows")

func parseFillmissing(p *parser, word token) command {
	c := &fillmissingCommand{at: word.span}
	if !p.acceptWord("with") {
		return c
	}
	for {
		at := p.tok.span
		value, ok := constantOf(p.parseSum())
		if !ok {
			p.fail(join(at, p.last), ErrUse, "fillmissing takes constants to fill with", "")
		}
		if !p.acceptWord("for") {
			p.unexpected("for, with the field to fill")
		}
		field := p.parseName("a field after for")
		if slices.ContainsFunc(c.fills, func(f fill) bool { return f.field.name() == field.name() }) {
			p.fail(field.span, ErrUse, fmt.Sprintf("fillmissing has two values for %s", field.name()), "")
		}
		c.fills = append(c.fills, fill{&literal{leaf{at}, value}, field})
		if !p.accept(",") {
			return c
		}
		p.acceptWord("with")
	}
}

func (c *fillmissingCommand) String() string {
	var b strings.Builder
	b.WriteString("fillmissing")
	for i, f := range c.fills {
		b.WriteString([]string{" with ", ", "}[min(i, 1)])
		f.value.write(&b)
		b.WriteString(" for ")
		f.field.write(&b)
	}
	return b.String()
}

func (c *fillmissingCommand) plan(pl *planner) {
	period, key := pl.period()
	if period == nil {
		pl.p.fail(c.at, ErrUse, "fillmissing stands behind stats by bin", "")
	}
	if pl.sortAt != nil && (len(pl.keys) == 0 || pl.last().sortName(pl.keys[0].name) != key) {
		pl.p.trap(*pl.sortAt, "fillmissing puts the rows in the order of the periods, whatever this sort says", "a sort behind it orders its rows")
		pl.sorting = sorting{}
	}
	inputs := []*nameExpr{{leaf: leaf{c.at}, parts: []string{key}}}
	values := []Value{{}}
	for _, f := range c.fills {
		if f.field.name() == key {
			pl.p.fail(f.field.span, ErrUse, fmt.Sprintf("%s is the period, which fillmissing itself fills in", key), "")
		}
		inputs, values = append(inputs, f.field), append(values, f.value.value)
	}
	d := period.args[1].(*durationExpr).duration
	pl.pass(&pass{at: c.at, text: c.String(), inputs: inputs, outputs: namesOf(inputs), run: func(rows passed, _ room) passed {
		return fillPeriods(rows, d, values)
	}})
}

// period is the call that cuts time into periods in the stats whose rows
// commands now act on, and the name of its column; nil if there is none.
func (pl *planner) period() (call *callExpr, key string) {
	stats := pl.last().base().stats
	if stats == nil {
		return nil, ""
	}
	for _, it := range stats.keys {
		if isPeriod(it.expr) {
			return it.expr.(*callExpr), it.name()
		}
	}
	return nil, ""
}

// fillPeriods inserts rows for the periods between those of two rows that come
// one after the other, in either direction.
func fillPeriods(rows passed, d duration, values []Value) passed {
	return func(yield func(passedRow, error) bool) {
		inserted := 0
		var last Value
		for row, err := range rows {
			if err != nil {
				yield(row, err)
				return
			}
			copy(row.out, row.in)
			for at := range periodsBetween(last, row.in[0], d) {
				if inserted++; inserted > maxFilled {
					yield(row, errFilled)
					return
				}
				out := append([]Value{at}, values[1:]...)
				if !yield(passedRow{out: out}, nil) {
					return
				}
			}
			if !yield(row, nil) {
				return
			}
			last = row.in[0].own()
		}
	}
}

// periodsBetween are the beginnings of the periods between two, from a to b.
func periodsBetween(a, b Value, d duration) func(yield func(Value) bool) {
	return func(yield func(Value) bool) {
		from, okA := a.Time()
		to, okB := b.Time()
		if !okA || !okB {
			return
		}
		step := dateCeil
		nudge := time.Microsecond
		if to.Before(from) {
			step, nudge = dateFloor, -nudge
		}
		for at := from; ; {
			next := step(timeValue(at.Add(nudge)), d)
			t, ok := next.Time()
			if !ok || !between(t, from, to) || !yield(next) {
				return
			}
			at = t
		}
	}
}

// between reports whether t is between two times, in either order.
func between(t, a, b time.Time) bool {
	return a.Before(t) && t.Before(b) || b.Before(t) && t.Before(a)
}
