package audit

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// mappedRecords are the logs of the vectors of the mappings.
func mappedRecords(t testing.TB) (logs []string) {
	t.Helper()
	for _, pattern := range []string{"cloudaudit*.txtar", "ocsf*.txtar"} {
		paths, err := filepath.Glob("../testdata/audit/" + pattern)
		if err != nil || len(paths) == 0 {
			t.Fatal("no vectors: ", err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, log, _ := strings.Cut(string(text), "-- log --\n")
			log, _, _ = strings.Cut(log, "-- want --\n")
			logs = append(logs, log)
		}
	}
	return logs
}

// TestMappedDecode holds that an event that was made is one: it can be decoded,
// and tells of the eviction.
func TestMappedDecode(t *testing.T) {
	want := &auditv1.ObjectReference{Resource: "pods", Namespace: "web", Name: "web-0", APIVersion: "v1", Subresource: "eviction"}
	made := make(map[string]int)
	for _, log := range mappedRecords(t) {
		for ev, err := range NewReader(strings.NewReader(log)).Events() {
			if err != nil {
				continue
			}
			made[ev.Mapped]++
			got, err := ev.Decode()
			if err != nil {
				t.Error(err)
				continue
			}
			if got.ObjectRef == nil || got.ObjectRef.Subresource != "eviction" {
				continue
			}
			if diff := cmp.Diff(want, got.ObjectRef); diff != "" {
				t.Errorf("%s: objectRef (-want +got):\n%s", ev.Mapped, diff)
			}
			if got.Verb != "create" || got.ResponseStatus.Code != 429 || len(got.ResponseStatus.Details.Causes) != 1 {
				t.Errorf("%s: %s, %+v", ev.Mapped, got.Verb, got.ResponseStatus)
			}
		}
	}
	for _, p := range mappings {
		if made[p.name] == 0 {
			t.Errorf("no event of %s", p.name)
		}
	}
}

// TestMappedStrict refuses a record that has a key twice where it says who did
// what, if reading is strict.
func TestMappedStrict(t *testing.T) {
	const record = `{"protoPayload":{"serviceName":"k8s.io","methodName":"io.k8s.core.v1.pods.list","methodName":"io.k8s.core.v1.pods.get"}}`
	for _, strict := range []bool{false, true} {
		r := NewReader(strings.NewReader(record + "\n"))
		r.Need.Strict = strict
		events, refused := 0, 0
		for _, err := range r.Events() {
			switch {
			case err == nil:
				events++
			case errors.Is(err, ErrNotEvent):
				refused++
			}
		}
		if strict != (events == 0) || strict != (refused == 1) {
			t.Errorf("strict %v: %d events, %d refused", strict, events, refused)
		}
	}
}

// TestMappedWanted asks Wanted and Literals about what was made, since the
// record has other words.
func TestMappedWanted(t *testing.T) {
	const record = `{"insertId":"1","protoPayload":{"serviceName":"k8s.io","methodName":"io.k8s.core.v1.pods.eviction.create","resourceName":"core/v1/namespaces/a/pods/b/eviction"}}` + "\n"
	r := NewReader(strings.NewReader(record + record + strings.Replace(record, "core/v1", "apps/v1", 1)))
	r.Need = Need{
		Literals: []string{"ResponseComplete", "/api/v1/namespaces"},
		Wanted:   func(ev *Event) bool { return strings.Contains(string(ev.Raw), "/api/v1/namespaces/a/pods/b/eviction") },
	}
	n := 0
	for _, err := range r.Events() {
		if err != nil {
			t.Error(err)
		}
		n++
	}
	if s := r.Stats(); n != 2 || s.Skipped.Count != 1 {
		t.Errorf("%d events, %+v", n, s)
	}
}

// FuzzMapped damages records: nothing panics, what is given is an event, and
// every byte is counted.
func FuzzMapped(f *testing.F) {
	logs := mappedRecords(f)
	for i := range logs {
		f.Add(uint8(i), -1, "")
		f.Add(uint8(i), 40*i, `null`)
		f.Add(uint8(i), 80, `"a":1,`)
	}
	f.Fuzz(func(t *testing.T, which uint8, at int, with string) {
		log := logs[int(which)%len(logs)]
		if at >= 0 && at < len(log) {
			log = log[:at] + with + log[min(len(log), at+len(with)):]
		}
		idsIn(t, log, Need{})
		for ev, err := range NewReader(strings.NewReader(log)).Events() {
			if err == nil && recognize(ev.Raw) != nil {
				t.Errorf("%s is no event", ev.Raw)
			}
		}
	})
}
