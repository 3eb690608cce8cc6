package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// troubled writes a directory with logs that a summary warns of.
func troubled(t *testing.T) string {
	t.Helper()
	sample, err := os.ReadFile("sample.log")
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(sample), "\n")
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(first) + `"`
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.log": first + "\nE1123 07:25:18.569124   13026 metrics.go:110] Error in audit plugin 'log' affecting 12 audit events: no space left\n",
		"b.json": `{"events":[{"logStreamName":"s","timestamp":1795417200000,"message":` + quoted + `},` +
			`{"logStreamName":"s","timestamp":1795453200000,"message":` + quoted[:500] + `[Truncated...]"}],"nextToken":"x"}`,
		"c.txt": "no log at all\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSummaryText(t *testing.T) {
	dir := troubled(t)
	stdout, stderr, status := invoke(t, "-summary", dir)
	if status != 1 || !strings.Contains(stderr, "c.txt: no audit event found") {
		t.Errorf("status %d, standard error %q", status, stderr)
	}
	const want = `DIR/a.log
  1 event, 2026-11-23T07:24:24.803Z
  form: JSON lines
  stream kube-apiserver-audit: 1 event; 1 line of other logs
  stages: RequestReceived 1
  levels: RequestResponse 1
  other logs: klog 1
  ! the API server reports that it could not log 12 events: 2026-11-23T07:25:18.569Z

DIR/b.json
  2 events, 2026-11-23T07:00:00.000Z to 2026-11-23T17:00:00.000Z
  form: CloudWatch log event, CloudWatch log events
  stream s: 2 events
  stages: RequestReceived 2
  levels: RequestResponse 2
  ! 1 event was cut by the log service: its end is lost
  ! this is a page of a longer result: nextToken is set
  ! no events between 2026-11-23T07:00:00.000Z and 2026-11-23T17:00:00.000Z (10h0m0s)

DIR/c.txt
  0 events
  ! there is no audit event in it
  ! 1 place could not be read

3 files
  3 events, 2026-11-23T07:00:00.000Z to 2026-11-23T17:00:00.000Z
  form: CloudWatch log event, CloudWatch log events, JSON lines
  stream kube-apiserver-audit: 1 event; 1 line of other logs
  stream s: 2 events
  stages: RequestReceived 3
  levels: RequestResponse 3
  other logs: klog 1
  ! 1 place could not be read
  ! 1 event was cut by the log service: its end is lost
  ! the API server reports that it could not log 12 events: 2026-11-23T07:25:18.569Z
  ! this is a page of a longer result: nextToken is set
  ! no events between 2026-11-23T07:00:00.000Z and 2026-11-23T17:00:00.000Z (10h0m0s) in stream s
  ! 1 event repeats one before it
`
	if diff := cmp.Diff(want, strings.ReplaceAll(stdout, dir, "DIR")); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestSummaryRecord(t *testing.T) {
	dir := troubled(t)
	got, _, _ := invoke(t, "-summary", "-o", "jsonl", filepath.Join(dir, "a.log"))
	const want = `,"forms":[{"name":"JSON lines","count":1}],"bytes":841,"lines":2,"events":1,` +
		`"first":"2026-11-23T07:24:24.803Z","last":"2026-11-23T07:24:24.803Z",` +
		`"streams":[{"stream":"kube-apiserver-audit","events":1,"others":1,"first":"2026-11-23T07:24:24.803Z","last":"2026-11-23T07:24:24.803Z"}],` +
		`"stages":[{"name":"RequestReceived","count":1}],"levels":[{"name":"RequestResponse","count":1}],"others":[{"name":"klog","count":1}],` +
		`"lost":{"reports":1,"events":12,"first":"2026-11-23T07:25:18.569Z","last":"2026-11-23T07:25:18.569Z"},` +
		`"warnings":["the API server reports that it could not log 12 events: 2026-11-23T07:25:18.569Z"]}` + "\n"
	if _, got, _ = strings.Cut(got, "a.log\""); got != want {
		t.Errorf("jsonl (-want +got):\n%s", cmp.Diff(want, got))
	}
	all, _, _ := invoke(t, "-summary", "-o", "json", "-hole", "24h", dir)
	if n := strings.Count(all, `"events":`); n < 4 || strings.Contains(all, "holes") {
		t.Errorf("json %s", all)
	}
}
