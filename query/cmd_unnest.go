package query

import "strings"

var unnestInfo = commandInfo{
	name:   "unnest",
	syntax: "unnest list into name",
	doc:    "Makes a row of each element of a list, with a name for the element; a row that lacks the list stays one row, and one whose list is empty becomes none.",
	parse:  parseUnnest,
}

// An unnestCommand is unnest x into name.
type unnestCommand struct {
	list expr
	name *nameExpr
}

func parseUnnest(p *parser, _ token) command {
	c := &unnestCommand{list: p.parsePostfix()}
	if !p.acceptWord("into") {
		p.unexpected("into, with a name for the element")
	}
	c.name = p.parseName("a name after into")
	return c
}

func (c *unnestCommand) String() string {
	var b strings.Builder
	b.WriteString("unnest ")
	writeOperand(&b, c.list, precPostfix)
	b.WriteString(" into ")
	c.name.write(&b)
	return b.String()
}

func (c *unnestCommand) plan(pl *planner) {
	pl.produce(c.name.span, &producer{source: c.list, names: []string{c.name.name()}, each: eachElement})
}

// eachElement gives a row for each element of a list. Anything else is taken
// for a list with one element.
// Source: the Logs Insights unnest page.
func eachElement(v Value, out []Value, next func() error) error {
	if v.kind != KindList {
		out[0] = v
		return next()
	}
	for _, item := range v.elements() {
		out[0] = item
		if err := next(); err != nil {
			return err
		}
	}
	return nil
}
