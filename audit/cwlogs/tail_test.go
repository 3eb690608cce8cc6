package cwlogs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// A line is a connection to the service over which play sends a live tail, as
// the service does: HTTP, and the messages of an event stream in its body.
type line struct {
	*cloudwatchlogs.Client
	request chan string // the body of each request
}

// dial returns a line. All of it stays within the bubble of a test.
func dial(t *testing.T, play func(*wire)) *line {
	l := &line{request: make(chan string, 100)}
	conns := &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		l.request <- string(body)
		synctest.Wait() // until the client is done with the request: the SDK takes its body away when the answer comes
		w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
		out := &wire{w, r.Context(), eventstream.NewEncoder()}
		out.send("event", "initial-response", map[string]any{})
		play(out)
	})}
	go server.Serve(conns)
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		conns.conns <- there
		return here, nil
	}}
	l.Client = cloudwatchlogs.New(cloudwatchlogs.Options{
		Region:       "us-west-2",
		BaseEndpoint: aws.String("http://logs"),
		HTTPClient:   &http.Client{Transport: transport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return l
}

// A wire is what the service writes to.
type wire struct {
	http.ResponseWriter
	ctx     context.Context
	encoder *eventstream.Encoder
}

// send sends a message of a kind, event or exception.
func (w *wire) send(kind, name string, value any) {
	payload, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	m := eventstream.Message{Payload: payload}
	m.Headers.Set(":message-type", eventstream.StringValue(kind))
	m.Headers.Set(":"+kind+"-type", eventstream.StringValue(name))
	m.Headers.Set(":content-type", eventstream.StringValue("application/json"))
	_ = w.encoder.Encode(w, m)
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// pause lets time pass, unless the caller has gone.
func (w *wire) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-w.ctx.Done():
	}
}

// A listener accepts the connections of a channel.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error   { close(l.closed); return nil }
func (l *listener) Addr() net.Addr { return &net.UnixAddr{} }

// update is an update of a session, with messages.
func update(sampled bool, messages ...string) map[string]any {
	results := []any{}
	for _, m := range messages {
		results = append(results, map[string]any{
			"logGroupIdentifier": "123456789012:" + testGroup, "logStreamName": "kube-apiserver-audit-0",
			"message": m, "timestamp": start.UnixMilli(), "ingestionTime": start.UnixMilli() + 1500,
		})
	}
	return map[string]any{"sessionMetadata": map[string]any{"sampled": sampled}, "sessionResults": results}
}

const testARN = "arn:aws:logs:us-west-2:123456789012:log-group:" + testGroup

// follow walks a tail and returns the audit IDs of its events, the errors that
// it went on behind, and the last one.
func follow(ctx context.Context, tail *Tail) (seen []string, last error) {
	for ev, err := range tail.Events(ctx) {
		if e, ok := errors.AsType[*audit.EventError](err); ok {
			seen = append(seen, "error: "+e.Err.Error())
			continue
		}
		if err != nil {
			last = err
			continue
		}
		decoded, err := ev.Decode()
		if err != nil {
			return seen, err
		}
		seen = append(seen, fmt.Sprint(decoded.AuditID, " ", ev.Pos, " ", ev.Ingested.Sub(ev.Logged)))
	}
	return seen, last
}

func TestTail(t *testing.T) {
	at := " " + testARN + ":kube-apiserver-audit-0 1.5s"
	synctest.Test(t, func(t *testing.T) {
		l := dial(t, func(w *wire) {
			w.send("event", "sessionStart", map[string]any{"sessionId": "1"})
			w.send("event", "sessionUpdate", update(false, auditEvent("1"), auditEvent("2")))
			w.pause(time.Second)
			w.send("event", "sessionUpdate", update(false))
			w.pause(time.Second)
			w.send("event", "sessionUpdate", update(true, "no event", auditEvent("3")))
			w.send("event", "sessionUpdate", update(false, "I1123 07:24:24.803005      11 main.go:1] hello"))
			w.pause(3 * time.Hour)
			w.send("exception", "SessionTimeoutException", map[string]any{"message": "three hours"})
		})
		seen, err := follow(t.Context(), &Tail{Client: l, Group: testARN, Pattern: EvictionPattern, Silence: 4 * time.Hour})
		if diff := cmp.Diff([]string{"1" + at, "2" + at, "error: " + ErrSampled.Error(), "error: not valid JSON", "3" + at}, seen); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if _, timeout := errors.AsType[*types.SessionTimeoutException](err); !timeout || !errors.Is(err, ErrSessionEnded) {
			t.Errorf("the last error is %v", err)
		}
		var request any
		if err := json.Unmarshal([]byte(<-l.request), &request); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]any{
			"logGroupIdentifiers": []any{testARN}, "logStreamNamePrefixes": []any{"kube-apiserver-audit"}, "logEventFilterPattern": EvictionPattern,
		}, request); diff != "" {
			t.Errorf("request (-want +got):\n%s", diff)
		}
	})
}

// TestTailEnds looks at the ways in which a tail ends.
func TestTailEnds(t *testing.T) {
	started := func(w *wire) {
		w.send("event", "sessionStart", map[string]any{"sessionId": "1"})
		w.send("event", "sessionUpdate", update(false, auditEvent("1")))
	}
	for _, test := range []struct {
		name string
		play func(*wire)
		want error
		took time.Duration
	}{
		{"closed", started, ErrSessionEnded, 0},
		{"failed", func(w *wire) {
			started(w)
			w.send("exception", "SessionStreamingException", map[string]any{"message": "sorry"})
		}, ErrSessionEnded, 0},
		{"silent", func(w *wire) {
			started(w)
			w.pause(59 * time.Second)
			w.send("event", "sessionUpdate", update(false))
			w.pause(5 * time.Minute)
		}, ErrSilent, (59 + 60) * time.Second},
		{"canceled", func(w *wire) {
			started(w)
			for range 600 {
				w.pause(time.Second)
				w.send("event", "sessionUpdate", update(false))
			}
		}, errEnough, 100*time.Second + 500*time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(100*time.Second+500*time.Millisecond, func() {
				if test.want == errEnough {
					cancel(errEnough)
				}
			})
			began := time.Now()
			seen, err := follow(ctx, &Tail{Client: dial(t, test.play), Group: testARN, StreamPrefix: AllStreams})
			if took := time.Since(began); took != test.took {
				t.Errorf("%s: it took %v, want %v", test.name, took, test.took)
			}
			if len(seen) != 1 || !errors.Is(err, test.want) {
				t.Errorf("%s: events %q, and the last error %v", test.name, seen, err)
			}
			cancel(nil)
		})
	}
}

var errEnough = errors.New("enough")

// TestTailStops leaves the loop, after which nothing may be left running: the
// bubble would not end.
func TestTailStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := dial(t, func(w *wire) {
			w.send("event", "sessionUpdate", update(false, auditEvent("1"), auditEvent("2")))
			w.pause(time.Minute)
		})
		for ev, err := range (&Tail{Client: l, Group: testARN}).Events(t.Context()) {
			if err != nil || !bytes.Contains(ev.Raw, []byte(`"auditID":"1"`)) {
				t.Errorf("event %s, error %v", ev.Raw, err)
			}
			break
		}
	})
}

// A refusal is a TailAPI that starts no session.
type refusal struct {
	err   error
	times []time.Time
}

func (r *refusal) StartLiveTail(context.Context, *cloudwatchlogs.StartLiveTailInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartLiveTailOutput, error) {
	r.times = append(r.times, time.Now())
	return nil, r.err
}

func TestTailStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &refusal{err: throttled}
		if seen, err := follow(t.Context(), &Tail{Client: r, Group: testARN, Retries: 2}); seen != nil || !errors.Is(err, throttled) || len(r.times) != 3 {
			t.Errorf("throttled: events %q, error %v, %d requests", seen, err, len(r.times))
		}
		r = &refusal{err: &types.ResourceNotFoundException{}}
		if seen, err := follow(t.Context(), &Tail{Client: r, Group: testARN}); seen != nil || !errors.Is(err, r.err) || len(r.times) != 1 {
			t.Errorf("no such group: events %q, error %v, %d requests", seen, err, len(r.times))
		}
		if _, err := follow(t.Context(), &Tail{Client: r}); err == nil || !strings.Contains(err.Error(), "Group") {
			t.Errorf("without a group: error %v", err)
		}
	})
}

// TestUnknownUpdate has the service send what this package does not know.
func TestUnknownUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tail := &Tail{Group: testARN}
		var got error
		more := tail.give(t.Context(), &types.UnknownUnionMember{Tag: "sessionNews"}, func(_ audit.Event, err error) bool {
			got = err
			return true
		})
		if !more || !errors.Is(got, errors.ErrUnsupported) {
			t.Errorf("error %v, more %t", got, more)
		}
	})
}
