package query

import "strings"

var accumInfo = commandInfo{
	name:   "accum",
	syntax: "accum field [as name]",
	doc:    "Gives each row the sum of the field over the rows up to it, in the order of the sort before it, or from the oldest; without a name the field itself becomes the sum.",
	parse:  parseAccum,
}

// An accumCommand is accum x as name.
type accumCommand struct {
	at    span
	field *nameExpr
	alias *nameExpr // nil if there is none
}

func parseAccum(p *parser, word token) command {
	c := &accumCommand{at: word.span, field: p.parseName("a field to add up")}
	if p.acceptWord("as") {
		c.alias = p.parseName("a name after as")
	}
	return c
}

func (c *accumCommand) String() string {
	var b strings.Builder
	b.WriteString("accum ")
	c.field.write(&b)
	writeAlias(&b, c.alias)
	return b.String()
}

func (c *accumCommand) plan(pl *planner) {
	name := c.field
	if c.alias != nil {
		name = c.alias
	}
	pl.pass(&pass{at: c.at, text: c.String(), inputs: []*nameExpr{c.field}, outputs: []string{name.name()}, oldest: true, run: eachRow(accumulate)})
}

// accumulate adds up the numbers of one row after another. A row without a
// number has none.
func accumulate() func(in, out []Value) {
	var sum exactSum
	return func(in, out []Value) {
		if x, ok := in[0].Float64(); ok {
			sum.add(x)
			out[0] = numberValue(sum.value())
		}
	}
}
