package query

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var parseInfo = commandInfo{
	name:   "parse",
	syntax: "parse [field] /regex with (?<name>...) groups/",
	doc:    "Gives names to the parts of a text that the groups match; without a field, of @message.",
	parse:  parseParse,
}

// A parseCommand is parse x /(?<name>...)/ or parse x /(...)/ as name.
type parseCommand struct {
	at     span
	source expr // nil for @message
	regex  *regexExpr
	names  []*nameExpr // behind as; empty if the groups have names
}

func parseParse(p *parser, word token) command {
	c := &parseCommand{at: word.span}
	if !p.tok.is("/") && p.tok.kind != tokenString {
		c.source = p.parsePostfix()
	}
	switch {
	case p.tok.kind == tokenString:
		p.fail(p.tok.span, errors.ErrUnsupported, "parse with a quoted pattern is not supported", "use a regular expression with named groups")
	case p.atWord("logfmt"), p.atWord("csv"):
		p.fail(p.tok.span, errors.ErrUnsupported, "parse "+strings.ToLower(p.tok.text)+" is not supported", "use a regular expression with named groups")
	case !p.tok.is("/"):
		p.unexpected("a regular expression between slashes")
	}
	c.regex = p.parseRegex()
	if p.acceptWord("as") {
		c.parseNames(p)
	}
	if p.atWord("multi") {
		p.fail(p.tok.span, errors.ErrUnsupported, "parse ... multi is not supported", "")
	}
	if len(c.groups()) == 0 {
		p.fail(c.regex.span, ErrUse, "the regular expression has no group to take a value from", "write (?<name>...)")
	}
	return c
}

// parseNames reads the names of groups that have none of their own.
func (c *parseCommand) parseNames(p *parser) {
	for {
		c.names = append(c.names, p.parseName("a name for the group"))
		if !p.accept(",") {
			break
		}
	}
	if groups := c.regex.re.NumSubexp(); groups != len(c.names) {
		p.fail(c.regex.span, ErrUse, fmt.Sprintf("the regular expression has %s, and there are %s", counted(groups, "group"), counted(len(c.names), "name")), "")
	}
}

// A captured group of a regular expression.
type captured struct {
	name  string
	group int
}

// groups are the groups that give values, with their names.
func (c *parseCommand) groups() []captured {
	var out []captured
	for i, name := range c.names {
		out = append(out, captured{name.name(), i + 1})
	}
	if len(c.names) > 0 {
		return out
	}
	for i, name := range c.regex.re.SubexpNames() {
		if name != "" {
			out = append(out, captured{name, i})
		}
	}
	return out
}

func (c *parseCommand) String() string {
	var b strings.Builder
	b.WriteString("parse ")
	if c.source != nil {
		writeOperand(&b, c.source, precPostfix)
		b.WriteByte(' ')
	}
	c.regex.write(&b)
	for i, name := range c.names {
		b.WriteString([]string{" as ", ", "}[min(i, 1)])
		name.write(&b)
	}
	return b.String()
}

func (c *parseCommand) plan(pl *planner) {
	source := c.source
	if source == nil {
		source = &nameExpr{leaf: leaf{c.at}, parts: []string{"@message"}}
	}
	groups := c.groups()
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.name
	}
	pl.extract(c.regex.span, source, names, func(from evaluator, slots []int) func(*frame) {
		return capture(c.regex.re, groups, from, slots)
	})
}

// capture sets the slots to what the groups match. Where the expression does
// not match, and for a group that takes no part in the match, the value is
// missing; an empty match is an empty text.
func capture(re *regexp.Regexp, groups []captured, from evaluator, slots []int) func(*frame) {
	return func(f *frame) {
		v := from(f)
		var at []int
		text := ""
		if v.kind != KindMissing && v.kind != KindList {
			text = v.String()
			at = re.FindStringSubmatchIndex(text)
		}
		for i, g := range groups {
			f.slots[slots[i]] = Value{}
			if at != nil && at[2*g.group] >= 0 {
				f.slots[slots[i]] = stringValue(text[at[2*g.group]:at[2*g.group+1]])
			}
		}
	}
}
