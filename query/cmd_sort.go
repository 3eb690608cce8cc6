package query

import "strings"

var sortInfo = commandInfo{
	name:    "sort",
	aliases: []string{"order"},
	syntax:  "sort [by] name [asc|desc], ...",
	doc:     "Puts the rows in order, ascending unless it says desc; the last sort holds.",
	parse:   parseSort,
}

// A sortCommand is sort a, b desc.
type sortCommand struct {
	at   span
	keys []sortKey
}

// A sortKey is one name to sort by.
type sortKey struct {
	name *nameExpr
	desc bool
}

func parseSort(p *parser, word token) command {
	p.acceptWord("by")
	c := &sortCommand{at: word.span}
	for {
		key := sortKey{name: p.parseName("a name to sort by")}
		if p.tok.is("(") {
			p.fail(join(key.name.span, p.tok.span), ErrUse, "sort takes names only", "give the expression a name with fields ... as name, and sort by that")
		}
		if key.desc = p.acceptWord("desc"); !key.desc {
			p.acceptWord("asc")
		}
		c.keys = append(c.keys, key)
		if !p.accept(",") {
			return c
		}
	}
}

func (c *sortCommand) String() string {
	var b strings.Builder
	b.WriteString("sort ")
	for i, key := range c.keys {
		if i > 0 {
			b.WriteString(", ")
		}
		key.write(&b)
	}
	return b.String()
}

func (k sortKey) write(b *strings.Builder) {
	k.name.write(b)
	if k.desc {
		b.WriteString(" desc")
	}
}

func (c *sortCommand) plan(pl *planner) { pl.sort(c.at, c.keys) }
