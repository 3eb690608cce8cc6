package query

import (
	"encoding/binary"
	"math"
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
}

// add adds x, which is finite.
func (s *exactSum) add(x float64) {
	if sum := s.whole + x; x == math.Trunc(x) && math.Abs(sum) < exact && math.Abs(x) <= exact {
		s.whole = sum
		return
	}
	s.insert(x)
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
}

// value is the sum, rounded once.
func (s *exactSum) value() float64 {
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

func (s *exactSum) append(dst []byte) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(s.whole))
	dst = binary.AppendUvarint(dst, uint64(len(s.partials)))
	for _, x := range s.partials {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(x))
	}
	return dst
}

func (s *exactSum) load(src []byte) ([]byte, error) {
	whole, src, err := takeFloat(src)
	if err != nil {
		return nil, err
	}
	n, src, err := takeUvarint(src)
	if err != nil {
		return nil, err
	}
	s.whole, s.partials = whole, nil
	for range n {
		var x float64
		if x, src, err = takeFloat(src); err != nil {
			return nil, err
		}
		s.partials = append(s.partials, x)
	}
	return src, nil
}
