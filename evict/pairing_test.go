package evict

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// TestPairingLimit checks what is remembered, and given up, by a pairing that
// remembers three requests. An item is the number of a request, + its arrival
// and - its answer.
func TestPairingLimit(t *testing.T) {
	for _, test := range []struct {
		name string
		in   []string
		want []string // what comes out, in order
	}{
		{"in order", []string{"+1", "-1", "+2", "-2"}, []string{"-1", "-2"}},
		{"answer first", []string{"-1", "+1"}, []string{"-1"}},
		{"twice", []string{"+1", "+1", "-1", "-1", "+1"}, []string{"-1"}},
		{"unanswered in log order", []string{"+3", "+1", "-2", "+2"}, []string{"-2", "+3", "+1"}},
		{"three may wait", []string{"+1", "+2", "+3", "-1", "-2", "-3"}, []string{"-1", "-2", "-3"}},
		{"of six the first three are given up", []string{"+1", "+2", "+3", "+4", "+5", "+6", "-6"},
			[]string{"+1", "+2", "+3", "-6", "+4", "+5"}},
		{"a late answer counts", []string{"+1", "+2", "+3", "+4", "+5", "+6", "-1"},
			[]string{"+1", "+2", "+3", "-1", "+4", "+5", "+6"}},
		{"three answers are remembered", []string{"-1", "-2", "-3", "+1"}, []string{"-1", "-2", "-3"}},
		{"six are not", []string{"-1", "-2", "-3", "-4", "-5", "-6", "+1"},
			[]string{"-1", "-2", "-3", "-4", "-5", "-6", "+1"}},
	} {
		p := newPairing(3)
		var got []string
		give := func(list []Attempt) {
			for _, at := range list {
				got = append(got, at.Message)
			}
		}
		for _, item := range test.in {
			at := Attempt{AuditID: item[1:], Message: item, Stage: auditv1.StageRequestReceived}
			if item[0] == '-' {
				at.Stage = auditv1.StageResponseComplete
			}
			give(p.add(at, requestKey{auditID: at.AuditID}))
		}
		give(p.rest())
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestPairingMemory checks that neither side grows with the log.
func TestPairingMemory(t *testing.T) {
	p := newPairing(8)
	for i := range 1000 {
		key := requestKey{auditID: fmt.Sprint(i)}
		p.add(Attempt{Stage: auditv1.StageRequestReceived}, key)
		p.add(Attempt{Stage: auditv1.StageResponseComplete}, requestKey{auditID: fmt.Sprint(-i)})
		waiting, answered := len(p.waiting[0])+len(p.waiting[1]), len(p.answered[0])+len(p.answered[1])
		if waiting > 16 || answered > 16 {
			t.Fatalf("after %d requests, %d wait and %d are remembered", i, waiting, answered)
		}
	}
}
