package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/query"
)

// A Comparison is what came of running a query on both sides.
type Comparison struct {
	// Rows is how many rows the service gave.
	Rows int
	// Difference is the first one, nil if there is none.
	Difference *Difference

	// Loose counts the rows whose order was not compared: the query leaves it
	// open, as for rows that are equal under its sort, or it is sorted by what
	// is no column, so that the rows do not tell.
	Loose int
	// Open counts the rows at the end of a limited result that only one side
	// has, and that the limit leaves the choice of: nothing orders them before
	// or behind those that the other side has in their place.
	Open int
	// WholeEnd says that the results are only the same if the window holds all
	// of the second with which it ends, so that the service takes it in. Where
	// it is not set there may have been nothing to tell it by.
	WholeEnd bool
	// Unread counts the places of the source that could not be read, which the
	// service has as messages like others; First is the error of the first.
	Unread int
	First  *audit.EventError
}

// A Difference is the first place in which two results are not the same.
type Difference struct {
	// Row counts from 1, in the service's result, or in the one here if only
	// that has the row.
	Row int
	// Column is the first column in which the rows are not the same; empty if
	// only one side has the row.
	Column string
	// Service and Here are the values in the column.
	Service, Here query.Value
	// ServiceRow and HereRow are the rows, without columns on the side that has
	// none.
	ServiceRow, HereRow query.Row
}

// Equal reports whether the results are the same, and all of them was compared.
func (c *Comparison) Equal() bool { return c.Difference == nil && c.Open == 0 }

// String returns one line.
func (c *Comparison) String() string {
	var b strings.Builder
	switch {
	case c.Difference != nil:
		fmt.Fprintf(&b, "different: %v", c.Difference)
	case c.Open > 0:
		fmt.Fprintf(&b, "undecided: the order leaves open %d of %d rows at the limit", c.Open, c.Rows)
	default:
		fmt.Fprintf(&b, "equal: %d rows", c.Rows)
	}
	if c.Loose > 0 {
		fmt.Fprintf(&b, ", %d of them in any order", c.Loose)
	}
	if c.WholeEnd {
		b.WriteString(", with all of the last second")
	}
	if c.Unread > 0 {
		fmt.Fprintf(&b, "; %d places could not be read, the first: %v", c.Unread, c.First)
	}
	return b.String()
}

// String returns one line.
func (d *Difference) String() string {
	switch {
	case d.Column != "":
		return fmt.Sprintf("row %d, column %s: the service has %s, here is %s", d.Row, d.Column, shown(d.Service), shown(d.Here))
	case len(d.ServiceRow.Columns()) > 0:
		return fmt.Sprintf("row %d: only the service has %v", d.Row, d.ServiceRow)
	}
	return fmt.Sprintf("row %d: only here is %v", d.Row, d.HereRow)
}

// shown is a value for people.
func shown(v query.Value) string {
	if v.Missing() {
		return "nothing"
	}
	return fmt.Sprintf("%q", v.String())
}

// Compare runs a query on both sides: on the service, and by package query over
// a source, such as [Events] of the same log group. The source has to have all
// log events from q.Start to a second behind q.End, those of all log streams
// that the query takes in. The window of opts, which may be nil, is replaced by
// that of q.
//
// Values are compared as texts, since that is what the service gives. What is
// different by design is left out of the comparison, and counted: the order of
// rows that nothing orders, and which of them are within a limit. The @ptr of
// the service, which there is none of here, is no difference. The window ends
// with the begin of the second that is q.End or, if the results are then
// different, with its last microsecond: see [Comparison.WholeEnd].
//
// The saved queries that the query calls have to be in q.Saved. Without their texts
// it cannot be run here, and is not sent either.
//
// The error is that of either side. Places that cannot be read are no error:
// see [Comparison.Unread].
func Compare(ctx context.Context, q *Query, src audit.Source, opts *query.Options) (*Comparison, error) {
	r, err := q.open()
	if err != nil {
		return nil, err
	}
	if calls := r.parsed.Calls(); len(calls) > 0 {
		return nil, fmt.Errorf("cwlogs: the text of the saved query %q is not known here: set Saved", calls[0])
	}
	var service []query.Row
	for row, err := range q.Rows(ctx) {
		if err != nil {
			return nil, err
		}
		service = append(service, row)
	}
	var first *Comparison
	for _, end := range []time.Time{q.End, q.End.Add(time.Second - time.Microsecond)} {
		c, here, err := r.here(ctx, src, opts, end)
		if err != nil {
			return nil, err
		}
		c.compare(r, service, here)
		if c.Difference == nil {
			c.WholeEnd = first != nil
			return c, nil
		}
		if first == nil {
			first = c
		}
	}
	return first, nil
}

// here runs the query by package query.
func (r *run) here(ctx context.Context, src audit.Source, opts *query.Options, end time.Time) (*Comparison, []query.Row, error) {
	var o query.Options
	if opts != nil {
		o = *opts
	}
	o.Start, o.End = r.Start, end
	c := &Comparison{}
	var rows []query.Row
	for row, err := range r.parsed.Run(ctx, src, &o) {
		if place, ok := errors.AsType[*audit.EventError](err); ok {
			if c.Unread++; c.First == nil {
				c.First = place
			}
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, row)
	}
	return c, rows, nil
}

// compare compares the rows in groups of those that nothing orders.
func (c *Comparison) compare(r *run, service, here []query.Row) {
	c.Rows = len(service)
	keys := r.visibleKeys()
	limit, any := r.parsed.Limit()
	if any {
		keys = nil
	}
	for i := 0; i < max(len(service), len(here)); {
		n, m := tied(service, i, keys), tied(here, i, keys)
		only, onlyHere := unmatched(service[min(i, len(service)):][:n], here[min(i, len(here)):][:m])
		switch {
		case len(only)+len(onlyHere) == 0:
		case limit > 0 && n == m && i+n == limit && i+n == len(service) && i+m == len(here):
			c.Open = len(only)
		default:
			c.Difference = difference(service, here, i, only, onlyHere)
			return
		}
		if n > 1 {
			c.Loose += n
		}
		i += n
	}
}

// visibleKeys are the columns by which the result is sorted, up to the first key
// that is none.
func (r *run) visibleKeys() []string {
	var names []string
	for _, key := range r.order {
		if !r.hasColumn(key.Name) {
			break
		}
		names = append(names, key.Name)
	}
	return names
}

// tied is how many rows from the i-th on are equal under the keys.
func tied(rows []query.Row, i int, keys []string) int {
	if i >= len(rows) {
		return 0
	}
	n := 1
	for i+n < len(rows) && firstDifferent(rows[i], rows[i+n], keys) == "" {
		n++
	}
	return n
}

// unmatched are the rows, by their places, that are in one list and not in the
// other.
func unmatched(service, here []query.Row) (only, onlyHere []int) {
	waiting := map[string][]int{}
	for i, row := range here {
		text := signature(row)
		waiting[text] = append(waiting[text], i)
	}
	taken := make([]bool, len(here))
	for i, row := range service {
		text := signature(row)
		same := waiting[text]
		if len(same) == 0 {
			only = append(only, i)
			continue
		}
		taken[same[0]], waiting[text] = true, same[1:]
	}
	for i := range here {
		if !taken[i] {
			onlyHere = append(onlyHere, i)
		}
	}
	return only, onlyHere
}

// signature is the same for rows that are the same.
func signature(row query.Row) string {
	var b strings.Builder
	for name, value := range row.All() {
		if name != pointer {
			fmt.Fprintf(&b, "%q=%q,", name, value.String())
		}
	}
	return b.String()
}

// difference is the first one in two groups of rows that begin at the i-th. Of
// the rows here that have no counterpart the one is taken that is most like the
// row of the service.
func difference(service, here []query.Row, i int, only, onlyHere []int) *Difference {
	switch {
	case len(only) == 0:
		at := i + onlyHere[0]
		return &Difference{Row: at + 1, HereRow: here[at]}
	case len(onlyHere) == 0:
		at := i + only[0]
		return &Difference{Row: at + 1, ServiceRow: service[at]}
	}
	row := service[i+only[0]]
	var nearest query.Row
	least := -1
	for _, n := range onlyHere {
		count := 0
		for _, name := range columnsOf(row, here[i+n]) {
			if firstDifferent(row, here[i+n], []string{name}) != "" {
				count++
			}
		}
		if least < 0 || count < least {
			least, nearest = count, here[i+n]
		}
	}
	d := &Difference{Row: i + only[0] + 1, ServiceRow: row, HereRow: nearest}
	d.Column = firstDifferent(row, nearest, columnsOf(row, nearest))
	d.Service, d.Here = row.Get(d.Column), nearest.Get(d.Column)
	return d
}

// firstDifferent is the first of the columns in which the rows are different.
func firstDifferent(a, b query.Row, columns []string) string {
	for _, name := range columns {
		x, y := a.Get(name), b.Get(name)
		if x.Missing() != y.Missing() || x.String() != y.String() {
			return name
		}
	}
	return ""
}

// columnsOf are the columns of two rows, but for the service's own.
func columnsOf(a, b query.Row) []string {
	var names []string
	known := map[string]bool{pointer: true}
	for _, name := range append(b.Columns(), a.Columns()...) {
		if !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	return names
}
