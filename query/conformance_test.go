package query

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// TestVectors holds the package to the vectors of testdata/query. A vector has
// a query, and then either the rows that it gives over the events or the error
// that refuses it. Diagnostics are compared always, the other members if they
// are there.
func TestVectors(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(strings.TrimSuffix(v.Path, ".txtar"), func(t *testing.T) {
			checkHeader(t, v)
			got := outcome(t, v)
			if *update {
				v.rewrite(t, got)
				return
			}
			for _, f := range v.Files {
				switch want := string(f.Data); f.Name {
				case "query", "parameters", "events":
				default:
					if isGiven(f.Name) {
						continue
					}
					if text, ok := got[f.Name]; !ok {
						t.Errorf("unknown member %q", f.Name)
					} else if diff := cmp.Diff(want, text); diff != "" {
						t.Errorf("%s (-want +got):\n%s", f.Name, diff)
					}
				}
			}
			for _, name := range []string{"want", "error", "diagnostics"} {
				if _, ok := v.File(name); !ok && got[name] != "" {
					t.Errorf("no member %s, and there is:\n%s", name, got[name])
				}
			}
			if q, err := v.parse(ModeLenient); err == nil && v.Header["kind"] == "run" {
				checkCanonical(t, q)
			} else if err == nil {
				checkStrict(t, v, q, textLines(got["want"]))
				checkWays(t, v, q, textLines(got["want"]))
			}
		})
	}
}

// checkHeader checks that the vector says what it shows and how it is known.
func checkHeader(t *testing.T, v vector) {
	t.Helper()
	if v.Title == "" {
		t.Error("no title")
	}
	word, rest, _ := strings.Cut(v.Header["insights"], " ")
	switch word {
	case "documented":
		if !strings.HasPrefix(rest, "https://") {
			t.Errorf("insights: documented where? %q", rest)
		}
	case "observed", "differs":
		if rest == "" {
			t.Errorf("insights: %s needs more", word)
		}
	case "unverified", "own":
	default:
		t.Errorf("insights: %q is none of documented, observed, unverified, differs, own", word)
	}
}

// outcome is what comes of the vector's query, by member; those that do not
// apply are empty.
func outcome(t *testing.T, v vector) map[string]string {
	t.Helper()
	out := map[string]string{"want": "", "error": "", "diagnostics": "", "columns": "", "canonical": "", "explain": ""}
	q, err := v.parse(ModeLenient)
	if err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Fatalf("Parse gave a %T: %v", err, err)
		}
		kinds := map[string]error{"syntax": ErrSyntax, "name": ErrName, "use": ErrUse, "unsupported": errors.ErrUnsupported}
		if kind := kinds[v.Header["kind"]]; kind == nil || !errors.Is(err, kind) {
			t.Errorf("kind: %q, but the error has %v", v.Header["kind"], e.Err)
		}
		out["error"] = e.Error() + "\n" + e.Snippet() + "\n"
		return out
	}
	if kind := v.Header["kind"]; kind != "" && kind != "run" {
		t.Error("a vector with a kind needs an error")
	}
	opts := v.options(t)
	var src audit.Source = v.events(t)
	if v.Header["kind"] == "run" {
		src = unread{t}
	}
	rows, err := collect(q.Run(t.Context(), src, &opts))
	switch {
	case (err != nil) != (v.Header["kind"] == "run"):
		t.Fatalf("kind: %q, and the run gave %v", v.Header["kind"], err)
	case err != nil:
		out["error"] = err.Error() + "\n"
	}
	out["want"] = unlines(rows)
	for _, d := range q.Diagnostics() {
		out["diagnostics"] += d.String() + "\n"
	}
	for name, text := range map[string]string{"columns": unlines(q.Columns()), "canonical": q.String() + "\n", "explain": q.Explain()} {
		if _, ok := v.File(name); ok {
			out[name] = text
		}
	}
	return out
}

func unlines(list []string) string {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(s + "\n")
	}
	return b.String()
}

func textLines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

// collect are the rows as text, up to the first error.
func collect(rows iter.Seq2[Row, error]) ([]string, error) {
	var out []string
	for row, err := range rows {
		if err != nil {
			return out, err
		}
		out = append(out, row.String())
	}
	return out, nil
}

// checkWays runs the query in every way that must make no difference.
func checkWays(t *testing.T, v vector, q *Query, want []string) {
	t.Helper()
	events, opts := v.events(t), v.options(t)
	if len(want) == 1 && want[0] == "" {
		want = nil
	}
	same := func(way string, q *Query, src audit.Source) {
		t.Helper()
		got, err := collect(q.Run(t.Context(), src, &opts))
		if err != nil {
			t.Errorf("%s: %v", way, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", way, diff)
		}
	}

	same("parsed from String", checkCanonical(t, q), events)
	for _, n := range []int{2, 3, 7} {
		same(fmt.Sprintf("%d parts", n), q, parted{events, n, false})
	}
	checkSources(t, v, q, opts, want)
	same("without what is not needed", q, parted{events, 2, true})
	checkEngine(t, q, events, opts, want)
	once := !slices.ContainsFunc(q.plan.subqueries, func(s *subquery) bool { return s.plan.source == nil })
	checkReaders(t, events, once && v.Header["ingested"] == "", func(way string, src audit.Source) { t.Helper(); same(way, q, src) })
	checkConcurrent(t, q, events, opts, want)
	checkPrefixes(t, q, events, opts, want)
}

// checkCanonical returns the query that is parsed from the canonical text of q,
// which is that of both.
func checkCanonical(t *testing.T, q *Query) *Query {
	t.Helper()
	again, err := Parse(q.String())
	if err != nil {
		t.Fatalf("Parse(q.String()): %v", err)
	}
	if again.String() != q.String() {
		t.Errorf("String is no fixpoint:\n%s\n%s", q, again)
	}
	return again
}

// An unread source is one that must not be read.
type unread struct{ t *testing.T }

func (s unread) Parts(context.Context) iter.Seq2[audit.Part, error] {
	s.t.Error("the source was read")
	return func(func(audit.Part, error) bool) {}
}

func (s unread) Read(context.Context, audit.Part, audit.Need) iter.Seq2[audit.Event, error] {
	s.t.Error("the source was read")
	return func(func(audit.Event, error) bool) {}
}

// checkStrict checks that strict mode refuses the query where lenient mode says
// that the service does, and that it otherwise makes no difference.
func checkStrict(t *testing.T, v vector, lenient *Query, want []string) {
	t.Helper()
	notes := lenient.Diagnostics()
	n := slices.IndexFunc(notes, func(d Diagnostic) bool { return d.Kind == Refusal })
	q, err := v.parse(ModeStrict)
	if n >= 0 {
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Pos != notes[n].Pos || e.End != notes[n].End || e.Hint != notes[n].Hint || !strings.HasPrefix(notes[n].Msg, e.Msg+"; here ") || !errors.Is(err, ErrUse) {
			t.Errorf("in strict mode: %v, for %v", err, notes[n])
		}
		return
	}
	if err != nil {
		t.Errorf("in strict mode: %v", err)
		return
	}
	if diff := cmp.Diff(notes, q.Diagnostics()); diff != "" {
		t.Errorf("diagnostics in strict mode (-lenient +strict):\n%s", diff)
	}
	opts := v.options(t)
	rows, err := collect(q.Run(t.Context(), v.events(t), &opts))
	if diff := cmp.Diff(want, textLines(unlines(rows))); diff != "" || err != nil {
		t.Errorf("in strict mode: %v (-want +got):\n%s", err, diff)
	}
}

// checkSources runs the query with the logs that SOURCE finds in several parts.
func checkSources(t *testing.T, v vector, q *Query, opts Options, want []string) {
	t.Helper()
	if opts.Resolve == nil {
		return
	}
	opts.TempDir = t.TempDir()
	for _, n := range []int{2, 5} {
		opts.Resolve = Named(v.sources(t, n))
		for _, opts.Memory = range []int{0, 1, 700} {
			got, err := collect(q.Run(t.Context(), parted{v.events(t), n, false}, &opts))
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("sources in %d parts, memory %d: %v (-want +got):\n%s", n, opts.Memory, err, diff)
			}
		}
	}
	checkNoFiles(t, opts.TempDir)
}

// checkPrefixes checks that the loop can be left at any row, and that a limit
// on the run gives the beginning of what there would be without.
func checkPrefixes(t *testing.T, q *Query, events audit.List, opts Options, want []string) {
	t.Helper()
	for n := range want {
		var got []string
		for row, err := range q.Run(t.Context(), events, &opts) {
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, row.String()); len(got) == n+1 {
				break
			}
		}
		if diff := cmp.Diff(want[:n+1], got); diff != "" {
			t.Errorf("left after %d (-want +got):\n%s", n+1, diff)
		}
		if q.plan.any {
			continue
		}
		limited := opts
		limited.Limit = n + 1
		got, err := collect(q.Run(t.Context(), parted{events, 2, false}, &limited))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[:n+1], got); diff != "" {
			t.Errorf("Limit: %d (-want +got):\n%s", n+1, diff)
		}
	}
}

// checkConcurrent checks that several goroutines can run one query.
func checkConcurrent(t *testing.T, q *Query, events audit.List, opts Options, want []string) {
	t.Helper()
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			got, err := collect(q.Run(t.Context(), events, &opts))
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("side by side: %v (-want +got):\n%s", err, diff)
			}
		})
	}
	group.Wait()
}

// checkReaders runs the query over the events as a log, plain and compressed,
// if they are such that a log can hold them.
func checkReaders(t *testing.T, events audit.List, plain bool, same func(way string, src audit.Source)) {
	t.Helper()
	if len(events) == 0 || !plain {
		return
	}
	var log, zipped, members bytes.Buffer
	whole := gzip.NewWriter(&zipped)
	for _, ev := range events {
		if !bytes.Contains(ev.Raw, []byte(`"apiVersion":"audit.k8s.io/`)) || !bytes.Contains(ev.Raw, []byte(`"kind":"Event"`)) {
			return
		}
		line := append(slices.Clone(ev.Raw), '\n')
		log.Write(line)
		whole.Write(line)
		member := gzip.NewWriter(&members)
		member.Write(line)
		if err := member.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := whole.Close(); err != nil {
		t.Fatal(err)
	}
	read := func(in io.Reader) audit.Source {
		r := audit.NewReader(in)
		r.Group, r.Stream = events[0].Group, events[0].Stream
		return audit.Sequence(r.Events())
	}
	same("read", read(bytes.NewReader(log.Bytes())))
	same("read byte by byte", read(iotest.OneByteReader(bytes.NewReader(log.Bytes()))))
	same("read from gzip", read(bytes.NewReader(zipped.Bytes())))
	same("read from gzip of several members", read(bytes.NewReader(members.Bytes())))
}

// A parted source gives events in n parts. It makes the most of what a source
// may do: if it is picky it leaves out all that is not needed, and what it has
// given becomes garbage at the next step.
type parted struct {
	events audit.List
	n      int
	picky  bool
}

func (s parted) Parts(context.Context) iter.Seq2[audit.Part, error] {
	return func(yield func(audit.Part, error) bool) {
		for i := range s.n {
			if !yield(audit.Part{Offset: int64(i * len(s.events) / s.n), Length: int64((i + 1) * len(s.events) / s.n)}, nil) {
				return
			}
		}
	}
}

// needed reports whether the event may not be left out.
func needed(ev *audit.Event, need audit.Need) bool {
	head := slices.Clone(ev.Raw[:len(ev.Raw)/2])
	return hasLiterals(ev.Raw, need.Literals) && !need.Refuses(head) && need.Wanted(ev)
}

func (s parted) Read(_ context.Context, p audit.Part, need audit.Need) iter.Seq2[audit.Event, error] {
	return func(yield func(audit.Event, error) bool) {
		for _, ev := range s.events[p.Offset:p.Length] {
			ev = ev.Clone()
			if s.picky && !needed(&ev, need) {
				continue
			}
			if !yield(ev, nil) {
				return
			}
			for i := range ev.Raw {
				ev.Raw[i] = '#'
			}
		}
	}
}
