package query

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDoc holds the lists in doc.go to the tables and the vectors.
func TestDoc(t *testing.T) {
	src, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	want := string(src)
	for heading, list := range map[string]string{
		"Commands":                       commandList(),
		"Functions":                      functionList(),
		"Aggregates":                     aggregateList(),
		"Differences from Logs Insights": vectorList(vectors(t), "differs", nil),
		"Unverified":                     vectorList(vectors(t), "unverified", []string{"aggregates", "anomaly", "diff", "functions", "limit", "logcompare", "order", "pattern", "sort", "values"}),
	} {
		want = replaceList(t, want, heading, list)
	}
	if *update {
		if err := os.WriteFile("doc.go", []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(src)); diff != "" {
		t.Errorf("run go test -update (-want +got):\n%s", diff)
	}
}

func commandList() string {
	var b strings.Builder
	for _, c := range commands {
		fmt.Fprintf(&b, "//\t%s\n//\t\t%s\n", c.syntax, withAliases(c.doc, c.aliases))
	}
	return b.String()
}

func withAliases(doc string, aliases []string) string {
	if len(aliases) == 0 {
		return doc
	}
	return doc + " Also called " + strings.Join(aliases, ", ") + "."
}

func functionList() string {
	var b strings.Builder
	for _, fn := range functions {
		fmt.Fprintf(&b, "//\t%-38s %s\n", fn.syntax, withAliases(fn.doc, fn.aliases))
	}
	return b.String()
}

func aggregateList() string {
	var b strings.Builder
	for _, agg := range aggregates {
		fmt.Fprintf(&b, "//\t%-38s %s\n", agg.syntax, withAliases(agg.doc, agg.aliases))
	}
	return b.String()
}

// vectorList are the titles of the vectors whose header says so and which are in
// one of the directories, if any are given.
func vectorList(all []vector, insights string, dirs []string) string {
	var b strings.Builder
	for _, v := range all {
		word, why, _ := strings.Cut(v.Header["insights"], " ")
		dir, _, _ := strings.Cut(v.Path, "/")
		if word != insights || dirs != nil && !slices.Contains(dirs, dir) {
			continue
		}
		text := v.Title
		if why != "" {
			text += " (" + why + ")"
		}
		fmt.Fprintf(&b, "//   - %s\n", text)
	}
	return b.String()
}

// replaceList puts a list into the section of the heading: in place of the one
// that ends it, or at its end.
func replaceList(t *testing.T, doc, heading, list string) string {
	t.Helper()
	before, rest, ok := strings.Cut(doc, "// # "+heading+"\n")
	if !ok {
		t.Fatalf("doc.go has no section %q", heading)
	}
	section, after, _ := strings.Cut(rest, "//\n// # ")
	var text []string
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "//\t") || strings.HasPrefix(line, "//   - ") {
			break
		}
		text = append(text, line)
	}
	section = strings.TrimSuffix(strings.Join(text, ""), "//\n")
	return before + "// # " + heading + "\n" + section + "//\n" + list + "//\n// # " + after
}
