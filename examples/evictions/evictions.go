package main

import (
	"strings"

	"github.com/evictlog/evictlog/evict"
)

// evictionTable is what people see of an eviction.
var evictionTable = []column[evict.Eviction]{
	{"TIME", func(e evict.Eviction) any { return moment(e.First) }},
	{"NAMESPACE", func(e evict.Eviction) any { return e.Namespace }},
	{"POD", func(e evict.Eviction) any { return e.Pod }},
	{"NODE", func(e evict.Eviction) any { return e.Node }},
	{"OUTCOME", func(e evict.Eviction) any { return e.Outcome }},
	{"TRIES", func(e evict.Eviction) any { return e.Tries }},
	{"BY", func(e evict.Eviction) any { return initiatorText(e.Initiator) }},
	{"DETAIL", func(e evict.Eviction) any { return evictionDetail(e) }},
}

// evictionRecord is what programs get of an eviction.
func evictionRecord(at places) []column[evict.Eviction] {
	return []column[evict.Eviction]{
		{"time", func(e evict.Eviction) any { return moment(e.First) }},
		{"namespace", func(e evict.Eviction) any { return e.Namespace }},
		{"pod", func(e evict.Eviction) any { return e.Pod }},
		{"uid", func(e evict.Eviction) any { return known(e.UID) }},
		{"node", func(e evict.Eviction) any { return known(e.Node) }},
		{"owner", func(e evict.Eviction) any { return ownerOf(e.Owner) }},
		{"outcome", func(e evict.Eviction) any { return e.Outcome.String() }},
		{"tries", func(e evict.Eviction) any { return e.Tries }},
		{"refusals", func(e evict.Eviction) any { return listed(e.Refusals, refusalOf) }},
		{"budgets", func(e evict.Eviction) any { return listed(e.Budgets, budgetOf) }},
		{"initiator", func(e evict.Eviction) any { return known(string(e.Initiator.Kind)) }},
		{"confidence", func(e evict.Eviction) any { return confidenceOf(e.Initiator) }},
		{"user", func(e evict.Eviction) any { return known(e.Actor.User) }},
		{"canonicalArn", func(e evict.Eviction) any { return known(e.Actor.CanonicalARN) }},
		{"userAgent", func(e evict.Eviction) any { return known(e.Actor.UserAgent) }},
		{"dryRun", func(e evict.Eviction) any { return e.DryRun.String() }},
		{"acceptedAt", func(e evict.Eviction) any { return moment(e.AcceptedAt) }},
		{"goneAt", func(e evict.Eviction) any { return moment(e.GoneAt) }},
		{"evidence", func(e evict.Eviction) any { return evidenceOf(at, e.Initiator.Evidence, e.Evidence) }},
	}
}

// evictionDetail is what matters beyond the outcome.
func evictionDetail(e evict.Eviction) string {
	dry := dryRunText(e.DryRun)
	if e.DryRun == evict.DryRunUnknown && e.Outcome != evict.Accepted {
		dry = "" // a refusal changed nothing in any case
	}
	return phrases(dry, personal(e.Initiator, e.Actor), refusedText(e), since("gone", e.AcceptedAt, e.GoneAt))
}

// refusedText says what was in the way of an eviction, and how often unless that
// is how it ended, at each try.
func refusedText(e evict.Eviction) string {
	if len(e.Refusals) == 0 {
		return ""
	}
	often := ""
	if len(e.Refusals) > 1 || e.Refusals[0].Count < e.Tries {
		counts := make([]string, len(e.Refusals))
		for i, r := range e.Refusals {
			counts[i] = r.Outcome.String() + " " + times(r.Count)
		}
		often = strings.Join(counts, ", ")
	}
	if len(e.Budgets) > 0 {
		return phrases(often, budgetText(e.Budgets))
	}
	return phrases(often, e.Refusals[len(e.Refusals)-1].Message)
}
