package evicttest

import (
	"time"

	"github.com/evictlog/evictlog/evict"
)

var toolScenarios = []func() Scenario{otherUID, deschedulerStrategy, evictionRequest, deletedByPerson, forcedByPerson}

func deschedulerStrategy() Scenario {
	l := NewLog(start)
	by := Descheduler("RemovePodsHavingTooManyRestarts")
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.Evict(p, by, Accepted())
	l.After(3 * time.Second)
	l.End(p)
	want := removal(p, evict.Evicted, evict.Descheduler)
	want.GoneAt, want.Compute = l.Now(), evict.Instance
	want.Initiator.Detail = "RemovePodsHavingTooManyRestarts"
	return Scenario{
		Name:     "descheduler",
		Story:    "The descheduler evicts a pod, and names its strategy.",
		Log:      l,
		Attempts: attempts(p, evict.Accepted),
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.Evicted, Initiator: evict.Initiator{Kind: evict.Descheduler}},
	}
}

func otherUID() Scenario {
	l := NewLog(start)
	old := l.Pod("shop", "web-0", instance)
	old.Owner = evict.Owner{Kind: "StatefulSet", Name: "web"}
	by := Karpenter()
	l.Start(old)
	l.After(time.Hour)
	l.Evict(old, by, Accepted())
	accepted := l.Now()
	l.After(3 * time.Second)
	l.End(old)
	gone := l.Now()
	next := l.Replace(old, instance2)
	l.Evict(old, by, OtherUID(old.UID, next.UID))
	want := removal(old, evict.Evicted, evict.Karpenter)
	want.DecidedAt, want.GoneAt, want.Replacement = accepted, gone, "web-0"
	return Scenario{
		Name:     "other-uid",
		Story:    "A pod of a StatefulSet is evicted and made anew under its name; a late try for the old one does nothing to the new.",
		Log:      l,
		Attempts: attempts(old, evict.Accepted, evict.UIDMismatch),
		Evictions: []evict.Eviction{{
			Pod: "web-0", UID: old.UID, Tries: 2, Outcome: evict.Accepted, AcceptedAt: accepted, GoneAt: gone,
			Refusals: []evict.Refusal{{Outcome: evict.UIDMismatch, Count: 1}},
		}},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(old), Answer: evict.OtherCause, Way: evict.Evicted, Initiator: evict.Initiator{Kind: evict.Karpenter}},
	}
}

func evictionRequest() Scenario {
	l := NewLog(start)
	l.Level = "RequestResponse" // the level of Amazon EKS has no body of the request
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.RequestEviction(p, Kubectl("kubernetes-admin"), "example.com/maintenance")
	l.After(time.Second)
	l.Evict(p, EvictionResponder(), Accepted())
	l.After(3 * time.Second)
	l.End(p)
	want := removal(p, evict.Evicted, evict.EvictionResponder)
	want.GoneAt, want.Initiator.Detail = l.Now(), "example.com/maintenance"
	return Scenario{
		Name:     "eviction-request",
		Story:    "A person asks for an eviction by an EvictionRequest, and a controller of Kubernetes evicts.",
		Log:      l,
		Attempts: attempts(p, evict.Accepted),
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.Evicted},
	}
}

func deletedByPerson() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.Delete(p, Kubectl("kubernetes-admin"))
	decided := l.Now()
	next := l.Replace(p, instance2)
	ready := l.Now()
	l.End(p)
	want := removal(p, evict.Deleted, evict.Kubectl)
	want.DecidedAt, want.GoneAt, want.Replacement, want.ReadyAt = decided, l.Now(), next.Name, ready
	want.Evictions = []evict.Eviction{}
	return Scenario{
		Name:     "deleted",
		Story:    "A person deletes a pod; budgets are not asked, and the kubelet's delete of it is no second one.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Drains:   []evict.Drain{},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.Deleted, Initiator: evict.Initiator{Kind: evict.Kubectl}},
	}
}

func forcedByPerson() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.ForceDelete(p, Kubectl("kubernetes-admin"))
	want := removal(p, evict.ForceDeleted, evict.Kubectl)
	want.DecidedAt, want.GoneAt = l.Now(), l.Now()
	want.GracePeriodSeconds = new(int64(0))
	return Scenario{
		Name:     "force-deleted",
		Story:    "A person deletes a pod by force: it is gone at once, and no kubelet deletes it.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.ForceDeleted},
	}
}

var takeoverScenarios = []func() Scenario{kubeVirtEvacuation, strimziRoll}

func kubeVirtEvacuation() Scenario {
	l := NewLog(start)
	p := bound(l, instance, "virt-launcher-db-x7k2p")[0]
	p.Owner = evict.Owner{}
	by := Kubectl("kubernetes-admin")
	l.Cordon(instance, by)
	l.Evict(p, by, KubeVirt("db"))
	l.After(40 * time.Second)
	controller := serviceAccount("kubevirt", "kubevirt-controller", "virt-controller-6d5b8f9c7-x2k4j", "")
	l.Delete(p, controller)
	l.After(time.Second)
	l.End(p)
	want := removal(p, evict.Deleted, evict.KubeVirt)
	want.Actor.User, want.GoneAt = controller.User, l.Now()
	want.Evictions = []evict.Eviction{{Outcome: evict.TakenOver, Tries: 1}}
	return Scenario{
		Name:     "kubevirt",
		Story:    "KubeVirt refuses the eviction of a virtual machine's pod, moves the machine away, and deletes the pod.",
		Removals: []evict.Removal{want},
		Log:      l,
		Attempts: attempts(p, evict.TakenOver),
		Evictions: []evict.Eviction{{
			Namespace: "shop", Pod: p.Name, UID: p.UID, Node: instance, Tries: 1, Outcome: evict.TakenOver, Refusals: []evict.Refusal{},
			DryRun: evict.DryRunNo,
		}},
		Verdict: evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.Deleted, Initiator: evict.Initiator{Kind: evict.KubeVirt}},
	}
}

func strimziRoll() Scenario {
	l := NewLog(start)
	p := l.Pod("kafka", "my-cluster-kafka-0", instance)
	l.Bind(p, instance)
	l.After(time.Hour)
	l.Evict(p, Karpenter(), Strimzi())
	l.After(time.Minute)
	operator := serviceAccount("kafka", "strimzi-cluster-operator", "strimzi-cluster-operator-7d9b6c5f8-n2k4j", "")
	l.Delete(p, operator)
	decided := l.Now()
	l.After(10 * time.Second)
	l.End(p)
	want := removal(p, evict.Deleted, evict.Strimzi)
	want.Actor.User, want.DecidedAt, want.GoneAt = operator.User, decided, l.Now()
	want.Evictions = []evict.Eviction{{Outcome: evict.TakenOver, Tries: 1}}
	return Scenario{
		Name:     "strimzi",
		Story:    "The Strimzi drain cleaner refuses an eviction, and the operator rolls the pod later.",
		Log:      l,
		Attempts: attempts(p, evict.TakenOver),
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.Deleted, Initiator: evict.Initiator{Kind: evict.Strimzi}},
	}
}
