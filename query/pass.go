package query

import (
	"iter"
	"slices"

	"github.com/evictlog/evictlog/audit"
)

// A pass is what a command does that goes over all rows in their order. Like
// stats it begins a level, on the rows that it gives; but those still have every
// name of the level below.
type pass struct {
	at     span
	text   string      // the command, for people
	inputs []*nameExpr // what it looks at
	place  int         // of the inputs

	// outputs are the names that it defines. They may be those of inputs.
	outputs []string

	// oldest says that without a sort it goes over events from the oldest, where
	// rows come newest first.
	oldest bool

	// together says of how many of the inputs rows with equal values come to run
	// one after another. Behind it they are put back into their order. It is 0 if
	// they come in their order.
	together int

	// byTime says that rows which come together do so from the oldest, whatever
	// their order. Their time is the input behind those that they are equal in.
	byTime bool

	// distinct says that this is dedup, which takes no lists and maps.
	distinct bool

	// closed says that the rows have the outputs and nothing else.
	closed bool

	// run makes the rows of the next level, in their order. It may go over the
	// rows more than once, and may keep as much of them as there is room for.
	run func(rows passed, in room) passed

	// with, in place of run, makes them of the rows and of those that a subquery
	// has given.
	with func(rows passed, right *sorted, in room) passed
	from *subquery
	join *joined // nil if it is no join
}

// A passed is a sequence of rows that can be walked again.
type passed = iter.Seq2[passedRow, error]

// A passedRow is a row on its way through a pass.
type passedRow struct {
	in, out []Value // the inputs and the outputs
	carried []Value // what other commands need of it
	keys    []Value // what it is ordered by
	pos     audit.Pos
	seen    place // as a candidate has it
}

// eachRow is the run of a pass that only looks at the rows before. begin makes
// what sets the outputs of one row after another.
func eachRow(begin func() func(in, out []Value)) func(rows passed, in room) passed {
	return func(rows passed, _ room) passed {
		return func(yield func(passedRow, error) bool) {
			set := begin()
			for row, err := range rows {
				if err == nil {
					set(row.in, row.out)
				}
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

// A passing is a pass, compiled: what is gathered on the level below, and where
// it goes on the level above. If rows come together, the order is one in which
// they do, and its first keys are not those that they are put back by.
type passing struct {
	gathering
	pass    *pass
	lead    int   // how many keys those are
	outputs []int // slots above
	carried []int // slots above of what is carried
}

// rows are the rows of the level above, each in the place of its turn.
func (p *passing) rows(below iter.Seq2[candidate, error], results []*result, in room) passed {
	inputs := len(p.pass.inputs)
	rows := func(yield func(passedRow, error) bool) {
		for c, err := range below {
			row := passedRow{keys: c.keys, pos: c.pos, seen: c.seen}
			if err == nil {
				row.in, row.carried = c.values[:inputs], c.values[inputs:]
				row.out = make([]Value, len(p.outputs))
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
	switch {
	case p.pass.with != nil:
		return p.pass.with(rows, &results[p.pass.from.number].rows, in)
	case p.pass.together == 0:
		return p.pass.run(rows, in)
	}
	return reordered(p.pass.run(rows, in), p.order[p.lead:], in, func(row *passedRow) []Value {
		keys := row.keys[p.lead:]
		row.in, row.keys = nil, nil // nobody looks at them again
		return keys
	})
}

// reordered are the rows in another order: that of the keys which take takes of
// each of them, where it may leave off what is not needed any more. Rows for
// which there is no room in memory are written to a temporary file.
func reordered(rows passed, order []orderKey, in room, take func(*passedRow) []Value) passed {
	return func(yield func(passedRow, error) bool) {
		s := &sorted{order: order, room: in, spool: spool{dir: in.dir}}
		defer s.spool.close()
		var shape passedRow // that all rows have
		for row, err := range rows {
			if err == nil {
				keys := take(&row)
				shape = row
				err = s.add(keys, slices.Concat(row.in, row.out, row.carried, row.keys), row.pos, row.seen)
			}
			if err != nil {
				yield(passedRow{}, err)
				return
			}
		}
		for c, err := range sortedResult([]*sorted{s}) {
			row := passedRow{pos: c.pos, seen: c.seen}
			for _, part := range []struct{ to, like *[]Value }{{&row.in, &shape.in}, {&row.out, &shape.out}, {&row.carried, &shape.carried}, {&row.keys, &shape.keys}} {
				if err == nil {
					n := len(*part.like)
					*part.to, c.values = c.values[:n:n], c.values[n:]
				}
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// fill sets the slots of the frame to the row.
func (p *passing) fill(row passedRow, f *frame) {
	for i, slot := range p.outputs {
		f.slots[slot] = row.out[i]
	}
	for i, slot := range p.carried {
		f.slots[slot] = Value{}
		if row.carried != nil { // else the pass has made the row
			f.slots[slot] = row.carried[i]
		}
	}
}
