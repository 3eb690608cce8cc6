// Compare runs Logs Insights queries on CloudWatch Logs and by package query
// over the same log events, and tells the first difference.
//
//	go run ./examples/compare -group GROUP -start TIME -end TIME -q QUERY...
//
// The log events are read by FilterLogEvents, those of the log streams whose
// names begin with -streams: a query should select them too, with
//
//	filter @logStream like /^kube-apiserver-audit/
//
// unless the log group has no others. Times are those of RFC 3339, in whole
// seconds. The window should have ended some minutes ago, since the service takes
// in events late. A saved query that a query calls is given with -saved NAME=FILE:
// the text has to be the one that the service has saved.
//
// There is a line for each query on standard output, and trouble on standard
// error. The exit status is 0 if the results of all queries are equal, 1 if one
// is different or could not be had, and 2 for wrong flags or a query that is
// refused before anything is asked of the service. Credentials and the region
// are found as by the AWS CLI; the service bills queries by what they scan.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/evictlog/evictlog/audit/cwlogs"
	"github.com/evictlog/evictlog/query"
)

// The exit statuses.
const (
	equal     = 0
	different = 1
	usage     = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr, connect)
	stop()
	os.Exit(status)
}

// connect makes the client.
func connect(ctx context.Context) (*cloudwatchlogs.Client, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	return cloudwatchlogs.NewFromConfig(cfg), nil
}

// settings are what the command line says.
type settings struct {
	group, streams string
	start, end     instant
	queries        queries
	saved          saved
}

// run is the program. Its result is the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, connect func(context.Context) (*cloudwatchlogs.Client, error)) int {
	set, status, ok := parseArgs(args, stderr)
	if !ok {
		return status
	}
	for _, text := range set.queries {
		if err := set.check(text); err != nil {
			say(stderr, err)
			return usage
		}
	}
	client, err := connect(ctx)
	if err != nil {
		say(stderr, err)
		return different
	}
	for _, text := range set.queries {
		if !set.compare(ctx, client, text, stdout, stderr) {
			status = different
		}
	}
	return status
}

// check says what is wrong with a query as far as it can be told here.
func (set *settings) check(text string) error {
	q, err := query.ParseWith(text, &query.ParseOptions{Mode: query.ModeStrict, Saved: set.saved})
	if err != nil {
		return err
	}
	if calls := q.Calls(); len(calls) > 0 {
		return fmt.Errorf("the text of the saved query %q is not known: give it with -saved NAME=FILE", calls[0])
	}
	return nil
}

// compare compares one query, and reports whether the results are equal.
func (set *settings) compare(ctx context.Context, client *cloudwatchlogs.Client, text string, stdout, stderr io.Writer) bool {
	q := &cwlogs.Query{
		Client: client, Text: text, Groups: []string{set.group},
		Start: set.start.Time, End: set.end.Time, Saved: set.saved,
	}
	// A second more, for what Compare finds out about the end of the window.
	src := &cwlogs.Events{
		Client: client, Group: set.group, StreamPrefix: set.streams,
		Start: set.start.Time, End: set.end.Add(time.Second),
	}
	c, err := cwlogs.Compare(ctx, q, src, nil)
	if err != nil {
		say(stderr, err)
		return false
	}
	fmt.Fprintf(stdout, "%s\n\t%s\n", visible(strings.Join(strings.Fields(text), " ")), visible(c.String()))
	return c.Equal()
}

// parseArgs reads the command line. If ok is false it has said why, and status
// is the exit status.
func parseArgs(args []string, stderr io.Writer) (set *settings, status int, ok bool) {
	set = &settings{}
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: compare -group GROUP -start TIME -end TIME -q QUERY...")
		flags.PrintDefaults()
	}
	flags.StringVar(&set.group, "group", "", "the `name` of the log group, or its ARN")
	flags.StringVar(&set.streams, "streams", "kube-apiserver-audit", "the `prefix` of the log streams, * for all")
	flags.Var(&set.start, "start", "the `time` at which the window starts, such as 2026-11-23T07:00:00Z")
	flags.Var(&set.end, "end", "the `time` with which it ends")
	flags.Var(&set.saved, "saved", "a saved query that a query calls as $NAME(...), as `NAME=FILE`; can be given several times")
	flags.Var(&set.queries, "q", "a `query`; can be given several times")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil, equal, false
	case err != nil:
		return nil, usage, false
	}
	wrong := ""
	switch {
	case flags.NArg() > 0:
		wrong = fmt.Sprintf("what is %q? queries are given with -q", flags.Arg(0))
	case set.group == "" || set.start.IsZero() || set.end.IsZero() || len(set.queries) == 0:
		wrong = "give -group, -start, -end and at least one -q"
	case set.end.Before(set.start.Time):
		wrong = "the window ends before it starts"
	}
	if wrong != "" {
		fmt.Fprintf(stderr, "compare: %s\n", visible(wrong))
		flags.Usage()
		return nil, usage, false
	}
	return set, equal, true
}

// An instant is a flag for a time in whole seconds.
type instant struct{ time.Time }

func (i *instant) String() string {
	if i.IsZero() {
		return ""
	}
	return i.Format(time.RFC3339)
}

// Set parses the flag.
func (i *instant) Set(text string) error {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Nanosecond() != 0 {
		return errors.New("write a time in whole seconds as in 2026-11-23T07:00:00Z")
	}
	i.Time = t.UTC()
	return nil
}

// queries are the values of a flag that can be given several times.
type queries []string

func (q *queries) String() string { return strings.Join(*q, "; ") }

// Set takes one value.
func (q *queries) Set(text string) error {
	*q = append(*q, text)
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

// say reports an error, and where in the query it is if it has a place there.
func say(w io.Writer, err error) {
	fmt.Fprintf(w, "compare: %s\n", visible(err.Error()))
	if e, ok := errors.AsType[*query.Error](err); ok {
		fmt.Fprintln(w, e.Snippet())
	}
}

// visible replaces what could move a terminal's cursor or change its state: logs
// hold what attackers chose to write.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}
