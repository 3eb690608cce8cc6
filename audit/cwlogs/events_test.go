package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

const testGroup = "/aws/eks/prod/cluster"

// A service plays FilterLogEvents: what it answers is up to answer, which is
// called for one request at a time.
type service struct {
	mu       sync.Mutex
	answer   func(n int, in *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error)
	requests []cloudwatchlogs.FilterLogEventsInput
	times    []time.Time
}

func (s *service) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, options ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	var o cloudwatchlogs.Options
	for _, set := range options {
		set(&o)
	}
	if o.Retryer == nil || o.Retryer.MaxAttempts() != 1 {
		return nil, errors.New("the client was let make retries of its own")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, *in)
	s.times = append(s.times, time.Now())
	return s.answer(len(s.requests)-1, in)
}

// scripted is a service that answers with one page after the other.
func scripted(pages ...*cloudwatchlogs.FilterLogEventsOutput) *service {
	return &service{answer: func(n int, _ *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
		if n >= len(pages) {
			return nil, fmt.Errorf("request %d for %d pages", n, len(pages))
		}
		return pages[n], nil
	}}
}

// page is a page with log events of these ids; an empty token is that of the
// last page.
func page(token string, ids ...string) *cloudwatchlogs.FilterLogEventsOutput {
	out := &cloudwatchlogs.FilterLogEventsOutput{}
	if token != "" {
		out.NextToken = &token
	}
	for _, id := range ids {
		out.Events = append(out.Events, logged(id, auditEvent(id)))
	}
	return out
}

// logged is a log event.
func logged(id, message string) types.FilteredLogEvent {
	return types.FilteredLogEvent{
		EventId:       &id,
		LogStreamName: aws.String("kube-apiserver-audit-0"),
		Timestamp:     aws.Int64(start.UnixMilli()),
		IngestionTime: aws.Int64(start.UnixMilli() + 1500),
		Message:       &message,
	}
}

// auditEvent is an audit event with this audit ID.
func auditEvent(id string) string {
	return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"` + id + `","stage":"ResponseComplete","verb":"create","objectRef":{"resource":"pods","namespace":"web","name":"web-0","subresource":"eviction"}}`
}

var start = time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)

func source(client EventsAPI) *Events {
	return &Events{Client: client, Group: testGroup, Start: start, End: start.Add(time.Hour), Windows: 1}
}

// read walks a source and returns the ids of the events, and the errors.
func read(ctx context.Context, src audit.Source, need audit.Need) (ids []string, errs []error) {
	for ev, err := range audit.Events(ctx, src, need) {
		if err != nil {
			errs = append(errs, err)
		} else {
			ids = append(ids, ev.ID)
		}
	}
	return ids, errs
}

func TestPaging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scripted(page("a", "1", "2"), page("b"), page("c", "2", "3"), page("d"), page("", "3", "4"))
		src := source(s)
		ids, errs := read(t.Context(), src, audit.Need{})
		if diff := cmp.Diff([]string{"1", "2", "3", "4"}, ids); diff != "" || errs != nil {
			t.Errorf("errors %v, events (-want +got):\n%s", errs, diff)
		}
		if diff := cmp.Diff(Traffic{Requests: 5, Messages: 6, Repeated: 2}, src.Traffic()); diff != "" {
			t.Errorf("traffic (-want +got):\n%s", diff)
		}
		var tokens []string
		for _, in := range s.requests {
			tokens = append(tokens, aws.ToString(in.NextToken))
		}
		if diff := cmp.Diff([]string{"", "a", "b", "c", "d"}, tokens); diff != "" {
			t.Errorf("tokens (-want +got):\n%s", diff)
		}
		stats := src.Stats()
		if stats.Events.Count != 4 || stats.Damaged.Count != 0 {
			t.Errorf("stats %+v", stats)
		}
	})
}

func TestRepeatedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids, errs := read(t.Context(), source(scripted(page("a", "1"), page("b"), page("a", "2"))), audit.Need{})
		if len(ids) != 1 || len(errs) != 1 || !errors.Is(errs[0], ErrTokenRepeated) {
			t.Errorf("events %v, errors %v", ids, errs)
		}
	})
}

func TestRequest(t *testing.T) {
	for _, test := range []struct {
		name string
		src  *Events
		want cloudwatchlogs.FilterLogEventsInput
	}{
		{"a name", &Events{Group: testGroup}, cloudwatchlogs.FilterLogEventsInput{
			LogGroupName: aws.String(testGroup), LogStreamNamePrefix: aws.String("kube-apiserver-audit"),
		}},
		{"an ARN", &Events{Group: "arn:aws:logs:us-west-2:123456789012:log-group:g", StreamPrefix: "node"}, cloudwatchlogs.FilterLogEventsInput{
			LogGroupIdentifier: aws.String("arn:aws:logs:us-west-2:123456789012:log-group:g"), LogStreamNamePrefix: aws.String("node"),
		}},
		{"all streams", &Events{Group: testGroup, StreamPrefix: AllStreams, Start: start}, cloudwatchlogs.FilterLogEventsInput{
			LogGroupName: aws.String(testGroup), StartTime: aws.Int64(start.UnixMilli()),
		}},
	} {
		s := scripted(page(""))
		test.src.Client, test.src.End = s, start.Add(time.Hour)
		test.src.Windows = 1
		test.want.EndTime = aws.Int64(start.Add(time.Hour).UnixMilli())
		if ids, errs := read(t.Context(), test.src, audit.Need{}); ids != nil || errs != nil {
			t.Errorf("%s: events %v, errors %v", test.name, ids, errs)
		}
		if diff := cmp.Diff([]cloudwatchlogs.FilterLogEventsInput{test.want}, s.requests, ignoreUnexported); diff != "" {
			t.Errorf("%s: requests (-want +got):\n%s", test.name, diff)
		}
	}
}

// ignoreUnexported leaves out what the SDK keeps for itself.
var ignoreUnexported = cmp.FilterPath(func(p cmp.Path) bool {
	field, ok := p.Last().(cmp.StructField)
	return ok && field.Name() == "noSmithyDocumentSerde"
}, cmp.Ignore())

func TestParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, test := range []struct {
			name       string
			start, end time.Time
			windows    int
			want       []string
		}{
			{"three", start, start.Add(10 * time.Millisecond), 3, []string{
				"00:00:00.000Z/2026-03-03T00:00:00.003Z", "00:00:00.004Z/2026-03-03T00:00:00.007Z", "00:00:00.008Z/2026-03-03T00:00:00.010Z",
			}},
			{"no more than milliseconds", start, start.Add(time.Millisecond), 8, []string{
				"00:00:00.000Z/2026-03-03T00:00:00.000Z", "00:00:00.001Z/2026-03-03T00:00:00.001Z",
			}},
			{"both ends within a millisecond", start.Add(1), start.Add(1001 * time.Microsecond), 8, []string{
				"00:00:00.001Z/2026-03-03T00:00:00.001Z",
			}},
			{"nothing between milliseconds", start.Add(1), start.Add(2), 8, nil},
		} {
			var got []string
			src := &Events{Client: scripted(), Group: testGroup, Start: test.start, End: test.end, Windows: test.windows}
			for p, err := range src.Parts(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, strings.TrimPrefix(p.File, testGroup+"@2026-03-03T"))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		}
		for p := range (&Events{Client: scripted(), Group: testGroup}).Parts(t.Context()) {
			if want := testGroup + "@1970-01-01T00:00:00.000Z/2000-01-01T00:00:00.000Z"; p.File != want {
				t.Errorf("without Start and End the part is %v, want %s", p, want)
			}
		}
	})
}

// TestWindows holds parts to cover their span, without gap or overlap.
func TestWindows(t *testing.T) {
	for n := 1; n < 40; n++ {
		for length := range int64(50) {
			next := int64(7)
			for _, w := range (window{7, 7 + length}).cut(n) {
				if w.from != next || w.to < w.from {
					t.Fatalf("%d milliseconds in %d: %v begins at %d", length+1, n, w, next)
				}
				again, err := windowOf(testGroup, w.part(testGroup))
				if err != nil || again != w {
					t.Fatalf("%v came back as %v: %v", w, again, err)
				}
				next = w.to + 1
			}
			if next != 8+length {
				t.Fatalf("%d milliseconds in %d end at %d", length+1, n, next)
			}
		}
	}
}

func TestWrongUse(t *testing.T) {
	ok := source(scripted())
	for name, src := range map[string]*Events{
		"no client":        {Group: testGroup},
		"no group":         {Client: scripted()},
		"ends before":      {Client: scripted(), Group: testGroup, Start: start, End: start.Add(-1)},
		"part of another":  ok,
		"part that is cut": ok,
	} {
		part := audit.Part{File: "other@2026-03-03T00:00:00.000Z/2026-03-03T00:00:00.000Z"}
		if name == "part that is cut" {
			part = audit.Part{File: testGroup + "@2026-03-03T00:00:00.000Z"}
		}
		n := 0
		for _, err := range src.Read(t.Context(), part, audit.Need{}) {
			if n++; err == nil {
				t.Errorf("%s: an event", name)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d items, want one error", name, n)
		}
	}
	for _, err := range (&Events{}).Parts(t.Context()) {
		if err == nil {
			t.Error("an empty Events has a part")
		}
	}
}

// TestSideBySide reads parts with more workers than the rate lets be busy.
func TestSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{answer: func(_ int, in *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
			from := fmt.Sprint(*in.StartTime)
			if in.NextToken == nil {
				return page("more", from+"-1"), nil
			}
			return page("", from+"-2"), nil
		}}
		src := source(s)
		src.Windows, src.Rate = 10, 4
		var one, four []string
		for _, into := range []struct {
			workers int
			ids     *[]string
		}{{1, &one}, {4, &four}} {
			readPart := func(ctx context.Context, _, _ int, p audit.Part, give func(string, error) bool) {
				for ev, err := range src.Read(ctx, p, audit.Need{}) {
					if !give(ev.ID, err) {
						return
					}
				}
			}
			for id, err := range audit.InOrder(t.Context(), src, into.workers, readPart) {
				if err != nil {
					t.Fatal(err)
				}
				*into.ids = append(*into.ids, id)
			}
		}
		if diff := cmp.Diff(one, four); diff != "" || len(one) != 20 {
			t.Errorf("one worker and four differ (-one +four):\n%s", diff)
		}
		for i, at := range s.times[1:] {
			if gap := at.Sub(s.times[i]); gap < 250*time.Millisecond {
				t.Errorf("request %d comes %v after the one before, and there may be 4 a second", i+1, gap)
			}
		}
		if took := s.times[39].Sub(s.times[0]); took != 39*250*time.Millisecond {
			t.Errorf("40 requests took %v", took)
		}
	})
}
