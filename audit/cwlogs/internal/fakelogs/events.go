package fakelogs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxEvents is the most events in an answer of FilterLogEvents.
// Source: the FilterLogEvents API reference.
const maxEvents = 10_000

// A filter is the input of FilterLogEvents.
type filter struct {
	LogGroupName, LogGroupIdentifier string
	LogStreamNamePrefix              string
	LogStreamNames                   []string
	StartTime, EndTime               *int64
	FilterPattern                    string
	StartFromHead                    *bool
	Limit                            int
	NextToken                        string
}

// A filteredEvent is an event as FilterLogEvents gives it.
type filteredEvent struct {
	Stream    string `json:"logStreamName"`
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
	Ingestion int64  `json:"ingestionTime"`
	ID        string `json:"eventId"`
}

func (s *Server) filterLogEvents(w http.ResponseWriter, r *http.Request, body []byte) {
	var in filter
	if err := json.Unmarshal(body, &in); err != nil {
		Fail("SerializationException", err.Error()).ServeHTTP(w, r)
		return
	}
	if in.FilterPattern != "" && s.Matches == nil {
		Fail("InvalidParameterException", "the server knows no filter patterns").ServeHTTP(w, r)
		return
	}
	if !slices.ContainsFunc(s.Events, func(e Event) bool { return e.Group == in.group() }) {
		Fail("ResourceNotFoundException", "The specified log group does not exist.").ServeHTTP(w, r)
		return
	}
	document, err := s.page(&in)
	if err != nil {
		Fail("InvalidParameterException", err.Error()).ServeHTTP(w, r)
		return
	}
	Answer(document).ServeHTTP(w, r)
}

func (in *filter) group() string { return cmp.Or(in.LogGroupName, in.LogGroupIdentifier) }

// page is one answer. Its token is the number of events that were given, and
// how many empty answers have come since.
func (s *Server) page(in *filter) (map[string]any, error) {
	from, empty := 0, 0
	if in.NextToken != "" {
		if _, err := fmt.Sscanf(in.NextToken, "event-%d-%d", &from, &empty); err != nil {
			return nil, fmt.Errorf("no token %q", in.NextToken)
		}
	}
	all := s.matching(in)
	if empty < s.EmptyPages && from < len(all) {
		return map[string]any{"events": []filteredEvent{}, "nextToken": fmt.Sprintf("event-%d-%d", from, empty+1)}, nil
	}
	size := maxEvents
	if in.Limit > 0 {
		size = min(size, in.Limit)
	}
	if s.EventPage > 0 {
		size = min(size, s.EventPage)
	}
	to := min(from+size, len(all))
	out := map[string]any{"events": all[max(0, min(from-s.Repeated, to)):to], "searchedLogStreams": []any{}}
	if to < len(all) {
		out["nextToken"] = fmt.Sprintf("event-%d-%d", to, 0)
	}
	return out, nil
}

// matching are the events that the input asks for, the oldest first unless it
// says otherwise.
func (s *Server) matching(in *filter) []filteredEvent {
	out := []filteredEvent{}
	for _, e := range s.Events {
		ms := e.Time.UnixMilli()
		switch {
		case e.Group != in.group(),
			!strings.HasPrefix(e.Stream, in.LogStreamNamePrefix),
			len(in.LogStreamNames) > 0 && !slices.Contains(in.LogStreamNames, e.Stream),
			in.StartTime != nil && ms < *in.StartTime,
			in.EndTime != nil && ms > *in.EndTime,
			in.FilterPattern != "" && !s.Matches(in.FilterPattern, e.Message):
			continue
		}
		out = append(out, filteredEvent{e.Stream, ms, e.Message, millis(e.Ingested), e.ID})
	}
	slices.SortStableFunc(out, func(a, b filteredEvent) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	if in.StartFromHead != nil && !*in.StartFromHead {
		slices.Reverse(out)
	}
	return out
}

// millis is a time as the service writes it; 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
