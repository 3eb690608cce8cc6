package query

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// A parser reads a query from left to right and holds one token at a time. The
// first error ends it: fail panics with an *Error, which only [Parse] sees.
type parser struct {
	lexer
	tok   token // the token to be read
	last  span  // the one before it
	depth int   // of nested expressions
	cost  int   // of the regular expressions so far
	notes []note

	inStats     bool // aggregates can be called
	inAggregate bool // this is the argument of one
}

// A note is a [Diagnostic] to be.
type note struct {
	at        span
	msg, hint string
}

// maxDepth bounds the recursion over nested expressions.
const maxDepth = 1000

// maxQuery is the length beyond which the service takes no query, and maxBytes
// that beyond which this package takes none: evaluation recurses over chains of
// operators, which are as long as the text allows.
// Source: the StartQuery API reference.
const (
	maxQuery = 10_000
	maxBytes = 1 << 20
)

// parsePipeline reads a whole query: commands with bars between them.
func (p *parser) parsePipeline() []command {
	if len(p.src) > maxBytes {
		p.fail(span{maxBytes, maxBytes}, ErrUse, fmt.Sprintf("the query has %d bytes, and no more than %d are taken", len(p.src), maxBytes), "")
	}
	if n := utf8.RuneCountInString(p.src); n > maxQuery {
		p.note(span{0, 0}, fmt.Sprintf("the service refuses this: a query of %d characters, where it takes %d", n, maxQuery), "")
	}
	p.advance()
	for p.tok.is("|") {
		p.advance()
	}
	if p.tok.kind == tokenEnd {
		p.fail(p.tok.span, ErrSyntax, "the query is empty", "")
	}
	var commands []command
	for {
		commands = append(commands, p.parseCommand())
		if p.tok.kind == tokenEnd {
			return commands
		}
		if !p.tok.is("|") {
			p.failBehind()
		}
		p.advance()
		if p.tok.kind == tokenEnd {
			p.fail(p.last, ErrSyntax, "a command is missing after the bar", "")
		}
	}
}

// parseCommand reads a command by the word it begins with.
func (p *parser) parseCommand() command {
	if p.tok.kind != tokenName {
		p.unexpected("a command")
	}
	word := p.tok
	info := commandNamed(word.text)
	if info == nil {
		p.failUnknown(word.span, "command", word.text, commandNames(), unsupportedCommands)
	}
	p.advance()
	return info.parse(p, word)
}

// advance moves to the next token. The end of the query is taken to be right
// behind what it ends with, since that is where what is missing should stand.
func (p *parser) advance() {
	tok, err := p.next()
	if err != nil {
		panic(err)
	}
	if tok.kind == tokenEnd {
		tok.span = span{p.tok.to, p.tok.to}
	}
	p.last, p.tok = p.tok.span, tok
}

// fail ends the parse. A kind is one of those that [Error] names.
func (p *parser) fail(at span, kind error, msg, hint string) {
	panic(newError(p.src, at, kind, msg, hint))
}

// unexpected ends the parse at the current token, in place of what should
// have been there.
func (p *parser) unexpected(want string) {
	p.rejectSaved()
	p.fail(p.tok.span, ErrSyntax, fmt.Sprintf("expected %s, not %s", want, p.tok.describe(p.src)), "")
}

// failBehind ends the parse at a token that cannot follow a whole command. What
// stood there was most likely meant as part of it.
func (p *parser) failBehind() {
	p.rejectSaved()
	hint := ""
	switch {
	case p.atWord("exists"):
		hint = "write ispresent(field)"
	case p.tok.kind == tokenName && commandNamed(p.tok.text) != nil:
		hint = "a bar stands between two commands"
	case p.tok.kind == tokenName && !isReserved(p.tok.text):
		if near := nearest(p.tok.text, slices.Sorted(maps.Keys(reserved))); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
	case p.tok.is("."), p.tok.is(":"), p.tok.kind == tokenNumber:
		hint = "a text needs quotation marks"
	case p.tok.is("?"):
		hint = "there is no operator ? :"
	}
	p.fail(p.tok.span, ErrSyntax, "expected a bar or the end of the query, not "+p.tok.describe(p.src), hint)
}

// rejectSaved ends the parse at what only stands in saved queries.
func (p *parser) rejectSaved() {
	switch {
	case p.tok.is("{{"):
		p.fail(p.tok.span, errors.ErrUnsupported, "parameters of saved queries are not supported", "write the value in their place")
	case p.tok.is("$"):
		p.fail(p.tok.span, errors.ErrUnsupported, "calls of saved queries are not supported", "write the query in their place")
	}
}

// failUnknown ends the parse at a name that is in neither list: it is not
// known, or known and not supported.
func (p *parser) failUnknown(at span, what, name string, known, unsupported []string) {
	lower := strings.ToLower(name)
	for _, s := range unsupported {
		if strings.ToLower(s) == lower {
			p.fail(at, errors.ErrUnsupported, fmt.Sprintf("%s is a Logs Insights %s that this package does not support", s, what), "")
		}
	}
	hint := ""
	if near := nearest(lower, slices.Concat(known, unsupported)); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	p.fail(at, ErrName, fmt.Sprintf("unknown %s %q", what, preview(name)), hint)
}

// note remarks on something that does not keep the query from running.
func (p *parser) note(at span, msg, hint string) {
	p.notes = append(p.notes, note{at, msg, hint})
}

// diagnostics are the notes in the order of the text, each once.
func (p *parser) diagnostics() []Diagnostic {
	slices.SortStableFunc(p.notes, func(a, b note) int { return cmp.Compare(a.at.from, b.at.from) })
	lines := linesOf(p.src)
	var out []Diagnostic
	for _, n := range slices.Compact(p.notes) {
		out = append(out, Diagnostic{p.src, lines.position(n.at.from), lines.position(n.at.to), n.msg, n.hint})
	}
	return out
}

// accept passes the symbol s if it is next.
func (p *parser) accept(s string) bool {
	if !p.tok.is(s) {
		return false
	}
	p.advance()
	return true
}

// expect passes the symbol s, which must be next.
func (p *parser) expect(s, after string) {
	if !p.accept(s) {
		p.unexpected(fmt.Sprintf("%q %s", s, after))
	}
}

// atWord reports whether the word is next, in any case.
func (p *parser) atWord(word string) bool {
	return p.tok.kind == tokenName && strings.EqualFold(p.tok.text, word)
}

// acceptWord passes the word if it is next.
func (p *parser) acceptWord(word string) bool {
	if !p.atWord(word) {
		return false
	}
	p.advance()
	return true
}

// reserved are the words that cannot be a field's name without backticks.
var reserved = map[string]bool{
	"and": true, "or": true, "not": true, "like": true, "in": true,
	"as": true, "by": true, "asc": true, "desc": true,
	"true": true, "false": true,
}

func isReserved(word string) bool { return reserved[strings.ToLower(word)] }

// parseName reads a field's name.
func (p *parser) parseName(want string) *nameExpr {
	if p.tok.kind != tokenQuoted && (p.tok.kind != tokenName || isReserved(p.tok.text)) {
		p.unexpected(want)
	}
	name := &nameExpr{leaf: leaf{p.tok.span}, parts: p.tok.parts}
	p.advance()
	return name
}

// An item is one column of fields or display: an expression and the name that
// it is given.
type item struct {
	expr  expr
	alias *nameExpr // nil if it is given none
	text  string    // as it stands in the query, without the alias
}

// name is the name of the item's column: its alias, or the field's name, or
// the text of the expression as it was written.
func (it item) name() string {
	if it.alias != nil {
		return it.alias.name()
	}
	if field, ok := it.expr.(*nameExpr); ok {
		return field.name()
	}
	return it.text
}

// write keeps the text of a nameless expression, which is its column's name.
func (it item) write(b *strings.Builder) {
	_, isName := it.expr.(*nameExpr)
	if it.alias == nil && !isName {
		b.WriteString(it.text)
		return
	}
	it.expr.write(b)
	if it.alias != nil {
		b.WriteString(" as ")
		it.alias.write(b)
	}
}

// parseItems reads one item or more, with commas between them.
func (p *parser) parseItems() []item {
	var items []item
	for {
		from := p.tok.from
		it := item{expr: p.parseExpr()}
		it.text = p.src[from:p.last.to]
		if p.acceptWord("as") {
			it.alias = p.parseName("a name after as")
		}
		items = append(items, it)
		if !p.accept(",") {
			return items
		}
	}
}

func writeItems(command string, items []item) string {
	var b strings.Builder
	b.WriteString(command)
	for i, it := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte(' ')
		it.write(&b)
	}
	return b.String()
}
