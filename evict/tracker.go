package evict

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// tolerance is by how much the time of a cause may be after that of its effect.
// API servers take the time from their own clocks, and a controller can see a
// change before the request that made it is answered. A removal is explained
// only when this much time of the log has passed after the decision.
const tolerance = 2 * time.Second

// stuckAfter is how long a pod that was told to go, and of whom nothing is
// heard, counts as under way. A node that is out of reach ends no pods; after
// this the removal is given without an end.
const stuckAfter = 24 * time.Hour

// sweepEvery is how often, in time of the log, the tracker looks for what is
// over. It bounds how long it keeps that, and decides nothing.
const sweepEvery = time.Minute

// A tracker follows pods through the records of a log, which it takes in the
// order of their times, and gives evictions, removals and drains when their
// stories are over. It remembers pods that are alive or on their way out, and
// of workloads, nodes and namespaces what happened lately.
type tracker struct {
	rules []Rule
	hint  Hint

	pods   podTable
	causes causeTable
	nodes  map[string]*node

	open    map[*pod]struct{} // pods with a story that was not given
	decided []*removing       // not explained yet, in the order of their decisions
	owners  map[string]*replacing
	groups  map[string][]*removing
	drains  map[drainKey][]*draining

	now, sweepAt time.Time

	// What is ready to be given.
	evictionsOut []Eviction
	removalsOut  []Removal
	drainsOut    []Drain
}

func newTracker(o *Options) *tracker {
	return &tracker{
		rules:  o.Rules,
		hint:   o.Hint,
		pods:   newPodTable(),
		causes: newCauseTable(),
		nodes:  map[string]*node{},
		open:   map[*pod]struct{}{},
		owners: map[string]*replacing{},
		groups: map[string][]*removing{},
		drains: map[drainKey][]*draining{},
	}
}

// add takes in the next record.
func (t *tracker) add(r *record) {
	if r.done.Before(r.at) {
		r.done = r.at // the event has no time of its answer
	}
	t.now = later(t.now, r.at)
	t.explainUntil(t.now.Add(-tolerance))
	if !t.now.Before(t.sweepAt) {
		t.sweep()
		t.sweepAt = t.now.Add(sweepEvery)
	}
	if r.kind == attempted {
		t.attempt(r)
		return
	}
	if !r.accepted() {
		return
	}
	switch r.kind {
	case podCreated, podBound, podChanged, podDeleted:
		t.podRecord(r)
	case podsDeleted:
		t.collection(r)
	case nodeChanged, nodeDeleted:
		t.nodeRecord(r)
	case ownerChanged, ownerDeleted, namespaceDeleted:
		t.causes.add(r)
	case evictionRequested:
		if r.name != "" {
			t.pods.find(podKey{r.namespace, r.name}, r.uid, r).asked = cmp.Or(r.requester, r.request.Actor.User)
		}
	}
}

// end gives what is not over when the log ends.
func (t *tracker) end() {
	t.explainUntil(t.now.Add(tolerance))
	for p := range t.open {
		if p.removing != nil {
			p.removing.resolved = true
		}
	}
	t.give(func(*evicting) bool { return true })
	t.giveDrains(func(*draining) bool { return true })
}

// podRecord takes in a record of one pod.
func (t *tracker) podRecord(r *record) {
	var shown podState
	if len(r.pods) > 0 {
		shown = r.pods[0]
	}
	key := podKey{cmp.Or(r.namespace, shown.namespace), cmp.Or(r.name, shown.name)}
	if key.name == "" {
		return // created with generateName, and the log has no answer
	}
	p := t.pods.find(key, cmp.Or(r.uid, shown.uid), r)
	p.learn(r, &shown)
	if isKubelet(r) {
		user := r.request.Actor.User
		p.setNode(strings.TrimPrefix(user, kubeletPrefix), Evidence{Field: "user.username", Value: user, Pos: r.pos})
	}
	t.learned(p)
	switch r.kind {
	case podCreated:
		p.madeAt = r.done
		t.replacement(p)
		t.pods.trim()
	case podBound:
		p.boundAt, p.boundBy, p.marked.binding = r.done, r.request.Actor.User, r.pos
		p.note("requestObject.target.name", p.node, r)
	case podChanged:
		t.podStatus(p, r, &shown)
	case podDeleted:
		if isKubelet(r) {
			t.kubeletEnd(p, r)
		} else {
			t.deleted(p, r)
		}
	}
}

// learned puts to use what a record has just told about the pod: its node and
// its owner may not have been known before.
func (t *tracker) learned(p *pod) {
	t.joinDrains(p)
	if p.removing != nil {
		t.match(p.removing)
	}
}

// sweep gives and forgets what is over.
func (t *tracker) sweep() {
	t.resolve()
	t.give(func(e *evicting) bool { return t.quiet(e) })
	t.giveDrains(func(d *draining) bool { return t.drainOver(d) })
	t.causes.prune(t.now.Add(-2 * QuietAfter))
	t.pruneNodes(t.now.Add(-2 * QuietAfter))
	for key, o := range t.owners {
		if o.prune(t.now) {
			delete(t.owners, key)
		}
	}
}

// give gives the evictions that are over, and the removals that are resolved
// and whose company is known, in the order of their times.
func (t *tracker) give(over func(*evicting) bool) {
	var evictings []*evicting
	var removings []*removing
	for p := range t.open {
		for _, e := range p.evictings {
			if !e.given && over(e) {
				evictings = append(evictings, e)
			}
		}
		if m := p.removing; m != nil && !m.given && m.resolved && t.companyKnown(m) {
			removings = append(removings, m)
		}
	}
	slices.SortFunc(evictings, compareEvictings)
	for _, e := range evictings {
		e.given = true
		t.evictionsOut = append(t.evictionsOut, t.eviction(e))
	}
	slices.SortFunc(removings, compareRemovings)
	for _, m := range removings {
		t.countDown(m)
	}
	for _, m := range removings {
		m.given = true
		t.removalsOut = append(t.removalsOut, t.removal(m))
	}
	t.pruneGroups()
	t.close()
}

// close forgets the pods whose story is over. Of a pod that still lives the
// refused evictions stay: who had them refused may come back, days later, and
// delete the pod. A pod that a kubelet ended is remembered until its object is
// deleted, and one that is stuck until it is gone, so that neither is removed
// twice.
func (t *tracker) close() {
	for p := range t.open {
		if m := p.removing; m != nil && !m.given {
			continue
		}
		if slices.ContainsFunc(p.evictings, func(e *evicting) bool { return !e.given || e.drain != nil && !e.drain.given }) {
			continue
		}
		delete(t.open, p)
		p.open = false
		if p.removing != nil {
			p.evictings = nil
		}
		if p.ended {
			t.pods.forget(p)
		}
	}
}

// follow notes that the pod has a story to be given.
func (t *tracker) follow(p *pod) {
	t.open[p] = struct{}{}
	p.open = true
}

func comparePods(a, b *pod) int {
	for _, c := range []int{
		strings.Compare(a.namespace, b.namespace),
		strings.Compare(a.name, b.name),
	} {
		if c != 0 {
			return c
		}
	}
	return strings.Compare(a.uid, b.uid)
}
