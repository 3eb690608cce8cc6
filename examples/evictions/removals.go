package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/evictlog/evictlog/evict"
)

// removalTable is what people see of a removal.
var removalTable = []column[evict.Removal]{
	{"TIME", func(m evict.Removal) any { return removalTime(m) }},
	{"NAMESPACE", func(m evict.Removal) any { return m.Namespace }},
	{"POD", func(m evict.Removal) any { return m.Pod }},
	{"NODE", func(m evict.Removal) any { return m.Node }},
	{"WAY", func(m evict.Removal) any { return m.Way }},
	{"BY", func(m evict.Removal) any { return initiatorText(m.Initiator) }},
	{"DETAIL", func(m evict.Removal) any { return removalDetail(m) }},
}

// removalRecord is what programs get of a removal.
func removalRecord(at places) []column[evict.Removal] {
	return []column[evict.Removal]{
		{"time", func(m evict.Removal) any { return removalTime(m) }},
		{"namespace", func(m evict.Removal) any { return m.Namespace }},
		{"pod", func(m evict.Removal) any { return m.Pod }},
		{"uid", func(m evict.Removal) any { return known(m.UID) }},
		{"node", func(m evict.Removal) any { return known(m.Node) }},
		{"owner", func(m evict.Removal) any { return ownerOf(m.Owner) }},
		{"compute", func(m evict.Removal) any { return m.Compute.String() }},
		{"way", func(m evict.Removal) any { return m.Way.String() }},
		{"initiator", func(m evict.Removal) any { return known(string(m.Initiator.Kind)) }},
		{"confidence", func(m evict.Removal) any { return confidenceOf(m.Initiator) }},
		{"user", func(m evict.Removal) any { return known(behind(m).User) }},
		{"canonicalArn", func(m evict.Removal) any { return known(behind(m).CanonicalARN) }},
		{"userAgent", func(m evict.Removal) any { return known(behind(m).UserAgent) }},
		{"carriedOutBy", func(m evict.Removal) any { return carriedOutBy(m) }},
		{"createdAt", func(m evict.Removal) any { return moment(m.CreatedAt) }},
		{"decidedAt", func(m evict.Removal) any { return moment(m.DecidedAt) }},
		{"goneAt", func(m evict.Removal) any { return moment(m.GoneAt) }},
		{"replacement", func(m evict.Removal) any { return known(m.Replacement) }},
		{"readyAt", func(m evict.Removal) any { return moment(m.ReadyAt) }},
		{"down", func(m evict.Removal) any { return positive(int64(m.DownWithOwner)) }},
		{"protections", func(m evict.Removal) any { return texts(slices.Sorted(maps.Keys(m.Protections))) }},
		{"exitCodes", func(m evict.Removal) any { return exitCodes(m.ExitCodes) }},
		{"evidence", func(m evict.Removal) any { return evidenceOf(at, m.Initiator.Evidence, m.Evidence) }},
	}
}

// removalTime is when it was decided, or when the pod was gone if the decision
// is not in the log.
func removalTime(m evict.Removal) any {
	if m.DecidedAt.IsZero() {
		return moment(m.GoneAt)
	}
	return m.DecidedAt
}

// behind is the one whom the initiator is about.
func behind(m evict.Removal) evict.Actor {
	if m.Initiator.Actor.User == "" {
		return m.Actor
	}
	return m.Initiator.Actor
}

// carriedOutBy is who made the request, if another one had it made.
func carriedOutBy(m evict.Removal) any {
	if m.Actor.User == behind(m).User {
		return nil
	}
	return known(m.Actor.User)
}

// exitCodes are those of the containers, in the order of their names.
func exitCodes(codes map[string]int32) any {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(codes)) {
		texts = append(texts, fmt.Sprintf("%s: %d", name, codes[name]))
	}
	if texts == nil {
		return nil
	}
	return texts
}

// removalDetail is what matters beyond the way.
func removalDetail(m evict.Removal) string {
	refused := 0
	for _, e := range m.Evictions {
		for _, r := range e.Refusals {
			refused += r.Count
		}
	}
	tried, by, ready := "", "", since("replaced", m.DecidedAt, m.ReadyAt)
	if refused > 0 {
		tried = "evictions refused " + times(refused)
	}
	if user := carriedOutBy(m); user != nil {
		by = fmt.Sprintf("carried out by %v", user)
	}
	if ready == "" {
		ready = since("replaced", m.DecidedAt, m.ReplacedAt)
	}
	down := ""
	if m.DownWithOwner > 1 {
		down = fmt.Sprintf("%d of its owner down at once", m.DownWithOwner)
	}
	return phrases(personal(m.Initiator, behind(m)), by, tried, since("gone", m.DecidedAt, m.GoneAt), ready, down)
}
