package query

import "strings"

var jsonInfo = commandInfo{
	name:   "json",
	syntax: `json [field=name] "path" as name, ...`,
	doc:    "Gives names to values in a text that is JSON, by their keys and places in lists with dots between them; without a field, of @message.",
	parse:  parseJSON,
}

// A jsonCommand is json field=x "a.b" as name.
type jsonCommand struct {
	at    span
	field *nameExpr // nil for @message
	paths []jsonPath
}

// A jsonPath is the way to a value, and its name.
type jsonPath struct {
	at    span
	path  string
	alias *nameExpr
}

func parseJSON(p *parser, word token) command {
	c := &jsonCommand{at: word.span}
	p.parseOptions("json", []string{"field"}, func(string) { c.field = p.parseName("a field after field=") })
	for {
		path := jsonPath{at: p.tok.span, path: p.tok.text}
		if p.tok.kind != tokenString {
			p.unexpected("the path of a value in quotation marks")
		}
		p.advance()
		if !p.acceptWord("as") {
			p.unexpected("as, with a name for the value")
		}
		path.alias = p.parseName("a name after as")
		c.paths = append(c.paths, path)
		if !p.accept(",") {
			return c
		}
	}
}

func (c *jsonCommand) String() string {
	var b strings.Builder
	b.WriteString("json ")
	if c.field != nil {
		b.WriteString("field=")
		c.field.write(&b)
		b.WriteByte(' ')
	}
	for i, x := range c.paths {
		if i > 0 {
			b.WriteString(", ")
		}
		writeString(&b, x.path)
		writeAlias(&b, x.alias)
	}
	return b.String()
}

func (c *jsonCommand) plan(pl *planner) {
	source := c.field
	if source == nil {
		source = &nameExpr{leaf: leaf{c.at}, parts: []string{"@message"}}
	}
	names := make([]string, len(c.paths))
	for i, x := range c.paths {
		names[i] = x.alias.name()
	}
	made := &producer{source: source, names: names, structures: true, take: func(v Value, out []Value) error {
		if v.kind == KindString {
			v = parseStructure(v.text)
		}
		for i, x := range c.paths {
			out[i] = v.at(x.path)
		}
		return nil
	}}
	pl.produce(c.paths[0].at, made)
}
