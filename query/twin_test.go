package query

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// What stands here are slow and obvious twins of what the package does fast.

// A slowField is a leaf of an event with its flattened name.
type slowField struct {
	name  string
	value Value
}

// slowFields are all fields of an event, in the order of the document, with
// those of keys that repeat. An event that is no object has none.
func slowFields(raw []byte) []slowField {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	var out []slowField
	if !json.Valid(raw) || strings.TrimSpace(string(raw))[0] != '{' {
		return nil
	}
	slowWalk(dec, nil, func(path []string, v Value) {
		path = slices.Clone(path)
		if strings.HasPrefix(path[0], "@") {
			path[0] = "@" + path[0]
		}
		out = append(out, slowField{strings.Join(path, "."), v})
	})
	return out
}

// slowWalk calls leaf for every leaf of the value that comes next.
func slowWalk(dec *json.Decoder, path []string, leaf func([]string, Value)) {
	tok, _ := dec.Token()
	switch tok := tok.(type) {
	case json.Delim:
		for i := 0; dec.More(); i++ {
			key := strconv.Itoa(i)
			if tok == '{' {
				name, _ := dec.Token()
				key = name.(string)
			}
			slowWalk(dec, append(path, key), leaf)
		}
		dec.Token()
	case string:
		leaf(path, stringValue(tok))
	case json.Number:
		leaf(path, writtenNumber(string(tok)))
	case bool:
		leaf(path, boolValue(tok))
	}
}

// slowLookup is the value of a field: the first one that has the name.
func slowLookup(fields []slowField, name string) Value {
	for _, f := range fields {
		if f.name == name && !f.value.Missing() {
			return f.value
		}
	}
	return Value{}
}

// hasLiterals reports whether every literal is in a key or in a string value
// of the event.
func hasLiterals(raw []byte, literals []string) bool {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	var texts []string
	for {
		tok, err := dec.Token()
		if err != nil {
			break
		}
		if s, ok := tok.(string); ok {
			texts = append(texts, s)
		}
	}
	for _, literal := range literals {
		if !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, literal) }) {
			return false
		}
	}
	return true
}
