package query

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// parseExpr reads an expression. Operators of one line of the table in expr.go
// are read by one function, which calls that of the next tighter line.
func (p *parser) parseExpr() expr { return p.nested(p.parseOr) }

// nested calls a parse function one level deeper.
func (p *parser) nested(parse func() expr) expr {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.tok.span, ErrSyntax, fmt.Sprintf("expressions nest more than %d deep", maxDepth), "")
	}
	defer func() { p.depth-- }()
	return parse()
}

func (p *parser) parseOr() expr {
	x := p.parseAnd()
	for p.atWord("or") || p.tok.is("||") {
		p.rejectSymbol("||", "or")
		p.advance()
		x = &logicExpr{or: true, a: x, b: p.parseAnd()}
	}
	return x
}

func (p *parser) parseAnd() expr {
	x := p.parseNot()
	for p.atWord("and") || p.tok.is("&&") {
		p.rejectSymbol("&&", "and")
		p.advance()
		x = &logicExpr{a: x, b: p.parseNot()}
	}
	return x
}

// rejectSymbol refuses an operator of other languages at its place.
func (p *parser) rejectSymbol(symbol, word string) {
	if p.tok.is(symbol) {
		p.fail(p.tok.span, ErrSyntax, fmt.Sprintf("%s is no operator", symbol), fmt.Sprintf("write %s", word))
	}
}

func (p *parser) parseNot() expr {
	from := p.tok.span
	if !p.acceptWord("not") {
		return p.parseComparison()
	}
	x := p.nested(p.parseNot)
	return &notExpr{span: join(from, x.extent()), x: x}
}

func (p *parser) parseComparison() expr {
	x := p.parseSum()
	y := p.parseComparisonAfter(x)
	if y == nil {
		return x
	}
	second := p.tok.span
	if p.parseComparisonAfter(y) != nil {
		p.fail(second, ErrSyntax, "comparisons do not chain", "join two of them with and, or use parentheses")
	}
	return y
}

// parseComparisonAfter reads a comparison's operator and right side; nil if
// there is none.
func (p *parser) parseComparisonAfter(x expr) expr {
	op := p.tok
	switch {
	case p.atWord("like"), op.is("=~"), op.is("~="):
		return p.parseMatch(x, false)
	case p.atWord("in"):
		return p.parseIn(x, false)
	case p.atWord("not"):
		p.advance()
		switch {
		case p.atWord("like"), p.tok.is("=~"), p.tok.is("~="):
			return p.parseMatch(x, true)
		case p.atWord("in"):
			return p.parseIn(x, true)
		}
		p.unexpected("like or in after not")
	case op.is("<>"):
		p.fail(op.span, ErrSyntax, "<> is no operator", "write !=")
	case op.is("!~"):
		p.fail(op.span, ErrSyntax, "!~ is no operator", "write not like")
	case op.is("=="):
		op.text = "="
	}
	if op.kind != tokenSymbol {
		return nil
	}
	row := binaryOperatorOf(op.text)
	if row == nil || row.precedence != precCompare {
		return nil
	}
	p.advance()
	return &binaryExpr{op: row, a: x, b: p.parseSum()}
}

// parseMatch reads like, =~ or ~= and the pattern behind it.
func (p *parser) parseMatch(x expr, not bool) expr {
	op := p.tok
	p.advance()
	if op.is("~=") {
		p.note(op.span, "~= is not documented; it is taken for like", "")
	}
	if p.tok.is("/") {
		return &matchExpr{x: x, not: not, pattern: p.parseRegex()}
	}
	pattern := p.parseSum()
	if op.is("=~") {
		p.trap(op.span, "=~ with a text searches for the text, not for a regular expression", "write like, or put the pattern between slashes")
	}
	if text, ok := pattern.(*literal); ok && text.value.kind == KindString {
		p.noteWildcards(text)
	}
	return &matchExpr{x: x, not: not, pattern: pattern}
}

// noteWildcards remarks on a quoted pattern that was surely meant to be more
// than a text to search for.
func (p *parser) noteWildcards(pattern *literal) {
	text := pattern.value.text
	if strings.Contains(text, ".*") || strings.HasPrefix(text, "^") || strings.HasPrefix(text, "%") {
		p.trap(pattern.span, "a quoted pattern is searched for as it stands, wildcards included", "a regular expression stands between slashes")
	}
}

// parseRegex reads the regular expression that begins at the current token, a
// slash.
func (p *parser) parseRegex() *regexExpr {
	tok, lexErr := p.regex(p.tok)
	if lexErr != nil {
		panic(lexErr)
	}
	p.tok = tok
	re := p.compileRegex(tok.span, tok.text)
	p.advance()
	if p.tok.from == p.last.to && p.tok.kind == tokenName && !isReserved(p.tok.text) {
		p.fail(p.tok.span, ErrSyntax, "a regular expression takes no flags behind the slash", "write (?i) at its start to ignore case")
	}
	return &regexExpr{leaf: leaf{tok.span}, source: tok.text, re: re}
}

// compileRegex compiles a regular expression of the query.
func (p *parser) compileRegex(at span, source string) *regex {
	re, cost, problem := compileRegex(source)
	if problem != nil {
		p.fail(at, problem.kind, problem.msg, problem.hint)
	}
	if p.cost += cost; p.cost > maxCost {
		p.fail(at, ErrUse, "the regular expressions of the query are too large together", "")
	}
	if re.back != nil {
		p.note(at, "looking around and referring back are not documented; an event on which this takes more than a second is left out", "")
	}
	return re
}

func (p *parser) parseIn(x expr, not bool) expr {
	p.advance()
	if p.tok.is("(") {
		return p.parseInQuery(x, not)
	}
	if !p.tok.is("[") {
		p.unexpected("a list in square brackets after in")
	}
	return &inExpr{x: x, not: not, list: p.parseList()}
}

func (p *parser) parseList() *listExpr {
	from := p.tok.span
	p.advance()
	items := p.parseArgs("]", "to close the list")
	return &listExpr{leaf: leaf{join(from, p.last)}, items: items}
}

// parseArgs reads expressions with commas between them, up to and with the
// closing symbol.
func (p *parser) parseArgs(closing, why string) []expr {
	var args []expr
	for !p.accept(closing) {
		if len(args) > 0 {
			p.expect(",", fmt.Sprintf("or %q %s", closing, why))
		}
		args = append(args, p.parseExpr())
	}
	return args
}

func (p *parser) parseSum() expr {
	return p.parseLeft(precAdd, func() expr {
		return p.parseLeft(precMultiply, p.parseSign)
	})
}

// parseLeft reads operators of one precedence, which bind to the left.
func (p *parser) parseLeft(precedence int, operand func() expr) expr {
	x := operand()
	for p.tok.kind == tokenSymbol {
		op := binaryOperatorOf(p.tok.text)
		if op == nil || op.precedence != precedence {
			break
		}
		at := p.tok.span
		p.advance()
		y := operand()
		if op.symbol == "/" {
			p.noteSlash(x, at, y)
		}
		x = &binaryExpr{op: op, a: x, b: y}
	}
	return x
}

// noteSlash remarks on a name with a slash in it that lacks its backticks,
// such as annotations.authorization.k8s.io/decision: it is a division.
func (p *parser) noteSlash(x expr, slash span, y expr) {
	a, okA := x.(*nameExpr)
	b, okB := y.(*nameExpr)
	if okA && okB && len(a.parts) > 2 && a.to == slash.from && slash.to == b.from {
		p.trap(join(a.span, b.span), "this divides one field by another",
			fmt.Sprintf("a name with a slash in it needs backticks: `%s/%s`", a.name(), b.name()))
	}
}

func (p *parser) parseSign() expr {
	from := p.tok.span
	switch {
	case p.accept("!"):
		x := p.nested(p.parseSign)
		return &notExpr{span: join(from, x.extent()), bang: true, x: x}
	case p.tok.is("-") || p.tok.is("+"):
		minus := p.tok.is("-")
		p.advance()
		x := p.nested(p.parseSign)
		return &signExpr{span: join(from, x.extent()), minus: minus, x: x}
	}
	return p.parsePower()
}

func (p *parser) parsePower() expr {
	x := p.parsePostfix()
	if !p.accept("^") {
		return x
	}
	return &binaryExpr{op: binaryOperatorOf("^"), a: x, b: p.nested(p.parseSign)}
}

// parsePostfix reads an operand, and the [n] and .name behind it.
func (p *parser) parsePostfix() expr {
	x := p.parseOperand()
	for {
		switch {
		case p.tok.is("["):
			x = p.parseIndex(x)
		case p.tok.is(".") && strings.IndexByte(")]", p.src[p.tok.from-1]) >= 0:
			x = p.parseMember(x)
		default:
			return x
		}
	}
}

// parseIndex reads the [n] behind x.
func (p *parser) parseIndex(x expr) expr {
	p.advance()
	at, err := strconv.Atoi(p.tok.text)
	if p.tok.kind != tokenNumber || err != nil {
		p.unexpected("a whole number in square brackets")
	}
	p.advance()
	p.expect("]", "after the index")
	return &indexExpr{leaf: leaf{join(x.extent(), p.last)}, of: x, at: at}
}

// parseMember reads the .name behind x, which is no name itself.
func (p *parser) parseMember(x expr) expr {
	p.advance()
	if p.tok.kind != tokenName && p.tok.kind != tokenQuoted || p.tok.from != p.last.to {
		p.unexpected("a key after the dot")
	}
	parts := p.tok.parts
	p.advance()
	return &memberExpr{leaf: leaf{join(x.extent(), p.last)}, of: x, parts: parts}
}

func (p *parser) parseOperand() expr {
	tok := p.tok
	at := leaf{tok.span}
	switch {
	case tok.kind == tokenString:
		p.advance()
		return &literal{at, stringValue(tok.text)}
	case tok.kind == tokenNumber:
		p.advance()
		return p.parseNumber(tok)
	case tok.kind == tokenDuration:
		p.advance()
		return p.newDuration(tok.span, tok.text)
	case p.atWord("true"), p.atWord("false"):
		p.advance()
		return &literal{at, boolValue(strings.EqualFold(tok.text, "true"))}
	case tok.kind == tokenName && !isReserved(tok.text), tok.kind == tokenQuoted:
		name := p.parseName("a field")
		if p.tok.is("(") && tok.kind == tokenName {
			return p.parseCall(tok)
		}
		return name
	case tok.is("["):
		return p.parseList()
	case p.accept("("):
		x := p.parseExpr()
		p.expect(")", "to close the parenthesis")
		return x
	case tok.is("/"):
		hint := ""
		if strings.HasPrefix(p.src[tok.to:], "/") || p.last.to == tok.from && p.src[p.last.from] == '/' {
			hint = "a comment begins with #"
		}
		p.fail(tok.span, ErrSyntax, "a regular expression can only stand after like or =~", hint)
	}
	p.unexpected("a value")
	return nil
}

// parseNumber makes a number, or with a unit that stands apart, as in
// bin(5 min), a duration.
func (p *parser) parseNumber(tok token) expr {
	if p.tok.kind == tokenName && unitOf(p.tok.text) != nil {
		unit := p.tok
		p.advance()
		return p.newDuration(join(tok.span, unit.span), tok.text+unit.text)
	}
	value := writtenNumber(tok.text)
	if value.Missing() {
		p.fail(tok.span, ErrSyntax, "this number is too large", "")
	}
	return &literal{leaf{tok.span}, value}
}

func (p *parser) newDuration(at span, text string) expr {
	d := parseDuration(text)
	if math.IsInf(d.millis(), 0) {
		p.fail(at, ErrSyntax, "this duration is too long", "")
	}
	return &durationExpr{leaf{at}, d}
}

// parseCall reads the arguments of a call, from its opening parenthesis.
func (p *parser) parseCall(name token) expr {
	if agg := aggregateNamed(name.text); agg != nil {
		return p.parseAggregate(name, agg)
	}
	fn := functionNamed(name.text)
	if fn == nil {
		p.rejectPercentile(name)
		known := append(functionNames(), aggregateNames()...)
		p.failUnknown(name.span, "function", name.text, known, nil)
	}
	p.advance()
	args := p.parseArgs(")", "to close the call of "+fn.name)
	at := join(name.span, p.last)
	p.checkCount(at, fn.name, fn.syntax, fn.least, fn.most, len(args))
	call := &callExpr{leaf: leaf{at}, fn: fn, args: args}
	switch {
	case fn.period != nil:
		p.preparePeriod(call)
	case fn.prepare != nil:
		call.eval = fn.prepare(&preparation{p, call})
	default:
		call.eval = func(_ *frame, args []Value) Value { return fn.eval(args) }
	}
	return call
}

// rejectPercentile refuses p99(x), which other languages have.
func (p *parser) rejectPercentile(name token) {
	digits, ok := strings.CutPrefix(strings.ToLower(name.text), "p")
	if n, err := strconv.ParseUint(digits, 10, 8); ok && err == nil && n <= 100 {
		p.fail(name.span, ErrName, fmt.Sprintf("unknown function %q", name.text), fmt.Sprintf("write pct(field, %d)", n))
	}
}

// checkCount checks the number of arguments of a call. A most of -1 is none.
func (p *parser) checkCount(at span, name, syntax string, least, most, count int) {
	if count < least || most >= 0 && count > most {
		p.fail(at, ErrUse, fmt.Sprintf("%s takes %s, not %d", name, arity(least, most), count), syntax)
	}
}

// preparePeriod checks the period that the call has as its last argument, and
// gives the call the time that it may leave out.
func (p *parser) preparePeriod(call *callExpr) {
	if len(call.args) == 1 {
		call.implied = 1
		at := leaf{span{call.from, call.from}}
		call.args = append([]expr{&nameExpr{leaf: at, parts: []string{"@timestamp"}}}, call.args...)
	}
	d, ok := call.args[1].(*durationExpr)
	switch {
	case !ok:
		p.fail(call.args[1].extent(), ErrUse, call.fn.name+" takes a period such as 5m", call.fn.syntax)
	case !d.isPeriod():
		p.fail(d.span, ErrUse, "this is no period to cut time into", "")
	}
	if capped := d.capped(); capped != d.duration {
		p.trap(d.span, fmt.Sprintf("%s means %s: the service takes at most %s", d.duration, capped, capped), "use a longer unit")
		call.args[1] = &durationExpr{d.leaf, capped}
	}
}

// parseAggregate reads the arguments of an aggregate's call, from its opening
// parenthesis.
func (p *parser) parseAggregate(name token, agg *aggregate) expr {
	switch {
	case p.inAggregate:
		p.fail(name.span, ErrUse, "aggregates do not nest", "name the inner one in one stats, and use the name in the next")
	case !p.inStats:
		p.fail(name.span, ErrUse, agg.name+" is an aggregate, and only stats can call it", "")
	}
	p.inAggregate = true
	defer func() { p.inAggregate = false }()
	p.advance()
	call := &aggregateExpr{fn: agg}
	if agg.least == 0 && p.accept("*") {
		p.expect(")", "to close the call of "+agg.name)
		call.leaf = leaf{join(name.span, p.last)}
		return call
	}
	args := p.parseArgs(")", "to close the call of "+agg.name)
	call.leaf = leaf{join(name.span, p.last)}
	p.checkCount(call.span, agg.name, agg.syntax, agg.least, agg.most, len(args))
	p.takeArguments(call, args)
	return call
}

// takeArguments gives the call of an aggregate what it has in parentheses.
func (p *parser) takeArguments(call *aggregateExpr, args []expr) {
	c := call.fn.constant
	switch {
	case c == nil:
		if len(args) > 0 {
			call.of = args[0]
		}
		return
	case c.first:
		call.constant, call.of = args[0], args[1]
	default:
		call.of, call.constant = args[0], args[1]
	}
	at := call.constant.extent()
	value, ok := c.value(call.constant)
	switch {
	case !ok && c.period:
		p.fail(at, ErrUse, call.fn.name+" takes a period of fixed length, such as 5m", call.fn.syntax)
	case !ok:
		n := 1 + slices.Index(args, call.constant)
		p.fail(at, ErrUse, fmt.Sprintf("argument %d of %s is a constant", n, call.fn.name), call.fn.syntax)
	}
	switch msg, fits := c.fit(value); {
	case !fits:
		p.fail(at, ErrUse, msg, call.fn.syntax)
	case msg != "":
		p.trap(at, msg, "")
	}
	call.value = value
}
