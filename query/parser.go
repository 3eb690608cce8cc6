package query

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A parser reads a query from left to right and holds one token at a time. The
// first error ends it: fail panics with an *Error, which only [Parse] sees.
type parser struct {
	lexer
	tok   token    // the token to be read
	last  span     // the one before it
	tried []string // the words that could have stood in the place of tok
	depth int      // of nested expressions
	cost  int      // of the regular expressions so far
	notes []note
	words map[command]token // that the commands begin with

	inStats     bool // aggregates can be called
	inAggregate bool // this is the argument of one

	ofRun bool // a function of the run is called

	saved   map[string]SavedQuery // nil if no texts are known
	inSaved bool                  // this is the text of one
	calls   int                   // of saved queries so far

	inSubquery bool
	subqueries []*subquery // in the order of the text
}

// maxDepth bounds the recursion over nested expressions.
const maxDepth = 1000

// maxQuery is the length beyond which the service takes no query, and maxBytes
// that beyond which this package takes none: evaluation recurses over chains of
// operators, which are as long as the text allows.
// Source: the StartQuery API reference.
const (
	maxQuery = 10_000
	maxBytes = 256 << 10
)

// parsePipeline reads a whole query: commands with bars between them.
func (p *parser) parsePipeline() []command {
	if len(p.src) > maxBytes {
		p.failTooLong(span{len(p.src), len(p.src)}, len(p.src))
	}
	commands := p.parseWhole("the query")
	if n := utf8.RuneCountInString(p.src); n > maxQuery {
		p.refused(span{0, 0}, fmt.Sprintf("the query has %d characters, and no more than %d are taken", n, maxQuery), "it runs", "")
	}
	return commands
}

// parseWhole reads commands from the next token to the end of the text, which is
// all of what.
func (p *parser) parseWhole(what string) []command {
	p.advance()
	for p.tok.is("|") {
		p.advance()
	}
	if p.tok.kind == tokenEnd {
		p.fail(p.tok.span, ErrSyntax, what+" is empty", "")
	}
	return p.parseCommands(func() bool { return p.tok.kind == tokenEnd })
}

// parseCommands reads commands with bars between them, up to where they end.
func (p *parser) parseCommands(ended func() bool) []command {
	var commands []command
	for {
		if p.tok.is("$") {
			commands = append(commands, p.parseSaved()...)
		} else {
			commands = append(commands, p.parseCommand())
		}
		if ended() {
			return commands
		}
		if !p.tok.is("|") {
			p.failBehind()
		}
		p.advance()
		if ended() {
			p.fail(p.last, ErrSyntax, "a command is missing after the bar", "")
		}
	}
}

// failTooLong ends the parse of a query that is longer than this package takes.
func (p *parser) failTooLong(at span, size int) {
	p.fail(at, ErrUse, fmt.Sprintf("the query has %d bytes, and no more than %d are taken", size, maxBytes), "")
}

// parseCommand reads a command by the word it begins with.
func (p *parser) parseCommand() command {
	if p.tok.kind != tokenName {
		p.unexpected("a command")
	}
	word := p.tok
	info := commandNamed(word.text)
	if info == nil {
		p.failCommand(word)
	}
	p.advance()
	c := info.parse(p, word)
	p.words[c] = word
	return c
}

// failCommand ends the parse at a word that no command begins with. The reference
// lists the function unmask among the commands, and an aggregate is easily
// written without stats.
func (p *parser) failCommand(word token) {
	in := ""
	switch {
	case functionNamed(word.text) != nil:
		in = "fields"
	case aggregateNamed(word.text) != nil:
		in = "stats"
	default:
		p.failUnknown(word.span, "command", word.text, commandNames(), unsupportedCommands)
	}
	p.fail(word.span, ErrName, fmt.Sprintf("unknown command %q", word.text), fmt.Sprintf("it is a function: write %s %s(...)", in, word.text))
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
	p.rejectPlaceholder(tok)
	p.last, p.tok, p.tried = p.tok.span, tok, p.tried[:0]
}

// fail ends the parse. A kind is one of those that [Error] names.
func (p *parser) fail(at span, kind error, msg, hint string) {
	panic(p.errorAt(at, kind, msg, hint))
}

// unexpected ends the parse at the current token, in place of what should
// have been there.
func (p *parser) unexpected(want string) {
	hint := p.nearWord()
	if p.tok.is("$") {
		hint = "a saved query is called in the place of a command"
	}
	p.fail(p.tok.span, ErrSyntax, fmt.Sprintf("expected %s, not %s", want, p.tok.describe(p.src)), hint)
}

// nearWord is the hint for a name that is most likely a misspelled one of the
// words that could have stood there; "" if it is like none.
func (p *parser) nearWord() string {
	if p.tok.kind != tokenName || isReserved(p.tok.text) {
		return ""
	}
	return didYouMean(p.tok.text, p.tried)
}

// failBehind ends the parse at a token that cannot follow a whole command. What
// stood there was most likely meant as part of it.
func (p *parser) failBehind() {
	hint := p.nearWord()
	switch {
	case p.tok.is("$"):
		hint = "a saved query is called in the place of a command"
	case p.tok.kind == tokenName && strings.EqualFold(p.tok.text, "exists"):
		hint = "write ispresent(field)"
	case p.tok.kind == tokenName && strings.EqualFold(p.tok.text, "is"):
		hint = "write ispresent(field) or not ispresent(field)"
	case p.tok.kind == tokenName && commandNamed(p.tok.text) != nil:
		hint = "a bar stands between two commands"
	case p.tok.is(":"):
		hint = "a text needs quotation marks, and a field with a colon in its name backticks"
	case p.tok.is("."), p.tok.kind == tokenNumber:
		hint = "a text needs quotation marks"
	case p.tok.is("?"):
		hint = "there is no operator ? :"
	}
	end := "the end of the query"
	if p.inSubquery {
		end = `")"`
	}
	p.fail(p.tok.span, ErrSyntax, fmt.Sprintf("expected a bar or %s, not %s", end, p.tok.describe(p.src)), hint)
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
	p.fail(at, ErrName, fmt.Sprintf("unknown %s %q", what, preview(name)), didYouMean(name, slices.Concat(known, unsupported)))
}

// sortedNotes are the notes in the order of the text, each once.
func (p *parser) sortedNotes() []note {
	slices.SortStableFunc(p.notes, func(a, b note) int { return cmp.Compare(a.at.from, b.at.from) })
	p.notes = slices.Compact(p.notes)
	return p.notes
}

// diagnostics are the notes, for people.
func (p *parser) diagnostics() []Diagnostic {
	text := p.written()
	lines := linesOf(text)
	var out []Diagnostic
	for _, n := range p.sortedNotes() {
		at := p.origin.place(n.at)
		n.msg = p.origin.within(n.at) + n.msg
		if n.here != "" {
			n.msg += "; here " + n.here
		}
		out = append(out, Diagnostic{text, lines.position(at.from), lines.position(at.to), n.kind, n.msg, n.hint})
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

// atWord reports whether the word is next, in any case. It can only be asked for
// a word that could stand there, since one that is not is what [parser.nearWord]
// suggests.
func (p *parser) atWord(word string) bool {
	if p.tok.kind != tokenName {
		return false
	}
	p.tried = append(p.tried, word)
	return strings.EqualFold(p.tok.text, word)
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

// isName reports whether the item is a name and nothing else.
func (it item) isName() bool {
	field, ok := it.expr.(*nameExpr)
	return ok && (it.alias == nil || it.alias.name() == field.name())
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
