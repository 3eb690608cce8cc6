package audit

import "bytes"

// A member is a key of a JSON object, without its quotes and with its escapes,
// and the text of its value.
type member struct{ key, value []byte }

// An object is the members of a JSON object, in their order.
type object []member

// get returns the value of a key, the first if it is there more than once, or
// nil.
func (o object) get(key string) []byte {
	for _, m := range o {
		if string(m.key) == key {
			return m.value
		}
	}
	return nil
}

// text returns the text of a string without escapes, or nil.
func (o object) text(key string) []byte {
	v := o.get(key)
	if len(v) < 2 || v[0] != '"' || bytes.IndexByte(v, '\\') >= 0 {
		return nil
	}
	return v[1 : len(v)-1]
}

// has reports whether all of the keys are there.
func (o object) has(keys []string) bool {
	for _, key := range keys {
		if o.get(key) == nil {
			return false
		}
	}
	return true
}

// members appends the members of text, a JSON object, to o. Of text that is
// cut it gives those that are complete, and the one that is cut with what there
// is of its value.
func members(o object, text []byte) object {
	rest := text[1:]
	for {
		rest = bytes.TrimLeft(rest, spaces+",")
		n := valueEnd(rest)
		if n < 2 || rest[0] != '"' {
			return o
		}
		key := rest[1 : n-1]
		rest = bytes.TrimLeft(rest[n:], spaces)
		if len(rest) == 0 || rest[0] != ':' {
			return o
		}
		rest = bytes.TrimLeft(rest[1:], spaces)
		if n = valueEnd(rest); n <= 0 {
			return append(o, member{key, rest})
		}
		o = append(o, member{key, rest[:n]})
		rest = rest[n:]
	}
}

// elements appends the elements of text, a JSON array, to dst.
func elements(dst [][]byte, text []byte) [][]byte {
	rest := text[1:]
	for {
		rest = bytes.TrimLeft(rest, spaces+",")
		n := valueEnd(rest)
		if n <= 0 {
			return dst
		}
		dst = append(dst, rest[:n])
		rest = rest[n:]
	}
}

// spaces may stand between the parts of a JSON text.
const spaces = " \t\r\n"

// valueEnd returns the length of the JSON value that text begins with, or 0 if
// there is none or its end is not there.
func valueEnd(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"':
			n := stringEnd(text[i:])
			if n == 0 {
				return 0
			}
			i += n - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth--; depth < 0 {
				return i // of a number or a literal
			}
		case ' ', '\t', '\r', '\n', ',', ':':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return 0
}

// stringEnd returns the length of the JSON string that text begins with, or 0
// if its end is not there.
func stringEnd(text []byte) int {
	for i := 1; ; {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			return 0
		}
		end := i + n
		i = end + 1
		for n = 0; text[end-1-n] == '\\'; n++ {
		}
		if n%2 == 0 {
			return i
		}
	}
}
