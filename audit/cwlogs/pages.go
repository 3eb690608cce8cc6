package cwlogs

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// pages returns what gives the log events of a request page by page, and io.EOF
// behind the last. A page may be empty: only one without a token is the last.
func (e *Events) pages(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput) func() ([]logEvent, error) {
	tokens := make(map[[sha256.Size]byte]struct{})
	var known recent
	ended := false
	return func() ([]logEvent, error) {
		if ended {
			return nil, io.EOF
		}
		out, err := again(ctx, e.pace(), retries(e.Retries), func() (*cloudwatchlogs.FilterLogEventsOutput, error) {
			e.count(Traffic{Requests: 1})
			return e.Client.FilterLogEvents(ctx, in, once)
		})
		if err != nil {
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			return nil, e.failed(err)
		}
		token := aws.ToString(out.NextToken)
		if ended = token == ""; !ended {
			// Tokens are long, and there is one for each of perhaps a million pages.
			hash := sha256.Sum256([]byte(token))
			if _, before := tokens[hash]; before {
				return nil, e.failed(ErrTokenRepeated)
			}
			tokens[hash] = struct{}{}
			next := *in
			next.NextToken = &token
			in = &next
		}
		return e.news(out.Events, &known), nil
	}
}

// failed says what an error is of.
func (e *Events) failed(err error) error {
	return fmt.Errorf("cwlogs: FilterLogEvents of %s: %w", e.Group, err)
}

// pace returns what all parts wait at for their turn.
func (e *Events) pace() *pacer {
	e.pacing.Do(func() {
		rate := e.Rate
		if rate <= 0 {
			rate = defaultRate
		}
		e.pacer = &pacer{every: time.Duration(float64(time.Second) / rate)}
	})
	return e.pacer
}

// news returns the log events of a page that did not come before.
func (e *Events) news(page []types.FilteredLogEvent, known *recent) []logEvent {
	events := make([]logEvent, 0, len(page))
	for _, ev := range page {
		if id := aws.ToString(ev.EventId); id != "" && known.has(id) {
			continue
		}
		events = append(events, logEvent{ev.LogStreamName, ev.Timestamp, ev.Message, ev.IngestionTime, ev.EventId})
	}
	e.count(Traffic{Messages: int64(len(page)), Repeated: int64(len(page) - len(events))})
	return events
}

func (e *Events) count(t Traffic) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.traffic.Requests += t.Requests
	e.traffic.Messages += t.Messages
	e.traffic.Repeated += t.Repeated
	e.some = e.traffic.Messages > 0
}

// recent knows the last ids again: those of two full pages at least.
type recent struct{ young, old map[string]struct{} }

// maxRecent is twice the most log events of a page. Source: AWS, FilterLogEvents.
const maxRecent = 20_000

// has reports whether it knows the id, and remembers it.
func (r *recent) has(id string) bool {
	if _, ok := r.young[id]; ok {
		return true
	}
	_, ok := r.old[id]
	if r.young == nil || len(r.young) == maxRecent {
		r.young, r.old = make(map[string]struct{}), r.young
	}
	r.young[id] = struct{}{}
	return ok
}
