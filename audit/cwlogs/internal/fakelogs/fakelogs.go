// Package fakelogs plays CloudWatch Logs for tests: it speaks the service's JSON
// protocol over HTTP, keeps log events, runs queries over them with package
// query, and fails where a test says so.
//
// A [Server] is an http.Handler for net/http/httptest, and an http.RoundTripper
// that answers without a network, so that the clocks of testing/synctest can
// jump while it is waited for. [Server.Client] is a client that uses the latter.
//
// The protocol is AWS JSON 1.1, and for live tail the frames of
// application/vnd.amazon.eventstream.
// Source: the CloudWatch Logs API reference, and the AWS JSON 1.1 and event
// stream pages of Smithy.
package fakelogs

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/evictlog/evictlog/query"
)

// An Event is a log event. Its times are those of the log service, which keeps
// milliseconds.
type Event struct {
	Group, Stream  string
	Time, Ingested time.Time
	ID             string
	Message        string
}

// A Server is a log service. The zero Server has no events and never fails. Its
// exported fields must not change while it is used.
type Server struct {
	// Events are all log events, in any order.
	Events []Event

	// Running is how many times a query is said to be Running before it is
	// Complete.
	Running int
	// ResultPage is the most rows in an answer of GetQueryResults, 0 for as
	// many as the request asks for.
	ResultPage int
	// WholeEnd lets the window of a query hold all of the second with which it
	// ends. Without it what comes after the begin of that second is not in it.
	// The service's documentation does not tell.
	WholeEnd bool

	// Saved are the saved queries that queries can call.
	Saved map[string]query.SavedQuery

	// EventPage is the most events in an answer of FilterLogEvents, 0 for as
	// many as the request asks for. Each answer with events comes after
	// EmptyPages without, and repeats that many of those before it.
	EventPage, EmptyPages, Repeated int
	// Matches tells whether a message matches a filter pattern. Without it, a
	// request with a pattern is refused.
	Matches func(pattern, message string) bool

	// Tail is what a live tail sends. Behind it the stream ends.
	Tail []Frame

	mu       sync.Mutex
	scripts  map[string][]http.Handler
	requests []Request
	queries  map[string]*execution
}

// A Request is one that the server was sent.
type Request struct {
	Operation string
	Time      time.Time
	Body      json.RawMessage
}

// Script sets how the next requests for the operation are answered, one after
// the other. Nil stands for what the server does without a script, and so do all
// requests behind the last.
func (s *Server) Script(operation string, answers ...http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.scripts == nil {
		s.scripts = map[string][]http.Handler{}
	}
	s.scripts[operation] = append(s.scripts[operation], answers...)
}

// Requests returns the requests for the operation so far, or all of them if it
// is empty.
func (s *Server) Requests(operation string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if operation == "" || r.Operation == operation {
			out = append(out, r)
		}
	}
	return out
}

// Client returns a client of the server, which does not repeat requests on its
// own and whose requests touch no network.
func (s *Server) Client() *cloudwatchlogs.Client {
	return cloudwatchlogs.New(cloudwatchlogs.Options{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String("http://logs.invalid"),
		Credentials:  aws.AnonymousCredentials{},
		HTTPClient:   &http.Client{Transport: s},
		Retryer:      aws.NopRetryer{},
	})
}

// operations are those that the server knows.
var operations = map[string]func(s *Server, w http.ResponseWriter, r *http.Request, body []byte){
	"StartQuery":      (*Server).startQuery,
	"GetQueryResults": (*Server).getQueryResults,
	"StopQuery":       (*Server).stopQuery,
	"FilterLogEvents": (*Server).filterLogEvents,
	"StartLiveTail":   (*Server).startLiveTail,
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "Logs_20140328.")
	answer := operations[name]
	if !ok || answer == nil {
		Fail("UnknownOperationException", fmt.Sprintf("no operation %q", r.Header.Get("X-Amz-Target"))).ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		Fail("SerializationException", err.Error()).ServeHTTP(w, r)
		return
	}
	if scripted := s.record(name, body); scripted != nil {
		scripted.ServeHTTP(w, r)
		return
	}
	answer(s, w, r, body)
}

// record notes a request and returns what the script has for it.
func (s *Server) record(name string, body []byte) http.Handler {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{name, time.Now(), body})
	script := s.scripts[name]
	if len(script) == 0 {
		return nil
	}
	s.scripts[name] = script[1:]
	return script[0]
}

// Answer answers a request with a document of the operation's output.
func Answer(document any) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_ = json.NewEncoder(w).Encode(document) // an error is that the client is gone
	})
}

// Fail answers a request with an exception of that name.
func Fail(exception, message string) http.Handler {
	return failWith(map[string]any{"__type": exception, "message": message})
}

// Malformed refuses a query, from one character of it up to another; without a
// place if both are 0.
func Malformed(message string, start, end int) http.Handler {
	document := map[string]any{"__type": "MalformedQueryException", "message": message}
	if start != 0 || end != 0 {
		document["queryCompileError"] = map[string]any{
			"message":  message,
			"location": map[string]any{"startCharOffset": start, "endCharOffset": end},
		}
	}
	return failWith(document)
}

// Status says that a query has the status, with no rows.
func Status(status string) http.Handler {
	return Answer(map[string]any{"status": status, "results": [][]any{}})
}

func failWith(document map[string]any) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(document)
	})
}
