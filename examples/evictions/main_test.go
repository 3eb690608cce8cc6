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

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict/evicttest"
)

var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// invoke runs the program as a user would.
func invoke(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(t.Context(), args, &out, &err, now)
	return out.String(), err.String(), status
}

// scenarioFile writes the log of a scenario of package evicttest to a file.
func scenarioFile(t *testing.T, name string) string {
	t.Helper()
	for _, s := range evicttest.Scenarios() {
		if s.Name == name {
			return logFile(t, s.Log)
		}
	}
	t.Fatalf("no scenario %s", name)
	return ""
}

func logFile(t *testing.T, l *evicttest.Log) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := l.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "audit.log")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// noPlaces knows the line of nothing.
func noPlaces(audit.Pos) (int, error) { return 0, nil }

// tableOf are the cells of a table. Columns are two blanks apart or more, and
// an empty cell does not show.
func tableOf(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		var row []string
		for cell := range strings.SplitSeq(line, "  ") {
			if cell = strings.TrimSpace(cell); cell != "" {
				row = append(row, cell)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func TestSelection(t *testing.T) {
	for _, test := range []struct {
		args string
		rows int
	}{
		{"-n web", 9},
		{"-n other", 0},
		{"-p web-0", 2},
		{"-n web -p web-3", 2},
		{"-since 2026-11-23", 9},
		{"-since 1h", 9},
		{"-since 10m", 0},
		{"-until 2026-11-23", 9},
		{"-until 2026-11-22", 0},
		{"-since 2026-11-23T07:24:24.832Z -until 2026-11-23T07:24:24.847Z", 3},
		{"-since 2026-11-23T07:24:24.865Z", 1}, // the last try of it
		{"-attempts", 12},
		{"-attempts -n other", 0},
		{"-node ip-10-0-1-11.us-west-2.compute.internal night.log", 2},
		{"-node other night.log", 0},
		{"-removals -p web-0", 1},
		{"-removals -n other", 0},
		{"-drains", 2},
		{"-drains -p orders-0", 1},
	} {
		stdout, stderr, status := invoke(t, append(strings.Fields(test.args), "-o", "jsonl")...)
		if rows := strings.Count(stdout, "\n"); rows != test.rows || status != 0 {
			t.Errorf("%s: %d rows with status %d, want %d", test.args, rows, status, test.rows)
		}
		if said := strings.Contains(stderr, "no such ") && strings.Contains(stderr, " events"); said != (test.rows == 0) {
			t.Errorf("%s: standard error %q", test.args, stderr)
		}
	}
}

// TestRecords holds the machine-readable forms to one another.
func TestRecords(t *testing.T) {
	args := []string{"-p", "web-2", "sample.log", "-o"}
	jsonl, _, _ := invoke(t, append(args, "jsonl")...)
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
		{args: []string{cut}, status: 1, rows: 9, stderr: cut + ":24: cut off before its end"},
		{args: []string{empty}, status: 0, stderr: "no such eviction among 0 events"},
		{args: []string{other}, status: 1, stderr: "no audit event"},
		{args: []string{other, "sample.log"}, status: 1, rows: 9, stderr: other},
		{args: []string{filepath.Join(dir, "nothing")}, status: 1, stderr: "nothing: "},
		{args: []string{"-o", "xml"}, status: 2, stderr: `unknown output format "xml"`},
		{args: []string{"-since", "soon"}, status: 2, stderr: `"soon" is no time`},
		{args: []string{"-removals", cut}, status: 1, rows: 2, stderr: cut + ":24: cut off before its end"},
		{args: []string{"-verdict", "web/web-0", cut}, status: 1, rows: 1, stderr: cut + ":24: cut off before its end"},
		{args: []string{"-verdict", "web/web-0", other}, status: 1, rows: 1, stderr: "no audit event"},
		{args: []string{"-x"}, status: 2, stderr: "usage: evictions"},
		{args: []string{"-h"}, status: 0, stderr: "usage: evictions"},
	} {
		stdout, stderr, status := invoke(t, append([]string{"-o", "jsonl"}, test.args...)...)
		if rows := strings.Count(stdout, "\n"); status != test.status || rows != test.rows || !strings.Contains(stderr, test.stderr) {
			t.Errorf("%q: %d rows, status %d, standard error:\n%s", test.args, rows, status, stderr)
		}
	}
}
