package query

import (
	"cmp"
	"encoding/binary"
	"iter"
	"math"
)

// A distribution is a multiset of numbers of which ranks are asked for. Numbers
// for which there is no room in memory are written to a temporary file.
type distribution struct {
	bag
	n     uint64 // how many numbers
	room  room
	spool spool
}

func newDistribution(in room) *distribution {
	return &distribution{room: in, spool: spool{dir: in.dir}}
}

// add adds a number.
func (d *distribution) add(x float64) error {
	d.bag.add(x + 0) // which makes 0 of -0
	if d.n++; d.size() <= d.room.bytes {
		return nil
	}
	d.settle()
	err := d.spool.write(func(yield func([]byte) bool) {
		var record []byte
		for _, t := range d.tallies {
			record = t.append(record[:0])
			if !yield(record) {
				return
			}
		}
	})
	d.bag = bag{}
	return err
}

// ranks are the values that so many percent of the numbers do not exceed, the
// nearest ranks as pct has them. The percents ascend. Of no numbers there are
// none.
func (d *distribution) ranks(percents ...float64) ([]float64, error) {
	var found []float64
	passed := uint64(0)
	for t, err := range d.ordered() {
		if err != nil {
			return nil, err
		}
		passed += t.n
		for len(found) < len(percents) && nearestRank(percents[len(found)], d.n) <= passed {
			found = append(found, t.value)
		}
	}
	return found, nil
}

// ordered walks over the numbers in their order, where those that came apart
// stand side by side.
func (d *distribution) ordered() iter.Seq2[tally, error] {
	d.settle()
	sequences := []iter.Seq2[tally, error]{func(yield func(tally, error) bool) {
		for _, t := range d.tallies {
			if !yield(t, nil) {
				return
			}
		}
	}}
	for _, run := range d.spool.runs {
		sequences = append(sequences, d.spilled(run))
	}
	return mergeOrdered(sequences, func(a, b *tally) int { return cmp.Compare(a.value, b.value) })
}

// spilled walks over the numbers of a run.
func (d *distribution) spilled(run section) iter.Seq2[tally, error] {
	return func(yield func(tally, error) bool) {
		for record, err := range d.spool.read(run) {
			var t tally
			if err == nil {
				t, err = takeTally(record)
			}
			if !yield(t, err) || err != nil {
				return
			}
		}
	}
}

// append encodes t behind dst.
func (t tally) append(dst []byte) []byte {
	return binary.AppendUvarint(binary.LittleEndian.AppendUint64(dst, math.Float64bits(t.value)), t.n)
}

// takeTally decodes what append has encoded.
func takeTally(src []byte) (t tally, err error) {
	if t.value, src, err = takeFloat(src); err == nil {
		t.n, _, err = takeUvarint(src)
	}
	return t, err
}
