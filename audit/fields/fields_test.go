package fields

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seedLines are the lines of testdata.
func seedLines(t testing.TB) [][]byte {
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata: %v, %v", files, err)
	}
	var lines [][]byte
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, bytes.Split(bytes.TrimRight(data, "\n"), []byte("\n"))...)
	}
	return lines
}

// Each test is one rule. Want has, for each name, the text of the field, with
// the kind before it where it is no string; "-" is a missing field.
var walkTests = []struct {
	rule  string
	line  string
	names string // with blanks between them
	want  string
	state State
}{
	{"a field at the top", `{"verb":"get"}`, "verb", "get", Settled},
	{"a field below", `{"user":{"username":"a"}}`, "user.username", "a", Settled},
	{"no field", `{"user":{"username":"a"}}`, "verb", "-", End},
	{"an empty object", `{}`, "verb", "-", End},
	{"blanks before and behind", " \t{ } \r\n", "verb", "-", End},
	{"blanks everywhere", "{ \"a\" : [ 1 , { \"b\"\t:\t\"x\" } ] , \"c\" : true }", "a.1.b c a.0", "x True:true Number:1", Settled},
	{"names are not prefixes", `{"verbs":"1","ver":"2","verb":"3"}`, "verb", "3", Settled},
	{"case counts", `{"Verb":"1","VERB":"2"}`, "verb", "-", End},

	{"a key with dots", `{"a.b":"1"}`, "a.b", "1", Settled},
	{"a key with dots below", `{"annotations":{"x.io/y.z":"1"}}`, "annotations.x.io/y.z", "1", Settled},
	{"keys cut anywhere", `{"a":{"b.c":{"d":"1"}},"e.f":{"g":"2"}}`, "a.b.c.d e.f.g", "1 2", Settled},
	{"a name and one below it", `{"a":{"b":"1"},"a.b":"2"}`, "a a.b", "- 1", Settled},
	{"empty keys", `{"":{"":"1"},"a":{"":"2"}}`, ". a.", "1 2", Settled},
	{"an empty name", `{"":"1"}`, "", "1", Settled},
	{"one name twice", `{"a":"1"}`, "a a", "1 1", Settled},

	{"array indexes", `{"a":["x",["y","z"]]}`, "a.0 a.1.1 a.2", "x z -", Settled},
	{"indexes as keys", `{"a":{"0":"x","00":"y"}}`, "a.0 a.00", "x y", Settled},
	{"indexes without zeros before them", `{"a":["x"]}`, "a.00 a.+0 a.-0", "- - -", Settled},
	{"an empty array", `{"a":[]}`, "a.0", "-", Settled},
	{"no index into a string", `{"a":"x"}`, "a.0", "-", Settled},

	{"kinds", `{"s":"","n":-1.50E+3,"t":true,"f":false,"z":null,"o":{},"a":[]}`, "s n t f z o a",
		" Number:-1.50E+3 True:true False:false - - -", Settled},
	{"numbers as written", `{"a":9007199254740993,"b":1e400,"c":-0}`, "a b c",
		"Number:9007199254740993 Number:1e400 Number:-0", Settled},

	{"an @ before an @", `{"@x":"1"}`, "@@x @x", "1 -", Settled},
	{"only at the top", `{"a":{"@x":"1"}}`, "a.@x a.@@x", "1 -", Settled},
	{"an @ with an escape", `{"\u0040x":"1"}`, "@@x", "1", Settled},

	{"a key with an escape", `{"\u0076erb":"get"}`, "verb", "get", Settled},
	{"a key with a quote", `{"a\"":"1","b":"2"}`, `a" b`, "1 2", Settled},
	{"a key beyond ASCII", `{"é":"1","\u00e8":"2"}`, "é è", "1 2", Settled},
	{"a key with half a pair", `{"\ud800":"1"}`, "\ufffd", "1", Settled},
	{"a key that is not UTF-8", "{\"\xff\":\"1\"}", "\ufffd \xff", "1 -", Settled},
	{"a value with escapes", `{"a":"\ud83d\ude00\u0026\n\\\""}`, "a", "😀&\n\\\"", Settled},
	{"a value that ends in a backslash", `{"a":"\\","b":"\\\\","c":"x"}`, "b a c", `\\ \ x`, Settled},
	{"half a pair", `{"a":"\ude00\ud83dx"}`, "a", "\ufffd\ufffdx", Settled},
	{"a value that is not UTF-8", "{\"a\":\"\xffx\"}", "a", "\ufffdx", Settled},

	{"the first key of two at the top", `{"a":"1","a":"2"}`, "a", "1", Settled},
	{"also if it has no field", `{"a":null,"a":"2","b":"3"}`, "a b", "- 3", Settled},
	{"the first key settles", `{"a":{"c":"1"},"a":{"b":"2"},"z":"3"}`, "a.b z", "- 3", Settled},
	{"also for keys with dots", `{"a":{"c":"1"},"a.b":"2","z":"3"}`, "a.b z", "- 3", Settled},
	{"keys with dots settle nothing", `{"a.c":"1","a.b":"2","a":{"d":"3"}}`, "a.b a.d", "2 3", Settled},
	{"the first leaf below", `{"a":{"b":null,"b":"1","b":"2"}}`, "a.b", "1", Settled},
	{"a tail key twice: from the end", `{"stageTimestamp":"1","stageTimestamp":"2"}`, "stageTimestamp", "2", Settled},

	{"brackets in strings", `{"x":"{[\"}]","y":{"z":"}}\\"},"a":"1"}`, "a", "1", Settled},
	{"a key in a string", `{"x":",\"a\":\"2\"","a":"1"}`, "a", "1", Settled},
	{"an event in a string", `{"x":"{\"stageTimestamp\":\"2\"}"}`, "stageTimestamp", "-", End},
	{"a tail key in a body", `{"x":{"stageTimestamp":"2"}}`, "stageTimestamp", "-", End},
	{"a tail key first", `{"stageTimestamp":"1","x":{"stageTimestamp":"2"}}`, "stageTimestamp", "1", Settled},
	{"a tail key with an escape", `{"x":{},"\u0073tageTimestamp":"1"}`, "stageTimestamp", "1", Settled},
	{"annotations that are none", `{"annotations":null,"x":1}`, "annotations.a", "-", Settled},
	{"annotations in the middle", `{"annotations":{"a":"1"},"x":1}`, "annotations.a", "1", Settled},
	{"all of the tail", `{"x":{"annotations":{"a":"2"}},"requestReceivedTimestamp":"1","stageTimestamp":"2","annotations":{"a":"\"3\\"}}`,
		"annotations.a x.y stageTimestamp requestReceivedTimestamp", `"3\ - 2 1`, Settled},

	{"no object", `[{"verb":"get"}]`, "verb", "-", Malformed},
	{"nothing", ``, "verb", "-", Malformed},
	{"cut short", `{"a":{"b":1`, "a.b c", "Number:1 -", Malformed},
	{"two objects", `{} {}`, "verb", "-", Malformed},
	{"a comma too many", `{"a":1,}`, "b", "-", Malformed},
	{"no number", `{"a":01}`, "a", "-", Malformed},
	{"no literal", `{"a":tru}`, "a", "-", Malformed},
	{"no colon", `{"a" 1}`, "a", "-", Malformed},
	{"not looked at", `{"a":"1",`, "a", "1", Settled},
}

func TestWalk(t *testing.T) {
	for _, test := range walkTests {
		t.Run(test.rule, func(t *testing.T) {
			names := strings.Split(test.names, " ")
			found, r := walked(Compile(names...), []byte(test.line), names)
			var got []string
			for _, f := range found {
				switch f.Kind {
				case Missing:
					f.Text = "-"
				case Number, True, False:
					f.Text = fmt.Sprint(f.Kind, ":", f.Text)
				}
				got = append(got, f.Text)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s: fields (-want +got):\n%s", test.line, diff)
			}
			if r.State != test.state {
				t.Errorf("%s: state %v, want %v", test.line, r.State, test.state)
			}
			checkWalk(t, []byte(test.line), names)
		})
	}
}

// TestOffset marks the place where a line stops being JSON.
func TestOffset(t *testing.T) {
	for _, marked := range []string{
		`§`, `§[]`, ` §x`, `{§x`, `{"a§`, `{"a"§`, `{"a"§;1}`, `{"a":§}`, `{"a":1§`, `{"a":1,§`, `{"a":1§ "b"`, `{"a":1,§}`,
		`{"a":{"x":[}§`, `{"a":1}§}`, `{"verb":§01}`, `{"verb":"x§`, `{"user":{"x":1,§}}`, `{"user":{"username"§,}}`,
	} {
		line := strings.Replace(marked, "§", "", 1)
		marked = strings.Replace(marked, `1§ "b"`, `1 §"b"`, 1)
		want := Result{Malformed, strings.Index(marked, "§")}
		values := make([]Value, 2)
		if got := Compile("verb", "user.username").Walk([]byte(line), values, nil); got != want {
			t.Errorf("%s: got %+v, want %+v", marked, got, want)
		}
	}
}

// TestRefuse refuses at each field of real lines in turn.
func TestRefuse(t *testing.T) {
	for _, line := range seedLines(t) {
		checkAccept(t, Compile(someNames...), line, someNames)
	}
}

// TestManyNames has more keys at the top than one word has bits.
func TestManyNames(t *testing.T) {
	var names []string
	line := "{"
	for i := range 300 {
		names = append(names, fmt.Sprintf("k%d.x", i))
		line += fmt.Sprintf(`"k%d":{"x":%d},"k%d.x":true,`, i, i, i)
	}
	line += `"end":1}`
	found, r := walked(Compile(names...), []byte(line), names)
	for i, f := range found {
		if want := (text{Number, fmt.Sprint(i)}); f != want {
			t.Errorf("%s: got %v, want %v", names[i], f, want)
		}
	}
	if r.State != Settled {
		t.Errorf("state %v", r.State)
	}
	checkWalk(t, []byte(line), append(names, "end", "missing"))
}

// TestDeep nests deeper than any stack would like.
func TestDeep(t *testing.T) {
	const depth = 1 << 20
	for _, open := range []string{`[`, `{"a":`, `[{"a":[`} {
		line := []byte(`{"x":` + strings.Repeat(open, depth))
		found, r := walked(Compile("x.a.a.a", "verb"), line, []string{"x.a.a.a", "verb"})
		if found[0].Kind != Missing || r.State != Malformed {
			t.Errorf("%s: %v, %v", open, found, r)
		}
		Time(append(line, strings.Repeat("}", depth)...))
	}
}

func TestAllocs(t *testing.T) {
	names := []string{"verb", "objectRef.resource", "user.groups.0", "annotations.authorization.k8s.io/decision", "stageTimestamp"}
	set := Compile(names...)
	values := make([]Value, len(names))
	var text []byte
	lines := seedLines(t)
	allocs := testing.AllocsPerRun(10, func() {
		for _, line := range lines {
			set.Walk(line, values, func(int, Value) bool { return true })
			for _, v := range values {
				text = v.AppendText(text[:0])
			}
			Time(line)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations in %d lines, want none", allocs, len(lines))
	}
}

func TestNames(t *testing.T) {
	got := fmt.Sprint(Missing, String, Number, True, False, Kind(9), Settled, End, Refused, Malformed, State(9))
	if want := "Missing String Number True False Kind(9) Settled End Refused Malformed State(9)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
