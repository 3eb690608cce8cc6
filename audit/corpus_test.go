package audit_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
)

// corpusDir holds real logs that are too many for this repository. They stand
// beside it where the project is developed, and must be there where it is
// checked; elsewhere the tests of this file have nothing to say.
const corpusDir = "../../shared/corpus"

// corpus returns the path of a file of the corpus. ok is false if there is no
// corpus, and need not be.
func corpus(t *testing.T, name string) (path string, ok bool) {
	t.Helper()
	path = filepath.Join(corpusDir, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Log("there is no corpus here: ", err)
		return "", false
	}
	return path, true
}

func TestCorpusAudit(t *testing.T) {
	for name, want := range map[string]int64{
		"audit-2026-11-23T07-24-23.852.log.gz": 986,
		"audit-truncated-3000.log.gz":          1179,
		"audit.log":                            226,
		"evictions-levels.jsonl":               246,
		"evictions.jsonl":                      24,
		"mixed-window-a.jsonl":                 234,
		"one-15.6MB-event.jsonl.gz":            1,
	} {
		path, ok := corpus(t, "audit/"+name)
		if !ok {
			return
		}
		a := audit.Files(path)
		for ev, err := range a.Events(context.Background()) {
			if err != nil {
				t.Error(err)
				continue
			}
			if ev.Time().IsZero() {
				t.Errorf("%v: no time", ev.Pos)
			}
			if _, err := ev.Decode(); err != nil {
				t.Error(err)
			}
		}
		balance(t, a.Stats())
		if got := a.Stats().Events.Count; got != want {
			t.Errorf("%s: %d events, want %d", name, got, want)
		}
	}
}

func TestCorpusForms(t *testing.T) {
	path, ok := corpus(t, "forms/MANIFEST.json")
	if !ok {
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ AuditIDs []string }
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	all := manifest.AuditIDs
	for _, tt := range []struct {
		name string
		ids  []string // in order
		errs []error
	}{
		{"01-log-backend/audit.log", all, nil},
		{"01-log-backend/audit-2024-01-02T03-04-05.678.log.gz", all, nil},
		{"01-log-backend/bom-crlf.log", all, nil},
		{"01-log-backend/bad-line-in-middle.log", []string{all[0], all[2], all[3]}, []error{audit.ErrNotJSON, audit.ErrNotJSON}},
		{"01-log-backend/partial-last-line.log", all[:3], []error{audit.ErrCut}},
		{"04-reserialised/sorted-keys-spaces.jsonl", all, nil},
		{"14-compression/audit.log.zst", all, nil},
		{"14-compression/multi-member.log.gz", all, nil},
		{"14-compression/trailing-garbage.log.gz", all, []error{audit.ErrDamaged}},
		{"14-compression/truncated.log.gz", all[:12], []error{audit.ErrDamaged}},
		{"14-compression/wrong-extension-plain.log.gz", all, nil},
	} {
		path, _ := corpus(t, "forms/"+tt.name)
		got, errs, stats := readIDs(t, path)
		if diff := cmp.Diff(tt.ids, got); diff != "" {
			t.Errorf("%s: audit IDs (-want +got):\n%s", tt.name, diff)
		}
		if diff := cmp.Diff(tt.errs, errs, cmpopts.EquateErrors()); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s", tt.name, diff)
		}
		balance(t, stats)
	}
}

// TestCorpusExport reads the tree of an export task, with the streams of the
// whole log group: what is not of the audit stream is counted as such.
func TestCorpusExport(t *testing.T) {
	path, ok := corpus(t, "forms/05-cloudwatch-s3-export")
	if !ok {
		return
	}
	a := audit.Files(path)
	var n int
	for ev, err := range a.Events(context.Background()) {
		if err != nil {
			t.Error(err)
			continue
		}
		n++
		if ev.Stream != "kube-apiserver-audit-71976ca11bea5d3083393f7d32dab75b" {
			t.Errorf("%v: stream %q", ev.Pos, ev.Stream)
		}
		decoded, err := ev.Decode()
		if err != nil {
			t.Error(err)
			continue
		}
		if d := ev.Logged.Sub(decoded.StageTimestamp.Time).Abs(); ev.Logged.IsZero() || d > 24*3600e9 {
			t.Errorf("%v: logged at %v, happened at %v", ev.Pos, ev.Logged, decoded.StageTimestamp)
		}
	}
	got := a.Stats()
	balance(t, got)
	if n != 20 || got.Other.Count != 17 || got.Damaged.Count != 0 {
		t.Errorf("%d events, stats %+v", n, got)
	}
}

// readIDs returns the audit IDs and the reasons of the errors of one file.
func readIDs(t *testing.T, path string) (ids []string, errs []error, stats audit.Stats) {
	t.Helper()
	a := audit.Files(path)
	items, last := walk(t, a.Events(context.Background()))
	if last != nil {
		t.Error(last)
	}
	for _, it := range items {
		if it.Err != nil {
			errs = append(errs, it.Err)
			continue
		}
		ev, err := audit.Event{Raw: []byte(it.Raw)}.Decode()
		if err != nil {
			t.Error(err)
			continue
		}
		ids = append(ids, string(ev.AuditID))
	}
	return ids, errs, a.Stats()
}
