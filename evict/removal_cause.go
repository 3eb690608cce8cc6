package evict

import (
	"slices"
	"strings"
	"time"
)

// cordonedShortly is how long before the deletes a cordon is part of a drain by
// kubectl, even if it had a single pod to delete. kubectl deletes at once after
// it has cordoned; between them it only lists the pods.
// Source: kubectl pkg/cmd/drain/drain.go, RunDrain.
const cordonedShortly = 5 * time.Minute

// explainUntil finds the causes of the decisions up to that time.
func (t *tracker) explainUntil(at time.Time) {
	n := 0
	for n < len(t.decided) && !t.decided[n].end.at.After(at) {
		t.explain(t.decided[n])
		n++
	}
	t.decided = slices.Delete(t.decided, 0, n)
}

// explain finds out which way it was and who is behind it. Only the way that
// the request itself shows was known so far.
func (t *tracker) explain(m *removing) {
	if m.decision != nil && !m.explained && m.decision.kind != attempted {
		t.explainDecision(m)
	}
	m.explained = true
	t.match(m)
	if m.way == DrainDeleted {
		t.drainDelete(m)
	}
}

func (t *tracker) explainDecision(m *removing) {
	p, r := m.pod, m.decision
	actor := &r.request.Actor
	m.note("user.username", actor.User, r)
	announced, why := p.announcement(r)
	if announced != WayUnknown {
		m.evidence = append(m.evidence, why)
	}
	controller := controllerOf(actor)
	switch {
	case controller == "namespace-controller":
		m.way = NamespaceDeleted
		m.blame(t.namespaceDeletion(p, r.at))
	case r.kind == podsDeleted:
	case taintManagers[controller]:
		m.way = TaintEvicted
		m.blame(t.nodes[p.node].evictingTaint(r.at))
	case controller == "pod-garbage-collector":
		m.way = GarbageCollected
		m.blame(t.nodes[p.node].deletion(r.at))
	case controller == "generic-garbage-collector":
		t.explainCascade(m)
	case controls[controller]:
		t.explainControl(m)
	case announced == Preempted, actor.effective() == "system:kube-scheduler":
		m.way = Preempted
	default:
		t.explainDelete(m)
	}
}

// controls are the controllers that delete pods of what they keep, by their
// service accounts. Source: kubernetes cmd/kube-controller-manager; observed.
var controls = map[string]bool{
	"replicaset-controller":  true,
	"replication-controller": true,
	"statefulset-controller": true,
	"daemon-set-controller":  true,
	"job-controller":         true,
}

// blame sets what the decision carries out.
func (m *removing) blame(cause *record) {
	if m.cause = cause; cause != nil {
		m.note("requestURI", cause.request.URI, cause)
	}
}

func (t *tracker) namespaceDeletion(p *pod, at time.Time) *record {
	if r := t.causes.namespaces[p.namespace]; soon(r, at) {
		return r
	}
	return nil
}

// explainCascade is about deletes by the garbage collector.
func (t *tracker) explainCascade(m *removing) {
	at := m.decision.at
	m.way = Cascaded
	cause := t.causes.deletion(m.pod, at)
	switch {
	case cause != nil && controllerOf(&cause.request.Actor) == "ttl-after-finished-controller":
		m.way = JobExpired
	case cause == nil || controllerOf(&cause.request.Actor) == "namespace-controller":
		if ns := t.namespaceDeletion(m.pod, at); ns != nil {
			m.way, cause = NamespaceDeleted, ns
		}
	}
	m.blame(cause)
}

// explainControl is about deletes by what controls the pod.
func (t *tracker) explainControl(m *removing) {
	at := m.decision.at
	m.way = ControllerDeleted
	if r := t.causes.revision(m.pod, at); r != nil {
		m.way = RolledOut
		m.blame(r)
	} else if r := t.causes.scaling(m.pod, at); r != nil {
		m.way = ScaledDown
		m.blame(r)
	}
}

// explainDelete is about deletes by a client. The same client may have tried to
// evict the pod, days ago, or may be draining the node.
func (t *tracker) explainDelete(m *removing) {
	p, r := m.pod, m.decision
	who := identityOf(&r.request.Actor)
	if e := p.refusedBefore(who, r.at); e != nil {
		m.way = EvictionForced
		m.evidence = append(m.evidence, e.decision.attempt.Evidence...)
		return
	}
	if cordon := t.nodes[p.node].cordon(r.at); cordon != nil && identityOf(&cordon.request.Actor) == who {
		shortly := r.at.Sub(cordon.at) <= cordonedShortly && strings.HasPrefix(r.request.Actor.UserAgent, "kubectl/")
		if shortly || t.nodes[p.node].deletedBy(who, r.at) > 1 {
			m.way = DrainDeleted
			m.note("requestObject.spec.unschedulable", "true", cordon)
			return
		}
	}
	if r.grace != nil && *r.grace == 0 {
		m.way = ForceDeleted
		m.note("requestObject.gracePeriodSeconds", "0", r)
	}
}

// deletedBy counts the pods of the node that a client deleted within minutes of
// that time.
func (n *node) deletedBy(who identity, at time.Time) int {
	count := 0
	for _, d := range n.deletes {
		if d.who == who && d.at.Sub(at).Abs() <= cordonedShortly {
			count++
		}
	}
	return count
}
