// Evictions lists the evictions in a log group of CloudWatch Logs, as the program
// of the same name in the main module lists those in files.
//
//	evictions -group /aws/eks/prod/cluster -since 24h
//
// It asks for the messages with the word eviction alone, which is all requests to
// evict. On what node a pod ran, and when it was gone, stands in other events:
// -all reads those too, which are most of the log.
//
// Credentials and region are those of the AWS SDK's default configuration, such
// as AWS_PROFILE and AWS_REGION in the environment. The permission that is needed
// is logs:FilterLogEvents.
//
// The exit status is 0 if everything was read, also if there is no eviction; 1 if
// something could not be read; and 2 if the flags are wrong.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/evictlog/evictlog/audit/cwlogs"
	"github.com/evictlog/evictlog/evict"
)

// word selects the messages in which it stands.
const word = "%eviction%"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr, connect)
	stop()
	os.Exit(status)
}

// connect returns a client with the default configuration.
func connect(ctx context.Context) (cwlogs.EventsAPI, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	return cloudwatchlogs.NewFromConfig(cfg), nil
}

// run is the program. Its result is the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, connect func(context.Context) (cwlogs.EventsAPI, error)) int {
	src, opts, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	status := 0
	damage := func(err error) {
		status = 1
		fmt.Fprintf(stderr, "evictions: %s\n", visible(err.Error()))
	}
	if src.Client, err = connect(ctx); err != nil {
		damage(err)
		return status
	}
	rows := [][]string{heading}
	for e, err := range evict.Evictions(ctx, src, opts) {
		if err != nil {
			damage(err)
			continue
		}
		rows = append(rows, row(e))
	}
	if len(rows) == 1 && status == 0 {
		fmt.Fprintf(stderr, "evictions: no such eviction among %d events\n", src.Stats().Events.Count)
	}
	if err := write(stdout, rows); err != nil {
		damage(err)
	}
	return status
}

// parse reads the command line.
func parse(args []string, stderr io.Writer) (*cwlogs.Events, *evict.Options, error) {
	src, opts := &cwlogs.Events{Pattern: word}, &evict.Options{Strict: true}
	flags := flag.NewFlagSet("evictions", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&src.Group, "group", "", "the `name` or ARN of the log group, such as /aws/eks/NAME/cluster")
	flags.StringVar(&src.StreamPrefix, "streams", "kube-apiserver-audit", "only log streams whose names begin with this `prefix`; * for all")
	flags.StringVar(&opts.Namespace, "n", "", "only pods of this `namespace`")
	flags.StringVar(&opts.Pod, "p", "", "only pods of this `name`")
	all := flags.Bool("all", false, "read all events, for the nodes and the ends of the pods")
	since := flags.String("since", "24h", "read from this `time` on: RFC 3339, or a duration back from now")
	until := flags.String("until", "0s", "read up to this `time`")
	if err := flags.Parse(args); err != nil {
		return nil, nil, err
	}
	if *all {
		src.Pattern, src.Unfiltered = "", true
	}
	now := time.Now()
	var sinceErr, untilErr error
	src.Start, sinceErr = moment(*since, now)
	src.End, untilErr = moment(*until, now)
	err := errors.Join(sinceErr, untilErr)
	switch {
	case err != nil:
	case src.Group == "" || flags.NArg() > 0:
		err = errors.New("give the name of a log group with -group, and nothing behind the flags")
	case src.End.Before(src.Start):
		err = errors.New("-until is before -since")
	}
	if err != nil {
		fmt.Fprintf(stderr, "evictions: %v\n", err)
		flags.Usage()
	}
	return src, opts, err
}

// moment reads a time, or a duration before now.
func moment(text string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, fmt.Errorf("%q is no time: give 2026-11-23T07:40:00Z, or a duration such as 2h", text)
}
