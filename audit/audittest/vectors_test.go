package audittest_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit/audittest"
)

func load(text string) ([]audittest.Vector, error) {
	fsys := fstest.MapFS{"q/a.txtar": &fstest.MapFile{Data: []byte(text)}}
	return audittest.Load(fsys, "q/*.txtar", "insights", "end")
}

func TestLoad(t *testing.T) {
	got, err := load("# a title\n# of two lines\n\ninsights: documented https://a.example/b:c\nend:\n" +
		"-- query --\nfilter x\n-- not a marker\n\n-- empty --\n--  padded  --\nno newline at the end")
	if err != nil {
		t.Fatal(err)
	}
	want := []audittest.Vector{{
		Path:   "q/a.txtar",
		Title:  "a title of two lines",
		Header: map[string]string{"insights": "documented https://a.example/b:c", "end": ""},
		Files: []audittest.File{
			{Name: "query", Data: []byte("filter x\n-- not a marker\n\n")},
			{Name: "empty"},
			{Name: "padded", Data: []byte("no newline at the end\n")},
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("vectors (-want +got):\n%s", diff)
	}
	if text, ok := got[0].File("query"); !ok || text != "filter x\n-- not a marker\n\n" {
		t.Errorf("File(query) = %q, %v", text, ok)
	}
	if text, ok := got[0].File("rows"); ok || text != "" {
		t.Errorf("File(rows) = %q, %v", text, ok)
	}
}

func TestLoadErrors(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"# x\nwrong: 1\n", `audittest: q/a.txtar:2: unknown header key "wrong"`},
		{"no colon\n", `audittest: q/a.txtar:1: header line "no colon" is not "key: value"`},
		{"end: 1\nend: 2\n", `audittest: q/a.txtar:2: header key "end" is there twice`},
		{"-- a --\n-- a --\n", `audittest: q/a.txtar:2: member "a" is there twice`},
	} {
		if _, err := load(tt.text); err == nil || err.Error() != tt.want {
			t.Errorf("Load(%q): error %v, want %s", tt.text, err, tt.want)
		}
	}
	if _, err := audittest.Load(fstest.MapFS{}, "q/*.txtar"); err == nil {
		t.Error("a pattern that matches nothing is no error")
	}
	if _, err := audittest.Load(fstest.MapFS{}, "["); err == nil {
		t.Error("a malformed pattern is no error")
	}
}
