package query

import (
	"strings"
	"unicode/utf8"
)

// A logfmtPattern takes the pairs of a text such as level=info msg="a b" into
// one map. A key without an equals sign has the empty text. Of a key that is
// there twice the first value holds, as in events.
type logfmtPattern struct{ span }

func (logfmtPattern) write(b *strings.Builder) { b.WriteString("logfmt") }

func (logfmtPattern) outputs(as []string) []string { return as }

func (logfmtPattern) take(text string, out []Value) error {
	var entries []Value
	seen := map[string]bool{}
	for {
		text = strings.TrimLeftFunc(text, isLogfmtSpace)
		if text == "" {
			break
		}
		var key, value string
		key, value, text = cutPair(text)
		if key != "" && !seen[key] {
			seen[key] = true
			entries = append(entries, stringValue(key), stringValue(value))
		}
	}
	if len(entries) > 0 {
		out[0] = mapValue(entries)
	}
	return nil
}

func isLogfmtSpace(r rune) bool { return r <= ' ' }

// cutPair takes the first pair off a text that does not begin with white space.
func cutPair(text string) (key, value, rest string) {
	end := strings.IndexFunc(text, func(r rune) bool { return isLogfmtSpace(r) || r == '=' || r == '"' })
	if end < 0 {
		return text, "", ""
	}
	key, text = text[:end], text[end:]
	if text[0] == '"' { // no key has one
		return key, "", text[1:]
	}
	text, found := strings.CutPrefix(text, "=")
	switch {
	case !found:
		return key, "", text
	case strings.HasPrefix(text, `"`):
		value, rest = cutQuotation(text[1:])
		return key, value, rest
	}
	if end = strings.IndexFunc(text, isLogfmtSpace); end < 0 {
		end = len(text)
	}
	return key, text[:end], text[end:]
}

// cutQuotation takes what stands before the closing quotation mark, without its
// escapes, which are those of JSON.
func cutQuotation(text string) (value, rest string) {
	end := 0
	for end < len(text) && text[end] != '"' {
		if text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(text) { // it is not closed
		return text, ""
	}
	quoted := parseStructure(`["` + text[:end] + `"]`)
	if len(quoted.elements()) == 1 && utf8.ValidString(text[:end]) {
		return quoted.elements()[0].text, text[end+1:]
	}
	return text[:end], text[end+1:]
}
