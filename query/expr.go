package query

import (
	"fmt"
	"strings"
)

// An expr is a node of an expression. Nodes never change once parsed.
type expr interface {
	extent() span

	// write appends the node's canonical text, which parses back to an equal
	// node. Its operands bring their own parentheses.
	write(*strings.Builder)

	// precedence tells where the node needs parentheses.
	precedence() int

	// children are the nodes below, in the order of the text.
	children() []expr

	// compile returns the node's evaluation. Names are looked up in scope. It
	// is safe for concurrent use, each time with a frame of its own.
	compile(scope) evaluator
}

// An evaluator computes an expression for one event. The value may borrow its
// text from the event.
type evaluator func(*frame) Value

// A scope gives the slots of the frame in which the values of names, and of
// calls of aggregates, stand.
type scope interface {
	slotOfName(*nameExpr) int
	slotOfAggregate(*aggregateExpr) int
}

// Precedence, the loosest first. The reference does not state it; this is the
// usual order, which all published queries agree with.
const (
	precOr = iota + 1
	precAnd
	precNot
	precCompare // = != < like in ...: they do not chain
	precAdd
	precMultiply
	precUnary
	precPower // ^, which binds to the right
	precPostfix
)

// exprText is the canonical text of x.
func exprText(x expr) string {
	var b strings.Builder
	x.write(&b)
	return b.String()
}

// writeOperand writes x, in parentheses if it binds less tightly than least.
func writeOperand(b *strings.Builder, x expr, least int) {
	if x.precedence() >= least {
		x.write(b)
		return
	}
	b.WriteByte('(')
	x.write(b)
	b.WriteByte(')')
}

func writeList(b *strings.Builder, items []expr) {
	for i, x := range items {
		if i > 0 {
			b.WriteString(", ")
		}
		x.write(b)
	}
}

// A leaf has no children and never needs parentheses.
type leaf struct{ span }

func (leaf) precedence() int  { return precPostfix }
func (leaf) children() []expr { return nil }

// A literal is a number, a string, true or false.
type literal struct {
	leaf
	value Value
}

func (x *literal) write(b *strings.Builder) {
	switch x.value.kind {
	case KindString:
		writeString(b, x.value.text)
	case KindBool:
		fmt.Fprint(b, x.value.truth())
	default:
		b.WriteString(x.value.String())
	}
}

// writeString writes s as a string literal.
func writeString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, c := range []byte(s) {
		switch c {
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}

func (x *literal) compile(scope) evaluator {
	value := x.value
	return func(*frame) Value { return value }
}

// A durationExpr is a length of time. As an operand it is a number of
// milliseconds.
type durationExpr struct {
	leaf
	duration
}

func (x *durationExpr) write(b *strings.Builder) { b.WriteString(x.duration.String()) }

func (x *durationExpr) compile(scope) evaluator {
	value := numberValue(x.millis())
	return func(*frame) Value { return value }
}

// A nameExpr is a field or an alias. Parts are what stands between the dots; a
// part that was in backticks may have dots of its own.
type nameExpr struct {
	leaf
	parts []string
}

// name is the flattened name, which is what a field is looked up by.
func (x *nameExpr) name() string { return strings.Join(x.parts, ".") }

func (x *nameExpr) write(b *strings.Builder) { writeName(b, x.parts) }

func (x *nameExpr) compile(lookup scope) evaluator {
	slot := lookup.slotOfName(x)
	return func(f *frame) Value { return f.slots[slot] }
}

// writeName writes a name with backticks round the parts that need them.
func writeName(b *strings.Builder, parts []string) {
	for i, part := range parts {
		if i > 0 {
			b.WriteByte('.')
		}
		if len(parts) == 1 && isReserved(part) {
			writeQuoted(b, part)
			continue
		}
		writePart(b, part, i == 0)
	}
}

// writePart writes a part of a name.
func writePart(b *strings.Builder, part string, first bool) {
	if isPlain(part, first) {
		b.WriteString(part)
		return
	}
	writeQuoted(b, part)
}

func writeQuoted(b *strings.Builder, part string) {
	b.WriteByte('`')
	b.WriteString(strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(part))
	b.WriteByte('`')
}

// isPlain reports whether a part of a name can stand without backticks.
func isPlain(part string, first bool) bool {
	if first {
		part = strings.TrimLeft(part, "@")
	}
	for i, r := range part {
		if !isNamePart(r) || first && i == 0 && !isNameStart(r) {
			return false
		}
	}
	return part != ""
}

// A listExpr is [a, b, c].
type listExpr struct {
	leaf
	items []expr
}

func (x *listExpr) children() []expr { return x.items }

func (x *listExpr) write(b *strings.Builder) {
	b.WriteByte('[')
	writeList(b, x.items)
	b.WriteByte(']')
}

func (x *listExpr) compile(lookup scope) evaluator {
	items := compileAll(x.items, lookup)
	return func(f *frame) Value {
		list := make([]Value, len(items))
		for i, eval := range items {
			list[i] = eval(f)
		}
		return listValue(list)
	}
}

// A regexExpr is /.../, the right side of like and =~.
type regexExpr struct {
	leaf
	source string // the text between the slashes
	re     *regex
}

func (x *regexExpr) write(b *strings.Builder) { b.WriteString("/" + x.source + "/") }

// compile is not called: only a match looks at a regular expression.
func (x *regexExpr) compile(scope) evaluator {
	return func(*frame) Value { return Value{} }
}

// A callExpr is f(a, b).
type callExpr struct {
	leaf
	fn      *function
	args    []expr
	implied int  // how many of the first are not written: the @timestamp of bin(5m)
	eval    body // nil for functions of a period
}

func (x *callExpr) children() []expr { return x.args }

func (x *callExpr) write(b *strings.Builder) {
	b.WriteString(x.fn.name)
	b.WriteByte('(')
	writeList(b, x.args[x.implied:])
	b.WriteByte(')')
}

func (x *callExpr) compile(lookup scope) evaluator {
	args := compileAll(x.args, lookup)
	if period := x.fn.period; period != nil {
		of, d := args[0], x.args[1].(*durationExpr).duration
		return func(f *frame) Value { return period(of(f), d) }
	}
	eval := x.eval
	return func(f *frame) Value {
		base := len(f.args)
		for _, arg := range args {
			v := arg(f)
			f.args = append(f.args, v)
		}
		v := eval(f, f.args[base:])
		if tooLong(v, f.args[base:]) {
			f.fail(errTooLong)
			v = Value{}
		}
		f.args = f.args[:base]
		return v
	}
}

// An aggregateExpr is the call of an aggregate in stats. Where it is evaluated
// its value has been computed, and stands in a slot.
type aggregateExpr struct {
	leaf
	fn       *aggregate
	of       expr  // nil for count(*)
	constant expr  // the argument besides it; nil if there is none
	value    Value // of the constant
}

func (x *aggregateExpr) write(b *strings.Builder) {
	b.WriteString(x.fn.name)
	b.WriteByte('(')
	switch {
	case x.of == nil:
		b.WriteByte('*')
	case x.constant == nil:
		x.of.write(b)
	case x.fn.constant.first:
		writeList(b, []expr{x.constant, x.of})
	default:
		writeList(b, []expr{x.of, x.constant})
	}
	b.WriteByte(')')
}

func (x *aggregateExpr) compile(lookup scope) evaluator {
	slot := lookup.slotOfAggregate(x)
	return func(f *frame) Value { return f.slots[slot] }
}

// An indexExpr is x[n], counting from 0.
type indexExpr struct {
	leaf
	of expr
	at int
}

func (x *indexExpr) children() []expr { return []expr{x.of} }

func (x *indexExpr) write(b *strings.Builder) {
	writeOperand(b, x.of, precPostfix)
	fmt.Fprintf(b, "[%d]", x.at)
}

func (x *indexExpr) compile(lookup scope) evaluator {
	of, at := x.of.compile(lookup), x.at
	return func(f *frame) Value {
		return of(f).element(at)
	}
}

// A memberExpr is x.name, where x is not itself a name.
type memberExpr struct {
	leaf
	of    expr
	parts []string
}

func (x *memberExpr) children() []expr { return []expr{x.of} }

func (x *memberExpr) write(b *strings.Builder) {
	writeOperand(b, x.of, precPostfix)
	for _, part := range x.parts {
		b.WriteByte('.')
		writePart(b, part, false)
	}
}

func (x *memberExpr) compile(lookup scope) evaluator {
	of, path := x.of.compile(lookup), strings.Join(x.parts, ".")
	return func(f *frame) Value { return of(f).at(path) }
}

func compileAll(nodes []expr, lookup scope) []evaluator {
	out := make([]evaluator, len(nodes))
	for i, x := range nodes {
		out[i] = x.compile(lookup)
	}
	return out
}

// walk calls visit for x and every node below it.
func walk(x expr, visit func(expr)) {
	visit(x)
	for _, child := range x.children() {
		walk(child, visit)
	}
}
