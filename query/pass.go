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

	// first says that of rows with equal inputs only the first one is kept.
	first bool

	// closed says that the rows it gives have no names but the outputs.
	closed bool

	// run makes the rows of the next level, in their order. It may go over the
	// rows more than once.
	run func(rows passed) passed
}

// A passed is a sequence of rows that can be walked again.
type passed = iter.Seq2[passedRow, error]

// A passedRow is a row on its way through a pass.
type passedRow struct {
	in, out []Value // the inputs and the outputs
	carried []Value // what other commands need of it
	pos     audit.Pos
}

// eachRow is the run of a pass that only looks at the rows before. begin makes
// what sets the outputs of one row after another.
func eachRow(begin func() func(in, out []Value)) func(rows passed) passed {
	return func(rows passed) passed {
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
// it goes on the level above.
type passing struct {
	gathering
	pass    *pass
	outputs []int // slots above
	carried []int // slots above of what is carried
}

// rows are the rows of the level above, each in the place of its turn.
func (p *passing) rows(below iter.Seq2[candidate, error], in room) passed {
	if p.pass.first {
		below = p.firsts(below, in)
	}
	inputs := len(p.pass.inputs)
	rows := func(yield func(passedRow, error) bool) {
		for c, err := range below {
			row := passedRow{pos: c.pos}
			if err == nil {
				row.in, row.carried = c.values[:inputs], c.values[inputs:]
				row.out = make([]Value, len(p.outputs))
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
	if p.pass.first {
		return rows
	}
	return p.pass.run(rows)
}

// firsts are the first of the rows with equal inputs, and all that lack one of
// them. The rows come in the order of their inputs, and are put back into theirs.
func (p *passing) firsts(rows iter.Seq2[candidate, error], in room) iter.Seq2[candidate, error] {
	return func(yield func(candidate, error) bool) {
		s := &sorted{order: p.order[1:], room: in, spool: spool{dir: in.dir}}
		defer s.spool.close()
		last := Value{}
		for c, err := range rows {
			if err == nil && last.kind == KindString && c.keys[0].text == last.text && !lacksOne(c.values[:len(p.pass.inputs)]) {
				continue
			}
			if err == nil {
				last = c.keys[0]
				err = s.add(c.keys[1:], c.values, c.pos, c.seen)
			}
			if err != nil {
				yield(c, err)
				return
			}
		}
		for c, err := range sortedResult([]*sorted{s}) {
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

func lacksOne(values []Value) bool {
	return slices.ContainsFunc(values, Value.Missing)
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
