package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A lexer cuts the text of a query into tokens. It knows no command, function
// or operator word: those are names to it. It does not read ahead, so that the
// parser, which alone knows where a slash begins a regular expression, can ask
// for one at the place of the token it has just been given.
type lexer struct {
	src    string
	pos    int
	origin *expansion // nil if src is the query as it was written
}

// written is the text of the query as it was written.
func (l *lexer) written() string {
	if l.origin != nil {
		return l.origin.written
	}
	return l.src
}

// errorAt is an error at a span of src.
func (l *lexer) errorAt(at span, kind error, msg, hint string) *Error {
	return newError(l.written(), l.origin.place(at), kind, l.origin.within(at)+msg, hint)
}

// next returns the next token; at the end, a tokenEnd of no width, again and
// again.
func (l *lexer) next() (token, *Error) {
	l.skipSpace()
	if l.pos == len(l.src) {
		return token{span: span{l.pos, l.pos}, kind: tokenEnd}, nil
	}
	switch c := l.src[l.pos]; {
	case c == '"' || c == '\'':
		return l.quoted(c)
	case '0' <= c && c <= '9':
		return l.number()
	case c == '`' || c == '@':
		return l.name()
	}
	if r, _ := utf8.DecodeRuneInString(l.src[l.pos:]); isNameStart(r) {
		return l.name()
	}
	return l.symbol()
}

// skipSpace passes white space and comments, which run from # to the end of
// the line.
func (l *lexer) skipSpace() {
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		switch {
		case r == '#':
			rest := l.src[l.pos:]
			if end := strings.IndexByte(rest, '\n'); end >= 0 {
				size = end + 1
			} else {
				size = len(rest)
			}
		case !unicode.IsSpace(r) && r != '\ufeff':
			return
		}
		l.pos += size
	}
}

func isNameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }
func isNamePart(r rune) bool {
	return r == '_' || r == '@' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// name reads a field name: parts joined by dots, each plain or in backticks,
// the first possibly with @ before it.
func (l *lexer) name() (token, *Error) {
	start := l.pos
	for l.pos < len(l.src) && l.src[l.pos] == '@' {
		l.pos++
	}
	prefix := l.src[start:l.pos]
	kind := tokenName
	if prefix == "" && l.src[l.pos] == '`' {
		kind = tokenQuoted
	}
	var parts []string
	for {
		part, err := l.namePart()
		if err != nil {
			return token{}, err
		}
		if part == "" {
			return token{}, l.errorAt(span{start, l.pos}, ErrSyntax, "a field name is missing after "+prefix, "")
		}
		parts = append(parts, prefix+part)
		prefix = ""
		if !l.atNextPart() {
			break
		}
		kind = tokenName
		l.pos++
	}
	return token{span: span{start, l.pos}, kind: kind, text: strings.Join(parts, "."), parts: parts}, nil
}

// atNextPart reports whether a dot and another part of the name follow.
func (l *lexer) atNextPart() bool {
	rest := l.src[l.pos:]
	if len(rest) < 2 || rest[0] != '.' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest[1:])
	return r == '`' || isNamePart(r)
}

// namePart reads one part; a part that is not there is empty.
func (l *lexer) namePart() (string, *Error) {
	if l.pos < len(l.src) && l.src[l.pos] == '`' {
		return l.backticks()
	}
	start := l.pos
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		if !isNamePart(r) {
			break
		}
		l.pos += size
	}
	return l.src[start:l.pos], nil
}

// backticks reads a part in backticks. A backslash before a backtick or a
// backslash stands for it; before anything else it is itself.
func (l *lexer) backticks() (string, *Error) {
	start := l.pos
	var text strings.Builder
	for i := start + 1; i < len(l.src); i++ {
		switch c := l.src[i]; {
		case c == '`' && i == start+1:
			return "", l.errorAt(span{start, i + 1}, ErrSyntax, "a field name is missing between the backticks", "")
		case c == '`':
			l.pos = i + 1
			return text.String(), nil
		case c == '\\' && i+1 < len(l.src) && (l.src[i+1] == '`' || l.src[i+1] == '\\'):
			i++
			text.WriteByte(l.src[i])
		default:
			text.WriteByte(c)
		}
	}
	return "", l.errorAt(span{start, start + 1}, ErrSyntax, "this backtick is never closed", "")
}

// escapes are the escapes of a string; any other backslash is itself, so that
// a pattern written as a string survives.
var escapes = map[byte]byte{'\\': '\\', '"': '"', '\'': '\'', 'n': '\n', 'r': '\r', 't': '\t'}

func (l *lexer) quoted(quote byte) (token, *Error) {
	start := l.pos
	var text strings.Builder
	for i := start + 1; i < len(l.src); i++ {
		switch c := l.src[i]; c {
		case quote:
			l.pos = i + 1
			return token{span: span{start, l.pos}, kind: tokenString, text: text.String()}, nil
		case '\\':
			if i+1 < len(l.src) {
				if e, ok := escapes[l.src[i+1]]; ok {
					text.WriteByte(e)
					i++
					continue
				}
			}
			text.WriteByte(c)
		default:
			text.WriteByte(c)
		}
	}
	return token{}, l.errorAt(span{start, start + 1}, ErrSyntax, "this quotation mark is never closed", "")
}

// number reads a number, or with letters behind it a duration.
func (l *lexer) number() (token, *Error) {
	start := l.pos
	l.digits()
	if l.pos+1 < len(l.src) && l.src[l.pos] == '.' && isDigit(l.src[l.pos+1]) {
		l.pos++
		l.digits()
	}
	l.exponent()
	end := l.pos
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		if !isNamePart(r) {
			break
		}
		l.pos += size
	}
	at := span{start, l.pos}
	text := l.src[start:l.pos]
	if l.pos == end {
		return token{span: at, kind: tokenNumber, text: text}, nil
	}
	if unit := l.src[end:l.pos]; unitOf(unit) == nil {
		hint := "a text needs quotation marks, and a field that begins with a digit needs backticks"
		return token{}, l.errorAt(at, ErrSyntax,
			fmt.Sprintf("%q is neither a number nor a duration", preview(text)), hint)
	}
	return token{span: at, kind: tokenDuration, text: text}, nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (l *lexer) digits() {
	for l.pos < len(l.src) && isDigit(l.src[l.pos]) {
		l.pos++
	}
}

// exponent passes e9, E+9 or e-9, and nothing if that is not what follows.
func (l *lexer) exponent() {
	i := l.pos
	if i == len(l.src) || l.src[i]|0x20 != 'e' {
		return
	}
	if i++; i < len(l.src) && (l.src[i] == '+' || l.src[i] == '-') {
		i++
	}
	if i == len(l.src) || !isDigit(l.src[i]) {
		return
	}
	l.pos = i
	l.digits()
}

// symbols are the symbols of the language, and those of its neighbours that
// deserve a better message than "unexpected character"; longer ones first.
var symbols = []string{
	"&&", "||", "==", "!=", "<>", "<=", ">=", "=~", "~=", "!~", "{{",
	"(", ")", "[", "]", "{", "}", ",", "|", "=", "<", ">", "+", "-", "*", "/", "%", "^", "!", ".", "?", ":", ";", "$", "&",
}

func (l *lexer) symbol() (token, *Error) {
	start := l.pos
	for _, s := range symbols {
		if strings.HasPrefix(l.src[start:], s) {
			l.pos += len(s)
			return token{span: span{start, l.pos}, kind: tokenSymbol, text: s}, nil
		}
	}
	r, size := utf8.DecodeRuneInString(l.src[start:])
	msg, hint := fmt.Sprintf("unexpected character %q", r), ""
	switch {
	case r == utf8.RuneError && size == 1:
		msg = "the query is not valid UTF-8"
	case unicode.In(r, unicode.Pi, unicode.Pf, unicode.Ps):
		hint = `a text stands between plain quotation marks, " or '`
	}
	return token{}, l.errorAt(span{start, start + size}, ErrSyntax, msg, hint)
}

// regex reads again, as a regular expression, the text at slash, which was
// given out as a symbol. A backslash keeps the character behind it from ending
// the expression; new lines are part of it.
func (l *lexer) regex(slash token) (token, *Error) {
	start := slash.from
	for i := start + 1; i < len(l.src); i++ {
		switch l.src[i] {
		case '\\':
			i++
		case '/':
			l.pos = i + 1
			return token{span: span{start, l.pos}, kind: tokenRegex, text: l.src[start+1 : i]}, nil
		}
	}
	return token{}, l.errorAt(span{start, start + 1}, ErrSyntax, "this regular expression is never closed", "it ends with a slash")
}
