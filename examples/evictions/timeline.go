package main

import (
	"context"
	"strings"

	"github.com/evictlog/evictlog/evict"
)

// timelineTable is what people see of an entry of a timeline.
var timelineTable = []column[evict.Entry]{
	{"TIME", func(e evict.Entry) any { return moment(e.Time) }},
	{"WHAT", func(e evict.Entry) any { return e.What }},
	{"WHO", func(e evict.Entry) any { return initiatorText(e.Initiator) }},
	{"DETAIL", func(e evict.Entry) any { return entryDetail(e) }},
}

// timelineRecord is what programs get of an entry.
func timelineRecord(at places) []column[evict.Entry] {
	return []column[evict.Entry]{
		{"time", func(e evict.Entry) any { return moment(e.Time) }},
		{"what", func(e evict.Entry) any { return e.What.String() }},
		{"kind", func(e evict.Entry) any { return known(e.Kind) }},
		{"name", func(e evict.Entry) any { return known(e.Name) }},
		{"uid", func(e evict.Entry) any { return known(e.UID) }},
		{"text", func(e evict.Entry) any { return known(e.Text) }},
		{"initiator", func(e evict.Entry) any { return known(string(e.Initiator.Kind)) }},
		{"confidence", func(e evict.Entry) any { return confidenceOf(e.Initiator) }},
		{"user", func(e evict.Entry) any { return known(e.Actor.User) }},
		{"canonicalArn", func(e evict.Entry) any { return known(e.Actor.CanonicalARN) }},
		{"userAgent", func(e evict.Entry) any { return known(e.Actor.UserAgent) }},
		{"outcome", func(e evict.Entry) any { return outcomeOf(e.Attempt) }},
		{"file", func(e evict.Entry) any { return known(e.Pos.File) }},
		{"line", func(e evict.Entry) any { return positive(int64(at.line(e.Pos))) }},
	}
}

// outcomeOf leaves out that of no attempt.
func outcomeOf(a *evict.Attempt) any {
	if a == nil {
		return nil
	}
	return a.Outcome.String()
}

// entryDetail tells what happened, and to what unless that is the pod.
func entryDetail(e evict.Entry) string {
	text := e.Text
	if e.Kind != "Pod" {
		text = e.Kind + " " + e.Name + ": " + text
	}
	return phrases(text, personal(e.Initiator, e.Actor))
}

// tell gives the timeline of a pod.
func (j *job) tell(ctx context.Context, opts *evict.Options, at places) error {
	namespace, pod, _ := strings.Cut(j.timeline, "/")
	return rows(j, evict.Timeline(ctx, j.src, namespace, pod, opts), timelineTable, timelineRecord(at), "such pod")
}
