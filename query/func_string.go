package query

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

var stringFunctions = []function{
	{
		name: "concat", syntax: "concat(a, b, ...)", least: 1, most: -1,
		doc:  "The texts one after another; a missing one is empty.",
		eval: concat,
	},
	{
		name: "endsWith", syntax: "endsWith(text, end)", least: 2, most: 2,
		doc: "1 if the text ends so, else 0.", eval: condition(strings.HasSuffix),
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
		name: "ltrim", syntax: "ltrim(text[, characters])", least: 1, most: 2,
		doc:  "The text without white space, or any of the characters, at its start.",
		eval: trimmed(strings.TrimLeftFunc),
	},
	{
		name: "regexReplace", syntax: "regexReplace(text, regex, by)", least: 3, most: 3,
		doc:     "The text with every match of a regular expression, which stands in quotes, replaced; $1, ${1} or \\1 is what the first group matches, ${name} one with a name.",
		prepare: prepareRegexReplace,
	},
	{
		name: "replace", syntax: "replace(text, part, by)", least: 3, most: 3,
		doc: "The text with the part replaced everywhere.", eval: replace,
	},
	{
		name: "rtrim", syntax: "rtrim(text[, characters])", least: 1, most: 2,
		doc:  "The text without white space, or any of the characters, at its end.",
		eval: trimmed(strings.TrimRightFunc),
	},
	{
		name: "split", syntax: "split(text, delimiter)", least: 2, most: 2, structure: true,
		doc: "The list of the texts between the delimiters; with an empty one, of the characters.", eval: split,
	},
	{
		name: "startsWith", syntax: "startsWith(text, start)", least: 2, most: 2,
		doc: "1 if the text starts so, else 0.", eval: condition(strings.HasPrefix),
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
		name: "substr", syntax: "substr(text, start[, length])", least: 2, most: 3,
		doc:     "The part of the text from a code point on, counted from 0, to the end or of that length.",
		prepare: prepareSubstr,
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
	{
		name: "trim", syntax: "trim(text[, characters])", least: 1, most: 2,
		doc:  "The text without white space, or any of the characters, at both ends.",
		eval: trimmed(strings.TrimFunc),
	},
}

// ofText is a function of one value's text; of a missing value or a structure
// it is missing.
func ofText(f func(string) Value) func([]Value) Value {
	return func(args []Value) Value {
		if s, ok := args[0].asText(); ok {
			return f(s)
		}
		return Value{}
	}
}

// texts are the texts of all arguments; false if one has none.
func texts(args []Value, out ...*string) bool {
	for i, v := range args {
		s, ok := v.asText()
		if !ok {
			return false
		}
		*out[i] = s
	}
	return true
}

// condition is a function of two texts that is 1 or 0.
func condition(holds func(a, b string) bool) func([]Value) Value {
	return func(args []Value) Value { return boolValue(ofTexts(holds)(args[0], args[1])) }
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
		if s, ok := v.asText(); ok && b.Len() <= maxText {
			b.WriteString(s)
		}
	}
	return stringValue(b.String())
}

// trimmed cuts characters off, those of the second argument or white space.
func trimmed(trim func(string, func(rune) bool) string) func([]Value) Value {
	return func(args []Value) Value {
		var s, characters string
		switch {
		case !texts(args, &s, &characters):
			return Value{}
		case len(args) == 1:
			return stringValue(trim(s, unicode.IsSpace))
		}
		return stringValue(trim(s, func(r rune) bool { return strings.ContainsRune(characters, r) }))
	}
}

// replace leaves the text as it is if the part is empty.
func replace(args []Value) Value {
	var s, part, by string
	if !texts(args, &s, &part, &by) {
		return Value{}
	}
	if part == "" {
		return stringValue(s)
	}
	var b strings.Builder
	for b.Len() <= maxText {
		before, after, found := strings.Cut(s, part)
		if !found {
			break
		}
		b.WriteString(before)
		b.WriteString(by)
		s = after
	}
	b.WriteString(s)
	return stringValue(b.String())
}

func split(args []Value) Value {
	var s, delimiter string
	if !texts(args, &s, &delimiter) {
		return Value{}
	}
	var list []Value
	for part := range strings.SplitSeq(s, delimiter) {
		list = append(list, stringValue(part))
	}
	return listValue(list)
}

func prepareSubstr(c *preparation) body {
	for i, what := range []string{1: "the place of a code point, counted from 0", 2: "a length in code points"} {
		if v, ok := c.constant(i); ok && i > 0 {
			if _, ok := v.count(); !ok {
				c.refuse(i, ErrUse, "substr takes "+what, c.call.fn.syntax)
			}
		}
	}
	return func(_ *frame, args []Value) Value {
		s, ok := args[0].asText()
		start, okStart := args[1].count()
		length := math.MaxInt
		if len(args) == 3 {
			var okLength bool
			length, okLength = args[2].count()
			ok = ok && okLength
		}
		if !ok || !okStart {
			return Value{}
		}
		s = s[codePoints(s, start):]
		return stringValue(s[:codePoints(s, length)])
	}
}

// count is v as a number of things. What is more than a text can have is as
// good as any such number.
func (v Value) count() (int, bool) {
	f, ok := v.Float64()
	if !ok || f < 0 || f != math.Trunc(f) {
		return 0, false
	}
	return int(min(f, math.MaxInt32)), true
}

// codePoints is the length in bytes of the first n code points of s, or of all
// if there are fewer.
func codePoints(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
