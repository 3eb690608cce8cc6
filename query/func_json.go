package query

import "slices"

var jsonFunctions = []function{
	{
		name: "jsonArrayContains", syntax: "jsonArrayContains(text, value)", least: 2, most: 2,
		doc: "1 if the text is a JSON array with an element that equals the value, else 0.",
		eval: func(args []Value) Value {
			list, ok := array(args[0])
			return boolValue(ok && slices.ContainsFunc(list, args[1].equal))
		},
	},
	{
		name: "jsonArraySize", syntax: "jsonArraySize(text)", least: 1, most: 1,
		doc: "The number of elements of the JSON array that the text is; missing if it is none.",
		eval: func(args []Value) Value {
			list, ok := array(args[0])
			if !ok {
				return Value{}
			}
			return numberValue(float64(len(list)))
		},
	},
	{
		name: "jsonParse", syntax: "jsonParse(text)", least: 1, most: 1, structure: true,
		doc:  "The map or list that a text of JSON stands for; missing for anything else.",
		eval: ofText(parseStructure),
	},
	{
		name: "jsonStringify", syntax: "jsonStringify(structure)", least: 1, most: 1,
		doc: "The map or list as a text of JSON; missing for anything else.",
		eval: func(args []Value) Value {
			if !args[0].isStructure() {
				return Value{}
			}
			return stringValue(args[0].String())
		},
	},
}

// array are the elements of a list, or of the JSON array that a text is.
func array(v Value) ([]Value, bool) {
	if text, ok := v.asText(); ok {
		v = parseStructure(text)
	}
	return v.elements(), v.kind == KindList
}
