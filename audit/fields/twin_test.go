package fields

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// This file holds the slow, obvious twin of Walk: it decodes the whole line
// with encoding/json and then looks for one name at a time.

// A tree is a decoded JSON value.
type tree struct {
	leaf    Value // Raw is the text, unescaped
	keys    []string
	values  []tree
	isArray bool
}

// A text is a field as tests compare it.
type text struct {
	Kind Kind
	Text string
}

// decode reads one valid JSON value.
func decode(t testing.TB, d *json.Decoder) tree {
	token, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	var n tree
	switch token := token.(type) {
	case json.Delim:
		n.isArray = token == '['
		for d.More() {
			if !n.isArray {
				key, err := d.Token()
				if err != nil {
					t.Fatal(err)
				}
				n.keys = append(n.keys, key.(string))
			} else {
				n.keys = append(n.keys, strconv.Itoa(len(n.keys)))
			}
			n.values = append(n.values, decode(t, d))
		}
		if _, err := d.Token(); err != nil {
			t.Fatal(err)
		}
	case string:
		n.leaf = Value{Kind: String, Raw: []byte(token)}
	case json.Number:
		n.leaf = Value{Kind: Number, Raw: []byte(token)}
	case bool:
		n.leaf = Value{Kind: False, Raw: []byte("false")}
		if token {
			n.leaf = Value{Kind: True, Raw: []byte("true")}
		}
	}
	return n
}

// slowWalk is what Walk must find in a valid JSON object. Unclear are the
// names about which Walk promises nothing: those that begin with a tail key
// that the line has twice.
func slowWalk(t testing.TB, line []byte, names []string) (found []text, unclear []bool) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	top := decode(t, d)
	for i, key := range top.keys {
		if strings.HasPrefix(key, "@") {
			top.keys[i] = "@" + key
		}
	}
	for _, name := range names {
		first, _, _ := strings.Cut(name, ".")
		same := 0
		for _, key := range top.keys {
			if part, _, _ := strings.Cut(key, "."); part == first {
				same++
			}
		}
		unclear = append(unclear, same > 1 && slices.Contains(tailKeys[:], first))
		v := top.find(name, first)
		found = append(found, text{v.Kind, string(v.Raw)})
	}
	return found, unclear
}

// find returns the first leaf of the name below n. A key that is equal to
// settles ends the search.
func (n tree) find(name, settles string) Value {
	for i, key := range n.keys {
		v := Value{}
		if name == key {
			v = n.values[i].leaf
		} else if rest, ok := strings.CutPrefix(name, key+"."); ok {
			v = n.values[i].find(rest, "\xff") // not a key
		}
		if v.Kind != Missing || key == settles {
			return v
		}
	}
	return Value{}
}

// walked is what Walk finds.
func walked(s *Set, line []byte, names []string) ([]text, Result) {
	values := make([]Value, len(names))
	r := s.Walk(line, values, nil)
	found := make([]text, len(names))
	for i, v := range values {
		found[i] = text{v.Kind, string(v.AppendText(nil))}
	}
	return found, r
}

// isObject reports whether line is a JSON object.
func isObject(line []byte) bool {
	line = bytes.TrimLeft(line, " \t\r\n")
	return json.Valid(line) && line[0] == '{'
}
