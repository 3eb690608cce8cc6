package oracle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evictlog/evictlog/query"
)

// A question is a query in both languages, and how it is run.
type question struct {
	ql, sql string
	columns []name
	opts    query.Options
}

// An asker makes a question, one level after another.
type asker struct {
	scope
	tables   []string // the SQL, one table made of the last
	commands []string // the QL
	order    string   // of the rows, if no sort says one
	listed   []name   // the columns that there are without display
	only     []name   // those of the last display
	limit    int      // the smallest; 0 if there is none
	made     int      // names and tables that were made up
}

// ask makes a question about the log.
func ask(c *choices, l *log) question {
	a := &asker{scope: scope{choices: c}}
	a.tables = []string{"t0 AS (SELECT * FROM " + l.table + ")"}
	a.names = l.names()
	a.order = descending("ts")
	plain := []name{{term: term{kind: moment, ql: "@timestamp"}, column: "ts"}, {term: term{kind: text, ql: "@message"}, column: "raw"}}

	a.events()
	switch a.n(6) {
	case 1, 2:
		a.stats(true)
	case 3:
		a.stats(true)
		a.stats(false)
	case 4:
		a.dedup()
	case 5:
		a.dedup()
		if a.n(2) == 0 {
			a.stats(true)
		} else {
			a.dedup()
		}
	}
	q := question{ql: strings.Join(a.commands, "\n| ")}
	for _, columns := range [][]name{a.only, a.listed, plain} {
		if q.columns == nil {
			q.columns = unique(columns)
		}
	}
	if a.commands == nil {
		q.ql = "fields @timestamp, @message"
	}
	q.opts = query.Options{Workers: 1 + a.n(2), Memory: a.n(2)}
	if a.seldom() {
		q.opts.Limit = 1 + a.n(9)
		a.bound(q.opts.Limit)
	}
	columns := []string{}
	for i, n := range q.columns {
		columns = append(columns, fmt.Sprintf("%s AS c%d", n.result(), i))
	}
	q.sql = fmt.Sprintf("WITH %s\nSELECT %s FROM %s ORDER BY %s, seq", strings.Join(a.tables, ",\n"), strings.Join(columns, ", "), a.last(), a.order)
	if a.limit > 0 {
		q.sql += fmt.Sprintf(" LIMIT %d", a.limit)
	}
	return q
}

// result is the SQL of a column of the result.
func (n name) result() string {
	if n.kind == number {
		return n.column + "::DOUBLE"
	}
	return n.column
}

// names are those that events have.
func (l *log) names() []name {
	var out []name
	for _, f := range l.fields {
		n := name{term: term{kind: f.kind, ql: f.ql, sql: f.column, precedence: precOperand, bits: f.bits}, column: f.column, values: f.values}
		if f.kind == number {
			n.sql, n.written = f.column+"::DOUBLE", f.column+"::VARCHAR"
		}
		out = append(out, n)
	}
	var times []string
	for i := 0; i < len(l.events); i += 1 + len(l.events)/4 {
		at := l.events[i].Time()
		times = append(times, fmt.Sprint(at.UnixMilli()), at.UTC().Format("2006-01-02 15:04:05.000"))
	}
	return append([]name{
		{term: term{kind: moment, ql: "@timestamp", sql: "ts", precedence: precOperand, bits: inexact}, column: "ts", values: times},
		{term: term{kind: text, ql: "@message", sql: "raw", precedence: precOperand, bits: inexact}, column: "raw", values: []string{`"verb":"create"`, "eviction"}, bulky: true},
	}, out...)
}

// last is the table that was made last.
func (a *asker) last() string { return fmt.Sprintf("t%d", len(a.tables)-1) }

// from makes a table of the last one.
func (a *asker) from(columns, rest string) {
	sql := fmt.Sprintf("t%d AS (SELECT %s FROM %s %s)", len(a.tables), columns, a.last(), rest)
	a.tables = append(a.tables, sql)
}

// newName makes up a name.
func (a *asker) newName(t term) name {
	a.made++
	n := name{column: fmt.Sprintf("a%d", a.made)}
	n.term = term{kind: t.kind, ql: n.column, sql: n.column, precedence: precOperand, bits: t.bits}
	if t.kind == number && t.written == t.sql && t.written != "" {
		n.written = n.column
	}
	return n
}

// bound is a limit.
func (a *asker) bound(n int) {
	if a.limit == 0 || n < a.limit {
		a.limit = n
	}
}

// A stage is a command of a level, with what depends on where it stands.
type stage struct {
	ql     string
	listed []name // the columns that fields adds
	only   []name // the columns of display
	keys   string // of sort, in SQL
}

// events are commands that act on events, or on what a dedup has left of them.
func (a *asker) events() { a.level(a.n(3), min(a.n(3), a.n(3))) }

// level makes commands with so many fields and filters, in any order. The rows
// do not depend on it: what counts is only the last sort and the last display.
func (a *asker) level(fields, filters int) {
	var stages []stage
	for range fields {
		stages = append(stages, a.fields())
	}
	for range filters {
		t := a.condition(2)
		a.from("*", "WHERE "+t.truth())
		stages = append(stages, stage{ql: one(a.choices, []string{"filter ", "where "}) + t.ql})
	}
	for range a.n(3) {
		stages = append(stages, a.sort())
	}
	if a.seldom() {
		n := one(a.choices, []int{100, 1, 3, 10, 40, 5000})
		a.bound(n)
		stages = append(stages, stage{ql: one(a.choices, []string{"limit ", "head "}) + fmt.Sprint(n)})
	}
	if a.seldom() {
		stages = append(stages, a.display())
	}
	shuffle(a.choices, stages)
	for _, s := range stages {
		a.commands = append(a.commands, s.ql)
		a.listed = append(a.listed, s.listed...)
		if s.only != nil {
			a.only = s.only
		}
		if s.keys != "" {
			a.order = s.keys
		}
	}
}

// unique are the names, each once.
func unique(names []name) []name {
	var out []name
	for _, n := range names {
		if !slices.ContainsFunc(out, func(m name) bool { return m.ql == n.ql }) {
			out = append(out, n)
		}
	}
	return out
}

// fields are names, and terms that become names.
func (a *asker) fields() stage {
	var items []string
	var s stage
	for range 1 + a.n(3) {
		if a.n(2) == 0 {
			n := a.anyName()
			items, s.listed = append(items, n.ql), append(s.listed, n)
			continue
		}
		t := a.any(2)
		n := a.newName(t)
		a.from("*, "+t.sql+" AS "+n.column, "")
		a.names = append([]name{n}, a.names...)
		items, s.listed = append(items, t.ql+" as "+n.ql), append(s.listed, n)
	}
	s.ql = "fields " + strings.Join(items, ", ")
	return s
}

func (a *asker) display() stage {
	var items []string
	var s stage
	for range 1 + a.n(3) {
		n := a.anyName()
		items, s.only = append(items, n.ql), append(s.only, n)
	}
	s.ql = "display " + strings.Join(items, ", ")
	return s
}

func (a *asker) sort() stage {
	var keys, sqls []string
	for range 1 + a.n(3) {
		n := a.sortable()
		direction := one(a.choices, []string{"", " asc", " desc"})
		keys = append(keys, n.ql+direction)
		sqls = append(sqls, n.sortKeys(direction == " desc")...)
	}
	return stage{ql: one(a.choices, []string{"sort ", "sort by ", "order "}) + strings.Join(keys, ", "), keys: strings.Join(sqls, ", ")}
}

// sortKeys are the SQL by which rows are in the order of the name.
func (n name) sortKeys(desc bool) []string {
	keys := []string{n.column}
	if n.kind == text {
		keys = []string{"grade(" + n.column + ")", "num(" + n.column + ")", "CASE WHEN num(" + n.column + ") IS NULL THEN natkey(" + n.column + ") ELSE " + n.column + " END"}
	}
	for i, key := range keys {
		if keys[i] = key + " ASC NULLS FIRST"; desc {
			keys[i] = descending(key)
		}
	}
	return keys
}

func descending(key string) string { return key + " DESC NULLS LAST" }

// dedup keeps the first rows in the order so far, which then are in that order,
// and makes another level.
func (a *asker) dedup() {
	var keys, names, present []string
	for range 1 + a.n(3) {
		n := a.sortable()
		names = append(names, n.ql)
		keys = append(keys, n.groupKey())
		present = append(present, n.column+" IS NOT NULL")
	}
	a.commands = append(a.commands, "dedup "+strings.Join(names, ", "))
	a.from(fmt.Sprintf("* REPLACE (row_number() OVER (ORDER BY %s, seq) AS seq)", a.order), "")
	a.from("*", fmt.Sprintf("QUALIFY NOT (%s) OR row_number() OVER (PARTITION BY %s ORDER BY seq) = 1", strings.Join(present, " AND "), strings.Join(keys, ", ")))
	a.order = "seq"
	a.level(a.n(2), a.n(4)/3)
}

// groupKey is the SQL of what groups are told apart by: times as they are
// printed.
func (n term) groupKey() string {
	if n.kind == moment {
		return "(" + n.sql + " // 1000 * 1000)"
	}
	return n.sql
}

// stats makes groups of the rows, and another level of them.
func (a *asker) stats(events bool) {
	var by, keys, columns, items []string
	var outputs []name
	var periods []string
	for range a.n(3) {
		t, period := a.groupTerm(events)
		n := a.newName(t)
		by = append(by, t.ql+" as "+n.ql)
		keys = append(keys, t.groupKey())
		columns = append(columns, t.groupKey()+" AS "+n.column)
		outputs = append(outputs, n)
		if period {
			periods = append(periods, descending(n.column))
		}
	}
	for range 1 + a.n(3) {
		t := a.aggregateTerm(events)
		n := a.newName(t)
		items = append(items, t.ql+" as "+n.ql)
		columns = append(columns, t.sql+" AS "+n.column)
		outputs = append(outputs, n)
	}
	ql, groupBy := "stats "+strings.Join(items, ", "), ""
	if len(by) > 0 {
		ql += " by " + strings.Join(by, ", ")
		groupBy = "GROUP BY " + strings.Join(keys, ", ")
	}
	a.commands = append(a.commands, ql)
	a.from("min(seq) AS seq, "+strings.Join(columns, ", "), groupBy)
	a.names, a.listed, a.only = outputs, outputs, nil
	a.order = strings.Join(append(periods, "seq"), ", ")
	a.level(a.n(2), a.n(3)/2)
}

// groupTerm is a key of stats, and whether it is a period.
func (a *asker) groupTerm(events bool) (t term, isPeriod bool) {
	switch {
	case events && a.seldom():
		p := one(a.choices, periods)
		return term{kind: moment, ql: "bin(" + p.ql + ")", sql: fmt.Sprintf(p.sql, "ts"), precedence: precOperand, bits: inexact}, true
	case a.seldom():
		return a.condition(1), false
	case a.seldom():
		return a.text(1), false
	}
	return a.sortable().term, false
}

// aggregateTerm is an aggregate, or two that are computed with.
func (a *asker) aggregateTerm(events bool) term {
	x := a.aggregate(events)
	if x.kind != number || !a.seldom() {
		return x
	}
	y := a.aggregate(events)
	op := one(a.choices, []string{"/", "*", "-", "+"})
	precedence := precMultiply
	if op == "-" || op == "+" {
		precedence = precAdd
	}
	return term{kind: number, ql: x.at(precedence) + " " + op + " " + y.at(precedence+1), sql: fmt.Sprintf("fin(%s %s %s)", x.number(), op, y.number()), precedence: precedence, bits: inexact}
}

func (a *asker) aggregate(events bool) term {
	n := a.sortable()
	if events && a.seldom() {
		return a.ofTime(one(a.choices, []string{"earliest", "latest"}), n)
	}
	switch a.n(7) {
	case 0:
		return term{kind: number, ql: one(a.choices, []string{"count(*)", "count()"}), sql: "count(*)::DOUBLE", precedence: precOperand, bits: 20}
	case 1:
		return call(number, "count", "count(%s)::DOUBLE", 20, n.term)
	case 2:
		name := one(a.choices, []string{"count_distinct", "countDistinct"})
		return term{kind: number, ql: name + "(" + n.ql + ")", sql: "count(DISTINCT " + n.groupKey() + ")::DOUBLE", precedence: precOperand, bits: 20}
	case 3, 4:
		return a.extreme(one(a.choices, []string{"min", "max"}), n)
	case 5:
		x := a.summand()
		name := one(a.choices, []string{"sum", "avg"})
		return term{kind: number, ql: name + "(" + x.ql + ")", sql: "fin(" + name + "(" + x.number() + "))", precedence: precOperand, bits: inexact}
	}
	p, x := one(a.choices, []int{50, 0, 7, 25, 90, 99, 100}), a.numeric(1)
	if moments := a.of(moment); len(moments) > 0 && a.n(2) == 0 { // the numbers that differ most
		x = a.moment(moments)
	}
	sql := fmt.Sprintf("quantile_disc(%s, %d / 100)", x.number(), p)
	ql := fmt.Sprintf("pct(%s, %d)", x.ql, p)
	if p == 50 && a.n(2) == 0 {
		ql = "median(" + x.ql + ")"
	}
	return term{kind: number, ql: ql, sql: sql, precedence: precOperand, bits: x.bits}
}

// summand is a term whose sums are exact.
func (a *asker) summand() term {
	for range 3 {
		if t := a.numeric(1); t.bits <= 40 {
			return t
		}
	}
	return numberLiteral(0.5, 2)
}

// ofTime is earliest or latest, which go by the time of events, and then by their
// place in the log.
func (a *asker) ofTime(function string, n name) term {
	order := "ts, seq"
	if function == "latest" {
		order = "ts DESC, seq DESC"
	}
	out := term{kind: n.kind, ql: function + "(" + n.ql + ")", precedence: precOperand, bits: n.bits}
	out.sql = fmt.Sprintf("(list(%[1]s ORDER BY %[2]s) FILTER (%[1]s IS NOT NULL))[1]", n.sql, order)
	if n.kind == moment {
		out.kind, out.sql, out.bits = number, "("+out.sql+" // 1000)::DOUBLE", 42
	}
	return out
}

// extreme is min or max: of texts by their order, of times in milliseconds.
func (a *asker) extreme(function string, n name) term {
	out := term{kind: n.kind, ql: function + "(" + n.ql + ")", precedence: precOperand, bits: n.bits}
	switch n.kind {
	case text:
		keys := strings.Join(n.sortKeys(function == "max"), ", ")
		out.sql = fmt.Sprintf("(list(%[1]s ORDER BY %[2]s) FILTER (%[1]s IS NOT NULL))[1]", n.sql, keys)
	case moment:
		out.kind, out.sql, out.bits = number, "("+function+"("+n.sql+") // 1000)::DOUBLE", 42
	default:
		out.sql = function + "(" + n.sql + ")"
	}
	return out
}
