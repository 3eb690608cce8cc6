package audit

import (
	"errors"
	"strings"
	"testing"
)

// TestStrictRepeats checks that strict reading refuses events that have a key
// twice where it says who did what, and only there.
func TestStrictRepeats(t *testing.T) {
	const head = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"Panic"`
	for text, refused := range map[string]bool{
		head + `,"verb":"get","objectRef":{"resource":"pods"}}`:                      false,
		head + `,"verb":"get","verb":"delete"}`:                                      true,
		head + `,"verb":"get","v\u0065rb":"delete"}`:                                 true,
		head + `,"objectRef":{"resource":"pods","resource":"nodes"}}`:                true,
		head + `,"user":{"username":"a","username":"b"}}`:                            true,
		head + `,"requestObject":{"a":1,"a":2}}`:                                     false,
		head + `,"sourceIPs":["1","1"],"user":["username","username"]}`:              false,
		head + `,"responseStatus":{"code":1,"code":2},"requestObject":{"code":200}}`: true,
	} {
		for _, strict := range []bool{false, true} {
			r := NewReader(strings.NewReader(head + "}\n" + text + "\n" + head + "}\n"))
			r.Need.Strict = strict
			events, damaged := 0, 0
			for _, err := range r.Events() {
				switch {
				case err == nil:
					events++
				case errors.Is(err, ErrNotEvent):
					damaged++
				default:
					t.Error(err)
				}
			}
			want := 3
			if strict && refused {
				want = 2
			}
			if events != want || damaged != 3-want {
				t.Errorf("%s: strict %v: %d events and %d errors", text, strict, events, damaged)
			}
		}
	}
}
