package cwlogs

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
)

// An outcome is what became of a log: its events without their places, and the
// reasons of its errors.
type outcome struct {
	Events  []audit.Event
	Reasons []string
	Stats   audit.Stats
}

func (o *outcome) add(ev audit.Event, err error) {
	if err == nil {
		ev = ev.Clone()
		ev.Pos = audit.Pos{}
		o.Events = append(o.Events, ev)
		return
	}
	if e, ok := errors.AsType[*audit.EventError](err); ok {
		err = e.Err
	}
	o.Reasons = append(o.Reasons, err.Error())
}

// offline is what package audit makes of the log events, printed as aws logs
// filter-log-events does.
func offline(t *testing.T, events []types.FilteredLogEvent, need audit.Need) (o outcome) {
	t.Helper()
	var list []logEvent
	for _, ev := range events {
		list = append(list, logEvent{ev.LogStreamName, ev.Timestamp, ev.Message, ev.IngestionTime, ev.EventId})
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "    ")
	if err := enc.Encode(map[string]any{"events": list, "searchedLogStreams": []any{}}); err != nil {
		t.Fatal(err)
	}
	r := audit.NewReader(&text)
	r.Group, r.Need = testGroup, need
	for ev, err := range r.Events() {
		o.add(ev, err)
	}
	o.Stats = r.Stats()
	return o
}

// messages are of all kinds that a log group has.
func messages() []types.FilteredLogEvent {
	whole := auditEvent("whole \u2028 <&> \U0001F600")
	split := auditEvent("split")
	events := []types.FilteredLogEvent{
		logged("1", whole),
		logged("2", auditEvent("cut")[:200]+"[Truncated...]"),
		logged("3", "E1123 07:24:24.803005      11 controller.go:1] of the API server's own log"),
		logged("4", split[:150]),
		logged("5", split[150:]),
		logged("6", "no JSON, nor of any other log"),
		logged("7", `{"kind":"Pod"}`),
		logged("8", auditEvent("lone")[:120]),
		logged("9", auditEvent("last")+"\n"),
		{EventId: aws.String("10"), LogStreamName: aws.String("kube-apiserver-audit-1"), Message: aws.String(auditEvent("without a time"))},
		{EventId: aws.String("11"), LogStreamName: aws.String("kube-apiserver-audit-1"), Timestamp: aws.Int64(5)},
		logged("12", auditEvent("end")),
	}
	events[0].LogStreamName = aws.String("kube-apiserver-audit-2")
	return events
}

// TestLikeOffline holds the events to those of a file with the same log events,
// wherever a page ends.
func TestLikeOffline(t *testing.T) {
	all := messages()
	for name, need := range map[string]audit.Need{
		"everything": {},
		"literals":   {Literals: []string{"end"}},
		"strict":     {Strict: true},
		"unchecked":  {Unchecked: true, Wanted: func(ev *audit.Event) bool { return !bytes.Contains(ev.Raw, []byte("last")) }},
	} {
		want := offline(t, all, need)
		if name == "everything" && (len(want.Events) < 5 || len(want.Reasons) < 3) {
			t.Fatalf("too little in the log: %+v", want)
		}
		for size := 1; size <= len(all); size++ {
			src := source(&service{answer: func(n int, _ *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
				end := min((n+1)*size, len(all))
				out := &cloudwatchlogs.FilterLogEventsOutput{Events: all[n*size : end]}
				if end < len(all) {
					out.NextToken = aws.String(strings.Repeat("x", n+1))
				}
				return out, nil
			}})
			src.Unfiltered, src.Rate = true, 1e9
			var got outcome
			for ev, err := range audit.Events(t.Context(), src, need) {
				got.add(ev, err)
			}
			got.Stats = src.Stats()
			// A document on one line for each log event has other lines and bytes.
			counts := cmpopts.IgnoreFields(audit.Stats{}, "Lines", "Bytes")
			tallies := cmpopts.IgnoreFields(audit.Tally{}, "Lines", "Bytes")
			wrapping := cmpopts.IgnoreFields(audit.Stats{}, "Wrapping", "Blank")
			if diff := cmp.Diff(want, got, counts, tallies, wrapping); diff != "" {
				t.Fatalf("%s, in pages of %d (-offline +live):\n%s", name, size, diff)
			}
		}
	}
}

// TestPlaces holds events and errors to name the log event that they are of.
func TestPlaces(t *testing.T) {
	all := messages()
	src := source(scripted(&cloudwatchlogs.FilterLogEventsOutput{Events: all[:4], NextToken: aws.String("more")}, &cloudwatchlogs.FilterLogEventsOutput{Events: all[4:]}))
	src.Rate = 1e9
	const prefix = testGroup + ":kube-apiserver-audit-"
	want := []string{"2:1", "0:2 cut", "0:4", "0:6 error", "0:7 error", "0:8 error", "0:9", "1:10", "1:11 error", "0:12"}
	var got []string
	for ev, err := range audit.Events(t.Context(), src, audit.Need{}) {
		place, what := ev.Pos, ""
		if e, ok := errors.AsType[*audit.EventError](err); ok {
			place, what = e.Pos, " error"
		} else if err != nil {
			t.Fatal(err)
		} else if ev.Cut {
			what = " cut"
		}
		if place.Line != 0 || place.Offset != 0 {
			t.Errorf("%#v has a line or an offset", place)
		}
		got = append(got, strings.TrimPrefix(place.String(), prefix)+what)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// TestForgottenPlaces has an error farther back than places are remembered.
func TestForgottenPlaces(t *testing.T) {
	d := &document{group: testGroup}
	for range maxPlaced + 1 {
		d.write([]logEvent{{Stream: aws.String("s"), ID: aws.String("i")}})
	}
	if len(d.placed) > maxPlaced {
		t.Errorf("%d places are remembered", len(d.placed))
	}
	if at := d.place(audit.Pos{Offset: 20}); at.File != testGroup {
		t.Errorf("a place that was forgotten is %v", at)
	}
	if at := d.place(audit.Pos{Offset: d.size - 1}); at.File != testGroup+":s:i" {
		t.Errorf("the last place is %v", at)
	}
}
