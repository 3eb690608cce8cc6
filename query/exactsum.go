package query

import (
	"encoding/binary"
	"math"
	"math/big"
)

// An exactSum is the sum of floating-point numbers without any rounding until
// it is asked for its value. The zero exactSum is 0.
//
// It holds the sum as a few numbers that do not overlap, the smallest first.
// The method is that of J. R. Shewchuk, "Adaptive Precision Floating-Point
// Arithmetic and Fast Robust Geometric Predicates", 1997.
type exactSum struct {
	// whole is a part of the sum that is an integer below 2^53. Most
	// logs hold nothing else.
	whole    float64
	partials []float64

	// huge is the sum of numbers so large that adding them up could overflow,
	// each multiplied by shrink; nil if there were none.
	huge *exactSum
}

// Numbers from hugeFrom on are huge. To multiply them by shrink loses nothing.
const (
	hugeFrom = 0x1p900
	shrink   = 0x1p-200
)

// add adds x, which is finite.
func (s *exactSum) add(x float64) {
	if sum := s.whole + x; x == math.Trunc(x) && math.Abs(sum) < exact && math.Abs(x) <= exact {
		s.whole = sum
		return
	}
	if math.Abs(x) < hugeFrom {
		s.insert(x)
		return
	}
	if s.huge == nil {
		s.huge = &exactSum{}
	}
	s.huge.insert(x * shrink)
}

// insert adds x to the partials.
func (s *exactSum) insert(x float64) {
	kept := s.partials[:0]
	for _, y := range s.partials {
		if math.Abs(x) < math.Abs(y) {
			x, y = y, x
		}
		high := x + y
		if low := y - (high - x); low != 0 {
			kept = append(kept, low)
		}
		x = high
	}
	s.partials = append(kept, x)
}

// merge adds t.
func (s *exactSum) merge(t *exactSum) {
	s.add(t.whole)
	for _, x := range t.partials {
		s.insert(x)
	}
	if t.huge == nil {
		return
	}
	if s.huge == nil {
		s.huge = &exactSum{}
	}
	s.huge.merge(t.huge)
}

// value is the sum, rounded once; infinite if it is too large.
func (s *exactSum) value() float64 {
	if s.huge != nil {
		sum, _ := s.big().Float64()
		return sum
	}
	all := exactSum{partials: append([]float64(nil), s.partials...)}
	all.insert(s.whole)
	n := len(all.partials) - 1
	high := all.partials[n]
	low := 0.0
	for n > 0 && low == 0 {
		n--
		x := high
		high = x + all.partials[n]
		low = all.partials[n] - (high - x)
	}
	// Where what is left lies just between two numbers, the rest decides.
	if n > 0 && (low < 0) == (all.partials[n-1] < 0) {
		twice := 2 * low
		if x := high + twice; x-high == twice {
			high = x
		}
	}
	return high
}

// mean is the sum divided by n.
func (s *exactSum) mean(n uint64) float64 {
	if s.huge != nil {
		mean, _ := new(big.Float).Quo(s.big(), new(big.Float).SetUint64(n)).Float64()
		return mean
	}
	return s.value() / float64(n)
}

// big is the sum with as many digits as it can have.
func (s *exactSum) big() *big.Float {
	sum := new(big.Float).SetPrec(4096)
	add := func(x, unit float64) { sum.Add(sum, new(big.Float).Mul(big.NewFloat(x), big.NewFloat(unit))) }
	add(s.whole, 1)
	for _, x := range s.partials {
		add(x, 1)
	}
	if s.huge != nil {
		for _, x := range s.huge.partials {
			add(x, 1/shrink)
		}
	}
	return sum
}

// size estimates the memory of the partials in bytes.
func (s *exactSum) size() int {
	size := 8 * cap(s.partials)
	if s.huge != nil {
		size += sumSize + s.huge.size()
	}
	return size
}

// sumSize is the size of an exactSum without its partials, in bytes.
const sumSize = 40

// append encodes s behind dst.
func (s *exactSum) append(dst []byte) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(s.whole))
	dst = appendFloats(dst, s.partials)
	if s.huge == nil {
		return appendFloats(dst, nil)
	}
	return appendFloats(dst, s.huge.partials)
}

// load decodes what append has encoded.
func (s *exactSum) load(src []byte) (rest []byte, err error) {
	*s = exactSum{}
	if s.whole, src, err = takeFloat(src); err != nil {
		return nil, err
	}
	if s.partials, src, err = takeFloats(src); err != nil {
		return nil, err
	}
	huge, src, err := takeFloats(src)
	if len(huge) > 0 {
		s.huge = &exactSum{partials: huge}
	}
	return src, err
}
