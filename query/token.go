package query

import "fmt"

// A tokenKind is what the lexer can tell of a piece of text without knowing
// the language's words.
type tokenKind uint8

const (
	tokenEnd      tokenKind = iota
	tokenName               // verb, @timestamp, user.extra.x.0, a.`b c`
	tokenQuoted             // a name that is one pair of backticks
	tokenString             // "..." or '...'
	tokenNumber             // 12, 0.5, 1e9
	tokenDuration           // 5m, 300s
	tokenRegex              // /.../, which only the parser can ask for
	tokenSymbol             // ( ) [ ] , | and the operators
)

// A token is a piece of the query. text is what it stands for: without quotes
// and with escapes resolved, except that the text of a regular expression is
// the source between the slashes. A name also has its parts: what stood
// between the dots, where dots inside backticks do not count.
type token struct {
	span
	kind  tokenKind
	text  string
	parts []string
}

// is reports whether the token is the symbol s.
func (t token) is(s string) bool { return t.kind == tokenSymbol && t.text == s }

// describe names the token for a message, as the user wrote it.
func (t token) describe(src string) string {
	switch t.kind {
	case tokenEnd:
		return "the end of the query"
	case tokenString:
		return "the text " + preview(src[t.from:t.to])
	case tokenNumber:
		return "the number " + src[t.from:t.to]
	case tokenDuration:
		return "the duration " + src[t.from:t.to]
	}
	return fmt.Sprintf("%q", preview(src[t.from:t.to]))
}

// preview shortens what the user wrote for a message.
func preview(s string) string {
	const most = 30
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && s[cut]&0xC0 == 0x80 { // not inside a character
		cut--
	}
	return s[:cut] + "..."
}
