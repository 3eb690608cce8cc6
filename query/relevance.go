package query

import (
	"cmp"
	"iter"
	"slices"
)

// The sides are counts of rows: those for which a condition holds, and the others.
type sides struct{ with, without int64 }

func (s *sides) add(t sides) { s.with, s.without = s.with+t.with, s.without+t.without }

func (s sides) isZero() bool { return s == sides{} }

// A fieldCount is a value of a field and how many rows have it. The one without
// a field says how many rows there are.
type fieldCount struct {
	field, value Value
	sides
}

// relevance gives a row for each field of the counts that the rows are. They
// come in the order of the fields, and of a field in that of its values; the
// count of all rows comes first.
//
// A field is gone over twice, first for how many rows have it. So the rows are
// walked by two, one of which is a field ahead, and nothing has to be kept.
func relevance(rows passed) passed {
	return func(yield func(passedRow, error) bool) {
		ahead, stopAhead := newCountWalk(rows)
		defer stopAhead()
		behind, stopBehind := newCountWalk(rows)
		defer stopBehind()
		var total sides
		for ; ahead.isIn(Value{}); ahead.step() {
			total.add(ahead.sides)
			behind.step()
		}
		for ahead.ok {
			r := fieldRelevance{field: ahead.field, total: total}
			for ; ahead.isIn(r.field); ahead.step() {
				r.expect(ahead.fieldCount)
			}
			if ahead.err != nil {
				break
			}
			r.begin()
			for ; behind.isIn(r.field); behind.step() {
				r.see(behind.value, behind.sides)
			}
			if !yield(passedRow{out: r.row()}, nil) {
				return
			}
		}
		if err := cmp.Or(ahead.err, behind.err); err != nil {
			yield(passedRow{}, err)
		}
	}
}

// A countWalk walks over counts.
type countWalk struct {
	fieldCount
	ok   bool // there is one
	err  error
	next func() (passedRow, error, bool)
}

func newCountWalk(rows passed) (w *countWalk, stop func()) {
	w = &countWalk{}
	w.next, stop = iter.Pull2(rows)
	w.step()
	return w, stop
}

// step goes to the next count. It stops in front of an error.
func (w *countWalk) step() {
	row, err, ok := w.next()
	if w.ok, w.err = ok && err == nil, err; !w.ok {
		return
	}
	all, _ := row.in[2].Float64()
	with, _ := row.in[3].Float64()
	w.fieldCount = fieldCount{row.in[0], row.in[1], sides{int64(with), int64(all - with)}}
}

// isIn reports whether the walk is at a count of the field.
func (w *countWalk) isIn(field Value) bool {
	return w.ok && w.field.kind == field.kind && w.field.text == field.text
}

// A fieldRelevance finds how relevant a field is.
type fieldRelevance struct {
	field   Value
	total   sides // of all rows
	present sides // of those that have the field
	numeric bool  // they all have a number there

	gain, loss int64 // the sums of the shifts up and down, as fractions of their bases
	above      int64 // in how many pairs of rows that with the condition has the greater number, less those in which it has the smaller
	passed     sides // rows with smaller numbers
	equal      sides // rows with the number that came last
	last       Value
	medians    [2]Value
	top        []contributor // those that shift most
}

// A contributor is a value of a field and how much more often it is there with
// the condition than without, or less often.
type contributor struct {
	value Value
	sides
	shift float64
}

// maxContributors is how many values of a field are shown.
const maxContributors = 5

// expect takes into account what will be seen. Rows that lack the field do not
// come with the others, since most of them are not told apart.
func (r *fieldRelevance) expect(c fieldCount) {
	if c.value.Missing() {
		return
	}
	r.numeric = (r.numeric || r.present.isZero()) && isNumber(c.value)
	r.present.add(c.sides)
}

// isNumber reports whether v is a number or a text that spells one.
func isNumber(v Value) bool {
	_, ok := v.Float64()
	return ok && (v.kind == KindNumber || v.kind == KindString)
}

// begin sees the rows that lack the field, which is a value like others.
func (r *fieldRelevance) begin() {
	r.count(Value{}, sides{r.total.with - r.present.with, r.total.without - r.present.without})
}

// see sees the rows with a value.
func (r *fieldRelevance) see(value Value, n sides) {
	if value.Missing() {
		return
	}
	r.count(value, n)
	if !r.numeric {
		return
	}
	if c, ok := value.compareNumbers(r.last); !ok || c != 0 { // the same number can be written in other ways
		r.passed.add(r.equal)
		r.equal, r.last = sides{}, value
	}
	r.equal.add(n)
	r.above += n.with*r.passed.without - n.without*r.passed.with
	for i, side := range [...]struct{ n, before, all int64 }{
		{n.with, r.passed.with + r.equal.with, r.present.with},
		{n.without, r.passed.without + r.equal.without, r.present.without},
	} {
		if side.n > 0 && r.medians[i].Missing() && side.before >= int64(nearestRank(50, uint64(side.all))) {
			r.medians[i] = value.number().own()
		}
	}
}

// count adds the shift of a value to the score. A row is compared with the
// others of its kind only, so that a value that is there once has no share.
func (r *fieldRelevance) count(value Value, n sides) {
	if n.isZero() || r.total.with == 0 || r.total.without == 0 {
		return
	}
	up := max(0, n.with-1)*r.total.without - n.without*(r.total.with-1)
	down := max(0, n.without-1)*r.total.with - n.with*(r.total.without-1)
	r.gain += max(0, up)
	r.loss += max(0, down)
	shift := max(r.upShare(up), r.downShare(down))
	if shift <= 0 || r.numeric {
		return
	}
	at, _ := slices.BinarySearchFunc(r.top, shift, func(c contributor, shift float64) int {
		if c.shift >= shift { // of equals the first value holds
			return -1
		}
		return 1
	})
	if at < maxContributors {
		r.top = slices.Insert(r.top, at, contributor{value.own(), n, shift})
		r.top = r.top[:min(len(r.top), maxContributors)]
	}
}

// upShare and downShare are sums of shifts as shares of the rows.
func (r *fieldRelevance) upShare(sum int64) float64 {
	return float64(sum) / max(1, float64(r.total.with-1)*float64(r.total.without))
}

func (r *fieldRelevance) downShare(sum int64) float64 {
	return float64(sum) / max(1, float64(r.total.without-1)*float64(r.total.with))
}

// score is how relevant the field is, from 0 to 1; missing if there is nothing
// to compare.
func (r *fieldRelevance) score() Value {
	pairs := float64(r.total.with) * float64(r.total.without)
	if pairs == 0 {
		return Value{}
	}
	return numberValue(max(r.upShare(r.gain), r.downShare(r.loss), float64(max(r.above, -r.above))/pairs))
}

// row is the row of the field, in the order of relevantColumns.
func (r *fieldRelevance) row() []Value {
	out := []Value{r.field.own(), r.score(), {}, r.medians[0], r.medians[1]}
	var list []Value
	for _, c := range r.top {
		list = append(list, mapValue([]Value{
			stringValue("value"), c.value,
			stringValue("conditional"), numberValue(float64(c.with) / float64(r.total.with)),
			stringValue("baseline"), numberValue(float64(c.without) / float64(r.total.without)),
		}))
	}
	if list != nil {
		out[2] = listValue(list)
	}
	return out
}
