package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/evictlog/evictlog/query"
)

// QueryAPI is what [Query] calls of a client; a *[cloudwatchlogs.Client] has it.
type QueryAPI interface {
	StartQuery(context.Context, *cloudwatchlogs.StartQueryInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartQueryOutput, error)
	GetQueryResults(context.Context, *cloudwatchlogs.GetQueryResultsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetQueryResultsOutput, error)
	StopQuery(context.Context, *cloudwatchlogs.StopQueryInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StopQueryOutput, error)
}

// ErrTruncated: the service gave as many rows as it gives of one query, and the
// rest cannot be had. The rows before the error are the first ones of the result.
var ErrTruncated = errors.New("there may be more rows than the service gives")

// The service's limits of a query. Source: the StartQuery API reference.
const (
	maxRows   = 100_000 // that a query gives
	maxGroups = 50      // that it names
)

// A Query is a query that the log service runs. Client, Text, Start, End and,
// unless the query has a SOURCE, Groups have to be set; all fields are to be
// left alone from the first call of a method on.
//
// The service is sent the text as it stands, not the canonical form that
// [query.Query.String] returns: so the places of its errors are those in the
// text, and it runs what was written and not what this module takes it for.
type Query struct {
	// Client makes the requests. Its own retries are turned off for them: see
	// Retries.
	Client QueryAPI

	// Text is the query. It is parsed in [query.ModeStrict] first, and what is
	// refused there is not sent: the error is the [*query.Error] of
	// [query.ParseWith], and nothing has been scanned or paid for.
	Text string

	// Saved are the saved queries that Text calls, as in [query.ParseOptions].
	// The service puts in what it has saved itself, and they should be the same.
	// If Saved is nil a call is sent all the same, and what it stands for is not
	// known here: that is not checked before, columns are in the order of the
	// service, and windows are not split.
	Saved map[string]query.SavedQuery

	// Groups are the log groups, up to 50: their names, or their ARNs where
	// they are of other accounts. There are none with a SOURCE in the query.
	Groups []string

	// Start and End bound the timestamps of the log events, both inclusive, in
	// whole seconds: a fraction is an error, since the service takes none.
	// Whether it takes in what is logged within the second that begins with End
	// is not documented.
	Start, End time.Time

	// RowLimit is how many rows are asked of one query of the service; 0 means
	// 100,000, which is the most that there are. Where a query gives that many
	// there may be more, and its window is split: see [Query.Rows].
	RowLimit int

	// Retries is how many times in a row a request is made again that fails for
	// a reason that may pass, such as a ThrottlingException or, because too many
	// queries run at the time, a LimitExceededException. 0 means 10, which take
	// two minutes at most, a negative number none. The service does not tell
	// apart queries that are started twice: one whose answer was lost with the
	// connection runs to its end, and counts on the bill.
	Retries int

	mu         sync.Mutex
	statistics Statistics
}

// Statistics are what the service says of the queries that it has run for a
// [Query].
type Statistics struct {
	// Queries is how many were started. There are several where windows were
	// split.
	Queries int64

	// Scanned and ScannedBytes count the log events that were scanned, which is
	// what the service bills: of all queries, those that were stopped or whose
	// window was split after them among them. SkippedEvents and SkippedBytes
	// are its estimates of what it did not need to scan thanks to an index.
	Scanned, ScannedBytes       int64
	SkippedEvents, SkippedBytes int64

	// Matched counts the log events that matched, of the queries whose rows
	// were taken. Where windows were split those at the border may count twice.
	Matched int64
}

// Statistics returns what has been counted so far, over all walks over the rows.
func (q *Query) Statistics() Statistics {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.statistics
}

func (q *Query) count(s Statistics) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.statistics.Queries += s.Queries
	q.statistics.Scanned += s.Scanned
	q.statistics.ScannedBytes += s.ScannedBytes
	q.statistics.SkippedEvents += s.SkippedEvents
	q.statistics.SkippedBytes += s.SkippedBytes
	q.statistics.Matched += s.Matched
}

// Rows runs the query and gives its rows in their order. The sequence can be
// walked again, which runs the query again.
//
// The service gives all values as texts. @message, @log, @logStream and @ptr are
// strings, @timestamp and @ingestionTime times, and of others the text tells
// the kind: see [query.ParseValue]. Columns are those of [query.Query.Columns];
// if the service gives others they come behind them. The @ptr that it adds to
// rows of events is left out unless the query asks for it.
//
// If a window gives as many rows as RowLimit, and the query has no limit that
// says so, it is split in two, and so on as long as it is longer than a second.
// Rows that are ordered by @timestamp come window after window. Others are put
// in the order of the query's sort when the last is there, if all that they are
// sorted by are columns; of rows that are equal under it the newer window comes
// first. The two windows share the second at which they meet, because the
// service does not say how it bounds them, and log events that are in both are
// told by their @ptr. The rows of a query whose rows are not [query.Query.Separable],
// or that has a SOURCE or [query.Query.Calls], cannot be had in this way. What
// cannot be had ends in [ErrTruncated].
//
// Errors are the last item. That of a query that ended without a result is a
// [*StatusError]; that of one which the service refuses is a [*query.Error] with
// the place, and with the *types.MalformedQueryException as its Err, if the
// service says where. When ctx is done it is its cause. A query that runs then is
// stopped, which takes up to ten seconds, and up to ten more where it was just
// being started. If it may be running all the same, the error says so too.
func (q *Query) Rows(ctx context.Context) iter.Seq2[query.Row, error] {
	return func(yield func(query.Row, error) bool) {
		r, err := q.open()
		if err == nil {
			err = r.run(ctx, func(row query.Row) bool { return yield(row, nil) })
		}
		if err != nil && !errors.Is(err, errTaken) {
			yield(query.Row{}, err)
		}
	}
}

// open parses the query and checks the fields.
func (q *Query) open() (*run, error) {
	parsed, err := query.ParseWith(q.Text, &query.ParseOptions{Mode: query.ModeStrict, Saved: q.Saved})
	if err != nil {
		return nil, err
	}
	r := &run{Query: q, parsed: parsed, columns: parsed.Columns(), order: parsed.Order(), most: maxRows}
	if q.RowLimit > 0 {
		r.most = q.RowLimit
	}
	r.limit, _ = parsed.Limit()
	_, named := parsed.Source()
	switch {
	case q.Client == nil:
		return nil, errors.New("cwlogs: Query has no Client")
	case named && len(q.Groups) > 0:
		return nil, errors.New("cwlogs: Query has Groups, and its text a SOURCE")
	case !named && len(q.Groups) == 0:
		return nil, errors.New("cwlogs: Query has no Groups")
	case len(q.Groups) > maxGroups:
		return nil, fmt.Errorf("cwlogs: Query has %d Groups, and the service takes %d", len(q.Groups), maxGroups)
	case q.RowLimit < 0 || q.RowLimit > maxRows:
		return nil, fmt.Errorf("cwlogs: a RowLimit of %d is not from 1 to %d", q.RowLimit, maxRows)
	case q.Start.IsZero() || q.End.IsZero():
		return nil, errors.New("cwlogs: Query has no Start or no End")
	case q.Start.Nanosecond() != 0 || q.End.Nanosecond() != 0:
		return nil, errors.New("cwlogs: Start and End of a Query are whole seconds")
	case q.End.Before(q.Start):
		return nil, fmt.Errorf("cwlogs: Query ends at %v, before it starts at %v", q.End, q.Start)
	}
	r.whole = r.wholeBecause(named)
	return r, nil
}

// A run is one walk over the rows of a Query.
type run struct {
	*Query
	parsed  *query.Query
	columns []string
	order   []query.SortKey
	limit   int    // that of the query, 0 if there is none
	most    int    // rows of one query of the service
	whole   string // why its window cannot be split; empty if it can
}

// wholeBecause says why the window of the query cannot be split. It is empty if
// it can.
func (r *run) wholeBecause(named bool) string {
	calls := r.parsed.Calls()
	switch {
	case len(calls) > 0:
		return fmt.Sprintf("the text of the saved query %q is not known", calls[0])
	case !r.parsed.Separable():
		return "its rows are not made of one log event each"
	case named:
		return "its SOURCE may have a window of its own"
	case r.byTime():
		return ""
	}
	for _, key := range r.order {
		if !r.hasColumn(key.Name) {
			return fmt.Sprintf("it is sorted by %s, which is no column", key.Name)
		}
	}
	return ""
}

func (r *run) hasColumn(name string) bool { return slices.Contains(r.columns, name) }

// byTime reports whether rows are ordered by the timestamps of the log events
// before all else, so that windows follow each other.
func (r *run) byTime() bool { return len(r.order) > 0 && r.order[0].Name == "@timestamp" }

// input is the request that starts the query over a window.
func (r *run) input(w span) *cloudwatchlogs.StartQueryInput {
	limit := int32(r.most)
	in := &cloudwatchlogs.StartQueryInput{QueryString: &r.Text, StartTime: &w.from, EndTime: &w.to, Limit: &limit}
	// Only one of the two may be set, and names with a colon are ARNs.
	if strings.Contains(strings.Join(r.Groups, ""), ":") {
		in.LogGroupIdentifiers = r.Groups
	} else {
		in.LogGroupNames = r.Groups
	}
	return in
}

// A StatusError says that a query ended without a result.
type StatusError struct {
	ID     string // of the query
	Status types.QueryStatus
}

// Error returns one line.
func (e *StatusError) Error() string {
	why := "ended in a status that is not known"
	switch e.Status {
	case types.QueryStatusFailed:
		why = "failed"
	case types.QueryStatusCancelled:
		why = "was stopped by somebody else"
	case types.QueryStatusTimeout:
		why = "took longer than the 60 minutes that the service gives it: ask for a shorter time"
	}
	return fmt.Sprintf("cwlogs: query %s %s (status %s)", e.ID, why, e.Status)
}
