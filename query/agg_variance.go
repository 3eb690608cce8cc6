package query

import (
	"encoding/binary"
	"math/big"
)

var varianceAggregate = aggregate{
	name: "variance", syntax: "variance(field)", least: 1, most: 1,
	doc:    "The population variance of the values that are numbers: the mean of the squared distances from their mean; missing if there is none.",
	states: func(Value) states { return &varianceStates{} },
}

// The page says of the variance alone that it is that of a population; the two
// of one service will not differ.
// Source: the Logs Insights stats page.
var stddevAggregate = aggregate{
	name: "stddev", syntax: "stddev(field)", least: 1, most: 1,
	doc:    "The population standard deviation of the values that are numbers, the root of their variance; missing if there is none.",
	states: func(Value) states { return &varianceStates{root: true} },
}

// varianceStates add up numbers and their squares, both exactly: what the two
// sums leave of each other may be far smaller than they are, and must not depend
// on the order in which rows are seen.
type varianceStates struct {
	sums  []deviation
	root  bool
	bytes int // of the partials of the sums
}

// A deviation is what the variance of numbers is made of.
type deviation struct {
	n       uint64 // how many numbers
	sum     exactSum
	squares squareSum
}

func (d *deviation) size() int { return d.sum.size() + d.squares.size() }

// deviationSize is the size of a deviation without the partials of its sums, in
// bytes.
const deviationSize = 8 + 4*sumSize

func (s *varianceStates) grow() { s.sums = append(s.sums, deviation{}) }

func (s *varianceStates) add(group int, v Value, _ *moment) {
	x, ok := v.Float64()
	if !ok {
		return
	}
	d := &s.sums[group]
	before := d.size()
	d.n++
	d.sum.add(x)
	d.squares.add(x)
	s.bytes += d.size() - before
}

func (s *varianceStates) merge(group int, from states, other int) {
	d, o := &s.sums[group], &from.(*varianceStates).sums[other]
	before := d.size()
	d.n += o.n
	d.sum.merge(&o.sum)
	d.squares.merge(&o.squares)
	s.bytes += d.size() - before
}

func (s *varianceStates) result(group int) Value {
	d := &s.sums[group]
	if d.n == 0 {
		return Value{}
	}
	v := d.variance()
	if s.root {
		v.Sqrt(v)
	}
	f, _ := v.Float64()
	return numberValue(f)
}

// variance is the variance of the numbers, rounded to many more digits than a
// float64 has.
func (d *deviation) variance() *big.Float {
	wide := func() *big.Float { return new(big.Float).SetPrec(squarePrec) }
	n := wide().SetUint64(d.n)
	sum := d.sum.big()
	squares := wide().Mul(n, d.squares.big())
	distance := squares.Sub(squares, wide().Mul(sum, sum)) // nothing is rounded up to here
	return new(big.Float).SetPrec(256).Quo(distance, n.Mul(n, n))
}

func (s *varianceStates) append(dst []byte, group int) []byte {
	d := &s.sums[group]
	return d.squares.append(d.sum.append(binary.AppendUvarint(dst, d.n)))
}

func (s *varianceStates) load(src []byte) ([]byte, error) {
	var d deviation
	var err error
	if d.n, src, err = takeUvarint(src); err != nil {
		return nil, err
	}
	if src, err = d.sum.load(src); err != nil {
		return nil, err
	}
	src, err = d.squares.load(src)
	s.sums = append(s.sums, d)
	s.bytes += d.size()
	return src, err
}

func (s *varianceStates) size() int { return deviationSize*cap(s.sums) + s.bytes }
