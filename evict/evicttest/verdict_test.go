package evicttest_test

import (
	"testing"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// TestScenariosVerdict holds Judge to the scenarios.
func TestScenariosVerdict(t *testing.T) {
	for _, s := range evicttest.Scenarios() {
		if s.Verdict.Target == (evict.Target{}) {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			got, err := evict.Judge(t.Context(), s.Log.Source(), s.Verdict.Target, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := evicttest.Diff([]evict.Verdict{s.Verdict}, []evict.Verdict{got}); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
			if got.Summary == "" || got.Answer == evict.Undecided && len(got.Missing) == 0 {
				t.Errorf("no summary, or undecided and nothing missing: %+v", got)
			}
		})
	}
}
