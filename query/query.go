package query

import (
	"context"
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// A Query is a parsed query. It is immutable, and safe for concurrent use.
type Query struct {
	commands []command
	notes    []Diagnostic
	plan     *plan
}

// Parse reads a query. The error is an [*Error] that says where and why: a
// query that would not run as the service runs it is refused as a whole.
func Parse(src string) (q *Query, err error) {
	p := &parser{lexer: lexer{src: src}}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *Error:
			q, err = nil, e
		default:
			panic(e)
		}
	}()
	commands := p.parsePipeline()
	plan := makePlan(p, commands)
	return &Query{commands: commands, notes: p.diagnostics(), plan: plan}, nil
}

// MustParse is [Parse] for queries that are part of a program: it panics where
// Parse gives an error.
func MustParse(src string) *Query {
	q, err := Parse(src)
	if err != nil {
		panic(err)
	}
	return q
}

// String returns the query in its canonical form: one command a line, words in
// lower case, strings in double quotes, no comments. Columns without a name keep
// their text, which is their name. It parses back to a query that does the same.
func (q *Query) String() string {
	lines := make([]string, len(q.commands))
	for i, c := range q.commands {
		lines[i] = c.String()
	}
	return strings.Join(lines, "\n| ")
}

// Diagnostics returns what is remarkable about the query although it runs:
// leniencies that were applied, what the service would refuse, and traps, in
// the order of the text.
func (q *Query) Diagnostics() []Diagnostic { return append([]Diagnostic(nil), q.notes...) }

// Columns returns the names of the result's columns, in order.
func (q *Query) Columns() []string { return columnNames(q.plan.columns) }

// Options say how a query is run. A nil *Options, and a zero field, stand for
// the default.
type Options struct {
	// Start and End bound the time of the events, both ends included, as the
	// service has it. An event whose time is not known is then left out.
	Start, End time.Time

	// Limit bounds the number of rows, besides what the query says. There is
	// none by default, where the service has one of 10,000.
	Limit int

	// Strict has every event read and checked, also those that cannot match.
	// Rows do not change; damage in such events is then reported too.
	Strict bool
}

// Run runs the query over a source and gives the rows in their order. Without
// a sort that is the newest first; where the order leaves a choice, rows stand
// as their events do in the source.
//
// Rows come when all of the source has been read. Before them come the
// [*audit.EventError]s of the places that could not be read, as they are met;
// the loop may go on. Any other error is the last item. The sequence can be
// walked again if the source can be read again.
func (q *Query) Run(ctx context.Context, src audit.Source, opts *Options) iter.Seq2[Row, error] {
	var o Options
	if opts != nil {
		o = *opts
	}
	return func(yield func(Row, error) bool) {
		all := newScan(q.plan, o).kept
		if !q.scan(ctx, src, o, &all, yield) {
			return
		}
		for row := range all.result() {
			if !yield(row, nil) {
				return
			}
		}
		if err := audit.NoEvents(src); err != nil {
			yield(Row{}, err)
		}
	}
}

// scan reads the source part by part and merges what each gives into all. It
// reports false if the run is over: the caller stopped it, or it has failed.
func (q *Query) scan(ctx context.Context, src audit.Source, o Options, all *partial, yield func(Row, error) bool) bool {
	need := audit.Need{Literals: q.plan.literals, Strict: o.Strict}
	part := 0
	for p, err := range src.Parts(ctx) {
		if err != nil {
			if !pass(yield, err) {
				return false
			}
			continue
		}
		s := newScan(q.plan, o)
		event := 0
		for ev, err := range src.Read(ctx, p, need) {
			if err != nil {
				if !pass(yield, err) {
					return false
				}
				continue
			}
			s.event(&ev, place{part, event})
			event++
			if s.full() {
				break
			}
		}
		all.merge(&s.kept)
		if q.plan.any && all.limit > 0 && len(all.rows) == all.limit {
			break
		}
		part++
	}
	return true
}

// pass gives an error to the caller and reports whether to go on.
func pass(yield func(Row, error) bool, err error) bool {
	_, onePlace := errors.AsType[*audit.EventError](err)
	return yield(Row{}, err) && onePlace
}
