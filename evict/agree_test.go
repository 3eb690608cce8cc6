package evict_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/query"
)

// TestQueryAgrees holds Query, run by package query, to FromEvent: both must
// select the same events.
func TestQueryAgrees(t *testing.T) {
	logs := map[string]audit.List{}
	for _, v := range vectors(t) {
		text, _ := v.File("events")
		logs[v.Path] = lines(text)
	}
	for _, test := range corpusTests {
		if log, ok := corpusLog(t, test.log); ok {
			logs[test.log] = log
		}
	}
	names := [][2]string{
		{"", ""},
		{"shop", ""}, {"shop", "web-1"}, {"", "web-1"}, {"shop", "web"}, {"sho", ""}, {"", "eb-1"},
		{"prod", ""}, {"t1", ""}, {"t1", "x1"}, {"", "x1"},
	}
	selected := 0
	for name, log := range logs {
		for _, n := range names {
			got := map[int]bool{}
			q, err := query.Parse(evict.Query(n[0], n[1]))
			if err != nil {
				t.Fatal(err)
			}
			for row, err := range q.Run(t.Context(), log, nil) {
				if err != nil {
					t.Fatal(err)
				}
				got[row.Pos().Line] = true
			}
			want := map[int]bool{}
			for _, ev := range log {
				decoded, err := ev.Decode()
				if err != nil || repeats(ev.Raw) { // the query does not need the field that is wrong
					delete(got, ev.Pos.Line)
					continue
				}
				at, ok := evict.FromEvent(decoded)
				if ok && at.Verb == "create" &&
					(n[0] == "" || n[0] == at.Namespace) && (n[1] == "" || n[1] == at.Pod) {
					want[ev.Pos.Line] = true
				}
			}
			selected += len(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: namespace %q, pod %q: lines (-FromEvent +Query):\n%s", name, n[0], n[1], diff)
			}
		}
	}
	if selected == 0 {
		t.Error("nothing was selected")
	}
}

// repeats reports whether an object of the event has a key twice. The decoder
// takes the last of its values, and the query the first.
func repeats(raw []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(raw))
	return repeatsIn(dec)
}

func repeatsIn(dec *json.Decoder) bool {
	tok, err := dec.Token()
	delim, ok := tok.(json.Delim)
	if err != nil || !ok {
		return false
	}
	keys, found := map[any]bool{}, false
	for dec.More() {
		if delim == '{' {
			key, _ := dec.Token()
			found = found || keys[key]
			keys[key] = true
		}
		found = repeatsIn(dec) || found
	}
	dec.Token()
	return found
}
