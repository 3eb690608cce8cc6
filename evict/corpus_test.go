package evict_test

import (
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
)

// corpus holds logs of real API servers, next to the checkout. It is too large
// to be part of it, and has to be there where CI is set.
const corpus = "../../shared/corpus"

// corpusLog reads a log of the corpus. It reports false if there is none.
func corpusLog(tb testing.TB, name string) (audit.List, bool) {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(corpus, name))
	if err != nil {
		if os.Getenv("CI") == "true" {
			tb.Fatal(err)
		}
		tb.Logf("not tested: %v", err)
		return nil, false
	}
	return lines(string(text)), true
}

// A tally is what a log holds, counted.
type tally struct {
	requests  int
	anonymous int // without a user
	twoUIDs   int // with both UID and LiveUID
	answers   map[answered]int
	budgets   map[evict.Budget]int
	accepted  map[dryRun]int
	blocked   map[dryRun]int
	assumed   map[string]int // by the impersonated user
}

// An answered is an outcome with the code of its answer.
type answered struct {
	outcome evict.Outcome
	code    int32
}

// A dryRun says what can be told at a level.
type dryRun struct {
	level  auditv1.Level
	dryRun evict.DryRun
}

// corpusTests say what is in the logs of the corpus. The numbers were counted
// from code, reason, message, body and URI with other tools than this package.
var corpusTests = []struct {
	log  string
	want tally
}{
	{
		log: "audit/evictions-levels.jsonl",
		want: tally{
			answers: map[answered]int{
				{evict.Accepted, 201}:             56,
				{evict.BadRequest, 400}:           18,
				{evict.Unauthenticated, 401}:      6,
				{evict.Forbidden, 403}:            24,
				{evict.NotFound, 404}:             6,
				{evict.MethodNotAllowed, 405}:     12,
				{evict.UIDMismatch, 409}:          6,
				{evict.VersionMismatch, 409}:      6,
				{evict.UnsupportedMediaType, 415}: 6,
				{evict.BlockedByBudget, 429}:      40,
				{evict.MultipleBudgets, 500}:      6,
			},
			budgets: map[evict.Budget]int{
				{Name: "blocked", Needs: 2, Has: 2, Counted: true}: 18,
				{Name: "odd", Needs: 1, Has: 1, Counted: true}:     12,
				{Name: "web", Needs: 2, Has: 2, Counted: true}:     8,
				{Name: "web"}: 2,
			},
			accepted: map[dryRun]int{
				{"Metadata", evict.DryRunUnknown}:    16,
				{"Metadata", evict.DryRunYes}:        2,
				{"Request", evict.DryRunNo}:          7,
				{"Request", evict.DryRunYes}:         2,
				{"RequestResponse", evict.DryRunNo}:  23,
				{"RequestResponse", evict.DryRunYes}: 6,
			},
			blocked: map[dryRun]int{
				{"Metadata", evict.DryRunUnknown}:   14,
				{"Request", evict.DryRunNo}:         7,
				{"RequestResponse", evict.DryRunNo}: 19,
			},
			twoUIDs: 6,
			assumed: map[string]int{
				"eks:node-manager": 6,
				"system:serviceaccount:kube-system:karpenter": 6,
			},
			requests:  186,
			anonymous: 6,
		},
	},
	{
		log: "evictions/lab.jsonl",
		want: tally{
			answers: map[answered]int{
				{evict.Accepted, 201}:        16,
				{evict.BadRequest, 400}:      3,
				{evict.Unauthenticated, 401}: 1,
				{evict.Forbidden, 403}:       2,
				{evict.NotFound, 404}:        1,
				{evict.UIDMismatch, 409}:     1,
				{evict.VersionMismatch, 409}: 1,
				{evict.Invalid, 422}:         1,
				{evict.DeniedByPolicy, 422}:  1,
				{evict.BlockedByBudget, 429}: 22,
				{evict.MultipleBudgets, 500}: 2,
			},
			budgets: map[evict.Budget]int{
				{Name: "b-pdb", Needs: 1, Has: 1, Counted: true}: 17,
				{Name: "p-pdb", Needs: 1, Has: 1, Counted: true}: 2,
				{Name: "w-pdb", Needs: 2, Has: 2, Counted: true}: 3,
			},
			accepted: map[dryRun]int{
				{"Metadata", evict.DryRunUnknown}:    1,
				{"Request", evict.DryRunNo}:          1,
				{"RequestResponse", evict.DryRunNo}:  7,
				{"RequestResponse", evict.DryRunYes}: 7,
			},
			blocked: map[dryRun]int{
				{"Metadata", evict.DryRunUnknown}:    1,
				{"Request", evict.DryRunNo}:          1,
				{"RequestResponse", evict.DryRunNo}:  5,
				{"RequestResponse", evict.DryRunYes}: 15,
			},
			twoUIDs:   1,
			assumed:   map[string]int{"bob@example.com": 1},
			requests:  51,
			anonymous: 1,
		},
	},
	{
		log: "audit/audit.log",
		want: tally{
			answers: map[answered]int{
				{evict.Accepted, 201}:        3,
				{evict.BadRequest, 400}:      2,
				{evict.Forbidden, 403}:       1,
				{evict.NotFound, 404}:        1,
				{evict.BlockedByBudget, 429}: 4,
				{evict.MultipleBudgets, 500}: 1,
			},
			budgets: map[evict.Budget]int{{Name: "web-pdb"}: 4},
			accepted: map[dryRun]int{
				{"RequestResponse", evict.DryRunNo}:  2,
				{"RequestResponse", evict.DryRunYes}: 1,
			},
			blocked:  map[dryRun]int{{"RequestResponse", evict.DryRunNo}: 4},
			assumed:  map[string]int{},
			requests: 12,
		},
	},
}

func TestCorpus(t *testing.T) {
	for _, test := range corpusTests {
		t.Run(test.log, func(t *testing.T) {
			log, ok := corpusLog(t, test.log)
			if !ok {
				return
			}
			got := count(t, evict.Attempts(t.Context(), log, nil))
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(tally{}, answered{}, dryRun{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// count counts the attempts, and checks of each what every real one has.
func count(t *testing.T, attempts iter.Seq2[evict.Attempt, error]) tally {
	n := tally{
		answers:  map[answered]int{},
		budgets:  map[evict.Budget]int{},
		accepted: map[dryRun]int{},
		blocked:  map[dryRun]int{},
		assumed:  map[string]int{},
	}
	for at, err := range attempts {
		if err != nil {
			t.Fatal(err)
		}
		if at.Time.IsZero() || at.Answered.Before(at.Time) {
			t.Errorf("%v: received %v, answered %v", at.Pos, at.Time, at.Answered)
		}
		n.requests++
		n.answers[answered{at.Outcome, at.Code}]++
		for _, b := range at.Budgets {
			n.budgets[b]++
		}
		switch at.Outcome {
		case evict.Accepted:
			n.accepted[dryRun{at.Level, at.DryRun}]++
		case evict.BlockedByBudget:
			n.blocked[dryRun{at.Level, at.DryRun}]++
		}
		if at.UID != "" && at.LiveUID != "" {
			n.twoUIDs++
		}
		if at.Actor.Impersonated != "" {
			n.assumed[at.Actor.Impersonated]++
		}
		if at.Actor.User == "" {
			n.anonymous++
		}
	}
	return n
}
