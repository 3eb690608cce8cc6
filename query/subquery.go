package query

import (
	"fmt"
	"slices"
	"strings"
)

// A subquery is a query in parentheses inside of another. It is run before the
// query, on its own, and all that it gives is kept until the query needs it.
// Source: the Logs Insights subqueries page.
type subquery struct {
	span
	number   int // in the order of the text
	commands []command
	plan     *plan
	isSet    bool // only the different values of its one column count
}

// maxSubqueries bounds how many subqueries a query has, each of which reads a
// log. It is a limit of this package.
const maxSubqueries = 32

// parseSubquery reads a subquery, from its opening parenthesis. It is still to
// be planned.
func (p *parser) parseSubquery() *subquery {
	open := p.tok.span
	switch {
	case p.inSubquery:
		p.fail(open, ErrUse, "subqueries do not nest", "")
	case len(p.subqueries) == maxSubqueries:
		p.fail(open, ErrUse, fmt.Sprintf("a query has up to %d subqueries", maxSubqueries), "")
	}
	inStats, inAggregate := p.inStats, p.inAggregate
	p.inSubquery, p.inStats, p.inAggregate = true, false, false
	p.advance()
	if p.tok.is(")") {
		p.fail(join(open, p.tok.span), ErrSyntax, "the subquery is empty", "")
	}
	s := &subquery{number: len(p.subqueries), commands: p.parseCommands(func() bool { return p.tok.is(")") })}
	s.span = join(open, p.tok.span)
	p.advance()
	p.inSubquery, p.inStats, p.inAggregate = false, inStats, inAggregate
	p.subqueries = append(p.subqueries, s)
	return s
}

// planned calls make while the parser takes remarks to be on the subquery.
func (p *parser) planned(make func()) {
	before := p.inSubquery
	p.inSubquery = true
	make()
	p.inSubquery = before
}

// text is the canonical text of the subquery.
func (s *subquery) text() string {
	return "(" + strings.Join(commandTexts(s.commands), " | ") + ")"
}

// An inQueryExpr is x in (subquery), or x not in (subquery).
type inQueryExpr struct {
	x   expr
	in  *subquery
	not bool
}

// parseInQuery reads the subquery behind in, and plans it.
func (p *parser) parseInQuery(x expr, not bool) expr {
	open := p.tok
	ahead := *p
	ahead.advance()
	if ahead.tok.kind != tokenName && !ahead.tok.is("$") || ahead.followedBy(",") || ahead.followedBy(")") && commandNamed(ahead.tok.text) == nil {
		p.fail(open.span, ErrSyntax, "expected a list in square brackets, or a subquery in parentheses", "a list of values stands in square brackets")
	}
	s := p.parseSubquery()
	s.isSet = true
	p.planned(func() {
		pl := newPlanner(p, s.commands)
		pl.shown = []string{p.columnOf(s, x)}
		s.plan = pl.build()
	})
	return &inQueryExpr{x, s, not}
}

// columnOf is the column whose values x is looked for among: the only one that
// the last display names, or else the last fields or stats or, among several, the
// one with the name of x. Only what a subquery selects is there for the query around it.
// Source: the Logs Insights subqueries page.
func (p *parser) columnOf(s *subquery, x expr) string {
	var names []string
	displayed := false
	for _, c := range s.commands {
		var items []item
		switch c := c.(type) {
		case *fieldsCommand:
			if displayed {
				continue
			}
			items = c.items
		case *displayCommand:
			items, displayed = c.items, true
		case *statsCommand:
			items, displayed = slices.Concat(c.keys, c.items), false
		default:
			continue
		}
		names = nil
		for _, it := range items {
			names = append(names, it.name())
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	if name, ok := x.(*nameExpr); ok && slices.Contains(names, name.name()) {
		return name.name()
	}
	if names == nil {
		p.fail(s.span, ErrUse, "the subquery does not say which values it gives", "end it with fields and the name of one")
	}
	p.fail(s.span, ErrUse, fmt.Sprintf("a subquery gives one column, and this one has %s", strings.Join(names, ", ")), "end it with fields and the name of one")
	return ""
}

func (x *inQueryExpr) extent() span     { return join(x.x.extent(), x.in.span) }
func (x *inQueryExpr) children() []expr { return []expr{x.x} }
func (x *inQueryExpr) precedence() int  { return precCompare }

func (x *inQueryExpr) write(b *strings.Builder) {
	writeOperand(b, x.x, precCompare+1)
	if x.not {
		b.WriteString(" not")
	}
	b.WriteString(" in ")
	b.WriteString(x.in.text())
}

func (x *inQueryExpr) compile(lookup scope) evaluator {
	eval, number, not := x.x.compile(lookup), x.in.number, x.not
	return func(f *frame) Value { return boolValue(f.sets[number].has(eval(f)) != not) }
}

// A valueSet is a set of values in memory. It is a list as in takes it, only
// that a value is found without going over all of them.
type valueSet struct {
	texts   map[string][]Value  // those that can equal a text, by that
	numbers map[float64][]Value // those that stand for a number, by about that
	exact   map[string]struct{} // all of them
	size    int                 // estimate in bytes
}

func newValueSet() *valueSet {
	return &valueSet{map[string][]Value{}, map[float64][]Value{}, map[string]struct{}{}, 0}
}

// setEntrySize is about what a value of a set costs besides its text.
const setEntrySize = 3*valueSize + 2*entrySize

// add adds a value. What nothing can equal is left out.
func (s *valueSet) add(v Value) {
	if v.Missing() || v.isStructure() {
		return
	}
	exact := string(v.append(nil))
	if _, ok := s.exact[exact]; ok {
		return
	}
	s.exact[exact] = struct{}{}
	s.size += setEntrySize + 2*len(exact)
	if text, ok := v.textAlike(); ok {
		s.texts[text] = append(s.texts[text], v)
	}
	if n, ok := v.Float64(); ok {
		s.numbers[n] = append(s.numbers[n], v)
	}
}

// textAlike is the one text, besides those that spell its number, that v is
// equal to.
func (v Value) textAlike() (string, bool) {
	switch v.kind {
	case KindString:
		return v.text, true
	case KindBool:
		return fmt.Sprint(v.bits == 1), true
	case KindTime:
		return v.String(), true
	}
	return "", false
}

// has reports whether v equals one of the values; of a list, whether one of its
// elements does.
func (s *valueSet) has(v Value) bool {
	if v.kind == KindList {
		return slices.ContainsFunc(v.elements(), s.hasOne)
	}
	return s.hasOne(v)
}

func (s *valueSet) hasOne(v Value) bool {
	if text, ok := v.textAlike(); ok && slices.ContainsFunc(s.texts[text], v.equal) {
		return true
	}
	n, ok := v.Float64()
	return ok && slices.ContainsFunc(s.numbers[n], v.equal)
}
