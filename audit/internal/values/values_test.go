package values_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit/internal/lines"
	"github.com/evictlog/evictlog/audit/internal/values"
)

// texts are JSON values and what is nearly one.
var texts = []string{
	``, ` `, `{}`, `[]`, `[ ]`, `{ }`, `""`, `"a\"b\\"`, `"\u00e4\n\/"`, `"\u00g0"`, `"\x"`, "\"\n\"", "\"\x00\"",
	`0`, `-0`, `01`, `1.5e+10`, `1.`, `1.e`, `-`, `1e`, `1e-`, `12 `, `0,`, `-a`, `+1`, `.5`,
	`true`, `false`, `null`, `trux`, `tru`, `nulll`,
	`{"a":1}`, `{"a":{"b":[1,2,{"c":null}]},"d":"e"}`, "{\n  \"a\" : [\n 1 ,\n -2.5e3 ]\n}\n", `[1,[2,[3,[]]],{}]`,
	`{"a":1,}`, `[1,]`, `[,1]`, `{,}`, `{"a"}`, `{"a":}`, `{a:1}`, `[1 2]`, `{"a":1 "b":2}`, `[}`, `{]`, `]`, `[1}`,
	`{"a":1}{"b":2}`, "[1]\x00", "\xff", "[\"\xff\xfe\"]", `{"a":"b`, `{"a":"b"`, `[1,2`, `{"a":[{"b":"c`,
	strings.Repeat("[", 10001), strings.Repeat("[", 10000) + strings.Repeat("]", 10000), `[0.1,0e1,-1E5]`,
}

func FuzzScanner(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text), 3)
	}
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		dec := json.NewDecoder(bytes.NewReader(data))
		var raw json.RawMessage
		err := dec.Decode(&raw)
		var s values.Scanner
		n, st := s.All(data)
		if st == values.More && s.End() {
			st = values.Done
		}
		switch {
		case err == nil:
			if st != values.Done || int64(n) != dec.InputOffset() {
				t.Errorf("status %d after %d bytes, want a value of %d", st, n, dec.InputOffset())
			}
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			if st != values.More {
				t.Errorf("status %d after %d bytes, want more: %v", st, n, err)
			}
		case st != values.Bad:
			t.Errorf("status %d after %d bytes, want an error: %v", st, n, err)
		}
		if at < 0 || at > len(data) {
			return
		}
		s.Reset()
		m, again := s.Scan(data[:at])
		if again == values.More {
			m, again = s.Scan(data[at:])
			m += at
		}
		if again == values.More && s.End() {
			again = values.Done
		}
		if m != n || again != st {
			t.Errorf("in two pieces status %d after %d bytes, in one %d after %d", again, m, st, n)
		}
	})
}

// A leaf is a value that was not entered, and where it ends.
type leaf struct {
	path, text string
	end        int64
}

// walk enters objects and arrays down to a depth, and takes what is in them.
func walk(in *lines.Reader, depth int) (leaves []leaf, err error) {
	r := values.NewReader(in)
	var value func(path string, depth int) error
	value = func(path string, depth int) error {
		c, err := r.Peek()
		if err != nil {
			return err
		}
		if depth == 0 || c != '{' && c != '[' {
			text, err := r.Value(1 << 20)
			end, _ := in.Place()
			leaves = append(leaves, leaf{path, string(text), end})
			return err
		}
		if err := r.Enter(); err != nil {
			return err
		}
		for {
			ok, err := r.Next(c + 2)
			if err != nil || !ok {
				return err
			}
			key := "[]"
			if c == '{' {
				quoted, err := r.Key()
				if err != nil {
					return err
				}
				key = string(quoted)
			}
			if err := value(path+key, depth-1); err != nil {
				return err
			}
		}
	}
	return leaves, value("", depth)
}

// twin does the same with encoding/json, of a value that is valid.
func twin(text string, depth int) []leaf {
	dec := json.NewDecoder(strings.NewReader(text))
	var leaves []leaf
	var value func(path string, depth int)
	value = func(path string, depth int) {
		rest := strings.TrimLeft(text[dec.InputOffset():], " \t\r\n,:")
		if depth == 0 || rest[0] != '{' && rest[0] != '[' {
			var raw json.RawMessage
			if err := dec.Decode(&raw); err != nil {
				panic(err)
			}
			leaves = append(leaves, leaf{path, string(raw), dec.InputOffset()})
			return
		}
		dec.Token()
		for dec.More() {
			key := "[]"
			if rest[0] == '{' {
				from := strings.IndexByte(text[dec.InputOffset():], '"') + int(dec.InputOffset())
				dec.Token()
				key = text[from:dec.InputOffset()]
			}
			value(path+key, depth-1)
		}
		dec.Token()
	}
	value("", depth)
	return leaves
}

func FuzzReader(f *testing.F) {
	for _, text := range texts {
		f.Add(text, uint8(2))
	}
	f.Fuzz(func(t *testing.T, text string, depth uint8) {
		var raw json.RawMessage
		dec := json.NewDecoder(strings.NewReader(text))
		valid := dec.Decode(&raw) == nil && len(raw) > 1 && (raw[0] == '{' || raw[0] == '[')
		for name, in := range map[string]*lines.Reader{
			"at once":  lines.Bytes([]byte(text), 0),
			"bytewise": lines.NewReader(iotest.OneByteReader(strings.NewReader(text)), 1<<20, 0),
		} {
			got, err := walk(in, int(depth))
			if !valid {
				if err == nil && len(raw) == 0 && strings.ContainsAny(text, "{[") {
					t.Errorf("%s: no error for %q", name, text)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if diff := cmp.Diff(twin(text, int(depth)), got, cmp.AllowUnexported(leaf{})); diff != "" {
				t.Errorf("%s (-twin +got):\n%s", name, diff)
			}
		}
	})
}

func TestMend(t *testing.T) {
	for _, tt := range []struct{ head, want string }{
		{`{"a":1,"b":{"c":"d","e":"f`, `{"a":1,"b":{"c":"d"}}`},
		{`{"a":1,"b":{"c":`, `{"a":1}`},
		{`{"a":[1,{"b":2},{"c":tr`, `{"a":[1,{"b":2}]}`},
		{`{"a":12`, ``},
		{`{"a":"x\`, ``},
		{`{"a":12,`, `{"a":12}`},
		{`{"a":{},"b"`, `{"a":{}}`},
		{`["a","b`, ``},
		{`{`, ``},
		{``, ``},
	} {
		got, ok := values.Mend(nil, []byte(tt.head))
		if string(got) != tt.want || ok != (tt.want != "") {
			t.Errorf("%s mended is %s, %v, want %s", tt.head, got, ok, tt.want)
		}
	}
}

// TestSkip goes over a value that is too long to be held.
func TestSkip(t *testing.T) {
	long := `{"a":"` + strings.Repeat("x", 3<<20) + `"}`
	in := lines.NewReader(strings.NewReader("["+long+",1]"), 1<<20, 0)
	r := values.NewReader(in)
	if err := r.Enter(); err != nil {
		t.Fatal(err)
	}
	if ok, err := r.Next(']'); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, err := r.Value(1 << 20); err != values.ErrTooLong {
		t.Fatalf("error %v", err)
	}
	if ok, err := r.Next(']'); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if text, err := r.Value(10); string(text) != "1" || err != nil {
		t.Fatalf("value %q, error %v", text, err)
	}
	if ok, err := r.Next(']'); ok || err != nil {
		t.Fatal(ok, err)
	}
}

// TestFind goes on behind what is damaged, wherever the reads end.
func TestFind(t *testing.T) {
	text := `["a" xxxx {"k":1},2]`
	for _, in := range []*lines.Reader{
		lines.Bytes([]byte(text), 0),
		lines.NewReader(iotest.OneByteReader(strings.NewReader(text)), 1<<20, 0),
	} {
		r := values.NewReader(in)
		if !r.Find([]byte("nothing"), []byte(`{"k"`)) {
			t.Fatal("not found")
		}
		if text, err := r.Value(100); string(text) != `{"k":1}` || err != nil {
			t.Errorf("value %q, error %v", text, err)
		}
		if r.Find([]byte(`{"k"`)) {
			t.Error("found twice")
		}
		if offset, _ := in.Place(); offset != int64(len(text)) {
			t.Errorf("ends at %d of %d", offset, len(text))
		}
	}
}
