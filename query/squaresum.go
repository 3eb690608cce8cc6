package query

import (
	"math"
	"math/big"
)

// A squareSum is the sum of the squares of floating-point numbers without any
// rounding until it is asked for its value. The zero squareSum is 0.
//
// The square of a number has up to 106 bits, which two numbers hold together
// unless they would be too small or too large. Squares of such numbers are
// therefore summed apart, with the numbers scaled first.
type squareSum [len(squareScales)]exactSum

// squareScales are the powers of two that ordinary, tiny and huge numbers are
// multiplied with before they are squared, which loses nothing.
var squareScales = [...]float64{1, 0x1p600, 0x1p-600}

// Numbers below tinyBelow are tiny, those from giantFrom on huge: the square of
// the one has a lower half that is no subnormal number, and that of the other
// does not overflow.
const (
	tinyBelow = 0x1p-480
	giantFrom = 0x1p480
)

// add adds the square of x, which is finite.
func (s *squareSum) add(x float64) {
	i := 0
	switch abs := math.Abs(x); {
	case abs >= giantFrom:
		i = 2
	case abs < tinyBelow && x != 0:
		i = 1
	}
	x *= squareScales[i]
	high := x * x
	s[i].add(high)
	if low := math.FMA(x, x, -high); low != 0 {
		s[i].add(low)
	}
}

// merge adds t.
func (s *squareSum) merge(t *squareSum) {
	for i := range s {
		s[i].merge(&t[i])
	}
}

// squarePrec is as many bits as the square of a sum, or a sum of squares, can
// have, times any count of them.
const squarePrec = 8192

// big is the sum with as many digits as it can have.
func (s *squareSum) big() *big.Float {
	sum := new(big.Float).SetPrec(squarePrec)
	for i := range s {
		part, scale := s[i].big(), big.NewFloat(1/squareScales[i])
		part.SetPrec(squarePrec)
		sum.Add(sum, part.Mul(part.Mul(part, scale), scale))
	}
	return sum
}

// size estimates the memory of the partials in bytes.
func (s *squareSum) size() int {
	size := 0
	for i := range s {
		size += s[i].size()
	}
	return size
}

// append encodes s behind dst.
func (s *squareSum) append(dst []byte) []byte {
	for i := range s {
		dst = s[i].append(dst)
	}
	return dst
}

// load decodes what append has encoded.
func (s *squareSum) load(src []byte) (rest []byte, err error) {
	for i := range s {
		if src, err = s[i].load(src); err != nil {
			return nil, err
		}
	}
	return src, nil
}
