package query

import "strings"

var lookupInfo = commandInfo{
	name:   "lookup",
	syntax: "lookup table column [as field], ... output or outputnew column [as name], ...",
	doc:    "Adds columns of the first row of a table whose columns equal the fields; output replaces fields of that name, outputnew only gives those that are missing.",
	parse: func(p *parser, word token) command {
		return parseLookup(p, &lookupCommand{at: word.span, word: "lookup"})
	},
}

var cidrlookupInfo = commandInfo{
	name:   "cidrlookup",
	syntax: "cidrlookup table field [as column] output or outputnew column [as name], ...",
	doc:    "Adds columns of the row of a table with the narrowest address range that the field is in; without a name the ranges stand in the first column called cidr.",
	parse: func(p *parser, word token) command {
		return parseLookup(p, &lookupCommand{at: word.span, word: "cidrlookup"})
	},
}

// A lookupCommand is lookup table a as b output c as d, or the same for ranges
// of addresses.
type lookupCommand struct {
	at      span
	word    string
	table   *nameExpr
	match   []item // the expression is the first name, and the alias the second
	fresh   bool   // outputnew
	outputs []item
}

func parseLookup(p *parser, c *lookupCommand) command {
	c.table = p.parseTable()
	c.match = p.parsePairs("a field to look up")
	if c.word == "cidrlookup" && len(c.match) > 1 {
		p.fail(c.match[1].expr.extent(), ErrUse, "cidrlookup takes one field", "")
	}
	if c.fresh = p.acceptWord("outputnew"); !c.fresh && !p.acceptWord("output") {
		p.unexpected("output or outputnew")
	}
	c.outputs = p.parsePairs("a column of the table")
	return c
}

// parseTable reads the name of a table, which can have hyphens in it.
func (p *parser) parseTable() *nameExpr {
	name := p.parseName("the name of a lookup table")
	text := name.name()
	for p.tok.from == p.last.to && p.tok.is("-") {
		p.advance()
		rest := p.parseName("the rest of the name")
		text += "-" + rest.name()
		name.span = join(name.span, rest.span)
	}
	name.parts = []string{text}
	return name
}

// parsePairs reads names that may each have another one, with commas between
// them.
func (p *parser) parsePairs(want string) []item {
	for items := []item(nil); ; {
		it := item{expr: p.parseName(want)}
		if p.acceptWord("as") {
			it.alias = p.parseName("a name after as")
		}
		items = append(items, it)
		if !p.accept(",") {
			return items
		}
	}
}

func (c *lookupCommand) String() string {
	var b strings.Builder
	b.WriteString(c.word + " ")
	c.table.write(&b)
	b.WriteString(writeItems("", c.match))
	b.WriteString(writeItems([]string{" output", " outputnew"}[bit(c.fresh)], c.outputs))
	return b.String()
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c *lookupCommand) plan(pl *planner) {
	look := &lookup{table: c.table.name(), cidr: c.word == "cidrlookup"}
	x := &lookupExpr{leaf: leaf{c.at}, table: look.table, number: len(pl.lookups), values: len(c.match)}
	for _, it := range c.match {
		column, field := it.expr.(*nameExpr), it.alias
		if look.cidr {
			column, field = field, column
		}
		if field == nil {
			field = column
		}
		x.of = append(x.of, field)
		look.match = append(look.match, columnName(column))
	}
	var names []string
	for _, it := range c.outputs {
		look.outputs, names = append(look.outputs, it.expr.(*nameExpr).name()), append(names, it.name())
		if c.fresh {
			at := leaf{it.expr.extent()}
			x.of = append(x.of, &nameExpr{leaf: at, parts: []string{it.name()}})
		}
	}
	pl.lookups = append(pl.lookups, look)
	pl.lookUp(x, names)
}

// columnName is the name of the column with the ranges, cidr if none is given.
func columnName(x *nameExpr) string {
	if x == nil {
		return "cidr"
	}
	return x.name()
}

// lookUp gives names to what a lookup finds. They may be those of fields.
func (pl *planner) lookUp(x *lookupExpr, names []string) {
	pl.place++
	made := &producer{source: x, place: pl.place, names: names, take: func(v Value, out []Value) error {
		clear(out)
		copy(out, v.elements())
		return nil
	}}
	pl.last().define(made)
	pl.listed = append(pl.listed, names...)
}
