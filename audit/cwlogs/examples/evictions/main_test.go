package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/cwlogs"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// A group is a log group: the messages of one log stream, in the order of their
// times. It sends a few in a page, and of patterns it knows one.
type group struct {
	messages []string
	err      error
}

// logEvents are the log events of the group.
func (g group) logEvents() []types.FilteredLogEvent {
	var events []types.FilteredLogEvent
	for i, m := range g.messages {
		at := audit.Event{Raw: []byte(m)}.Time()
		if at.IsZero() {
			at = time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
		}
		events = append(events, types.FilteredLogEvent{
			EventId:       aws.String(fmt.Sprintf("%056d", i)),
			LogStreamName: aws.String("kube-apiserver-audit-0123456789abcdef"),
			Timestamp:     aws.Int64(at.UnixMilli()),
			Message:       &m,
		})
	}
	slices.SortStableFunc(events, func(a, b types.FilteredLogEvent) int { return cmp.Compare(*a.Timestamp, *b.Timestamp) })
	return events
}

func (g group) FilterLogEvents(_ context.Context, in *cloudwatchlogs.FilterLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	if g.err != nil {
		return nil, g.err
	}
	var events []types.FilteredLogEvent
	for _, ev := range g.logEvents() {
		within := *ev.Timestamp >= *in.StartTime && *ev.Timestamp <= *in.EndTime
		if within && (aws.ToString(in.FilterPattern) != word || strings.Contains(*ev.Message, "eviction")) {
			events = append(events, ev)
		}
	}
	const size = 10
	page := len(aws.ToString(in.NextToken))
	end := min((page+1)*size, len(events))
	out := &cloudwatchlogs.FilterLogEventsOutput{Events: events[page*size : end]}
	if end < len(events) {
		out.NextToken = aws.String(strings.Repeat("x", page+1))
	}
	return out, nil
}

// invoke runs the program over a log group. Time is that of a bubble, since the
// program waits for its turn between requests.
func invoke(t *testing.T, g group, args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		status = run(t.Context(), args, &out, &errs, func(context.Context) (cwlogs.EventsAPI, error) { return g, nil })
	})
	return out.String(), errs.String(), status
}

// always is a time that all logs here are in.
var always = []string{"-group", "g", "-since", "2020-01-01T00:00:00Z", "-until", "2030-01-01T00:00:00Z"}

// messagesOf are the events of a log.
func messagesOf(t *testing.T, log io.Reader) []string {
	t.Helper()
	var messages []string
	for ev, err := range audit.NewReader(log).Events() {
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, string(ev.Raw))
	}
	return messages
}

// TestLikeOffline holds the program to print what the one for files prints, over
// what aws logs filter-log-events saves of the same log group.
func TestLikeOffline(t *testing.T) {
	groups := map[string]group{}
	for _, name := range []string{"sample.log", "night.log"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "examples", "evictions", name))
		if err != nil {
			t.Fatal(err)
		}
		groups[name] = group{messages: messagesOf(t, bytes.NewReader(text))}
	}
	for _, s := range evicttest.Scenarios() {
		var text bytes.Buffer
		if _, err := s.Log.WriteTo(&text); err != nil {
			t.Fatal(err)
		}
		groups[s.Name] = group{messages: messagesOf(t, &text)}
	}
	dir := t.TempDir()
	offline := filepath.Join(dir, "offline")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", offline, "github.com/evictlog/evictlog/examples/evictions").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	rows := 0
	for name, g := range groups {
		file := filepath.Join(dir, "saved.json")
		save(t, file, g.logEvents())
		want, err := exec.CommandContext(t.Context(), offline, file).Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, stderr, status := invoke(t, g, append(always, "-all")...)
		if diff := gocmp.Diff(string(want), got); diff != "" || status != 0 {
			t.Errorf("%s: status %d, %s(-offline +live):\n%s", name, status, stderr, diff)
		}
		rows += strings.Count(got, "\n") - 1
	}
	if rows < 30 {
		t.Errorf("there are %d evictions in all", rows)
	}
}

// save writes log events as aws logs filter-log-events prints them.
func save(t *testing.T, file string, events []types.FilteredLogEvent) {
	t.Helper()
	list := []any{}
	for _, ev := range events {
		list = append(list, map[string]any{"logStreamName": ev.LogStreamName, "timestamp": ev.Timestamp, "message": ev.Message, "eventId": ev.EventId})
	}
	text, err := json.MarshalIndent(map[string]any{"events": list}, "", "    ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestWord holds the messages with the word to be enough for the evictions
// themselves.
func TestWord(t *testing.T) {
	text, err := os.ReadFile("../../../../examples/evictions/night.log")
	if err != nil {
		t.Fatal(err)
	}
	g := group{messages: messagesOf(t, bytes.NewReader(text))}
	all, _, _ := invoke(t, g, append(always, "-all")...)
	some, stderr, status := invoke(t, g, always...)
	if status != 0 || stderr != "" || strings.Count(some, "\n") != strings.Count(all, "\n") || strings.Count(some, "\n") < 4 {
		t.Errorf("status %d, %s\nall:\n%s\nwith the word:\n%s", status, stderr, all, some)
	}
}

func TestStatus(t *testing.T) {
	audited := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"ResponseComplete","verb":"get","stageTimestamp":"2026-03-03T00:00:00.000000Z"}`
	for _, test := range []struct {
		name   string
		group  group
		args   []string
		status int
		stderr string
	}{
		{"no flags", group{}, nil, 2, "-group"},
		{"an argument", group{}, append(always, "audit.log"), 2, "nothing behind the flags"},
		{"no time", group{}, []string{"-group", "g", "-since", "yesterday"}, 2, `"yesterday" is no time`},
		{"ends before", group{}, []string{"-group", "g", "-since", "1h", "-until", "2h"}, 2, "-until is before -since"},
		{"no such flag", group{}, []string{"-x"}, 2, "-x"},
		{"help", group{}, []string{"-h"}, 0, "-group"},
		{"refused", group{err: &types.ResourceNotFoundException{Message: aws.String("no such\x1b[m group")}}, always, 1, `no such\x1b[m group`},
		{"none", group{messages: []string{audited}}, always, 0, "no such eviction"},
		{"another log", group{messages: []string{"I1123 07:24:24.803005      11 main.go:1] hello"}}, always, 1, audit.ErrNoEvents.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, stderr, status := invoke(t, test.group, test.args...)
			if status != test.status || !strings.Contains(stderr, test.stderr) {
				t.Errorf("status %d, want %d; standard error %q lacks %q", status, test.status, stderr, test.stderr)
			}
		})
	}
	status := run(t.Context(), always, io.Discard, io.Discard, func(context.Context) (cwlogs.EventsAPI, error) { return nil, errors.New("no credentials") })
	if status != 1 {
		t.Errorf("without a client: status %d", status)
	}
}

// TestReadme holds the README's command to the flags.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "\ncd audit/cwlogs && go run ./examples/evictions ")
	command, _, _ := strings.Cut(rest, "\n")
	src, _, err := parse(strings.Fields(command), t.Output())
	if !found || err != nil || src.Group == "" {
		t.Errorf("the README has the flags %q: %v", command, err)
	}
}
