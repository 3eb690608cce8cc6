package query

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A SavedQuery is a query, or a piece of one, that queries call by its name.
type SavedQuery struct {
	// Text is the query, one command or more, with {{name}} where the value of
	// a parameter goes.
	Text string

	// Defaults are the values of the parameters that a call gives none. They are
	// put in as they stand, as those of [ParseOptions.Parameters].
	Defaults map[string]string
}

// A savedCall is $Name(level="ERROR"), a call of a saved query whose text is not
// known. One whose text is known becomes the commands of that text.
// Source: the saved queries page of Logs Insights.
type savedCall struct {
	at   span
	name string
	args []argument
}

// An argument is the value of a parameter in a call, as it was written.
type argument struct {
	at          span // of the name
	name, value string
}

// maxCalls bounds how many saved queries a query calls. It is a limit of this
// package.
const maxCalls = 1000

// parseSaved reads a call of a saved query. It gives the commands that the call
// stands for, or where no texts are known the call itself.
func (p *parser) parseSaved() []command {
	switch {
	case p.inSaved:
		p.fail(p.tok.span, ErrUse, "a saved query cannot call another one", "")
	case p.inSubquery:
		p.fail(p.tok.span, errors.ErrUnsupported, "calls of saved queries in subqueries are not supported", "write the text in the place of the call")
	case p.calls == maxCalls:
		p.fail(p.tok.span, ErrUse, fmt.Sprintf("a query calls up to %d saved queries", maxCalls), "")
	}
	p.calls++
	c := p.parseSavedCall()
	if p.saved == nil {
		p.expect(")", "to close the call")
		return []command{c}
	}
	return p.expandCall(c)
}

// parseSavedCall reads a call, up to the parenthesis that closes it.
func (p *parser) parseSavedCall() *savedCall {
	dollar := p.tok.span
	p.advance()
	if name := p.tok; name.from != dollar.to || name.kind != tokenName && name.kind != tokenQuoted {
		p.unexpected("the name of a saved query right behind the $")
	} else if len(name.parts) > 1 || name.text[0] == '@' && name.kind == tokenName {
		p.failSavedName(name.span)
	}
	c := &savedCall{at: join(dollar, p.tok.span), name: p.tok.text}
	p.advance()
	if !p.tok.is("(") {
		p.failSavedName(p.tok.span)
	}
	p.advance()
	given := map[string]bool{}
	for !p.tok.is(")") {
		if len(c.args) > 0 {
			p.expect(",", `or ")" to close the call`)
		}
		arg := p.parseArgument()
		if given[arg.name] {
			p.fail(arg.at, ErrUse, fmt.Sprintf("the call has the argument %q twice", preview(arg.name)), "")
		}
		given[arg.name] = true
		c.args = append(c.args, arg)
	}
	c.at = join(c.at, p.tok.span)
	return c
}

// failSavedName ends the parse where the name of a saved query is not followed
// by the arguments.
func (p *parser) failSavedName(at span) {
	p.fail(at, ErrSyntax, "a saved query is called by its name and the arguments in parentheses",
		"a name with other characters than letters, digits and _ needs backticks")
}

// parseArgument reads name = value.
func (p *parser) parseArgument() argument {
	arg := argument{at: p.tok.span, name: p.tok.text}
	if p.tok.kind != tokenName || !isParameterName(arg.name) {
		p.unexpected("the name of a parameter")
	}
	p.advance()
	p.expect("=", "after the parameter")
	from := p.tok.from
	p.passValue()
	arg.value = p.src[from:p.last.to]
	return arg
}

// passValue passes the value of an argument: a text, a number, a duration, a
// name, or a regular expression.
func (p *parser) passValue() {
	switch {
	case p.tok.is("/"):
		tok, err := p.regex(p.tok)
		if err != nil {
			panic(err)
		}
		p.tok = tok
	case p.tok.is("-"), p.tok.is("+"):
		p.advance()
		if p.tok.kind != tokenNumber {
			p.unexpected("a number behind the sign")
		}
	case p.tok.kind == tokenEnd, p.tok.kind == tokenSymbol:
		p.unexpected("the value of the parameter: a text, a number, a duration, a name or a regular expression")
	}
	p.advance()
}

// expandCall reads the commands that a call stands for, whose closing
// parenthesis is next. They are read from the text of the query, where they take
// the place of the call, and what follows is out of sight: so they end with the
// saved query, and the places of what has been read stay what they were.
func (p *parser) expandCall(c *savedCall) []command {
	text, places, used := p.fillSaved(c)
	head, tail := p.src[:c.at.from], p.src[c.at.to:]
	if size := len(head) + len(text) + len(tail); size > maxBytes {
		p.failTooLong(c.at, size)
	}
	to := span{len(head), len(head) + len(text)}
	p.origin = p.origin.called(p.src, c.at, calledText{to, c.name, expansion{written: p.saved[c.name].Text, places: places}})
	p.src, p.pos, p.tok = head+text, to.from, token{span: span{to.from, to.from}}
	if used > maxParameters {
		p.refused(to, fmt.Sprintf("the query has %d parameters, and no more than %d are taken", used, maxParameters), "all have their values", "")
	}
	p.inSaved = true
	commands := p.parseWhole(fmt.Sprintf("the saved query %q", preview(c.name)))
	p.inSaved = false
	p.src, p.pos = p.src+tail, to.to
	p.advance()
	return commands
}

// fillSaved puts the arguments of a call, and the defaults of those that it does
// not have, into the text of the saved query. It returns how many parameters
// the query has, too.
func (p *parser) fillSaved(c *savedCall) (text string, places []substitution, used int) {
	q, ok := p.saved[c.name]
	if !ok {
		p.failUnknown(c.at, "saved query", c.name, slices.Sorted(maps.Keys(p.saved)), nil)
	}
	values := maps.Clone(q.Defaults)
	if values == nil {
		values = map[string]string{}
	}
	for _, arg := range c.args {
		values[arg.name] = arg.value
	}
	names, unset := map[string]bool{}, (func())(nil)
	text, places = substitute(q.Text, func(name string, at span, bytes int) string {
		value, ok := values[name]
		if !ok && unset == nil {
			unset = func() { p.failUnsetIn(c, name, at) }
		}
		if bytes += len(value); bytes > maxBytes {
			p.failTooLong(c.at, bytes)
		}
		names[name] = true
		return value
	})
	p.checkArguments(c, q, names)
	if unset != nil {
		unset()
	}
	return text, places, len(names)
}

// checkArguments ends the parse if an argument or a default is of no parameter
// of the saved query, which has those names.
func (p *parser) checkArguments(c *savedCall, q SavedQuery, names map[string]bool) {
	known := slices.Sorted(maps.Keys(names))
	check := func(at span, name string) {
		if names[name] {
			return
		}
		p.fail(at, ErrUse, fmt.Sprintf("the saved query %q has no parameter %q", preview(c.name), preview(name)), didYouMean(name, known))
	}
	for _, arg := range c.args {
		check(arg.at, arg.name)
	}
	for _, name := range slices.Sorted(maps.Keys(q.Defaults)) {
		check(c.at, name)
	}
}

// failUnsetIn ends the parse at a call that gives a parameter no value.
func (p *parser) failUnsetIn(c *savedCall, name string, at span) {
	within := inSaved(c.name, p.saved[c.name].Text, at.from)
	hint := fmt.Sprintf("write $%s(%s=...)", preview(c.name), preview(name))
	p.fail(c.at, ErrUse, fmt.Sprintf("%sthe parameter %q has no value", within, preview(name)), hint)
}

// inSaved begins a message about a place in the text of a saved query.
func inSaved(name, text string, offset int) string {
	at := linesOf(text).position(offset)
	return fmt.Sprintf("in the saved query %q at %d:%d: ", preview(name), at.Line, at.Col)
}

func (c *savedCall) String() string {
	var b strings.Builder
	b.WriteByte('$')
	if strings.HasPrefix(c.name, "@") {
		writeQuoted(&b, c.name)
	} else {
		writeName(&b, []string{c.name})
	}
	b.WriteByte('(')
	for i, arg := range c.args {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(arg.name + "=" + arg.value)
	}
	b.WriteByte(')')
	return b.String()
}

// plan lets the query be refused when it is to be run.
func (c *savedCall) plan(pl *planner) {
	pl.p.note(c.at, fmt.Sprintf("the text of the saved query %q is not known, so that the query cannot be run", preview(c.name)), "ParseOptions.Saved takes it")
	pl.calls = append(pl.calls, c.name)
}

// isCalled reports whether the command is a call whose text is not known.
func isCalled(c command) bool {
	_, ok := c.(*savedCall)
	return ok
}

// makePartial makes the plan of a query with calls whose text is not known. What
// the other commands come to depends on it, so that of those only SOURCE counts.
func makePartial(p *parser, commands []command) *plan {
	pl := &planner{p: p, levels: []*level{newLevel(p)}}
	for _, c := range commands {
		switch c.(type) {
		case *sourceCommand, *savedCall:
			c.plan(pl)
		default:
			pl.begun = true
		}
	}
	slices.Sort(pl.calls)
	return &plan{source: pl.source, calls: slices.Compact(pl.calls)}
}

// Calls returns the names of the saved queries that the query calls and whose
// texts were not given, in order and each once. A query that has any can be
// checked and printed, but not run: [Query.Run] gives an error before it reads
// anything. What such a query gives is not known either, so that it has no
// [Query.Columns], no [Query.Order] and no [Query.Limit].
func (q *Query) Calls() []string { return slices.Clone(q.plan.calls) }
