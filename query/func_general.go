package query

var generalFunctions = []function{
	{
		name: "coalesce", syntax: "coalesce(a, b, ...)", least: 1, most: -1,
		doc:  "The first value that is not missing.",
		eval: coalesce,
	},
	{
		name: "isNumeric", syntax: "isNumeric(value)", least: 1, most: 1,
		doc: "1 if the value is a number or a text that spells one, else 0.",
		eval: func(args []Value) Value {
			_, ok := args[0].Float64()
			return boolValue(ok && args[0].kind != KindTime)
		},
	},
	{
		name: "ispresent", syntax: "ispresent(field)", least: 1, most: 1,
		doc:  "1 if the event has the field, else 0.",
		eval: func(args []Value) Value { return boolValue(!args[0].Missing()) },
	},
}

func coalesce(args []Value) Value {
	for _, v := range args {
		if !v.Missing() {
			return v
		}
	}
	return Value{}
}
