package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/evictlog/evictlog/audit"
)

const defaultSilence = time.Minute

// A Tail follows a log group by StartLiveTail: it gives the audit events that
// are logged from now on. Client and Group have to be set.
//
//	src := audit.Sequence(tail.Events(ctx))
//
// is a source without an end. Which events it has is up to the service, which
// keeps no promise to give all of them: it leaves out some where there are more
// than 500 in a second, which is reported, and the oldest if the caller is slower
// than the log by more than 5,000 events, which nobody is told. [Events] reads
// all of them, later.
type Tail struct {
	// Client makes the request. Its own retries are turned off for it: see
	// Retries. An HTTP client with a timeout ends the session when it is over.
	Client TailAPI

	// Group is the ARN of the log group, which must not end with an asterisk.
	// It is reported as the Group of the events.
	Group string

	// StreamPrefix is as for [Events].
	StreamPrefix string

	// Pattern is the filter pattern to send, if any: see the package
	// documentation for what it costs. It is also how to keep below 500 events
	// in a second.
	Pattern string

	// Retries is as for [Events], for the request that starts the session.
	Retries int

	// Silence is how long nothing may come in a session, in which the service
	// sends an update each second, before the connection is taken for broken; 0
	// means a minute.
	Silence time.Duration
}

// Events starts a session each time it is walked, and gives the events that are
// logged until the loop ends, or ctx does. They have no ID, because a live tail
// has none; their [audit.Pos] is "group:stream". An event whose pieces come in
// two updates is an error.
//
// An [*audit.EventError] concerns one place, and the loop may go on: one that
// wraps [ErrSampled] comes before the events of each second of which the service
// left out some. Any other error is the last item: the cause of ctx, an error
// that wraps [ErrSessionEnded], which comes after three hours at the latest, one
// that wraps [ErrSilent], or one of the request. To go on is to walk the
// sequence again; what was logged in between is lost to it.
func (t *Tail) Events(ctx context.Context) iter.Seq2[audit.Event, error] {
	return func(yield func(audit.Event, error) bool) {
		if t.Client == nil || t.Group == "" {
			yield(audit.Event{}, errors.New("cwlogs: Tail has no Client or no Group"))
			return
		}
		out, err := again(ctx, nil, retries(t.Retries), func() (*cloudwatchlogs.StartLiveTailOutput, error) {
			return t.Client.StartLiveTail(ctx, t.request(), once)
		})
		if err != nil {
			if ctx.Err() == nil {
				err = fmt.Errorf("cwlogs: StartLiveTail of %s: %w", t.Group, err)
			}
			yield(audit.Event{}, err)
			return
		}
		stream := out.GetStream()
		defer stream.Close()
		if err := t.follow(ctx, stream, yield); err != nil {
			yield(audit.Event{}, err)
		}
	}
}

func (t *Tail) request() *cloudwatchlogs.StartLiveTailInput {
	in := &cloudwatchlogs.StartLiveTailInput{LogGroupIdentifiers: []string{t.Group}}
	switch t.StreamPrefix {
	case AllStreams:
	case "":
		in.LogStreamNamePrefixes = []string{defaultPrefix}
	default:
		in.LogStreamNamePrefixes = []string{t.StreamPrefix}
	}
	if t.Pattern != "" {
		in.LogEventFilterPattern = &t.Pattern
	}
	return in
}

// A session is what is used of a [cloudwatchlogs.StartLiveTailEventStream].
type session interface {
	Events() <-chan types.StartLiveTailResponseStream
	Err() error
}

// follow gives the events of a session. The error is the last item to give, or
// nil if the caller wants no more.
func (t *Tail) follow(ctx context.Context, s session, yield func(audit.Event, error) bool) error {
	limit := t.Silence
	if limit <= 0 {
		limit = defaultSilence
	}
	silence := time.NewTimer(limit)
	defer silence.Stop()
	for {
		silence.Reset(limit)
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-silence.C:
			return fmt.Errorf("cwlogs: %s: %w: nothing came for %v", t.Group, ErrSilent, limit)
		case sent, ok := <-s.Events():
			if !ok {
				return t.ended(ctx, s.Err())
			}
			if !t.give(ctx, sent, yield) {
				return nil
			}
		}
	}
}

// ended says why a session has ended.
func (t *Tail) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil {
		err = errors.New("the connection was closed")
	}
	return fmt.Errorf("cwlogs: %s: %w: %w", t.Group, ErrSessionEnded, err)
}

// give gives what was sent. It reports whether the caller wants more.
func (t *Tail) give(ctx context.Context, sent types.StartLiveTailResponseStream, yield func(audit.Event, error) bool) bool {
	switch sent := sent.(type) {
	case *types.StartLiveTailResponseStreamMemberSessionStart:
		return true
	case *types.StartLiveTailResponseStreamMemberSessionUpdate:
		if m := sent.Value.SessionMetadata; m != nil && m.Sampled && !yield(audit.Event{}, t.trouble(ErrSampled)) {
			return false
		}
		d := &document{group: t.Group, next: oneUpdate(sent.Value.SessionResults)}
		_, more := d.events(ctx, audit.Need{}, yield)
		return more
	}
	return yield(audit.Event{}, t.trouble(fmt.Errorf("%w: the session sent a %T", errors.ErrUnsupported, sent)))
}

// trouble is an error after which the session goes on.
func (t *Tail) trouble(err error) error {
	return &audit.EventError{Pos: audit.Pos{File: t.Group}, Err: err}
}

// oneUpdate returns what gives the log events of an update once.
func oneUpdate(results []types.LiveTailSessionLogEvent) func() ([]logEvent, error) {
	events := make([]logEvent, len(results))
	for i, ev := range results {
		events[i] = logEvent{Stream: ev.LogStreamName, Timestamp: ev.Timestamp, Message: ev.Message, Ingested: ev.IngestionTime}
	}
	return func() ([]logEvent, error) {
		if events == nil {
			return nil, io.EOF
		}
		page := events
		events = nil
		return page, nil
	}
}
