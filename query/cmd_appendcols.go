package query

import (
	"fmt"
	"iter"
)

var appendcolsInfo = commandInfo{
	name:   "appendcols",
	syntax: "appendcols [override=true or false] [max=n] (subquery)",
	doc:    "Gives the first row the columns of the first row of a subquery, and so on for up to 10000 or max of its rows; of a column that both have the value of the row holds, or with override=true that of the subquery, unless it is missing.",
	parse:  parseAppendcols,
}

// An appendcolsCommand is appendcols override=true max=10 (fields x).
type appendcolsCommand struct {
	at       span
	override bool
	most     int
	from     *subquery
}

// The default and the largest number of rows that appendcols takes.
// Source: the Logs Insights appendcols page.
const (
	defaultAppended = 10_000
	maxAppended     = 100_000
)

func parseAppendcols(p *parser, word token) command {
	c := &appendcolsCommand{at: word.span, most: defaultAppended}
	p.parseOptions("appendcols", []string{"override", "max"}, func(option string) {
		switch option {
		case "override":
			c.override = p.parseSwitch("override")
		case "max":
			c.most = p.parseCount("max", maxAppended)
		}
	})
	if !p.tok.is("(") {
		p.unexpected("a subquery in parentheses")
	}
	c.from = p.parseSubquery()
	return c
}

func (c *appendcolsCommand) String() string {
	return fmt.Sprintf("appendcols override=%t max=%d %s", c.override, c.most, c.from.text())
}

func (c *appendcolsCommand) plan(pl *planner) {
	pl.p.planned(func() { c.from.plan = makePlan(pl.p, c.from.commands) })
	if right := c.from.plan; right.limit == 0 || right.limit > c.most {
		right.limit = c.most
	}
	outputs := columnNames(c.from.plan.columns)
	var inputs []*nameExpr
	at := make([]int, len(outputs)) // of the row's own value among the inputs, -1 if it cannot have one
	for i, name := range outputs {
		at[i] = -1
		if pl.last().knows(name, end) {
			at[i] = len(inputs)
			inputs = append(inputs, &nameExpr{leaf: leaf{c.from.span}, parts: []string{name}})
		}
	}
	pl.pass(&pass{at: c.at, text: c.String(), inputs: inputs, outputs: outputs, from: c.from, with: func(rows passed, right *sorted, _ room) passed {
		return c.side(rows, right, at)
	}})
}

// side puts rows side by side.
func (c *appendcolsCommand) side(rows passed, right *sorted, at []int) passed {
	return func(yield func(passedRow, error) bool) {
		next, stop := iter.Pull2(sortedResult([]*sorted{right}))
		defer stop()
		for row, err := range rows {
			other, rightErr, ok := next()
			if err == nil && ok {
				err = rightErr
			}
			if err != nil {
				yield(row, err)
				return
			}
			for i := range row.out {
				var theirs, own Value
				if ok {
					theirs = other.values[i]
				}
				if at[i] >= 0 {
					own = row.in[at[i]]
				}
				if row.out[i] = own; own.Missing() || c.override && !theirs.Missing() {
					row.out[i] = theirs
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}
