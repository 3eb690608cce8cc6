package query

import (
	"math"
	"strings"
)

// A binaryOperator is one row of the operators with two sides.
type binaryOperator struct {
	symbol     string
	precedence int
	eval       func(a, b Value) Value
}

// binaryOperators are the operators that only look at two values. The others
// (and, or, like, in) have nodes of their own.
var binaryOperators = []binaryOperator{
	{"=", precCompare, func(a, b Value) Value { return boolValue(a.equal(b)) }},
	{"!=", precCompare, func(a, b Value) Value { return boolValue(!a.equal(b)) }},
	{"<", precCompare, ordered(func(c int) bool { return c < 0 })},
	{"<=", precCompare, ordered(func(c int) bool { return c <= 0 })},
	{">", precCompare, ordered(func(c int) bool { return c > 0 })},
	{">=", precCompare, ordered(func(c int) bool { return c >= 0 })},
	{"+", precAdd, func(a, b Value) Value {
		return arithmetic(a, b, func(x, y float64) float64 { return x + y }).timeLike(a, b)
	}},
	{"-", precAdd, func(a, b Value) Value {
		return arithmetic(a, b, func(x, y float64) float64 { return x - y }).timeLike(a, b)
	}},
	{"*", precMultiply, func(a, b Value) Value { return arithmetic(a, b, func(x, y float64) float64 { return x * y }) }},
	{"/", precMultiply, func(a, b Value) Value { return arithmetic(a, b, func(x, y float64) float64 { return x / y }) }},
	{"%", precMultiply, func(a, b Value) Value { return arithmetic(a, b, math.Mod) }},
	{"^", precPower, func(a, b Value) Value { return arithmetic(a, b, math.Pow) }},
}

// binaryOperatorOf finds an operator by its symbol; nil if there is none.
func binaryOperatorOf(symbol string) *binaryOperator {
	for i := range binaryOperators {
		if binaryOperators[i].symbol == symbol {
			return &binaryOperators[i]
		}
	}
	return nil
}

// ordered is an operator that holds where compare gives an order that fits. A
// missing value has no order.
func ordered(fits func(int) bool) func(a, b Value) Value {
	return func(a, b Value) Value {
		c, ok := a.compare(b)
		return boolValue(ok && fits(c))
	}
}

// arithmetic applies op to two numbers, or what can be read as one. Otherwise,
// and where the result is no finite number (a division by zero), the result is
// missing.
func arithmetic(a, b Value, op func(x, y float64) float64) Value {
	x, okX := a.Float64()
	y, okY := b.Float64()
	if !okX || !okY {
		return Value{}
	}
	return numberValue(op(x, y))
}

// timeLike turns v, a sum or difference in milliseconds, back into a time if
// just one of the operands was one: a time and a duration make a time, two
// times make a duration.
func (v Value) timeLike(a, b Value) Value {
	ms, ok := v.Float64()
	if !ok || (a.kind == KindTime) == (b.kind == KindTime) {
		return v
	}
	return millisValue(ms)
}

// A binaryExpr is a op b.
type binaryExpr struct {
	op   *binaryOperator
	a, b expr
}

func (x *binaryExpr) extent() span     { return join(x.a.extent(), x.b.extent()) }
func (x *binaryExpr) children() []expr { return []expr{x.a, x.b} }
func (x *binaryExpr) precedence() int  { return x.op.precedence }

func (x *binaryExpr) write(b *strings.Builder) {
	left, right := x.op.precedence, x.op.precedence+1
	switch x.op.precedence {
	case precCompare:
		left++
	case precPower: // its right side is read as a sign and all that binds tighter
		left, right = precPostfix, precUnary
	}
	writeOperand(b, x.a, left)
	b.WriteString(" " + x.op.symbol + " ")
	writeOperand(b, x.b, right)
}

func (x *binaryExpr) compile(lookup scope) evaluator {
	a, b, eval := x.a.compile(lookup), x.b.compile(lookup), x.op.eval
	return func(f *frame) Value { return eval(a(f), b(f)) }
}

// A logicExpr is a and b, or a or b. The right side is not evaluated where the
// left decides.
type logicExpr struct {
	or   bool
	a, b expr
}

func (x *logicExpr) extent() span     { return join(x.a.extent(), x.b.extent()) }
func (x *logicExpr) children() []expr { return []expr{x.a, x.b} }

func (x *logicExpr) precedence() int {
	if x.or {
		return precOr
	}
	return precAnd
}

func (x *logicExpr) write(b *strings.Builder) {
	word := " and "
	if x.or {
		word = " or "
	}
	writeOperand(b, x.a, x.precedence())
	b.WriteString(word)
	writeOperand(b, x.b, x.precedence()+1)
}

func (x *logicExpr) compile(lookup scope) evaluator {
	a, b, or := x.a.compile(lookup), x.b.compile(lookup), x.or
	return func(f *frame) Value {
		if a(f).truth() == or {
			return boolValue(or)
		}
		return boolValue(b(f).truth())
	}
}

// A notExpr is not x, or !x, which differ only in what they bind to.
type notExpr struct {
	span
	bang bool
	x    expr
}

func (x *notExpr) children() []expr { return []expr{x.x} }

func (x *notExpr) precedence() int {
	if x.bang {
		return precUnary
	}
	return precNot
}

func (x *notExpr) write(b *strings.Builder) {
	if x.bang {
		b.WriteByte('!')
	} else {
		b.WriteString("not ")
	}
	writeOperand(b, x.x, x.precedence())
}

func (x *notExpr) compile(lookup scope) evaluator {
	eval := x.x.compile(lookup)
	return func(f *frame) Value { return boolValue(!eval(f).truth()) }
}

// A signExpr is -x or +x.
type signExpr struct {
	span
	minus bool
	x     expr
}

func (x *signExpr) children() []expr { return []expr{x.x} }
func (x *signExpr) precedence() int  { return precUnary }

func (x *signExpr) write(b *strings.Builder) {
	if x.minus {
		b.WriteByte('-')
	} else {
		b.WriteByte('+')
	}
	writeOperand(b, x.x, precUnary)
}

func (x *signExpr) compile(lookup scope) evaluator {
	eval := x.x.compile(lookup)
	return func(f *frame) Value { return x.apply(eval(f)) }
}

// apply gives v its sign. What is no number is missing.
func (x *signExpr) apply(v Value) Value {
	n, ok := v.Float64()
	switch {
	case !ok:
		return Value{}
	case x.minus:
		return numberValue(-n)
	}
	return numberValue(n)
}

// A matchExpr is x like "text", x like /regex/, or either with not.
type matchExpr struct {
	x, pattern expr
	not        bool
}

func (x *matchExpr) extent() span     { return join(x.x.extent(), x.pattern.extent()) }
func (x *matchExpr) children() []expr { return []expr{x.x, x.pattern} }
func (x *matchExpr) precedence() int  { return precCompare }

func (x *matchExpr) write(b *strings.Builder) {
	writeOperand(b, x.x, precCompare+1)
	if x.not {
		b.WriteString(" not")
	}
	b.WriteString(" like ")
	writeOperand(b, x.pattern, precCompare+1)
}

func (x *matchExpr) compile(lookup scope) evaluator {
	eval, not := x.x.compile(lookup), x.not
	if re, ok := x.pattern.(*regexExpr); ok {
		return func(f *frame) Value { return boolValue(f.matches(eval(f), re.re) != not) }
	}
	pattern := x.pattern.compile(lookup)
	return func(f *frame) Value { return boolValue(contains(eval(f), pattern(f)) != not) }
}

// matches searches the text of v for a match anywhere. A missing value and a
// structure match nothing; a number is matched as it is written.
func (f *frame) matches(v Value, re *regex) bool {
	text, ok := v.asText()
	if !ok {
		return false
	}
	found, err := re.match(text)
	f.fail(err)
	return found
}

// contains searches the text of v, whose case counts, for that of part.
func contains(v, part Value) bool { return ofTexts(strings.Contains)(v, part) }

// ofTexts is a condition on two texts, which does not hold for a missing value
// or a structure.
func ofTexts(holds func(a, b string) bool) func(v, w Value) bool {
	return func(v, w Value) bool {
		a, okA := v.asText()
		b, okB := w.asText()
		return okA && okB && holds(a, b)
	}
}

// An inExpr is x in [a, b], or x not in [a, b].
type inExpr struct {
	x    expr
	list *listExpr
	not  bool
}

func (x *inExpr) extent() span     { return join(x.x.extent(), x.list.extent()) }
func (x *inExpr) children() []expr { return []expr{x.x, x.list} }
func (x *inExpr) precedence() int  { return precCompare }

func (x *inExpr) write(b *strings.Builder) {
	writeOperand(b, x.x, precCompare+1)
	if x.not {
		b.WriteString(" not")
	}
	b.WriteString(" in ")
	x.list.write(b)
}

func (x *inExpr) compile(lookup scope) evaluator {
	eval, items, not := x.x.compile(lookup), compileAll(x.list.items, lookup), x.not
	return func(f *frame) Value {
		v := eval(f)
		for _, item := range items {
			if member(v, item(f)) {
				return boolValue(!not)
			}
		}
		return boolValue(not)
	}
}

// member reports whether v equals item; of a list, whether one of its elements
// does.
func member(v, item Value) bool {
	if v.kind != KindList {
		return v.equal(item)
	}
	for _, element := range v.elements() {
		if element.equal(item) {
			return true
		}
	}
	return false
}
