package query

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// corpusDir holds queries that people published, and logs of a real API
// server. It is not part of the repository.
const corpusDir = "../../shared/corpus"

// A corpusQuery is a query that somebody published. Its status says whether
// the service takes it.
type corpusQuery struct {
	ID     int
	Query  string
	Status string
}

// TestCorpus checks that every published query runs over a real log, or is
// refused for the right reason.
func TestCorpus(t *testing.T) {
	file, err := os.Open(corpusDir + "/queries/queries.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		missing(t, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log, err := os.Open(corpusDir + "/audit/evictions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	events := readAll(t, audit.NewReader(log))

	lines, ran := bufio.NewScanner(file), 0
	for lines.Scan() {
		var c corpusQuery
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprint(c.ID), func(t *testing.T) {
			if _, err := ParseWith(c.Query, &ParseOptions{Parameters: numbersFor(c.Query)}); err != nil {
				checkRefusal(t, c, err)
			} else if q, err := ParseWith(c.Query, &ParseOptions{Parameters: numbersFor(c.Query), Saved: savedByOthers}); err != nil {
				checkRefusal(t, c, err)
			} else {
				ran++
				checkPublished(t, c, q, events)
			}
		})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d queries ran", ran)
}

// TestCorpusLogs holds the query for evictions, over real logs, to a slow twin
// that decodes every event and sorts all of them.
func TestCorpusLogs(t *testing.T) {
	names, err := filepath.Glob(corpusDir + "/audit/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		missing(t, fmt.Errorf("%s: no logs", corpusDir))
		return
	}
	q := MustParse(`fields stageTimestamp, @message | sort @timestamp desc | filter verb == "create" and objectRef.subresource == 'eviction'`)
	found := 0
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			events := readAll(t, audit.NewReader(file))
			want := slowEvictions(events)
			found += len(want)
			for _, picky := range []bool{false, true} {
				var got []string
				for row, err := range q.Run(t.Context(), parted{events, 5, picky}, nil) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, row.Get("stageTimestamp").String()+" "+row.Get("@message").String())
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("picky: %t (-want +got):\n%s", picky, diff)
				}
			}
		})
	}
	if found == 0 {
		t.Error("no log has an eviction")
	}
}

// slowEvictions are time and text of the evictions, the newest first.
func slowEvictions(events audit.List) []string {
	var out []string
	for _, ev := range events {
		fields := slowFields(ev.Raw)
		if slowLookup(fields, "verb").String() == "create" && slowLookup(fields, "objectRef.subresource").String() == "eviction" {
			out = append(out, slowLookup(fields, "stageTimestamp").String()+" "+string(ev.Raw))
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { // the times are all written alike
		return strings.Compare(b[:len("2006-01-02T15:04:05.000000Z")], a[:len("2006-01-02T15:04:05.000000Z")])
	})
	return out
}

// savedByOthers are the saved queries that published queries call.
var savedByOthers = map[string]SavedQuery{
	"ErrorsByService": {Text: "fields @timestamp, @message | filter level = {{logLevel}} | filter applicationName = {{applicationName}}"},
}

// missing says that the corpus is not there, which is wrong in CI only.
func missing(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	t.Log(err)
}

func readAll(tb testing.TB, r *audit.Reader) audit.List {
	tb.Helper()
	var list audit.List
	for ev, err := range r.Events() {
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, ev.Clone())
	}
	return list
}

// numbersFor gives every parameter of a query a value that fits most places.
func numbersFor(query string) map[string]string {
	values := map[string]string{}
	for i := range query {
		if name, size := placeholder(query[i:]); size > 0 {
			values[name] = "10"
		}
	}
	return values
}

// checkRefusal checks that a refused query is wrong, or more than this package
// supports. What the service may not take either can be refused as anything.
func checkRefusal(t *testing.T, c corpusQuery, err error) {
	switch c.Status {
	case "ok", "ok-odd", "constructed", "undocumented-operator", "undocumented-command":
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("status %s, and refused: %v\n%s", c.Status, err, err.(*Error).Snippet())
		}
	}
}

// checkPublished checks a query that parses: that the service takes it too, its
// canonical text, and that it runs in one part as in several.
func checkPublished(t *testing.T, c corpusQuery, q *Query, events audit.List) {
	if strings.HasPrefix(c.Status, "invalid") {
		t.Errorf("status %s, and taken", c.Status)
	}
	for _, d := range q.Diagnostics() {
		if c.Status == "ok" && d.Kind == Refusal {
			t.Errorf("status ok, and the service is said to refuse it: %v", d)
		}
	}
	if again, err := Parse(q.String()); err != nil {
		t.Errorf("canonical text: %v", err)
	} else if again.String() != q.String() {
		t.Errorf("String is no fixpoint:\n%s\n%s", q, again)
	}
	opts := &Options{Tables: map[string]*Table{}}
	opts.Resolve = func(context.Context, Selection) (audit.Source, error) { return events, nil }
	opts.setWindow(q)
	for _, l := range q.plan.lookups {
		opts.Tables[l.table] = &Table{columns: slices.Concat(l.match, l.outputs)}
	}
	whole, err := collect(q.Run(t.Context(), events, opts))
	if err != nil {
		t.Error(err)
	}
	for _, picky := range []bool{false, true} {
		rows, err := collect(q.Run(t.Context(), parted{events, 3, picky}, opts))
		if err != nil || !slices.Equal(rows, whole) {
			t.Errorf("in three parts (picky: %t): %d rows for %d, %v", picky, len(rows), len(whole), err)
		}
	}
}
