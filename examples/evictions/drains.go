package main

import (
	"time"

	"github.com/evictlog/evictlog/evict"
)

// drainTable is what people see of a drain.
var drainTable = []column[evict.Drain]{
	{"TIME", func(d evict.Drain) any { return moment(d.Start) }},
	{"NODE", func(d evict.Drain) any { return d.Node }},
	{"OUTCOME", func(d evict.Drain) any { return d.Outcome }},
	{"TOOK", func(d evict.Drain) any { return d.End.Sub(d.Start).Round(time.Millisecond) }},
	{"PODS", func(d evict.Drain) any { return len(podsOf(d)) }},
	{"TRIES", func(d evict.Drain) any { return d.Tries }},
	{"BY", func(d evict.Drain) any { return initiatorText(d.Initiator) }},
	{"DETAIL", func(d evict.Drain) any { return drainDetail(d) }},
}

// drainRecord is what programs get of a drain.
func drainRecord(at places) []column[evict.Drain] {
	return []column[evict.Drain]{
		{"time", func(d evict.Drain) any { return moment(d.Start) }},
		{"node", func(d evict.Drain) any { return d.Node }},
		{"compute", func(d evict.Drain) any { return d.Compute.String() }},
		{"outcome", func(d evict.Drain) any { return d.Outcome.String() }},
		{"pods", func(d evict.Drain) any { return podsOf(d) }},
		{"blocked", func(d evict.Drain) any { return texts(blockedOf(d)) }},
		{"tries", func(d evict.Drain) any { return d.Tries }},
		{"refused", func(d evict.Drain) any { return d.Refused }},
		{"initiator", func(d evict.Drain) any { return known(string(d.Initiator.Kind)) }},
		{"confidence", func(d evict.Drain) any { return confidenceOf(d.Initiator) }},
		{"user", func(d evict.Drain) any { return known(d.Actor.User) }},
		{"canonicalArn", func(d evict.Drain) any { return known(d.Actor.CanonicalARN) }},
		{"userAgent", func(d evict.Drain) any { return known(d.Actor.UserAgent) }},
		{"dryRun", func(d evict.Drain) any { return d.DryRun.String() }},
		{"cordonedAt", func(d evict.Drain) any { return moment(d.CordonedAt) }},
		{"cordonedBy", func(d evict.Drain) any { return known(d.CordonedBy.User) }},
		{"taints", func(d evict.Drain) any { return texts(d.Taints) }},
		{"endedAt", func(d evict.Drain) any { return moment(d.End) }},
		{"uncordonedAt", func(d evict.Drain) any { return moment(d.UncordonedAt) }},
		{"deletedAt", func(d evict.Drain) any { return moment(d.DeletedAt) }},
		{"deletedBy", func(d evict.Drain) any { return known(d.DeletedBy.User) }},
		{"evidence", func(d evict.Drain) any { return evidenceOf(at, d.Initiator.Evidence, d.Evidence) }},
	}
}

// texts leaves out an empty list.
func texts(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

// podsOf are the pods of a drain, as namespace/name, each once: one that was
// evicted twice is there twice as an eviction.
func podsOf(d evict.Drain) []string {
	pods := []string{}
	seen := map[string]bool{}
	add := func(namespace, pod string) {
		name := namespace + "/" + pod
		if !seen[name] {
			pods, seen[name] = append(pods, name), true
		}
	}
	for _, e := range d.Evictions {
		add(e.Namespace, e.Pod)
	}
	for _, m := range d.Removals {
		add(m.Namespace, m.Pod)
	}
	return pods
}

// blockedOf are the pods that it could not evict, with what was in the way.
func blockedOf(d evict.Drain) []string {
	var blocked []string
	for _, e := range d.Evictions {
		if e.Outcome == evict.Accepted || e.Outcome.Final() || !e.GoneAt.IsZero() {
			continue
		}
		text := e.Namespace + "/" + e.Pod + ": " + e.Outcome.String()
		if len(e.Budgets) > 0 {
			text += ", " + budgetText(e.Budgets)
		}
		blocked = append(blocked, text)
	}
	return blocked
}

// drainDetail is what matters beyond the outcome.
func drainDetail(d evict.Drain) string {
	refused, cordon := "", ""
	if d.Refused > 0 {
		refused = "refused " + times(d.Refused)
	}
	if user := d.CordonedBy.User; user != "" && user != d.Actor.User {
		cordon = "cordoned by " + user
	}
	all := append([]string{personal(d.Initiator, d.Actor), cordon, refused}, blockedOf(d)...)
	return phrases(append(all, since("uncordoned", d.Start, d.UncordonedAt), since("node deleted", d.Start, d.DeletedAt))...)
}
