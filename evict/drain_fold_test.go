package evict

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDrains(t *testing.T) {
	const fargate = "fargate-ip-10-0-0-9.ec2.internal"
	tests := []struct {
		name string
		tell func(*tale)
		want []string
	}{
		{"one pod, nobody cordoned", func(s *tale) {
			s.evicts(10, alice, "web-a", Accepted)
		}, nil},
		{"one pod, cordoned", func(s *tale) {
			s.cordons(9, alice, node1, true)
			s.evicts(10, alice, "web-a", Accepted)
			s.ends(20, "web-a", node1)
		}, []string{"alice [web-a] cordoned by alice 1/0 done dry:no"}},
		{"cordoned by another", func(s *tale) {
			s.cordons(9, "bob", node1, true)
			s.evicts(10, alice, "web-a", Accepted)
		}, []string{"alice [web-a] cordoned by bob 1/0 done dry:no"}},
		{"cordoned two hours before", func(s *tale) {
			s.cordons(9, "bob", node1, true)
			s.evicts(7209, alice, "web-a", Accepted)
		}, nil},
		{"cordoned, and uncordoned before", func(s *tale) {
			s.cordons(8, alice, node1, true)
			s.cordons(9, alice, node1, false)
			s.evicts(12, alice, "web-a", Accepted)
		}, nil},
		{"cordoned three hours before, and put since", func(s *tale) {
			s.cordons(9, "bob", node1, true)
			s.evicts(9.5, "bob", "web-b", BlockedByBudget)
			for i := 1; i < 5; i++ { // his drain goes on, so the cordon is remembered
				s.evicts(float64(i)*3000, "bob", "web-b", BlockedByBudget)
			}
			s.cordons(10000, "labeller", node1, true).node.whole = true
			s.evicts(10010, alice, "web-a", Accepted)
			s.runs(20000, "later", "node-2")
		}, []string{"bob [web-b] cordoned by bob 5/5 blocked dry:no"}},
		{"one pod, with the taint of a drainer", func(s *tale) {
			s.taints(9, karpenter, node1, "karpenter.sh/disrupted", "NoSchedule")
			s.evicts(10, karpenter, "web-a", Accepted)
			s.ends(20, "web-a", node1)
			s.add(30, karpenter, nodeDeleted, "delete", "nodes", node1).namespace = ""
		}, []string{"system:serviceaccount:kube-system:karpenter [web-a] [karpenter.sh/disrupted] 1/0 done dry:no deleted"}},
		{"two pods", func(s *tale) {
			s.evicts(10, alice, "web-a", Accepted)
			s.evicts(11, alice, "web-b", Accepted)
		}, []string{"alice [web-a web-b] 2/0 done dry:no"}},
		{"two pods of two actors", func(s *tale) {
			s.evicts(10, alice, "web-a", Accepted)
			s.evicts(11, karpenter, "web-b", Accepted)
		}, nil},
		{"blocked, and given up", func(s *tale) {
			s.cordons(9, alice, node1, true)
			s.evicts(10, alice, "web-a", BlockedByBudget)
			s.evicts(15, alice, "web-a", BlockedByBudget)
			s.runs(9000, "later", "node-2")
		}, []string{"alice [web-a] cordoned by alice 2/2 blocked dry:no"}},
		{"blocked, and the log ends", func(s *tale) {
			s.cordons(9, alice, node1, true)
			s.evicts(10, alice, "web-a", BlockedByBudget)
		}, []string{"alice [web-a] cordoned by alice 1/1 unfinished dry:no"}},
		{"blocked, then forced", func(s *tale) {
			s.cordons(9, karpenter, node1, true)
			s.evicts(10, karpenter, "web-a", BlockedByBudget)
			s.deletes(20, karpenter, "web-a", node1)
			s.ends(50, "web-a", node1)
		}, []string{"system:serviceaccount:kube-system:karpenter [web-a] cordoned by system:serviceaccount:kube-system:karpenter 1/1 done dry:no"}},
		{"rehearsed", func(s *tale) {
			s.evicts(10, alice, "web-a", Accepted).dry()
			s.evicts(10, alice, "web-b", BlockedByBudget).dry()
		}, []string{"alice [web-a web-b] 2/1 rehearsed dry:yes"}},
		{"two drains, an hour apart", func(s *tale) {
			s.cordons(9, alice, node1, true)
			s.evicts(10, alice, "web-a", BlockedByBudget)
			s.cordons(3700, alice, node1, true)
			s.evicts(3701, alice, "web-b", Accepted)
		}, []string{
			"alice [web-a] cordoned by alice 1/1 blocked dry:no",
			"alice [web-b] cordoned by alice 1/0 done dry:no",
		}},
		{"two drains, with an uncordon between", func(s *tale) {
			s.cordons(9, alice, node1, true)
			s.evicts(10, alice, "web-a", Accepted)
			s.cordons(20, alice, node1, false)
			s.cordons(30, alice, node1, true)
			s.evicts(31, alice, "web-b", Accepted)
		}, []string{
			"alice [web-a] cordoned by alice 1/0 done dry:no uncordoned",
			"alice [web-b] cordoned by alice 1/0 done dry:no",
		}},
		{"without evictions", func(s *tale) {
			s.cordons(9, alice, node1, true)
			s.deletes(10, alice, "web-a", node1)
			s.deletes(10.1, alice, "web-b", node1)
			s.ends(20, "web-a", node1)
			s.ends(21, "web-b", node1)
		}, []string{"alice [] deleted [web-a web-b] cordoned by alice 0/0 done dry:no"}},
		{"on Fargate, by Amazon EKS", func(s *tale) {
			s.runs(1, "web-f", fargate)
			s.evicts(10, "eks:node-manager", "web-f", Accepted)
		}, []string{"eks:node-manager [web-f] 1/0 done dry:no"}},
		{"on Fargate, by a person", func(s *tale) {
			s.runs(1, "web-f", fargate)
			s.evicts(10, alice, "web-f", Accepted)
		}, nil},
		{"the node is told by the end", func(s *tale) {
			s.cordons(9, alice, node1, true)
			s.evicts(10, alice, "web-x", Accepted)
			s.ends(20, "web-x", node1)
		}, []string{"alice [web-x] cordoned by alice 1/0 done dry:no"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var s tale
			s.runs(0, "web-a", node1)
			s.runs(0.01, "web-b", node1)
			test.tell(&s)
			var got []string
			for _, d := range s.tell(nil).Drains {
				got = append(got, briefDrain(d))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// briefDrain is a drain in one line: actor, pods, how it is known, tries and
// refusals, outcome.
func briefDrain(d Drain) string {
	evicted, deleted := []string{}, []string{}
	for _, e := range d.Evictions {
		evicted = append(evicted, e.Pod)
	}
	for _, m := range d.Removals {
		deleted = append(deleted, m.Pod)
	}
	s := fmt.Sprintf("%s %v", d.Actor.User, evicted)
	if len(deleted) > 0 {
		s += fmt.Sprintf(" deleted %v", deleted)
	}
	if !d.CordonedAt.IsZero() {
		s += " cordoned by " + d.CordonedBy.User
	}
	if len(d.Taints) > 0 {
		s += fmt.Sprintf(" %v", d.Taints)
	}
	s += fmt.Sprintf(" %d/%d %v dry:%v", d.Tries, d.Refused, d.Outcome, d.DryRun)
	if !d.DeletedAt.IsZero() {
		s += " deleted"
	}
	if !d.UncordonedAt.IsZero() {
		s += " uncordoned"
	}
	return s
}
