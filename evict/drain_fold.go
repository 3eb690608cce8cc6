package evict

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A drainKey says whose requests make one drain, if no hour without any and no
// uncordon parts them.
type drainKey struct {
	node string
	who  identity
	dry  bool
}

// A draining is a drain under way: the evictions of one node by one actor, or
// their deletes of its pods. Whether it is a drain is decided in the end.
type draining struct {
	key         drainKey
	first, last time.Time
	evictings   []*evicting
	removings   []*removing
	given       bool
}

// drainAttempt notes an attempt of an eviction that may be part of a drain.
func (t *tracker) drainAttempt(e *evicting, r *record) {
	if e.drain != nil {
		e.drain.last = later(e.drain.last, r.at)
		return
	}
	t.joinDrains(e.pod)
}

// joinDrains adds the evictions of a pod to the drains of its node, as soon as
// that is known.
func (t *tracker) joinDrains(p *pod) {
	if p.node == "" {
		return
	}
	for _, e := range p.evictings {
		if e.drain != nil {
			continue
		}
		e.drain = t.drainOf(drainKey{p.node, e.who, e.dry}, e.First, e.Last)
		e.drain.evictings = append(e.drain.evictings, e)
		t.follow(p)
	}
}

// drainDelete adds a pod that was deleted to the drain of its node.
func (t *tracker) drainDelete(m *removing) {
	at := m.decision.at
	d := t.drainOf(drainKey{m.pod.node, identityOf(&m.decision.request.Actor), false}, at, at)
	d.removings = append(d.removings, m)
}

// drainOf returns the drain that requests from first to last belong to.
func (t *tracker) drainOf(key drainKey, first, last time.Time) *draining {
	n := t.nodes[key.node]
	for _, d := range t.drains[key] {
		if first.Sub(d.last) > QuietAfter || d.first.Sub(last) > QuietAfter {
			continue
		}
		if up := n.uncordonAfter(d.last); up != nil && up.at.Before(first) {
			continue
		}
		if up := n.uncordonAfter(last); up != nil && up.at.Before(d.first) {
			continue
		}
		d.last = later(d.last, last)
		if first.Before(d.first) {
			d.first = first
		}
		return d
	}
	d := &draining{key: key, first: first, last: last}
	t.drains[key] = append(t.drains[key], d)
	return d
}

// drainOver reports whether nothing more can belong to a drain.
func (t *tracker) drainOver(d *draining) bool {
	return t.now.Sub(d.last) > QuietAfter &&
		!slices.ContainsFunc(d.evictings, func(e *evicting) bool { return !t.quiet(e) }) &&
		!slices.ContainsFunc(d.removings, func(m *removing) bool { return !m.given })
}

// giveDrains gives the drains that are over, in the order of their times, and
// drops what was none.
func (t *tracker) giveDrains(over func(*draining) bool) {
	var drains []Drain
	for key, list := range t.drains {
		list = slices.DeleteFunc(list, func(d *draining) bool {
			if !over(d) {
				return false
			}
			d.given = true
			if v, ok := t.drain(d); ok {
				drains = append(drains, v)
			}
			return true
		})
		if len(list) == 0 {
			delete(t.drains, key)
		} else {
			t.drains[key] = list
		}
	}
	slices.SortFunc(drains, func(a, b Drain) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.Node, b.Node), strings.Compare(a.Actor.User, b.Actor.User), cmp.Compare(a.DryRun, b.DryRun))
	})
	t.drainsOut = append(t.drainsOut, drains...)
	t.close()
}

// drain returns what a drain came to, and whether it was one: see [Drain].
func (t *tracker) drain(d *draining) (Drain, bool) {
	n := t.nodes[d.key.node]
	cordon := n.cordon(d.first)
	v := Drain{Node: d.key.node, Start: d.first, End: d.last, DryRun: DryRunUnknown}
	for _, m := range n.marks(d.first.Add(-QuietAfter), d.last.Add(tolerance), false) {
		v.Taints = append(v.Taints, m.key)
		v.note("requestObject.spec.taints", m.key, m.by)
	}
	if cordon != nil {
		v.CordonedAt, v.CordonedBy = cordon.done, cordon.request.Actor
		v.note("requestObject.spec.unschedulable", "true", cordon)
		if v.CordonedAt.Before(v.Start) {
			v.Start = v.CordonedAt
		}
	}
	slices.SortFunc(d.evictings, compareEvictings)
	slices.SortFunc(d.removings, compareRemovings)
	pods := t.fillDrain(d, &v)
	alone := v.Compute == Fargate && d.key.who.platform()
	if cordon == nil && len(v.Taints) == 0 && pods < 2 && !alone {
		return Drain{}, false
	}
	if up := n.uncordonAfter(d.first); up != nil && !d.key.dry {
		v.UncordonedAt = up.done
		v.note("requestObject.spec.unschedulable", "", up)
	}
	if gone := n.first(d.first, func(r *record) bool { return r.kind == nodeDeleted }); gone != nil && !d.key.dry {
		v.DeletedAt, v.DeletedBy = gone.done, gone.request.Actor
		v.note("requestURI", gone.request.URI, gone)
	}
	v.Outcome = t.drainOutcome(d)
	return v, true
}

func (v *Drain) note(field, value string, r *record) {
	v.Evidence = append(v.Evidence, Evidence{Field: field, Value: value, Pos: r.pos})
}

// fillDrain takes over the evictions and removals, and returns the number of
// pods.
func (t *tracker) fillDrain(d *draining, v *Drain) int {
	pods := map[*pod]bool{}
	var lastAt time.Time
	for _, e := range d.evictings {
		one := t.eviction(e)
		v.Evictions = append(v.Evictions, one)
		v.Tries += one.Tries
		for _, r := range one.Refusals {
			v.Refused += r.Count
		}
		v.End = later(v.End, one.GoneAt)
		if one.DryRun != DryRunUnknown {
			v.DryRun = one.DryRun
		}
		if !one.Last.Before(lastAt) {
			lastAt, v.Actor, v.Initiator = one.Last, one.Actor, one.Initiator
		}
		pods[e.pod] = true
	}
	for _, m := range d.removings {
		one := t.removal(m)
		v.Removals = append(v.Removals, one)
		v.End = later(v.End, one.GoneAt)
		if !m.decision.at.Before(lastAt) {
			lastAt, v.Actor, v.Initiator = m.decision.at, one.Actor, one.Initiator
		}
		pods[m.pod] = true
	}
	if len(d.removings) > 0 {
		v.DryRun = DryRunNo
	}
	for p := range pods {
		if c, _ := p.compute(t.hint); c != ComputeUnknown {
			v.Compute = c // all are on the same node
		}
	}
	return len(pods)
}

func (t *tracker) drainOutcome(d *draining) DrainOutcome {
	if d.key.dry {
		return DrainRehearsed
	}
	outcome := DrainDone
	for _, e := range d.evictings {
		switch {
		case e.decided || e.pod.ended:
		case t.now.Sub(e.Last) <= QuietAfter:
			return DrainUnfinished
		default:
			outcome = DrainBlocked
		}
	}
	return outcome
}
