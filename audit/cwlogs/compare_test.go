package cwlogs_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/cwlogs"
	"github.com/evictlog/evictlog/audit/cwlogs/internal/fakelogs"
	"github.com/evictlog/evictlog/query"
)

// complete answers with rows, each of names and values in turn.
func complete(rows ...[]string) http.Handler {
	results := [][]map[string]any{}
	for _, row := range rows {
		var fields []map[string]any
		for i := 0; i < len(row); i += 2 {
			fields = append(fields, map[string]any{"field": row[i], "value": row[i+1]})
		}
		results = append(results, fields)
	}
	return fakelogs.Answer(map[string]any{"status": "Complete", "results": results})
}

func TestCompareEqual(t *testing.T) {
	for _, test := range []struct {
		text     string
		wholeEnd bool
		want     string
	}{
		{"fields @timestamp, @message, @ptr | sort @timestamp desc", false, "equal: 11 rows"},
		{"fields @timestamp, @message | sort @timestamp desc", true, "equal: 12 rows, with all of the last second"},
		{"fields n", false, "equal: 11 rows, 11 of them in any order"},
		{"fields verb, n | sort verb", false, "equal: 11 rows, 11 of them in any order"},
		{"fields verb, n | sort verb, n desc", false, "equal: 11 rows"},
		{"fields verb | sort verb | limit 6", false, "equal: 6 rows, 6 of them in any order"},
		{"stats count(*) as c, avg(n) as mean by verb | sort c", false, "equal: 3 rows, 2 of them in any order"},
		{"stats count(*) by verb", false, "equal: 3 rows, 3 of them in any order"},
		{"filter n < 0", false, "equal: 0 rows"},
	} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			s := &fakelogs.Server{Events: events(12, 500*time.Millisecond), WholeEnd: test.wholeEnd}
			q := newQuery(s, test.text)
			q.End = start.Add(5 * time.Second) // the last event is half a second behind
			c, err := cwlogs.Compare(ctx, q, source(s.Events), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.String(); got != test.want || !c.Equal() {
				t.Errorf("%s: %s, want %s", test.text, got, test.want)
			}
		})
	}
}

func TestCompareDifferent(t *testing.T) {
	for _, test := range []struct {
		name, text string
		answer     http.Handler
		want       string
	}{
		{"a value", "fields n, verb | sort n", complete([]string{"n", "0", "verb", "get"}, []string{"n", "1", "verb", "update"}, []string{"n", "2", "verb", "delete"}),
			`different: row 2, column verb: the service has "update", here is "create"`},
		{"missing", "fields n, verb | sort n", complete([]string{"n", "0", "verb", "get"}, []string{"n", "1"}, []string{"n", "2", "verb", "delete"}),
			`different: row 2, column verb: the service has nothing, here is "create"`},
		{"empty", "fields n, none | sort n", complete([]string{"n", "0", "none", ""}),
			`different: row 1, column none: the service has "", here is nothing`},
		{"a column", "fields n | sort n", complete([]string{"n", "0", "more", "x"}),
			`different: row 1, column more: the service has "x", here is nothing`},
		{"order", "fields n | sort n", complete([]string{"n", "0"}, []string{"n", "2"}, []string{"n", "1"}),
			`different: row 2, column n: the service has "2", here is "1"`},
		{"a row less", "fields n | sort n", complete([]string{"n", "0"}, []string{"n", "1"}),
			`different: row 3: only here is {"n":2}`},
		{"a row more", "fields n | sort n", complete([]string{"n", "0"}, []string{"n", "1"}, []string{"n", "2"}, []string{"n", "3"}),
			`different: row 4: only the service has {"n":3}`},
		{"one of many", "fields n, verb | limit 9", complete([]string{"n", "1", "verb", "create"}, []string{"n", "2", "verb", "get"}, []string{"n", "0", "verb", "get"}),
			`different: row 2, column verb: the service has "get", here is "delete"`},
		{"a tie at the limit", "fields kind, n | sort kind | limit 2", complete([]string{"kind", "Event", "n", "1"}, []string{"kind", "Event", "n", "2"}),
			`undecided: the order leaves open 1 of 2 rows at the limit, 2 of them in any order`},
		{"another before the limit", "fields verb, n | sort verb | limit 2", complete([]string{"verb", "create", "n", "7"}, []string{"verb", "delete", "n", "2"}),
			`different: row 1, column n: the service has "7", here is "1"`},
		{"any rows", "fields verb, n | sort n | limit any 2", complete([]string{"verb", "delete", "n", "2"}, []string{"verb", "get", "n", "0"}),
			`undecided: the order leaves open 1 of 2 rows at the limit, 2 of them in any order`},
	} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			s := &fakelogs.Server{Events: events(3, time.Second)}
			s.Script("GetQueryResults", test.answer)
			c, err := cwlogs.Compare(ctx, newQuery(s, test.text), source(s.Events), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.String(); got != test.want || c.Equal() {
				t.Errorf("%s: %s\nwant %s", test.name, got, test.want)
			}
		})
	}
}

func TestCompareUnread(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(3, time.Second)}
		src := audit.Sequence(func(yield func(audit.Event, error) bool) {
			damage := &audit.EventError{Pos: audit.Pos{File: "g"}, Err: audit.ErrNotJSON}
			for _, ev := range source(s.Events) {
				if !yield(ev, nil) || !yield(audit.Event{}, damage) {
					return
				}
			}
		})
		c, err := cwlogs.Compare(ctx, newQuery(s, "fields n | sort n"), src, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := c.String(), "equal: 3 rows; 3 places could not be read, the first: audit: g: not valid JSON"; got != want || !c.Equal() {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestCompareSaved(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(3, time.Second), Saved: map[string]query.SavedQuery{"Q": {Text: "fields n | sort n"}}}
		q := newQuery(s, "$Q()")
		_, err := cwlogs.Compare(ctx, q, source(s.Events), nil)
		if want := `cwlogs: the text of the saved query "Q" is not known here: set Saved`; err == nil || err.Error() != want {
			t.Errorf("error %v", err)
		}
		if n := len(s.Requests("StartQuery")); n > 0 {
			t.Errorf("%d queries were sent", n)
		}
		q = newQuery(s, "$Q()")
		q.Saved = s.Saved
		c, err := cwlogs.Compare(ctx, q, source(s.Events), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := c.String(), "equal: 3 rows"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestCompareErrors(t *testing.T) {
	broken := errors.New("broken")
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(3, time.Second)}
		src := audit.Sequence(func(yield func(audit.Event, error) bool) { yield(audit.Event{}, broken) })
		if _, err := cwlogs.Compare(ctx, newQuery(s, "fields n"), src, nil); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
		if _, err := cwlogs.Compare(ctx, newQuery(s, "fields"), src, nil); fmt.Sprintf("%T", err) != fmt.Sprintf("%T", &query.Error{}) {
			t.Errorf("error %v", err)
		}
		s.Script("GetQueryResults", fakelogs.Status("Failed"))
		if _, err := cwlogs.Compare(ctx, newQuery(s, "fields n"), src, nil); fmt.Sprintf("%T", err) != fmt.Sprintf("%T", &cwlogs.StatusError{}) {
			t.Errorf("error %v", err)
		}
	})
}
