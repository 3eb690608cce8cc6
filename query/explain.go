package query

import (
	"fmt"
	"strings"
)

// Explain describes, for people, how the query is run. The form of the text
// may change.
func (q *Query) Explain() string {
	var b strings.Builder
	line := func(what, text string) { fmt.Fprintf(&b, "  %-8s %s\n", what, text) }

	b.WriteString("scan: every event, in any order\n")
	if len(q.plan.literals) > 0 {
		var quoted []string
		for _, s := range q.plan.literals {
			quoted = append(quoted, fmt.Sprintf("%q", s))
		}
		line("contains", strings.Join(quoted, ", "))
	}
	q.plan.selecting.explain(line)

	b.WriteString("merge: the events that are left\n")
	q.plan.rank.explain(line)
	var keys []string
	for _, key := range q.plan.order {
		direction := " asc"
		if key.desc {
			direction = " desc"
		}
		keys = append(keys, key.name+direction)
	}
	line("order", strings.Join(keys, ", ")+", then as in the log")
	switch {
	case q.plan.limit > 0 && q.plan.any:
		line("limit", fmt.Sprintf("%d, the first in the log", q.plan.limit))
	case q.plan.limit > 0:
		line("limit", fmt.Sprint(q.plan.limit))
	}

	b.WriteString("rows: the events that are kept\n")
	q.plan.output.explain(line)
	line("columns", strings.Join(q.Columns(), ", "))
	return b.String()
}

// explain describes the stage.
func (s *stage) explain(line func(what, text string)) {
	var names []string
	for _, sys := range s.system {
		names = append(names, sys.field.name)
	}
	for _, f := range s.fields {
		names = append(names, f.rest)
	}
	if len(names) > 0 {
		line("read", strings.Join(names, ", "))
	}
	for _, st := range s.steps {
		if st.name == "" {
			line("filter", exprText(st.expr))
		} else {
			line("compute", st.name+" = "+exprText(st.expr))
		}
	}
}
