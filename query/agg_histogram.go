package query

import "math"

// The page says that the ranges are equally wide, and how many there are, not
// where they begin and end nor what the keys of the map are. Here they share out
// what lies between the least and the greatest number, and each key is where its
// range begins.
// Source: the Logs Insights time-series functions page.
var histogramAggregate = aggregate{
	name: "histogram", syntax: "histogram(field, ranges)", least: 2, most: 2,
	doc:       "A map of so many ranges, equally wide, between the least and the greatest of the numbers: where each range begins, and how many numbers lie in it, with the greatest in the last one; missing if there is none.",
	constant:  &constant{fit: wholeBetween("the number of ranges", 1, 10_000)},
	structure: true,
	states: func(arg Value) states {
		n, _ := arg.Float64()
		return &bagStates{of: func(b *bag) Value { return b.histogram(int(n)) }}
	},
}

// histogram counts the numbers of a settled bag in n ranges. Ranges that no
// number fits between the ends of are left out: if all numbers are equal there is
// one.
func (b *bag) histogram(n int) Value {
	left := b.tallies
	if len(left) == 0 {
		return Value{}
	}
	low, high := left[0].value, left[len(left)-1].value
	var entries []Value
	for i := range n {
		from, to := rangeStart(low, high, i, n), rangeStart(low, high, i+1, n)
		last := i == n-1
		if from == to && !last {
			continue
		}
		var count uint64
		for len(left) > 0 && (last || left[0].value < to) {
			count += left[0].n
			left = left[1:]
		}
		entries = append(entries, stringValue(numberValue(from).String()), numberValue(float64(count)))
	}
	return mapValue(entries)
}

// rangeStart is where the range i begins, of n between low and high.
func rangeStart(low, high float64, i, n int) float64 {
	if width := high - low; !math.IsInf(width*float64(n), 0) {
		return low + width*float64(i)/float64(n)
	}
	share := float64(i) / float64(n)
	return low*(1-share) + high*share
}
