package audit

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestInstant(t *testing.T) {
	want := time.Date(2026, 11, 23, 7, 24, 23, 852000000, time.UTC)
	for value, back := range map[string]time.Duration{
		`1795418663.852`:              0,
		`"1795418663.852"`:            0,
		`1795418663.8520000009`:       0,
		`1795418663`:                  852 * time.Millisecond,
		`1795418663852`:               0,
		`1795418663852000`:            0,
		`"1795418663852000000"`:       0,
		`"2026-11-23T07:24:23.852Z"`:  0,
		`"2026-11-23 07:24:23.852"`:   0,
		`"2026-11-23 07:24:23.8 UTC"`: 52 * time.Millisecond,
	} {
		if got := instant([]byte(value)); !got.Equal(want.Add(-back)) {
			t.Errorf("%s is %v, want %v", value, got, want.Add(-back))
		}
	}
	for _, value := range []string{``, `""`, `0`, `-1`, `1e9`, `1.2.3`, `.5`, `true`, `"soon"`, `99999999999999999999`, `{}`} {
		if got := instant([]byte(value)); !got.IsZero() {
			t.Errorf("%s is %v, want none", value, got)
		}
	}
}

func TestIsRecord(t *testing.T) {
	for text, want := range map[string]bool{
		`[1795418663.852,{"log":"x"}]`:     true,
		`[ "tag", 1795418663, {"log":"x`:   true,
		`["1795418664876000000","line"]`:   true,
		`[]`:                               false,
		`[{"kind":"Event"}]`:               false,
		`["I1123 07:24:21 text","2026 x"]`: false,
		`["{\"kind\":\"Event\"}",1]`:       true, // and no wrapper knows it
		`["{\"kind\":\"Ev`:                 false,
	} {
		if got := isRecord([]byte(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestLabelsEnd(t *testing.T) {
	for text, want := range map[string]int{
		`{}`:                         2,
		`{a="b"} x`:                  7,
		`{a="}\"", cluster="c"}  {"`: 22,
		`{"kind":"Event"}`:           0,
		`{a=b}`:                      0,
		`{a="b"`:                     0,
		`{a="b`:                      0,
		`{a=`:                        0,
	} {
		if got := labelsEnd([]byte(text)); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

// TestShippedPartial reads files that end within a record.
func TestShippedPartial(t *testing.T) {
	const event = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"Panic"}`
	for _, e := range shipperEnvelopes {
		if !e.lines {
			continue
		}
		text := e.wrap([]string{event}) + strings.TrimSuffix(e.wrap([]string{event}), "\n")
		r := NewReader(strings.NewReader(text[:len(text)-9]))
		var n int
		var errs []error
		for _, err := range r.Events() {
			if err != nil {
				errs = append(errs, err)
			} else {
				n++
			}
		}
		if n != 1 || len(errs) != 1 || !errors.Is(errs[0], ErrCut) && !errors.Is(errs[0], ErrNotJSON) {
			t.Errorf("%s: %d events, %v", e.name, n, errs)
		}
	}
}

// TestTextualNeed checks that a literal is found in an event whose objects are
// strings, where escapes stand within escapes.
func TestTextualNeed(t *testing.T) {
	const (
		first = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"id0","stage":"Panic","objectRef":{"subresource":"eviction"}}` + "\n"
		rest  = `"apiVersion":"audit.k8s.io/v1","auditID":"id1","stage":"Panic","user":"{\"username\":\"\\u0065viction\"}"}` + "\n"
	)
	for _, head := range []string{`{"kind":"Event",`, `{"__time__":1795418663,"kind":"Event",`} {
		for _, need := range []Need{{Literals: []string{"eviction"}}, {Unchecked: true}} {
			got, errs := idsIn(t, first+head+rest, need)
			if diff := cmp.Diff([]string{"id0", "id1"}, got); diff != "" || errs != 0 {
				t.Errorf("%s with %v: %d errors, %s", head, need, errs, diff)
			}
		}
	}
}
