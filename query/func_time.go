package query

import "math"

var timeFunctions = []function{
	{
		name: "fromMillis", syntax: "fromMillis(number)", least: 1, most: 1,
		doc:  "The time so many milliseconds after the Unix epoch.",
		eval: fromMillis,
	},
	{
		name: "toMillis", syntax: "toMillis(time)", least: 1, most: 1,
		doc: "The time in milliseconds since the Unix epoch.",
		eval: func(args []Value) Value {
			if args[0].kind == KindString {
				return Value{}
			}
			return ofNumber(math.Trunc)(args)
		},
	},
}

func fromMillis(args []Value) Value {
	ms, ok := args[0].Float64()
	if !ok {
		return Value{}
	}
	return millisValue(ms)
}
