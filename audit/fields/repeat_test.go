package fields

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestRepeats(t *testing.T) {
	for text, want := range map[string]bool{
		`{}`:                                     false,
		`{"a":1,"b":{"a":1},"c":["a","a"]}`:      false,
		`{"a":1,"b":2,"a":3}`:                    true,
		`{"a":1,"\u0061":2}`:                     true,
		` { "a" : 1 , "a" : 2 } `:                true,
		`{"x":{"a":1,"a":2}}`:                    false,
		`{"in":{"a":1,"a":2}}`:                   true,
		`{"in":{"a":{"b":1,"b":2}}}`:             false,
		`{"in":["a","a"],"on":"a"}`:              false,
		`{"":1,"":2}`:                            true,
		`{"a":"}","b":"\",\"a\":1","c":{"a":1}}`: false,
		`[1]`:                                    false,
		`{"a":1`:                                 false,
		``:                                       false,
	} {
		if got := Repeats([]byte(text), "in"); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	line := []byte(`{"kind":"Event","user":{"username":"a","groups":["b"]},"objectRef":{"resource":"pods"},"code":200}`)
	if n := testing.AllocsPerRun(100, func() { Repeats(line, "user", "objectRef") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestRepeatsMany looks at objects with more keys than most have.
func TestRepeatsMany(t *testing.T) {
	var b strings.Builder
	b.WriteByte('{')
	for i := range 100_000 {
		fmt.Fprintf(&b, `"key%d":0,`, i)
	}
	for last, want := range map[string]bool{`"key":0}`: false, `"key7":0}`: true, `"key77":0}`: true} {
		if got := Repeats([]byte(b.String() + last)); got != want {
			t.Errorf("%s: %v, want %v", last, got, want)
		}
	}
}

// FuzzRepeats holds Repeats to encoding/json, and to any bytes.
func FuzzRepeats(f *testing.F) {
	for _, s := range []string{`{"a":1,"in":{"b":2,"c":[{}]},"a":3}`, `{"\u0061":1,"a":2}`, `{"in":{"":null,"":0}}`, `{`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := Repeats(text, "in")
		if !json.Valid(text) {
			return
		}
		want := slowRepeats(text)
		var top map[string]json.RawMessage
		if json.Unmarshal(text, &top) == nil && !want {
			want = slowRepeats(top["in"])
		}
		if got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	})
}

// slowRepeats reports whether the text is an object that has a key twice.
func slowRepeats(text []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(text))
	if tok, _ := dec.Token(); tok != json.Delim('{') {
		return false
	}
	seen := map[any]bool{}
	for dec.More() {
		key, _ := dec.Token()
		if seen[key] {
			return true
		}
		seen[key] = true
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return false
		}
	}
	return false
}
