package oracle

import (
	"fmt"
	"strconv"
	"strings"
)

// A kind is that of a term's values.
type kind uint8

const (
	text kind = iota
	number
	condition
	moment
)

// The precedences of package query's operators, the loosest first. SQL has
// parentheses everywhere.
const (
	precOr = iota + 1
	precAnd
	precNot
	precCompare
	precAdd
	precMultiply
	precSign
	precPower
	precOperand
)

// A term is an expression in both languages. In SQL a text is a VARCHAR, a
// number a DOUBLE, a condition a BOOLEAN, a moment a BIGINT of microseconds, and
// what is missing is NULL.
type term struct {
	kind       kind
	ql, sql    string
	precedence int    // of the QL
	written    string // the SQL of a number's text, if all agree on it
	bits       int    // that the numbers take, those behind the point too; more than 53 for any
}

// inexact are the bits of numbers that may be rounded.
const inexact = 99

// at is the QL of an operand of an operator.
func (t term) at(least int) string {
	if t.precedence < least {
		return "(" + t.ql + ")"
	}
	return t.ql
}

// number is the SQL of what the term is as a number.
func (t term) number() string {
	switch t.kind {
	case text:
		return "num(" + t.sql + ")"
	case condition:
		return "(" + t.sql + ")::INT::DOUBLE"
	case moment:
		return millis(t.sql) + "::DOUBLE"
	}
	return t.sql
}

// millis is the SQL of a moment in milliseconds. No event is from before 1970.
func millis(us string) string { return "(" + us + " // 1000)" }

// text is the SQL of the term's text. Not every number has one.
func (t term) text() string {
	switch t.kind {
	case number:
		return t.written
	case condition:
		return "(" + t.sql + ")::INT::VARCHAR"
	case moment:
		return "printed(" + t.sql + ")"
	}
	return t.sql
}

func (t term) hasText() bool { return t.kind != number || t.written != "" }

// truth is the SQL of the term as a condition.
func (t term) truth() string {
	switch t.kind {
	case text:
		return "coalesce(" + t.sql + " NOT IN ('', '0'), false)"
	case number:
		return "coalesce(" + t.sql + " <> 0, false)"
	case moment:
		return "(" + t.sql + " IS NOT NULL)"
	}
	return "coalesce(" + t.sql + ", false)"
}

// equal is the SQL of a = b.
func equal(a, b term) string {
	switch {
	case a.kind == text && b.kind != text:
		return equal(b, a)
	case a.kind == b.kind:
		return sure(a.sql + " = " + b.sql)
	case a.kind == condition && b.kind == text:
		words := fmt.Sprintf("CASE WHEN %s THEN 'true' ELSE 'false' END", a.sql)
		return "(" + a.sql + " IS NOT NULL AND (" + sure(a.number()+" = "+b.number()) + " OR " + sure(words+" = "+b.sql) + "))"
	case a.kind == moment && b.kind == text:
		return "(" + sure(a.number()+" = "+b.number()) + " OR " + sure(a.text()+" = "+b.sql) + ")"
	}
	return sure(a.number() + " = " + b.number())
}

// ordered is the SQL of a < b, or another of its kind.
func ordered(a term, op string, b term) string {
	switch {
	case a.kind == text && b.kind == text:
		both := fmt.Sprintf("num(%s) IS NOT NULL AND num(%s) IS NOT NULL", a.sql, b.sql)
		return sure(fmt.Sprintf("CASE WHEN %s THEN num(%s) %s num(%s) ELSE %s %s %s END", both, a.sql, op, b.sql, a.sql, op, b.sql))
	case a.kind == moment && b.kind == moment:
		return sure(a.sql + " " + op + " " + b.sql)
	}
	return sure(a.number() + " " + op + " " + b.number())
}

// sure is a condition that does not hold where SQL does not know.
func sure(sql string) string { return "coalesce((" + sql + "), false)" }

func quoteSQL(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// quoteQL is a text literal in either quotes.
func quoteQL(c *choices, s string) string {
	quote := one(c, []string{`"`, `'`})
	s = strings.NewReplacer(`\`, `\\`, quote, `\`+quote, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
	return quote + s + quote
}

func textLiteral(c *choices, s string) term {
	return term{kind: text, ql: quoteQL(c, s), sql: quoteSQL(s), precedence: precOperand, bits: inexact}
}

// numberLiteral is a number that is written with few digits.
func numberLiteral(f float64, bits int) term {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	t := term{kind: number, ql: s, sql: "(" + s + ")::DOUBLE", precedence: precOperand, bits: bits}
	if f < 0 {
		t.precedence = precSign
	}
	return t
}

// A scope is what a generator makes terms of.
type scope struct {
	*choices
	names []name
}

// A name is a field, an alias or a column of stats.
type name struct {
	term
	column string   // in the SQL
	values []string // some of the texts or numbers that it stands for
	bulky  bool     // too long to be sorted
}

// of are the names of a kind.
func (s *scope) of(k kind) []name {
	var out []name
	for _, n := range s.names {
		if n.kind == k {
			out = append(out, n)
		}
	}
	return out
}

// pick is one of the names, which stand in the order of how many rows have them:
// the first ones more often than the last.
func (s *scope) pick(names []name) name {
	return names[min(s.n(len(names)), s.n(len(names)))]
}

// anyName is one of all names.
func (s *scope) anyName() name { return s.pick(s.names) }

// sortable is one of the names that can be keys.
func (s *scope) sortable() name {
	var out []name
	for _, n := range s.names {
		if !n.bulky {
			out = append(out, n)
		}
	}
	return s.pick(out)
}

// any is a term of any kind, with so many operators inside each other at most.
func (s *scope) any(depth int) term {
	switch s.n(5) {
	case 0, 1:
		return s.text(depth)
	case 2, 3:
		return s.number(depth)
	}
	if moments := s.of(moment); len(moments) > 0 && s.often() {
		return s.moment(moments)
	}
	return s.condition(depth)
}

// literal is one that is compared with the name: most often a value that it has.
func (s *scope) literal(n name) term {
	if s.seldom() || len(n.values) == 0 {
		if s.seldom() {
			return textLiteral(s.choices, one(s.choices, []string{"", "0", "true", "201", "2.5e2", "007", "É'\"\\\n", "b"}))
		}
		return numberLiteral(one(s.choices, []float64{0, 1, 200, 0.5, -3, 404, 1 << 20}), 24)
	}
	value := one(s.choices, n.values)
	f, err := strconv.ParseFloat(value, 64)
	if n.kind == number && err == nil && s.often() {
		return numberLiteral(f, 53)
	}
	return textLiteral(s.choices, value)
}

// text is a term with texts.
func (s *scope) text(depth int) term {
	names := s.of(text)
	if len(names) == 0 {
		return textLiteral(s.choices, one(s.choices, []string{"b", "", "1"}))
	}
	if depth == 0 || s.often() {
		return s.pick(names).term
	}
	return s.textCall(depth - 1)
}

// A call is a function in both languages. In SQL %s are the arguments.
func call(k kind, function, sql string, bits int, args ...term) term {
	qls, sqls := make([]string, len(args)), make([]any, len(args))
	for i, arg := range args {
		qls[i], sqls[i] = arg.ql, arg.sql
	}
	return term{kind: k, ql: function + "(" + strings.Join(qls, ", ") + ")", sql: fmt.Sprintf(sql, sqls...), precedence: precOperand, bits: bits}
}

func (s *scope) textCall(depth int) term {
	x := s.text(depth)
	switch s.n(10) {
	case 0:
		return call(text, "toupper", "upper(%s)", inexact, x)
	case 1:
		y := s.writable(depth)
		return term{kind: text, ql: "concat(" + x.ql + ", '-', " + y.ql + ")", sql: "concat(" + x.sql + ", '-', " + y.text() + ")", precedence: precOperand, bits: inexact}
	case 2:
		from, length := s.n(12), s.n(5)
		sql := fmt.Sprintf("substring(%s, %d, %d)", x.sql, from+1, length)
		return term{kind: text, ql: fmt.Sprintf("substr(%s, %d, %d)", x.ql, from, length), sql: sql, precedence: precOperand, bits: inexact}
	case 3:
		return call(text, "replace", "replace(%s, %s, %s)", inexact, x, textLiteral(s.choices, one(s.choices, []string{":", "e", "system:"})), textLiteral(s.choices, one(s.choices, []string{"", "/", "ee"})))
	case 4:
		set := textLiteral(s.choices, one(s.choices, []string{"s", "stem:y", "0123456789"}))
		f := one(s.choices, []string{"trim", "ltrim", "rtrim"})
		return call(text, f, f+"(%s, %s)", inexact, x, set)
	case 5:
		return call(text, "coalesce", "coalesce(%s, %s)", inexact, x, s.text(depth))
	case 6:
		cond := s.condition(depth)
		return call(text, "if", "CASE WHEN "+percent(cond.truth())+" THEN %[2]s ELSE %[3]s END", inexact, cond, x, s.text(depth))
	case 7:
		return call(text, "sha256", "sha256(%s)", inexact, x)
	case 8:
		return call(text, "md5", "md5(%s)", inexact, x)
	}
	cond := s.condition(depth)
	return call(text, "case", "CASE WHEN "+percent(cond.truth())+" THEN %[2]s END", inexact, cond, x)
}

// percent is SQL as part of a format.
func percent(sql string) string { return strings.ReplaceAll(sql, "%", "%%") }

// writable is a term whose text all agree on.
func (s *scope) writable(depth int) term {
	if t := s.any(depth); t.hasText() {
		return t
	}
	return s.text(depth)
}

// number is a term with numbers, or with texts that may be numbers.
func (s *scope) number(depth int) term {
	names := s.of(number)
	switch {
	case depth > 0 && s.seldom():
		return s.numberCall(depth - 1)
	case depth > 0 && s.seldom():
		return s.arithmetic(depth - 1)
	case len(names) > 0 && s.often():
		return s.pick(names).term
	}
	return numberLiteral(one(s.choices, []float64{1, 0, 2, 200, 0.25, -1.5, 60000}), 20)
}

func (s *scope) numberCall(depth int) term {
	switch s.n(9) {
	case 0:
		return call(number, "strlen", "length(%s)::DOUBLE", 20, s.text(depth))
	case 1:
		return call(number, "messageSize", "strlen(%s)::DOUBLE", 20, s.text(depth))
	case 2:
		return call(number, "toNumber", "num(%s)", inexact, s.text(depth))
	case 3:
		x := s.number(depth)
		return call(number, "abs", "abs(%s)", x.bits, x)
	case 4:
		x := s.number(depth)
		f := one(s.choices, []string{"floor", "ceil", "round"})
		return call(number, f, "fin("+f+"(%s))", x.bits+1, x)
	case 5:
		x, y := s.number(depth), s.number(depth)
		f := one(s.choices, []string{"greatest", "least"})
		return call(number, f, f+"(%s, %s)", max(x.bits, y.bits), x, y)
	case 6:
		x, y := s.number(depth), s.number(depth)
		return call(number, "coalesce", "coalesce(%s, %s)", max(x.bits, y.bits), x, y)
	case 7:
		cond, x, y := s.condition(depth), s.number(depth), s.number(depth)
		return call(number, "if", "CASE WHEN "+percent(cond.truth())+" THEN %[2]s ELSE %[3]s END", max(x.bits, y.bits), cond, x, y)
	}
	if moments := s.of(moment); len(moments) > 0 {
		return call(number, "toMillis", "(%s // 1000)::DOUBLE", 42, s.moment(moments))
	}
	return s.number(depth)
}

// arithmetic is an operator with two sides, or a sign.
func (s *scope) arithmetic(depth int) term {
	x, y := s.numeric(depth), s.numeric(depth)
	bits := inexact
	op, precedence := one(s.choices, []string{"+", "-", "*", "/", "%", "^"}), precAdd
	switch op {
	case "+", "-":
		bits = max(x.bits, y.bits) + 1
	case "*":
		bits, precedence = x.bits+y.bits, precMultiply
	case "/", "%":
		precedence = precMultiply
		if s.often() {
			y, bits = numberLiteral(4, 3), x.bits+2
		}
	case "^": // only powers that are exact
		y = numberLiteral(float64(s.n(3)), 2)
		if x.bits > 20 {
			x = numberLiteral(-3, 3)
		}
		return term{kind: number, ql: x.at(precOperand) + " ^ " + y.ql, sql: "fin(pow(" + x.number() + ", " + y.sql + "))", precedence: precPower, bits: 2 * x.bits}
	}
	if s.seldom() {
		return term{kind: number, ql: "-" + x.at(precSign), sql: "fin(-" + x.number() + ")", precedence: precSign, bits: x.bits}
	}
	sql := fmt.Sprintf("fin(%s %s %s)", x.number(), op, y.number())
	return term{kind: number, ql: x.at(precedence) + " " + op + " " + y.at(precedence+1), sql: sql, precedence: precedence, bits: bits}
}

// numeric is a term that arithmetic takes for a number: a text or a condition
// too.
func (s *scope) numeric(depth int) term {
	switch s.n(6) {
	case 4:
		return s.text(depth)
	case 5:
		t := s.condition(depth)
		t.bits = 1
		return t
	}
	return s.number(depth)
}

// A period is one of bin and its kin, with the SQL of its start.
type period struct{ ql, sql string }

// fixed is a period of so many milliseconds.
func fixed(ql string, ms int64) period {
	return period{ql, fmt.Sprintf("(%%[1]s // %d * %[1]d)", ms*1000)}
}

// unit is a period of the calendar.
func unit(ql, name string) period {
	return period{ql, "epoch_us(date_trunc('" + name + "', make_timestamp(%[1]s)))"}
}

var periods = []period{
	fixed("5m", 300_000), fixed("1s", 1000), fixed("100ms", 100), fixed("1h", 3_600_000), fixed("30 sec", 30_000),
	fixed("300s", 60_000), // bin takes at most 60 of these
	fixed("2 days", 2*86_400_000), unit("1w", "week"), unit("1mo", "month"), unit("1 quarter", "quarter"), unit("1y", "year"),
}

// moment is a term with times, made of one of the names.
func (s *scope) moment(names []name) term {
	x := s.pick(names)
	switch s.n(4) {
	case 1:
		p := one(s.choices, periods)
		return term{kind: moment, ql: one(s.choices, []string{"datefloor", "bin"}) + "(" + x.ql + ", " + p.ql + ")", sql: fmt.Sprintf(p.sql, x.sql), precedence: precOperand, bits: inexact}
	case 2: // a duration is a number of milliseconds
		op := one(s.choices, []string{"+", "-"})
		return term{kind: moment, ql: x.at(precAdd) + " " + op + " 90m", sql: fmt.Sprintf("((%s %s 5400000) * 1000)", millis(x.sql), op), precedence: precAdd, bits: inexact}
	}
	return x.term
}
