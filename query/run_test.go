package query

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// A script is a source whose parts and events are written down: "!" stands for
// an error of one place, "!!" for one that ends the reading, and anything else
// for an event. It records what it is asked for.
type script struct {
	parts [][]string
	needs *[]audit.Need
}

var errBroken = errors.New("broken")

func (s script) Parts(context.Context) iter.Seq2[audit.Part, error] {
	return func(yield func(audit.Part, error) bool) {
		for i, part := range s.parts {
			err := scriptError(strings.Join(part, ""))
			if !yield(audit.Part{Offset: int64(i)}, err) {
				return
			}
		}
	}
}

func (s script) Read(_ context.Context, p audit.Part, need audit.Need) iter.Seq2[audit.Event, error] {
	return func(yield func(audit.Event, error) bool) {
		if s.needs != nil {
			*s.needs = append(*s.needs, need)
		}
		for i, item := range s.parts[p.Offset] {
			ev := audit.Event{Raw: []byte(item), Pos: audit.Pos{File: "log", Line: i + 1}}
			if !yield(ev, scriptError(strings.TrimPrefix(item, "-"))) {
				return
			}
		}
	}
}

func scriptError(item string) error {
	switch item {
	case "!":
		return &audit.EventError{Pos: audit.Pos{File: "log", Line: 1}, Err: audit.ErrNotJSON}
	case "!!":
		return errBroken
	}
	return nil
}

// TestRunErrors checks what a caller sees of a source that fails. In want, a
// row is its text and an error its message.
func TestRunErrors(t *testing.T) {
	const one, two = `{"id":1}`, `{"id":2}`
	const place = "audit: log:1: not valid JSON (offset 0)"
	for _, test := range []struct {
		name  string
		parts [][]string
		want  []string
	}{
		{"nothing", nil, nil},
		{"event errors come first", [][]string{{one, "-!", two}}, []string{place, one, two}},
		{"a part that cannot be read", [][]string{{one}, {"!"}, {two}}, []string{place, one, two}},
		{"the end of reading", [][]string{{one, "-!!", two}, {two}}, []string{"broken"}},
		{"the end of the parts", [][]string{{one}, {"!!"}, {two}}, []string{"broken"}},
	} {
		var got []string
		for row, err := range MustParse("fields id").Run(t.Context(), script{parts: test.parts}, nil) {
			if err != nil {
				got = append(got, err.Error())
			} else {
				got = append(got, row.String())
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestRunStopsAtError checks that the loop can be left at an error.
func TestRunStopsAtError(t *testing.T) {
	for _, parts := range [][][]string{{{"-!", "{}"}}, {{"!"}, {"{}"}}, {{"-!!"}}} {
		n := 0
		for _, err := range MustParse("fields id").Run(t.Context(), script{parts: parts}, nil) {
			if n++; err == nil {
				t.Errorf("%q: a row first", parts)
			}
			break
		}
		if n != 1 {
			t.Errorf("%q: %d items", parts, n)
		}
	}
}

func TestRunCanceled(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	rows, err := collect(MustParse("fields id").Run(ctx, audit.List{{Raw: []byte("{}")}}, nil))
	if len(rows) != 0 || !errors.Is(err, cause) {
		t.Errorf("%q, %v", rows, err)
	}
}

// TestRunNoEvents checks that a log without an event is no clean result.
func TestRunNoEvents(t *testing.T) {
	src := audit.Sequence(audit.NewReader(strings.NewReader("hello\n")).Events())
	_, err := collect(MustParse("fields id").Run(t.Context(), src, nil))
	if err == nil {
		t.Error("no error")
	}
}

func TestRunNeeds(t *testing.T) {
	var needs []audit.Need
	src := script{[][]string{{"{}"}, {"{}"}}, &needs}
	q := MustParse(`filter verb = "create" and a like "some/text" and b = "\ufffd and more"`)
	for _, strict := range []bool{false, true} {
		run(t, q, src, &Options{Strict: strict, Workers: 1})
	}
	lax := audit.Need{Literals: []string{"create", "some/text", `\ufffd and more`}, Unchecked: true}
	strict := audit.Need{Literals: lax.Literals, Strict: true}
	for i := range needs {
		if needs[i].Wanted == nil || needs[i].Refuses == nil {
			t.Error("the source is not told which events are wanted")
		}
		needs[i].Wanted, needs[i].Refuses = nil, nil
	}
	if diff := cmp.Diff([]audit.Need{lax, lax, strict, strict}, needs); diff != "" {
		t.Errorf("needs (-want +got):\n%s", diff)
	}
	if got := MustParse("filter a = \"x\ufffdyz\" and b = \"x\xffyz\" and c = \"true\" and d = \"1e5\" and e = \"ab\"").plan.literals; got != nil {
		t.Errorf("literals that an event may write in other ways: %q", got)
	}
}

// TestLimitAnyStops checks that limit any does not read what it need not.
func TestLimitAnyStops(t *testing.T) {
	var log bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&log, `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"%d"}`+"\n", i)
	}
	read := 0
	events := audit.NewReader(&log).Events()
	src := audit.Sequence(func(yield func(audit.Event, error) bool) {
		for ev, err := range events {
			if read++; !yield(ev, err) {
				return
			}
		}
	})
	if rows := run(t, MustParse("fields auditID | limit any 3"), src, nil); len(rows) != 3 || read != 3 {
		t.Errorf("%d rows of %d events", len(rows), read)
	}
}

// TestRowPos checks that a row knows the place of its event.
func TestRowPos(t *testing.T) {
	for row, err := range MustParse("fields id | sort id desc").Run(t.Context(), script{parts: [][]string{{`{"id":1}`, `{"id":2}`}}}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if id, _ := row.Get("id").Float64(); row.Pos().Line != int(id) {
			t.Errorf("%v at %v", row, row.Pos())
		}
		if !row.Get("other").Missing() {
			t.Error("a column that is not there")
		}
	}
	if (Row{}).String() != "{}" || len(Row{}.Columns()) != 0 {
		t.Error("the zero Row")
	}
}

func TestMustParse(t *testing.T) {
	defer func() {
		if _, ok := recover().(*Error); !ok {
			t.Error("no panic with an *Error")
		}
	}()
	MustParse("")
}
