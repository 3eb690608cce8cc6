package fields

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// checkWalk holds Walk against its twin on a valid object, and against what it
// promises on any bytes.
func checkWalk(t *testing.T, line []byte, names []string) {
	t.Helper()
	set := Compile(names...)
	got, r := walked(set, line, names)
	if r.Offset < 0 || r.Offset > len(line) || r.State != Malformed && r.Offset != 0 {
		t.Fatalf("result %+v of %d bytes", r, len(line))
	}
	checkAccept(t, set, line, names)
	if !isObject(line) {
		return
	}
	if r.State == Malformed {
		t.Fatalf("%q with %q: malformed at %d", line, names, r.Offset)
	}
	want, unclear := slowWalk(t, line, names)
	for i := range names {
		if got[i] != want[i] && !unclear[i] {
			t.Errorf("%q: field %q: got %v, want %v", line, names[i], got[i], want[i])
		}
	}
}

// checkAccept checks that accept is called once for each field that is found,
// and that a walk ends when it is refused.
func checkAccept(t *testing.T, set *Set, line []byte, names []string) {
	t.Helper()
	values := make([]Value, len(names))
	seen := make([]bool, len(names))
	calls := 0
	set.Walk(line, values, func(i int, v Value) bool {
		if seen[i] || v.Kind == Missing || v.Kind != values[i].Kind || !bytes.Equal(v.Raw, values[i].Raw) {
			t.Fatalf("%q: field %q: accept of %v, values has %v", line, names[i], v, values[i])
		}
		seen[i] = true
		calls++
		return true
	})
	for i, v := range values {
		if seen[i] != (v.Kind != Missing) {
			t.Fatalf("%q: field %q: found %v, accepted %v", line, names[i], v, seen[i])
		}
	}
	for last := range calls {
		n := 0
		r := set.Walk(line, values, func(int, Value) bool { n++; return n <= last })
		if r.State != Refused || n != last+1 {
			t.Fatalf("%q: refused at call %d: %v after %d calls", line, last+1, r.State, n)
		}
	}
}

func FuzzWalk(f *testing.F) {
	names := strings.Join(someNames, "\n")
	for _, line := range seedLines(f) {
		f.Add(line, names)
		f.Add(line, "verb\nobjectRef.resource\nstageTimestamp")
		f.Add(line, "annotations.authorization.k8s.io/decision\nuser.groups.1")
	}
	f.Add([]byte(`{"a":{"b":1,"b.c":2},"a.b":3,"":{"":4},"@x":"\ud800"}`), "a\na.b\na.b.c\n\n.\n@x\n@@x")
	for _, test := range walkTests {
		f.Add([]byte(test.line), strings.ReplaceAll(test.names, " ", "\n"))
	}
	f.Fuzz(func(t *testing.T, line []byte, names string) {
		checkWalk(t, line, strings.Split(names, "\n"))
	})
}

// FuzzWalkBuilt makes valid objects of any shape out of the choices.
func FuzzWalkBuilt(f *testing.F) {
	for i := range 40 {
		var choices []byte
		for k := range 120 {
			choices = append(choices, byte(k*k*(i+3)+k*7+i*31))
		}
		f.Add(choices)
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		b := builder{choices: choices[:min(len(choices), 500)]}
		b.object(0)
		line := []byte(b.out.String())
		if !isObject(line) {
			t.Fatalf("built %q", line)
		}
		checkWalk(t, line, someNames)
		checkWalk(t, line, someNames[:b.choose(len(someNames))])
		checkWalk(t, line, tailNames)
		one := someNames[b.choose(len(someNames))]
		checkWalk(t, line, []string{one, "stageTimestamp"})
		checkWalk(t, line, []string{one})
		var values [1]Value
		nothing := Compile("nothing")
		for i := range bytes.TrimRight(line, " \t\r\n") { // a line cut short is never an object
			if r := nothing.Walk(line[:i], values[:], nil); r.State != Malformed {
				t.Fatalf("%q: %v", line[:i], r)
			}
		}
	})
}

var tailNames = []string{
	"stageTimestamp", "requestReceivedTimestamp",
	"annotations.authorization.k8s.io/decision", "annotations.a",
}

// someNames are names of audit events, and others that are hard to keep apart.
var someNames = slices.Concat([]string{
	"verb", "objectRef.resource", "objectRef.subresource", "user.username", "user.groups.1", "user.groups.0",
	"kind", "apiVersion", "level", "auditID", "stage", "requestURI", "userAgent", "sourceIPs.0", "responseStatus.code",
	"user.extra.canonicalArn.0", "requestObject.metadata.name", "responseObject.a.b",
	"a", "a.b", "a.b.c", "a.a", "ab", "b", "", ".", "..", "a.", ".a", "@@x", "@x", "@@", "é", "\ufffd", "a.\ufffd",
	"a.0", "a.0.1", "a.00", "a.2.b", "verb", "stage.a",
}, tailNames)

// A builder writes a JSON object that is decided by choices.
type builder struct {
	choices []byte
	out     strings.Builder
}

func (b *builder) choose(n int) int {
	if len(b.choices) == 0 {
		return 0
	}
	c := b.choices[0]
	b.choices = b.choices[1:]
	return int(c) % n
}

func (b *builder) pick(texts ...string) {
	b.out.WriteString(texts[b.choose(len(texts))])
}

func (b *builder) blanks() {
	b.pick("", "", "", "", "", "", "", " ", "\t\r\n ")
}

func (b *builder) object(depth int) {
	b.blanks()
	b.out.WriteByte('{')
	for n := b.choose(8) * min(1, len(b.choices)); n > 0; n-- {
		b.blanks()
		b.pick(`"verb"`, `"user"`, `"objectRef"`, `"resource"`, `"stage"`, `"stageTimestamp"`, `"requestReceivedTimestamp"`,
			`"annotations"`, `"authorization.k8s.io/decision"`, `"kind"`, `"level"`, `"groups"`, `"username"`, `"a"`, `"b"`, `"c"`,
			`"a.b"`, `"a."`, `".a"`, `""`, `"."`, `"@x"`, `"@"`, `"\u0040x"`, `"\u0061"`, `"\u0076erb"`, `"\\"`, `"\"a"`, `"0"`, `"1"`,
			`"é"`, `"\u00e9"`, `"\ud800"`, "\"\xff\"", `"user.username"`, `"annotations.a"`, `"responseObject"`, `"requestURI"`, `"ab"`)
		b.blanks()
		b.out.WriteByte(':')
		b.value(depth + 1)
		if n > 1 {
			b.out.WriteByte(',')
		}
	}
	b.blanks()
	b.out.WriteByte('}')
	b.blanks()
}

func (b *builder) value(depth int) {
	b.blanks()
	switch c := b.choose(8); {
	case c < 2 && depth < 6:
		b.object(depth)
	case c == 2 && depth < 6:
		b.out.WriteByte('[')
		for n := b.choose(4); n > 0; n-- {
			b.value(depth + 1)
			if n > 1 {
				b.out.WriteByte(',')
			}
		}
		b.blanks()
		b.out.WriteByte(']')
	case c == 3:
		b.pick("0", "-0", "12", "-1.50", "1e9", "2E+7", "1e-3", "9007199254740993")
	case c == 4:
		b.pick("true", "false", "null")
	default:
		b.pick(`""`, `"get"`, `"2026-11-23T07:24:24.803005Z"`, `"\""`, `"\\"`, `"\\\""`, `"a\\\\"`, `"{[\"}]"`, `",\"stageTimestamp\":\"x\""`,
			`"\ud83d\ude00"`, `"\ud83d"`, `"\ude00\ud83dx"`, `"\u0026<>"`, "\"\xff\xc3\"", `"a long string, longer than the words of any loop"`, `"\/\b\f\n\r\t"`)
	}
	b.blanks()
}

// parsed is the slow twin of ParseTime.
func parsed(text string) (nanos int64, ok bool) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t, err = time.Parse(time.DateTime, text)
	}
	if t = t.UTC(); err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return 0, false
	}
	return t.UnixNano(), true
}

func FuzzTime(f *testing.F) {
	for _, line := range seedLines(f) {
		f.Add(line, gjson.GetBytes(line, "stageTimestamp").Str)
	}
	for _, text := range timeTexts {
		f.Add(fmt.Appendf(nil, `{"metadata":{"creationTimestamp":%q}}`, text), text)
		f.Add(fmt.Appendf(nil, `{"stageTimestamp":%q,"a":{"b":"\\\""}}`, text), text)
	}
	f.Fuzz(func(t *testing.T, line []byte, text string) {
		got, ok := ParseTime([]byte(text))
		if want, wantOK := parsed(text); got != want || ok != wantOK {
			t.Errorf("%q: got %d, %v, want %d, %v", text, got, ok, want, wantOK)
		}
		got, ok = Time(line)
		if !isObject(line) {
			return
		}
		names := []string{"stageTimestamp", "requestReceivedTimestamp", "timestamp", "metadata.creationTimestamp"}
		found, _ := slowWalk(t, line, names)
		var want int64
		var wantOK bool
		for i := 0; i < len(found) && !wantOK; i++ {
			if found[i].Kind == String {
				want, wantOK = parsed(found[i].Text)
			}
		}
		if (got != want || ok != wantOK) && !repeatsTime(line) {
			t.Errorf("%q: got %d, %v, want %d, %v", line, got, ok, want, wantOK)
		}
	})
}

// repeatsTime reports whether the line has a key twice: if it tells a time,
// Time may take either.
func repeatsTime(line []byte) bool {
	count := map[string]int{}
	repeats := false
	gjson.ParseBytes(line).ForEach(func(key, _ gjson.Result) bool {
		first, _, _ := strings.Cut(key.Str, ".")
		count[first]++
		repeats = repeats || count[first] > 1
		return true
	})
	return repeats
}

var timeTexts = []string{
	"2026-11-23T07:24:24.803005Z", "2024-02-29T23:59:59.999999Z", "2023-02-29T00:00:00.000000Z", "2100-02-29T00:00:00.000000Z",
	"2000-02-29T00:00:00.000000Z", "1970-01-01T00:00:00.000000Z", "1969-12-31T23:59:59.999999Z", "1678-01-01T00:00:00.000000Z",
	"1677-12-31T00:00:00.000000Z", "2261-12-31T23:59:59.999999Z", "2262-01-01T00:00:00.000000Z", "2026-13-01T00:00:00.000000Z",
	"2026-00-01T00:00:00.000000Z", "2026-04-31T00:00:00.000000Z", "2026-04-00T00:00:00.000000Z", "2026-04-30T24:00:00.000000Z",
	"2026-04-30T23:60:00.000000Z", "2026-04-30T23:59:60.000000Z", "2026-04-30T23:59:59.00000:Z", "2026-04-30T23:59:59,000000Z",
	"2026-04-30T23:59:59.000000z", "2026-04-30 23:59:59.000000Z", "2017-06-21T14:27:30Z", "2026-11-23T07:24:24.8+01:00",
	"2022-11-29 00:09:04.38", "2022-11-29 00:09:04", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "", "null",
}

func FuzzText(f *testing.F) {
	for _, raw := range []string{
		``, `abc`, `\"\\\/\b\f\n\r\t`, `\u0026`, `\u00e9é`, `\ud83d\ude00`, `\ud83d`, `\ude00\ud83d`, `\ud83d\ud83d\ude00`, `\ud83dx`,
		`\ud83d\n`, `\ud83d\u0061`, `\uD83D\uDE00`, "\xff", "a\xc3", "\xed\xa0\x80", `\u0000`, `\ufffd`, `\u2028`, "\xff\\n\xfe",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		v := Value{Kind: String, Escaped: strings.Contains(raw, `\`), Raw: []byte(raw)}
		got := string(v.AppendText([]byte("x")))
		if !strings.HasPrefix(got, "x") || !utf8.ValidString(got) {
			t.Fatalf("%q: got %q", raw, got)
		}
		var want string
		if err := json.Unmarshal(fmt.Appendf(nil, `"%s"`, raw), &want); err == nil && got != "x"+want {
			t.Errorf("%q: got %q, want %q", raw, got[1:], want)
		}
	})
}
