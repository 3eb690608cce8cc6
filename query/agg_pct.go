package query

import (
	"fmt"
	"math"
	"math/bits"
)

var pctAggregate = aggregate{
	name: "pct", syntax: "pct(field, percent)", least: 2, most: 2,
	doc:      "The value that so many percent of the numbers do not exceed: the nearest rank, without interpolation.",
	constant: &constant{fit: isPercent},
	states: func(arg Value) states {
		p, _ := arg.Float64()
		return &bagStates{of: rankOf(p)}
	},
}

// It is not documented, and used in samples of AWS.
var medianAggregate = aggregate{
	name: "median", syntax: "median(field)", least: 1, most: 1,
	doc:    "The value that half of the numbers do not exceed, which is pct(field, 50).",
	states: func(Value) states { return &bagStates{of: rankOf(50)} },
}

func isPercent(arg Value) (string, bool) {
	p, ok := arg.Float64()
	switch {
	case !ok || arg.kind == KindBool || p < 0 || p > 100:
		return fmt.Sprintf("a percentile is a number from 0 to 100, not %s", arg), false
	case 0 < p && p < 1:
		return fmt.Sprintf("%s means %s %%, which is about the least of all", arg, arg), true
	}
	return "", true
}

// rankOf gives the value of a bag that p percent do not exceed.
func rankOf(p float64) func(*bag) Value {
	return func(b *bag) Value {
		if x, ok := b.rank(p); ok {
			return numberValue(x)
		}
		return Value{}
	}
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
