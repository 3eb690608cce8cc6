package evict_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/evict"
)

// TestJudgeLab judges pods and nodes of a real control plane, none of which was
// on Fargate.
func TestJudgeLab(t *testing.T) {
	l, ok := readLab(t)
	if !ok {
		return
	}
	tests := []struct {
		namespace, pod, node string
		answer               evict.Answer
		way                  evict.Way
		kind                 evict.Kind
		says                 string
	}{
		{"t1", "plain", "", evict.OtherCause, evict.Evicted, "", "No: kubernetes-admin evicted the pod at "},
		{"t2", "blocked", "", evict.OtherCause, evict.Evicted, evict.Kubectl, "No: kubectl (kubernetes-admin) evicted the pod at "},
		{"t1", "w0", "", evict.OtherCause, evict.TaintEvicted, evict.TaintManager, "because of a taint of its node"},
		{"t6", "web-65b99bb6ff-hd2wh", "", evict.OtherCause, evict.ScaledDown, evict.Kubectl, "kubectl (kubernetes-admin) scaled the workload down"},
		{"t6", "web-65b99bb6ff-mqbpf", "", evict.OtherCause, evict.ForceDeleted, evict.Kubectl, "deleted the pod by force"},
		{"t6", "web-65b99bb6ff-fvdlz", "", evict.OtherCause, evict.Cascaded, evict.Kubectl, "kubectl (kubernetes-admin) deleted the owner of the pod"},
		{"t2", "orphan", "", evict.OtherCause, evict.GarbageCollected, evict.Kubectl, "kubectl (kubernetes-admin) deleted the node"},
		// An eviction that a policy refused: the pod lives.
		{"t8", "v", "", evict.Undecided, evict.WayUnknown, "", "does not show that the pod was removed"},
		{"t1", "nosuch", "", evict.Undecided, evict.WayUnknown, "", "does not show that the pod was removed"},
		{"t9", "never", "", evict.Undecided, evict.WayUnknown, "", "nothing about the removal"},
		{"", "", "ip-10-0-1-12.ec2.internal", evict.OtherCause, evict.WayUnknown, evict.Kubectl, "No: kubectl (kubernetes-admin) drained node ip-10-0-1-12.ec2.internal"},
	}
	for _, test := range tests {
		target := evict.Target{Namespace: test.namespace, Pod: test.pod, Node: test.node}
		t.Run(strings.Trim(test.namespace+" "+test.pod+test.node, " "), func(t *testing.T) {
			v := judge(t, l.events, target, nil)
			checkVerdict(t, &v)
			if v.Answer != test.answer || v.Way != test.way || v.Initiator.Kind != test.kind || !strings.Contains(v.Summary, test.says) {
				t.Errorf("%v, %v, %q: %s\n%s", v.Answer, v.Way, v.Initiator.Kind, v.Summary, strings.Join(v.Why, "\n"))
			}
			shuffled := slices.Clone(l.events)
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if diff := cmp.Diff(v, judge(t, shuffled, target, nil), anywhere); diff != "" {
				t.Errorf("shuffled (-want +got):\n%s", diff)
			}
		})
	}
}
