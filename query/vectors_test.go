package query

import (
	"bytes"
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/audittest"
)

// update has the members that say what must come out, and the generated parts
// of the package comment, written instead of checked.
var update = flag.Bool("update", false, "rewrite what the tests compare with")

// vectorKeys are what the header of a vector may have. insights says how the
// fact relates to the service: "documented <url>", "observed <date>",
// "unverified", "differs <why>", or "own" for what the service has nothing like:
// canonical text, plans. example names the commands, functions and aggregates
// that the vector is the example of in the documentation. kind is that of the error, or run if
// the query is only refused when it is to be run, and mode that in which it is parsed. The rest sets up the events and the run.
var vectorKeys = []string{"insights", "example", "kind", "mode", "stream", "group", "ingested", "start", "end", "now"}

// A vector is one file of testdata/query.
type vector struct {
	audittest.Vector
	query string
}

// vectors are all vectors, by path.
func vectors(tb testing.TB) []vector {
	tb.Helper()
	loaded, err := audittest.Load(os.DirFS(vectorDir), "*/*.txtar", vectorKeys...)
	if err != nil {
		tb.Fatal(err)
	}
	var out []vector
	for _, v := range loaded {
		query, _ := v.File("query")
		out = append(out, vector{v, strings.TrimSuffix(query, "\n")})
	}
	return out
}

const vectorDir = "../testdata/query"

// events are the events of the vector, one a line.
func (v vector) events(tb testing.TB) audit.List {
	text, _ := v.File("events")
	return v.list(tb, text)
}

// list are the events of a text, one a line.
func (v vector) list(tb testing.TB, text string) audit.List {
	var list audit.List
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		list = append(list, audit.Event{
			Raw:      []byte(line),
			Group:    v.Header["group"],
			Stream:   cmp.Or(v.Header["stream"], "kube-apiserver-audit"),
			Ingested: v.time(tb, "ingested"),
		})
	}
	return list
}

// parse parses the query of the vector in its mode, with the values of the member
// parameters, a line for each.
func (v vector) parse(mode Mode) (*Query, error) {
	opts := &ParseOptions{Mode: mode, Parameters: map[string]string{}}
	if v.Header["mode"] == ModeStrict.String() {
		opts.Mode = ModeStrict
	}
	text, _ := v.File("parameters")
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		opts.Parameters[name] = value
	}
	opts.Saved = v.saved()
	return ParseWith(v.query, opts)
}

// saved are the saved queries of the vector, nil if it has none: the members saved
// NAME, and for their defaults default NAME, a line for each.
func (v vector) saved() map[string]SavedQuery {
	var saved map[string]SavedQuery
	for _, f := range v.Files {
		name, ok := strings.CutPrefix(f.Name, "saved ")
		if !ok {
			continue
		}
		if saved == nil {
			saved = map[string]SavedQuery{}
		}
		q := SavedQuery{Text: strings.TrimSuffix(string(f.Data), "\n"), Defaults: map[string]string{}}
		text, _ := v.File("default " + name)
		for line := range strings.Lines(text) {
			parameter, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			q.Defaults[parameter] = value
		}
		saved[name] = q
	}
	return saved
}

// isGiven reports whether a member is one of those that have a name behind a
// word. All of them are about what is given to the query.
func isGiven(member string) bool {
	word, _, ok := strings.Cut(member, " ")
	return ok && slices.Contains([]string{"table", "source", "saved", "default"}, word)
}

func (v vector) options(tb testing.TB) Options {
	tables := map[string]*Table{}
	for _, f := range v.Files {
		name, ok := strings.CutPrefix(f.Name, "table ")
		if !ok {
			continue
		}
		table, err := ReadTable(bytes.NewReader(f.Data))
		if err != nil {
			tb.Fatalf("%s: %s: %v", v.Path, f.Name, err)
		}
		tables[name] = table
	}
	opts := Options{Start: v.time(tb, "start"), End: v.time(tb, "end"), Now: v.time(tb, "now"), Tables: tables}
	if sources := v.sources(tb, 1); len(sources) > 0 {
		opts.Resolve = Named(sources)
	}
	return opts
}

// sources are the other logs of the vector by the names of their log groups, each
// in n parts.
func (v vector) sources(tb testing.TB, n int) map[string]audit.Source {
	sources := map[string]audit.Source{}
	for _, f := range v.Files {
		if name, ok := strings.CutPrefix(f.Name, "source "); ok {
			sources[name] = parted{v.list(tb, string(f.Data)), n, n > 1}
		}
	}
	return sources
}

func (v vector) time(tb testing.TB, key string) time.Time {
	if v.Header[key] == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, v.Header[key])
	if err != nil {
		tb.Fatalf("%s: %s: %v", v.Path, key, err)
	}
	return t
}

// rewrite writes the vector with the members in place of those it has of the
// same name; an empty one is left out.
func (v vector) rewrite(tb testing.TB, members map[string]string) {
	path := filepath.Join(vectorDir, v.Path)
	old, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	header, _, _ := strings.Cut("\n"+string(old), "\n-- ")
	var b bytes.Buffer
	b.WriteString(strings.TrimPrefix(header, "\n") + "\n")
	names := []string{"query", "parameters", "events", "want", "error", "diagnostics", "columns", "canonical", "explain"}
	for _, name := range names {
		text, ok := v.File(name)
		if new, given := members[name]; given {
			text, ok = new, new != ""
			if ok {
				text = strings.TrimSuffix(text, "\n") + "\n"
			}
		}
		if ok {
			b.WriteString("-- " + name + " --\n" + text)
		}
	}
	for _, f := range v.Files {
		switch {
		case isGiven(f.Name):
			b.WriteString("-- " + f.Name + " --\n" + string(f.Data))
		case !slices.Contains(names, f.Name):
			tb.Errorf("%s: unknown member %q", v.Path, f.Name)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		tb.Fatal(err)
	}
}
