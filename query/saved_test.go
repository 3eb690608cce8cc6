package query

import (
	"fmt"
	"strings"
	"testing"
)

// TestSavedVectors checks, for the query of every vector, that a call of it is the
// same query, alone and cut in two, and is refused where the query is.
func TestSavedVectors(t *testing.T) {
	same := func(path string, want *Query, src string, texts ...string) {
		saved := map[string]SavedQuery{}
		for i, text := range texts {
			saved["q"+fmt.Sprint(i+1)] = SavedQuery{Text: text}
		}
		got, err := ParseWith(src, &ParseOptions{Saved: saved})
		if err != nil {
			t.Errorf("%s, by %s: %v", path, src, err)
			return
		}
		if got.String() != want.String() || got.Explain() != want.Explain() {
			t.Errorf("%s, by %s:\n%s\n%s\nwant\n%s\n%s", path, src, got, got.Explain(), want, want.Explain())
		}
		if a, b := len(got.Diagnostics()), len(want.Diagnostics()); a != b {
			t.Errorf("%s, by %s: %d diagnostics, want %d: %v", path, src, a, b, got.Diagnostics())
		}
	}
	n := 0
	for _, v := range vectors(t) {
		if strings.Contains(v.query, "{{") || v.saved() != nil || v.Header["kind"] == "run" {
			continue
		}
		q, err := Parse(v.query)
		if err != nil {
			saved := map[string]SavedQuery{"q1": {Text: v.query}}
			if _, calledErr := ParseWith("$q1() | limit 1", &ParseOptions{Saved: saved}); calledErr == nil {
				t.Errorf("%s: called, it is not refused: %v", v.Path, err)
			}
			continue
		}
		n++
		same(v.Path, q, "$q1()", v.query)
		for i := 1; i < len(q.commands); i++ {
			texts := commandTexts(q.commands)
			head, tail := strings.Join(texts[:i], "|"), strings.Join(texts[i:], "|")
			same(v.Path, MustParse(q.String()), "$q1() # the first half\n| $q2()", head, tail)
		}
	}
	if n == 0 {
		t.Error("no vector was called")
	}
}

// TestSavedPlaces checks that a place behind calls and in the middle of values is
// the one that was written, however calls and parameters stand to each other.
func TestSavedPlaces(t *testing.T) {
	opts := &ParseOptions{
		Parameters: map[string]string{"a": "n", "call": "$long() | $one(p=n)", "head": "$one(p=", "none": ""},
		Saved: map[string]SavedQuery{
			"one": {Text: "fields {{p}}"}, "long": {Text: "fields n, n, n, n, n, n, n # {{none}}", Defaults: map[string]string{"none": "and so on"}},
		},
	}
	const all = " # {{a}}{{call}}{{head}}{{none}}\n| limt 1"
	for _, src := range []string{
		"fields n",
		"$one(p={{a}})",
		"$one(p=n) | $long()",
		"$long() | {{none}}$one(p={{a}}){{none}}",
		"{{call}} | fields {{a}}",
		"fields {{a}} | {{call}} | {{call}}",
		"{{head}}{{a}}) | $long()",
		"fields {{a}} | {{head}}n) | {{head}}{{a}}{{none}})",
	} {
		_, err := ParseWith(src+all, opts)
		e, ok := err.(*Error)
		if !ok || e.Query != src+all || e.Query[e.Pos.Offset:e.End.Offset] != "limt" || e.Msg != `unknown command "limt"` {
			t.Errorf("%s: %v", src, err)
		}
	}
}
