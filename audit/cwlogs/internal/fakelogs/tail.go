package fakelogs

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/aws/smithy-go/eventstream"
)

// A Frame is a message of a live tail's stream, or a pause in it.
type Frame struct {
	headers eventstream.Headers
	payload any
	pause   time.Duration
	hold    bool
}

// SessionStart is the frame that begins a live tail of the groups.
func SessionStart(groups ...string) Frame {
	return event("sessionStart", map[string]any{"requestId": "request-1", "sessionId": "session-1", "logGroupIdentifiers": groups})
}

// Update is a frame with log events, of which some were left out if sampled is
// set.
func Update(sampled bool, events ...Event) Frame {
	results := []map[string]any{}
	for _, e := range events {
		results = append(results, map[string]any{
			"logGroupIdentifier": e.Group, "logStreamName": e.Stream, "message": e.Message,
			"timestamp": millis(e.Time), "ingestionTime": millis(e.Ingested),
		})
	}
	return event("sessionUpdate", map[string]any{
		"sessionMetadata": map[string]any{"sampled": sampled},
		"sessionResults":  results,
	})
}

// Exception is the frame by which the service ends a live tail, such as with a
// SessionTimeoutException.
func Exception(name, message string) Frame {
	return frame(eventstream.ExceptionMessageType, eventstream.ExceptionTypeHeader, name, map[string]any{"message": message})
}

// Pause is no frame: nothing is sent for so long.
func Pause(d time.Duration) Frame { return Frame{pause: d} }

// Hold is no frame: nothing is sent until the client goes.
func Hold() Frame { return Frame{hold: true} }

func event(name string, payload any) Frame {
	return frame(eventstream.EventMessageType, eventstream.EventTypeHeader, name, payload)
}

func frame(kind, header, name string, payload any) Frame {
	f := Frame{payload: payload}
	f.headers.Set(eventstream.MessageTypeHeader, eventstream.StringValue(kind))
	f.headers.Set(header, eventstream.StringValue(name))
	f.headers.Set(eventstream.ContentTypeHeader, eventstream.StringValue("application/json"))
	return f
}

func (s *Server) startLiveTail(w http.ResponseWriter, r *http.Request, _ []byte) {
	w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
	enc := eventstream.NewEncoder()
	for _, f := range append([]Frame{event("initial-response", map[string]any{})}, s.Tail...) {
		switch {
		case f.hold:
			<-r.Context().Done()
			return
		case f.pause > 0:
			select {
			case <-time.After(f.pause):
				continue
			case <-r.Context().Done():
				return
			}
		}
		payload, err := json.Marshal(f.payload)
		if err == nil {
			err = enc.Encode(w, eventstream.Message{Headers: f.headers, Payload: payload})
		}
		if err != nil { // the client is gone
			return
		}
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
	}
}
