package fields

import (
	"encoding/binary"
	"math/bits"
)

// The API server writes two timestamps and the annotations behind the bodies,
// which may be large. This file finds them by walking back from the brace that
// closes the object.
//
// Backward as forward, a quote delimits a string exactly when an even number
// of backslashes stands before it, and the brackets between the strings are
// balanced. So the walk is exact wherever it begins outside of a string and
// the line is JSON.

// maxAnnotations is how far back the start of the annotations is looked for.
// Where they are larger, or where a body stands last, the walk goes forward.
const maxAnnotations = 8 << 10

// fromEnd takes the fields of the tail keys that stand at the end of the line,
// but not before floor, the start of a member. It returns stop if that ended
// the walk.
func (w *walker) fromEnd(floor int) int {
	i := lastNonBlank(w.line, floor, len(w.line))
	if i < floor || w.line[i] != '}' {
		return 0
	}
	for range tailKeys {
		m, ok := memberBefore(w.line, floor, i)
		if !ok || !isTailKey(m.key) {
			return 0
		}
		if c := w.set.root.exact(m.key); c != nil && !w.isSettled(c) {
			if w.value(c, m.value) < 0 {
				return stop
			}
			w.settle(c)
		}
		if w.tail.done() {
			return 0
		}
		i = m.comma
	}
	return 0
}

// isTailKey reports whether key is one of tailKeys.
func isTailKey(key []byte) bool {
	for _, tail := range tailKeys {
		if string(key) == tail {
			return true
		}
	}
	return false
}

// A backMember is a member of an object, found from behind.
type backMember struct {
	comma int    // the place of the comma or brace before it
	key   []byte // as written
	value int    // the place of its value
	text  []byte // the value, if it is a string, as written
}

// memberBefore returns the member of an object that ends before i, the place
// of a comma or of the closing brace. Its value is a string or, within
// maxAnnotations, an object or array.
func memberBefore(line []byte, floor, i int) (m backMember, ok bool) {
	i = lastNonBlank(line, floor, i)
	if i < floor {
		return m, false
	}
	switch line[i] {
	case '"':
		end := i
		if i = skipStringBack(line, floor, i); i >= floor {
			m.text = line[i+1 : end]
		}
	case '}', ']':
		i = skipNestedBack(line, max(floor, i-maxAnnotations), i)
	default:
		return m, false
	}
	m.value = i
	if i = lastNonBlank(line, floor, i); i < floor || line[i] != ':' {
		return m, false
	}
	end := lastNonBlank(line, floor, i)
	if end < floor || line[end] != '"' {
		return m, false
	}
	if i = skipStringBack(line, floor, end); i < floor {
		return m, false
	}
	m.key = line[i+1 : end]
	m.comma = lastNonBlank(line, floor-1, i)
	return m, m.comma >= floor-1 && (line[m.comma] == ',' || line[m.comma] == '{')
}

// lastNonBlank returns the last place in line[floor:i] that is no blank, or
// floor-1.
func lastNonBlank(line []byte, floor, i int) int {
	for i--; i >= floor && (line[i] == ' ' || line[i] == '\t' || line[i] == '\n' || line[i] == '\r'); i-- {
	}
	return i
}

// skipStringBack returns the place of the quote that opens the string whose
// closing quote is at i, or -1 if that is before floor.
func skipStringBack(line []byte, floor, i int) int {
	for {
		if i = quoteBefore(line, floor, i); i < 0 || line[i-1] != '\\' || !escaped(line, 0, i) {
			return i
		}
	}
}

// quoteBefore returns the place of the last quote in line[floor:i], or -1.
func quoteBefore(line []byte, floor, i int) int {
	rest := line[floor:i]
	for len(rest) >= 8 {
		if m := equal(binary.LittleEndian.Uint64(rest[len(rest)-8:]), '"'); m != 0 {
			return floor + len(rest) - 1 - bits.LeadingZeros64(m)/8
		}
		rest = rest[:len(rest)-8]
	}
	for len(rest) > 0 {
		if rest[len(rest)-1] == '"' {
			return floor + len(rest) - 1
		}
		rest = rest[:len(rest)-1]
	}
	return -1
}

// skipNestedBack returns the place of the bracket that opens what the one at i
// closes, or -1 if that is before floor.
func skipNestedBack(line []byte, floor, i int) int {
	depth := 1
	for i--; i >= floor; i-- {
		switch line[i] {
		case '"':
			// Fast path: most strings have another one next to them.
			for {
				if i = skipStringBack(line, floor, i); i < 0 {
					return -1
				}
				if i-2 < floor || line[i-2] != '"' || line[i-1] > ':' {
					break
				}
				i -= 2
			}
		case '}', ']':
			depth++
		case '{', '[':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
