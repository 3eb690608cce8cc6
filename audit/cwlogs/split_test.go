package cwlogs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit/cwlogs"
	"github.com/evictlog/evictlog/audit/cwlogs/internal/fakelogs"
	"github.com/evictlog/evictlog/query"
)

// However the service takes the end of a window, what is split has all rows,
// once and in order.
func TestSplit(t *testing.T) {
	for _, text := range []string{
		"fields n",
		"fields @timestamp, n | sort @timestamp asc",
		"fields n, verb | sort verb desc, n",
		"fields n | sort n desc | limit 33",
		"fields verb | limit 21",
		"fields verb, time | filter verb != 'get' | sort time",
		`fields n | parse @message /(?<word>ver?b?)/ multi | sort @timestamp, word`,
	} {
		for _, whole := range []bool{false, true} {
			for _, every := range []time.Duration{400 * time.Millisecond, time.Second, 700 * time.Second} {
				t.Run(fmt.Sprint(text, whole, every), func(t *testing.T) {
					inBubble(t, func(t *testing.T, ctx context.Context) {
						s := &fakelogs.Server{Events: events(60, every), WholeEnd: whole, ResultPage: 9}
						q := newQuery(s, text)
						q.RowLimit = 20
						got, err := collect(ctx, q)
						if err != nil {
							t.Fatal(err)
						}
						want := offline(t, text, source(s.Events))
						if text == "fields verb, time | filter verb != 'get' | sort time" { // of equal ones the newer window comes first
							slices.Sort(got)
							slices.Sort(want)
						}
						if d := diff.Diff(want, got); d != "" {
							t.Errorf("rows (-offline +service):\n%s", d)
						}
						if q.Statistics().Queries < 3 {
							t.Errorf("%+v: nothing was split", q.Statistics())
						}
					})
				})
			}
		}
	}
}

func TestTruncated(t *testing.T) {
	for _, test := range []struct {
		text  string
		every time.Duration
		rows  int
		why   string
	}{
		{"stats count(*) by n", time.Second, 20, "its rows are not made of one log event each"},
		{"fields n | dedup n", time.Second, 20, "its rows are not made of one log event each"},
		{"filter @timestamp < now() * 1000000", time.Second, 20, "its rows are not made of one log event each"},
		{"fields verb | sort n", time.Second, 20, "it is sorted by n, which is no column"},
		{"fields n | sort @timestamp", time.Millisecond, 20, "it is as short as can be"},
		{"fields n | sort n", time.Millisecond, 20, "it is as short as can be"},
		{"fields n | sort n", 10 * time.Millisecond, 20, "it is as short as can be"},
		{"fields n | sort n", 40 * time.Millisecond, 0, "it is as short as can be"},
		{"fields n", 40 * time.Millisecond, 29, "it is as short as can be"},
	} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			s := &fakelogs.Server{Events: events(60, test.every)}
			q := newQuery(s, test.text)
			q.RowLimit = 20
			got, err := collect(ctx, q)
			if !errors.Is(err, cwlogs.ErrTruncated) || !strings.HasSuffix(err.Error(), ", which cannot be split: "+test.why) {
				t.Errorf("%s, %v: error %v", test.text, test.every, err)
			}
			want := offline(t, test.text, source(s.Events))
			if len(got) != test.rows || !slices.Equal(got, want[:len(got)]) {
				t.Errorf("%s, %v: rows (-offline +service):\n%s", test.text, test.every, diff.Diff(want, got))
			}
		})
	}
}

func TestUnknownCallIsNotSplit(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(60, time.Second), Saved: map[string]query.SavedQuery{"Q": {Text: "fields n"}}}
		q := newQuery(s, "$Q()")
		q.RowLimit = 20
		got, err := collect(ctx, q)
		if !errors.Is(err, cwlogs.ErrTruncated) || !strings.HasSuffix(err.Error(), `: the text of the saved query "Q" is not known`) || len(got) != 20 {
			t.Errorf("%d rows, error %v", len(got), err)
		}
		q = newQuery(s, "$Q()")
		q.RowLimit, q.Saved = 20, s.Saved
		if got, err = collect(ctx, q); err != nil || len(got) != 60 {
			t.Errorf("%d rows, error %v", len(got), err)
		}
	})
}

func TestSourceIsNotSplit(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(60, time.Second)}
		q := newQuery(s, "SOURCE 'x' | fields n")
		q.RowLimit, q.Groups = 20, nil
		got, err := collect(ctx, q)
		if !errors.Is(err, cwlogs.ErrTruncated) || len(got) != 20 {
			t.Errorf("%d rows, error %v", len(got), err)
		}
	})
}

// Rows that nothing tells apart are not merged.
func TestSplitNeedsPointers(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(6, time.Second)}
		for i := range s.Events {
			s.Events[i].ID = ""
		}
		q := newQuery(s, "fields n")
		q.RowLimit = 4
		got, err := collect(ctx, q)
		if err == nil || !strings.Contains(err.Error(), "no @ptr") || len(got) > 0 {
			t.Errorf("%d rows, error %v", len(got), err)
		}
	})
}

// What is not taken is not asked for.
func TestSplitStops(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(640, time.Second)}
		q := newQuery(s, "fields n")
		q.RowLimit = 20
		for _, err := range q.Rows(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		if n := len(s.Requests("StartQuery")); n > 8 {
			t.Errorf("%d queries for one row", n)
		}
	})
}
