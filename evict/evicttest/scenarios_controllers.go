package evicttest

import (
	"time"

	"github.com/evictlog/evictlog/evict"
)

var controllerScenarios = []func() Scenario{rolloutRestart, scaleDown, jobExpired, cascaded, namespaceDeleted, collectionDeleted, preempted}

var deployment = evict.Owner{Kind: "Deployment", Name: "web"}

func rolloutRestart() Scenario {
	l := NewLog(start)
	by, deploy := KubectlRole("Developer", "bob@example.com"), Controller("deployment-controller")
	p := webPod(l, "web-65b99bb6ff-hd2wh", fargateNode)
	l.Restart("shop", deployment, by)
	l.CreateOwner("shop", evict.Owner{Kind: "ReplicaSet", Name: "web-658b84d87f"}, 1, deploy)
	next := webPod(l, "web-658b84d87f-87cgr", otherNode)
	next.Owner.Name = "web-658b84d87f"
	l.Start(next)
	l.Scale("shop", webOwner, 0, deploy)
	l.Delete(p, Controller("replicaset-controller"))
	decided := l.Now()
	l.After(5 * time.Second)
	l.End(p)
	want := removal(p, evict.RolledOut, evict.Kubectl)
	want.Compute, want.DecidedAt, want.GoneAt = evict.Fargate, decided, l.Now()
	want.Actor.User, want.Initiator.Actor.User = Controller("replicaset-controller").User, by.User
	return Scenario{
		Name:     "rollout-restart",
		Story:    "A person restarts a Deployment on Fargate before the date of the patching: it was not the patching.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.RolledOut, Initiator: evict.Initiator{Kind: evict.Kubectl}},
	}
}

func scaleDown() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.Scale("shop", deployment, 2, Controller("horizontal-pod-autoscaler"))
	l.Scale("shop", webOwner, 2, Controller("deployment-controller"))
	l.Delete(p, Controller("replicaset-controller"))
	decided := l.Now()
	l.After(5 * time.Second)
	l.End(p)
	want := removal(p, evict.ScaledDown, evict.HPA)
	want.DecidedAt, want.GoneAt, want.Replacement = decided, l.Now(), ""
	want.Actor.User = Controller("replicaset-controller").User
	return Scenario{
		Name:     "scale-down",
		Story:    "The Horizontal Pod Autoscaler has a Deployment keep fewer pods.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.ScaledDown, Initiator: evict.Initiator{Kind: evict.HPA}},
	}
}

func jobExpired() Scenario {
	l := NewLog(start)
	job := evict.Owner{Kind: "Job", Name: "report-29213280"}
	p := l.Pod("shop", "report-29213280-x7k2p", instance)
	p.Owner = job
	l.DeleteOwner("shop", job, Controller("ttl-after-finished-controller"))
	l.After(20 * time.Millisecond)
	l.Delete(p, Controller("generic-garbage-collector"))
	decided := l.Now()
	l.After(time.Second)
	l.End(p)
	want := removal(p, evict.JobExpired, evict.TTLController)
	want.DecidedAt, want.GoneAt = decided, l.Now()
	return Scenario{
		Name:     "job-ttl",
		Story:    "A Job outlives ttlSecondsAfterFinished, and its pod goes with it.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.JobExpired},
	}
}

func cascaded() Scenario {
	l := NewLog(start)
	by, gc := Kubectl("kubernetes-admin"), Controller("generic-garbage-collector")
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.DeleteOwner("shop", deployment, by)
	l.DeleteOwner("shop", webOwner, gc)
	l.Delete(p, gc)
	decided := l.Now()
	l.After(time.Second)
	l.End(p)
	want := removal(p, evict.Cascaded, evict.Kubectl)
	want.DecidedAt, want.GoneAt = decided, l.Now()
	want.Actor.User, want.Initiator.Actor.User = gc.User, by.User
	return Scenario{
		Name:     "cascade",
		Story:    "A person deletes a Deployment; the garbage collector deletes its ReplicaSet, and then the pod.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.Cascaded},
	}
}

func namespaceDeleted() Scenario {
	l := NewLog(start)
	by := Kubectl("kubernetes-admin")
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.Run(p)
	l.After(time.Hour)
	l.DeleteNamespace("shop", by)
	l.DeleteCollection("shop", "", Controller("namespace-controller"), p)
	l.After(time.Second)
	l.Evict(p, Karpenter(), Answered(evict.NamespaceTerminating))
	l.After(5 * time.Second)
	l.End(p)
	want := removal(p, evict.NamespaceDeleted, evict.Kubectl)
	want.GoneAt, want.Initiator.Actor.User = l.Now(), by.User
	return Scenario{
		Name:     "namespace-deleted",
		Story:    "A person deletes a namespace; nothing but the kubelet's delete names the pod.",
		Log:      l,
		Attempts: attempts(p, evict.NamespaceTerminating),
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.NamespaceDeleted},
	}
}

func collectionDeleted() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.DeleteCollection("shop", "app=web", Tool("curl", "kubernetes-admin"), p)
	decided := l.Now()
	l.After(time.Second)
	l.End(p)
	want := removal(p, evict.CollectionDeleted, "")
	want.DecidedAt, want.GoneAt = decided, l.Now()
	return Scenario{
		Name:     "collection-deleted",
		Story:    "A client deletes all pods that have a label, with one request.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.CollectionDeleted},
	}
}

func preempted() Scenario {
	l := NewLog(start)
	p := webPod(l, "web-65b99bb6ff-hd2wh", instance)
	l.Preempt(p)
	decided := l.Now()
	l.After(time.Second)
	l.End(p)
	want := removal(p, evict.Preempted, evict.Scheduler)
	want.DecidedAt, want.GoneAt = decided, l.Now()
	return Scenario{
		Name:     "preempted",
		Story:    "The scheduler preempts a pod for one of higher priority.",
		Log:      l,
		Attempts: []evict.Attempt{},
		Removals: []evict.Removal{want},
		Verdict:  evict.Verdict{Target: podTarget(p), Answer: evict.OtherCause, Way: evict.Preempted, Initiator: evict.Initiator{Kind: evict.Scheduler}},
	}
}
