package fields

import (
	"bytes"
	"slices"
)

// Repeats reports whether the object at the top of line has a key twice, or one
// of the objects in it that are the values of the given keys. Keys are compared
// without their escapes. The line is valid JSON; of other bytes the answer means
// nothing.
func Repeats(line []byte, within ...string) bool {
	return repeats(line, skipBlanks(line, 0), within)
}

// repeats looks at the object at i.
func repeats(line []byte, i int, within []string) bool {
	if i >= len(line) || line[i] != '{' {
		return false
	}
	var few [32][]byte // most objects have no more keys
	keys := few[:0]
	for {
		if i = skipBlanks(line, i+1); i >= len(line) || line[i] != '"' {
			return false
		}
		end := skipString(line, i+1)
		if end < 0 {
			return false
		}
		key := line[i+1 : end-1]
		if bytes.IndexByte(key, '\\') >= 0 {
			key = appendUnescaped(nil, key)
		}
		for _, other := range keys {
			if string(other) == string(key) {
				return true
			}
		}
		keys = append(keys, key)
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
