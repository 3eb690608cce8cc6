package evict

import (
	"cmp"
	"slices"
	"time"
)

// A replacing brings together the removals of pods of one owner with the pods
// that the owner makes, one to one and in order.
type replacing struct {
	waiting []*removing // without a replacement
	made    []*pod      // in the last hour, and not a replacement yet
}

// ownerKey names the owner of a pod, as the pods of one owner share it.
func ownerKey(p *pod) string {
	if p.owner.Kind == "" {
		return ""
	}
	return "owner/" + p.namespace + "/" + p.owner.Kind + "/" + p.owner.Name
}

// replacement takes in a pod that was made.
func (t *tracker) replacement(p *pod) {
	key := ownerKey(p)
	if key == "" {
		return
	}
	o := t.replacingOf(key)
	o.prune(t.now)
	if i := slices.IndexFunc(o.waiting, func(m *removing) bool { return m.replacedBy(p) }); i >= 0 {
		o.waiting[i].replacement = p
		o.waiting = slices.Delete(o.waiting, i, i+1)
		return
	}
	o.made = append(o.made, p)
}

// await gives a removal the first pod that its owner made since, or lets it
// wait for one.
func (t *tracker) await(m *removing) {
	o := t.replacingOf(ownerKey(m.pod))
	if i := slices.IndexFunc(o.made, m.replacedBy); i >= 0 {
		m.replacement = o.made[i]
		o.made = slices.Delete(o.made, i, i+1)
		return
	}
	o.waiting = append(o.waiting, m)
}

func (t *tracker) replacingOf(key string) *replacing {
	o := t.owners[key]
	if o == nil {
		o = &replacing{}
		t.owners[key] = o
	}
	return o
}

// replacedBy reports whether a pod that the owner made can be in the place of
// the one that was removed: if it was made after the decision, and not an hour
// after the end. Those of a StatefulSet have the same name, the others another
// one.
func (m *removing) replacedBy(p *pod) bool {
	over := m.pod.gone
	if m.way.stays() {
		over = m.from()
	}
	late := !over.IsZero() && p.madeAt.Sub(over) > QuietAfter
	sameName := p.name == m.pod.name
	return p != m.pod && !late && !p.madeAt.Before(m.end.at) && sameName == (p.owner.Kind == "StatefulSet")
}

// prune drops what cannot be matched any more, and reports whether nothing is
// left.
func (o *replacing) prune(now time.Time) bool {
	o.waiting = slices.DeleteFunc(o.waiting, func(m *removing) bool { return m.resolved })
	o.made = slices.DeleteFunc(o.made, func(p *pod) bool { return now.Sub(p.madeAt) > QuietAfter })
	return len(o.waiting)+len(o.made) == 0
}

// match finds the replacement and the company of a removal that is explained,
// as far as the owner is known: the kubelet's delete may be the first to tell.
func (t *tracker) match(m *removing) {
	if !m.explained || m.given {
		return
	}
	t.join(m)
	if !m.matched && m.way.replaces() && ownerKey(m.pod) != "" {
		m.matched = true
		t.await(m)
	}
}

// join adds a removal to the groups of pods that should not all be down: those
// of its owner, and those of each budget that a refusal named.
func (t *tracker) join(m *removing) {
	var keys []string
	if key := ownerKey(m.pod); key != "" {
		keys = append(keys, key)
	}
	for _, e := range m.pod.evictings {
		for _, b := range e.Budgets {
			keys = append(keys, budgetKey(m.pod, b))
		}
	}
	for _, key := range keys {
		if !slices.Contains(m.groups, key) {
			m.groups = append(m.groups, key)
			t.groups[key] = append(t.groups[key], m)
		}
	}
}

func budgetKey(p *pod, b Budget) string { return "budget/" + p.namespace + "/" + b.Name }

// to is when the pod was no longer missing: when its replacement was ready, or
// if the log has none when it was gone. One that is not gone is missing for as
// long as its story may go on.
func (m *removing) to() time.Time {
	switch {
	case m.replacement != nil && !m.replacement.readyAt.IsZero():
		return later(m.replacement.readyAt, m.from())
	case m.way.stays():
		return m.from()
	case !m.pod.gone.IsZero():
		return m.pod.gone
	case m.pod.ended:
		return later(m.pod.last, m.from())
	}
	return later(m.pod.last, m.from()).Add(stuckAfter)
}

// companyKnown reports whether it is known which pods were missing together
// with this one. Of one that is gone and may still get a replacement it is not.
func (t *tracker) companyKnown(m *removing) bool {
	for _, key := range m.groups {
		for _, other := range t.groups[key] {
			if other != m && !other.resolved && other.pod.ended && !other.from().After(m.to()) {
				return false
			}
		}
	}
	return true
}

// countDown counts how many pods of a group were missing together with this
// one at the worst moment.
func (t *tracker) countDown(m *removing) {
	for _, key := range m.groups {
		n := worst(m, t.groups[key])
		if key == ownerKey(m.pod) {
			m.downWithOwner = n
		} else {
			m.downWithBudget = max(m.downWithBudget, n)
		}
	}
}

// worst returns how many of the group, m included, were missing at the worst
// moment of m. At the moment in which it is ready again a pod is not missing.
func worst(m *removing, group []*removing) int {
	type step struct {
		at time.Time
		by int
	}
	var steps []step
	for _, other := range group {
		if other == m || other.from().After(m.to()) || !other.to().After(m.from()) {
			continue
		}
		steps = append(steps, step{later(other.from(), m.from()), 1}, step{other.to(), -1})
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Or(a.at.Compare(b.at), a.by-b.by) })
	most, n := 1, 1
	for _, s := range steps {
		n += s.by
		most = max(most, n)
	}
	return most
}

// pruneGroups drops removals that were given and were over before any of their
// group began that was not.
func (t *tracker) pruneGroups() {
	for key, group := range t.groups {
		var first time.Time
		waits := false
		for _, m := range group {
			if !m.given && (!waits || m.from().Before(first)) {
				first, waits = m.from(), true
			}
		}
		group = slices.DeleteFunc(group, func(m *removing) bool {
			return m.given && (!waits || m.to().Before(first))
		})
		if len(group) == 0 {
			delete(t.groups, key)
		} else {
			t.groups[key] = group
		}
	}
}
