package evicttest

import (
	"time"

	"github.com/evictlog/evictlog/evict"
)

var drainScenarios = []func() Scenario{nodeGroupBlocked, nodeGroupForced, karpenterConsolidation, autoscalerScaleDown,
	kubectlDrain, twoAtOnce, kubectlDryRun, kubectlWithoutEviction}

// nodeGroupCordon is how a managed node group begins with a node. Source:
// observed.
func nodeGroupCordon(l *Log, by Actor) {
	l.Label(instance, "node.kubernetes.io/exclude-from-external-load-balancers", "true", by)
	l.After(230 * time.Millisecond)
	l.Cordon(instance, by)
	l.After(320 * time.Millisecond)
}

func nodeGroupBlocked() Scenario {
	l := NewLog(start)
	by := EKSNodeManager()
	pods := bound(l, instance, "web-65b99bb6ff-hd2wh", "web-65b99bb6ff-tmjhz")
	nodeGroupCordon(l, by)
	cordoned := l.Now().Add(-320 * time.Millisecond)
	l.Evict(pods[0], by, Accepted())
	l.Evict(pods[1], by, Blocked("web-pdb", 1, 1))
	l.After(3 * time.Second)
	l.End(pods[0])
	gone := l.Now()
	for range 2 {
		l.After(time.Minute)
		l.Evict(pods[1], by, Blocked("web-pdb", 1, 1))
	}
	l.After(2 * evict.QuietAfter)
	l.Start(webPod(l, "web-65b99bb6ff-mqbpf", instance2)) // the log goes on
	want := removal(pods[0], evict.Evicted, evict.EKSNodeGroup)
	want.Compute, want.GoneAt = evict.Instance, gone
	return Scenario{
		Name:     "node-group-blocked",
		Story:    "A managed node group drains a node; a budget lets the first pod go and holds the second.",
		Log:      l,
		Attempts: append(attempts(pods[0], evict.Accepted), attempts(pods[1], evict.BlockedByBudget, evict.BlockedByBudget, evict.BlockedByBudget)...),
		Removals: []evict.Removal{want},
		Drains: []evict.Drain{{
			Node: instance, Compute: evict.Instance, CordonedAt: cordoned, CordonedBy: evict.Actor{User: by.User},
			Tries: 4, Refused: 3, Outcome: evict.DrainBlocked, DryRun: evict.DryRunNo, Initiator: evict.Initiator{Kind: evict.EKSNodeGroup},
		}},
		Verdict: evict.Verdict{
			Target: podTarget(pods[0]), Answer: evict.OtherCause, Way: evict.Evicted, Initiator: evict.Initiator{Kind: evict.EKSNodeGroup},
		},
	}
}

func nodeGroupForced() Scenario {
	l := NewLog(start)
	by := EKSNodeManagerLambda()
	p := bound(l, instance, "web-65b99bb6ff-hd2wh")[0]
	nodeGroupCordon(l, by)
	for range 4 {
		l.Evict(p, by, Blocked("web-pdb", 1, 1))
		l.After(5 * time.Minute)
	}
	l.Delete(p, by)
	decided := l.Now()
	l.After(30 * time.Second)
	p.ExitCode = 137
	l.End(p)
	gone := l.Now()
	l.After(time.Minute)
	l.DeleteNode(instance, CloudControllerManager())
	want := removal(p, evict.EvictionForced, evict.EKSNodeGroup)
	want.Compute, want.DecidedAt, want.GoneAt = evict.Instance, decided, gone
	want.ExitCodes = map[string]int32{"app": 137}
	want.Evictions = []evict.Eviction{{
		Tries: 4, Outcome: evict.BlockedByBudget, Refusals: []evict.Refusal{{Outcome: evict.BlockedByBudget, Count: 4}},
		Budgets: []evict.Budget{{Name: "web-pdb", Needs: 1, Has: 1, Counted: true}},
	}}
	return Scenario{
		Name:     "node-group-forced",
		Story:    "A forced update of a managed node group deletes the pod that a budget held for 15 minutes.",
		Log:      l,
		Attempts: attempts(p, evict.BlockedByBudget, evict.BlockedByBudget, evict.BlockedByBudget, evict.BlockedByBudget),
		Removals: []evict.Removal{want},
		Drains: []evict.Drain{{
			Node: instance, Tries: 4, Refused: 4, Outcome: evict.DrainDone, DeletedBy: evict.Actor{User: "eks:cloud-controller-manager"},
		}},
		Verdict: evict.Verdict{
			Target: podTarget(p), Answer: evict.OtherCause, Way: evict.EvictionForced, Initiator: evict.Initiator{Kind: evict.EKSNodeGroup},
		},
	}
}

func karpenterConsolidation() Scenario {
	l := NewLog(start)
	by := Karpenter()
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	p.Annotations = map[string]string{"karpenter.sh/do-not-disrupt": "true"}
	l.Start(p)
	l.After(3 * time.Hour)
	l.Taint(instance, "karpenter.sh/disrupted", "NoSchedule", by)
	l.After(2 * time.Second)
	l.Evict(p, by, Accepted())
	accepted := l.Now()
	next := l.Replace(p, instance2)
	l.After(5 * time.Second)
	l.End(p)
	gone := l.Now()
	l.After(10 * time.Second)
	l.DeleteNode(instance, by)
	want := removal(p, evict.Evicted, evict.Karpenter)
	want.DecidedAt, want.GoneAt, want.Replacement = accepted, gone, next.Name
	want.Protections = map[string]string{"karpenter.sh/do-not-disrupt": "true"}
	return Scenario{
		Name:     "karpenter-consolidation",
		Story:    "Karpenter taints a node, evicts its pod although that asks not to be disrupted, and deletes the node.",
		Log:      l,
		Attempts: attempts(p, evict.Accepted),
		Removals: []evict.Removal{want},
		Drains: []evict.Drain{{
			Node: instance, Taints: []string{"karpenter.sh/disrupted"}, Tries: 1, Outcome: evict.DrainDone,
			DeletedAt: l.Now(), DeletedBy: evict.Actor{User: by.User}, Initiator: evict.Initiator{Kind: evict.Karpenter},
		}},
		Verdict: evict.Verdict{
			Target: evict.Target{Node: instance}, Answer: evict.OtherCause, Initiator: evict.Initiator{Kind: evict.Karpenter},
		},
	}
}

func autoscalerScaleDown() Scenario {
	l := NewLog(start)
	by := ClusterAutoscaler()
	p := bound(l, instance, "web-65b99bb6ff-hd2wh")[0]
	l.Taint(instance, "DeletionCandidateOfClusterAutoscaler", "PreferNoSchedule", by)
	l.After(10 * time.Minute)
	l.Taint(instance, "ToBeDeletedByClusterAutoscaler", "NoSchedule", by)
	l.Evict(p, by, Blocked("web-pdb", 2, 2))
	l.After(10 * time.Second)
	l.Evict(p, by, Accepted())
	l.After(2 * time.Second)
	l.End(p)
	gone := l.Now()
	l.After(time.Minute)
	l.DeleteNode(instance, CloudControllerManager())
	want := removal(p, evict.Evicted, evict.ClusterAutoscaler)
	want.GoneAt, want.Compute = gone, evict.Instance
	want.Evictions = []evict.Eviction{{
		Tries: 2, Outcome: evict.Accepted, Refusals: []evict.Refusal{{Outcome: evict.BlockedByBudget, Count: 1}},
	}}
	return Scenario{
		Name:     "autoscaler-scale-down",
		Story:    "The Cluster Autoscaler takes a node away; its pod goes at the second try.",
		Log:      l,
		Attempts: attempts(p, evict.BlockedByBudget, evict.Accepted),
		Removals: []evict.Removal{want},
		Drains: []evict.Drain{{
			Node: instance, Tries: 2, Refused: 1, Outcome: evict.DrainDone, Initiator: evict.Initiator{Kind: evict.ClusterAutoscaler},
		}},
		Verdict: evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.Evicted, Initiator: evict.Initiator{Kind: evict.ClusterAutoscaler}},
	}
}

func kubectlDrain() Scenario {
	l := NewLog(start)
	by := KubectlRole("PlatformAdmin", "alice@example.com")
	pods := bound(l, instance, "web-65b99bb6ff-hd2wh", "web-65b99bb6ff-tmjhz")
	first, second := pods[0], pods[1]
	l.Cordon(instance, by)
	cordoned := l.Now()
	l.Evict(first, by, Accepted())
	l.Evict(second, by, Blocked("web-pdb", 1, 1))
	l.After(3 * time.Second)
	l.End(first)
	goneFirst := l.Now()
	l.After(2 * time.Second)
	l.Evict(second, by, Accepted())
	l.After(3 * time.Second)
	l.End(second)
	one, two := removal(first, evict.Evicted, evict.Kubectl), removal(second, evict.Evicted, evict.Kubectl)
	one.GoneAt, two.GoneAt = goneFirst, l.Now()
	two.Initiator.Class = evict.Human
	return Scenario{
		Name:     "kubectl-drain",
		Story:    "A person drains a node with kubectl, and has to wait for a budget.",
		Log:      l,
		Attempts: append(attempts(first, evict.Accepted), attempts(second, evict.BlockedByBudget, evict.Accepted)...),
		Removals: []evict.Removal{one, two},
		Drains: []evict.Drain{{
			Node: instance, CordonedAt: cordoned, CordonedBy: evict.Actor{User: by.User}, Tries: 3, Refused: 1, End: l.Now(),
			Outcome: evict.DrainDone, DryRun: evict.DryRunNo, Initiator: evict.Initiator{Kind: evict.Kubectl, Class: evict.Human},
		}},
		Verdict: evict.Verdict{Target: evict.Target{Node: instance}, Answer: evict.OtherCause, Initiator: evict.Initiator{Kind: evict.Kubectl}},
	}
}

func twoAtOnce() Scenario {
	l := NewLog(start)
	by := Kubectl("kubernetes-admin")
	first, second := webPod(l, "web-65b99bb6ff-hd2wh", instance), webPod(l, "web-65b99bb6ff-tmjhz", instance)
	l.Start(first)
	l.Start(second)
	l.After(time.Hour)
	l.Evict(first, by, Accepted())
	l.Evict(second, by, Accepted())
	l.Replace(first, instance2)
	l.End(first)
	l.Replace(second, instance2)
	l.End(second)
	one, two := removal(first, evict.Evicted, evict.Kubectl), removal(second, evict.Evicted, evict.Kubectl)
	one.DownWithOwner, two.DownWithOwner = 2, 2
	return Scenario{
		Name:     "two-at-once",
		Story:    "Nothing keeps two pods of one ReplicaSet from being evicted at once: both are down until the first replacement is ready.",
		Log:      l,
		Attempts: append(attempts(first, evict.Accepted), attempts(second, evict.Accepted)...),
		Removals: []evict.Removal{one, two},
		Drains:   []evict.Drain{{Node: instance, Tries: 2, Outcome: evict.DrainDone}},
		Verdict:  evict.Verdict{Target: podTarget(first), Answer: evict.OtherCause, Way: evict.Evicted, Initiator: evict.Initiator{Kind: evict.Kubectl}},
	}
}

func kubectlDryRun() Scenario {
	l := NewLog(start)
	by := Kubectl("kubernetes-admin").DryRun()
	pods := bound(l, instance, "web-65b99bb6ff-hd2wh", "web-65b99bb6ff-tmjhz")
	first, second := pods[0], pods[1]
	l.Cordon(instance, by)
	l.Evict(first, by, Accepted())
	for range 3 {
		l.Evict(second, by, Blocked("web-pdb", 2, 2))
		l.After(5 * time.Second)
	}
	s := Scenario{
		Name:     "kubectl-dry-run",
		Story:    "A person asks the server what a drain would do: the answers are real, and nothing happens.",
		Log:      l,
		Attempts: append(attempts(first, evict.Accepted), attempts(second, evict.BlockedByBudget, evict.BlockedByBudget, evict.BlockedByBudget)...),
		Evictions: []evict.Eviction{
			{Pod: first.Name, Tries: 1, Outcome: evict.Accepted, DryRun: evict.DryRunYes},
			{Pod: second.Name, Tries: 3, Outcome: evict.BlockedByBudget, DryRun: evict.DryRunYes},
		},
		Removals: []evict.Removal{},
		Drains:   []evict.Drain{{Node: instance, Tries: 4, Outcome: evict.DrainRehearsed, DryRun: evict.DryRunYes}},
	}
	for i := range s.Attempts {
		s.Attempts[i].DryRun = evict.DryRunYes
	}
	return s
}

func kubectlWithoutEviction() Scenario {
	l := NewLog(start)
	by := Kubectl("kubernetes-admin")
	p := bound(l, instance, "web-65b99bb6ff-hd2wh")[0]
	l.Cordon(instance, by)
	l.DrainDelete(p, by)
	decided := l.Now()
	l.After(3 * time.Second)
	l.End(p)
	want := removal(p, evict.DrainDeleted, evict.Kubectl)
	want.DecidedAt, want.GoneAt = decided, l.Now()
	want.Evictions = []evict.Eviction{}
	return Scenario{
		Name:      "kubectl-drain-disable-eviction",
		Story:     "A person drains a node with kubectl drain --disable-eviction, which asks no budget.",
		Log:       l,
		Attempts:  []evict.Attempt{},
		Evictions: []evict.Eviction{},
		Removals:  []evict.Removal{want},
		Drains: []evict.Drain{{
			Node: instance, Removals: []evict.Removal{{Pod: p.Name, Way: evict.DrainDeleted}}, Outcome: evict.DrainDone,
		}},
		Verdict: evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.DrainDeleted, Initiator: evict.Initiator{Kind: evict.Kubectl}},
	}
}
