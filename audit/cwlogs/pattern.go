package cwlogs

import "strings"

// EvictionPattern is a filter pattern that selects the requests to evict pods by
// a field of the event. It costs what a pattern for JSON costs: see the package
// documentation.
const EvictionPattern = `{ $.objectRef.subresource = "eviction" }`

// shortest is how short a text can be that is still worth a pattern.
const shortest = 3

// patternOf returns a filter pattern that matches every message that has all of
// the texts, or an empty one, which matches all messages. It is a regular
// expression without operators, since that alone is documented to match
// anywhere in a message. One text has to do: the longest that stands in messages
// as it is, or else the longest piece of one that does.
//
// Sources: AWS, "Supported regular expressions (regex) syntax"; "Filter pattern
// syntax for metric filters, subscription filters, filter log events, and Live
// Tail".
func patternOf(texts []string) string {
	var whole, piece string
	for _, text := range texts {
		pieces := strings.FieldsFunc(text, func(r rune) bool { return !isPlain(r) })
		if len(pieces) == 1 && len(pieces[0]) == len(text) && len(text) > len(whole) {
			whole = text
		}
		for _, p := range pieces {
			if len(p) > len(piece) {
				piece = p
			}
		}
	}
	switch {
	case len(whole) >= shortest:
		return "%" + whole + "%"
	case len(piece) >= shortest:
		return "%" + piece + "%"
	}
	return ""
}

// isPlain tells whether r means itself both in a regular expression and in JSON
// as it is written by everybody: no encoder escapes a letter, a digit, a dash or
// an underscore of ASCII.
func isPlain(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_'
}
