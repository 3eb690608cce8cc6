package evict

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFinal says of each outcome whether an eviction ends with it.
func TestFinal(t *testing.T) {
	final := map[Outcome]bool{Accepted: true, TakenOver: true, NotFound: true, NamespaceNotFound: true, UIDMismatch: true}
	for o := range Outcome(len(outcomeNames)) {
		if o.Final() != final[o] {
			t.Errorf("%v.Final() = %v", o, o.Final())
		}
	}
}

// brief is an eviction in one line.
func brief(e Eviction) string {
	s := fmt.Sprintf("%s %q %s %d %v dry:%v", e.Pod, e.UID, e.Actor.User, e.Tries, e.Outcome, e.DryRun)
	for _, r := range e.Refusals {
		s += fmt.Sprintf(" %v×%d", r.Outcome, r.Count)
	}
	for _, b := range e.Budgets {
		s += " " + b.Name
	}
	if !e.GoneAt.IsZero() {
		s += " gone"
	}
	return s
}

func TestEvictionFold(t *testing.T) {
	tests := []struct {
		name string
		tell func(*tale)
		want []string
	}{
		{"refused, accepted, gone", func(s *tale) {
			s.evicts(0, alice, "web-0", BlockedByBudget)
			s.evicts(5, alice, "web-0", BlockedByBudget)
			s.evicts(10, alice, "web-0", MultipleBudgets)
			s.evicts(15, alice, "web-0", Accepted)
			s.ends(45, "web-0", node1)
		}, []string{`web-0 "uid-web-0" alice 4 accepted dry:no blocked-by-budget×2 multiple-budgets×1 pdb gone`}},
		{"again while it terminates, then not found", func(s *tale) {
			s.evicts(0, alice, "web-0", Accepted)
			s.evicts(5, alice, "web-0", Accepted)
			s.ends(8, "web-0", node1)
			s.evicts(10, alice, "web-0", NotFound)
		}, []string{`web-0 "uid-web-0" alice 3 accepted dry:no not-found×1 gone`}},
		{"by two actors, who did not see each other", func(s *tale) {
			s.evicts(0, alice, "web-0", BlockedByBudget)
			s.evicts(1, karpenter, "web-0", BlockedByBudget)
			s.evicts(2, alice, "web-0", Accepted)
		}, []string{
			`web-0 "" alice 2 accepted dry:no blocked-by-budget×1 pdb`,
			`web-0 "" system:serviceaccount:kube-system:karpenter 1 blocked-by-budget dry:no blocked-by-budget×1 pdb`,
		}},
		{"rehearsed, then meant", func(s *tale) {
			s.evicts(0, alice, "web-0", Accepted).dry()
			s.evicts(5, alice, "web-0", Accepted)
			s.ends(8, "web-0", node1)
		}, []string{
			`web-0 "uid-web-0" alice 1 accepted dry:yes`,
			`web-0 "uid-web-0" alice 1 accepted dry:no gone`,
		}},
		{"refused after it was accepted: another pod has the name", func(s *tale) {
			s.evicts(0, alice, "web-0", Accepted)
			s.evicts(60, alice, "web-0", BlockedByBudget)
		}, []string{
			`web-0 "" alice 1 accepted dry:no`,
			`web-0 "" alice 1 blocked-by-budget dry:no blocked-by-budget×1 pdb`,
		}},
		{"two pods of a StatefulSet, one after another, known by their ends", func(s *tale) {
			s.evicts(0, alice, "db-0", Accepted)
			s.ends(10, "db-0", node1).uid = "first"
			s.evicts(20, alice, "db-0", Accepted)
			s.ends(30, "db-0", node1).uid = "second"
		}, []string{
			`db-0 "first" alice 1 accepted dry:no gone`,
			`db-0 "second" alice 1 accepted dry:no gone`,
		}},
		{"two pods of a StatefulSet, known by the creation between", func(s *tale) {
			s.evicts(0, alice, "db-0", BlockedByBudget)
			s.made(10, "db-0")
			s.evicts(20, alice, "db-0", BlockedByBudget)
		}, []string{
			`db-0 "" alice 1 blocked-by-budget dry:no blocked-by-budget×1 pdb`,
			`db-0 "uid-db-0" alice 1 blocked-by-budget dry:no blocked-by-budget×1 pdb`,
		}},
		{"the uid comes with the last word", func(s *tale) {
			s.evicts(0, karpenter, "web-0", BlockedByBudget)
			r := s.evicts(5, karpenter, "web-0", Accepted)
			r.uid, r.attempt.UID = "uid-web-0", "uid-web-0"
		}, []string{`web-0 "uid-web-0" system:serviceaccount:kube-system:karpenter 2 accepted dry:no blocked-by-budget×1 pdb`}},
		{"unanswered, then answered", func(s *tale) {
			s.evicts(0, alice, "web-0", Unanswered)
			s.evicts(5, alice, "web-0", BlockedByBudget)
			s.evicts(10, alice, "web-0", Unanswered)
		}, []string{`web-0 "" alice 3 blocked-by-budget dry:no blocked-by-budget×1 pdb`}},
		{"a session of the same role", func(s *tale) {
			for i := range 3 {
				r := s.evicts(float64(i), "eks:node-manager", "web-0", BlockedByBudget)
				r.attempt.Actor.CanonicalARN = "arn:aws:iam::123456789012:role/NodeManagerRole"
				r.attempt.Actor.SessionName = fmt.Sprint(i)
				r.attempt.Actor.SourceIP = fmt.Sprintf("192.0.2.%d", i)
			}
		}, []string{`web-0 "" eks:node-manager 3 blocked-by-budget dry:no blocked-by-budget×3 pdb`}},
		{"a get is no eviction", func(s *tale) {
			s.evicts(0, alice, "web-0", NotFound).attempt.Verb = "get"
		}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var s tale
			test.tell(&s)
			var got []string
			for _, e := range s.tell(nil).Evictions {
				got = append(got, brief(e))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompute(t *testing.T) {
	profile := ProfileSelector{Namespace: "n?", Labels: map[string]string{"team": "a*"}}
	tests := []struct {
		name string
		pod  pod
		hint Hint
		want Compute
		tell string // the field of the evidence
	}{
		{"nothing", pod{}, Hint{}, ComputeUnknown, ""},
		{"node of Fargate", pod{node: "fargate-ip-10-0-0-1.ec2.internal"}, Hint{}, Fargate, ""},
		{"other node", pod{node: node1}, Hint{}, Instance, ""},
		{"label", pod{labels: map[string]string{fargateLabel: "fp"}}, Hint{}, Fargate, "metadata.labels." + fargateLabel},
		{"scheduler", pod{scheduler: fargateScheduler}, Hint{}, Fargate, "spec.schedulerName"},
		{"binding", pod{boundBy: fargateBinder}, Hint{}, Fargate, "user.username"},
		{"hint of the node", pod{node: "n1"}, Hint{Nodes: []string{"n1"}}, Fargate, "Hint.Nodes"},
		{"hint of a profile", pod{namespace: "ns", labels: map[string]string{"team": "ab"}}, Hint{Profiles: []ProfileSelector{profile}}, Fargate, "Hint.Profiles"},
		{"another label", pod{namespace: "ns", labels: map[string]string{"team": "b"}}, Hint{Profiles: []ProfileSelector{profile}}, ComputeUnknown, ""},
		{"another namespace", pod{namespace: "prod", labels: map[string]string{"team": "ab"}}, Hint{Profiles: []ProfileSelector{profile}}, ComputeUnknown, ""},
		{"a profile, but made before it", pod{namespace: "ns", node: node1, labels: map[string]string{"team": "ab"}}, Hint{Profiles: []ProfileSelector{profile}}, Instance, ""},
	}
	for _, test := range tests {
		if got, why := test.pod.compute(test.hint); got != test.want || why.Field != test.tell {
			t.Errorf("%s: %v by %q, want %v by %q", test.name, got, why.Field, test.want, test.tell)
		}
	}
}
