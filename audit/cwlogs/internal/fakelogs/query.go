package fakelogs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/query"
)

// The service's limits of a query's rows.
// Source: the StartQuery and GetQueryResults API reference.
const (
	defaultRows = 10_000
	maxRows     = 100_000
	maxPage     = 10_000
)

// An execution is one query that was started.
type execution struct {
	rows       [][]field
	statistics map[string]float64
	polls      int // how many times its results have been asked for
	ended      bool
	cancelled  bool
}

// A field is one value of a row, as GetQueryResults gives it.
type field struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

func (s *Server) startQuery(w http.ResponseWriter, r *http.Request, body []byte) {
	var in struct {
		LogGroupName        string
		LogGroupNames       []string
		LogGroupIdentifiers []string
		QueryString         string
		StartTime, EndTime  int64
		Limit               int
	}
	if err := json.Unmarshal(body, &in); err != nil {
		Fail("SerializationException", err.Error()).ServeHTTP(w, r)
		return
	}
	groups := slices.Concat(in.LogGroupNames, in.LogGroupIdentifiers)
	if in.LogGroupName != "" {
		groups = append(groups, in.LogGroupName)
	}
	if in.Limit < 0 || in.Limit > maxRows || in.EndTime < in.StartTime {
		Fail("InvalidParameterException", "limit or time range").ServeHTTP(w, r)
		return
	}
	saved := map[string]query.SavedQuery{} // so that a call of any other is refused
	maps.Copy(saved, s.Saved)
	q, err := query.ParseWith(in.QueryString, &query.ParseOptions{Saved: saved})
	if e, ok := errors.AsType[*query.Error](err); ok {
		units := func(p query.Pos) int { return len(utf16.Encode([]rune(in.QueryString[:p.Offset]))) }
		Malformed(e.Msg, units(e.Pos), units(e.End)).ServeHTTP(w, r)
		return
	}
	if in.Limit == 0 {
		in.Limit = defaultRows
	}
	end := time.Unix(in.EndTime, 0)
	if s.WholeEnd {
		end = end.Add(time.Second - time.Millisecond)
	}
	run, err := s.run(r.Context(), q, groups, time.Unix(in.StartTime, 0), end, in.Limit)
	if err != nil {
		Fail("InvalidParameterException", err.Error()).ServeHTTP(w, r)
		return
	}
	Answer(map[string]any{"queryId": s.keep(run)}).ServeHTTP(w, r)
}

// keep returns the id under which the query is kept.
func (s *Server) keep(run *execution) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queries == nil {
		s.queries = map[string]*execution{}
	}
	id := fmt.Sprintf("query-%d", len(s.queries)+1)
	s.queries[id] = run
	return id
}

// run runs a query over the events of the groups, with both ends of the window
// included.
func (s *Server) run(ctx context.Context, q *query.Query, groups []string, start, end time.Time, limit int) (*execution, error) {
	var log audit.List
	bytes := 0
	for _, e := range s.Events {
		if e.Time.Before(start) || e.Time.After(end) || len(groups) > 0 && !slices.Contains(groups, e.Group) {
			continue
		}
		bytes += len(e.Message)
		log = append(log, audit.Event{
			Raw: []byte(e.Message), Group: e.Group, Stream: e.Stream, Logged: e.Time, Ingested: e.Ingested,
			ID: e.ID, Pos: audit.Pos{File: e.ID},
		})
	}
	out := &execution{rows: [][]field{}}
	matched := 0
	for row, err := range q.Run(ctx, log, &query.Options{Start: start, End: end}) {
		if err != nil {
			return nil, err
		}
		if matched++; matched <= limit {
			out.rows = append(out.rows, fields(row))
		}
	}
	out.statistics = map[string]float64{
		"recordsScanned": float64(len(log)), "recordsMatched": float64(matched), "bytesScanned": float64(bytes),
		"logGroupsScanned": float64(len(groups)), "resultCount": float64(len(out.rows)),
	}
	return out, nil
}

// fields is a row as texts, with the pointer to the event that it is made of.
func fields(row query.Row) []field {
	var out []field
	for name, value := range row.All() {
		out = append(out, field{name, value.String()})
	}
	if pos := row.Pos(); pos.File != "" {
		out = append(out, field{"@ptr", pos.File})
	}
	return out
}

func (s *Server) getQueryResults(w http.ResponseWriter, r *http.Request, body []byte) {
	var in struct {
		QueryID   string
		MaxItems  int
		NextToken string
	}
	if err := json.Unmarshal(body, &in); err != nil {
		Fail("SerializationException", err.Error()).ServeHTTP(w, r)
		return
	}
	document, err := s.results(in.QueryID, in.MaxItems, in.NextToken)
	if err != nil {
		Fail("InvalidParameterException", err.Error()).ServeHTTP(w, r)
		return
	}
	Answer(document).ServeHTTP(w, r)
}

// results is a page of the results of a query.
func (s *Server) results(id string, items int, token string) (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	run := s.queries[id]
	if run == nil {
		return nil, fmt.Errorf("no query %q", id)
	}
	if run.cancelled {
		return map[string]any{"status": "Cancelled", "results": [][]field{}}, nil
	}
	if run.polls++; run.polls <= s.Running && !run.ended {
		return map[string]any{"status": "Running", "results": run.rows[:len(run.rows)/2]}, nil
	}
	run.ended = true
	from := 0
	if token != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(token, "row-"))
		if err != nil || n > len(run.rows) {
			return nil, fmt.Errorf("no token %q", token)
		}
		from = n
	}
	if items <= 0 || items > maxPage {
		items = maxPage
	}
	if s.ResultPage > 0 {
		items = min(items, s.ResultPage)
	}
	to := min(from+items, len(run.rows))
	out := map[string]any{"status": "Complete", "results": run.rows[from:to], "statistics": run.statistics, "queryLanguage": "CWLI"}
	if to < len(run.rows) {
		out["nextToken"] = fmt.Sprintf("row-%d", to)
	}
	return out, nil
}

func (s *Server) stopQuery(w http.ResponseWriter, r *http.Request, body []byte) {
	var in struct{ QueryID string }
	if err := json.Unmarshal(body, &in); err != nil {
		Fail("SerializationException", err.Error()).ServeHTTP(w, r)
		return
	}
	s.mu.Lock()
	run := s.queries[in.QueryID]
	stopped := run != nil && !run.ended
	if stopped {
		run.ended, run.cancelled = true, true
	}
	s.mu.Unlock()
	if !stopped {
		Fail("InvalidParameterException", "Query is not in running state").ServeHTTP(w, r)
		return
	}
	Answer(map[string]any{"success": true}).ServeHTTP(w, r)
}
