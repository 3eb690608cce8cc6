package audit

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A literal is a text of [Need.Literals], made ready to prove that a line does
// not hold it.
type literal struct {
	text  []byte
	ascii [utf8.RuneSelf]bool // the ASCII characters it has
	wide  bool                // it has others too
}

// literals returns those of texts whose absence can be proved. Of invalid UTF-8
// it cannot, nor of U+FFFD, which decoders put in the place of invalid bytes.
func literals(texts []string) []literal {
	var out []literal
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
			continue
		}
		l := literal{text: []byte(text)}
		for _, r := range text {
			if r < utf8.RuneSelf {
				l.ascii[r] = true
			} else {
				l.wide = true
			}
		}
		out = append(out, l)
	}
	return out
}

// absent tells whether it is certain that no string of the JSON text line
// holds the literal: it does not stand there as it is, and none of its
// characters stands there escaped.
func (l *literal) absent(line []byte) bool {
	if bytes.Contains(line, l.text) {
		return false
	}
	for {
		i := bytes.IndexByte(line, '\\')
		if i < 0 {
			return true
		}
		r, size := unescape(line[i+1:])
		if size == 0 || r >= utf8.RuneSelf && l.wide || r < utf8.RuneSelf && l.ascii[r] {
			return false
		}
		line = line[i+1+size:]
	}
}

// escapes are the characters that the short escapes of JSON stand for.
var escapes = [utf8.RuneSelf]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape reads what stands behind a backslash: the character it means, or
// half of a surrogate pair, and the number of bytes. The size is 0 if it is no
// escape of JSON.
func unescape(text []byte) (r rune, size int) {
	switch {
	case len(text) == 0 || text[0] >= utf8.RuneSelf:
		return 0, 0
	case text[0] != 'u':
		if r = escapes[text[0]]; r == 0 {
			return 0, 0
		}
		return r, 1
	case len(text) < 5:
		return 0, 0
	}
	n, err := strconv.ParseUint(string(text[1:5]), 16, 16)
	if err != nil {
		return 0, 0
	}
	return rune(n), 5
}
