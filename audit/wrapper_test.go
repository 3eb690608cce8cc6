package audit

import (
	"bytes"
	"testing"
	"testing/fstest"
)

// TestNeedsLook holds that what a body says of users does not pass for the user
// of the event, which would cost the quick path of a whole file.
func TestNeedsLook(t *testing.T) {
	const head = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"a","stage":"ResponseComplete",`
	for _, test := range []struct {
		name, line string
		want       bool
	}{
		{"as the API server writes it", `"user":{"username":"u"},"objectRef":{}}`, false},
		{"a review in the body", `"user":{"username":"u"},"requestObject":{"spec":{"user":"u","user.username":"u"}}}`, false},
		{"the user as text", `"user":"{\"username\":\"u\"}"}`, true},
		{"its members beside each other", `"user.username":"u"}`, true},
		{"two on a line", `"user":{}}{"kind":"Event"}`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := []byte(head + `"user":{}}` + "\n" + head + test.line + "\n")
			if got := needsLook(text); got != test.want {
				t.Errorf("needsLook = %t, want %t", got, test.want)
			}
			files := fstest.MapFS{"a.log": {Data: bytes.Repeat(text, 4)}}
			parts := 0
			for range (&Archive{FS: files, PartBytes: int64(len(text))}).Parts(t.Context()) {
				parts++
			}
			if divided := parts > 1; divided == test.want {
				t.Errorf("cut into %d parts", parts)
			}
		})
	}
}
