package cwlogs_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	diff "github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/cwlogs"
	"github.com/evictlog/evictlog/audit/cwlogs/internal/fakelogs"
	"github.com/evictlog/evictlog/query"
)

const group = "/aws/eks/prod/cluster"

var start = time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)

// events are n events, one every so often.
func events(n int, every time.Duration) []fakelogs.Event {
	var out []fakelogs.Event
	for i := range n {
		verb := []string{"get", "create", "delete"}[i%3]
		at := start.Add(time.Duration(i) * every)
		out = append(out, fakelogs.Event{
			Group: group, Stream: "kube-apiserver-audit-1", Time: at, Ingested: at.Add(time.Second), ID: fmt.Sprintf("ptr-%04d", i),
			Message: fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":%q,"n":%d,"list":[1,%d],"ok":%v,"time":"t%d"}`, verb, i, i, i%2 == 0, i%4),
		})
	}
	return out
}

// source is the events as a source.
func source(events []fakelogs.Event) audit.List {
	var out audit.List
	for _, e := range events {
		out = append(out, audit.Event{Raw: []byte(e.Message), Group: e.Group, Stream: e.Stream, Logged: e.Time, Ingested: e.Ingested})
	}
	return out
}

// newQuery is a query of the fake service over all its events.
func newQuery(s *fakelogs.Server, text string) *cwlogs.Query {
	end := start
	for _, e := range s.Events {
		if e.Time.After(end) {
			end = e.Time
		}
	}
	return &cwlogs.Query{
		Client: s.Client(), Text: text, Groups: []string{group},
		Start: start, End: end.Truncate(time.Second).Add(time.Second),
	}
}

// collect are the rows as JSON.
func collect(ctx context.Context, q *cwlogs.Query) (rows []string, err error) {
	for row, err := range q.Rows(ctx) {
		if err != nil {
			return rows, err
		}
		rows = append(rows, row.String())
	}
	return rows, nil
}

// offline are the rows that package query gives.
func offline(t *testing.T, text string, src audit.Source) []string {
	t.Helper()
	var rows []string
	for row, err := range query.MustParse(text).Run(t.Context(), src, nil) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.String())
	}
	return rows
}

// inBubble runs a test in a bubble, where waiting takes no time.
func inBubble(t *testing.T, f func(t *testing.T, ctx context.Context)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, t.Context()) })
}

func TestRowsAreThoseOfPackageQuery(t *testing.T) {
	for _, text := range []string{
		"fields @timestamp, @message, @logStream, @log, @ingestionTime | sort @timestamp desc",
		"filter verb = 'create'",
		"fields verb, n, n / 4 as quarter, ok, missing | sort n",
		"fields concat(verb, '-', n) as x, bin(5m) as t | sort x desc | limit 7",
		"stats count(*), avg(n) as mean by verb | sort verb",
		"stats count(*) by bin(1m)",
		"parse @message /\"time\":\"(?<word>[a-z])(?<digit>\\d)\"/ | display word | sort n desc",
		"fields n | dedup verb | limit 2",
		"filter verb = 'nothing'",
	} {
		t.Run(text, func(t *testing.T) {
			inBubble(t, func(t *testing.T, ctx context.Context) {
				s := &fakelogs.Server{Events: events(40, 1500*time.Millisecond), Running: 3, ResultPage: 7}
				got, err := collect(ctx, newQuery(s, text))
				if err != nil {
					t.Fatal(err)
				}
				if d := diff.Diff(offline(t, text, source(s.Events)), got); d != "" {
					t.Errorf("rows (-offline +service):\n%s", d)
				}
			})
		})
	}
}

// The service is sent the call of a saved query as it stands, whether or not its
// text is known here.
func TestSavedQuery(t *testing.T) {
	const text = "$`by verb`(verb = 'create') | limit 5"
	saved := map[string]query.SavedQuery{"by verb": {Text: "fields n, verb\n| filter verb = {{verb}} | sort n"}}
	for _, known := range []map[string]query.SavedQuery{nil, saved} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			s := &fakelogs.Server{Events: events(12, time.Second), Saved: saved}
			q := newQuery(s, text)
			q.Saved = known
			got, err := collect(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			want := offline(t, "fields n, verb | filter verb = 'create' | sort n | limit 5", source(s.Events))
			if d := diff.Diff(want, got); d != "" {
				t.Errorf("known: %t: rows (-offline +service):\n%s", known != nil, d)
			}
			var sent struct{ QueryString string }
			if err := json.Unmarshal(s.Requests("StartQuery")[0].Body, &sent); err != nil || sent.QueryString != text {
				t.Errorf("sent %q, error %v", sent.QueryString, err)
			}
		})
	}
}

func TestSavedQueryRefused(t *testing.T) {
	for _, test := range []struct {
		saved map[string]query.SavedQuery
		sent  int
		want  string
	}{
		{map[string]query.SavedQuery{"B": {Text: "limit 1"}}, 0, `query:1:1: unknown saved query "Alpha"`},
		{map[string]query.SavedQuery{"Alpha": {Text: "limt 1"}}, 0, `query:1:1: in the saved query "Alpha" at 1:1: unknown command "limt" (did you mean "limit"?)`},
		{nil, 1, `query:1:1: the service refuses this: unknown saved query "Alpha"`},
	} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			s := &fakelogs.Server{Events: events(1, time.Second)}
			q := newQuery(s, "$Alpha()")
			q.Saved = test.saved
			if _, err := collect(ctx, q); err == nil || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
			if n := len(s.Requests("StartQuery")); n != test.sent {
				t.Errorf("%v: %d queries were sent, want %d", test.want, n, test.sent)
			}
		})
	}
}

func TestRowsKinds(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(1, time.Second)}
		q := newQuery(s, "fields @timestamp, @ptr, a, b, c, none | display @timestamp, @ptr, a, b, c, none")
		answer := func(fields ...any) http.Handler {
			return fakelogs.Answer(map[string]any{"status": "Complete", "results": [][]any{fields}})
		}
		field := func(name, value string) map[string]any { return map[string]any{"field": name, "value": value} }
		s.Script("GetQueryResults", answer(
			field("@timestamp", "1795417200125"), field("a", "2026-11-23 07:40:00.000"), field("b", "4.50"),
			field("c", "007"), map[string]any{"field": "none"}, field("more", "1"), field("@ptr", "123"),
		))
		for row, err := range q.Rows(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			kinds := map[string]query.Kind{}
			for name, value := range row.All() {
				kinds[name] = value.Kind()
			}
			want := map[string]query.Kind{
				"@timestamp": query.KindTime, "@ptr": query.KindString, "a": query.KindTime,
				"b": query.KindNumber, "c": query.KindString, "more": query.KindNumber,
			}
			if d := diff.Diff(want, kinds); d != "" {
				t.Errorf("kinds (-want +got):\n%s", d)
			}
			if got, want := row.String(), `{"@timestamp":"2026-11-23 07:00:00.125","@ptr":"123","a":"2026-11-23 07:40:00.000","b":4.50,"c":"007","more":1}`; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
	})
}

func TestQueryIsNotSent(t *testing.T) {
	s := &fakelogs.Server{Events: events(1, time.Second)}
	for _, test := range []struct {
		name   string
		change func(*cwlogs.Query)
		want   string
	}{
		{"refused in strict mode", func(q *cwlogs.Query) { q.Text = "fields verb | limit 200000" }, "query:1:21: the largest limit is 100000"},
		{"no query", func(q *cwlogs.Query) { q.Text = "" }, "query:1:1: the query is empty"},
		{"no client", func(q *cwlogs.Query) { q.Client = nil }, "cwlogs: Query has no Client"},
		{"no groups", func(q *cwlogs.Query) { q.Groups = nil }, "cwlogs: Query has no Groups"},
		{"many groups", func(q *cwlogs.Query) { q.Groups = make([]string, 51) }, "cwlogs: Query has 51 Groups, and the service takes 50"},
		{"groups and source", func(q *cwlogs.Query) { q.Text = "SOURCE 'a' | fields verb" }, "cwlogs: Query has Groups, and its text a SOURCE"},
		{"no start", func(q *cwlogs.Query) { q.Start = time.Time{} }, "cwlogs: Query has no Start or no End"},
		{"fraction", func(q *cwlogs.Query) { q.End = q.End.Add(time.Millisecond) }, "cwlogs: Start and End of a Query are whole seconds"},
		{"backwards", func(q *cwlogs.Query) { q.End = q.Start.Add(-time.Second) }, "cwlogs: Query ends at 2026-11-23 06:59:59 +0000 UTC, before it starts at 2026-11-23 07:00:00 +0000 UTC"},
		{"row limit", func(q *cwlogs.Query) { q.RowLimit = 100_001 }, "cwlogs: a RowLimit of 100001 is not from 1 to 100000"},
	} {
		q := newQuery(s, "fields verb")
		test.change(q)
		rows, err := collect(t.Context(), q)
		if err == nil || err.Error() != test.want || len(rows) > 0 {
			t.Errorf("%s: %d rows, error %v, want %s", test.name, len(rows), err, test.want)
		}
	}
	if n := len(s.Requests("")); n > 0 {
		t.Errorf("%d requests were made", n)
	}
}

func TestQueryInput(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(1, time.Second)}
		text := "fields verb # a comment\n| sort   n"
		for _, groups := range [][]string{{group, "other"}, {group, "arn:aws:logs:eu-west-1:111122223333:log-group:other"}} {
			q := newQuery(s, text)
			q.Groups = groups
			if _, err := collect(ctx, q); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, r := range s.Requests("StartQuery") {
			got = append(got, string(r.Body))
		}
		common := `"limit":100000,"logGroup%s":["/aws/eks/prod/cluster","%s"],"queryString":"fields verb # a comment\n| sort   n","startTime":1795417200}`
		want := []string{
			fmt.Sprintf(`{"endTime":1795417201,`+common, "Names", "other"),
			fmt.Sprintf(`{"endTime":1795417201,`+common, "Identifiers", "arn:aws:logs:eu-west-1:111122223333:log-group:other"),
		}
		if d := diff.Diff(want, got); d != "" {
			t.Errorf("requests (-want +got):\n%s", d)
		}
	})
}

func TestPollsGrow(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(3, time.Second), Running: 20}
		s.Script("GetQueryResults", fakelogs.Status("Scheduled"))
		began := time.Now()
		rows, err := collect(ctx, newQuery(s, "fields verb"))
		if len(rows) != 3 || err != nil {
			t.Fatalf("%d rows, error %v", len(rows), err)
		}
		var gaps []time.Duration
		last := began
		for _, r := range s.Requests("GetQueryResults") {
			gaps = append(gaps, r.Time.Sub(last))
			last = r.Time
		}
		if gaps[0] != 250*time.Millisecond || !slices.IsSorted(gaps) || slices.Max(gaps) != 5*time.Second {
			t.Errorf("polled after %v", gaps)
		}
	})
}

func TestStatuses(t *testing.T) {
	for _, test := range []struct {
		status string
		stops  int
		want   string
	}{
		{"Failed", 0, "cwlogs: query query-1 failed (status Failed)"},
		{"Cancelled", 0, "cwlogs: query query-1 was stopped by somebody else (status Cancelled)"},
		{"Timeout", 0, "cwlogs: query query-1 took longer than the 60 minutes that the service gives it: ask for a shorter time (status Timeout)"},
		{"Unknown", 1, "cwlogs: query query-1 ended in a status that is not known (status Unknown)"},
		{"Pondering", 1, "cwlogs: query query-1 ended in a status that is not known (status Pondering)"},
	} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			s := &fakelogs.Server{Events: events(3, time.Second)}
			s.Script("GetQueryResults", fakelogs.Status("Running"), fakelogs.Status(test.status))
			rows, err := collect(ctx, newQuery(s, "fields verb"))
			e, ok := errors.AsType[*cwlogs.StatusError](err)
			if !ok || err.Error() != test.want || string(e.Status) != test.status || len(rows) > 0 {
				t.Errorf("%s: %d rows, error %v", test.status, len(rows), err)
			}
			if n := len(s.Requests("StopQuery")); n != test.stops {
				t.Errorf("%s: stopped %d times", test.status, n)
			}
		})
	}
}

func TestQueryRetries(t *testing.T) {
	throttled := fakelogs.Fail("ThrottlingException", "Rate exceeded")
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(3, time.Second)}
		s.Script("StartQuery", fakelogs.Fail("LimitExceededException", "too many queries"), throttled)
		s.Script("GetQueryResults", throttled, fakelogs.Status("Running"), throttled, throttled)
		q := newQuery(s, "fields verb")
		if rows, err := collect(ctx, q); len(rows) != 3 || err != nil {
			t.Errorf("%d rows, error %v", len(rows), err)
		}
		if n := len(s.Requests("")); n != 3+5 {
			t.Errorf("%d requests", n)
		}
		if n := q.Statistics().Queries; n != 1 {
			t.Errorf("%d queries", n)
		}
	})
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(3, time.Second)}
		s.Script("GetQueryResults", throttled, throttled, throttled)
		q := newQuery(s, "fields verb")
		q.Retries = 2
		_, err := collect(ctx, q)
		if e, ok := errors.AsType[*types.ThrottlingException](err); !ok || !strings.HasPrefix(err.Error(), "cwlogs: query query-1: ") {
			t.Errorf("error %v (%v)", err, e)
		}
		if n := len(s.Requests("StopQuery")); n != 1 {
			t.Errorf("stopped %d times", n)
		}
	})
}

func TestQueryStops(t *testing.T) {
	cause := errors.New("no longer wanted")
	for _, test := range []struct {
		name   string
		script []http.Handler
		want   string
	}{
		{"stopped", nil, "no longer wanted"},
		{"ended", []http.Handler{fakelogs.Fail("InvalidParameterException", "not running")}, "no longer wanted"},
		{"not stopped", []http.Handler{fakelogs.Answer(map[string]any{"success": false})}, "no longer wanted\ncwlogs: query query-1 may still run: the service did not stop it"},
		{"not allowed", []http.Handler{fakelogs.Fail("AccessDeniedException", "no")}, "no longer wanted\ncwlogs: query query-1 may still run: "},
		{"no answer", []http.Handler{http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })}, "no longer wanted\ncwlogs: query query-1 may still run: context deadline exceeded"},
	} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			ctx, cancel := context.WithCancelCause(ctx)
			s := &fakelogs.Server{Events: events(3, time.Second), Running: 1000}
			s.Script("StopQuery", test.script...)
			time.AfterFunc(time.Minute, func() { cancel(cause) })
			began := time.Now()
			rows, err := collect(ctx, newQuery(s, "fields verb"))
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || !errors.Is(err, cause) || len(rows) > 0 {
				t.Errorf("%s: %d rows, error %v, want %s", test.name, len(rows), err, test.want)
			}
			if took := time.Since(began); took > time.Minute+10*time.Second {
				t.Errorf("%s: took %v", test.name, took)
			}
			if n := len(s.Requests("StopQuery")); n != 1 {
				t.Errorf("%s: stopped %d times", test.name, n)
			}
		})
	}
}

// A query that is being started when it is no longer wanted is stopped all the
// same, as soon as its id is known.
func TestQueryStopsAtItsStart(t *testing.T) {
	for _, test := range []struct {
		takes time.Duration
		stops int
		ends  time.Duration
		want  string
	}{
		{9 * time.Second, 1, 9 * time.Second, "context deadline exceeded"},
		{time.Hour, 0, 11 * time.Second, "context deadline exceeded\ncwlogs: the query may have been started, and may still run"},
	} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			s := &fakelogs.Server{Events: events(3, time.Second)}
			s.Script("StartQuery", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				select {
				case <-time.After(test.takes):
					fakelogs.Answer(map[string]any{"queryId": "query-0"}).ServeHTTP(w, r)
				case <-r.Context().Done():
				}
			}))
			s.Script("StopQuery", fakelogs.Answer(map[string]any{"success": true}))
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			began := time.Now()
			_, err := collect(ctx, newQuery(s, "fields verb"))
			if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || err.Error() != test.want || took != test.ends {
				t.Errorf("error %v after %v", err, took)
			}
			if n := len(s.Requests("StopQuery")); n != test.stops {
				t.Errorf("stopped %d times", n)
			}
		})
	}
}

func TestResultPages(t *testing.T) {
	page := func(token string, count float64, values ...string) http.Handler {
		rows := [][]any{}
		for _, v := range values {
			rows = append(rows, []any{map[string]any{"field": "verb", "value": v}})
		}
		document := map[string]any{"status": "Complete", "results": rows, "statistics": map[string]any{"resultCount": count}}
		if token != "" {
			document["nextToken"] = token
		}
		return fakelogs.Answer(document)
	}
	for _, test := range []struct {
		name  string
		pages []http.Handler
		rows  int
		want  string
	}{
		{"empty pages", []http.Handler{page("1", 2), page("2", 2, "get"), page("3", 2), page("", 2, "get")}, 2, ""},
		{"repeated token", []http.Handler{page("1", 2), page("2", 2, "get"), page("1", 2)}, 0, "cwlogs: query query-1: the service gives the token of a page again"},
		{"rows are missing", []http.Handler{page("1", 3, "get"), page("", 3, "get")}, 0, "cwlogs: query query-1 has 3 rows, and the service gave 2 of them"},
		{"it fails late", []http.Handler{page("1", 2), fakelogs.Status("Failed")}, 0, "cwlogs: query query-1 failed (status Failed)"},
	} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			s := &fakelogs.Server{Events: events(1, time.Second)}
			s.Script("GetQueryResults", test.pages...)
			rows, err := collect(ctx, newQuery(s, "fields verb"))
			if got := fmt.Sprint(err); len(rows) != test.rows || got != cmp.Or(test.want, "<nil>") {
				t.Errorf("%s: %d rows, error %v", test.name, len(rows), err)
			}
		})
	}
}

func TestQueryStatistics(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(9, time.Second)}
		q := newQuery(s, "filter verb = 'get' | limit 2")
		for range 2 {
			if _, err := collect(ctx, q); err != nil {
				t.Fatal(err)
			}
		}
		bytes := 0
		for _, e := range s.Events {
			bytes += len(e.Message)
		}
		want := cwlogs.Statistics{Queries: 2, Scanned: 18, ScannedBytes: int64(2 * bytes), Matched: 4}
		if got := q.Statistics(); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}
