package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
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

// notRead stands for a file whose form is known and not read yet: it must give
// no event, and say so.
var notRead = []error{audit.ErrNoEvents}

// formFiles says what each file of forms holds: how many of the events of the
// manifest, which are in its order, the errors, and how many lines of other
// streams. A file that is not here fails the test.
var formFiles = map[string]struct {
	events int
	errs   []error
	other  int64
	// ids are the events where they are not the first ones of the manifest;
	// -1 is largeID.
	ids []int
	// cut events lack their ends, and may lack the code.
	cut int64
	// stages says that there are events of several stages.
	stages bool
}{
	"01-log-backend/audit.log":                                                          {events: 18},
	"01-log-backend/audit-all-stages.log":                                               {events: 20, stages: true},
	"01-log-backend/audit-2024-01-02T03-04-05.678.log.gz":                               {events: 18},
	"01-log-backend/bom-crlf.log":                                                       {events: 18},
	"01-log-backend/bad-line-in-middle.log":                                             {ids: []int{0, 2, 3}, errs: []error{audit.ErrNotJSON, audit.ErrNotJSON}},
	"01-log-backend/partial-last-line.log":                                              {events: 3, errs: []error{audit.ErrCut}},
	"02-legacy-text/audit.log":                                                          {events: 24, stages: true},
	"03-webhook-eventlist/batch.json":                                                   {events: 18},
	"04-reserialised/jq-pretty-concatenated.json":                                       {events: 18},
	"04-reserialised/json-array.json":                                                   {events: 18},
	"04-reserialised/sorted-keys-spaces.jsonl":                                          {events: 18},
	"05-cloudwatch-s3-export/exportedlogs/aws-logs-write-test":                          {other: 1},
	exportTree + "authenticator-" + exportHash + "/000000.gz":                           {other: 1},
	exportTree + "kube-apiserver-" + exportHash + "/000000.gz":                          {other: 15},
	exportTree + auditStream + "/000000.gz":                                             {ids: []int{9, 10, 11, 12, 13, 14, 15, 16, 17, 0, 1, 2, 3, 4, 5, 6, 7, 8}},
	exportTree + auditStream + "/000001.gz":                                             {events: 2},
	"06-aws-cli/filter-log-events-pages-appended.json":                                  {events: 18},
	"06-aws-cli/filter-log-events.json":                                                 {events: 18},
	"06-aws-cli/get-log-events.json":                                                    {events: 18},
	"06-aws-cli/query-events-message-output-json.json":                                  {events: 18},
	"06-aws-cli/query-events-message-output-text-TAB-JOINED.txt":                        {events: 18},
	"06-aws-cli/tail-detailed.txt":                                                      {events: 18},
	"07-logs-insights/console-export.csv":                                               {events: 18},
	"07-logs-insights/console-export.json":                                              {events: 18},
	"07-logs-insights/get-query-results.json":                                           {events: 18},
	"07-logs-insights/no-message-columns.csv":                                           {errs: notRead},
	"08-subscription/firehose-s3-UNCOMPRESSED-no-suffix-1-2026-11-23-07-24-26-a188030a": {events: 18, other: 1},
	"08-subscription/firehose-s3-decompressed-concatenated":                             {events: 18, other: 1},
	"08-subscription/lambda-event.json":                                                 {events: 4},
	"08-subscription/payload.json":                                                      {events: 4},
	"09-eks-truncation/split-in-two-events.jsonl":                                       {ids: []int{0, 3, 1}},
	"09-eks-truncation/truncated-suffix.jsonl":                                          {ids: []int{0, 3, 1}, cut: 1},
	"10-openshift/must-gather/audit_logs/kube-apiserver.audit_logs_listing":             {other: 3},
	openshift + "audit-2024-01-02T03-04-05.678.log.gz":                                  {events: 4},
	openshift + "audit.log.gz":                                                          {events: 18},
	openshift + "termination.log.gz":                                                    {other: 12},
	"10-openshift/oc-adm-node-logs-role-master.log":                                     {events: 18},
	"11-container-stdout/cri.log":                                                       {ids: []int{0, 1, -1, 2}, other: 2},
	"11-container-stdout/docker-json-file.log":                                          {ids: []int{0, 1, -1, 2}, other: 2},
	"12-shippers/elasticsearch-search.json":                                             {events: 18},
	"12-shippers/filebeat.ndjson":                                                       {events: 18},
	"12-shippers/fluent-bit-tail-s3.jsonl":                                              {events: 18},
	"12-shippers/logcli-jsonl.jsonl":                                                    {events: 18},
	"12-shippers/loki-query_range.json":                                                 {ids: []int{17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}},
	"13-aks/PT1H.json":                                                                  {events: 18, other: 1},
	"13-aks/skipped-too-big-size-object.jsonl":                                          {ids: []int{1}},
	"14-compression/audit.log.bz2":                                                      {events: 18},
	"14-compression/audit.log.zst":                                                      {events: 18},
	"14-compression/multi-member.log.gz":                                                {events: 18},
	"14-compression/must-gather.tar.gz":                                                 {events: 18, errs: []error{audit.ErrNoEvents}, other: 12},
	"14-compression/trailing-garbage.log.gz":                                            {events: 18, errs: []error{audit.ErrDamaged}},
	"14-compression/truncated.log.gz":                                                   {events: 12, errs: []error{audit.ErrDamaged}},
	"14-compression/wrong-extension-plain.log.gz":                                       {events: 18},
	"MANIFEST.json": {errs: notRead},
}

// largeID is an event that is logged in parts.
const largeID = "dbf8b6f5-95b1-4cc3-9015-c68fbd40b709"

const (
	exportHash  = "71976ca11bea5d3083393f7d32dab75b"
	auditStream = "kube-apiserver-audit-" + exportHash
	exportTree  = "05-cloudwatch-s3-export/exportedlogs/cda45419-90ea-4db5-9833-aade86253e66/"
	openshift   = "10-openshift/must-gather/audit_logs/kube-apiserver/ip-10-0-140-97.ec2.internal-"
)

func TestCorpusForms(t *testing.T) {
	manifestPath, ok := corpus(t, "forms/MANIFEST.json")
	if !ok {
		return
	}
	data, err := os.ReadFile(manifestPath)
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		AuditIDs []string
		Codes    []int32
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	codes := make(map[string]int32)
	for i, id := range manifest.AuditIDs {
		codes[id] = manifest.Codes[i]
	}
	dir := filepath.Dir(manifestPath)
	seen := 0
	for path := range filesBelow(t, dir) {
		name, _ := filepath.Rel(dir, path)
		want, ok := formFiles[filepath.ToSlash(name)]
		if !ok {
			t.Errorf("%s: not in the table of files", name)
			continue
		}
		seen++
		got, errs, stats := readForm(t, path, codes)
		ids := manifest.AuditIDs[:min(want.events, len(manifest.AuditIDs))]
		if want.ids != nil {
			ids = nil
			for _, i := range want.ids {
				if i < 0 {
					ids = append(ids, largeID)
				} else {
					ids = append(ids, manifest.AuditIDs[i])
				}
			}
		}
		if diff := cmp.Diff(ids, got, cmpopts.EquateEmpty()); diff != "" && !want.stages {
			t.Errorf("%s: audit IDs (-want +got):\n%s", name, diff)
		}
		if want.stages && len(got) != want.events {
			t.Errorf("%s: %d events, want %d", name, len(got), want.events)
		}
		if diff := cmp.Diff(want.errs, errs, cmpopts.EquateErrors()); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s", name, diff)
		}
		if stats.Other.Count != want.other || stats.Cut != want.cut {
			t.Errorf("%s: stats %+v", name, stats)
		}
		balance(t, stats)
	}
	if seen != len(formFiles) {
		t.Errorf("%d files, %d in the table", seen, len(formFiles))
	}
}

// filesBelow gives the paths of the files below dir.
func filesBelow(t *testing.T, dir string) iter.Seq[string] {
	return func(yield func(string) bool) {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !yield(path) {
				return fs.SkipAll
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// readForm returns the audit IDs and the reasons of the errors of one file. It
// checks the codes of the events that have one.
func readForm(t *testing.T, path string, codes map[string]int32) (ids []string, errs []error, stats audit.Stats) {
	t.Helper()
	a := audit.Files(path)
	for ev, err := range a.Events(context.Background()) {
		if err != nil {
			if _, ok := errors.AsType[*audit.EventError](err); ok { // the last one is of the archive
				errs = append(errs, reason(err))
			} else if !errors.Is(err, audit.ErrNoEvents) {
				t.Error(err)
			}
			continue
		}
		got, err := ev.Decode()
		if err != nil {
			t.Error(err)
			continue
		}
		ids = append(ids, string(got.AuditID))
		code, known := codes[string(got.AuditID)]
		if s := got.ResponseStatus; known && s != nil && s.Code != code {
			t.Errorf("%v: code %d, want %d", ev.Pos, s.Code, code)
		}
	}
	return ids, errs, a.Stats()
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
