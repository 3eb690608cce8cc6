package query

import (
	"strings"

	"github.com/tidwall/gjson"
)

var expandInfo = commandInfo{
	name:   "expand",
	syntax: "expand field",
	doc:    "Makes a row of each element of a JSON array, which stands in the place of the field; a field that is no array stays as it is, and a row whose array is empty becomes none.",
	parse: func(p *parser, _ token) command {
		return &expandCommand{p.parseName("a field to expand")}
	},
}

// An expandCommand is expand x.
type expandCommand struct{ field *nameExpr }

func (c *expandCommand) String() string {
	var b strings.Builder
	b.WriteString("expand ")
	c.field.write(&b)
	return b.String()
}

func (c *expandCommand) plan(pl *planner) { pl.expand(c.field) }

// expand makes a row of each element of a field. An array of the event is found
// in its text, since as a field it has no value.
func (pl *planner) expand(field *nameExpr) {
	pl.place++
	l, name := pl.last(), field.name()
	made := &producer{place: pl.place, names: []string{name}, structures: true, replaces: true}
	made.source, made.each = field, eachOf(parseArray)
	if l.isEvents() && l.binding(name, pl.place) == nil {
		made.source = &nameExpr{leaf: field.leaf, parts: []string{"@message"}}
		made.each = eachOf(func(v Value) Value { return arrayAt(v, field.parts) })
	}
	l.define(made)
	pl.listed = append(pl.listed, name)
}

// eachOf gives a row for each element of the list that take makes of the value.
func eachOf(take func(v Value) Value) spreader {
	return func(v Value, out []Value, next func() error) error {
		return eachElement(take(v), out, next)
	}
}

// parseArray reads a text that is a JSON array. Any other value is itself.
func parseArray(v Value) Value {
	if v.kind != KindString {
		return v
	}
	if list := parseStructure(v.text); list.kind == KindList {
		return list
	}
	return v
}

// arrayAt is the field of an event, given its text, as parseArray reads it.
func arrayAt(event Value, parts []string) Value {
	keys := make([]string, len(parts))
	for i, part := range parts {
		if i == 0 && strings.HasPrefix(part, "@@") { // a key of the event that begins with @
			part = part[1:]
		}
		keys[i] = gjson.Escape(part)
	}
	switch found := gjson.Get(event.text, strings.Join(keys, ".")); {
	case found.Type == gjson.String:
		return parseArray(stringValue(found.String()))
	case found.IsArray():
		return parseStructure(found.Raw)
	case found.Type == gjson.Number:
		return writtenNumber(found.Raw)
	case found.IsBool():
		return boolValue(found.Bool())
	}
	return Value{}
}
