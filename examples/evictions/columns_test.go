package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
)

func TestInitiatorText(t *testing.T) {
	for want, i := range map[string]evict.Initiator{
		"?":                             {},
		"karpenter":                     {Kind: evict.Karpenter, Confidence: evict.High},
		"eks-auto-mode (low)":           {Kind: evict.EKSAutoMode, Confidence: evict.Low},
		"descheduler Strategy (medium)": {Kind: evict.Descheduler, Confidence: evict.Medium, Detail: "Strategy"},
	} {
		if got := initiatorText(i); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestEvictionDetail(t *testing.T) {
	tool := evict.Initiator{Kind: evict.Karpenter, Class: evict.Automation}
	person := evict.Initiator{Kind: evict.Kubectl, Class: evict.Human}
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	blocked := func(n int) []evict.Refusal { return []evict.Refusal{{Outcome: evict.BlockedByBudget, Count: n}} }
	for want, e := range map[string]evict.Eviction{
		"":                 {Outcome: evict.Accepted, DryRun: evict.DryRunNo, Initiator: tool, Tries: 1},
		"may be a dry run": {Outcome: evict.Accepted, Initiator: tool, Tries: 1},
		"gone after 1m30s": {Outcome: evict.Accepted, DryRun: evict.DryRunNo, Initiator: tool, AcceptedAt: at, GoneAt: at.Add(90 * time.Second)},
		"dry run; user bob as alice; budget b needs 2 healthy pods and has 1": {
			Outcome: evict.BlockedByBudget, DryRun: evict.DryRunYes, Initiator: person, Actor: evict.Actor{User: "bob", Impersonated: "alice"},
			Tries: 3, Refusals: blocked(3), Budgets: []evict.Budget{{Name: "b", Needs: 2, Has: 1, Counted: true}},
		},
		"user (not authenticated); the message": {
			Outcome: evict.Unauthenticated, Tries: 1, Refusals: []evict.Refusal{{Outcome: evict.Unauthenticated, Count: 1, Message: "the message"}},
		},
		"blocked-by-budget once; budget b": {
			Outcome: evict.Accepted, DryRun: evict.DryRunNo, Initiator: tool, Tries: 2, Refusals: blocked(1), Budgets: []evict.Budget{{Name: "b"}},
		},
	} {
		if got := evictionDetail(e); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestEvidence is about fields that several findings share, and one that is not
// there.
func TestEvidence(t *testing.T) {
	user := evict.Evidence{Field: "user.username", Value: "bob", Pos: audit.Pos{File: "f", Line: 3}}
	none := evict.Evidence{Field: "requestObject.deleteOptions.dryRun", Pos: audit.Pos{File: "f"}}
	line := func(p audit.Pos) (int, error) { return p.Line + 1, nil }
	got := evidenceOf(line, []evict.Evidence{user}, []evict.Evidence{none, user})
	want := list[evidence]{{"user.username", "bob", "f", 4}, {"requestObject.deleteOptions.dryRun", "", "f", 1}}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if text := want.String(); text != "f:4: user.username = bob; f:1: requestObject.deleteOptions.dryRun is not there" {
		t.Errorf("as a text %q", text)
	}
}
