package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/evictlog/evictlog/audit"
)

var throttled = &types.ThrottlingException{}

// refusing is a service that answers the first n requests with err.
func refusing(n int, err error) *service {
	return &service{answer: func(i int, _ *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
		if i < n {
			return nil, err
		}
		return page("", "1"), nil
	}}
}

func TestRetry(t *testing.T) {
	status := func(code int) error {
		return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: code}}, Err: errors.New("no body")}
	}
	for _, test := range []struct {
		err    error
		passes bool
	}{
		{throttled, true},
		{fmt.Errorf("operation error: %w", throttled), true},
		{&types.LimitExceededException{}, true},
		{&types.ServiceUnavailableException{}, true},
		{&smithy.GenericAPIError{Code: "InternalFailure", Fault: smithy.FaultServer}, true},
		{status(500), true},
		{status(507), true},
		{status(400), false},
		{&types.ResourceNotFoundException{}, false},
		{&types.InvalidParameterException{}, false},
		{&types.AccessDeniedException{}, false},
		{errors.New("something else"), false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := refusing(2, test.err)
			ids, errs := read(t.Context(), source(s), audit.Need{})
			if test.passes && (len(ids) != 1 || errs != nil || len(s.requests) != 3) {
				t.Errorf("%v: events %v and errors %v after %d requests", test.err, ids, errs, len(s.requests))
			}
			if !test.passes && (ids != nil || len(errs) != 1 || !errors.Is(errs[0], test.err) || len(s.requests) != 1) {
				t.Errorf("%v: events %v and errors %v after %d requests", test.err, ids, errs, len(s.requests))
			}
		})
	}
}

// TestBackoff looks at the time between the retries, and at the end of them.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := refusing(1<<30, throttled)
		ids, errs := read(t.Context(), source(s), audit.Need{})
		if ids != nil || len(errs) != 1 || !errors.Is(errs[0], throttled) {
			t.Errorf("events %v, errors %v", ids, errs)
		}
		if len(s.times) != defaultRetries+1 {
			t.Fatalf("%d requests", len(s.times))
		}
		longest := firstDelay
		for i, at := range s.times[1:] {
			if gap := at.Sub(s.times[i]); gap < longest/2 || gap > longest {
				t.Errorf("retry %d comes after %v, want between %v and %v", i+1, gap, longest/2, longest)
			}
			longest = min(2*longest, longestDelay)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s := refusing(1<<30, throttled)
		src := source(s)
		src.Retries = -1
		if _, errs := read(t.Context(), src, audit.Need{}); len(errs) != 1 || len(s.times) != 1 {
			t.Errorf("without retries: %d requests, errors %v", len(s.times), errs)
		}
	})
	for n := range 100 {
		if d := delay(n); d <= 0 || d > longestDelay {
			t.Errorf("the delay before retry %d is %v", n, d)
		}
	}
}

// TestCancel ends the reading at each of the places where it may wait.
func TestCancel(t *testing.T) {
	why := errors.New("enough")
	for _, test := range []struct {
		name   string
		answer func(ctx context.Context, n int) (*cloudwatchlogs.FilterLogEventsOutput, error)
		events int
	}{
		{"between retries", func(context.Context, int) (*cloudwatchlogs.FilterLogEventsOutput, error) {
			return nil, throttled
		}, 0},
		{"between pages", func(_ context.Context, n int) (*cloudwatchlogs.FilterLogEventsOutput, error) {
			return page(fmt.Sprint("t", n)), nil
		}, 0},
		{"in a request", func(ctx context.Context, n int) (*cloudwatchlogs.FilterLogEventsOutput, error) {
			if n == 0 {
				return page("t", "1"), nil
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(10100*time.Millisecond, func() { cancel(why) })
			s := &service{}
			s.answer = func(n int, _ *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
				return test.answer(ctx, n)
			}
			src, began := source(s), time.Now()
			var events []audit.Event
			var errs []error
			for p := range src.Parts(ctx) {
				for ev, err := range src.Read(ctx, p, audit.Need{}) {
					if err != nil {
						errs = append(errs, err)
					} else {
						events = append(events, ev)
					}
				}
			}
			if took := time.Since(began); took != 10100*time.Millisecond {
				t.Errorf("%s: it took %v", test.name, took)
			}
			if len(events) != test.events || len(errs) != 1 || errs[0] != why {
				t.Errorf("%s: %d events, errors %v", test.name, len(events), errs)
			}
		})
	}
}

// TestErrorBehindEvents holds an error of a later page to come behind the events
// of the pages before, all of them.
func TestErrorBehindEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := &types.ResourceNotFoundException{}
		s := &service{answer: func(n int, _ *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
			if n == 0 {
				return page("more", "1", "2"), nil
			}
			return nil, gone
		}}
		ids, errs := read(t.Context(), source(s), audit.Need{})
		if len(ids) != 2 || len(errs) != 1 || !errors.Is(errs[0], gone) {
			t.Errorf("events %v, errors %v", ids, errs)
		}
	})
}
