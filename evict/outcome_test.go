package evict

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// TestOutcomeTable holds the table of the package comment to the rules.
func TestOutcomeTable(t *testing.T) {
	var want strings.Builder
	put := func(outcome, when string) {
		fmt.Fprintf(&want, "//\t%-23s %s\n", outcome, when)
	}
	put("OUTCOME", "RULE")
	for _, r := range rules {
		put(r.outcome.String(), r.when)
	}
	put(Unknown.String(), "anything else")

	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for line := range strings.Lines(string(doc)) {
		if strings.HasPrefix(line, "//\t") {
			got.WriteString(line)
		}
	}
	if diff := cmp.Diff(want.String(), got.String()); diff != "" {
		t.Errorf("doc.go (-want +got):\n%s\nthe table should be\n%s", diff, want.String())
	}
}

func TestRules(t *testing.T) {
	ruled := map[Outcome]bool{Unknown: true}
	for i, r := range rules {
		if r.when == "" || r.source == "" || r.field == "" || r.match == nil {
			t.Errorf("rule %d (%v) is not complete", i, r.outcome)
		}
		ruled[r.outcome] = true
	}
	for o := range Outcome(len(outcomeNames)) {
		if outcomeNames[o] == "" {
			t.Errorf("outcome %d has no name", o)
		}
		if !ruled[o] {
			t.Errorf("%v has no rule", o)
		}
	}
	for _, take := range takeovers {
		if take.webhook == "" || take.text == "" || take.source == "" {
			t.Errorf("take-over %+v is not complete", take)
		}
	}
}

func TestOutcomeString(t *testing.T) {
	for o, want := range map[Outcome]string{
		Unknown:         "unknown",
		BlockedByBudget: "blocked-by-budget",
		ServerError:     "server-error",
		ServerError + 1: "unknown",
		255:             "unknown",
	} {
		if got := o.String(); got != want {
			t.Errorf("Outcome(%d).String() = %q, want %q", uint8(o), got, want)
		}
	}
}

// TestCodes checks the codes of which nothing but the number counts, with an
// answer that says nothing more.
func TestCodes(t *testing.T) {
	for code, want := range map[int32]Outcome{
		0:   Unknown,
		200: Accepted,
		201: Accepted,
		202: Accepted,
		301: Unknown,
		400: BadRequest,
		401: Unauthenticated,
		403: Forbidden,
		404: Unknown,
		405: MethodNotAllowed,
		406: UnsupportedMediaType,
		408: Unknown,
		409: Conflict,
		410: Unknown,
		413: BadRequest,
		415: UnsupportedMediaType,
		422: Invalid,
		429: Throttled,
		500: ServerError,
		502: ServerError,
		503: ServerError,
		504: Timeout,
		600: Unknown,
		-1:  Unknown,
	} {
		ev := &auditv1.Event{
			Stage:          auditv1.StageResponseComplete,
			Verb:           "create",
			ObjectRef:      &auditv1.ObjectReference{Resource: "pods", Subresource: "eviction"},
			ResponseStatus: &metav1.Status{Code: code},
		}
		at, ok := FromEvent(ev)
		if !ok || at.Outcome != want {
			t.Errorf("%d: %v, %v, want %v", code, at.Outcome, ok, want)
		}
	}
}
