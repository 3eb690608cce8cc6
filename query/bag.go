package query

import (
	"encoding/binary"
	"math"
	"slices"
)

// bagStates keep all numbers, equal ones together.
type bagStates struct {
	of    func(*bag) Value // what they come to, if the bag is settled
	bags  []bag
	bytes int
}

// A bag is a multiset of numbers: tallies of equal ones, in order, and a tail of
// those that came last.
type bag struct {
	tallies []tally
	tail    []float64
}

type tally struct {
	value float64
	n     uint64
}

// maxTail is how long a tail may grow before it is sorted into the tallies, or
// half as long as they are if that is more.
const maxTail = 512

func (b *bag) add(x float64) {
	b.tail = append(b.tail, x)
	if len(b.tail) >= max(maxTail, len(b.tallies)/2) {
		b.settle()
	}
}

// settle sorts the tail into the tallies.
func (b *bag) settle() {
	if len(b.tail) == 0 {
		return
	}
	slices.Sort(b.tail)
	var fresh []tally
	for _, x := range b.tail {
		if n := len(fresh); n > 0 && fresh[n-1].value == x {
			fresh[n-1].n++
		} else {
			fresh = append(fresh, tally{x, 1})
		}
	}
	b.tallies = mergeTallies(b.tallies, fresh)
	b.tail = b.tail[:0]
}

// mergeTallies merges two ordered lists of tallies.
func mergeTallies(a, b []tally) []tally {
	if len(a) == 0 {
		return b
	}
	out := make([]tally, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].value < b[0].value:
			out, a = append(out, a[0]), a[1:]
		case a[0].value > b[0].value:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, tally{a[0].value, a[0].n + b[0].n})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func (b *bag) size() int { return 16*cap(b.tallies) + 8*cap(b.tail) }

func (s *bagStates) grow() { s.bags = append(s.bags, bag{}) }

func (s *bagStates) add(group int, v Value, _ *moment) {
	x, ok := v.Float64()
	if !ok {
		return
	}
	b := &s.bags[group]
	before := b.size()
	b.add(x + 0) // which makes 0 of -0
	s.bytes += b.size() - before
}

func (s *bagStates) merge(group int, from states, other int) {
	to, b := &s.bags[group], &from.(*bagStates).bags[other]
	before := to.size()
	to.settle()
	b.settle()
	to.tallies = mergeTallies(to.tallies, b.tallies)
	s.bytes += to.size() - before
}

func (s *bagStates) result(group int) Value {
	s.bags[group].settle()
	return s.of(&s.bags[group])
}

func (s *bagStates) append(dst []byte, group int) []byte {
	b := &s.bags[group]
	b.settle()
	dst = binary.AppendUvarint(dst, uint64(len(b.tallies)))
	for _, r := range b.tallies {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(r.value))
		dst = binary.AppendUvarint(dst, r.n)
	}
	return dst
}

func (s *bagStates) load(src []byte) ([]byte, error) {
	count, src, err := takeUvarint(src)
	if err != nil {
		return nil, err
	}
	var b bag
	for range count {
		var r tally
		if r.value, src, err = takeFloat(src); err != nil {
			return nil, err
		}
		if r.n, src, err = takeUvarint(src); err != nil {
			return nil, err
		}
		b.tallies = append(b.tallies, r)
	}
	s.bags = append(s.bags, b)
	s.bytes += b.size()
	return src, nil
}

func (s *bagStates) size() int { return 48*cap(s.bags) + s.bytes }
