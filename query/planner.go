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

	source *sourceCommand // nil if the query has none
	begun  bool           // there is another command
	joined []string       // columns of the right side of a join
	joins  bool           // there is a join
	calls  []string       // of saved queries whose text is not known

	plain  []placed // columns that are names and nothing else
	again  []placed // those of them that fields lists
	fields bool     // some fields command lists columns of the last level
	listed []string // those columns, and the names that parse has made
	shown  []string // columns, by the last display; nil if there is none
	late   []lateColumn
	sorting
	limits  []span
	orders  []ordering // all of them, in the order of the text
	idle    []span     // the sorts that stats comes to nothing with
	least   int        // the smallest limit; 0 if there is none
	lookups []*lookup
	any     bool

	estimated  bool      // not the rows are asked for, but the size of the log
	rest       []command // those behind the one at hand
	ahead      command   // the one that the last patterns are made for, if there is one
	offset     *duration // of stats, or nil
	offsetAt   span
	comparison *compareCommand // that which needs an earlier window
}

// A sorting is what is said of the order: by a sort, which has a place, or by
// a command that gives its rows in one.
type sorting struct {
	keys   []sortKey
	sortAt *span // nil if no sort says it
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
func makePlan(p *parser, commands []command) *plan { return newPlanner(p, commands).build() }

// newPlanner collects what the commands do.
func newPlanner(p *parser, commands []command) *planner {
	pl := &planner{p: p}
	pl.levels = []*level{newLevel(p)}
	for i, c := range commands {
		pl.rest = commands[i+1:]
		c.plan(pl)
		if _, ok := c.(*sourceCommand); !ok {
			pl.begun = true
		}
	}
	return pl
}

// last is the level that commands now act on.
func (pl *planner) last() *level { return pl.levels[len(pl.levels)-1] }

// addColumn adds a column, and its name if it is new.
func (pl *planner) addColumn(it item) {
	name := pl.define(it)
	if it.isName() {
		pl.again = append(pl.again, placed{it.expr, pl.place})
	}
	pl.fields, pl.joined = true, nil
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
		return slices.Concat(pl.listed, pl.joined)
	}
	return slices.Concat([]string{"@timestamp", "@message"}, pl.listed, pl.joined)
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
	if it.isName() {
		pl.plain = append(pl.plain, placed{it.expr, pl.place})
		return name
	}
	l := pl.last()
	if it.alias != nil {
		if mentions(it.expr, name) {
			l.refuseCycle(it.alias)
		} else {
			l.judgeName(it.alias.span, name, false)
		}
	}
	l.define(&producer{source: it.expr, place: pl.place, names: []string{name}, copies: true, once: true, take: func(v Value, out []Value) error {
		out[0] = v
		return nil
	}})
	return name
}

// produce gives names to what a producer makes.
func (pl *planner) produce(at span, made *producer) {
	pl.place++
	made.place = pl.place
	given := map[string]bool{}
	for _, name := range made.names {
		if mentions(made.source, name) {
			pl.last().refuseTwice(at, name, "the name is the field in what it is made of, and the new value behind it")
		} else {
			pl.last().judgeName(at, name, given[name])
		}
		given[name] = true
	}
	pl.last().define(made)
	pl.listed = append(pl.listed, made.names...)
}

// filter adds a condition; conditions joined by and are taken one by one.
func (pl *planner) filter(x expr) {
	pl.place++
	if pl.least > 0 {
		pl.p.trap(x.extent(), "this filter acts before the limit, although it stands behind it", "")
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
		pl.p.trap(at, "this sort replaces the one before it", "")
	}
	if pl.least > 0 {
		pl.p.note(at, "this sort acts before the limit, although it stands behind it", "")
	}
	pl.keys, pl.sortAt = keys, &at
	pl.orders = append(pl.orders, ordering{at, false})
}

// An ordering is a sort or a limit.
type ordering struct {
	at    span
	limit bool
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
	pl.orders = append(pl.orders, ordering{at, true})
}

// stats begins a level. What was said of columns and order does not reach
// beyond it.
func (pl *planner) stats(c *statsCommand) {
	if pl.shown != nil {
		pl.p.note(c.at, c.word+" decides the columns; the display before it does nothing", "")
	}
	if pl.sortAt != nil {
		pl.idle = append(pl.idle, *pl.sortAt)
	}
	pl.fields, pl.listed, pl.joined, pl.shown, pl.late, pl.sorting, pl.limits = false, nil, nil, nil, nil, sorting{}, nil

	below := pl.last()
	l := pl.newLevel(c.at)
	l.begin(c, below, &pl.place)
	for _, it := range c.keys {
		pl.listed = append(pl.listed, it.name())
	}
	for _, it := range c.items {
		pl.listed = append(pl.listed, pl.define(it))
	}
	pl.fields = true
}

// pass begins a level. What was said of columns holds there too, if the rows
// still have what they had, and so does the order, which is that of the pass.
func (pl *planner) pass(p *pass) {
	if pl.limits != nil {
		pl.p.trap(p.at, "a limit before this bounds the rows that it gives, not those that it sees", "")
	}
	below := pl.last()
	below.sorting = pl.sorting
	l := pl.newLevel(p.at)
	l.beginPass(p, below, &pl.place)
	pl.sorting, pl.limits = sorting{}, nil
	if p.closed {
		pl.fields, pl.listed, pl.shown, pl.late = true, nil, nil, nil
	}
	pl.listed = append(pl.listed, p.outputs...)
}

// maxLevels bounds the commands of a query that go over all rows, each of which
// has a level: rows pass through all of them at once.
const maxLevels = 1000

func (pl *planner) newLevel(at span) *level {
	if len(pl.levels) > maxLevels {
		pl.p.fail(at, ErrUse, fmt.Sprintf("more than %d commands of the query go over all rows", maxLevels), "")
	}
	l := newLevel(pl.p)
	pl.levels = append(pl.levels, l)
	return l
}

// build makes the plan of what has been collected.
func (pl *planner) build() *plan {
	out := &plan{levels: make([]planLevel, len(pl.levels)), lookups: pl.lookups, source: pl.source, offset: pl.offset, comparison: pl.comparison}
	if pl.offset != nil && pl.comparison != nil {
		pl.p.fail(pl.offsetAt, ErrUse, "offset cannot stand in a query that compares two windows", "")
	}
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
	if pl.estimated {
		out.estimate()
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
		l.refuseStructure(key.name.named(name), end, "sort", "its text is compared")
		order = append(order, orderKey{name, l.slotOf(name, end), key.desc})
	}
	switch {
	case len(l.keys) > 0 || l.pass != nil:
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
	pl.judgeOrder()
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
		for _, x := range pl.again {
			if l.owns(x) {
				l.judgeColumn(x)
			}
		}
	}
	shown := map[string]bool{}
	for _, name := range pl.shown {
		shown[name] = true
	}
	for _, c := range pl.late {
		if !shown[c.name] {
			pl.p.trap(c.at, "display decides which columns appear, and it does not name this one", "")
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
	from, _ := l.origin(x.name())
	l.p.fail(x.span, ErrUse, "Unknown symbols found in or after stats: "+x.name(),
		from.maker()+" gives "+strings.Join(from.outputNames(), ", "))
}
