// Insights runs a CloudWatch Logs Insights query over Kubernetes audit logs on
// disk.
//
//	go run ./examples/insights -q QUERY | -f FILE [flags] PATH...
//
// A PATH is a file, a directory, or - for standard input. With -source NAME=PATH,
// the logs that a SOURCE in the query names are found; one at the start of the
// query takes the place of the PATHs. Rows go to standard
// output; remarks on the query and damage in the logs, with file and line, to
// standard error. The exit status is 0 also if nothing matched, 1 if some input
// could not be read or was damaged, and 2 for wrong flags or a refused query.
//
// With -check it is a linter: all remarks on the query go to standard output, and
// no log is read. With -strict a query that Logs Insights refuses is refused
// here too; without it that is a remark. With -param NAME=VALUE, which can be
// given several times, a value takes the place of {{NAME}} as it stands: a text
// needs its quotation marks, as in -param 'level="ERROR"'. With -saved NAME=FILE
// the query can call the one in the file, as in $NAME(level="ERROR") | limit 5; a
// query with calls of others is checked, and not run.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/examples/internal/cli"
	"github.com/evictlog/evictlog/query"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr, time.Now())
	stop()
	os.Exit(status)
}

// settings are what the command line says.
type settings struct {
	cli.Settings
	query, file    string
	tables         tables
	parameters     parameters
	saved          saved
	strict         bool
	sources        sources
	limit          int
	check, explain bool
	unique         bool
}

// run is the program. Its result is the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, now time.Time) int {
	set, status, ok := parseArgs(args, stderr, now)
	if !ok {
		return status
	}
	report := cli.NewReporter(stderr, "insights")
	text, err := queryText(set)
	if err == nil && set.check {
		err = check(text, set, stdout)
	}
	var q *query.Query
	if err == nil {
		q, err = query.ParseWith(text, set.parsing(set.mode()))
	}
	if err != nil {
		report.Say("%v", err)
		if e, ok := errors.AsType[*query.Error](err); ok {
			fmt.Fprintln(stderr, e.Snippet())
		}
		return cli.Usage
	}
	if set.explain {
		fmt.Fprint(stdout, q.Explain())
	}
	if set.check {
		return cli.OK
	}
	for _, d := range q.Diagnostics() {
		report.Say("%v", d)
		fmt.Fprintln(stderr, d.Snippet())
	}
	if set.explain {
		return cli.OK
	}
	if text := cmp.Or(missing(q), misplaced(q, set)); text != "" {
		report.Say("%s", text)
		return cli.Usage
	}
	out, err := cli.NewWriter(set.Format, stdout, q.Columns())
	if err == nil {
		err = writeRows(ctx, q, set, out, report)
	}
	if err != nil {
		report.Damage(err)
	}
	return report.Status()
}

// missing says which saved query the query calls without its text; it is empty if
// there is none.
func missing(q *query.Query) string {
	calls := q.Calls()
	if len(calls) == 0 {
		return ""
	}
	return fmt.Sprintf("the text of the saved query %q is not known: give it with -saved NAME=FILE", calls[0])
}

// misplaced says what is wrong with the PATHs, if the query tells; it is empty
// if nothing is.
func misplaced(q *query.Query, set settings) string {
	_, named := q.Source()
	named = named && len(set.sources) > 0
	switch {
	case named && len(set.Paths) > 0:
		return "the query has a SOURCE, and -source gives its logs: name no PATH"
	case !named && len(set.Paths) == 0:
		return "no PATH given: name files or directories, or - for standard input"
	}
	return ""
}

// parseArgs reads the command line. If ok is false it has said why, and status
// is the exit status.
func parseArgs(args []string, stderr io.Writer, now time.Time) (set settings, status int, ok bool) {
	flags := set.Flags("insights", "-q QUERY | -f FILE [flags] PATH...", "start", "end", stderr, now)
	flags.StringVar(&set.query, "q", "", "the `query`")
	flags.StringVar(&set.file, "f", "", "a `file` with the query")
	set.tables = tables{}
	flags.Var(set.tables, "lookup", "a lookup table as `NAME=FILE.csv`; can be given several times")
	set.sources = sources{}
	flags.Var(set.sources, "source", "the log of a log group that SOURCE names, as `NAME=PATH`; can be given several times, also for one name")
	flags.IntVar(&set.limit, "limit", 0, "give at most `n` rows (default: as the query says)")
	set.parameters = parameters{}
	flags.Var(set.parameters, "param", "the value of a saved query's parameter as `NAME=VALUE`; can be given several times")
	flags.Var(&set.saved, "saved", "a saved query that the query calls as $NAME(...), as `NAME=FILE`; can be given several times")
	flags.BoolVar(&set.strict, "strict", false, "refuse a query that Logs Insights refuses")
	flags.BoolVar(&set.check, "check", false, "only check the query: print all remarks on it to standard output")
	flags.BoolVar(&set.explain, "explain", false, "only print how the query would be run")
	flags.BoolVar(&set.unique, "unique", false, "leave out events that repeat one before them, as exports of hours that overlap have them; one goroutine reads")
	status, ok = set.Parse(flags, args, func() string {
		switch {
		case (set.query == "") == (set.file == ""):
			return "give either -q QUERY or -f FILE"
		case len(set.Paths)+len(set.sources) == 0 && !set.check && !set.explain:
			return "no PATH given: name files or directories, or - for standard input"
		case set.limit < 0:
			return "-limit takes a number from 1"
		}
		return ""
	})
	return set, status, ok
}

// tables are the lookup tables that -lookup names.
type tables map[string]*query.Table

func (t tables) String() string { return "" }

// Set reads the table of one NAME=FILE.csv.
func (t tables) Set(text string) error {
	name, path, ok := strings.Cut(text, "=")
	if !ok || name == "" || path == "" {
		return errors.New("write NAME=FILE.csv")
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	t[name], err = query.ReadTable(file)
	return err
}

// sources are the paths of the logs that -source names.
type sources map[string][]string

func (s sources) String() string { return "" }

// Set takes one NAME=PATH.
func (s sources) Set(text string) error {
	name, path, ok := strings.Cut(text, "=")
	if !ok || name == "" || path == "" {
		return errors.New("write NAME=PATH")
	}
	s[name] = append(s[name], path)
	return nil
}

// A log is what counts what has been read of it.
type log interface {
	audit.Source
	Stats() audit.Stats
}

// open is the log in the files, as the settings have it read.
func (set settings) open(paths []string) log {
	if set.unique {
		return &audit.Unique{Source: audit.Files(paths...)}
	}
	return audit.Files(paths...)
}

// parameters are the values that -param gives.
type parameters map[string]string

func (p parameters) String() string { return "" }

// Set takes the value of one NAME=VALUE.
func (p parameters) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return errors.New("write NAME=VALUE")
	}
	if _, given := p[name]; given {
		return fmt.Errorf("%s has a value already", name)
	}
	p[name] = value
	return nil
}

// saved are the saved queries that -saved names; nil if there are none.
type saved map[string]query.SavedQuery

func (s *saved) String() string { return "" }

// Set reads the query of one NAME=FILE.
func (s *saved) Set(text string) error {
	name, path, ok := strings.Cut(text, "=")
	if !ok || name == "" || path == "" {
		return errors.New("write NAME=FILE")
	}
	if _, given := (*s)[name]; given {
		return fmt.Errorf("there is a saved query %s already", name)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if *s == nil {
		*s = saved{}
	}
	(*s)[name] = query.SavedQuery{Text: string(data)}
	return nil
}

// queryText is the text of the query.
func queryText(set settings) (string, error) {
	if set.file == "" {
		return set.query, nil
	}
	data, err := os.ReadFile(set.file)
	return string(data), err
}

func (set *settings) mode() query.Mode {
	if set.strict {
		return query.ModeStrict
	}
	return query.ModeLenient
}

func (set *settings) parsing(mode query.Mode) *query.ParseOptions {
	return &query.ParseOptions{Mode: mode, Parameters: set.parameters, Saved: set.saved}
}

// check writes all remarks on the query. It goes by lenient mode, since strict
// mode ends at the first thing that the service refuses.
func check(text string, set settings, out io.Writer) error {
	q, err := query.ParseWith(text, set.parsing(query.ModeLenient))
	if err != nil {
		return err
	}
	for _, d := range q.Diagnostics() {
		fmt.Fprintf(out, "%v\n%s\n", d, d.Snippet())
	}
	return nil
}

// writeRows runs the query and writes its rows. Damage is reported as it is
// met; the error is one of writing, or one that ended the run.
func writeRows(ctx context.Context, q *query.Query, set settings, out cli.Writer, report *cli.Reporter) error {
	src := set.open(set.Paths)
	opts := &query.Options{Start: set.Start.Time, End: set.End.Time, Limit: set.limit, Strict: !set.Quick, Tables: set.tables}
	logs := []log{src}
	if len(set.sources) > 0 {
		named := map[string]audit.Source{}
		for name, paths := range set.sources {
			one := set.open(paths)
			named[name], logs = one, append(logs, one)
		}
		opts.Resolve = query.Named(named)
	}
	rows, err := cli.WriteAll(q.Run(ctx, src, opts), cells, out, report)
	if rows == 0 && err == nil {
		var events int64
		for _, one := range logs {
			events += int64(one.Stats().Events.Count)
		}
		report.Say("no row among %d events", events)
	}
	return err
}

func cells(row query.Row) []cli.Cell {
	var out []cli.Cell
	for name, value := range row.All() {
		out = append(out, cli.Cell{Name: name, Value: value})
	}
	return out
}
