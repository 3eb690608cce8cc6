package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit/audittest"
	"github.com/evictlog/evictlog/query"
)

func TestMain(m *testing.M) {
	if status, ok := inner(os.Args[1:], os.Stdout, os.Stderr); ok {
		os.Exit(status)
	}
	// With the race detector each process would sleep for a second at its end.
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	os.Exit(m.Run())
}

// Every row that the library supports gives the right answer, and so does what
// this program itself compares it with.
func TestRows(t *testing.T) {
	var stdout, stderr bytes.Buffer
	args := []string{"-size", "2MiB", "-runs", "1", "-peers=false", "-o", "json"}
	if status := run(args, &stdout, &stderr); status != 0 {
		t.Errorf("status %d, and %s", status, &stderr)
	}
	var results []result
	if err := json.Unmarshal(stdout.Bytes(), &results); err != nil {
		t.Fatalf("%v in %s", err, &stdout)
	}
	got := make(map[string][]string)
	for _, r := range results {
		what := r.Peer
		switch {
		case r.Wrong != "":
			what = r.Wrong
		case r.Unsupported != "":
			what = "unsupported"
		case r.Ours == nil || r.Ours.Wall <= 0 || r.Peer != "" && (r.Theirs == nil || r.Ratio == nil):
			t.Errorf("no figures in %+v", r)
		}
		got[r.Row] = append(got[r.Row], what)
	}
	want := make(map[string][]string)
	for _, r := range rows {
		if _, err := query.Parse(r.query); r.query != "" && err != nil {
			want[r.name] = []string{"unsupported"}
			continue
		}
		for _, p := range r.peers {
			if p.ours {
				want[r.name] = append(want[r.name], p.name)
			}
		}
		if want[r.name] == nil {
			want[r.name] = []string{""}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What runs wrong is a result, and the program says so in its status.
func TestWrongAnswer(t *testing.T) {
	dir := t.TempDir()
	log, err := prepare(dir, 64<<10, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	m, err := newMeter(dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := rows[0]
	for _, c := range []struct {
		name string
		row  row
		peer peer
		want string
	}{
		{"wrong rows", r, peer{name: "nothing", command: func([]string) []string { return self(innerEvict, []string{os.DevNull}) }}, "nothing: "},
		{"nothing wrong", r, bareReads(1), ""},
		{"no such command", r, peer{name: "none", command: func([]string) []string { return []string{"./none"} }}, "none: exit status 1"},
		{"no such file", row{query: r.query, check: r.check, files: func(*logs) []string { return []string{"none.log"} }}, peer{}, "ours: exit status 1"},
		{"ours is wrong", row{query: r.query, check: lines(func(*audittest.Truth) int { return -1 }), files: plain}, peer{}, "ours: 1 rows, and there are -1"},
	} {
		got := m.row(log, c.row, []peer{c.peer})[0].Wrong
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestUnsupported(t *testing.T) {
	var m meter
	results := m.row(nil, row{name: "x", query: "no such command"}, nil)
	if len(results) != 1 || results[0].Unsupported == "" {
		t.Errorf("%+v", results)
	}
}

// A directory is used again if it holds the log that is asked for.
func TestPrepareAgain(t *testing.T) {
	dir := t.TempDir()
	marked := filepath.Join(dir, "audit.log.zst")
	for _, c := range []struct {
		size int64
		made bool
	}{{128 << 10, true}, {128 << 10, false}, {256 << 10, true}, {256 << 10, false}} {
		var stderr bytes.Buffer
		log, err := prepare(dir, c.size, &stderr)
		if err != nil {
			t.Fatal(err)
		}
		if made := stderr.Len() > 0; made != c.made {
			t.Errorf("size %d: made %v, want %v", c.size, made, c.made)
		}
		if info, err := os.Stat(log.plain[0]); err != nil || info.Size() != log.truth.Bytes {
			t.Errorf("size %d: %v, want %d bytes, error %v", c.size, info, log.truth.Bytes, err)
		}
		for _, files := range [][]string{{marked}, log.gz, log.parts} {
			var out bytes.Buffer
			if err := runDecode(&out, files); err != nil {
				t.Errorf("size %d: %v", c.size, err)
			}
			if err := wholeLog(&log.truth, out.Bytes()); err != nil {
				t.Errorf("size %d: %q: %v", c.size, files, err)
			}
		}
	}
}

func TestArgs(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"-size 64", ""},
		{"-size 1GiB -rows stats,plain -runs 3 -o json", ""},
		{"-size 0", "want a number and KiB, MiB or GiB"},
		{"-size 5TB", "want a number and KiB, MiB or GiB"},
		{"-rows plain,none", `there is no row "none"`},
		{"-runs 0", "-runs takes a number from 1"},
		{"-o csv", "-o takes table or json"},
		{"file.log", `unexpected argument "file.log"`},
		{"-none", "flag provided but not defined"},
	} {
		var stderr bytes.Buffer
		_, err := parseArgs(strings.Fields(c.args), &stderr)
		if (err == nil) != (c.want == "") || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%s: %v, and %q, want %q", c.args, err, &stderr, c.want)
		}
	}
	for text, want := range map[string]int64{"7": 7, "2K": 2048, "3MiB": 3 << 20, "3MB": 3 << 20, "10GiB": 10 << 30} {
		if got, err := parseSize(text); got != want || err != nil {
			t.Errorf("%s: %d, %v, want %d", text, got, err, want)
		}
	}
}

// A check accepts the truth in the forms of all peers, and nothing else.
func TestChecks(t *testing.T) {
	at := time.Date(2026, time.March, 2, 8, 5, 0, 123_456_000, time.UTC)
	truth := &audittest.Truth{
		Bytes: 17, EvictionsOfPod: 2, Newest: []time.Time{at, at.Add(-time.Millisecond)},
		ByResource: map[audittest.VerbResource]int{{Verb: "get", Resource: "pods"}: 3, {Verb: "get"}: 1},
		ByUser:     map[audittest.UserBin]int{{User: "alice", Bin: at.Unix()}: 4},
	}
	for _, c := range []struct {
		name  string
		check check
		out   string
		want  string
	}{
		{"lines", lines(evictionsOfPod), "a\nb\n", ""},
		{"a line less", lines(evictionsOfPod), "a\n", "1 rows, and there are 2"},
		{"size", wholeLog, "17\n", ""},
		{"another size", wholeLog, "16\n", "read 16 bytes, and there are 17"},
		{"counts", counts(byResource), "get\t\t1\nget\tpods\t3\n", ""},
		{"another count", counts(byResource), "get\t\t1\nget\tpods\t4\n", `4 of "get\tpods", and there are 3`},
		{"a group less", counts(byResource), "get\tpods\t3\n", `0 of "get\t", and there are 1`},
		{"a group more", counts(byResource), "get\t\t1\nget\tpods\t3\nput\tpods\t3\n", `3 of "put\tpods", and there is none`},
		{"a group twice", counts(byResource), "get\t\t1\nget\t\t1\n", `two rows for "get\t"`},
		{"no count", counts(byResource), "get\n", "invalid syntax"},
		{"bins", counts(byUser), "alice\t2026-03-02 08:05:00\t4\n", ""},
		{"bins of ours", counts(byUser), "alice\t2026-03-02 08:05:00.000\t4\n", ""},
		{"another bin", counts(byUser), "alice\t2026-03-02 08:10:00\t4\n", "0 of"},
		{"newest", newest, "2026-03-02T08:05:00.123456Z\tx\n2026-03-02 08:05:00.122\n", ""},
		{"not newest", newest, "2026-03-02T08:05:00.123456Z\tx\n2026-03-02 08:05:00.121\n", "should be"},
		{"percentiles", percentiles, "pods\t3\t0\t0\n\t1\t0\t0\n", ""},
		{"far percentiles", percentiles, "pods\t3\t5\t0\n\t1\t0\t0\n", `percentile 50 of "pods" is 5, and should be from 0 to 0`},
		{"another percentile count", percentiles, "pods\t2\t0\t0\n\t1\t0\t0\n", `2 of "pods", and there are 3`},
		{"no percentile", percentiles, "pods\t3\n", "a row with 2 columns"},
		{"no number", percentiles, "pods\t3\tx\ty\n", "invalid syntax"},
	} {
		err := c.check(truth, []byte(c.out))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	var out strings.Builder
	err := writeTable(&out, []result{
		{Row: "a", Title: "first", PeakLimit: 2 << 20, Ours: &figure{1, 1.5, 1 << 20}, Peer: "other", Theirs: &figure{2, 2, 3 << 20}, Ratio: &spread{0.5, 0.4, 0.6}, Target: 1, Met: true},
		{Row: "b", Title: "second", Ours: &figure{Wall: 1, Peak: 1 << 40}},
		{Row: "c", Title: "third", Unsupported: "later"},
		{Row: "d", Title: "fourth", Wrong: "bad"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"other", "0.50 (0.40 .. 0.60)", "1.00 met", "b: took 1048576 MiB of memory", "c: not supported yet: later", "d: WRONG: bad"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
