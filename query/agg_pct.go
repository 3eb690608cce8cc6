package query

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

var pctAggregate = aggregate{
	name: "pct", syntax: "pct(field, percent)", least: 2, most: 2,
	doc: "The value that so many percent of the numbers do not exceed: the nearest rank, without interpolation.",
	fit: func(args []Value) (string, bool) {
		p, ok := args[0].Float64()
		switch {
		case !ok || args[0].kind == KindBool || p < 0 || p > 100:
			return fmt.Sprintf("a percentile is a number from 0 to 100, not %s", args[0]), false
		case 0 < p && p < 1:
			return fmt.Sprintf("%s means %s %%, which is about the least of all", args[0], args[0]), true
		}
		return "", true
	},
	states: func(args []Value) states {
		p, _ := args[0].Float64()
		return &pctStates{percent: p}
	},
}

// pctStates keep all numbers, equal ones together.
type pctStates struct {
	percent float64
	bags    []bag
	bytes   int
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

// rank is the value that p percent of the numbers do not exceed; ok is false
// if there are none. The bag is settled.
func (b *bag) rank(p float64) (x float64, ok bool) {
	var total uint64
	for _, r := range b.tallies {
		total += r.n
	}
	if total == 0 {
		return 0, false
	}
	left := nearestRank(p, total)
	for _, r := range b.tallies {
		if x = r.value; left <= r.n {
			break
		}
		left -= r.n
	}
	return x, true
}

// nearestRank is the rank, from 1, of the value that p percent of so many
// numbers do not exceed. It computes with integers, since 7 percent of 100
// would be more than 7 otherwise.
func nearestRank(p float64, total uint64) uint64 {
	const unit = 1e9 // what is finer of a percent does not count
	high, low := bits.Mul64(uint64(math.Round(p*unit)), total)
	rank, rest := bits.Div64(high, low, 100*unit)
	if rest > 0 {
		rank++
	}
	return max(1, rank)
}

func (b *bag) size() int { return 16*cap(b.tallies) + 8*cap(b.tail) }

func (s *pctStates) grow() { s.bags = append(s.bags, bag{}) }

func (s *pctStates) add(group int, v Value) {
	x, ok := v.Float64()
	if !ok {
		return
	}
	b := &s.bags[group]
	before := b.size()
	b.add(x + 0) // which makes 0 of -0
	s.bytes += b.size() - before
}

func (s *pctStates) merge(group int, from states, other int) {
	to, b := &s.bags[group], &from.(*pctStates).bags[other]
	before := to.size()
	to.settle()
	b.settle()
	to.tallies = mergeTallies(to.tallies, b.tallies)
	s.bytes += to.size() - before
}

func (s *pctStates) result(group int) Value {
	b := &s.bags[group]
	b.settle()
	if x, ok := b.rank(s.percent); ok {
		return numberValue(x)
	}
	return Value{}
}

func (s *pctStates) append(dst []byte, group int) []byte {
	b := &s.bags[group]
	b.settle()
	dst = binary.AppendUvarint(dst, uint64(len(b.tallies)))
	for _, r := range b.tallies {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(r.value))
		dst = binary.AppendUvarint(dst, r.n)
	}
	return dst
}

func (s *pctStates) load(src []byte) ([]byte, error) {
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

func (s *pctStates) size() int { return 48*cap(s.bags) + s.bytes }
