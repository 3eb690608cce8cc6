package evict

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// A pod is what the records so far say about one pod.
type pod struct {
	namespace, name, uid string

	node        string
	owner       Owner
	labels      map[string]string
	protections map[string]string
	scheduler   string
	boundBy     string // the user who bound it
	marked      marked // where labels, scheduler and boundBy are from
	unbound     bool   // a body showed it without a node

	madeAt    time.Time // when its creation was answered
	createdAt time.Time // its creationTimestamp, in whole seconds
	boundAt   time.Time
	readyAt   time.Time // the first time it was ready

	phase     string
	disrupted string // the last reason of DisruptionTarget, with its place
	why       Evidence
	exitCodes map[string]int32

	// announced is a status patch that says who is about to delete the pod.
	announced *record

	// asked is who asked for its eviction by an EvictionRequest.
	asked string

	// gone is when the object was gone; ended says that it is, also where no
	// record tells when.
	gone  time.Time
	ended bool

	evictings []*evicting // in the order of their first attempts
	removing  *removing

	open     bool      // it has a story that was not given
	last     time.Time // of the last record about it
	evidence []Evidence
}

// marked is where the marks of Fargate would be from.
type marked struct{ labels, scheduler, binding audit.Pos }

// podKey is the name of a pod. Another pod may have it later.
type podKey struct{ namespace, name string }

// A podUID tells pods of one name apart. A uid alone is not enough: it may be
// one that a client made up, for pods of several names.
type podUID struct {
	podKey
	uid string
}

func (p *pod) key() podKey { return podKey{p.namespace, p.name} }

// A podTable knows the pods that are alive or whose story is not over.
type podTable struct {
	byName map[podKey]*pod // the newest of the name
	byUID  map[podUID]*pod
	limit  int
}

// maxPods is how many pods without a story are remembered for what they say
// about their node and owner: more than a cluster may have.
// Source: kubernetes.io/docs/setup/best-practices/cluster-large (150,000 pods).
const maxPods = 1 << 18

func newPodTable() podTable {
	return podTable{byName: map[podKey]*pod{}, byUID: map[podUID]*pod{}, limit: maxPods}
}

// find returns the pod that a record is about, and begins another one if the
// name was reused: if the record has another uid than the pod of that name,
// creates it, or changes it after it was gone. A record of a pod that is known
// by its name alone gives it its uid.
func (t *podTable) find(key podKey, uid string, r *record) *pod {
	if p := t.byUID[podUID{key, uid}]; p != nil {
		p.last = later(p.last, r.at)
		return p
	}
	p := t.byName[key]
	switch {
	case p == nil:
	case r.kind == podCreated && p.last.Before(r.at),
		uid != "" && p.uid != "",
		p.ended && r.accepted() && r.at.After(later(p.gone, p.last)):
		p.ended = true
		if !p.open {
			t.forget(p)
		}
		p = nil
	}
	if p == nil {
		p = &pod{namespace: key.namespace, name: key.name}
		t.byName[key] = p
	}
	t.identify(p, uid)
	p.last = later(p.last, r.at)
	return p
}

// meant returns the pod of a uid that the client named and the server did not
// confirm. It does not take the name from the pod that has it.
func (t *podTable) meant(key podKey, uid string, r *record) *pod {
	p := t.byUID[podUID{key, uid}]
	if p == nil {
		p = &pod{namespace: key.namespace, name: key.name, ended: true}
		t.identify(p, uid)
	}
	p.last = later(p.last, r.at)
	return p
}

func (t *podTable) identify(p *pod, uid string) {
	if p.uid == "" && uid != "" {
		p.uid = uid
		t.byUID[podUID{p.key(), uid}] = p
	}
}

// forget drops a pod.
func (t *podTable) forget(p *pod) {
	if t.byName[p.key()] == p {
		delete(t.byName, p.key())
	}
	delete(t.byUID, podUID{p.key(), p.uid})
}

// trim drops pods without a story if there are too many: those of whom nothing
// was heard for longest, half of them at a time.
func (t *podTable) trim() {
	if len(t.byName) <= t.limit {
		return
	}
	var idle []*pod
	for _, p := range t.byName {
		if p.idle() {
			idle = append(idle, p)
		}
	}
	slices.SortFunc(idle, func(a, b *pod) int {
		if c := a.last.Compare(b.last); c != 0 {
			return c
		}
		return strings.Compare(a.namespace+"/"+a.name, b.namespace+"/"+b.name)
	})
	for _, p := range idle[:len(idle)/2] {
		t.forget(p)
	}
}

// idle reports whether nothing is under way with the pod.
func (p *pod) idle() bool {
	return len(p.evictings) == 0 && (p.removing == nil || p.removing.given)
}

// learn takes over what a record shows of the pod.
func (p *pod) learn(r *record, s *podState) {
	p.setNode(s.node, Evidence{Field: "spec.nodeName", Value: s.node, Pos: r.pos})
	if s.node == "" && p.node == "" && (s.uid != "" && s.phase == "Pending") {
		p.unbound = true
	}
	if s.owner.Kind != "" && p.owner.Kind == "" {
		p.owner = s.owner
		p.note("metadata.ownerReferences", s.owner.Kind+"/"+s.owner.Name, r)
	}
	if len(s.labels) > 0 {
		p.labels, p.marked.labels = maps.Clone(s.labels), r.pos
	}
	if len(s.protections) > 0 {
		p.protections = maps.Clone(s.protections)
	}
	if s.scheduler != "" {
		p.scheduler, p.marked.scheduler = s.scheduler, r.pos
	}
	if !s.created.IsZero() {
		p.createdAt = s.created
	}
	if s.phase != "" {
		p.phase = s.phase
	}
	if s.disrupted != "" {
		p.disrupted = s.disrupted
		p.why = Evidence{Field: "status.conditions[DisruptionTarget].reason", Value: s.disrupted, Pos: r.pos}
	}
	if s.ready == "True" && p.readyAt.IsZero() {
		p.readyAt = s.readyAt
		if isKubelet(r) || s.readyAt.IsZero() {
			p.readyAt = r.done // on the clock of the other times
		}
	}
	for name, code := range s.exitCodes {
		if p.exitCodes == nil {
			p.exitCodes = map[string]int32{}
		}
		p.exitCodes[name] = code
	}
}

// created is when the pod was made, as its creation or a body tells it.
func (p *pod) created() time.Time {
	if p.madeAt.IsZero() {
		return p.createdAt
	}
	return p.madeAt
}

func (p *pod) setNode(node string, e Evidence) {
	if node != "" && p.node == "" {
		p.node = node
		p.evidence = append(p.evidence, e)
	}
}

func (p *pod) note(field, value string, r *record) {
	p.evidence = append(p.evidence, Evidence{Field: field, Value: value, Pos: r.pos})
}

// unscheduled reports whether the pod never had a node, as far as the log
// tells. It is gone as soon as its deletion is accepted, and so is a pod that
// has finished. Source: kubernetes pkg/registry/core/pod/strategy.go,
// CheckGracefulDelete.
func (p *pod) unscheduled() bool { return p.node == "" && p.unbound }

func (p *pod) finished() bool { return p.phase == "Succeeded" || p.phase == "Failed" }

// kubeletPrefix begins the user names of kubelets, the rest is the node.
// Source: kubernetes.io/docs/reference/access-authn-authz/node.
const kubeletPrefix = "system:node:"

func isKubelet(r *record) bool {
	return strings.HasPrefix(r.request.Actor.User, kubeletPrefix) && r.request.Actor.Impersonated == ""
}

// later returns the later of two times.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
