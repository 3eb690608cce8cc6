package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKeys holds the tables of the README and of the program's documentation to
// the columns, and to one another.
func TestKeys(t *testing.T) {
	at := places(noPlaces)
	inReadme, inDoc := tables(t, "../../README.md", "| `", "` | "), tables(t, "doc.go", "//\t", "  ")
	for i, want := range [][]string{
		names(evictionRecord(at)),
		names(attemptRecord(at)),
		names(removalRecord(at)),
		names(drainRecord(at)),
		names(verdictRecord(at)),
		names(timelineRecord(at)),
		names(summaryRecord),
	} {
		if i >= len(inReadme) || i >= len(inDoc) {
			t.Fatalf("%d tables in the README and %d in the documentation", len(inReadme), len(inDoc))
		}
		keys := make([]string, len(inReadme[i]))
		for n, row := range inReadme[i] {
			keys[n] = row[0]
		}
		if diff := cmp.Diff(want, keys); diff != "" {
			t.Errorf("table %d of the README (-columns +README):\n%s", i, diff)
		}
		if diff := cmp.Diff(inReadme[i], inDoc[i]); diff != "" {
			t.Errorf("table %d (-README +documentation):\n%s", i, diff)
		}
	}
}

// tables are the tables of a file that have rows of a key and what it is: lines
// that begin with before, and have between after the key. Backquotes do not
// count.
func tables(t *testing.T, name, before, between string) [][][2]string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var all [][][2]string
	inside := false
	for line := range strings.Lines(string(text)) {
		rest, is := strings.CutPrefix(line, before)
		key, what, both := strings.Cut(rest, between)
		if is = is && both && !strings.Contains(key, " "); is {
			if !inside {
				all = append(all, nil)
			}
			what = strings.TrimSuffix(strings.TrimSpace(what), " |")
			all[len(all)-1] = append(all[len(all)-1], [2]string{key, strings.ReplaceAll(strings.TrimSpace(what), "`", "")})
		}
		inside = is
	}
	return all
}
