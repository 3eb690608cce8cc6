package fakelogs

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

var start = time.UnixMilli(1_795_417_200_000)

func events(n int) []Event {
	var out []Event
	for i := range n {
		out = append(out, Event{
			Group: "g", Stream: []string{"a-1", "b-1"}[i%2], Time: start.Add(time.Duration(i) * time.Second),
			Ingested: start, ID: fmt.Sprint("id-", i), Message: fmt.Sprintf(`{"n":%d}`, i),
		})
	}
	return out
}

// filtered are the ids of all events that FilterLogEvents gives, page by page.
func filtered(t *testing.T, c *cloudwatchlogs.Client, in cloudwatchlogs.FilterLogEventsInput) (pages [][]string) {
	t.Helper()
	for {
		out, err := c.FilterLogEvents(t.Context(), &in)
		if err != nil {
			t.Fatal(err)
		}
		page := []string{}
		for _, e := range out.Events {
			page = append(page, *e.EventId)
		}
		pages = append(pages, page)
		if out.NextToken == nil {
			return pages
		}
		in.NextToken = out.NextToken
	}
}

func TestFilterLogEvents(t *testing.T) {
	s := &Server{Events: events(5), EventPage: 2, EmptyPages: 1, Repeated: 1}
	s.Matches = func(pattern, message string) bool { return strings.Contains(message, pattern) }
	ms := func(i int) *int64 { return aws.Int64(start.UnixMilli() + int64(i)*1000) }
	for _, test := range []struct {
		name string
		in   cloudwatchlogs.FilterLogEventsInput
		want [][]string
	}{
		{"all", cloudwatchlogs.FilterLogEventsInput{}, [][]string{{}, {"id-0", "id-1"}, {}, {"id-1", "id-2", "id-3"}, {}, {"id-3", "id-4"}}},
		{"window", cloudwatchlogs.FilterLogEventsInput{StartTime: ms(1), EndTime: ms(2)}, [][]string{{}, {"id-1", "id-2"}}},
		{"prefix", cloudwatchlogs.FilterLogEventsInput{LogStreamNamePrefix: aws.String("b")}, [][]string{{}, {"id-1", "id-3"}}},
		{"stream", cloudwatchlogs.FilterLogEventsInput{LogStreamNames: []string{"b-1"}, Limit: aws.Int32(1)}, [][]string{{}, {"id-1"}, {}, {"id-1", "id-3"}}},
		{"pattern", cloudwatchlogs.FilterLogEventsInput{FilterPattern: aws.String(":3}")}, [][]string{{}, {"id-3"}}},
		{"newest first", cloudwatchlogs.FilterLogEventsInput{StartTime: ms(3), StartFromHead: aws.Bool(false)}, [][]string{{}, {"id-4", "id-3"}}},
		{"none", cloudwatchlogs.FilterLogEventsInput{StartTime: ms(30)}, [][]string{{}}},
	} {
		test.in.LogGroupName = aws.String("g")
		if d := cmp.Diff(test.want, filtered(t, s.Client(), test.in)); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, d)
		}
	}
}

func TestLiveTail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Tail: []Frame{
			SessionStart("g"), Update(false, events(2)...), Pause(time.Hour), Update(true),
			Exception("SessionTimeoutException", "three hours"),
		}}
		out, err := s.Client().StartLiveTail(t.Context(), &cloudwatchlogs.StartLiveTailInput{LogGroupIdentifiers: []string{"g"}})
		if err != nil {
			t.Fatal(err)
		}
		stream := out.GetStream()
		defer stream.Close()
		var got []string
		for e := range stream.Events() {
			switch e := e.(type) {
			case *types.StartLiveTailResponseStreamMemberSessionStart:
				got = append(got, fmt.Sprint("start ", e.Value.LogGroupIdentifiers))
			case *types.StartLiveTailResponseStreamMemberSessionUpdate:
				for _, r := range e.Value.SessionResults {
					got = append(got, fmt.Sprint(*r.LogStreamName, " ", *r.Timestamp, " ", *r.Message))
				}
				got = append(got, fmt.Sprint("sampled ", e.Value.SessionMetadata.Sampled))
			}
		}
		want := []string{"start [g]", `a-1 1795417200000 {"n":0}`, `b-1 1795417201000 {"n":1}`, "sampled false", "sampled true"}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		if _, ok := errors.AsType[*types.SessionTimeoutException](stream.Err()); !ok {
			t.Errorf("error %v", stream.Err())
		}
	})
}

// A handler that holds the stream ends with the client.
func TestLiveTailHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Tail: []Frame{SessionStart("g"), Hold()}}
		for _, way := range []string{"close", "cancel"} {
			ctx, cancel := context.WithCancel(t.Context())
			out, err := s.Client().StartLiveTail(ctx, &cloudwatchlogs.StartLiveTailInput{LogGroupIdentifiers: []string{"g"}})
			if err != nil {
				t.Fatal(err)
			}
			<-out.GetStream().Events()
			if way == "cancel" {
				cancel()
				synctest.Wait()
			}
			out.GetStream().Close()
			cancel()
			synctest.Wait()
		}
	})
}

// The server speaks the protocol over a network too.
func TestOverHTTP(t *testing.T) {
	s := &Server{Events: events(3), Tail: []Frame{SessionStart("g")}}
	server := httptest.NewServer(s)
	defer server.Close()
	c := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: aws.AnonymousCredentials{}, Retryer: aws.NopRetryer{},
	})
	if got := filtered(t, c, cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("g")}); len(got) != 1 || len(got[0]) != 3 {
		t.Errorf("got %v", got)
	}
	_, err := c.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("x")})
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok {
		t.Errorf("error %v", err)
	}
	_, err = c.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
	if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != "UnknownOperationException" {
		t.Errorf("error %v", err)
	}
	if n := len(s.Requests("")); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestScript(t *testing.T) {
	s := &Server{Events: events(1)}
	s.Script("FilterLogEvents", Fail("ThrottlingException", "slow down"), nil, Answer(map[string]any{"nextToken": "t"}))
	var got []string
	for range 4 {
		out, err := s.Client().FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("g")})
		if err != nil {
			e, _ := errors.AsType[smithy.APIError](err)
			got = append(got, e.ErrorCode())
			continue
		}
		got = append(got, fmt.Sprint(len(out.Events), " ", aws.ToString(out.NextToken)))
	}
	if d := cmp.Diff([]string{"ThrottlingException", "1 ", "0 t", "1 "}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// An error of package query is one of the service, with its place.
func TestMalformedPlace(t *testing.T) {
	s := &Server{Events: events(1)}
	_, err := s.Client().StartQuery(t.Context(), &cloudwatchlogs.StartQueryInput{
		LogGroupName: aws.String("g"), QueryString: aws.String("fields '🚀' as x | sort bin(5m)"),
		StartTime: aws.Int64(0), EndTime: aws.Int64(1),
	})
	e, ok := errors.AsType[*types.MalformedQueryException](err)
	if !ok || *e.QueryCompileError.Location.StartCharOffset != 24 || *e.QueryCompileError.Location.EndCharOffset != 28 {
		t.Errorf("error %v", err)
	}
}
