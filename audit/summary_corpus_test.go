package audit_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// TestCorpusSummary holds the summaries of all forms to what a walk over them
// gives, by any number of workers.
func TestCorpusSummary(t *testing.T) {
	path, ok := corpus(t, "forms")
	if !ok {
		return
	}
	want := summarize(t, audit.Files(path), audit.SummaryOptions{Workers: 1})
	for workers := 2; workers <= 4; workers++ {
		got := summarize(t, audit.Files(path), audit.SummaryOptions{Workers: workers})
		sameText := cmp.Comparer(func(a, b *audit.EventError) bool { return a.Error() == b.Error() })
		if diff := cmp.Diff(want, got, sameText); diff != "" {
			t.Errorf("by %d workers (-one +several):\n%s", workers, diff)
		}
	}
	events, errs, cut := make(map[string]int64), make(map[string]int64), int64(0)
	for ev, err := range audit.Files(path).Events(context.Background()) {
		switch e, isEventError := errors.AsType[*audit.EventError](err); {
		case isEventError:
			errs[e.Pos.File]++
		case err != nil:
			t.Fatal(err)
		default:
			events[ev.Pos.File]++
			if ev.Cut {
				cut++
			}
		}
	}
	for _, f := range want.Files {
		if f.Stats.Events.Count != events[f.File] || f.Stats.Damaged.Count != errs[f.File] || int64(len(f.Damage)) != errs[f.File] {
			t.Errorf("%s: %+v, a walk gives %d events and %d errors", f.File, f.Stats, events[f.File], errs[f.File])
		}
		if f.Stats.Events.Count > 0 && len(f.Forms) == 0 {
			t.Errorf("%s: no form", f.File)
		}
	}
	if want.Total.Stats.Cut != cut {
		t.Errorf("%d events were cut, want %d", want.Total.Stats.Cut, cut)
	}
}

// TestCorpusTroubles is about what some of the files are known to have.
func TestCorpusTroubles(t *testing.T) {
	path, ok := corpus(t, "forms")
	if !ok {
		return
	}
	sum := summarize(t, audit.Files(path), audit.SummaryOptions{})
	of := func(name string) audit.FileSummary {
		return fileOf(t, sum, filepath.Join(path, filepath.FromSlash(name)))
	}
	if f := of(exportTree + "kube-apiserver-" + exportHash + "/000000.gz"); f.Lost.Events != 1 || f.Lost.Reports != 1 || f.Lost.First.IsZero() {
		t.Errorf("lost %+v", f.Lost)
	}
	if f := of("06-aws-cli/filter-log-events-pages-appended.json"); len(f.Partial) != 0 {
		t.Errorf("all pages are there: %v", f.Partial)
	}
	if f := of("01-log-backend/audit-all-stages.log"); len(f.Stages) < 2 {
		t.Errorf("stages %v", f.Stages)
	}
	if f := of("09-eks-truncation/truncated-suffix.jsonl"); f.Stats.Cut != 1 {
		t.Errorf("stats %+v", f.Stats)
	}
	if f := of("01-log-backend/audit.log"); f.Duplicates != 0 {
		t.Errorf("%d duplicates", f.Duplicates)
	}
}
