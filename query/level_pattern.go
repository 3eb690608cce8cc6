package query

import (
	"slices"
	"strings"

	"github.com/evictlog/evictlog/query/internal/drain"
)

// lookAhead finds the command behind the one at hand that looks at the patterns
// it gives: anomaly, diff or logcompare. What only selects, orders and names rows
// can stand between. It is nil if there is none.
func (pl *planner) lookAhead() command {
	for _, c := range pl.rest {
		switch c.(type) {
		case *filterCommand, *sortCommand, *limitCommand, *fieldsCommand, *displayCommand:
		case *anomalyCommand, *compareCommand:
			return c
		default:
			return nil
		}
	}
	return nil
}

// patterns begins two levels: the distinct masks of the text with their numbers,
// as stats gives them, and the patterns that a pass over those comes to. behind is
// the command that looks at the patterns, if there is one.
func (pl *planner) patterns(at span, of expr, behind command) {
	view, counted := &patternView{}, []expr{&aggregateExpr{fn: &countAggregate}}
	text := "pattern " + exprText(of)
	switch c := behind.(type) {
	case *anomalyCommand:
		view.anomalies = true
		counted = append(counted, &aggregateExpr{fn: &timelineAggregate, of: timestampAt(c.at)})
	case *compareCommand:
		view.differences = true
		pl.comparison = c
		for _, earlier := range []bool{false, true} {
			within := &withinExpr{leaf{c.at}, timestampAt(c.at), earlier}
			counted = append(counted, &aggregateExpr{fn: &countAggregate, of: within})
		}
	}
	if behind != nil {
		text += ", " + behind.String()
	}
	pl.ahead = behind

	masks := &statsCommand{at: at, word: strings.Fields(text)[0], keys: []item{unnamed(&maskExpr{leaf{at}, of})}}
	for _, x := range counted {
		masks.items = append(masks.items, unnamed(x))
	}
	pl.stats(masks)
	var inputs []*nameExpr
	for _, it := range slices.Concat(masks.keys, masks.items) {
		inputs = append(inputs, &nameExpr{leaf: leaf{at}, parts: []string{it.name()}})
	}
	// The patterns depend on the order of the texts. This one is the same
	// wherever they stand in the log, and lets frequent ones shape patterns.
	pl.keys, pl.sortAt, pl.listed = []sortKey{{inputs[1], true}, {inputs[0], false}}, &at, nil
	pl.pass(&pass{at: at, text: text, inputs: inputs, outputs: view.columns(), closed: true, run: func(rows passed, _ room) passed { return view.rows(rows) }})
}

func timestampAt(at span) *nameExpr {
	return &nameExpr{leaf: leaf{at}, parts: []string{"@timestamp"}}
}

// refuseOther ends the parse at a command that looks at patterns where another one
// does.
func (pl *planner) refuseOther(at span, word string) {
	if pass := pl.last().pass; pass != nil && pass.closed {
		pl.p.fail(at, ErrUse, word+" cannot look at these rows", "one of anomaly, diff and logcompare can stand behind pattern")
	}
}

// unnamed is a column under its own text, by which no query can name it.
func unnamed(x expr) item { return item{expr: x, text: exprText(x)} }

// A maskExpr is the text of an expression without what is known to vary in it.
type maskExpr struct {
	leaf
	of expr
}

func (x *maskExpr) children() []expr { return []expr{x.of} }

func (x *maskExpr) write(b *strings.Builder) {
	b.WriteString("mask(")
	x.of.write(b)
	b.WriteByte(')')
}

func (x *maskExpr) compile(lookup scope) evaluator {
	of := x.of.compile(lookup)
	return func(f *frame) Value {
		text, ok := of(f).asText()
		if !ok {
			return Value{}
		}
		start := len(f.text)
		f.text = drain.Mask(f.text, text)
		return stringValue(borrow(f.text[start:]))
	}
}
