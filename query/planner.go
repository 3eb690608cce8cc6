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
	place  int // of what is being added, counted over the whole query
	slots  int
	raw    map[string]int // slots of the event's fields, by name
	loaded map[int]bool   // slots that an earlier stage or step has filled

	defs    []*definition
	filters []placed
	listed  []string // columns, by fields
	shown   []string // columns, by the last display; nil if there is none
	keys    []sortKey
	sortAt  *span
	least   int // the smallest limit; 0 if there is none
	any     bool
}

// A definition gives a name to the value of an expression.
type definition struct {
	name  string
	expr  expr
	place int
	slot  int
	state int // of its computation: not begun, begun, done
}

// A placed condition is a filter's condition and where it stands.
type placed struct {
	expr  expr
	place int
}

// end is a place behind everything in the query.
const end = math.MaxInt

// makePlan makes the plan of the commands that p has read.
func makePlan(p *parser, commands []command) *plan {
	pl := &planner{p: p, raw: map[string]int{}, loaded: map[int]bool{}}
	for _, c := range commands {
		c.plan(pl)
	}
	pl.noteRedefinitions()
	return pl.build()
}

// addColumn adds a column, and its name if it is new.
func (pl *planner) addColumn(it item) {
	if pl.shown != nil {
		pl.p.note(it.expr.extent(), "display decides which columns appear; this one only does if display names it", "")
	}
	pl.listed = append(pl.listed, pl.define(it))
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
		return name
	}
	if it.alias != nil && pl.defined(name) {
		pl.p.note(it.alias.span, fmt.Sprintf("the service refuses this: %q is already defined; here the later one holds behind it", name), "")
	}
	pl.slots++
	pl.defs = append(pl.defs, &definition{name: name, expr: it.expr, place: pl.place, slot: pl.slots - 1})
	return name
}

func (pl *planner) defined(name string) bool {
	return slices.ContainsFunc(pl.defs, func(d *definition) bool { return d.name == name })
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
	if pl.sortAt == nil {
		slot := pl.needName(&out.rank, "@timestamp", end)
		out.order = []orderKey{{"@timestamp", slot, true}}
	}

	names := pl.listed
	if pl.shown != nil {
		names = pl.shown
	} else if len(names) == 0 {
		names = []string{"@timestamp", "@message"}
	}
	for _, name := range names {
		if slices.ContainsFunc(out.columns, func(c column) bool { return c.name == name }) {
			continue
		}
		out.columns = append(out.columns, column{name, pl.needName(&out.output, name, end)})
	}
	out.slots = pl.slots
	return out
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
		if name, ok := x.(*nameExpr); ok {
			pl.noteUnknownSystemField(name)
			def := pl.binding(name.name(), place)
			if def != nil && def.place > place {
				pl.p.note(name.span, fmt.Sprintf("%q is used before it is defined", name.name()), "")
			}
			if def != nil && def.state == begun {
				pl.p.fail(name.span, ErrUse, "Cycle found in operation dependency graph", fmt.Sprintf("the value of %s depends on itself", name.name()))
			}
			pl.needName(s, name.name(), place)
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
	def := pl.binding(name, place)
	if def == nil {
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
	if def.state == notBegun {
		def.state = begun
		pl.need(s, def.expr, def.place)
		def.state = done
		s.steps = append(s.steps, step{def.expr, def.expr.compile(pl.scope(def.place)), def.name, def.slot})
	}
	return def.slot
}

// binding is the definition that a name at a place stands for; nil if it is a
// field of the event. That is the last definition before the place, or else
// the first behind it: the service goes by symbols, not by position. A name
// inside its own definition, or before one that is made of the field of the
// same name, is the field.
func (pl *planner) binding(name string, place int) *definition {
	var found *definition
	for _, def := range pl.defs {
		if def.name != name || def.place == place {
			continue
		}
		if def.place < place {
			found = def
		} else if found == nil && !pl.shadows(def) {
			return def
		}
	}
	return found
}

// shadows reports whether the definition is made of the field whose name it
// takes.
func (pl *planner) shadows(def *definition) bool {
	found := false
	walk(def.expr, func(x expr) {
		if name, ok := x.(*nameExpr); ok && name.name() == def.name {
			found = true
		}
	})
	return found
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
		slot = pl.slots
		pl.slots++
		pl.raw[name] = slot
	}
	return slot
}

// scope looks names up as they are at a place.
func (pl *planner) scope(place int) scope {
	return func(x *nameExpr) int { return pl.slotOf(x.name(), place) }
}

// noteRedefinitions remarks on definitions that take the name of a field that
// the query also uses as it is.
func (pl *planner) noteRedefinitions() {
	for _, def := range pl.defs {
		if pl.shadows(def) {
			pl.p.note(def.expr.extent(), fmt.Sprintf("the service refuses this: the name %q is taken from the field it is made of", def.name), "use another name")
		}
	}
}

// noteUnknownSystemField remarks on a name such as @logstream.
func (pl *planner) noteUnknownSystemField(x *nameExpr) {
	name := x.name()
	if !strings.HasPrefix(name, "@") || strings.HasPrefix(name, "@@") || systemFieldNamed(name) != nil || pl.defined(name) {
		return
	}
	hint := ""
	for _, field := range systemFields {
		if strings.EqualFold(field.name, name) {
			hint = fmt.Sprintf("did you mean %s?", field.name)
		}
	}
	pl.p.note(x.span, fmt.Sprintf("audit events have no field %s", name), hint)
}

// literals are texts that an event must contain for the conditions to hold.
// They are taken from conditions on fields of the event that compare with, or
// search for, a text. A text that could also be a number or a boolean is none,
// since the event may write those in other ways.
func (pl *planner) literals() []string {
	var out []string
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
		if s := lit.value.text; lit.value.kind == KindString && len(s) >= 3 && isWord(s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// isWord reports whether the text has a character that no number has, and is
// no boolean.
func isWord(s string) bool {
	return strings.Trim(s, "0123456789+-.eE") != "" && s != "true" && s != "false"
}
