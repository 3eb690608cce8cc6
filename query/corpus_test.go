package query

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

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
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Log(err)
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
			if q, err := Parse(c.Query); err != nil {
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

// checkPublished checks a query that parses: its canonical text, and that it
// runs in one part as in several.
func checkPublished(t *testing.T, c corpusQuery, q *Query, events audit.List) {
	if strings.HasPrefix(c.Status, "invalid") {
		t.Fatalf("status %s, and taken", c.Status)
	}
	if again, err := Parse(q.String()); err != nil {
		t.Errorf("canonical text: %v", err)
	} else if again.String() != q.String() {
		t.Errorf("String is no fixpoint:\n%s\n%s", q, again)
	}
	whole, err := collect(q.Run(t.Context(), events, nil))
	if err != nil {
		t.Error(err)
	}
	for _, picky := range []bool{false, true} {
		rows, err := collect(q.Run(t.Context(), parted{events, 3, picky}, nil))
		if err != nil || !slices.Equal(rows, whole) {
			t.Errorf("in three parts (picky: %t): %d rows for %d, %v", picky, len(rows), len(whole), err)
		}
	}
}
