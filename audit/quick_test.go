package audit_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
)

// long is an event with an ID, too long to be held by one who does not want it.
func long(id any) string {
	return strings.Replace(event(id), `"stage"`, `"x":"`+strings.Repeat("x", 300<<10)+`","stage"`, 1)
}

// TestRefuses leaves out very long events by their head, and nothing else.
func TestRefuses(t *testing.T) {
	refuses := func(head []byte) bool { return bytes.Contains(head, []byte(`"auditID":"no`)) }
	for _, tt := range []struct {
		name, text string
		skipped    int64
		errs       []error
	}{
		{"long", "§" + e1 + "\n" + long("no") + "\n§" + e2 + "\n", 1, nil},
		{"long, wanted", "§" + long("yes") + "\n", 0, nil},
		{"short", "§" + event("no") + "\n", 0, nil},
		{"first of all", long("no") + "\n§" + e1 + "\n", 1, nil},
		{"CRLF", "§" + e1 + "\r\n" + long("no") + " \r\n§" + e2 + "\r\n", 1, nil},
		{"no newline at the end", "§" + e1 + "\n" + long("no"), 1, nil},
		{"short, no newline at the end", "§" + e1 + "\n§" + event("no"), 0, nil},
		{"ends with NUL", "§" + e1 + "\n" + long("no") + "\x00§" + e2 + "\n", 1, nil},
		{"short, ends with NUL", "§" + e1 + "\x00§" + event("no") + "\x00§" + e2 + "\n", 0, nil},
		{"behind a hole", "§" + e1 + "\n\x00\x00" + long("no") + "\n§" + e2 + "\n", 1, nil},
		{"short, behind a hole", "§" + e1 + "\n\x00§" + event("no") + "\n§" + e2 + "\n", 0, nil},
		{"cut at the end", "§" + e1 + "\n¶" + long("no")[:200<<10], 0, []error{audit.ErrCut}},
		{"cut by a hole", "§" + e1 + "\n¶" + long("no")[:200<<10] + "\x00§" + e2 + "\n", 0, []error{audit.ErrCut}},
		{"cut inside", "§" + e1 + "\n¶" + long("no")[:300<<10] + "\n§" + e2 + "\n", 0, []error{audit.ErrNotJSON}},
		{"damaged, not looked into", "§" + e1 + "\n" + strings.Replace(long("no"), "xx", "\x01\"", 1) + "\n§" + e2 + "\n", 1, nil},
		{"damage before it", "§" + e1 + "\n¶nonsense\n" + long("no") + "\n¶nonsense\n§" + e2 + "\n", 1,
			[]error{audit.ErrNotJSON, audit.ErrNotJSON}},
		{"keys sorted", "§" + strings.Replace(sorted, `"s"`, `"no`+strings.Repeat("x", 300<<10)+`"`, 1) + "\n", 0, nil},
	} {
		text, want := unmark("a.log", tt.text)
		r := audit.NewReader(strings.NewReader(text))
		r.Name, r.Need = "a.log", audit.Need{Unchecked: true, Refuses: refuses}
		got, last := walk(t, r.Events())
		if diff := diffPlaces(want, got); diff != "" || last != nil {
			t.Errorf("%s: last error %v, items (-want +got):\n%s", tt.name, last, diff)
		}
		if diff := cmp.Diff(tt.errs, errorsOf(got), cmpopts.EquateErrors()); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s", tt.name, diff)
		}
		if n := r.Stats().Skipped.Count; n != tt.skipped {
			t.Errorf("%s: skipped %d, want %d", tt.name, n, tt.skipped)
		}
		account(t, r.Stats(), text, got, last)
	}
}

// TestUncheckedKinds reads what is no event, but nearly, as it does when every
// event is checked.
func TestUncheckedKinds(t *testing.T) {
	for _, line := range []string{
		webhook,
		sorted,
		`{"kind":null,"auditID":"a","stage":"Panic"}`,
		`{"kind":{},"auditID":"a","stage":"Panic"}`,
		`{"kind":"Event","apiVersion":null,"auditID":"a","stage":"Panic"}`,
		`{"apiVersion":"audit.k8s.io/v1","kind":["Event"],"auditID":"a","stage":"Panic"}`,
		`{"kind":"Event","kind":null,"apiVersion":"audit.k8s.io/v1"}`,
		`{"kind":null,"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"Panic"}`,
		`{"k\u0069nd":"\u0045vent","apiVersion":"audit.k8s.io\/v1"}`,
		`{"kind.a":"x","kind":"Event","apiVersion":"audit.k8s.io/v1"}`,
		kubectl,
	} {
		text := e1 + "\n" + line + "\n" + e2 + "\n"
		read := func(need audit.Need) []item {
			r := audit.NewReader(strings.NewReader(text))
			r.Need = need
			items, _ := walk(t, r.Events())
			return items
		}
		if diff := diff(read(audit.Need{}), read(audit.Need{Unchecked: true})); diff != "" {
			t.Errorf("%s (-checked +unchecked):\n%s", line, diff)
		}
	}
}
