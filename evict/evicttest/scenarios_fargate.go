package evicttest

import (
	"time"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/evict"
)

// Source of the stories of Fargate:
// https://docs.aws.amazon.com/eks/latest/userguide/fargate-pod-patching.html.
var fargateScenarios = []func() Scenario{fargateAccepted, fargateForced, fargateReplaced}

func fargateAccepted() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", fargateNode)
	l.Start(p)
	l.After(24 * time.Hour)
	l.Evict(p, EKSNodeManager(), Accepted())
	accepted := l.Now()
	next := l.Replace(p, otherNode)
	ready := l.Now()
	l.End(p)
	gone := l.Now()

	want := removal(p, evict.Evicted, evict.EKSFargate)
	want.Compute, want.DecidedAt, want.GoneAt = evict.Fargate, accepted, gone
	want.Replacement, want.ReadyAt, want.DownWithOwner = next.Name, ready, 1
	want.Actor.User = "eks:node-manager"
	return Scenario{
		Name:     "fargate-accepted",
		Story:    "Fargate evicts a pod to patch its node, and no budget objects.",
		Log:      l,
		Attempts: attempts(p, evict.Accepted),
		Evictions: []evict.Eviction{{
			Namespace: "shop", Pod: p.Name, UID: p.UID, Node: p.Node, Compute: evict.Fargate, Tries: 1, Outcome: evict.Accepted,
			Refusals: []evict.Refusal{}, DryRun: evict.DryRunNo, AcceptedAt: accepted, GoneAt: gone,
			Initiator: evict.Initiator{Kind: evict.EKSFargate},
		}},
		Removals: []evict.Removal{want},
		Verdict: evict.Verdict{
			Target: podTarget(p), Answer: evict.FargatePatching, Confidence: evict.Medium, Way: evict.Evicted,
			Initiator: evict.Initiator{Kind: evict.EKSFargate}, Missing: []evict.Missing{},
		},
	}
}

func fargateForced() Scenario {
	l := NewLog(start)
	p := l.Pod("shop", "web-0", "")
	p.Owner = evict.Owner{Kind: "StatefulSet", Name: "web"}
	p.Node = fargateNode
	p.onFargate()
	l.Start(p)
	l.After(24 * time.Hour)
	first := l.Now()
	l.Evict(p, EKSNodeManager(), Blocked("web-pdb", 2, 2))
	l.After(72 * time.Hour)
	second := l.Now()
	l.Evict(p, EKSNodeManager(), Blocked("web-pdb", 2, 2))
	l.After(time.Minute)
	l.Delete(p, EKSNodeManager())
	decided := l.Now()
	l.After(20 * time.Second)
	l.End(p)

	refused := func(at time.Time) evict.Eviction {
		return evict.Eviction{
			Namespace: "shop", Pod: "web-0", Compute: evict.Fargate, First: at, Last: at, Tries: 1, Outcome: evict.BlockedByBudget,
			Refusals: []evict.Refusal{{Outcome: evict.BlockedByBudget, Count: 1}},
			Budgets:  []evict.Budget{{Name: "web-pdb", Needs: 2, Has: 2, Counted: true}},
		}
	}
	want := removal(p, evict.EvictionForced, evict.EKSFargate)
	want.Compute, want.DecidedAt, want.GoneAt = evict.Fargate, decided, l.Now()
	want.Evictions = []evict.Eviction{refused(first), refused(second)}
	return Scenario{
		Name:      "fargate-forced",
		Story:     "Fargate asks twice, days apart, is refused by a budget both times, and deletes the pod.",
		Log:       l,
		Attempts:  attempts(p, evict.BlockedByBudget, evict.BlockedByBudget),
		Evictions: want.Evictions,
		Removals:  []evict.Removal{want},
		Verdict: evict.Verdict{
			Target: podTarget(p), Answer: evict.FargatePatching, Way: evict.EvictionForced, At: decided,
			Initiator: evict.Initiator{Kind: evict.EKSFargate}, Missing: []evict.Missing{},
		},
	}
}

func fargateReplaced() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", fargateNode)
	l.Evict(p, EKSNodeManager(), Accepted())
	accepted := l.Now()
	next := l.Replace(p, otherNode)
	ready := l.Now()
	l.End(p)
	want := removal(p, evict.Evicted, evict.EKSFargate)
	want.Compute, want.DecidedAt, want.GoneAt = evict.Fargate, accepted, l.Now()
	want.Replacement, want.ReadyAt, want.DownWithOwner = next.Name, ready, 1
	return Scenario{
		Name: "fargate-replaced-before-end",
		Story: "As fargate-accepted, in a log that begins just before: until the kubelet's final delete nothing says " +
			"who owns the pod, and its replacement is ready by then.",
		Log:      l,
		Attempts: attempts(p, evict.Accepted),
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.FargatePatching, Way: evict.Evicted},
	}
}

// partialScenarios are what is left of a log that a query has cut down.
var partialScenarios = []func() Scenario{evictionsOnly, evictionsAndBinding, evictionsAndEnd, metadataOnly}

// queried is a log that holds an accepted eviction of a pod on Fargate, and
// what else the function adds before and after it.
func queried(name, story string, before, after func(*Log, *Pod)) (Scenario, *Pod) {
	l := NewLog(start)
	p := l.Pod("shop", "web-0", fargateNode)
	before(l, p)
	l.After(time.Hour)
	l.Evict(p, EKSNodeManager(), Accepted())
	after(l, p)
	s := Scenario{Name: name, Story: story, Log: l, Attempts: attempts(p, evict.Accepted)}
	s.Verdict.Target, s.Verdict.Way = podTarget(p), evict.Evicted
	return s, p
}

func nothing(*Log, *Pod) {}

func evictionsOnly() Scenario {
	s, _ := queried("evictions-only",
		"The log is the result of a query for evictions alone, so that nothing says what the pod ran on.", nothing, nothing)
	s.Evictions = []evict.Eviction{{
		Namespace: "shop", Pod: "web-0", Tries: 1, Outcome: evict.Accepted, Initiator: evict.Initiator{Kind: evict.EKSPlatform},
	}}
	s.Removals = []evict.Removal{{Namespace: "shop", Pod: "web-0", Way: evict.Evicted, Initiator: evict.Initiator{Kind: evict.EKSPlatform}}}
	s.Drains = []evict.Drain{}
	s.Verdict.Answer = evict.Undecided
	return s
}

func evictionsAndBinding() Scenario {
	s, p := queried("evictions-and-binding",
		"As evictions-only, with the binding of the pod, which names its node.",
		func(l *Log, p *Pod) { l.Bind(p, p.Node) }, nothing)
	s.Evictions = []evict.Eviction{{
		Namespace: "shop", Pod: "web-0", UID: p.UID, Node: p.Node, Compute: evict.Fargate, Outcome: evict.Accepted,
		Initiator: evict.Initiator{Kind: evict.EKSFargate},
	}}
	s.Removals = []evict.Removal{removal(p, evict.Evicted, evict.EKSFargate)}
	s.Verdict.Answer, s.Verdict.Missing = evict.FargatePatching, []evict.Missing{}
	return s
}

func evictionsAndEnd() Scenario {
	s, p := queried("evictions-and-end",
		"As evictions-only, with the kubelet's final delete, which holds the whole pod.", nothing,
		func(l *Log, p *Pod) {
			l.After(20 * time.Second)
			l.Delete(p, Kubelet(p.Node))
		})
	want := removal(p, evict.Evicted, evict.EKSFargate)
	want.Compute, want.GoneAt = evict.Fargate, s.Log.Now()
	s.Removals = []evict.Removal{want}
	s.Verdict.Answer, s.Verdict.Missing = evict.FargatePatching, []evict.Missing{}
	return s
}

func metadataOnly() Scenario {
	l := NewLog(start)
	l.Level, l.Received = auditv1.LevelMetadata, true
	p := l.Pod("shop", "web-0", fargateNode)
	l.Evict(p, EKSNodeManager(), Blocked("web-pdb", 2, 2))
	l.After(time.Minute)
	l.Evict(p, EKSNodeManager(), Accepted())
	l.End(p)
	want := removal(p, evict.Evicted, evict.EKSFargate)
	want.UID, want.Compute, want.GoneAt = "", evict.Fargate, l.Now()
	s := Scenario{
		Name:     "metadata-only",
		Story:    "The log has no bodies, and both stages of each request; the kubelet's user name still names the node.",
		Log:      l,
		Attempts: attempts(p, evict.BlockedByBudget, evict.Accepted),
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.FargatePatching, Way: evict.Evicted, Missing: []evict.Missing{}},
	}
	for i := range s.Attempts {
		s.Attempts[i].DryRun = evict.DryRunUnknown
	}
	return s
}
