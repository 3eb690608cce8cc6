package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/evictlog/evictlog/audit"
)

// AllStreams, as the prefix of the names of log streams, stands for all log
// streams of a log group. No name has an asterisk.
const AllStreams = "*"

const (
	defaultPrefix  = "kube-apiserver-audit"
	defaultWindows = 8
	defaultRate    = 5
)

// Events is an [audit.Source] of the audit events in a log group, which it reads
// by FilterLogEvents. Client and Group have to be set; all fields are to be left
// alone from the first call of a method on.
//
// What the messages of the log group are, it finds out as package audit does
// with the saved output of aws logs filter-log-events: events have the same Raw,
// Stream, Logged, Ingested, ID and Cut, and what cannot be read are the same
// errors. Their [audit.Pos] is "group:stream:id" of the log event, as File.
//
// Within a part events come in the order of the service: by timestamp, then by
// when they were ingested. Log events that the service gives again, at the
// border of two pages say, are known by their id among the last 20,000, and left
// out.
type Events struct {
	// Client makes the requests. Its own retries are turned off for them: see
	// Retries.
	Client EventsAPI

	// Group is the name of the log group, or its ARN where it is one of another
	// account, without an asterisk at its end. It is reported as the Group of the
	// events.
	Group string

	// StreamPrefix is how the names of the log streams begin that are read.
	// Empty means "kube-apiserver-audit", as EKS calls the audit log; see also
	// [AllStreams].
	StreamPrefix string

	// Start and End bound the timestamps of the log events, both inclusive, to
	// the millisecond. A zero Start means the beginning of the log group, a zero
	// End the time at which the parts are listed. The log service may still be
	// taking in events of the last minutes.
	Start, End time.Time

	// Pattern is the filter pattern to send. The service then gives no message
	// that does not match it, so that whoever sets it answers for what is lost.
	// If it is empty a pattern is derived from [audit.Need], where one can be
	// that loses nothing: see the package documentation. Unfiltered asks for
	// none at all.
	Pattern    string
	Unfiltered bool

	// Windows is how many parts the time from Start to End is cut into, which
	// are as many as can be read side by side; 0 means 8. Without a Start there
	// is one.
	Windows int

	// Rate is how many requests are made in a second, by all parts together; 0
	// means 5, which is the quota of FilterLogEvents for an account in the
	// smaller regions; others have 10. Source: AWS, "CloudWatch Logs quotas".
	Rate float64

	// Retries is how many times in a row a request is made again that fails for
	// a reason that may pass: ThrottlingException, LimitExceededException and
	// other refusals because of rates, statuses from 500 on, connections that
	// break. 0 means 10, a negative number none. The first waits for up to half a
	// second, each of the others for up to twice as long as the one before, to
	// 20 seconds.
	Retries int

	pacing sync.Once
	pacer  *pacer

	mu      sync.Mutex
	stats   audit.Stats
	traffic Traffic
	some    bool // there are log events
}

// Traffic counts what an [Events] asked of the service.
type Traffic struct {
	Requests int64 // the retries among them
	Messages int64 // log events that came
	Repeated int64 // of those, the ones that were left out because they came before
}

// check returns what is wrong with the fields.
func (e *Events) check() error {
	switch {
	case e.Client == nil:
		return errors.New("cwlogs: Events has no Client")
	case e.Group == "":
		return errors.New("cwlogs: Events has no Group")
	case !e.End.IsZero() && e.End.Before(e.Start):
		return fmt.Errorf("cwlogs: Events ends at %v, before it starts at %v", e.End, e.Start)
	}
	return nil
}

// Parts lists windows of time, the earliest first. They name the log group and
// their ends, in UTC: "group@2026-03-03T00:00:00.000Z/2026-03-03T02:59:59.999Z".
// It makes no request.
func (e *Events) Parts(context.Context) iter.Seq2[audit.Part, error] {
	return func(yield func(audit.Part, error) bool) {
		if err := e.check(); err != nil {
			yield(audit.Part{}, err)
			return
		}
		w, n := window{to: time.Now().UnixMilli()}, 1
		if !e.End.IsZero() {
			w.to = e.End.UnixMilli()
		}
		if !e.Start.IsZero() {
			w.from, n = max(ceil(e.Start), 0), e.Windows
			if n <= 0 {
				n = defaultWindows
			}
		}
		if w.to < w.from {
			return // between two milliseconds, or not begun yet
		}
		for _, cut := range w.cut(n) {
			if !yield(cut.part(e.Group), nil) {
				return
			}
		}
	}
}

// Read gives the events of one window. An error of the service is the last item,
// behind the events that came before it. The first events are given when a quarter
// of a MiB of log events has come, or the window has ended: shorter windows give
// them sooner. When ctx is done, what has come and was not given is dropped.
//
// If a filter pattern is to be sent, a request before asks for ten log events of
// any kind, unless some have been met: a log group, or a prefix, under which there
// is no audit event must not pass for one in which nothing matched. What it gives
// counts in Stats, as skipped if it is an event. A window without any log event is
// not asked for again.
func (e *Events) Read(ctx context.Context, p audit.Part, need audit.Need) iter.Seq2[audit.Event, error] {
	return func(yield func(audit.Event, error) bool) {
		err := e.check()
		w, partErr := windowOf(e.Group, p)
		if err = errors.Join(err, partErr); err != nil {
			yield(audit.Event{}, err)
			return
		}
		pattern := e.pattern(need)
		if pattern != "" && !e.met() {
			some, err := e.probe(ctx, w)
			if err != nil {
				yield(audit.Event{}, err)
			}
			if !some || err != nil {
				return
			}
		}
		e.read(ctx, e.request(w, pattern), need, yield)
	}
}

// pattern returns the filter pattern to send, or nothing for none. A caller who
// wants to hear of all damage gets all messages.
func (e *Events) pattern(need audit.Need) string {
	switch {
	case e.Unfiltered:
		return ""
	case e.Pattern != "" || need.Strict:
		return e.Pattern
	}
	return patternOf(need.Literals)
}

// probe looks for a few log events in a window, and reports whether there are
// any.
func (e *Events) probe(ctx context.Context, w window) (some bool, err error) {
	in := e.request(w, "")
	in.Limit = aws.Int32(10)
	pages := e.pages(ctx, in)
	first := func() ([]logEvent, error) {
		if some {
			return nil, io.EOF
		}
		events, err := pages()
		some = len(events) > 0
		return events, err
	}
	none := audit.Need{Wanted: func(*audit.Event) bool { return false }}
	d := &document{group: e.Group, next: first}
	stats, _ := d.events(ctx, none, func(_ audit.Event, e error) bool {
		if _, onePlace := errors.AsType[*audit.EventError](e); !onePlace {
			err = e
		}
		return true
	})
	e.add(stats)
	return some, err
}

// read gives the events of a request and the pages behind it.
func (e *Events) read(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, need audit.Need, yield func(audit.Event, error) bool) {
	d := &document{group: e.Group, next: e.pages(ctx, in)}
	stats, _ := d.events(ctx, need, yield)
	e.add(stats)
}

// request returns the request for the first page of a window.
func (e *Events) request(w window, pattern string) *cloudwatchlogs.FilterLogEventsInput {
	in := &cloudwatchlogs.FilterLogEventsInput{EndTime: &w.to}
	if strings.HasPrefix(e.Group, "arn:") {
		in.LogGroupIdentifier = &e.Group
	} else {
		in.LogGroupName = &e.Group
	}
	if w.from > 0 {
		in.StartTime = &w.from
	}
	switch e.StreamPrefix {
	case AllStreams:
	case "":
		in.LogStreamNamePrefix = aws.String(defaultPrefix)
	default:
		in.LogStreamNamePrefix = &e.StreamPrefix
	}
	if pattern != "" {
		in.FilterPattern = &pattern
	}
	return in
}

// Stats counts what was read so far, over all walks. A walk counts when it ends.
// Bytes and Lines are those of the log events as aws logs filter-log-events
// prints them, each on one line. What the service leaves out because of a filter
// pattern, nobody counts.
func (e *Events) Stats() audit.Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stats
}

// Traffic counts the requests that were made so far, over all walks, and what
// they gave.
func (e *Events) Traffic() Traffic {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.traffic
}

func (e *Events) add(stats audit.Stats) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats.Add(stats)
}

// met reports whether the service has given log events.
func (e *Events) met() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.some
}
