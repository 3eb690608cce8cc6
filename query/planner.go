package query

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A planner collects what the commands of a query do, in the order of the
// text, and then makes the plan.
type planner struct {
	p      *parser
	place  int      // of what is being added, counted over the whole query
	levels []*level // the events, and behind them the rows that each stats or pass gives

	plain  []placed // columns that are names and nothing else
	fields bool     // some fields command lists columns of the last level
	listed []string // those columns, and the names that parse has made
	shown  []string // columns, by the last display; nil if there is none
	late   []lateColumn
	sorting
	limits  []span
	least   int // the smallest limit; 0 if there is none
	lookups []*lookup
	any     bool

	statsCount int

	rest       []command       // those behind the one at hand
	ahead      command         // the one that the last patterns are made for, if there is one
	comparison *compareCommand // that which needs an earlier window
}

// A sorting is what sort says of the order; at is nil if there is none.
type sorting struct {
	keys   []sortKey
	sortAt *span
}

// A lateColumn is a column that fields lists behind a display.
type lateColumn struct {
	at   span
	name string
}

// A placed expression is one that stands somewhere in the query.
type placed struct {
	expr  expr
	place int
}

// end is a place behind everything in the query.
const end = math.MaxInt

// makePlan makes the plan of the commands that p has read.
func makePlan(p *parser, commands []command) *plan {
	pl := &planner{p: p}
	pl.levels = []*level{newLevel(p)}
	for i, c := range commands {
		pl.rest = commands[i+1:]
		c.plan(pl)
	}
	return pl.build()
}

// last is the level that commands now act on.
func (pl *planner) last() *level { return pl.levels[len(pl.levels)-1] }

// addColumn adds a column, and its name if it is new.
func (pl *planner) addColumn(it item) {
	name := pl.define(it)
	pl.fields = true
	pl.listed = append(pl.listed, name)
	if pl.shown != nil {
		pl.late = append(pl.late, lateColumn{it.expr.extent(), name})
	}
}

// columnNames are the names of the columns so far, at the given place in the
// text.
func (pl *planner) columnNames(at span) []*nameExpr {
	var out []*nameExpr
	for _, name := range pl.columns() {
		out = append(out, &nameExpr{leaf: leaf{at}, parts: []string{name}})
	}
	return out
}

// columns are those of the last display, or all that there are.
func (pl *planner) columns() []string {
	switch {
	case pl.shown != nil:
		return pl.shown
	case pl.fields:
		return pl.listed
	}
	return append([]string{"@timestamp", "@message"}, pl.listed...)
}

// display decides the columns.
func (pl *planner) display(at span, items []item) {
	if pl.shown != nil {
		pl.p.note(at, "this display replaces the one before it", "")
	}
	pl.shown = nil
	for _, it := range items {
		pl.shown = append(pl.shown, pl.define(it))
	}
}

// define gives the item's expression its name, unless it is only a field's
// name, and returns the name.
func (pl *planner) define(it item) string {
	pl.place++
	name := it.name()
	if field, ok := it.expr.(*nameExpr); ok && (it.alias == nil || it.alias.name() == field.name()) {
		pl.plain = append(pl.plain, placed{field, pl.place})
		return name
	}
	l := pl.last()
	if it.alias != nil {
		l.noteRedefined(it.alias.span, name)
	}
	l.define(&producer{source: it.expr, place: pl.place, names: []string{name}, take: func(v Value, out []Value) error {
		out[0] = v
		return nil
	}})
	return name
}

// spread makes rows of a row, with names for what each has of the source.
func (pl *planner) spread(at span, source expr, names []string, each spreader) {
	pl.produce(at, &producer{source: source, names: names, each: each})
}

// produce gives names to what a producer makes.
func (pl *planner) produce(at span, made *producer) {
	pl.place++
	made.place = pl.place
	for i, name := range made.names {
		pl.last().noteRedefined(at, name, made.names[:i]...)
	}
	pl.last().define(made)
	pl.listed = append(pl.listed, made.names...)
}

// filter adds a condition; conditions joined by and are taken one by one.
func (pl *planner) filter(x expr) {
	pl.place++
	if pl.least > 0 {
		pl.p.note(x.extent(), "this filter acts before the limit, although it stands behind it", "")
	}
	pl.addConditions(x)
}

func (pl *planner) addConditions(x expr) {
	if both, ok := x.(*logicExpr); ok && !both.or {
		pl.addConditions(both.a)
		pl.addConditions(both.b)
		return
	}
	l := pl.last()
	l.filters = append(l.filters, placed{x, pl.place})
}

// sort decides the order.
func (pl *planner) sort(at span, keys []sortKey) {
	pl.place++
	if pl.sortAt != nil {
		pl.p.note(at, "this sort replaces the one before it", "")
	}
	if pl.least > 0 {
		pl.p.note(at, "this sort acts before the limit, although it stands behind it", "")
	}
	pl.keys, pl.sortAt = keys, &at
}

// limit bounds the number of rows.
func (pl *planner) limit(at span, n int, any bool) {
	pl.place++
	if pl.least > 0 {
		pl.p.note(at, "of several limits the smallest holds", "")
	}
	if pl.least == 0 || n < pl.least {
		pl.least = n
	}
	pl.any = pl.any || any
	pl.limits = append(pl.limits, at)
}

// maxStats is how many stats a query can have.
// Source: the Logs Insights stats page.
const maxStats = 10

// stats begins a level. What was said of columns and order does not reach
// beyond it.
func (pl *planner) stats(c *statsCommand) {
	if pl.shown != nil {
		pl.p.note(c.at, c.word+" decides the columns; the display before it does nothing", "")
	}
	if pl.sortAt != nil {
		pl.p.note(*pl.sortAt, "this sort stands before "+c.word+" and does nothing", "")
	}
	if pl.limits != nil {
		pl.p.note(c.at, fmt.Sprintf("a limit before %[1]s bounds the rows that %[1]s gives, not those that it sees", c.word), "")
	}
	pl.fields, pl.listed, pl.shown, pl.late, pl.sorting, pl.limits = false, nil, nil, nil, sorting{}, nil

	if c.word == "stats" {
		pl.statsCount++
	}
	if pl.statsCount > maxStats {
		pl.p.fail(c.at, ErrUse, fmt.Sprintf("a query has at most %d stats", maxStats), "")
	}
	below := pl.last()
	l := newLevel(pl.p)
	pl.levels = append(pl.levels, l)
	l.begin(c, below, &pl.place)
	for _, it := range c.keys {
		pl.listed = append(pl.listed, it.name())
	}
	for _, it := range c.items {
		pl.listed = append(pl.listed, pl.define(it))
	}
	pl.fields = true
}

// pass begins a level. What was said of columns holds there too, and so does the
// order, which is that of the pass.
func (pl *planner) pass(p *pass) {
	if pl.limits != nil {
		pl.p.note(p.at, "a limit before this bounds the rows that it gives, not those that it sees", "")
	}
	below := pl.last()
	below.sorting = pl.sorting
	l := newLevel(pl.p)
	pl.levels = append(pl.levels, l)
	l.beginPass(p, below, &pl.place)
	pl.sorting, pl.limits = sorting{}, nil
	pl.listed = append(pl.listed, p.outputs...)
}

// build makes the plan of what has been collected.
func (pl *planner) build() *plan {
	out := &plan{levels: make([]planLevel, len(pl.levels)), lookups: pl.lookups, comparison: pl.comparison}
	out.limit, out.any = pl.least, pl.any
	pl.moveFilters()
	pl.last().sorting = pl.sorting
	// From above, since a level has to provide what the one above it needs.
	for i := len(pl.levels) - 1; i >= 0; i-- {
		l, at := pl.levels[i], &out.levels[i]
		l.buildFilters(&at.selecting, false)
		l.buildSpreads()
		l.buildFilters(&at.sifting, true)
		switch above := i + 1; {
		case above == len(pl.levels):
			out.order = l.buildOrder(&out.rank, false)
			out.columns = pl.buildColumns(l, &out.output)
		case pl.levels[above].pass != nil:
			at.passing = pl.levels[above].buildPass(l)
		default:
			at.group = pl.levels[above].buildGrouping(&at.feeding, l)
		}
	}
	out.literals = pl.levels[0].literals()
	pl.check()
	for i, l := range pl.levels {
		out.levels[i].slots, out.levels[i].spreads = l.slots, l.spreads
	}
	for _, s := range out.eventStages() {
		s.compile()
	}
	return out
}

// moveFilters puts each condition on the level that it can be decided on: the
// service goes by the symbols of a condition more than by its position.
func (pl *planner) moveFilters() {
	for i, l := range pl.levels {
		if i+1 < len(pl.levels) && pl.levels[i+1].stats != nil {
			l.raiseFilters(pl.levels[i+1])
		}
		if l.stats != nil {
			l.lowerFilters(pl.levels[i-1], len(pl.levels) == 2)
		}
	}
}

// buildOrder lets the stage provide what rows are ordered by. Without a sort
// events stand with the newest first, or with the oldest.
func (l *level) buildOrder(s *stage, oldest bool) []orderKey {
	var order []orderKey
	for _, key := range l.keys {
		name := l.sortName(key.name)
		if name == "" {
			continue
		}
		l.need(s, key.name.named(name), end)
		order = append(order, orderKey{name, l.slotOf(name, end), key.desc})
	}
	switch {
	case l.sortAt != nil || l.pass != nil:
		return order
	case l.stats != nil:
		return l.binOrder(s, oldest)
	}
	return []orderKey{{"@timestamp", l.needName(s, "@timestamp", end), !oldest}}
}

// buildColumns lets the stage provide the columns, each once.
func (pl *planner) buildColumns(l *level, s *stage) []column {
	for _, x := range pl.plain {
		if !l.isEvents() && l.owns(x) {
			l.need(s, x.expr, x.place)
		}
	}
	var columns []column
	seen := map[string]bool{}
	for _, name := range pl.columns() {
		if !seen[name] {
			seen[name] = true
			columns = append(columns, column{name, l.needName(s, name, end)})
		}
	}
	return columns
}

// check looks at what the plan has no need of: a query is right or wrong as a
// whole, and its remarks do not depend on which columns appear.
func (pl *planner) check() {
	for _, l := range pl.levels {
		var unused stage
		for _, made := range l.producers {
			l.compute(&unused, made)
		}
		for _, x := range pl.plain {
			if l.owns(x) {
				l.need(&unused, x.expr, x.place)
			}
		}
	}
	shown := map[string]bool{}
	for _, name := range pl.shown {
		shown[name] = true
	}
	for _, c := range pl.late {
		if !shown[c.name] {
			pl.p.note(c.at, "display decides which columns appear, and it does not name this one", "")
		}
	}
}

// named is the name, at the same place, of something else.
func (x *nameExpr) named(name string) *nameExpr {
	if name == x.name() {
		return x
	}
	return &nameExpr{leaf: x.leaf, parts: []string{name}}
}

// mentions reports whether the name occurs in x.
func mentions(x expr, name string) bool {
	for _, n := range namesIn(x) {
		if n.name() == name {
			return true
		}
	}
	return false
}

// namesIn are the names in x, without those inside the calls of aggregates,
// which belong to the level below.
func namesIn(x expr) []*nameExpr {
	var names []*nameExpr
	walk(x, func(x expr) {
		if name, ok := x.(*nameExpr); ok {
			names = append(names, name)
		}
	})
	return names
}

// unknownSymbols is the service's refusal of names that stats does not give.
func (l *level) unknownSymbols(x *nameExpr) {
	what, names := l.outputNames()
	l.p.fail(x.span, ErrUse, "Unknown symbols found in or after stats: "+x.name(), what+" gives "+strings.Join(names, ", "))
}

// noteRedefined remarks on a name that has a definition already, or is one of
// those that are being given, or is that of a key of stats.
func (l *level) noteRedefined(at span, name string, given ...string) {
	_, key := l.raw[name]
	if len(l.named[name]) > 0 || slices.Contains(given, name) || l.stats != nil && key || l.isOutput(name) {
		l.p.note(at, fmt.Sprintf("the service refuses this: %q is already defined; here the later one holds behind it", name), "")
	}
}
