package query

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A level is what names stand for, and conditions act on, in one part of a
// query: on the events, or on the rows that a stats gives.
type level struct {
	p     *parser
	from  int           // the first place that belongs to the level
	to    int           // the place behind the last one, 0 if it is the end
	stats *statsCommand // that gives the rows
	pass  *pass         // that gives them
	below *level        // nil for the events, which have neither
	slots int

	raw       map[string]int // slots of the fields of the event, or of the keys of stats
	loaded    map[int]bool   // those that an earlier stage provides
	aggs      []groupAggregate
	calls     map[*aggregateExpr]int // slots of their results
	producers []*producer
	named     map[string][]*definition // each list in the order of the text
	longest   int                      // length of the longest of those names
	filters   []placed
	spreads   []spread
	carries   []carried
	sorting
}

// A definition gives a name to a value that a producer makes.
type definition struct {
	name    string
	slot    int
	from    *producer
	shadows bool // it is made of the field whose name it takes

	structure answer                 // whether the value is a list or a map
	members   map[string]*definition // its parts that have been asked for, by path
}

// A producer makes the values of one definition or more of an expression.
type producer struct {
	source expr
	place  int
	names  []string
	slot   int         // of the first name; the others follow
	of     *definition // in place of the source, for a part of a structure
	state  int         // not begun, begun, done

	take func(v Value, out []Value) error // sets out, one value for each name
	each spreader                         // in its place if it makes several rows

	structures bool // the values can be lists and maps, whatever the source is
	copies     bool // the value is that of the source
	once       bool // the service lets fields not list the names again
	replaces   bool // what it makes of a field is the field, for all that is before it too
}

// A spreader makes rows of one: for each it sets out, and then calls next. It
// returns the first error of next.
type spreader func(v Value, out []Value, next func() error) error

// The states of a producer.
const (
	notBegun = iota
	begun
	done
)

func newLevel(p *parser) *level {
	return &level{p: p, raw: map[string]int{}, loaded: map[int]bool{}, named: map[string][]*definition{}}
}

// owns reports whether x stands where this level's names hold.
func (l *level) owns(x placed) bool {
	return x.place >= l.from && (l.to == 0 || x.place < l.to)
}

// define lets names stand for what a producer makes.
func (l *level) define(made *producer) {
	made.slot = l.slots
	for _, name := range made.names {
		def := &definition{name: name, slot: l.newSlot(), from: made, shadows: mentions(made.source, name)}
		l.named[name] = append(l.named[name], def)
		l.longest = max(l.longest, len(name))
	}
	l.producers = append(l.producers, made)
}

func (l *level) newSlot() int {
	l.slots++
	return l.slots - 1
}

// buildFilters lets the conditions that need nothing computed come first. Those
// that can only be decided on the rows of a spread are built apart.
func (l *level) buildFilters(s *stage, spread bool) {
	for _, computed := range []bool{false, true} {
		for _, f := range l.filters {
			if l.isComputed(f) == computed && l.isSpread(f.expr, f.place) == spread {
				l.buildFilter(s, f, computed)
			}
		}
	}
}

// buildFilter lets the stage take a filter as early as it can.
func (l *level) buildFilter(s *stage, f placed, computed bool) {
	names := map[string]bool{}
	onStream := true
	for _, x := range namesIn(f.expr) {
		names[x.name()] = true
		onStream = onStream && (x.name() == "@logStream" || x.name() == "@log")
	}
	simple := l.isEvents() && !computed && len(names) > 0
	if simple && onStream {
		l.needStream(s, names)
	}
	l.need(s, f.expr, f.place)
	eval := f.expr.compile(levelScope{l, f.place})
	st := step{what: "filter", text: exprText(f.expr), run: func(f *frame) bool { return eval(f).truth() }}
	s.told = append(s.told, st)
	field := slices.IndexFunc(s.fields, func(w wanted) bool { return names[w.name] })
	switch {
	case simple && onStream:
		s.stream = append(s.stream, st)
	case simple && len(names) == 1 && field >= 0:
		s.tests = append(s.tests, make([][]fieldTest, max(0, field+1-len(s.tests)))...)
		s.tests[field] = append(s.tests[field], fieldTest{st, plainText(f.expr)})
	default:
		s.steps = append(s.steps, st)
	}
}

// plainText is what a condition on one field comes to for a value that is a text
// without escapes, if that can be said without evaluating it: comparing it with
// a text, or searching it for one. For other conditions it is nil.
func plainText(x expr) func(text []byte) bool {
	switch x := x.(type) {
	case *binaryExpr:
		_, isName := x.a.(*nameExpr)
		lit, ok := x.b.(*literal)
		if x.op.symbol == "=" && isName && ok && lit.value.kind == KindString {
			return func(text []byte) bool { return string(text) == lit.value.text }
		}
	case *matchExpr:
		_, isName := x.x.(*nameExpr)
		if lit, ok := x.pattern.(*literal); ok && !x.not && isName && lit.value.kind == KindString {
			part := []byte(lit.value.text)
			return func(text []byte) bool { return bytes.Contains(text, part) }
		}
	}
	return nil
}

// needStream lets the stage provide the log stream or group before all else.
func (l *level) needStream(s *stage, names map[string]bool) {
	for i := range systemFields {
		field := &systemFields[i]
		if !names[field.name] {
			continue
		}
		if slot := l.rawSlot(field.name); !l.loaded[slot] {
			l.loaded[slot] = true
			s.streams = append(s.streams, systemSlot{field, slot})
		}
	}
}

// isComputed reports whether the condition looks at a name that is defined in
// the query.
func (l *level) isComputed(f placed) bool {
	return slices.ContainsFunc(namesIn(f.expr), func(x *nameExpr) bool { return l.binding(x.name(), f.place) != nil })
}

// need lets the stage provide every name that x, at its place, looks at.
func (l *level) need(s *stage, x expr, place int) {
	walk(x, func(x expr) {
		switch x := x.(type) {
		case *nameExpr:
			l.noteName(x, place)
			def := l.binding(x.name(), place)
			if def != nil && (def.from.state == begun || def.root().from.state == begun) {
				l.p.fail(x.span, ErrUse, "Cycle found in operation dependency graph", fmt.Sprintf("the value of %s depends on itself", x.name()))
			}
			if !l.knows(x.name(), place) {
				l.unknownSymbols(x)
			}
			l.needName(s, x.name(), place)
		case *indexExpr:
			l.noteIndex(x, place)
		case *binaryExpr:
			if x.op.precedence == precCompare {
				l.noteBackticks(x.a, place)
				l.noteBackticks(x.b, place)
			}
		}
	})
}

// knows reports whether the name stands for something: on events any name does.
func (l *level) knows(name string, place int) bool {
	if l.binding(name, place) != nil || l.isEvents() {
		return true
	}
	_, key := l.raw[name]
	if l.stats != nil {
		return key
	}
	if l.pass.join != nil {
		return l.pass.join.knows(name, l.below)
	}
	return l.isOutput(name) || !l.pass.closed && l.below.knows(name, end)
}

// needName lets the stage provide the value of a name, and returns its slot.
func (l *level) needName(s *stage, name string, place int) int {
	if def := l.binding(name, place); def != nil {
		l.compute(s, def.from)
		return def.slot
	}
	slot := l.rawSlot(name)
	if l.stats != nil || l.loaded[slot] {
		return slot
	}
	l.loaded[slot] = true
	switch sys := systemFieldNamed(name); {
	case l.pass != nil:
		l.carry(name, slot)
	case sys != nil:
		s.system = append(s.system, systemSlot{sys, slot})
	default:
		s.fields = append(s.fields, wanted{name, slot})
	}
	return slot
}

// compute lets the stage make the values of a producer, unless that is done
// already.
func (l *level) compute(s *stage, made *producer) {
	if made.state != notBegun {
		return
	}
	if made.each != nil {
		l.buildSpread(made)
		return
	}
	made.state = begun
	from := l.sourceOf(s, made)
	made.state = done
	take, first, end := made.take, made.slot, made.slot+len(made.names)
	st := step{
		what: "compute", text: made.text(),
		run: func(f *frame) bool {
			f.fail(take(from(f), f.slots[first:end]))
			return true
		},
	}
	s.steps, s.told = append(s.steps, st), append(s.told, st)
}

// sourceOf lets the stage provide what the producer makes its values of.
func (l *level) sourceOf(s *stage, made *producer) evaluator {
	if made.of == nil {
		l.need(s, made.source, made.place)
		return made.source.compile(levelScope{l, made.place})
	}
	l.compute(s, made.of.from)
	slot := made.of.slot
	return func(f *frame) Value { return f.slots[slot] }
}

// text describes the producer, for people: what is taken out of a source is not
// said to equal it.
func (made *producer) text() string {
	relation := " = "
	if made.take != nil && !made.copies {
		relation = " of "
	}
	return strings.Join(made.names, ", ") + relation + exprText(made.source)
}

// binding is the definition that a name at a place stands for; nil if it is a
// field of the event, or a key of stats. It is the last definition before the
// place, or else the first behind it: the service goes by symbols, not by
// position. A name inside its own definition, or before one that is made of
// the field of the same name, is the field. What stands for a structure also
// stands for its parts.
func (l *level) binding(name string, place int) *definition {
	if def := l.defined(name, place); def != nil {
		return def
	}
	return l.member(name, place)
}

func (l *level) defined(name string, place int) *definition {
	defs := l.named[name]
	n, _ := slices.BinarySearchFunc(defs, place, func(d *definition, place int) int { return cmp.Compare(d.from.place, place) })
	if n > 0 {
		return defs[n-1]
	}
	for _, def := range defs {
		if def.from.place > place && !def.shadows {
			return def
		}
	}
	return nil
}

func (l *level) slotOf(name string, place int) int {
	if def := l.binding(name, place); def != nil {
		return def.slot
	}
	return l.rawSlot(name)
}

func (l *level) rawSlot(name string) int {
	slot, ok := l.raw[name]
	if !ok {
		slot = l.newSlot()
		l.raw[name] = slot
	}
	return slot
}

// A levelScope looks names up as they are at a place.
type levelScope struct {
	*level
	place int
}

func (s levelScope) slotOfName(x *nameExpr) int { return s.slotOf(x.name(), s.place) }

func (s levelScope) slotOfAggregate(x *aggregateExpr) int { return s.calls[x] }

// literals are texts that an event must contain for the conditions to hold.
// They are taken from conditions on fields of the event that compare with, or
// search for, a text. A text that could also be a number or a boolean is none,
// since the event may write those in other ways.
func (l *level) literals() []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range l.filters {
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
		if !okName || !okText || strings.HasPrefix(name.name(), "@") || l.binding(name.name(), f.place) != nil {
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
