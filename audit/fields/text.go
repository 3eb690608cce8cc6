package fields

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// AppendText appends the text of v to dst: a string without its escapes,
// anything else as written. It gives what encoding/json gives: surrogates that
// have no partner and bytes that are not UTF-8 become U+FFFD.
//
// In a string that is not valid JSON, a backslash that escapes nothing becomes
// U+FFFD too.
func (v Value) AppendText(dst []byte) []byte {
	if v.Kind != String || !v.Escaped && utf8.Valid(v.Raw) {
		return append(dst, v.Raw...)
	}
	return appendUnescaped(dst, v.Raw)
}

// appendUnescaped appends the text of a JSON string, without its quotes.
func appendUnescaped(dst, raw []byte) []byte {
	for len(raw) > 0 {
		// Fast path: what stands before the next backslash, if it is UTF-8.
		n := bytes.IndexByte(raw, '\\')
		if n < 0 {
			n = len(raw)
		}
		if utf8.Valid(raw[:n]) {
			dst = append(dst, raw[:n]...)
		} else {
			for text := raw[:n]; len(text) > 0; {
				r, size := utf8.DecodeRune(text)
				dst, text = utf8.AppendRune(dst, r), text[size:]
			}
		}
		if raw = raw[n:]; len(raw) > 0 {
			dst, raw = appendEscape(dst, raw)
		}
	}
	return dst
}

// appendEscape appends what the escape at the start of raw stands for, and
// returns what follows it.
func appendEscape(dst, raw []byte) (_, rest []byte) {
	if len(raw) < 2 {
		return utf8.AppendRune(dst, utf8.RuneError), nil
	}
	switch c := raw[1]; c {
	case '"', '\\', '/':
		return append(dst, c), raw[2:]
	case 'b':
		return append(dst, '\b'), raw[2:]
	case 'f':
		return append(dst, '\f'), raw[2:]
	case 'n':
		return append(dst, '\n'), raw[2:]
	case 'r':
		return append(dst, '\r'), raw[2:]
	case 't':
		return append(dst, '\t'), raw[2:]
	}
	r, ok := codeUnit(raw)
	if !ok {
		return utf8.AppendRune(dst, utf8.RuneError), raw[1:]
	}
	raw = raw[6:]
	if utf16.IsSurrogate(r) {
		second, _ := codeUnit(raw)
		if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
			raw = raw[6:]
		}
	}
	return utf8.AppendRune(dst, r), raw
}

// codeUnit reads the \uXXXX at the start of raw.
func codeUnit(raw []byte) (r rune, ok bool) {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	for _, c := range raw[2:6] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
