package audit

import (
	"os"
	"strings"
	"testing"
)

// TestDoc holds that the package documentation lists what the tables have.
func TestDoc(t *testing.T) {
	src, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	doc := strings.Join(strings.Fields(strings.ReplaceAll(string(src), "\n//", "\n")), " ")
	var items []string
	for _, c := range containers {
		items = append(items, c.name)
	}
	for _, f := range forms {
		items = append(items, f.name+": "+f.doc)
	}
	items = append(items, jsonLines, journalExport, csvName+": "+csvDoc, markdownName+": "+markdownDoc)
	for _, w := range wrappers {
		items = append(items, w.name+": "+w.doc)
	}
	for _, d := range documents {
		items = append(items, d.name+": "+d.doc)
	}
	for _, p := range mappings {
		items = append(items, p.name+": "+p.doc)
	}
	for _, o := range others {
		items = append(items, o.doc)
	}
	for _, item := range items {
		if !strings.Contains(doc, "- "+item) {
			t.Errorf("doc.go has no item %q", item)
		}
	}
	if got := strings.Count(doc, " - "); got != len(items) {
		t.Errorf("doc.go lists %d things, the tables have %d", got, len(items))
	}
}
