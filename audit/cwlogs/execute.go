package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// How often a query is asked for its results: first after a quarter of a second,
// then less and less often, down to every five seconds. The quota is of five
// requests a second in the smaller regions. Source: AWS, "CloudWatch Logs
// quotas".
const (
	firstPoll   = 250 * time.Millisecond
	longestPoll = 5 * time.Second
)

// stopTime is how long it may take to stop a query and, before that, to be told
// the id of one that is being started.
const stopTime = 10 * time.Second

// maxPage is the most rows in an answer. Source: the GetQueryResults API
// reference.
const maxPage int32 = 10_000

// execute has the service run the query over a window, and returns all its rows,
// and how many log events matched.
func (r *run) execute(ctx context.Context, w span) (rows [][]types.ResultField, matched int64, err error) {
	started, err := r.start(ctx, w)
	if err != nil {
		return nil, 0, err
	}
	if started.QueryId == nil {
		return nil, 0, errors.New("cwlogs: the service started a query without an id")
	}
	id := *started.QueryId
	r.count(Statistics{Queries: 1})
	out, err := r.await(ctx, id)
	if out != nil && out.Statistics != nil {
		r.count(counted(out.Statistics))
		matched = int64(out.Statistics.RecordsMatched)
	}
	if err != nil {
		return nil, 0, err
	}
	rows, err = r.pages(ctx, id, out)
	return rows, matched, err
}

// start starts the query over a window. A request that is on its way when ctx
// ends is not broken off at once: whoever does not know the id of a query cannot
// stop it.
func (r *run) start(ctx context.Context, w span) (*cloudwatchlogs.StartQueryOutput, error) {
	later, cancel := outlive(ctx, stopTime)
	defer cancel()
	out, err := again(ctx, nil, retries(r.Retries), func() (*cloudwatchlogs.StartQueryOutput, error) {
		return r.Client.StartQuery(later, r.input(w), once)
	})
	switch {
	case err == nil:
		return out, nil
	case later.Err() != nil:
		return nil, errors.Join(err, errors.New("cwlogs: the query may have been started, and may still run"))
	case ctx.Err() != nil:
		return nil, err
	}
	return nil, r.refused(err)
}

// outlive returns a context that ends so long after ctx does.
func outlive(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unregister := context.AfterFunc(ctx, func() {
		if sleep(later, d) == nil {
			cancel()
		}
	})
	return later, func() {
		unregister()
		cancel()
	}
}

// await waits for the query to end, and returns the first page of its rows. The
// query does not run any more then, or the error says so. With an error there
// may be what was last heard of the query.
func (r *run) await(ctx context.Context, id string) (last *cloudwatchlogs.GetQueryResultsOutput, err error) {
	for poll := firstPoll; ; poll = min(poll*3/2, longestPoll) {
		if err := sleep(ctx, poll); err != nil {
			return last, r.stop(ctx, id, err)
		}
		out, err := r.results(ctx, id, nil)
		if err != nil {
			return last, r.stop(ctx, id, err)
		}
		last = out
		switch out.Status {
		case types.QueryStatusScheduled, types.QueryStatusRunning:
		case types.QueryStatusComplete:
			return out, nil
		case types.QueryStatusFailed, types.QueryStatusCancelled, types.QueryStatusTimeout:
			return out, &StatusError{id, out.Status}
		default: // it may be running
			return out, r.stop(ctx, id, &StatusError{id, out.Status})
		}
	}
}

// pages reads the rows that stand behind the first page.
func (r *run) pages(ctx context.Context, id string, out *cloudwatchlogs.GetQueryResultsOutput) ([][]types.ResultField, error) {
	rows := out.Results
	known := map[string]bool{}
	for out.NextToken != nil && *out.NextToken != "" {
		token := *out.NextToken
		if known[token] {
			return nil, fmt.Errorf("cwlogs: query %s: %w", id, ErrTokenRepeated)
		}
		known[token] = true
		var err error
		if out, err = r.results(ctx, id, &token); err != nil {
			return nil, err
		}
		if out.Status != types.QueryStatusComplete {
			return nil, &StatusError{id, out.Status}
		}
		rows = append(rows, out.Results...)
	}
	if out.Statistics != nil && int64(out.Statistics.ResultCount) > int64(len(rows)) {
		return nil, fmt.Errorf("cwlogs: query %s has %.0f rows, and the service gave %d of them", id, out.Statistics.ResultCount, len(rows))
	}
	return rows, nil
}

// results asks for a page of results.
func (r *run) results(ctx context.Context, id string, token *string) (*cloudwatchlogs.GetQueryResultsOutput, error) {
	most := maxPage
	in := &cloudwatchlogs.GetQueryResultsInput{QueryId: &id, MaxItems: &most, NextToken: token}
	out, err := again(ctx, nil, retries(r.Retries), func() (*cloudwatchlogs.GetQueryResultsOutput, error) {
		return r.Client.GetQueryResults(ctx, in, once)
	})
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("cwlogs: query %s: %w", id, err)
	}
	return out, err
}

// stop stops a query for a reason, which it returns. What keeps it from being
// stopped is joined to it. That the query has ended does not count: the service
// then says that the parameter is invalid. Source: the StopQuery API reference.
func (r *run) stop(ctx context.Context, id string, reason error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	out, err := again(ctx, nil, retries(r.Retries), func() (*cloudwatchlogs.StopQueryOutput, error) {
		return r.Client.StopQuery(ctx, &cloudwatchlogs.StopQueryInput{QueryId: &id}, once)
	})
	if _, ended := errors.AsType[*types.InvalidParameterException](err); ended {
		return reason
	}
	if err == nil && !out.Success {
		err = errors.New("the service did not stop it")
	}
	if err != nil {
		return errors.Join(reason, fmt.Errorf("cwlogs: query %s may still run: %w", id, err))
	}
	return reason
}

// counted is what the service says of one query, but for what matched.
func counted(s *types.QueryStatistics) Statistics {
	return Statistics{
		Scanned: int64(s.RecordsScanned), ScannedBytes: int64(s.BytesScanned),
		SkippedEvents: int64(s.EstimatedRecordsSkipped), SkippedBytes: int64(s.EstimatedBytesSkipped),
	}
}
