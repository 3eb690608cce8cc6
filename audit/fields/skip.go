package fields

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// The functions of this file take a place in the line and return a later one.
// Where the line is no JSON they return ^i, which is negative, for the place i
// at which they noticed. They look no further than they must to find the end:
// what they pass is not validated.

// A word is eight bytes of the line, the first one lowest. Of a mask, only the
// top bit of each byte is used.
const (
	ones = 0x0101010101010101
	tops = ones * 0x80
	lows = ones * 0x7f
)

// equal returns the mask of the bytes of x that are c, an ASCII character.
func equal(x uint64, c byte) uint64 {
	// No sum of two bytes without their top bits reaches the next byte, so
	// that the mask is exact.
	return ^((x&lows ^ ones*uint64(c)) + lows) &^ x & tops
}

// skipBlanks returns the first place from i on that is no blank.
func skipBlanks(line []byte, i int) int {
	for i < len(line) && (line[i] == ' ' || line[i] == '\t' || line[i] == '\n' || line[i] == '\r') {
		i++
	}
	return i
}

// skipKey returns the place behind the quote that closes a key, and whether
// the key is plain: without a backslash. i is behind the quote that opens it.
func skipKey(line []byte, i int) (end int, plain bool) {
	for k := i; k+8 <= len(line); k += 8 {
		x := binary.LittleEndian.Uint64(line[k:])
		if m := equal(x, '"') | equal(x, '\\'); m != 0 {
			k += bits.TrailingZeros64(m) / 8
			if line[k] == '"' {
				return k + 1, true
			}
			break
		}
	}
	if end = skipString(line, i); end < 0 {
		return end, false
	}
	return end, bytes.IndexByte(line[i:end], '\\') < 0
}

// skipShort is skipString for a string that is likely to be short: of all that
// have 16 bytes or fewer it makes the same steps, so that none are guessed wrong.
func skipShort(line []byte, i int) int {
	if i+17 <= len(line) {
		n := bits.TrailingZeros64(equal(binary.LittleEndian.Uint64(line[i:]), '"')) / 8 // 8 if there is none
		n += bits.TrailingZeros64(equal(binary.LittleEndian.Uint64(line[i+8:]), '"')) / 8 & -(n >> 3)
		if line[i+n] == '"' && (n == 0 || line[i+n-1] != '\\') {
			return i + n + 1
		}
	}
	return skipString(line, i)
}

// skipUUID is skipString for a string that is likely to be a UUID. That of one is
// guessed, and then looked at: the processor goes on with the guess meanwhile.
func skipUUID(line []byte, i int) int {
	const size = 36
	if len(line)-i <= size || line[i+size] != '"' || line[i+size-1] == '\\' {
		return skipString(line, i)
	}
	quotes := uint64(0)
	for _, at := range [...]int{0, 8, 16, 24, size - 8} {
		quotes |= equal(binary.LittleEndian.Uint64(line[i+at:]), '"')
	}
	if quotes != 0 {
		return skipString(line, i)
	}
	return i + size + 1
}

// skipString returns the place behind the quote that closes a string. i is
// behind the one that opens it.
func skipString(line []byte, i int) int {
	for {
		n := bytes.IndexByte(line[i:], '"')
		if n < 0 {
			return ^len(line)
		}
		start := i
		i += n + 1
		if n == 0 || line[i-2] != '\\' || !escaped(line, start, i-1) {
			return i
		}
	}
}

// escaped reports whether an odd number of backslashes stands before i, which
// makes the quote there a part of a string. They begin at floor or later.
func escaped(line []byte, floor, i int) bool {
	n := i
	for n > floor && line[n-1] == '\\' {
		n--
	}
	return (i-n)&1 == 1
}

// skipValue returns the place behind the value at i.
func skipValue(line []byte, i int) int {
	if i >= len(line) {
		return ^i
	}
	switch line[i] {
	case '"':
		return skipString(line, i+1)
	case '{':
		return skipObject(line, i+1)
	case '[':
		return skipNested(line, i+1, '[', 1)
	}
	return skipScalar(line, i)
}

// skipObject returns the place behind the brace that closes the one before i.
//
// Fast path: it hops from one closing brace to the next, and finds the opening
// ones between them. Where no backslash is, an even number of quotes before a
// brace tells that it is in no string. Brackets need no look: in JSON they are
// balanced between braces. [skipNested] takes over where that is not enough.
func skipObject(line []byte, i int) int {
	for depth := 1; ; {
		for i < len(line) && line[i] == '}' { // often several stand together
			i++
			if depth--; depth == 0 {
				return i
			}
		}
		n := bytes.IndexByte(line[i:], '}')
		if n < 0 || bytes.IndexByte(line[i:i+n], '\\') >= 0 {
			return skipNested(line, i, '{', depth)
		}
		opened, ok := openings(line[i : i+n])
		if !ok {
			return skipNested(line, i, '{', depth)
		}
		depth += opened
		i += n
	}
}

// openings returns how many objects begin in text, which begins outside of
// strings and has no backslash. It reports false if a brace, or the end, is in a
// string.
func openings(text []byte) (n int, ok bool) {
	for {
		k := bytes.IndexByte(text, '{')
		if k < 0 {
			return n, bytes.Count(text, quote)&1 == 0
		}
		if !endsKey(text[:k]) && bytes.Count(text[:k], quote)&1 != 0 {
			return n, false
		}
		n++
		text = text[k+1:]
	}
}

// endsKey reports whether text ends with a quote that closes a string, and a
// colon: one that opens a string stands behind one of the bytes that are looked
// for here.
func endsKey(text []byte) bool {
	end := len(text) - 1
	if end < 2 || text[end] != ':' || text[end-1] != '"' {
		return false
	}
	switch text[end-2] {
	case '{', '[', ',', ':', ' ', '\t', '\n', '\r':
		return false
	}
	return true
}

var quote = []byte{'"'}

// skipScalar returns the place behind the number or literal at i.
func skipScalar(line []byte, i int) int {
	start := i
	for i < len(line) && scalarBytes[line[i]] {
		i++
	}
	if i == start {
		return ^i
	}
	return i
}

// scalarBytes are the bytes of numbers and literals.
var scalarBytes = func() (t [256]bool) {
	for _, c := range "+-.0123456789Eaeflnrstu" {
		t[c] = true
	}
	return t
}()

// skipNested returns the place behind the bracket that closes the last of so
// many open ones before i. It looks for brackets of one kind only, by the open
// one: between two that belong together the others are balanced, in JSON.
func skipNested(line []byte, i int, open byte, depth int) int {
	for i < len(line) {
		c := line[i]
		i++
		switch {
		case c == '"':
			if i = skipString(line, i); i < 0 {
				return i
			}
			// Fast path: most strings have another one next to them.
			for i+1 < len(line) && line[i+1] == '"' && line[i] <= ':' {
				if i = skipString(line, i+2); i < 0 {
					return i
				}
			}
		case c == open:
			depth++
		case c == open+2: // ASCII has ] and } there
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return ^len(line)
}
