package query

import (
	"fmt"
	"slices"
)

// begin makes l the level of the rows that c gives of the level below.
func (l *level) begin(c *statsCommand, below *level, place *int) {
	*place++
	l.stats, l.below, l.from = c, below, *place
	l.calls = map[*aggregateExpr]int{}
	below.to = *place
	for _, it := range c.keys {
		l.rawSlot(it.name())
	}
	for _, it := range c.items {
		walk(it.expr, func(x expr) {
			agg, ok := x.(*aggregateExpr)
			if !ok {
				return
			}
			l.calls[agg] = l.newSlot()
			l.aggs = append(l.aggs, groupAggregate{call: agg, slot: l.calls[agg]})
			if it.alias != nil && agg.of != nil && mentions(agg.of, it.alias.name()) {
				l.p.fail(it.alias.span, ErrUse, "Cycle found in operation dependency graph", "use another name than that of the field")
			}
		})
	}
}

// buildGrouping lets the stage of the level below provide what the stats of
// this level looks at.
func (l *level) buildGrouping(s *stage, below *level) *grouping {
	out := &grouping{}
	scope := levelScope{below, end}
	for _, it := range l.stats.keys {
		below.need(s, it.expr, end)
		below.refuseStructure(it.expr, end, "stats", "its text is the key")
		out.keys = append(out.keys, groupKey{it.name(), l.stats.compileKey(it.expr, scope), l.raw[it.name()]})
	}
	for i := range l.aggs {
		agg := &l.aggs[i]
		if time := agg.call.time(); time != nil {
			below.need(s, time, end)
			out.time = time.compile(scope)
		}
		agg.eval = func(*frame) Value { return boolValue(true) }
		if of := agg.call.of; of != nil {
			below.need(s, of, end)
			below.refuseStructure(of, end, "stats", "only count sees it")
			agg.eval = of.compile(scope)
		}
	}
	out.aggs = l.aggs
	return out
}

// time is what an aggregate looks at besides its arguments: @timestamp, or
// nothing.
func (x *aggregateExpr) time() expr {
	if !x.fn.timed {
		return nil
	}
	return &nameExpr{leaf: x.leaf, parts: []string{"@timestamp"}}
}

// sources are what the stats looks at of the level below: its keys, and what
// its aggregates look at.
func (l *level) sources() []expr {
	var out []expr
	for _, it := range l.stats.keys {
		out = append(out, it.expr)
	}
	for _, agg := range l.aggs {
		if agg.call.of != nil {
			out = append(out, agg.call.of)
		}
		if time := agg.call.time(); time != nil {
			out = append(out, time)
		}
	}
	return out
}

// outputNames are the names of the columns that the maker of the rows gives.
func (l *level) outputNames() []string {
	b := l.base()
	if b.stats == nil {
		return b.pass.outputs
	}
	var names []string
	for _, it := range slices.Concat(b.stats.keys, b.stats.items) {
		names = append(names, it.name())
	}
	return names
}

// raiseFilters moves conditions that look at an alias that stats defines up to
// the level at which it has a value. A name that the stats itself looks at is
// a field, whatever else is called by it.
func (l *level) raiseFilters(above *level) {
	var aliases, used []string
	for _, it := range slices.Concat(above.stats.keys, above.stats.items) {
		if it.alias != nil {
			aliases = append(aliases, it.name())
		}
	}
	for _, x := range above.sources() {
		for _, name := range namesIn(x) {
			used = append(used, name.name())
		}
	}
	isAlias := func(name string) bool { return slices.Contains(aliases, name) && !slices.Contains(used, name) }
	l.filters = slices.DeleteFunc(l.filters, func(f placed) bool {
		for _, x := range namesIn(f.expr) {
			if l.binding(x.name(), f.place) == nil && isAlias(x.name()) {
				l.p.note(f.expr.extent(), fmt.Sprintf("this filter acts on the rows of the %s behind it, which defines %s", above.stats.word, x.name()), "")
				above.filters = append(above.filters, placed{f.expr, end})
				return true
			}
		}
		return false
	})
}

// lowerFilters moves conditions that look at nothing that the stats gives down
// to the level below. With several stats the service refuses them.
func (l *level) lowerFilters(below *level, only bool) {
	l.filters = slices.DeleteFunc(l.filters, func(f placed) bool {
		names := namesIn(f.expr)
		known := slices.ContainsFunc(names, func(x *nameExpr) bool { return l.knows(x.name(), f.place) })
		if known || len(names) == 0 || !only {
			return false
		}
		l.p.note(f.expr.extent(), "this filter acts on the events, before the stats, which does not give what it looks at", "")
		below.filters = append(below.filters, placed{f.expr, end})
		return true
	})
}

// sortName is the name that a sort key stands for; "" for one that stands for
// nothing, which changes no order. Of names that stats does not give, a few are
// taken for what people mean by them.
func (l *level) sortName(key *nameExpr) string {
	name := key.name()
	if l.knows(name, end) {
		return name
	}
	if from, _ := l.origin(name); from != l.base() { // the right side of a join
		l.unknownSymbols(key)
	}
	meant, stats := "", l.base().stats
	if stats == nil {
		stats = &statsCommand{}
	}
	for _, it := range stats.keys {
		source, isName := it.expr.(*nameExpr)
		switch {
		case isName && source.name() == name, isPeriod(it.expr) && (name == "@timestamp" || name == "bin"):
			meant = it.name()
		}
	}
	for _, it := range stats.items {
		if agg, ok := it.expr.(*aggregateExpr); ok && agg.of == nil && name == agg.fn.name {
			meant = it.name()
		}
	}
	if meant == "" {
		l.p.trap(key.span, fmt.Sprintf("%s gives no %s, so this changes no order", l.maker(), name), "")
	} else {
		l.p.note(key.span, fmt.Sprintf("%s gives no %s; the column %s is taken for it", l.maker(), name, meant), "")
	}
	return meant
}

// isPeriod reports whether x cuts time into periods.
func isPeriod(x expr) bool {
	call, ok := x.(*callExpr)
	return ok && call.fn.period != nil
}

// binOrder is the order of the rows of stats where no sort says one: the
// newest period first, or the oldest, and otherwise as they came up in the log.
func (l *level) binOrder(s *stage, oldest bool) []orderKey {
	var order []orderKey
	for _, it := range l.stats.keys {
		if isPeriod(it.expr) {
			order = append(order, orderKey{it.name(), l.needName(s, it.name(), end), !oldest})
		}
	}
	return order
}
