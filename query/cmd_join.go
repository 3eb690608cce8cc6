package query

import "strings"

var joinInfo = commandInfo{
	name:   "join",
	syntax: "join [type=inner or left] left=a right=b where a.field = b.field [and ...] (SOURCE ... [| ...])",
	doc:    "Gives a row for each pair of a row and one of another log with equal fields, which are then called a.name and b.name; with type=left also the rows that have no other.",
	parse:  parseJoin,
}

// A joinCommand is join type=left left=a right=b where a.x = b.y (SOURCE "z").
type joinCommand struct {
	at          span
	outer       bool // type=left
	left, right *nameExpr
	on          []joinKey
	from        *subquery // the right side
}

// A joinKey is one a.x = b.y, without the aliases.
type joinKey struct{ left, right *nameExpr }

func parseJoin(p *parser, word token) command {
	c := &joinCommand{at: word.span}
	p.parseOptions("join", []string{"type", "left", "right"}, func(option string) {
		switch option {
		case "type":
			c.outer = p.parseChoice("type", "inner", "left") == "left"
		case "left":
			c.left = p.parseAlias()
		case "right":
			c.right = p.parseAlias()
		}
	})
	switch {
	case c.left == nil:
		p.unexpected("left= with a name for the query's own rows")
	case c.right == nil:
		p.unexpected("right= with a name for the rows of the other log")
	case c.left.name() == c.right.name():
		p.fail(c.right.span, ErrUse, "both sides have the same name", "")
	}
	if !p.acceptWord("where") {
		p.unexpected("where, with the fields that are compared")
	}
	for again := true; again; again = p.acceptWord("and") {
		c.on = append(c.on, c.parseKey(p))
	}
	if !p.tok.is("(") {
		p.unexpected("and, or the other log in parentheses")
	}
	c.from = p.parseSubquery()
	c.checkSource(p)
	return c
}

// parseAlias reads the name of a side.
func (p *parser) parseAlias() *nameExpr {
	x := p.parseName("a name for the side")
	if len(x.parts) > 1 || strings.Contains(x.name(), ".") {
		p.fail(x.span, ErrUse, "the name of a side has no dot in it", "")
	}
	if containers[x.name()] != "" {
		p.note(x.span, "behind join the fields of "+x.name()+" cannot be named without the name of their side", "use another name for the side")
	}
	return x
}

// parseKey reads a.x = b.y, in either order.
func (c *joinCommand) parseKey(p *parser) joinKey {
	a, aRight := c.parseSide(p)
	if !p.accept("=") && !p.accept("==") {
		p.unexpected(`"=", since join compares nothing but for being equal`)
	}
	b, bRight := c.parseSide(p)
	switch {
	case aRight == bRight:
		p.fail(join(a.span, b.span), ErrUse, "join compares a field of one side with a field of the other", "")
	case aRight:
		a, b = b, a
	}
	return joinKey{a, b}
}

// parseSide reads a.x, and reports which side it is of.
func (c *joinCommand) parseSide(p *parser) (field *nameExpr, right bool) {
	x := p.parseName("a field with the name of its side, such as " + c.left.name() + ".field")
	side := x.parts[0]
	if len(x.parts) < 2 || side != c.left.name() && side != c.right.name() {
		p.fail(x.span, ErrUse, "it does not say which side this field is of", "write "+c.left.name()+".field = "+c.right.name()+".field")
	}
	return &nameExpr{leaf: x.leaf, parts: x.parts[1:]}, side == c.right.name()
}

// checkSource checks that the right side names its log. The reference has
// nothing behind SOURCE there.
func (c *joinCommand) checkSource(p *parser) {
	for i, right := range c.from.commands {
		if _, ok := right.(*sourceCommand); ok {
			continue
		}
		if i == 0 {
			p.fail(c.from.span, ErrUse, "the other side of join begins with SOURCE", "")
		}
		p.note(c.from.span, "the service is not known to take commands behind SOURCE in join", "")
		return
	}
}

func (c *joinCommand) String() string {
	var b strings.Builder
	b.WriteString([]string{"join type=inner left=", "join type=left left="}[bit(c.outer)])
	c.left.write(&b)
	b.WriteString(" right=")
	c.right.write(&b)
	for i, key := range c.on {
		b.WriteString([]string{" where ", " and "}[min(i, 1)])
		writeName(&b, append([]string{c.left.name()}, key.left.parts...))
		b.WriteString(" = ")
		writeName(&b, append([]string{c.right.name()}, key.right.parts...))
	}
	return b.String() + " " + c.from.text()
}

// plan begins a level on the pairs. What the right side has to give is known
// when that level is.
func (c *joinCommand) plan(pl *planner) {
	if pl.joins {
		pl.p.fail(c.at, ErrUse, "a query has one join", "")
	}
	pl.joins = true
	j := &joined{left: c.left.name(), right: c.right.name()}
	var inputs []*nameExpr
	for _, key := range c.on {
		inputs, j.keys = append(inputs, key.left), append(j.keys, key.right)
	}
	pl.p.planned(func() { j.side = newPlanner(pl.p, c.from.commands) })
	for _, key := range j.keys {
		if side := j.side.last(); !side.knows(key.name(), end) {
			side.unknownSymbols(key)
		}
	}
	pl.pass(&pass{at: c.at, text: c.String(), inputs: inputs, join: j, from: c.from, with: func(rows passed, right *sorted, in room) passed {
		return (&joining{j, c.outer, right, in}).pairs(rows)
	}})
	for _, name := range j.side.columns() {
		pl.joined = append(pl.joined, j.right+"."+name)
	}
}
