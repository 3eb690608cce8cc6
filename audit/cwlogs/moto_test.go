package cwlogs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
)

// moto starts moto_server, of the Python package moto 5, which plays CloudWatch
// Logs on loopback. It returns nil if there is none, which is an error in CI.
func moto(t *testing.T) *cloudwatchlogs.Client {
	t.Helper()
	if _, err := exec.LookPath("moto_server"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("CI=true, and moto_server is missing")
		}
		t.Log("moto_server is missing: nothing is tested against it")
		return nil
	}
	server := exec.CommandContext(t.Context(), "moto_server", "-H", "127.0.0.1", "-p", "0")
	stderr, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	url, said := "", bufio.NewScanner(stderr)
	for url == "" && said.Scan() {
		_, url, _ = strings.Cut(said.Text(), " * Running on ")
	}
	if url == "" {
		t.Fatal("moto_server does not say where it runs")
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for said.Scan() {
		}
	}()
	t.Cleanup(func() { // the context of the test ends before
		<-drained
		_ = server.Wait()
	})
	return cloudwatchlogs.New(cloudwatchlogs.Options{
		Region:       "us-west-2",
		BaseEndpoint: aws.String(url),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
}

// put puts messages into a stream, one each millisecond from start on.
func put(t *testing.T, client *cloudwatchlogs.Client, stream string, start time.Time, messages ...string) {
	t.Helper()
	_, err := client.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(testGroup), LogStreamName: &stream})
	if err != nil {
		t.Fatal(err)
	}
	var events []types.InputLogEvent
	for i, m := range messages {
		at := start.Add(time.Duration(i) * time.Millisecond).UnixMilli()
		events = append(events, types.InputLogEvent{Message: &m, Timestamp: &at})
	}
	_, err = client.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String(testGroup), LogStreamName: &stream, LogEvents: events})
	if err != nil {
		t.Fatal(err)
	}
}

// limited is a client whose pages have a few log events only. It remembers the
// pattern.
type limited struct {
	*cloudwatchlogs.Client
	limit   int32
	pattern string // that was asked for last
}

func (l *limited) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, options ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	l.pattern = aws.ToString(in.FilterPattern)
	limited := *in
	limited.Limit = &l.limit
	return l.Client.FilterLogEvents(ctx, &limited, options...)
}

func TestMoto(t *testing.T) {
	client := moto(t)
	if client == nil {
		return
	}
	from := time.Now().Add(-time.Hour).Truncate(time.Second)
	if _, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(testGroup)}); err != nil {
		t.Fatal(err)
	}
	var many []string
	for i := range 100 {
		many = append(many, auditEvent(fmt.Sprint("event-", i)))
	}
	split := auditEvent("split")
	put(t, client, "kube-apiserver-audit-0", from, many...)
	put(t, client, "kube-apiserver-audit-1", from, "no event", split[:150], split[150:], auditEvent("cut")[:200]+"[Truncated...]", auditEvent("drain"))
	put(t, client, "kube-apiserver-0", from, "I1123 07:24:24.803005      11 main.go:1] hello")

	all, err := client.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(testGroup)})
	if err != nil || all.NextToken != nil {
		t.Fatalf("token %v, error %v", all.NextToken, err)
	}
	want := offline(t, all.Events, audit.Need{})
	if len(want.Events) != 103 || len(want.Reasons) != 1 || want.Stats.Other.Count != 1 {
		t.Fatalf("offline: %d events, errors %q, %d lines of other logs", len(want.Events), want.Reasons, want.Stats.Other.Count)
	}
	for _, size := range []int32{1, 7, 1000} {
		src := &Events{Client: &limited{Client: client, limit: size}, Group: testGroup, Start: from, Windows: 1, Rate: 1e6}
		var got outcome
		for ev, err := range audit.Events(t.Context(), src, audit.Need{}) {
			got.add(ev, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(outcome{}, "Stats")); diff != "" {
			t.Errorf("in pages of %d (-offline +live):\n%s", size, diff)
		}
		if asked := src.Traffic(); asked.Messages != 106 || asked.Requests != (106+int64(size)-1)/int64(size) {
			t.Errorf("in pages of %d: %+v", size, asked)
		}
	}
	t.Run("windows", func(t *testing.T) { testMotoWindows(t, client, from) })
	t.Run("patterns", func(t *testing.T) { testMotoPatterns(t, client, from) })
	t.Run("errors", func(t *testing.T) { testMotoErrors(t, client) })
}

// testMotoWindows bounds the time, and cuts it.
func testMotoWindows(t *testing.T, client EventsAPI, from time.Time) {
	src := &Events{Client: client, Group: testGroup, Start: from.Add(10 * time.Millisecond), End: from.Add(49 * time.Millisecond), Windows: 7, Rate: 1e6}
	ids, errs := read(t.Context(), src, audit.Need{})
	if len(ids) != 40 || errs != nil || src.Traffic().Requests != 7 {
		t.Errorf("%d events of 40 milliseconds, errors %v, %+v", len(ids), errs, src.Traffic())
	}
}

// testMotoPatterns sends patterns. Of them moto understands words; to the others
// it answers with everything, so that the events are the same.
func testMotoPatterns(t *testing.T, client *cloudwatchlogs.Client, from time.Time) {
	for _, test := range []struct {
		pattern, sent string
		messages      int64
	}{
		{"drain", "drain", 1},
		{"", "%event-42%", 106},
		{EvictionPattern, EvictionPattern, 106},
	} {
		l := &limited{Client: client, limit: 1000}
		src := &Events{Client: l, Group: testGroup, Start: from, Windows: 1, Rate: 1e6, Pattern: test.pattern}
		for _, err := range audit.Events(t.Context(), src, audit.Need{Literals: []string{"event-42"}}) {
			if _, onePlace := errors.AsType[*audit.EventError](err); err != nil && !onePlace {
				t.Error(err)
			}
		}
		if asked := src.Traffic(); asked.Messages != 106+test.messages || l.pattern != test.sent {
			t.Errorf("%q: sent %q, %+v", test.pattern, l.pattern, asked)
		}
	}
}

func testMotoErrors(t *testing.T, client EventsAPI) {
	src := &Events{Client: client, Group: "/aws/eks/other/cluster"}
	ids, errs := read(t.Context(), src, audit.Need{})
	if len(errs) != 1 || ids != nil {
		t.Fatalf("events %v, errors %v", ids, errs)
	}
	if _, ok := errors.AsType[*types.ResourceNotFoundException](errs[0]); !ok {
		t.Errorf("error %v", errs[0])
	}
}
