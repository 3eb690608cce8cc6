package evicttest

import (
	"time"

	"github.com/evictlog/evictlog/evict"
)

var nodeScenarios = []func() Scenario{notReady, taintEvicted, garbageCollected, nodePressure, nodeShutdown, criticalAdmission}

func notReady() Scenario {
	l := NewLog(start)
	p := bound(l, instance, "web-65b99bb6ff-hd2wh")[0]
	l.NotReady(p)
	l.Taint(instance, "node.kubernetes.io/not-ready", "NoExecute", Controller("node-controller"))
	l.After(20 * time.Second)
	l.Run(p)
	return Scenario{
		Name:      "not-ready",
		Story:     "A node is not heard of for a while and comes back: its pod was marked, and never removed.",
		Log:       l,
		Attempts:  []evict.Attempt{},
		Evictions: []evict.Eviction{},
		Removals:  []evict.Removal{},
		Drains:    []evict.Drain{},
	}
}

func taintEvicted() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	nodes := Controller("node-controller")
	l.NotReady(p)
	l.Taint(instance, "node.kubernetes.io/unreachable", "NoExecute", nodes)
	l.After(5 * time.Minute)
	l.TaintEvict(p)
	want := removal(p, evict.TaintEvicted, evict.TaintManager)
	want.DecidedAt = l.Now()
	return Scenario{
		Name:     "taint",
		Story:    "A node is not heard of; its pod is deleted when it has tolerated the taint for five minutes.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.TaintEvicted},
	}
}

func garbageCollected() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.Bind(p, instance)
	l.After(time.Hour)
	l.DeleteNode(instance, Kubectl("kubernetes-admin"))
	l.After(57 * time.Second)
	l.GarbageCollect(p)
	want := removal(p, evict.GarbageCollected, evict.Kubectl)
	want.DecidedAt, want.GoneAt = l.Now(), l.Now()
	want.Actor.User = Controller("pod-garbage-collector").User
	return Scenario{
		Name:     "pod-gc",
		Story:    "A person deletes a Node object, and the pod garbage collector deletes the pod that was on it.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.GarbageCollected},
	}
}

func nodePressure() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.NodePressure(p, "memory")
	want := removal(p, evict.NodePressure, evict.Kubelet)
	want.DecidedAt, want.Owner = l.Now(), evict.Owner{}
	return Scenario{
		Name:     "node-pressure",
		Story:    "The kubelet ends a pod because memory is short; the pod object stays.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.NodePressure},
	}
}

func nodeShutdown() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.Shutdown(p)
	want := removal(p, evict.NodeShutdown, evict.Kubelet)
	want.DecidedAt, want.Owner = l.Now(), evict.Owner{}
	return Scenario{
		Name:     "node-shutdown",
		Story:    "The kubelet ends a pod because its node shuts down; the pod object stays.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.NodeShutdown},
	}
}

func criticalAdmission() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.AdmitCritical(p)
	want := removal(p, evict.CriticalAdmission, evict.Kubelet)
	want.DecidedAt, want.Owner = l.Now(), evict.Owner{}
	return Scenario{
		Name:     "critical-admission",
		Story:    "The kubelet ends a pod to make room for a critical one; the pod object stays.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.CriticalAdmission},
	}
}
