package audit

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// sentence says what was seen, and what to do.
func (s sight) sentence() string {
	if s.advice == "" {
		return s.what
	}
	return s.what + "; " + s.advice
}

// describe tells what a file is that has no event: from its head, from the first
// of its messages that could not be read, and from what that stands in. Of what
// is written there it tells the keys of a JSON object, and nothing else.
func describe(head, text, around []byte) sight {
	if seen, ok := asBinary(head); ok {
		return seen
	}
	if seen, ok := asText(head); ok {
		return seen
	}
	for _, t := range [...][]byte{text, around} {
		if seen, ok := asSchema(t); ok {
			return seen
		}
		if seen, ok := asText(t); ok {
			return seen
		}
	}
	return general(text)
}

// asSchema tells what text is if it is a JSON object of a schema that is known.
func asSchema(text []byte) (sight, bool) {
	if len(text) == 0 || text[0] != '{' || tooDeep(text) || !gjson.ValidBytes(text) {
		return sight{}, false
	}
	doc := gjson.ParseBytes(text)
	has := make(map[string]bool)
	doc.ForEach(func(key, _ gjson.Result) bool {
		has[key.Str] = true
		return true
	})
	return asObject(doc, has)
}

// general tells of what kind a text is.
func general(text []byte) sight {
	if isBinary(text) {
		return sight{"binary data of a kind that is not known",
			"if it is encrypted, or packed in a way that cannot be told by its content, such as brotli, unpack it first"}
	}
	valid := !tooDeep(text) && gjson.ValidBytes(text)
	switch {
	case valid && text[0] == '{':
		return sight{keysOf(gjson.ParseBytes(text)), known}
	case valid:
		return sight{"JSON values that are no objects", known}
	case text[0] == '{' || text[0] == '[':
		return sight{"what looks like JSON and is damaged or cut", known}
	}
	return sight{"text", known}
}

// keysOf names the keys of a JSON object.
func keysOf(doc gjson.Result) string {
	const most, longest = 6, 40
	var keys []string
	doc.ForEach(func(key, _ gjson.Result) bool {
		if len(keys) == most {
			keys = append(keys, "...")
			return false
		}
		name := key.Str
		if len(name) > longest || strings.ContainsFunc(name, notPlain) {
			name = "(unprintable)"
		}
		keys = append(keys, name)
		return true
	})
	if len(keys) == 0 {
		return "empty JSON objects"
	}
	return "JSON objects with the keys " + strings.Join(keys, ", ")
}

// notPlain tells the characters that the keys of log formats do not have.
func notPlain(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf-1 }

// isBinary tells whether line holds what no text does.
func isBinary(line []byte) bool {
	if !utf8.Valid(line) {
		return true
	}
	return bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\x1b", r) && r != '\f' })
}

// known says what is read. The forms are too many to be told one by one.
const known = "known are the JSON lines of an API server, exports, queries and subscriptions of CloudWatch Logs, what container runtimes, " +
	"shippers and stores make of them, and the logs of AKS and GKE: the documentation of package audit lists all forms"
