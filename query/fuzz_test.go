package query

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// FuzzParse checks what holds of every text: it is refused at a place inside
// it, or it is a query whose canonical text stands for it.
func FuzzParse(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.query)
	}
	f.Fuzz(func(t *testing.T, src string) {
		q, err := Parse(src)
		if err != nil {
			checkError(t, src, err)
			return
		}
		text := q.String()
		again, err := Parse(text)
		if err != nil {
			t.Fatalf("canonical text: %v\n%s", err, text)
		}
		if again.String() != text {
			t.Errorf("String is no fixpoint:\n%q\n%q", text, again.String())
		}
		if !slices.Equal(q.Columns(), again.Columns()) || again.Explain() != q.Explain() {
			t.Errorf("the canonical text means something else:\n%s\n%s", q.Explain(), again.Explain())
		}
		for _, d := range q.Diagnostics() {
			checkPlace(t, src, d.Pos, d.End)
			checkText(t, d.String(), d.Snippet())
		}
	})
}

// FuzzSaved checks what holds of every query with a saved query Q and its only
// parameter p: it is refused at a place inside it, or its canonical text, in which
// there are no calls, stands for it.
func FuzzSaved(f *testing.F) {
	f.Add("$Q(p=1) | $Q(p='x')", "filter {{p}} = 1 or {{p}} = n", "2")
	f.Add("fields n | $Q()", "limit {{p}} # and so on", "3")
	f.Add("$Q(p=1) | fields n", "filter n = \"{{p}}", "")
	for _, v := range vectors(f) {
		for _, saved := range v.saved() {
			f.Add(v.query, saved.Text, saved.Defaults["p"])
		}
	}
	f.Fuzz(func(t *testing.T, src, text, value string) {
		saved := SavedQuery{Text: text}
		if value != "" {
			saved.Defaults = map[string]string{"p": value}
		}
		q, err := ParseWith(src, &ParseOptions{Saved: map[string]SavedQuery{"Q": saved}})
		if err != nil {
			checkError(t, src, err)
			return
		}
		for _, d := range q.Diagnostics() {
			checkPlace(t, src, d.Pos, d.End)
			checkText(t, d.String(), d.Snippet())
		}
		again, err := Parse(q.String())
		if err != nil {
			t.Fatalf("canonical text: %v\n%s", err, q)
		}
		if again.String() != q.String() || again.Explain() != q.Explain() || len(q.Calls()) > 0 {
			t.Errorf("%q\n%q", q.String(), again.String())
		}
	})
}

func checkError(t *testing.T, src string, err error) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("%T: %v", err, err)
	}
	kinds := []error{ErrSyntax, ErrName, ErrUse, errors.ErrUnsupported}
	if e.Query != src || e.Msg == "" || !slices.Contains(kinds, e.Err) {
		t.Errorf("%#v", e)
	}
	checkPlace(t, src, e.Pos, e.End)
	checkText(t, e.Error(), e.Snippet())
}

func checkPlace(t *testing.T, src string, pos, end Pos) {
	t.Helper()
	if pos.Offset > end.Offset {
		t.Errorf("from %d to %d", pos.Offset, end.Offset)
	}
	checkPos(t, src, pos)
	checkPos(t, src, end)
}

// checkText checks that a message is one line and a snippet two.
func checkText(t *testing.T, message, snippet string) {
	t.Helper()
	if strings.ContainsAny(message, "\n\r\t\x00") || strings.Count(snippet, "\n") != 1 || !strings.HasSuffix(snippet, "^") {
		t.Errorf("%q\n%q", message, snippet)
	}
}

// FuzzRun checks what holds of every query over every log of three events.
func FuzzRun(f *testing.F) {
	for _, v := range vectors(f) {
		var three [3]string
		for i, ev := range v.events(f) {
			three[i%3] = string(ev.Raw)
		}
		f.Add(v.query, three[0], three[1], three[2])
	}
	f.Fuzz(func(t *testing.T, src, one, two, three string) {
		q, err := Parse(src)
		if err != nil || len(src) > 1000 || !standsAlone(q) {
			return
		}
		var events audit.List
		for _, raw := range []string{one, two, three} {
			if len(raw) < 10_000 && strings.HasPrefix(raw, "{") && json.Valid([]byte(raw)) {
				events = append(events, audit.Event{Raw: []byte(raw), Stream: "s"})
			}
		}
		opts := &Options{}
		opts.setWindow(q)
		if _, err := collect(q.Run(t.Context(), events, opts)); errors.Is(err, errBacktrack) || errors.Is(err, errTooLong) {
			return // what follows is about runs without errors
		}
		all := run(t, q, events, nil)
		for n := 1; n <= 3; n++ {
			for _, picky := range []bool{false, true} {
				if rows := run(t, q, parted{events, n, picky}, nil); !slices.Equal(rows, all) {
					t.Errorf("%d parts (picky: %t):\n%q\n%q", n, picky, rows, all)
				}
			}
			if rows := run(t, q, parted{events, 2, true}, &Options{Workers: n, Memory: 1}); !slices.Equal(rows, all) {
				t.Errorf("%d workers, without memory:\n%q\n%q", n, rows, all)
			}
			rows := run(t, q, events, &Options{Limit: n})
			if !q.plan.any && !slices.Equal(rows, all[:min(n, len(all))]) {
				t.Errorf("limit %d:\n%q\n%q", n, rows, all)
			}
		}
		checkPartition(t, q, events)
	})
}

// standsAlone reports whether the query runs without tables and logs from
// elsewhere.
func standsAlone(q *Query) bool {
	alone := func(p *plan) bool { return len(p.lookups)+len(p.calls) == 0 }
	return alone(q.plan) && !slices.ContainsFunc(q.plan.subqueries, func(s *subquery) bool {
		return s.plan.source != nil || !alone(s.plan)
	})
}

// setWindow sets a window where the query needs one and there is none.
func (o *Options) setWindow(q *Query) {
	if q.plan.comparison != nil && o.Start.IsZero() {
		o.Start = time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
		o.End = o.Start.Add(time.Hour)
	}
}

func run(t *testing.T, q *Query, src audit.Source, opts *Options) []string {
	t.Helper()
	at := Options{}
	if opts != nil {
		at = *opts
	}
	at.setWindow(q)
	at.Now = time.UnixMilli(1767323045678) // so that every run has the same rows
	rows, err := collect(q.Run(t.Context(), src, &at))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// checkPartition checks, for every condition of q, that each event meets either
// it or its negation.
func checkPartition(t *testing.T, q *Query, events audit.List) {
	t.Helper()
	for _, c := range q.commands {
		filter, ok := c.(*filterCommand)
		if !ok {
			continue
		}
		condition := exprText(filter.condition)
		yes, err := Parse("fields @message | filter " + condition)
		if err != nil {
			t.Fatal(err)
		}
		no := MustParse("fields @message | filter not (" + condition + ")")
		both := append(run(t, yes, events, nil), run(t, no, events, nil)...)
		every := run(t, MustParse("fields @message"), events, nil)
		slices.Sort(both)
		slices.Sort(every)
		if !slices.Equal(both, every) {
			t.Errorf("%s: both\n%q\nof\n%q", condition, both, every)
		}
	}
}
