package query

import (
	"encoding/json"
	"strconv"
	"strings"
)

// mapValue returns a map of keys, each a string with its value behind it.
func mapValue(entries []Value) Value { return structureValue(KindMap, entries) }

// parseStructure reads a JSON object or array. Anything else is missing. Of a
// key that an object has twice the first value holds, as in events.
func parseStructure(text string) Value {
	text = strings.TrimSpace(text)
	if text == "" || text[0] != '{' && text[0] != '[' || !json.Valid([]byte(text)) {
		return Value{}
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	return takeStructure(dec)
}

// takeStructure reads the next value of a valid text. A number that is too
// large to be one is missing, as null is.
func takeStructure(dec *json.Decoder) Value {
	tok, _ := dec.Token()
	switch tok := tok.(type) {
	case json.Delim:
		var v Value
		if tok == '{' {
			v = mapValue(takeEntries(dec))
		} else {
			v = listValue(takeElements(dec))
		}
		_, _ = dec.Token() // the closing one
		return v
	case string:
		return stringValue(tok)
	case json.Number:
		return writtenNumber(string(tok))
	case bool:
		return boolValue(tok)
	}
	return Value{}
}

func takeElements(dec *json.Decoder) []Value {
	var list []Value
	for dec.More() {
		list = append(list, takeStructure(dec))
	}
	return list
}

func takeEntries(dec *json.Decoder) []Value {
	var entries []Value
	seen := map[string]bool{}
	for dec.More() {
		key, value := takeStructure(dec), takeStructure(dec)
		if !seen[key.text] {
			seen[key.text] = true
			entries = append(entries, key, value)
		}
	}
	return entries
}

// element is the n-th element of a list, counting from 0; missing if there is
// none.
func (v Value) element(n int) Value {
	if v.kind != KindList || n >= len(v.elements()) {
		return Value{}
	}
	return v.elements()[n]
}

// at follows a path of keys, and of places in lists, with dots between them. A
// key may have dots of its own: as in events, {"a.b":1} and {"a":{"b":1}} have
// the same path, and the first in the text holds.
func (v Value) at(path string) Value {
	if v.kind == KindList {
		head, rest, more := strings.Cut(path, ".")
		n, err := strconv.Atoi(head)
		if err != nil || n < 0 || strconv.Itoa(n) != head {
			return Value{}
		}
		if v = v.element(n); more {
			return v.at(rest)
		}
		return v
	}
	if v.kind != KindMap {
		return Value{}
	}
	for i := 0; i < len(v.elements()); i += 2 {
		rest, ok := strings.CutPrefix(path, v.elements()[i].text)
		switch {
		case !ok:
		case rest == "" && !v.elements()[i+1].Missing():
			return v.elements()[i+1]
		case rest != "" && rest[0] == '.':
			if found := v.elements()[i+1].at(rest[1:]); !found.Missing() {
				return found
			}
		}
	}
	return Value{}
}

// appendJSON appends v as JSON in which booleans are true and false.
func (v Value) appendJSON(dst []byte) []byte {
	switch v.kind {
	case KindBool:
		return strconv.AppendBool(dst, v.bits == 1)
	case KindList:
		dst = append(dst, '[')
		for i, item := range v.elements() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.appendJSON(dst)
		}
		return append(dst, ']')
	case KindMap:
		dst = append(dst, '{')
		for i, item := range v.elements() {
			if i > 0 {
				dst = append(dst, ",:"[i%2])
			}
			dst = item.appendJSON(dst)
		}
		return append(dst, '}')
	}
	text, _ := v.MarshalJSON()
	return append(dst, text...)
}
