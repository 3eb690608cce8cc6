package oracle

import (
	"regexp"
	"strings"
)

// condition is a term that is a condition, or what can be taken for one.
func (s *scope) condition(depth int) term {
	if depth > 0 && s.seldom() {
		return s.logic(depth - 1)
	}
	switch s.n(8) {
	case 0, 1, 2:
		return s.comparison()
	case 3, 4:
		return s.match()
	case 5:
		return s.in()
	case 6:
		return s.predicate()
	}
	if depth > 0 {
		return s.compared(depth - 1)
	}
	if conditions := s.of(condition); len(conditions) > 0 {
		return s.pick(conditions).term
	}
	return s.comparison()
}

// holds makes a condition; its SQL is never NULL.
func holds(ql, sql string, precedence int) term {
	return term{kind: condition, ql: ql, sql: sql, precedence: precedence, bits: 1}
}

// logic is and, or, not, and their like.
func (s *scope) logic(depth int) term {
	x := s.condition(depth)
	switch s.n(4) {
	case 0:
		y := s.condition(depth)
		return holds(x.at(precAnd)+" and "+y.at(precAnd+1), "("+x.truth()+" AND "+y.truth()+")", precAnd)
	case 1:
		y := s.condition(depth)
		return holds(x.at(precOr)+" or "+y.at(precOr+1), "("+x.truth()+" OR "+y.truth()+")", precOr)
	case 2:
		return holds("not "+x.at(precNot), "(NOT "+x.truth()+")", precNot)
	}
	return holds("!"+x.at(precSign), "(NOT "+x.truth()+")", precSign)
}

// comparison is a name compared with a literal.
func (s *scope) comparison() term {
	n := s.anyName()
	return s.compare(n.term, s.literal(n))
}

// compared is a comparison of any two terms.
func (s *scope) compared(depth int) term { return s.compare(s.any(depth), s.any(depth)) }

func (s *scope) compare(a, b term) term {
	op := one(s.choices, []string{"=", "!=", "<", "<=", ">", ">=", "=="})
	if op == "=" && s.seldom() {
		b = holds("true", "true", precOperand)
	}
	ql := a.at(precCompare+1) + " " + op + " " + b.at(precCompare+1)
	switch op {
	case "=", "==":
		return holds(ql, equal(a, b), precCompare)
	case "!=":
		return holds(ql, "(NOT "+equal(a, b)+")", precCompare)
	}
	return holds(ql, ordered(a, op, b), precCompare)
}

// match is like, with a text or a regular expression.
func (s *scope) match() term {
	n := s.anyName()
	if !n.hasText() {
		return s.comparison()
	}
	word, not := " like ", ""
	if s.seldom() {
		word, not = " not like ", "NOT "
	}
	if part := s.part(n); s.n(2) == 0 {
		return holds(n.at(precCompare+1)+word+quoteQL(s.choices, part), "("+not+sure("contains("+n.text()+", "+quoteSQL(part)+")")+")", precCompare)
	}
	if not == "" && s.seldom() {
		word = " =~ "
	}
	pattern := s.pattern(n)
	ql := n.at(precCompare+1) + word + "/" + strings.ReplaceAll(pattern, "/", `\/`) + "/"
	return holds(ql, "("+not+sure("regexp_matches("+n.text()+", "+quoteSQL(pattern)+")")+")", precCompare)
}

// part is a piece of a value that the name has.
func (s *scope) part(n name) string {
	if len(n.values) == 0 {
		return one(s.choices, []string{"e", "", "x"})
	}
	value := []rune(one(s.choices, n.values))
	from := s.n(len(value) + 1)
	return string(value[from:min(len(value), from+1+s.n(8))])
}

// pattern is a regular expression. DuckDB has RE2, as package regexp has it.
func (s *scope) pattern(n name) string {
	part := regexp.QuoteMeta(s.part(n))
	switch s.n(8) {
	case 0:
		return "^" + part
	case 1:
		return part + "$"
	case 2:
		return "(?i)" + strings.ToUpper(part)
	case 3:
		return part + ".*" + regexp.QuoteMeta(s.part(n))
	case 4:
		return "(" + part + "|" + regexp.QuoteMeta(s.part(n)) + ")+"
	case 5:
		return `[a-f0-9]{` + one(s.choices, []string{"2", "1,3", "5,"}) + `}-`
	case 6:
		return `^\S+?(?:` + part + `)?[^:]\d*\b`
	}
	return part
}

// in is a list of literals.
func (s *scope) in() term {
	n := s.anyName()
	var items, tests []string
	for range 1 + s.n(4) {
		item := s.literal(n)
		items = append(items, item.ql)
		tests = append(tests, equal(n.term, item))
	}
	ql, sql := strings.Join(items, ", "), "("+strings.Join(tests, " OR ")+")"
	if s.seldom() {
		return holds(n.at(precCompare+1)+" not in ["+ql+"]", "(NOT "+sql+")", precCompare)
	}
	return holds(n.at(precCompare+1)+" in ["+ql+"]", sql, precCompare)
}

// predicate is a function that is a condition.
func (s *scope) predicate() term {
	n := s.anyName()
	if !n.hasText() || s.often() {
		return holds("ispresent("+n.ql+")", "("+n.sql+" IS NOT NULL)", precOperand)
	}
	part := s.part(n)
	two := func(ql, sql string) term {
		return holds(ql+"("+n.ql+", "+quoteQL(s.choices, part)+")", sure(sql+"("+n.text()+", "+quoteSQL(part)+")"), precOperand)
	}
	switch s.n(5) {
	case 0:
		return holds("isempty("+n.ql+")", "coalesce("+n.text()+" = '', true)", precOperand)
	case 1:
		return two("strcontains", "contains")
	case 2:
		return two("startsWith", "starts_with")
	case 3:
		return two("endsWith", "ends_with")
	}
	if n.kind == moment { // which is no number
		return holds("isNumeric("+n.ql+")", "false", precOperand)
	}
	return holds("isNumeric("+n.ql+")", "("+n.number()+" IS NOT NULL)", precOperand)
}
