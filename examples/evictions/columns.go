package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/examples/internal/cli"
)

// A column is what the program prints of an attempt under one name. A nil
// value is left out.
type column struct {
	name  string
	value func(a evict.Attempt) any
}

func names(columns []column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.name
	}
	return out
}

func cells(columns []column, a evict.Attempt) []cli.Cell {
	out := make([]cli.Cell, len(columns))
	for i, c := range columns {
		out[i] = cli.Cell{Name: c.name, Value: c.value(a)}
	}
	return out
}

// tableColumns are for people, who want to see them side by side.
func tableColumns() []column {
	return []column{
		{"TIME", func(a evict.Attempt) any { return moment(a.Time) }},
		{"NAMESPACE", func(a evict.Attempt) any { return a.Namespace }},
		{"POD", func(a evict.Attempt) any { return a.Pod }},
		{"OUTCOME", func(a evict.Attempt) any { return a.Outcome }},
		{"DRY RUN", func(a evict.Attempt) any { return a.DryRun }},
		{"USER", func(a evict.Attempt) any { return actor(a.Actor) }},
		{"DETAIL", func(a evict.Attempt) any { return detail(a) }},
	}
}

// recordColumns are for programs: all that is known. line finds the line of an
// event in its file.
func recordColumns(line func(audit.Pos) (int, error)) []column {
	return []column{
		{"time", func(a evict.Attempt) any { return moment(a.Time) }},
		{"answeredAt", func(a evict.Attempt) any { return moment(a.Answered) }},
		{"namespace", func(a evict.Attempt) any { return a.Namespace }},
		{"pod", func(a evict.Attempt) any { return a.Pod }},
		{"uid", func(a evict.Attempt) any { return known(a.UID) }},
		{"liveUid", func(a evict.Attempt) any { return known(a.LiveUID) }},
		{"verb", func(a evict.Attempt) any { return a.Verb }},
		{"outcome", func(a evict.Attempt) any { return a.Outcome.String() }},
		{"dryRun", func(a evict.Attempt) any { return a.DryRun.String() }},
		{"code", func(a evict.Attempt) any { return positive(int64(a.Code)) }},
		{"reason", func(a evict.Attempt) any { return known(a.Reason) }},
		{"message", func(a evict.Attempt) any { return known(a.Message) }},
		{"budgets", func(a evict.Attempt) any { return budgets(a) }},
		{"retryAfterSeconds", func(a evict.Attempt) any { return positive(int64(a.RetryAfter / time.Second)) }},
		{"webhook", func(a evict.Attempt) any { return known(a.Webhook) }},
		{"policy", func(a evict.Attempt) any { return known(a.Policy) }},
		{"user", func(a evict.Attempt) any { return known(a.Actor.User) }},
		{"impersonatedUser", func(a evict.Attempt) any { return known(a.Actor.Impersonated) }},
		{"canonicalArn", func(a evict.Attempt) any { return known(a.Actor.CanonicalARN) }},
		{"callerPod", func(a evict.Attempt) any { return known(a.Actor.PodName) }},
		{"userAgent", func(a evict.Attempt) any { return known(a.Actor.UserAgent) }},
		{"sourceIP", func(a evict.Attempt) any { return known(a.Actor.SourceIP) }},
		{"auditID", func(a evict.Attempt) any { return known(a.AuditID) }},
		{"file", func(a evict.Attempt) any { return known(a.Pos.File) }},
		{"line", func(a evict.Attempt) any {
			n, err := line(a.Pos)
			if err != nil {
				return nil // the file has changed since it was read
			}
			return n
		}},
	}
}

// known leaves out an empty text.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// positive leaves out a number that is not told.
func positive(n int64) any {
	if n <= 0 {
		return nil
	}
	return n
}

// moment leaves out a time that is not told.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// actor is the user, with the one whose rights they took on.
func actor(a evict.Actor) string {
	switch {
	case a.User == "":
		return "(not authenticated)"
	case a.Impersonated != "":
		return a.User + " as " + a.Impersonated
	}
	return a.User
}

// budgets are the budgets of the answer, each as a short text.
func budgets(a evict.Attempt) any {
	if len(a.Budgets) == 0 {
		return nil
	}
	out := make([]string, len(a.Budgets))
	for i, b := range a.Budgets {
		out[i] = b.Name
		if b.Counted {
			out[i] = fmt.Sprintf("%s needs %d healthy pods and has %d", b.Name, b.Needs, b.Has)
		}
	}
	return out
}

// detail is what the answer says beyond the outcome.
func detail(a evict.Attempt) string {
	switch list, _ := budgets(a).([]string); {
	case len(list) > 0:
		return "budget " + strings.Join(list, ", ")
	case a.LiveUID != "":
		return "the pod's uid is now " + a.LiveUID
	case a.Webhook != "":
		return "webhook " + a.Webhook + ": " + a.Message
	case a.Outcome == evict.Accepted:
		return ""
	}
	return a.Message
}
