package query

import (
	"context"
	"iter"
	"runtime"
	"slices"
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

// Parse reads a query, in lenient mode and without parameters. The error is an
// [*Error] that says where and why: a query that would not run as the service
// runs it is refused as a whole.
func Parse(src string) (*Query, error) { return ParseWith(src, nil) }

// ParseWith is [Parse] with options. The places that an [*Error] and a
// [Diagnostic] have are those in src, where the value of a parameter stands in
// the place of its name, and the text of a saved query in that of its call; the
// message then says where in that text it is, too.
func ParseWith(src string, opts *ParseOptions) (q *Query, err error) {
	if opts == nil {
		opts = &ParseOptions{}
	}
	p := &parser{lexer: lexer{src: src}, saved: opts.Saved, words: map[command]token{}}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *Error:
			q, err = nil, e
		default:
			panic(e)
		}
	}()
	p.expandParameters(opts.Parameters)
	commands := p.parsePipeline()
	plan := p.plan(commands)
	if opts.Mode == ModeStrict {
		p.refuseStrictly()
	}
	return &Query{commands: commands, notes: p.diagnostics(), plan: plan}, nil
}

// plan makes the plan of the whole query.
func (p *parser) plan(commands []command) *plan {
	if slices.ContainsFunc(commands, isCalled) {
		return makePartial(p, commands)
	}
	plan := makePlan(p, commands)
	plan.subqueries, plan.ofRun = p.subqueries, p.ofRun
	return plan
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
	return strings.Join(commandTexts(q.commands), "\n| ")
}

func commandTexts(commands []command) []string {
	texts := make([]string, len(commands))
	for i, c := range commands {
		texts[i] = c.String()
	}
	return texts
}

// Diagnostics returns what is remarkable about the query although it runs: what
// the service would refuse, traps, and remarks on how it is run, in the order of
// the text.
func (q *Query) Diagnostics() []Diagnostic { return append([]Diagnostic(nil), q.notes...) }

// Columns returns the names of the result's columns, in order. They are not known
// of a query with [Query.Calls].
func (q *Query) Columns() []string { return columnNames(q.plan.columns) }

// Source returns what the SOURCE of the query selects; ok is false if it has
// none. The window is that of the command as far as it does not count from the
// time of a run.
func (q *Query) Source() (s Selection, ok bool) {
	c := q.plan.source
	if c == nil {
		return Selection{}, false
	}
	s = c.selection
	s.Start, s.End = c.start.at, c.end.at
	return s, true
}

// Options say how a query is run. A nil *Options, and a zero field, stand for
// the default.
type Options struct {
	// Start and End bound the time of the events, both ends included, as the
	// service has it. An event whose time is not known is then left out.
	Start, End time.Time

	// Tables are the lookup tables that lookup and cidrlookup look into, by name.
	Tables map[string]*Table

	// Resolve finds the log that a SOURCE command selects, such as the function
	// that [Named] returns. Without it the log that is given to [Query.Run] is
	// read whatever a SOURCE at the start of the query says, and one in a
	// subquery is an error. An error of Resolve ends the run before anything is
	// read.
	Resolve func(ctx context.Context, s Selection) (audit.Source, error)

	// Now is the time that the function now gives. If it is zero, that is the
	// time at which the run began.
	Now time.Time

	// Limit bounds the number of rows, besides what the query says. There is
	// none by default, where the service has one of 10,000.
	Limit int

	// Memory is about how many bytes of memory the rows to be sorted and the
	// groups may take, those of subqueries and what waits for the garbage
	// collector included; 0 means 256 MiB. What is more is written to temporary
	// files in TempDir, or if that is empty in the directory that the system
	// has for such files. They are gone when the run is over, however it ends.
	Memory  int
	TempDir string

	// Workers is how many goroutines read the source; 0 means as many as Go
	// runs at a time. The rows do not depend on it.
	Workers int

	// Strict has every event read and checked as a whole, also those that
	// cannot match. All damage is then reported, and what is damaged gives no
	// row; keys that an event has twice are damage too. Without it an event
	// that begins and ends like one is not checked where the query does not
	// look. For a log without damage the rows are the same.
	Strict bool
}

// Run runs the query over a source and gives the rows in their order. Without
// a sort that is the newest first; where the order leaves a choice, rows stand
// as their events do in the source.
//
// Rows come when all of the source has been read. Before them come the
// [*audit.EventError]s of the places that could not be read, as they are met;
// the loop may go on. Any other error is the last item; when ctx is done that is
// its cause. The sequence can be walked again if the source can be read again.
func (q *Query) Run(ctx context.Context, src audit.Source, opts *Options) iter.Seq2[Row, error] {
	r := &evaluation{plan: q.plan}
	if opts != nil {
		r.opts = *opts
	}
	return r.rows(ctx, src)
}

// A room is where rows and groups are kept: in so many bytes of memory, and
// beyond them in a temporary file in a directory.
type room struct {
	bytes int
	dir   string
}

// room is half of the memory, since the garbage collector lets as much garbage come
// together as there is memory in use.
func (o *Options) room() room {
	if o.Memory > 0 {
		return room{o.Memory / 2, o.TempDir}
	}
	return room{defaultMemory / 2, o.TempDir}
}

const defaultMemory = 256 << 20

// smallest is the limit of the query, 0 for none, or that of the options if it
// is smaller.
func (o *Options) smallest(limit int) int {
	if o.Limit > 0 && (limit == 0 || o.Limit < limit) {
		return o.Limit
	}
	return limit
}

func (o *Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}
