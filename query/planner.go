package query

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A planner collects what the commands of a query do, in the order of the
// text, and then makes the plan.
type planner struct {
	p      *parser
	place  int // of what is being added, counted over the whole query
	slots  int
	raw    map[string]int // slots of the event's fields, by name
	loaded map[int]bool   // slots that an earlier stage or step has filled

	defs    []*definition
	named   map[string][]*definition // the same by name, each in the order of the text
	filters []placed
	plain   []placed // columns that are names and nothing else
	listed  []string // columns, by fields
	shown   []string // columns, by the last display; nil if there is none
	late    []lateColumn
	keys    []sortKey
	sorted  bool
	least   int // the smallest limit; 0 if there is none
	any     bool
}

// A definition gives a name to the value of an expression.
type definition struct {
	name    string
	expr    expr
	place   int
	slot    int
	shadows bool // it is made of the field whose name it takes
	state   int  // of its computation: not begun, begun, done
}

// A lateColumn is a column that fields lists behind a display.
type lateColumn struct {
	at   span
	name string
}

// A placed expression is an expression and where it stands.
type placed struct {
	expr  expr
	place int
}

// end is a place behind everything in the query.
const end = math.MaxInt

// makePlan makes the plan of the commands that p has read.
func makePlan(p *parser, commands []command) *plan {
	pl := &planner{p: p, raw: map[string]int{}, loaded: map[int]bool{}, named: map[string][]*definition{}}
	for _, c := range commands {
		c.plan(pl)
	}
	return pl.build()
}

// addColumn adds a column, and its name if it is new.
func (pl *planner) addColumn(it item) {
	name := pl.define(it)
	pl.listed = append(pl.listed, name)
	if pl.shown != nil {
		pl.late = append(pl.late, lateColumn{it.expr.extent(), name})
	}
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
	if it.alias != nil && len(pl.named[name]) > 0 {
		pl.p.note(it.alias.span, fmt.Sprintf("the service refuses this: %q is already defined; here the later one holds behind it", name), "")
	}
	def := &definition{name: name, expr: it.expr, place: pl.place, slot: pl.newSlot(), shadows: mentions(it.expr, name)}
	if def.shadows {
		pl.p.note(it.expr.extent(), fmt.Sprintf("the service refuses this: the name %q is taken from the field it is made of", name), "use another name")
	}
	pl.defs = append(pl.defs, def)
	pl.named[name] = append(pl.named[name], def)
	return name
}

// mentions reports whether the name occurs in x.
func mentions(x expr, name string) bool {
	found := false
	walk(x, func(x expr) {
		if n, ok := x.(*nameExpr); ok && n.name() == name {
			found = true
		}
	})
	return found
}

func (pl *planner) newSlot() int {
	pl.slots++
	return pl.slots - 1
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
	pl.filters = append(pl.filters, placed{x, pl.place})
}

// sort decides the order.
func (pl *planner) sort(at span, keys []sortKey) {
	pl.place++
	if pl.sorted {
		pl.p.note(at, "this sort replaces the one before it", "")
	}
	if pl.least > 0 {
		pl.p.note(at, "this sort acts before the limit, although it stands behind it", "")
	}
	pl.keys, pl.sorted = keys, true
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
}

// build makes the plan of what has been collected.
func (pl *planner) build() *plan {
	out := &plan{limit: pl.least, any: pl.any}
	pl.buildFilters(&out.selecting)
	out.literals = pl.literals()

	for _, key := range pl.keys {
		pl.need(&out.rank, key.name, end)
		out.order = append(out.order, orderKey{key.name.name(), pl.slotOf(key.name.name(), end), key.desc})
	}
	if !pl.sorted {
		slot := pl.needName(&out.rank, "@timestamp", end)
		out.order = []orderKey{{"@timestamp", slot, true}}
	}
	out.columns = pl.buildColumns(&out.output)
	out.slots = pl.slots
	pl.check()
	return out
}

// buildColumns lets the stage provide the columns, each once.
func (pl *planner) buildColumns(s *stage) []column {
	names := pl.listed
	if pl.shown != nil {
		names = pl.shown
	} else if len(names) == 0 {
		names = []string{"@timestamp", "@message"}
	}
	var columns []column
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			columns = append(columns, column{name, pl.needName(s, name, end)})
		}
	}
	return columns
}

// check looks at what the plan has no need of: a query is right or wrong as a
// whole, and its remarks do not depend on which columns appear.
func (pl *planner) check() {
	var unused stage
	for _, def := range pl.defs {
		pl.compute(&unused, def)
	}
	for _, column := range pl.plain {
		pl.need(&unused, column.expr, column.place)
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

// buildFilters lets the conditions that need nothing computed come first.
func (pl *planner) buildFilters(s *stage) {
	for _, computed := range []bool{false, true} {
		for _, f := range pl.filters {
			if pl.isComputed(f) != computed {
				continue
			}
			pl.need(s, f.expr, f.place)
			s.steps = append(s.steps, step{expr: f.expr, eval: f.expr.compile(pl.scope(f.place))})
		}
	}
}

// isComputed reports whether the condition looks at a name that is defined in
// the query.
func (pl *planner) isComputed(f placed) bool {
	found := false
	walk(f.expr, func(x expr) {
		if name, ok := x.(*nameExpr); ok && pl.binding(name.name(), f.place) != nil {
			found = true
		}
	})
	return found
}

// need lets the stage provide every name that x, at its place, looks at.
func (pl *planner) need(s *stage, x expr, place int) {
	walk(x, func(x expr) {
		switch x := x.(type) {
		case *nameExpr:
			pl.noteName(x, place)
			if def := pl.binding(x.name(), place); def != nil && def.state == begun {
				pl.p.fail(x.span, ErrUse, "Cycle found in operation dependency graph", fmt.Sprintf("the value of %s depends on itself", x.name()))
			}
			pl.needName(s, x.name(), place)
		case *indexExpr:
			pl.noteIndex(x, place)
		case *binaryExpr:
			if x.op.precedence == precCompare {
				pl.noteBackticks(x.a, place)
				pl.noteBackticks(x.b, place)
			}
		}
	})
}

// The states of a definition.
const (
	notBegun = iota
	begun
	done
)

// needName lets the stage provide the value of a name, and returns its slot.
func (pl *planner) needName(s *stage, name string, place int) int {
	if def := pl.binding(name, place); def != nil {
		pl.compute(s, def)
		return def.slot
	}
	slot := pl.rawSlot(name)
	if !pl.loaded[slot] {
		pl.loaded[slot] = true
		if sys := systemFieldNamed(name); sys != nil {
			s.system = append(s.system, systemSlot{sys, slot})
		} else {
			s.fields = append(s.fields, wanted{name, slot})
		}
	}
	return slot
}

// compute lets the stage provide the value of a definition, unless that is
// done already.
func (pl *planner) compute(s *stage, def *definition) {
	if def.state != notBegun {
		return
	}
	def.state = begun
	pl.need(s, def.expr, def.place)
	def.state = done
	s.steps = append(s.steps, step{def.expr, def.expr.compile(pl.scope(def.place)), def.name, def.slot})
}

// binding is the definition that a name at a place stands for; nil if it is a
// field of the event. It is the last definition before the place, or else the
// first behind it: the service goes by symbols, not by position. A name inside
// its own definition, or before one that is made of the field of the same
// name, is the field.
func (pl *planner) binding(name string, place int) *definition {
	defs := pl.named[name]
	n, _ := slices.BinarySearchFunc(defs, place, func(d *definition, place int) int { return cmp.Compare(d.place, place) })
	if n > 0 {
		return defs[n-1]
	}
	for _, def := range defs {
		if def.place > place && !def.shadows {
			return def
		}
	}
	return nil
}

func (pl *planner) slotOf(name string, place int) int {
	if def := pl.binding(name, place); def != nil {
		return def.slot
	}
	return pl.rawSlot(name)
}

func (pl *planner) rawSlot(name string) int {
	slot, ok := pl.raw[name]
	if !ok {
		slot = pl.newSlot()
		pl.raw[name] = slot
	}
	return slot
}

// scope looks names up as they are at a place.
func (pl *planner) scope(place int) scope {
	return func(x *nameExpr) int { return pl.slotOf(x.name(), place) }
}

// literals are texts that an event must contain for the conditions to hold.
// They are taken from conditions on fields of the event that compare with, or
// search for, a text. A text that could also be a number or a boolean is none,
// since the event may write those in other ways.
func (pl *planner) literals() []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range pl.filters {
		var field, text expr
		switch x := f.expr.(type) {
		case *binaryExpr:
			if x.op.symbol == "=" {
				field, text = x.a, x.b
			}
		case *matchExpr:
			if !x.not {
				field, text = x.x, x.pattern
			}
		}
		name, okName := field.(*nameExpr)
		lit, okText := text.(*literal)
		if !okName || !okText || strings.HasPrefix(name.name(), "@") || pl.binding(name.name(), f.place) != nil {
			continue
		}
		if s := lit.value.text; lit.value.kind == KindString && len(s) >= 3 && isWord(s) && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// isWord reports whether the text has a character that no number has, is no
// boolean, and has nothing in it that readers of damaged text disagree about:
// U+FFFD is what some of them make of bytes that are no UTF-8.
func isWord(s string) bool {
	return strings.Trim(s, "0123456789+-.eE") != "" && s != "true" && s != "false" && !strings.ContainsRune(s, utf8.RuneError)
}
