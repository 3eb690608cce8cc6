package query

import (
	"fmt"
	"math"
)

var numberFunctions = []function{
	{
		name: "abs", syntax: "abs(a)", least: 1, most: 1,
		doc: "The number without its sign.", eval: ofNumber(math.Abs),
	},
	{
		name: "ceil", syntax: "ceil(a)", least: 1, most: 1,
		doc: "The smallest integer that is not less.", eval: ofNumber(math.Ceil),
	},
	{
		name: "floor", syntax: "floor(a)", least: 1, most: 1,
		doc: "The largest integer that is not greater.", eval: ofNumber(math.Floor),
	},
	{
		name: "greatest", syntax: "greatest(a, b, ...)", least: 1, most: -1,
		doc:  "The greatest of the numbers; what is no number is passed over.",
		eval: func(args []Value) Value { return extreme(args, math.Max) },
	},
	{
		name: "haversine", syntax: "haversine(lat1, lon1, lat2, lon2)", least: 4, most: 4,
		doc:  "The distance of two places on the globe in kilometers, along a great circle of radius 6371; latitudes and longitudes are in degrees.",
		eval: haversine,
	},
	{
		name: "least", syntax: "least(a, b, ...)", least: 1, most: -1,
		doc:  "The least of the numbers; what is no number is passed over.",
		eval: func(args []Value) Value { return extreme(args, math.Min) },
	},
	{
		name: "log", syntax: "log(a)", least: 1, most: 1,
		doc: "The natural logarithm; missing for 0 and less.", eval: ofNumber(math.Log),
	},
	{
		name: "round", syntax: "round(a[, digits])", least: 1, most: 2,
		doc:     "The nearest integer, or number with so many digits behind the point; halves are rounded away from 0.",
		prepare: prepareRound,
	},
	{
		name: "sqrt", syntax: "sqrt(a)", least: 1, most: 1,
		doc: "The square root; missing for a negative number.", eval: ofNumber(math.Sqrt),
	},
	{
		name: "toDouble", syntax: "toDouble(value)", least: 1, most: 1,
		doc: "The value as a number of double precision; missing if it is no number.", eval: ofNumber(func(x float64) float64 { return x }),
	},
	{
		name: "toInt", syntax: "toInt(value)", least: 1, most: 1,
		doc:  "The value as an integer of 32 bits, without a fraction; missing if it is no number or too large.",
		eval: func(args []Value) Value { return integer(args[0], math.MinInt32, math.MaxInt32) },
	},
	{
		name: "toLong", syntax: "toLong(value)", least: 1, most: 1,
		doc:  "The value as an integer of 64 bits, without a fraction; missing if it is no number or too large.",
		eval: func(args []Value) Value { return integer(args[0], math.MinInt64, math.MaxInt64) },
	},
	{
		name: "toNumber", syntax: "toNumber(value)", least: 1, most: 1,
		doc: "The value as a number; missing if it is none.",
		eval: func(args []Value) Value {
			v := args[0].number()
			v.text = ""
			return v
		},
	},
}

// ofNumber is a function of one number; of anything else it is missing.
func ofNumber(f func(float64) float64) func([]Value) Value {
	return func(args []Value) Value {
		x, ok := args[0].Float64()
		if !ok {
			return Value{}
		}
		return numberValue(f(x))
	}
}

// extreme folds the arguments that are numbers; without any it is missing.
func extreme(args []Value, better func(a, b float64) float64) Value {
	best := Value{}
	for _, v := range args {
		x, ok := v.Float64()
		if !ok {
			continue
		}
		if y, ok := best.Float64(); ok {
			x = better(x, y)
		}
		best = numberValue(x)
	}
	return best
}

// intValue returns the integer i, without loss.
func intValue(i int64) Value { return Value{kind: KindNumber, whole: true, bits: uint64(i)} }

// asInt returns the number that v stands for as an integer, without its
// fraction; false if there is none of 64 bits.
func (v Value) asInt() (int64, bool) {
	if v = v.number(); v.whole {
		return int64(v.bits), true
	}
	f, ok := v.Float64()
	if f = math.Trunc(f); !ok || f < -1<<63 || f >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// integer is v as an integer between two bounds.
func integer(v Value, least, most int64) Value {
	i, ok := v.asInt()
	if !ok || i < least || i > most {
		return Value{}
	}
	return intValue(i)
}

// maxDigits bounds the digits that round takes, on either side of the point.
const maxDigits = 300

func prepareRound(c *preparation) body {
	if v, ok := c.constant(1); ok {
		if _, ok := v.digits(); !ok {
			c.refuse(1, ErrUse, fmt.Sprintf("round takes a whole number of digits, up to %d", maxDigits), c.call.fn.syntax)
		}
	}
	return func(_ *frame, args []Value) Value {
		digits := 0
		if len(args) == 2 {
			var ok bool
			if digits, ok = args[1].digits(); !ok {
				return Value{}
			}
		}
		if v := args[0].number(); v.whole && digits >= 0 {
			return intValue(int64(v.bits))
		}
		return ofNumber(func(x float64) float64 { return roundTo(x, digits) })(args)
	}
}

// digits is v as a number of digits.
func (v Value) digits() (int, bool) {
	f, ok := v.Float64()
	if !ok || f != math.Trunc(f) || math.Abs(f) > maxDigits {
		return 0, false
	}
	return int(f), true
}

// roundTo rounds x to so many digits behind the point, or before it if they are
// negative. A number that has no more is left as it is.
func roundTo(x float64, digits int) float64 {
	scale := math.Pow(10, math.Abs(float64(digits)))
	if digits < 0 {
		return math.Round(x/scale) * scale
	}
	if scaled := x * scale; math.Abs(scaled) < exact {
		return math.Round(scaled) / scale
	}
	return x
}

// haversine is the distance by the formula of that name.
func haversine(args []Value) Value {
	var radians [4]float64
	for i, v := range args {
		x, ok := v.Float64()
		if !ok {
			return Value{}
		}
		radians[i] = x * math.Pi / 180
	}
	const radius = 6371 // the mean one of the earth in kilometers
	square := func(x float64) float64 { return x * x }
	a := square(math.Sin((radians[2]-radians[0])/2)) +
		math.Cos(radians[0])*math.Cos(radians[2])*square(math.Sin((radians[3]-radians[1])/2))
	return numberValue(2 * radius * math.Asin(math.Sqrt(min(1, a))))
}
