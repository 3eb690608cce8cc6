package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// invoke runs the program as a user would.
func invoke(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(t.Context(), args, &out, &err, now)
	return out.String(), err.String(), status
}

func TestSampleTable(t *testing.T) {
	stdout, stderr, status := invoke(t)
	if want := "evictions: no PATH given: reading the sample log that comes with the program\n"; stderr != want || status != 0 {
		t.Errorf("status %d, standard error %q", status, stderr)
	}
	const karpenter = "system:serviceaccount:kube-system:karpenter"
	want := [][]string{
		{"TIME", "NAMESPACE", "POD", "OUTCOME", "DRY RUN", "USER", "DETAIL"},
		{"2026-11-23T07:24:24.803Z", "web", "web-0", "accepted", "yes", karpenter},
		{"2026-11-23T07:24:24.810Z", "web", "web-0", "accepted", "no", karpenter},
		{"2026-11-23T07:24:24.821Z", "web", "web-1", "blocked-by-budget", "no", karpenter, "budget web-pdb"},
		{"2026-11-23T07:24:24.827Z", "web", "web-2", "blocked-by-budget", "no", "kubernetes-admin", "budget web-pdb"},
		{"2026-11-23T07:24:24.832Z", "web", "nope", "not-found", "no", karpenter, `pods "nope" not found`},
		{"2026-11-23T07:24:24.837Z", "web", "web-4", "multiple-budgets", "no", karpenter,
			"This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."},
		{"2026-11-23T07:24:24.846Z", "web", "web-3", "forbidden", "unknown", "dev@example.com",
			`pods "web-3" is forbidden: User "dev@example.com" cannot create resource "pods/eviction" in API group "" in the namespace "web"`},
		{"2026-11-23T07:24:24.850Z", "web", "web-5", "accepted", "no", karpenter},
		{"2026-11-23T07:24:24.860Z", "web", "web-3", "blocked-by-budget", "no", karpenter, "budget web-pdb"},
		{"2026-11-23T07:24:24.866Z", "web", "web-3", "blocked-by-budget", "no", karpenter, "budget web-pdb"},
		{"2026-11-23T07:24:24.872Z", "web", "web-3", "bad-request", "no", karpenter, "name in URL does not match name in Eviction object"},
		{"2026-11-23T07:24:24.875Z", "web", "web-3", "bad-request", "no", karpenter, "name in URL does not match name in Eviction object"},
	}
	var got [][]string
	for line := range strings.Lines(stdout) {
		var row []string
		for cell := range strings.SplitSeq(line, "  ") { // columns are two blanks apart or more
			if cell = strings.TrimSpace(cell); cell != "" {
				row = append(row, cell)
			}
		}
		got = append(got, row)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestSelection(t *testing.T) {
	for _, test := range []struct {
		args string
		rows int
	}{
		{"-n web", 12},
		{"-n other", 0},
		{"-p web-0", 2},
		{"-n web -p web-3", 5},
		{"-since 2026-11-23", 12},
		{"-since 1h", 12},
		{"-since 10m", 0},
		{"-until 2026-11-23", 12},
		{"-until 2026-11-22", 0},
		{"-since 2026-11-23T07:24:24.832Z -until 2026-11-23T07:24:24.847Z", 3},
	} {
		stdout, stderr, status := invoke(t, append(strings.Fields(test.args), "-o", "jsonl")...)
		if rows := strings.Count(stdout, "\n"); rows != test.rows || status != 0 {
			t.Errorf("%s: %d rows with status %d, want %d", test.args, rows, status, test.rows)
		}
		if said := strings.Contains(stderr, "no such request among 24 events"); said != (test.rows == 0) {
			t.Errorf("%s: standard error %q", test.args, stderr)
		}
	}
}

// TestRecords holds the machine-readable forms to one another.
func TestRecords(t *testing.T) {
	args := []string{"-p", "web-2", "sample.log", "-o"}
	jsonl, _, _ := invoke(t, append(args, "jsonl")...)
	const want = `{"time":"2026-11-23T07:24:24.827Z","answeredAt":"2026-11-23T07:24:24.829Z","namespace":"web","pod":"web-2",` +
		`"verb":"create","outcome":"blocked-by-budget","dryRun":"no","code":429,"reason":"TooManyRequests",` +
		`"message":"Cannot evict pod as it would violate the pod's disruption budget.","budgets":["web-pdb"],` +
		`"user":"kubernetes-admin","userAgent":"kubectl/v1.37.2 (linux/amd64) kubernetes/abcdef0","sourceIP":"127.0.0.1",` +
		`"auditID":"f6c2fb34-e34c-4b5d-b6be-c5a9ae1f7078","file":"sample.log","line":8}` + "\n"
	if diff := cmp.Diff(want, jsonl); diff != "" {
		t.Errorf("jsonl (-want +got):\n%s", diff)
	}

	var fromLine, fromArray []map[string]any
	array, _, _ := invoke(t, append(args, "json")...)
	if err := json.Unmarshal([]byte(array), &fromArray); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte("["+jsonl+"]"), &fromLine); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fromLine, fromArray); diff != "" {
		t.Errorf("json (-jsonl +json):\n%s", diff)
	}

	table, _, _ := invoke(t, append(args, "csv")...)
	records, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil || len(records) != 2 {
		t.Fatalf("%d records, error %v", len(records), err)
	}
	for i, name := range records[0] {
		if text, ok := fromLine[0][name].(string); ok && records[1][i] != text {
			t.Errorf("csv has %q under %s, jsonl %q", records[1][i], name, text)
		}
	}
}

func TestTrouble(t *testing.T) {
	dir := t.TempDir()
	sample, err := os.ReadFile("sample.log")
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "cut.log")
	empty := filepath.Join(dir, "empty.log")
	other := filepath.Join(dir, "other.txt")
	for name, data := range map[string]string{cut: string(sample[:len(sample)-100]), empty: "", other: "no log at all\n"} {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		args   []string
		status int
		rows   int
		stderr string
	}{
		{args: []string{cut}, status: 1, rows: 12, stderr: cut + ":24: cut off before its end"},
		{args: []string{empty}, status: 0, stderr: "no such request among 0 events"},
		{args: []string{other}, status: 1, stderr: "no audit event"},
		{args: []string{other, "sample.log"}, status: 1, rows: 12, stderr: other},
		{args: []string{filepath.Join(dir, "nothing")}, status: 1, stderr: "nothing: "},
		{args: []string{"-o", "xml"}, status: 2, stderr: `unknown output format "xml"`},
		{args: []string{"-since", "soon"}, status: 2, stderr: `"soon" is no time`},
		{args: []string{"-x"}, status: 2, stderr: "usage: evictions"},
		{args: []string{"-h"}, status: 0, stderr: "usage: evictions"},
	} {
		stdout, stderr, status := invoke(t, append([]string{"-o", "jsonl"}, test.args...)...)
		if rows := strings.Count(stdout, "\n"); status != test.status || rows != test.rows || !strings.Contains(stderr, test.stderr) {
			t.Errorf("%q: %d rows, status %d, standard error:\n%s", test.args, rows, status, stderr)
		}
	}
}
