package evicttest

import (
	"time"

	"github.com/evictlog/evictlog/evict"
)

// A Scenario is a story of a pod or a node that went away, as a log, and what
// package evict must read from it. Its results state what matters to the story;
// [Diff] compares them. A list that is nil says nothing, and one that is empty
// that there is none.
type Scenario struct {
	// Name is short, of words joined by hyphens; Story is a sentence.
	Name, Story string

	Log *Log

	Attempts  []evict.Attempt
	Evictions []evict.Eviction
	Removals  []evict.Removal
	Drains    []evict.Drain

	// Verdict says what the answer to "was it Fargate OS patching?" must be, for
	// its Target. Without one it says nothing.
	Verdict evict.Verdict
}

// Scenarios returns all scenarios, each with a log of its own, which a test may
// go on with. Their times begin at 2026-03-02T08:00:00Z.
func Scenarios() []Scenario {
	var list []Scenario
	for _, group := range [][]func() Scenario{fargateScenarios, partialScenarios, drainScenarios, toolScenarios, controllerScenarios, nodeScenarios, takeoverScenarios} {
		for _, scenario := range group {
			list = append(list, scenario())
		}
	}
	return list
}

var start = time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)

// Names that many scenarios use. The nodes are named as EKS names those of its
// kinds. Source: observed.
const (
	fargateNode = "fargate-ip-10-42-11-96.us-west-2.compute.internal"
	otherNode   = "fargate-ip-10-42-12-17.us-west-2.compute.internal"
	instance    = "ip-10-0-1-11.us-west-2.compute.internal"
	instance2   = "ip-10-0-1-12.us-west-2.compute.internal"
)

// webOwner is the ReplicaSet of the pods of most scenarios.
var webOwner = evict.Owner{Kind: "ReplicaSet", Name: "web-65b99bb6ff"}

// webPod is one of its pods, and says so.
func webPod(l *Log, name, node string) *Pod {
	p := l.Pod("shop", name, node)
	p.Owner = webOwner
	p.Labels["app"] = "web"
	return p
}

// bound are pods that the log shows to be bound to a node, an hour before what
// follows.
func bound(l *Log, node string, names ...string) []*Pod {
	var pods []*Pod
	for _, name := range names {
		p := webPod(l, name, node)
		l.Bind(p, node)
		pods = append(pods, p)
	}
	l.After(time.Hour)
	return pods
}

// removal is what a removal of a result that names a pod.
func removal(p *Pod, way evict.Way, kind evict.Kind) evict.Removal {
	return evict.Removal{
		Namespace: p.Namespace, Pod: p.Name, UID: p.UID, Node: p.Node, Owner: evict.Owner{Kind: p.Owner.Kind, Name: p.Owner.Name},
		Way: way, Initiator: evict.Initiator{Kind: kind},
	}
}

// attempts are those of a pod with the given outcomes.
func attempts(p *Pod, outcomes ...evict.Outcome) []evict.Attempt {
	list := make([]evict.Attempt, len(outcomes))
	for i, o := range outcomes {
		list[i] = evict.Attempt{Namespace: p.Namespace, Pod: p.Name, Outcome: o, DryRun: evict.DryRunNo}
	}
	return list
}

func podTarget(p *Pod) evict.Target { return evict.Target{Namespace: p.Namespace, Pod: p.Name} }
