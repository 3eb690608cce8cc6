// Evictions lists the requests to evict pods that are in Kubernetes audit logs:
// who asked, for which pod, and what became of it.
//
//	go run ./examples/evictions [flags] [PATH...]
//
// A PATH is a file, a directory, or - for standard input. Without one the
// program reads a small real log that it carries with it. Rows go to standard
// output; damage in the logs, with file and line, to standard error. The exit
// status is 0 also if nothing matched, 1 if some input could not be read or was
// damaged, and 2 for wrong flags.
package main

import (
	"context"
	"embed"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/examples/internal/cli"
)

// sample is a log of a real API server: twelve requests to evict pods of one
// namespace, with six different outcomes.
//
//go:embed sample.log
var sample embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr, time.Now())
	stop()
	os.Exit(status)
}

// settings are what the command line says.
type settings struct {
	cli.Settings
	namespace, pod string
}

// run is the program. Its result is the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, now time.Time) int {
	set, status, ok := parseArgs(args, stderr, now)
	if !ok {
		return status
	}
	report := cli.NewReporter(stderr, "evictions")
	src := audit.Files(set.Paths...)
	if len(set.Paths) == 0 {
		report.Say("no PATH given: reading the sample log that comes with the program")
		src = &audit.Archive{FS: sample}
	}
	columns := recordColumns(src.Line)
	if set.Format == "table" {
		columns = tableColumns()
	}
	out, err := cli.NewWriter(set.Format, stdout, names(columns))
	if err == nil {
		err = writeAttempts(ctx, src, set, columns, out, report)
	}
	if err != nil {
		report.Damage(err)
	}
	return report.Status()
}

// parseArgs reads the command line. If ok is false it has said why, and status
// is the exit status.
func parseArgs(args []string, stderr io.Writer, now time.Time) (set settings, status int, ok bool) {
	flags := set.Flags("evictions", "[flags] [PATH...]", "since", "until", stderr, now)
	flags.StringVar(&set.namespace, "n", "", "only pods of this `namespace`")
	flags.StringVar(&set.pod, "p", "", "only pods of this `name`")
	status, ok = set.Parse(flags, args, nil)
	return set, status, ok
}

// writeAttempts writes a row for every attempt. Damage is reported as it is
// met; the error is one of writing, or one that ended the reading.
func writeAttempts(ctx context.Context, src *audit.Archive, set settings, columns []column, out cli.Writer, report *cli.Reporter) error {
	opts := &evict.Options{
		Namespace: set.namespace, Pod: set.pod,
		Start: set.Start.Time, End: set.End.Time,
		Strict: !set.Quick,
	}
	rows, err := cli.WriteAll(evict.Attempts(ctx, src, opts), func(a evict.Attempt) []cli.Cell { return cells(columns, a) }, out, report)
	if rows == 0 && err == nil {
		report.Say("no such request among %d events", src.Stats().Events.Count)
	}
	return err
}
