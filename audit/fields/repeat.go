package fields

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// Repeats reports whether the object at the top of line has a key twice, or one
// of the objects in it that are the values of the given keys. Keys are compared
// without their escapes, and as valid UTF-8. The line is valid JSON; of other bytes the answer means
// nothing.
func Repeats(line []byte, within ...string) bool {
	return repeats(line, skipBlanks(line, 0), within)
}

// repeats looks at the object at i.
func repeats(line []byte, i int, within []string) bool {
	if i >= len(line) || line[i] != '{' {
		return false
	}
	var seen keySet
	for {
		if i = skipBlanks(line, i+1); i >= len(line) || line[i] != '"' {
			return false
		}
		end := skipString(line, i+1)
		if end < 0 {
			return false
		}
		key := line[i+1 : end-1]
		if bytes.IndexByte(key, '\\') >= 0 || !utf8.Valid(key) {
			key = appendUnescaped(nil, key)
		}
		if !seen.add(key) {
			return true
		}
		// The value stands behind blanks and a colon.
		i = skipBlanks(line, skipBlanks(line, end)+1)
		if slices.Contains(within, string(key)) && repeats(line, i, nil) {
			return true
		}
		if i = skipValue(line, i); i < 0 {
			return false
		}
		if i = skipBlanks(line, i); i >= len(line) || line[i] != ',' {
			return false
		}
	}
}

// A keySet is the keys of one object. Most have few, which need no map.
type keySet struct {
	few  [32][]byte
	n    int
	many map[string]bool
}

// add adds a key, and reports whether it is new.
func (s *keySet) add(key []byte) bool {
	for _, other := range s.few[:s.n] {
		if string(other) == string(key) {
			return false
		}
	}
	if s.n < len(s.few) {
		s.few[s.n] = key
		s.n++
		return true
	}
	if s.many[string(key)] {
		return false
	}
	if s.many == nil {
		s.many = make(map[string]bool)
	}
	s.many[string(key)] = true
	return true
}
