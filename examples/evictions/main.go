package main

import (
	"context"
	"embed"
	"io"
	"iter"
	"os"
	"os/signal"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/examples/internal/cli"
)

// samples are the logs that the program reads if it is given none.
//
// sample.log is of a real API server: twelve requests to evict pods of one
// namespace, with six different outcomes. Nothing in it tells what became of
// the pods.
//
// night.log tells that too. It was made by TestNight, which says what happens
// in it.
//
//go:embed sample.log night.log
var samples embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr, time.Now())
	stop()
	os.Exit(status)
}

// run is the program. Its result is the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, now time.Time) int {
	set, status, ok := parseArgs(args, stderr, now)
	if !ok {
		return status
	}
	j := &job{settings: set, stdout: stdout, report: cli.NewReporter(stderr, "evictions"), src: audit.Files(set.Paths...)}
	if len(set.Paths) == 0 {
		sample := "night.log"
		if set.mode() == "" || set.attempts {
			sample = "sample.log"
		}
		j.report.Say("no PATH given: reading %s, a sample that comes with the program", sample)
		j.src = &audit.Archive{FS: samples, Roots: []string{sample}}
	}
	if err := j.do(ctx); err != nil {
		j.report.Damage(err)
	}
	return j.report.Status()
}

// A job is one run of the program.
type job struct {
	settings
	src    *audit.Archive
	stdout io.Writer
	report *cli.Reporter
}

// do does what the mode asks for. Damage is reported as it is met; the error is
// one of writing, or one that ended the reading.
func (j *job) do(ctx context.Context) error {
	opts, at := j.options(), places(j.src.Line)
	switch {
	case j.attempts:
		return rows(j, evict.Attempts(ctx, j.src, opts), attemptTable, attemptRecord(at), "such request")
	case j.removals:
		return rows(j, evict.Removals(ctx, j.src, opts), removalTable, removalRecord(at), "such removal")
	case j.drains:
		return rows(j, evict.Drains(ctx, j.src, opts), drainTable, drainRecord(at), "such drain")
	case j.verdict != "":
		return j.judge(ctx, opts, at)
	case j.timeline != "":
		return j.tell(ctx, opts, at)
	case j.summary:
		return j.summarize(ctx)
	}
	return rows(j, evict.Evictions(ctx, j.src, opts), evictionTable, evictionRecord(at), "such eviction")
}

func (j *job) options() *evict.Options {
	return &evict.Options{
		Namespace: j.namespace, Pod: j.pod, Node: j.node,
		Start: j.Start.Time, End: j.End.Time,
		Strict: !j.Quick, Hint: j.hint,
	}
}

// rows writes a row for every item, with the columns for people in a table and
// those for programs elsewhere. what names the items.
func rows[T any](j *job, items iter.Seq2[T, error], table, record []column[T], what string) error {
	columns := record
	if j.Format == "table" {
		columns = table
	}
	out, err := cli.NewWriter(j.Format, j.stdout, names(columns))
	if err != nil {
		return err
	}
	n, err := cli.WriteAll(items, func(item T) []cli.Cell { return cells(columns, item) }, out, j.report)
	if n == 0 && err == nil {
		j.report.Say("no %s among %d events", what, j.src.Stats().Events.Count)
	}
	return err
}
