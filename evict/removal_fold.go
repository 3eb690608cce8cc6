package evict

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// A removing is a removal under way.
type removing struct {
	pod *pod
	way Way

	// decision is the request that decided; nil if it is not in the log. end is
	// the first record that shows the pod on its way out: the decision, else
	// the kubelet's delete.
	decision *record
	end      *record

	// cause is what another one did that the decision carries out, if anything.
	cause *record

	explained bool
	matched   bool // with a replacement, or waits for one
	resolved  bool // nothing more is to come but the company
	given     bool

	replacement *pod
	groups      []string // whose pods may be down at the same time

	downWithOwner, downWithBudget int

	evidence []Evidence // of the way
	ending   []Evidence // of what came after the decision
}

func compareRemovings(a, b *removing) int {
	return cmp.Or(a.from().Compare(b.from()), comparePods(a.pod, b.pod))
}

// from is when the pod began to be missing.
func (m *removing) from() time.Time { return m.end.done }

func (m *removing) note(field, value string, r *record) {
	m.evidence = append(m.evidence, Evidence{Field: field, Value: value, Pos: r.pos})
}

// decide takes in a request that removes the pod. The first such request is
// the decision; later ones only say so again.
func (t *tracker) decide(p *pod, r *record, way Way) {
	m := p.removing
	if m != nil {
		if m.decision != nil && m.decision != r && way != Evicted && !m.given {
			m.ending = append(m.ending, Evidence{Field: "user.username", Value: r.request.Actor.User, Pos: r.pos})
		}
		return
	}
	t.begin(&removing{pod: p, way: way, decision: r, end: r})
}

func (t *tracker) begin(m *removing) {
	m.pod.removing = m
	t.follow(m.pod)
	t.decided = append(t.decided, m)
}

// deleted takes in a delete by anybody but the kubelet. A grace period of zero
// ends the pod at once, also one that was terminating.
func (t *tracker) deleted(p *pod, r *record) {
	t.decide(p, r, Deleted)
	t.noteDelete(p, r)
	if r.grace != nil && *r.grace == 0 || p.unscheduled() || p.finished() {
		t.goneAt(p, r.done)
	}
}

// noteDelete remembers which pods of a node a client deleted: several within
// minutes are a drain.
func (t *tracker) noteDelete(p *pod, r *record) {
	if p.node != "" && p.removing.decision == r && controllerOf(&r.request.Actor) == "" {
		n := t.node(p.node)
		n.deletes = append(n.deletes, nodeDelete{identityOf(&r.request.Actor), r.at})
	}
}

// collection takes in a delete of many pods. If the log has them, each is
// removed by it. Otherwise it is remembered for those whose end follows.
func (t *tracker) collection(r *record) {
	if len(r.pods) == 0 {
		t.causes.collections[r.namespace] = append(t.causes.collections[r.namespace], r)
		return
	}
	for i := range r.pods {
		s := &r.pods[i]
		p := t.pods.find(podKey{cmp.Or(s.namespace, r.namespace), s.name}, s.uid, r)
		p.learn(r, s)
		t.learned(p)
		t.decide(p, r, CollectionDeleted)
		if r.grace != nil && *r.grace == 0 || p.unscheduled() || p.finished() {
			t.goneAt(p, r.done)
		}
	}
}

// announcements are the reasons of the condition DisruptionTarget that a
// component sets just before it deletes the pod, and what they mean.
// Source: kubernetes pkg/scheduler/framework/preemption, pkg/controller/tainteviction,
// pkg/controller/podgc; observed.
var announcements = map[string]Way{
	"EvictionByEvictionAPI":  Evicted,
	"PreemptionByScheduler":  Preempted,
	"DeletionByTaintManager": TaintEvicted,
	"DeletionByPodGC":        GarbageCollected,
}

// failures are the reasons that a kubelet gives for the phase Failed when it
// removes a pod itself. Source: kubernetes pkg/kubelet/eviction/helpers.go,
// pkg/kubelet/nodeshutdown/nodeshutdown_manager.go, pkg/kubelet/preemption/preemption.go.
var failures = map[string]Way{
	"Evicted":    NodePressure,
	"Terminated": NodeShutdown,
	"Preempting": CriticalAdmission,
}

// podStatus takes in a change of a pod. It removes nothing but where a kubelet
// says that it ended the pod; a condition only announces who is going to delete
// the pod. The node controller puts whole pods, with conditions that others
// set: those announce nothing.
func (t *tracker) podStatus(p *pod, r *record, s *podState) {
	if isKubelet(r) {
		if way := failures[s.reason]; way != WayUnknown && s.phase == "Failed" && p.removing == nil {
			m := &removing{pod: p, way: way, decision: r, end: r, explained: true}
			m.note("status.reason", s.reason, r)
			t.begin(m)
		}
		return
	}
	if r.request.Verb == "update" || p.removing != nil {
		return
	}
	user := r.request.Actor.effective()
	var by bool
	switch announcements[s.disrupted] {
	case Preempted:
		by = strings.Contains(user, "scheduler")
	case TaintEvicted:
		by = taintManagers[controllerOf(&r.request.Actor)]
	case GarbageCollected:
		by = controllerOf(&r.request.Actor) == "pod-garbage-collector"
	}
	if by {
		p.announced = r
	}
}

// announcement returns what the one who deletes the pod had announced. A
// component deletes milliseconds after it has announced to; an announcement of
// another one, or of long ago, came to nothing.
func (p *pod) announcement(r *record) (Way, Evidence) {
	a := p.announced
	if a == nil || r.at.Sub(a.at) > time.Minute || a.request.Actor.User != r.request.Actor.User {
		return WayUnknown, Evidence{}
	}
	reason := a.pods[0].disrupted
	return announcements[reason], Evidence{Field: "requestObject.status.conditions[DisruptionTarget].reason", Value: reason, Pos: a.pos}
}

// taintManagers are the service accounts of the taint manager: it acts as the
// node controller, also where it is a controller of its own.
// Source: kubernetes cmd/kube-controller-manager/app/core.go; observed.
var taintManagers = map[string]bool{"node-controller": true, "taint-eviction-controller": true}

// kubeletEnd takes in the kubelet's delete: the last step of a removal, and
// never the cause. If nothing of the log decided, the pod itself may say what
// did, or the kubelet's delete is all there is.
func (t *tracker) kubeletEnd(p *pod, r *record) {
	if m := p.removing; m == nil {
		m = &removing{pod: p, end: r}
		if c := t.causes.collection(p.namespace, r.at); c != nil && announcements[p.disrupted] == WayUnknown {
			m.decision, m.end, m.way = c, c, CollectionDeleted
		} else if p.announced != nil && soon(p.announced, r.at) {
			m.decision, m.end, m.way = p.announced, p.announced, announcements[p.announced.pods[0].disrupted]
		} else if way := announcements[p.disrupted]; way != WayUnknown {
			m.way = way
			m.evidence = append(m.evidence, p.why)
		}
		t.begin(m)
	}
	t.goneAt(p, r.done)
	if m := p.removing; !m.given && !m.way.stays() {
		m.ending = append(m.ending, Evidence{Field: "user.username", Value: r.request.Actor.User, Pos: r.pos})
	}
}

// goneAt notes the end of a pod, but of one that the kubelet had ended: there
// only the failed object goes.
func (t *tracker) goneAt(p *pod, at time.Time) {
	p.ended = true
	t.follow(p)
	if p.removing == nil || !p.removing.way.stays() {
		p.gone = at
	}
}

// resolve notes which removals nothing more can be learnt about: those whose
// replacement is ready, or that were over an hour ago, or stuck.
func (t *tracker) resolve() {
	for p := range t.open {
		m := p.removing
		if m == nil || m.resolved || !m.explained {
			continue
		}
		over := p.gone
		switch {
		case m.way.stays():
			over = m.end.at
		case !p.ended:
			over = later(p.last, m.end.at).Add(stuckAfter - QuietAfter)
		case p.gone.IsZero():
			over = p.last
		}
		ready := m.replacement != nil && !m.replacement.readyAt.IsZero() && p.ended
		m.resolved = ready || t.now.Sub(over) > QuietAfter
	}
}

// removal returns what the removal came to.
func (t *tracker) removal(m *removing) Removal {
	p := m.pod
	compute, why := p.compute(t.hint)
	v := Removal{
		Namespace: p.namespace, Pod: p.name, UID: p.uid,
		Node: p.node, Owner: p.owner, Labels: maps.Clone(p.labels), Compute: compute,
		Way: m.way, CreatedAt: p.created(), GoneAt: p.gone,
		Protections: maps.Clone(p.protections), ExitCodes: maps.Clone(p.exitCodes),
		DownWithOwner: m.downWithOwner, DownWithBudget: m.downWithBudget,
	}
	v.Evidence = m.evidence
	if m.decision != nil && m.decision.attempt != nil {
		v.Evidence = m.decision.attempt.Evidence
	}
	v.Evidence = slices.Concat(v.Evidence, m.ending, p.evidence)
	if why.Field != "" {
		v.Evidence = append(v.Evidence, why)
	}
	if m.decision != nil {
		v.DecidedAt = m.decision.done
		v.GracePeriodSeconds = m.decision.grace
		v.Actor = m.decision.request.Actor
		if at := m.decision.attempt; at != nil {
			v.Actor, v.GracePeriodSeconds = at.Actor, at.GracePeriodSeconds
		}
		v.Initiator = t.initiator(m.decision, p)
	}
	if m.cause != nil {
		v.Initiator = t.initiator(m.cause, nil)
	}
	for _, e := range p.evictings {
		if !e.dry {
			v.Evictions = append(v.Evictions, t.eviction(e))
		}
	}
	if rep := m.replacement; rep != nil {
		v.Replacement = rep.name
		v.ReplacedAt = rep.boundAt
		if v.ReplacedAt.IsZero() {
			v.ReplacedAt = rep.madeAt
		}
		v.ReadyAt = rep.readyAt
	}
	return v
}
