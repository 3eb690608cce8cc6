package query

import (
	"fmt"
	"slices"
	"strings"
)

// Explain describes, for people, how the query is run. The form of the text
// may change.
func (q *Query) Explain() string {
	var b strings.Builder
	if q.plan.calls != nil {
		fmt.Fprintf(&b, "not known without the text of the saved query: %s\n", strings.Join(q.plan.calls, ", "))
		return b.String()
	}
	for _, s := range q.plan.subqueries {
		fmt.Fprintf(&b, "first: %s\n", s.text())
		for line := range strings.Lines(s.plan.explain()) {
			b.WriteString("  " + line)
		}
	}
	b.WriteString(q.plan.explain())
	return b.String()
}

// explain describes the plan without its subqueries.
func (p *plan) explain() string {
	var b strings.Builder
	line := func(what, text string) { fmt.Fprintf(&b, "  %-8s %s\n", what, text) }

	things := "events"
	if len(p.levels) > 1 {
		things = "rows"
	}
	b.WriteString("scan: every event, in any order\n")
	if p.source != nil {
		line("of", p.source.String())
	}
	if len(p.literals) > 0 {
		var quoted []string
		for _, s := range p.literals {
			quoted = append(quoted, fmt.Sprintf("%q", s))
		}
		line("contains", strings.Join(quoted, ", "))
	}
	for i := range p.levels {
		level := &p.levels[i]
		level.selecting.explain(line)
		for j := range level.spreads {
			level.spreads[j].source.explain(line)
			line("rows of", level.spreads[j].text)
		}
		level.sifting.explain(line)
		level.feeding.explain(line)
		if level.group != nil {
			level.group.explain(line)
			b.WriteString("stats: every row that it gives\n")
		}
		if passing := level.passing; passing != nil {
			b.WriteString("pass: all rows in their order\n")
			passing.gathering.explain(line)
			passing.output.explain(line)
			line("pass", passing.pass.text)
		}
	}

	fmt.Fprintf(&b, "merge: the %s that are left\n", things)
	p.gathering.explain(line)

	fmt.Fprintf(&b, "rows: the %s that are kept\n", things)
	p.output.explain(line)
	line("columns", strings.Join(columnNames(p.columns), ", "))
	return b.String()
}

// explain describes which rows are gathered, and in which order.
func (g *gathering) explain(line func(what, text string)) {
	g.rank.explain(line)
	var keys []string
	for _, key := range g.order {
		direction := " asc"
		if key.desc {
			direction = " desc"
		}
		keys = append(keys, key.name+direction)
	}
	line("order", strings.Join(append(keys, "as in the log"), ", then "))
	switch {
	case g.limit > 0 && g.any:
		line("limit", fmt.Sprintf("%d, the first in the log", g.limit))
	case g.limit > 0:
		line("limit", fmt.Sprint(g.limit))
	}
}

// explain describes the grouping.
func (g *grouping) explain(line func(what, text string)) {
	var calls, keys []string
	for _, agg := range g.aggs {
		calls = append(calls, exprText(agg.call))
	}
	for _, key := range g.keys {
		keys = append(keys, key.name)
	}
	line("group", strings.Join(calls, ", "))
	if len(keys) > 0 {
		line("by", strings.Join(keys, ", "))
	}
}

// explain describes the stage.
func (s *stage) explain(line func(what, text string)) {
	var names []string
	for _, sys := range slices.Concat(s.streams, s.system) {
		names = append(names, sys.field.name)
	}
	for _, f := range s.fields {
		names = append(names, f.name)
	}
	if len(names) > 0 {
		line("read", strings.Join(names, ", "))
	}
	for _, st := range s.told {
		line(st.what, st.text)
	}
}
