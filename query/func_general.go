package query

var generalFunctions = []function{
	{
		name: "case", syntax: "case(condition, value, ...[, otherwise])", least: 2, most: 21, picks: true,
		doc:  "The value behind the first of up to 10 conditions that holds; if none does the last argument, or missing if it belongs to a condition.",
		eval: firstCase,
	},
	{
		name: "coalesce", syntax: "coalesce(a, b, ...)", least: 1, most: -1, picks: true,
		doc:  "The first value that is not missing.",
		eval: coalesce,
	},
	{
		name: "if", syntax: "if(condition, then, otherwise)", least: 3, most: 3, picks: true,
		doc:  "One of two values, by whether the condition holds.",
		eval: firstCase,
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
	{
		name: "messageSize", syntax: "messageSize(text)", least: 1, most: 1,
		doc:  "The length of the text in bytes of UTF-8.",
		eval: ofText(func(s string) Value { return numberValue(float64(len(s))) }),
	},
	{
		name: "unmask", syntax: "unmask(field)", least: 1, most: 1, picks: true,
		doc:  "The value as it is: nothing is masked in a log that is read from files.",
		eval: func(args []Value) Value { return args[0] },
	},
}

// firstCase takes conditions with their values in turn.
func firstCase(args []Value) Value {
	for len(args) > 1 {
		if args[0].truth() {
			return args[1]
		}
		args = args[2:]
	}
	return coalesce(args)
}

func coalesce(args []Value) Value {
	for _, v := range args {
		if !v.Missing() {
			return v
		}
	}
	return Value{}
}
