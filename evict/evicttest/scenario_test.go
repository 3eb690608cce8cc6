package evicttest_test

import (
	"bytes"
	"iter"
	"slices"
	"testing"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// TestScenarios checks that the log of each scenario is what the API server
// could have written, and that its requests to evict are read as it says.
func TestScenarios(t *testing.T) {
	names := map[string]bool{}
	again := evicttest.Scenarios()
	for i, s := range evicttest.Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			if s.Story == "" || names[s.Name] {
				t.Error("no story, or a name that another has")
			}
			names[s.Name] = true
			if !bytes.Equal(text(t, s.Log), text(t, again[i].Log)) {
				t.Error("the same scenario gives another log")
			}
			for _, ev := range s.Log.Source() {
				if _, err := ev.Decode(); err != nil {
					t.Errorf("%v: %v", ev.Pos, err)
				}
			}
			if s.Attempts != nil {
				got := collect(t, evict.Attempts(t.Context(), s.Log.Source(), nil))
				if diff := evicttest.Diff(s.Attempts, got); diff != "" {
					t.Errorf("attempts (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// text is the log as a file.
func text(t *testing.T, l *evicttest.Log) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := l.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// collect returns what a sequence gives. No error is expected.
func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	list := []T{}
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// TestScenariosFold holds Evictions, Removals and Drains to the scenarios, also
// if the log is backwards, or has every event twice.
func TestScenariosFold(t *testing.T) {
	for _, s := range evicttest.Scenarios() {
		src := s.Log.Source()
		backwards := slices.Clone(src)
		slices.Reverse(backwards)
		for how, src := range map[string]audit.List{"": src, " backwards": backwards, " twice": append(backwards, src...)} {
			t.Run(s.Name+how, func(t *testing.T) {
				compare(t, "evictions", s.Evictions, evict.Evictions(t.Context(), src, nil))
				compare(t, "removals", s.Removals, evict.Removals(t.Context(), src, nil))
				compare(t, "drains", s.Drains, evict.Drains(t.Context(), src, nil))
			})
		}
	}
}

// compare holds what a sequence gives to what is wanted, if anything is said.
func compare[T evicttest.Result](t *testing.T, what string, want []T, seq iter.Seq2[T, error]) {
	t.Helper()
	got := collect(t, seq)
	if want == nil {
		return
	}
	if diff := evicttest.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
