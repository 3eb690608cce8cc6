package evict

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit/audittest"
)

// update has the members that say what must come out, and the table of the
// package comment, written instead of checked.
var update = flag.Bool("update", false, "rewrite what the tests compare with")

const initiatorDir = "../testdata/initiators"

// TestInitiatorVectors holds Initiator to the vectors of testdata/initiators. A
// vector has events, and for each of them who is behind it, the conditions of
// the rule, and the evidence. Each rule must be the one that counts for some
// event.
func TestInitiatorVectors(t *testing.T) {
	shown := map[*Rule]bool{}
	for _, v := range initiatorVectors(t) {
		t.Run(strings.TrimSuffix(v.Path, ".txtar"), func(t *testing.T) {
			if v.Title == "" || v.Header["source"] == "" {
				t.Error("a vector needs a title and a source")
			}
			var got strings.Builder
			for _, req := range vectorRequests(t, v) {
				rule := req.ruleFor(nil)
				shown[rule] = true
				checkTrust(t, &req, rule)
				renderInitiator(&got, rule, req.Initiator(nil))
			}
			checkWant(t, v, got.String())
		})
	}
	for _, list := range [][]Rule{initiatorRules, fallbackRules} {
		for i := range list {
			if !shown[&list[i]] {
				t.Errorf("no vector shows the rule %s: %s", list[i].Kind, conditions(&list[i]))
			}
		}
	}
}

// checkTrust checks that no rule that matches has more trust than the one that
// counts.
func checkTrust(t *testing.T, req *Request, counts *Rule) {
	t.Helper()
	for i := range initiatorRules {
		r := &initiatorRules[i]
		if r.matches(req) && (counts == nil || r.trust() < counts.trust()) {
			t.Errorf("%s: the rule %s: %s has more trust", req.Actor.User, r.Kind, conditions(r))
		}
	}
}

func initiatorVectors(tb testing.TB) []audittest.Vector {
	tb.Helper()
	all, err := audittest.Load(os.DirFS(initiatorDir), "*.txtar", "source", "compute", "marks")
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// vectorRequests are the requests of a vector. Its keys compute and marks say
// what the pod ran on and how its node was marked, which no request tells.
func vectorRequests(tb testing.TB, v audittest.Vector) []Request {
	tb.Helper()
	compute := map[string]Compute{"": ComputeUnknown, "fargate": Fargate, "instance": Instance}[v.Header["compute"]]
	events, _ := v.File("events")
	var list []Request
	for line := range strings.Lines(events) {
		var ev auditv1.Event
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			tb.Fatal(err)
		}
		req := vectorRequest(tb, &ev)
		req.Compute, req.NodeMarks = compute, strings.Fields(v.Header["marks"])
		list = append(list, req)
	}
	return list
}

func vectorRequest(tb testing.TB, ev *auditv1.Event) Request {
	tb.Helper()
	req := requestOf(ev)
	if ev.RequestObject == nil {
		return req
	}
	var body struct {
		APIVersion string
		Metadata   struct{ Annotations map[string]string }
	}
	if err := json.Unmarshal(ev.RequestObject.Raw, &body); err != nil {
		tb.Fatal(err)
	}
	req.APIVersion, req.Annotations = body.APIVersion, body.Metadata.Annotations
	return req
}

// renderInitiator writes what an initiator is, and by which rule.
func renderInitiator(b *strings.Builder, rule *Rule, in Initiator) {
	kind := in.Kind
	if kind == "" {
		kind = "-"
	}
	fmt.Fprintf(b, "%s %s %s\n", kind, in.Class, in.Confidence)
	if rule != nil {
		fmt.Fprintf(b, "\trule: %s\n", conditions(rule))
	}
	if in.Detail != "" {
		fmt.Fprintf(b, "\tdetail: %s\n", in.Detail)
	}
	for _, e := range in.Evidence {
		fmt.Fprintf(b, "\t%s\n", strings.TrimSpace(e.Field+" = "+e.Value))
	}
}

// checkWant compares what came out with the member want, or writes it.
func checkWant(t *testing.T, v audittest.Vector, got string) {
	t.Helper()
	want, ok := v.File("want")
	if !ok {
		t.Fatal("no member want")
	}
	if !*update {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		return
	}
	path := filepath.Join(initiatorDir, v.Path)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(text), "-- want --\n")
	if err := os.WriteFile(path, []byte(head+"-- want --\n"+got), 0o666); err != nil {
		t.Fatal(err)
	}
}
