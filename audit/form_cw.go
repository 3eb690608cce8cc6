package audit

import "bytes"

// cwLine is the form of the program cw: "TIME - GROUP - STREAM - ID - MESSAGE",
// of which its options say what is there. The time is in the zone of whoever ran
// it, which nobody knows any more, and is left out. Source: lucagrulla/cw,
// main.go.
var cwLine = form{
	name:      "cw",
	doc:       "the lines of that program: what its options ask for of time, log group, log stream and id, each with a dash behind it, and the event.",
	unwrap:    unwrapCW,
	multiline: true,
}

func unwrapCW(line []byte, m *message) bool {
	rest, n, named := line, 0, false
	for ; n < 4; n++ {
		word, after, ok := bytes.Cut(rest, []byte(" - "))
		if !ok || len(word) == 0 || bytes.ContainsAny(word, " \t{\"") {
			break
		}
		switch {
		case n == 0 && len(word) == len(tailTime) && word[10] == 'T':
		case word[0] == '/':
			m.group = string(word)
		case len(word) == idDigits && isDigits(word):
			m.id = string(word)
		case named:
			m.text = rest
			return true
		default:
			m.stream, named = string(word), true
		}
		rest = after
	}
	m.text = rest
	return n > 0
}
