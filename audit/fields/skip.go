package fields

import "bytes"

// The functions of this file take a place in the line and return a later one.
// Where the line is no JSON they return ^i, which is negative, for the place i
// at which they noticed. They look no further than they must to find the end:
// what they pass is not validated.

// skipBlanks returns the first place from i on that is no blank.
func skipBlanks(line []byte, i int) int {
	for i < len(line) && (line[i] == ' ' || line[i] == '\t' || line[i] == '\n' || line[i] == '\r') {
		i++
	}
	return i
}

// skipString returns the place behind the quote that closes a string. i is
// behind the one that opens it.
func skipString(line []byte, i int) int {
	start := i
	for {
		n := bytes.IndexByte(line[i:], '"')
		if n < 0 {
			return ^len(line)
		}
		i += n + 1
		if !escaped(line, start, i-1) {
			return i
		}
		start = i
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
	case '{', '[':
		return skipNested(line, i+1, 1)
	}
	return skipScalar(line, i)
}

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

// skipNested returns the place behind the bracket that closes the depth
// brackets open at i. It does not tell [] from {}.
func skipNested(line []byte, i, depth int) int {
	for i < len(line) {
		switch line[i] {
		case '"':
			if i = skipString(line, i+1); i < 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return ^i
}
