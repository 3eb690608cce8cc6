package query

import (
	"fmt"
	"strconv"
	"strings"
)

var autoregressInfo = commandInfo{
	name:   "autoregress",
	syntax: "autoregress field [as name] [p=n or p=n-m]",
	doc:    "Gives each row the value that the field has so many rows before it, 1 without p: in name_p1 and so on, where the name is that of the field if none is given.",
	parse:  parseAutoregress,
}

// An autoregressCommand is autoregress x as name p=1-4.
type autoregressCommand struct {
	at          span
	field       *nameExpr
	alias       *nameExpr // nil if there is none
	first, last int
}

// maxLag bounds how many rows autoregress looks back.
const maxLag = 1000

func parseAutoregress(p *parser, word token) command {
	c := &autoregressCommand{at: word.span, field: p.parseName("a field to look back at"), first: 1, last: 1}
	if p.acceptWord("as") {
		c.alias = p.parseName("a name after as")
	}
	p.parseOptions("autoregress", []string{"p"}, func(string) { c.parseLags(p) })
	return c
}

// parseLags reads n or n-m.
func (c *autoregressCommand) parseLags(p *parser) {
	from := p.tok.span
	c.first = p.parseCount("p", maxLag)
	c.last = c.first
	if p.accept("-") {
		c.last = p.parseCount("p", maxLag)
	}
	if c.last < c.first {
		p.fail(join(from, p.last), ErrUse, "the range of p ends before it begins", "")
	}
}

func (c *autoregressCommand) String() string {
	var b strings.Builder
	b.WriteString("autoregress ")
	c.field.write(&b)
	writeAlias(&b, c.alias)
	fmt.Fprintf(&b, " p=%d", c.first)
	if c.last > c.first {
		fmt.Fprintf(&b, "-%d", c.last)
	}
	return b.String()
}

func (c *autoregressCommand) plan(pl *planner) {
	name := c.field
	if c.alias != nil {
		name = c.alias
	}
	var outputs []string
	for n := c.first; n <= c.last; n++ {
		outputs = append(outputs, name.name()+"_p"+strconv.Itoa(n))
	}
	if c.alias != nil && c.first == c.last {
		outputs = []string{name.name()}
	}
	pl.pass(&pass{at: c.at, text: c.String(), inputs: []*nameExpr{c.field}, outputs: outputs, oldest: true, run: eachRow(c.lag)})
}

// lag remembers as many values as it looks back.
func (c *autoregressCommand) lag() func(in, out []Value) {
	before := make([]Value, 0, c.last) // the latest at the end
	return func(in, out []Value) {
		for i := range out {
			if at := len(before) - c.first - i; at >= 0 {
				out[i] = before[at]
			}
		}
		if len(before) == c.last {
			before = append(before[:0], before[1:]...)
		}
		before = append(before, in[0].own())
	}
}
