package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/evictlog/evictlog/query"
)

// errTaken says that no further row is wanted.
var errTaken = errors.New("no further row is wanted")

// A span is the window of a query of the service: seconds since 1970, both
// inclusive.
type span struct{ from, to int64 }

// halves are two spans that share the second at which they meet, the older one
// first. ok is false if the span is too short: both ends would stay in one half.
func (w span) halves() (older, newer span, ok bool) {
	middle := w.from + (w.to-w.from)/2
	return span{w.from, middle}, span{middle, w.to}, w.to-w.from >= 2
}

// A row is one that the service gave.
type row struct {
	query.Row
	event string // the @ptr of the log event, empty if it has none
}

// run gives the rows of the query.
func (r *run) run(ctx context.Context, give func(query.Row) bool) error {
	w := span{r.Start.Unix(), r.End.Unix()}
	n := 0
	counting := func(row row) error {
		if n++; !give(row.Row) || n == r.limit {
			return errTaken
		}
		return nil
	}
	if r.whole != "" || r.byTime() {
		return r.inTurn(ctx, w, &border{}, counting)
	}
	return r.sorted(ctx, w, counting)
}

// inTurn gives the rows of a window: of all of it, or of one half after the
// other.
func (r *run) inTurn(ctx context.Context, w span, b *border, give func(row) error) error {
	got, err := r.rows(ctx, w)
	if err != nil {
		return err
	}
	older, newer, long := w.halves()
	if got.full && r.whole == "" && long {
		first, second := newer, older
		if !r.order[0].Desc {
			first, second = older, newer
		}
		b.split = true
		if err := r.inTurn(ctx, first, b, give); err != nil {
			return err
		}
		return r.inTurn(ctx, second, b, give)
	}
	r.count(Statistics{Matched: got.matched})
	rows, err := b.pass(got.rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := give(row); err != nil {
			return err
		}
	}
	if got.full {
		return r.truncated(w, r.whole)
	}
	return nil
}

// sorted gives the rows of a window in the order of the query's sort, when all
// are there.
func (r *run) sorted(ctx context.Context, w span, give func(row) error) error {
	all, err := r.gather(ctx, w, &border{})
	if err != nil {
		return err
	}
	if all.split {
		slices.SortStableFunc(all.rows, func(a, b row) int { return compareRows(a, b, r.order) })
	}
	for _, row := range all.rows {
		if err := give(row); err != nil {
			return err
		}
	}
	if all.truncated {
		return r.truncated(w, "")
	}
	return nil
}

// A gathered is what a window, or the windows that it was split into, gave.
type gathered struct {
	rows             []row
	split, truncated bool
}

// gather collects the rows of a window, the newer half first. A window that
// can be split no further is an error among others, because the rows that are
// missing could stand anywhere.
func (r *run) gather(ctx context.Context, w span, b *border) (gathered, error) {
	got, err := r.rows(ctx, w)
	if err != nil {
		return gathered{}, err
	}
	older, newer, long := w.halves()
	switch {
	case !got.full || !long && !b.split:
		r.count(Statistics{Matched: got.matched})
		rows, err := b.pass(got.rows)
		return gathered{rows: rows, truncated: got.full}, err
	case !long:
		return gathered{}, r.truncated(w, "")
	}
	b.split = true
	first, err := r.gather(ctx, newer, b)
	if err != nil {
		return gathered{}, err
	}
	second, err := r.gather(ctx, older, b)
	return gathered{rows: append(first.rows, second.rows...), split: true}, err
}

// truncated is the error for a window of which the service gives no more rows.
func (r *run) truncated(w span, why string) error {
	if why == "" {
		why = "it is as short as can be"
	}
	from, to := time.Unix(w.from, 0).UTC(), time.Unix(w.to, 0).UTC()
	return fmt.Errorf("cwlogs: %w: it gave %d from %s to %s, which cannot be split: %s",
		ErrTruncated, r.most, from.Format(time.RFC3339), to.Format(time.RFC3339), why)
}

// A result is what one query of the service gave. It is full if there may be
// more rows.
type result struct {
	rows    []row
	full    bool
	matched int64 // log events
}

// rows runs the query over a window.
func (r *run) rows(ctx context.Context, w span) (result, error) {
	rows, matched, err := r.execute(ctx, w)
	if err != nil {
		return result{}, err
	}
	out := result{matched: matched, full: len(rows) >= r.most && (r.limit == 0 || r.limit > len(rows))}
	for _, fields := range rows {
		out.rows = append(out.rows, r.row(fields))
	}
	return out, nil
}

// row is a row of the service as one of package query.
func (r *run) row(fields []types.ResultField) row {
	columns := r.columns
	values := make([]query.Value, len(columns))
	var event string
	for _, f := range fields {
		if f.Field == nil || f.Value == nil {
			continue
		}
		if *f.Field == pointer {
			event = *f.Value
		}
		switch i := slices.Index(columns, *f.Field); {
		case i >= 0:
			values[i] = valueOf(*f.Field, *f.Value)
		case *f.Field != pointer:
			columns = append(slices.Clip(columns), *f.Field)
			values = append(values, valueOf(*f.Field, *f.Value))
		}
	}
	return row{query.NewRow(columns, values), event}
}

// pointer is the field by which the service tells log events apart. Source: the
// GetQueryResults API reference.
const pointer = "@ptr"

// valueOf is a text of the service as the value that is in the column. Times
// have also been seen as milliseconds since 1970.
func valueOf(column, text string) query.Value {
	switch column {
	case "@message", "@log", "@logStream", pointer:
		return query.StringValue(text)
	case "@timestamp", "@ingestionTime":
		if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
			text = time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05.000")
		}
	}
	return query.ParseValue(text)
}

// compareRows is the order of rows under the keys.
func compareRows(a, b row, keys []query.SortKey) int {
	for _, key := range keys {
		c := a.Get(key.Name).CompareNatural(b.Get(key.Name))
		if key.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// A border remembers the log events of one window, for the next one to leave
// out those that are in both.
type border struct {
	split bool
	last  map[string]bool
}

// pass returns the rows whose log events were not in the window before.
func (b *border) pass(rows []row) ([]row, error) {
	if !b.split {
		return rows, nil
	}
	events := make(map[string]bool, len(rows))
	fresh := rows[:0]
	for _, row := range rows {
		if row.event == "" {
			return nil, errors.New("cwlogs: a window was split, and a row has no @ptr by which to tell whether it is in both halves")
		}
		events[row.event] = true
		if !b.last[row.event] {
			fresh = append(fresh, row)
		}
	}
	b.last = events
	return fresh, nil
}
