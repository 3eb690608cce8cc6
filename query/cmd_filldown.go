package query

import (
	"fmt"
	"path"
	"strings"
)

var filldownInfo = commandInfo{
	name:   "filldown",
	syntax: "filldown [field or wildcard* ...]",
	doc:    "Fills fields that a row lacks with what they were in the row before, in the order of the sort before it, or from the oldest; without fields, all columns.",
	parse:  parseFilldown,
}

// A filldownCommand is filldown a b*.
type filldownCommand struct {
	at     span
	fields []filldownField // none for all columns
}

// A filldownField is a name, or the beginning of the names of columns.
type filldownField struct {
	at    span
	name  *nameExpr
	extra string // the wildcards and what is between them, behind the name
}

func parseFilldown(p *parser, word token) command {
	c := &filldownCommand{at: word.span}
	for comma := false; comma || p.tok.kind == tokenName || p.tok.kind == tokenQuoted || p.tok.is("*"); {
		c.fields = append(c.fields, parseFilldownField(p))
		comma = p.accept(",") // it is not needed
	}
	return c
}

// parseFilldownField reads a name and the wildcards that touch it.
func parseFilldownField(p *parser) filldownField {
	f := filldownField{at: p.tok.span}
	end := p.tok.from
	if !p.tok.is("*") {
		f.name = p.parseName("a field to fill")
		end = p.last.to
	}
	for p.tok.from == end && (p.tok.is("*") || f.extra != "" && p.tok.kind == tokenName) {
		f.extra += p.src[p.tok.from:p.tok.to]
		end = p.tok.to
		p.advance()
	}
	f.at = join(f.at, p.last)
	return f
}

func (f filldownField) String() string {
	var b strings.Builder
	if f.name != nil {
		f.name.write(&b)
	}
	return b.String() + f.extra
}

func (c *filldownCommand) String() string {
	parts := []string{"filldown"}
	for _, f := range c.fields {
		parts = append(parts, f.String())
	}
	return strings.Join(parts, " ")
}

func (c *filldownCommand) plan(pl *planner) {
	var names []*nameExpr
	var outputs []string
	seen := map[string]bool{}
	add := func(x *nameExpr) {
		if name := x.name(); !seen[name] {
			seen[name] = true
			names, outputs = append(names, x), append(outputs, name)
		}
	}
	for _, f := range c.fields {
		if f.extra == "" {
			add(f.name)
			continue
		}
		before := len(names)
		for _, x := range pl.columnNames(c.at) {
			if ok, _ := path.Match(f.pattern(), strings.ReplaceAll(x.name(), "/", "|")); ok {
				add(x)
			}
		}
		if len(names) == before {
			pl.p.note(f.at, fmt.Sprintf("no other column is called %s, so this fills nothing", f), "")
		}
	}
	if len(c.fields) == 0 {
		for _, x := range pl.columnNames(c.at) {
			add(x)
		}
	}
	pl.pass(&pass{at: c.at, text: c.String(), inputs: names, outputs: outputs, oldest: true, run: eachRow(filldown)})
}

// pattern is the pattern of package path; a slash in a name is another symbol
// there, so that wildcards match it.
func (f filldownField) pattern() string {
	name := ""
	if f.name != nil {
		name = f.name.name()
	}
	return strings.NewReplacer("/", "|", `\`, `\\`, "[", `\[`, "?", `\?`).Replace(name + f.extra)
}

func filldown() func(in, out []Value) {
	var last []Value
	return func(in, out []Value) {
		if last == nil {
			last = make([]Value, len(in))
		}
		for i, v := range in {
			if !v.Missing() {
				last[i] = v.own()
			}
		}
		copy(out, last)
	}
}
