package query

import (
	"fmt"
	"strings"
)

var parseInfo = commandInfo{
	name:   "parse",
	syntax: `parse [field] "glob with *" as name, ... | /regex with (?<name>...) groups/ [as name, ...] [multi] | logfmt as name | csv as name, ...`,
	doc: "Gives names to the parts of a text that a pattern finds, of @message without a field: what the wildcards of a glob or the groups of a " +
		"regular expression match, a map of the pairs of a logfmt text, or the columns of a CSV record. With multi there is a row for each match.",
	parse: parseParse,
}

// A parseCommand is parse, a source, and a pattern with names.
type parseCommand struct {
	at      span
	source  expr // nil for @message
	pattern pattern
	names   []*nameExpr // behind as
	multi   bool        // a row for each match
}

// A pattern takes values out of a text.
type pattern interface {
	extent() span

	// write appends the canonical text.
	write(*strings.Builder)

	// outputs are the names of the values, given those behind as.
	outputs(as []string) []string

	// take sets out, one value for each output, to what the pattern finds
	// first. Out is missing before, and is left so for what is not found.
	take(text string, out []Value) error
}

func parseParse(p *parser, word token) command {
	c := &parseCommand{at: word.span}
	if !p.tok.is("/") && p.tok.kind != tokenString && !c.atFormat(p) {
		c.source = p.parsePostfix()
	}
	switch {
	case p.tok.kind == tokenString:
		c.parseGlob(p)
	case p.tok.is("/"):
		c.parseRegex(p)
	case p.atWord("csv"):
		c.pattern = csvPattern{p.tok.span}
		p.advance()
		c.parseNames(p, "a name for the column")
	case p.atWord("logfmt"):
		c.pattern = logfmtPattern{p.tok.span}
		p.advance()
		c.parseNames(p, "a name for the map")
		if len(c.names) > 1 {
			p.fail(c.names[1].span, ErrUse, "logfmt gives one map", "its values are name.key")
		}
	default:
		p.unexpected("a quoted pattern, a regular expression between slashes, logfmt or csv")
	}
	return c
}

// atFormat reports whether the next token is the word of a pattern: what is
// behind it tells that word from a field of the same name.
func (c *parseCommand) atFormat(p *parser) bool {
	if !p.atWord("csv") && !p.atWord("logfmt") {
		return false
	}
	ahead := p.lexer // next moves only the copy
	tok, err := ahead.next()
	return err == nil && tok.kind == tokenName && strings.EqualFold(tok.text, "as")
}

// parseGlob reads a glob and the names of its wildcards.
func (c *parseCommand) parseGlob(p *parser) {
	glob := newGlob(p.tok.span, p.tok.text)
	c.pattern = glob
	p.advance()
	c.parseNames(p, "a name for the wildcard")
	wildcards := len(glob.parts) - 1
	switch {
	case wildcards == 0 && len(c.names) == 1:
		p.refused(glob.span, "the pattern has no wildcard for the name", "the name stands for nothing", "a * stands for the text to take")
	case wildcards != len(c.names):
		p.fail(glob.span, ErrUse, fmt.Sprintf("the pattern has %s for %s", counted(wildcards, "wildcard"), counted(len(c.names), "name")), "")
	}
}

// parseRegex reads a regular expression with what may stand behind it.
func (c *parseCommand) parseRegex(p *parser) {
	x := p.parseRegex()
	c.pattern = x
	if p.atWord("as") {
		c.parseNames(p, "a name for the group")
		if groups := x.re.groups(); groups != len(c.names) {
			p.fail(x.span, ErrUse, fmt.Sprintf("the regular expression has %s, and there are %s", counted(groups, "group"), counted(len(c.names), "name")), "")
		}
	}
	if len(x.outputs(c.asNames())) == 0 {
		if p.nearWord() != "" {
			p.failBehind()
		}
		p.fail(x.span, ErrUse, "the regular expression has no group to take a value from", "write (?<name>...)")
	}
	c.multi = p.acceptWord("multi")
}

// parseNames reads as and the names behind it.
func (c *parseCommand) parseNames(p *parser, want string) {
	if !p.acceptWord("as") {
		p.unexpected("as, with " + want)
	}
	c.names = p.parseNames(want)
}

func (c *parseCommand) asNames() []string {
	names := make([]string, len(c.names))
	for i, x := range c.names {
		names[i] = x.name()
	}
	return names
}

func (c *parseCommand) String() string {
	var b strings.Builder
	b.WriteString("parse ")
	if c.source != nil {
		writeOperand(&b, c.source, precPostfix)
		b.WriteByte(' ')
	}
	c.pattern.write(&b)
	if len(c.names) > 0 {
		b.WriteString(" as ")
		writeNameList(&b, c.names)
	}
	if c.multi {
		b.WriteString(" multi")
	}
	return b.String()
}

func (c *parseCommand) plan(pl *planner) {
	source := c.source
	if source == nil {
		source = &nameExpr{leaf: leaf{c.at}, parts: []string{"@message"}}
	}
	names := c.pattern.outputs(c.asNames())
	if c.multi {
		pl.produce(c.pattern.extent(), &producer{source: source, names: names, once: true, each: allMatches(c.pattern.(*regexExpr).re)})
		return
	}
	take := c.pattern.take
	_, structures := c.pattern.(logfmtPattern)
	pl.produce(c.pattern.extent(), &producer{source: source, names: names, structures: structures, once: true, take: func(v Value, out []Value) error {
		clear(out)
		text, ok := v.asText()
		if !ok {
			return nil
		}
		return take(text, out)
	}})
}

// outputs are the groups with names or, where there are names behind as, all
// groups.
func (x *regexExpr) outputs(as []string) []string {
	if len(as) > 0 {
		return as
	}
	var names []string
	for _, name := range x.re.names {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// take gives the groups of the first match. A group that takes no part in it is
// missing; an empty one is an empty text.
func (x *regexExpr) take(text string, out []Value) error {
	at, err := x.re.find(text)
	if at != nil {
		x.re.takeGroups(text, at, out)
	}
	return err
}

// takeGroups sets out to the groups of a match: all of them, or those that have
// names if there are fewer of those.
func (re *regex) takeGroups(text string, at []int, out []Value) {
	n := 0
	for i, name := range re.names {
		if i == 0 || name == "" && len(out) < re.groups() {
			continue
		}
		if at[2*i] >= 0 {
			out[n] = stringValue(text[at[2*i]:at[2*i+1]])
		}
		n++
	}
}

// allMatches gives a row for each match, and one without values where there is
// none.
func allMatches(re *regex) spreader {
	return func(v Value, out []Value, next func() error) error {
		clear(out)
		text, _ := v.asText()
		matched := false
		var failed error
		err := re.findAll(text, func(at []int) bool {
			matched = true
			clear(out)
			re.takeGroups(text, at, out)
			failed = next()
			return failed == nil
		})
		switch {
		case failed != nil:
			return failed
		case err != nil:
			return err
		case !matched:
			return next()
		}
		return nil
	}
}
