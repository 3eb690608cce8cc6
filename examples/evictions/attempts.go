package main

import (
	"strings"
	"time"

	"github.com/evictlog/evictlog/evict"
)

// attemptTable is what people see of an attempt.
var attemptTable = []column[evict.Attempt]{
	{"TIME", func(a evict.Attempt) any { return moment(a.Time) }},
	{"NAMESPACE", func(a evict.Attempt) any { return a.Namespace }},
	{"POD", func(a evict.Attempt) any { return a.Pod }},
	{"OUTCOME", func(a evict.Attempt) any { return a.Outcome }},
	{"DRY RUN", func(a evict.Attempt) any { return a.DryRun }},
	{"USER", func(a evict.Attempt) any { return userOf(a.Actor) }},
	{"DETAIL", func(a evict.Attempt) any { return attemptDetail(a) }},
}

// attemptRecord is all that is known of an attempt.
func attemptRecord(at places) []column[evict.Attempt] {
	return []column[evict.Attempt]{
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
		{"budgets", func(a evict.Attempt) any { return listed(a.Budgets, budgetOf) }},
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
		{"line", func(a evict.Attempt) any { return positive(int64(at.line(a.Pos))) }},
	}
}

// attemptDetail is what the answer says beyond the outcome.
func attemptDetail(a evict.Attempt) string {
	switch {
	case len(a.Budgets) > 0:
		return budgetText(a.Budgets)
	case a.LiveUID != "":
		return "the pod's uid is now " + a.LiveUID
	case a.Webhook != "":
		return "webhook " + a.Webhook + ": " + a.Message
	case a.Outcome == evict.Accepted:
		return ""
	}
	return a.Message
}

// budgetText names the budgets, with the numbers that a refusal gave.
func budgetText(budgets []evict.Budget) string {
	texts := make([]string, len(budgets))
	for i, b := range budgets {
		texts[i] = budgetOf(b).String()
	}
	return "budget " + strings.Join(texts, ", ")
}
