package query

import "math"

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
		name: "least", syntax: "least(a, b, ...)", least: 1, most: -1,
		doc:  "The least of the numbers; what is no number is passed over.",
		eval: func(args []Value) Value { return extreme(args, math.Min) },
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
