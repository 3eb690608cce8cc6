package query

import (
	"strings"
	"unicode/utf8"
)

var stringFunctions = []function{
	{
		name: "concat", syntax: "concat(a, b, ...)", least: 1, most: -1,
		doc:  "The texts one after another; a missing one is empty.",
		eval: concat,
	},
	{
		name: "isblank", syntax: "isblank(field)", least: 1, most: 1,
		doc:  "1 if the field is missing, empty or only white space, else 0.",
		eval: func(args []Value) Value { return boolValue(strings.TrimSpace(args[0].String()) == "") },
	},
	{
		name: "isempty", syntax: "isempty(field)", least: 1, most: 1,
		doc:  "1 if the field is missing or the empty text, else 0.",
		eval: func(args []Value) Value { return boolValue(args[0].String() == "") },
	},
	{
		name: "strcontains", syntax: "strcontains(text, part[, ignoreCase])", least: 2, most: 3,
		doc:  "1 if the text has the part in it, else 0; case counts unless the third argument is true.",
		eval: strcontains,
	},
	{
		name: "strlen", syntax: "strlen(text)", least: 1, most: 1,
		doc:  "The length of the text in code points.",
		eval: ofText(func(s string) Value { return numberValue(float64(utf8.RuneCountInString(s))) }),
	},
	{
		name: "tolower", syntax: "tolower(text)", least: 1, most: 1,
		doc:  "The text in lower case.",
		eval: ofText(func(s string) Value { return stringValue(strings.ToLower(s)) }),
	},
	{
		name: "toupper", syntax: "toupper(text)", least: 1, most: 1,
		doc:  "The text in upper case.",
		eval: ofText(func(s string) Value { return stringValue(strings.ToUpper(s)) }),
	},
}

// ofText is a function of one value's text; of a missing value or a list it is
// missing.
func ofText(f func(string) Value) func([]Value) Value {
	return func(args []Value) Value {
		if v := args[0]; v.kind != KindMissing && v.kind != KindList {
			return f(v.String())
		}
		return Value{}
	}
}

func strcontains(args []Value) Value {
	if len(args) == 3 && args[2].truth() {
		lower := ofText(func(s string) Value { return stringValue(strings.ToLower(s)) })
		return boolValue(contains(lower(args[:1]), lower(args[1:2])))
	}
	return boolValue(contains(args[0], args[1]))
}

func concat(args []Value) Value {
	var b strings.Builder
	for _, v := range args {
		if v.kind != KindList {
			b.WriteString(v.String())
		}
	}
	return stringValue(b.String())
}
