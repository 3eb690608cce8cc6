package evict

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// maxDamage is how many places of the log that could not be read the error of
// [Judge] names. The others are counted.
const maxDamage = 100

// Judge says whether Fargate OS patching removed a pod or a node, and what did
// if it was something else. It reads src once, and like the other functions it
// does not depend on the order of the events.
//
// Options.Start and End bound the removals and evictions that count; Namespace,
// Pod and Node are those of the target. Options.Hint may decide what the log
// leaves open.
//
// Places of the log that could not be read do not end it. The error joins them
// all, each an [*audit.EventError], but for those after the first hundred, which
// are counted; the verdict stands beside it, and goes by what could be read. So
// it does if any other error is among them, which means that the log was not
// read to its end. Only of a target that is neither a pod nor a node, and if the
// context was cancelled, there is no verdict.
func Judge(ctx context.Context, src audit.Source, target Target, opts *Options) (Verdict, error) {
	if err := target.check(); err != nil {
		return Verdict{}, err
	}
	var o Options
	if opts != nil {
		o = *opts
	}
	f := &facts{target: target, options: &o}
	t := newTracker(&o)
	var bad damage
	for r, err := range records(ctx, src, &o) {
		if err != nil {
			bad.add(err)
			continue
		}
		t.add(r)
		f.observe(t, r)
		f.take(t)
	}
	if cause := context.Cause(ctx); cause != nil {
		return Verdict{}, cause
	}
	f.renew(t)
	t.end()
	f.take(t)
	f.sort()
	return f.verdict(), bad.err()
}

// check reports whether the target is a pod or a node.
func (t Target) check() error {
	switch {
	case t.Node != "" && t.Pod == "" && t.Namespace == "", t.Node == "" && t.Pod != "" && t.Namespace != "":
		return nil
	}
	return fmt.Errorf("evict: Judge: target must be a pod with its namespace, or a node: namespace %q, pod %q, node %q", t.Namespace, t.Pod, t.Node)
}

// A damage is the errors of a walk.
type damage struct {
	list []error
	more int // places that are not in the list
}

func (d *damage) add(err error) {
	if _, ok := errors.AsType[*audit.EventError](err); ok && len(d.list) >= maxDamage {
		d.more++
		return
	}
	d.list = append(d.list, err)
}

func (d *damage) err() error {
	if d.more > 0 {
		return errors.Join(append(d.list, fmt.Errorf("evict: %d more places could not be read", d.more))...)
	}
	return errors.Join(d.list...)
}

// facts are what the log has of a target. What comes of them is decided by
// [facts.verdict], which looks at nothing else.
type facts struct {
	target  Target
	options *Options

	// removals, evictions and drains are of the target, or of a drain that it
	// is part of. evictions has those that are part of no removal, dry runs
	// among them, once all is sorted.
	removals  []Removal
	evictions []Eviction
	drains    []Drain

	// deletions are of the target, or of the node that the pod ran on.
	deletions []nodeDeletion
}

// A nodeDeletion is the deletion of a Node object.
type nodeDeletion struct {
	node      string
	at        time.Time
	initiator Initiator
	evidence  Evidence
}

// observe looks at a record that the tracker has just taken in. The deletion of
// a node may come days after the last attempt to evict the pod, when the drain
// of the node is long over.
func (f *facts) observe(t *tracker, r *record) {
	if r.kind != nodeDeleted || !r.accepted() || !f.options.spans(r.done, r.done) {
		return
	}
	node := f.target.Node
	if p := t.pods.byName[podKey{f.target.Namespace, f.target.Pod}]; p != nil {
		node = p.node
	}
	if node == "" || r.name != node {
		return
	}
	f.deletions = append(f.deletions, nodeDeletion{
		node: node, at: r.done, initiator: t.initiator(r, nil),
		evidence: Evidence{Field: "requestURI", Value: r.request.URI, Pos: r.pos},
	})
}

// take takes what the tracker has ready, as far as it is about the target.
func (f *facts) take(t *tracker) {
	for _, e := range t.evictionsOut {
		if f.wants(&e) {
			f.evictions = append(f.evictions, e)
		}
	}
	for _, m := range t.removalsOut {
		if f.about(m.Namespace, m.Pod, m.Node) && f.options.spans(m.DecidedAt, m.GoneAt) {
			f.removals = append(f.removals, m)
		}
	}
	for _, d := range t.drainsOut {
		if f.drained(&d) && f.options.spans(d.Start, d.End) {
			f.drains = append(f.drains, d)
		}
	}
	t.evictionsOut, t.removalsOut, t.drainsOut = nil, nil, nil
}

func (f *facts) wants(e *Eviction) bool {
	return f.about(e.Namespace, e.Pod, e.Node) && f.options.spans(e.First, e.Last)
}

// about reports whether something that happened to a pod on a node is about the
// target.
func (f *facts) about(namespace, pod, node string) bool {
	if f.target.Node != "" {
		return node == f.target.Node
	}
	return namespace == f.target.Namespace && pod == f.target.Pod
}

func (f *facts) drained(d *Drain) bool {
	return d.Node == f.target.Node ||
		slices.ContainsFunc(d.Evictions, func(e Eviction) bool { return f.about(e.Namespace, e.Pod, e.Node) }) ||
		slices.ContainsFunc(d.Removals, func(m Removal) bool { return f.about(m.Namespace, m.Pod, m.Node) })
}

// renew tells anew the evictions of pods that live: what they ran on may have
// been learnt since.
func (f *facts) renew(t *tracker) {
	for _, p := range t.pods.byName {
		if !f.about(p.namespace, p.name, p.node) {
			continue
		}
		for _, e := range p.evictings {
			v := t.eviction(e)
			if !e.given || !f.wants(&v) {
				continue
			}
			if i := slices.IndexFunc(f.evictions, func(have Eviction) bool { return sameEviction(&have, &v) }); i >= 0 {
				f.evictions[i] = v
			} else {
				f.evictions = append(f.evictions, v)
			}
		}
	}
}

// sameEviction reports whether two values tell the same eviction, one of them
// perhaps with less.
func sameEviction(a, b *Eviction) bool {
	return a.Namespace == b.Namespace && a.Pod == b.Pod && a.First.Equal(b.First) && a.Tries == b.Tries &&
		identityOf(&a.Actor) == identityOf(&b.Actor) && (a.DryRun == DryRunYes) == (b.DryRun == DryRunYes)
}

// sort puts all in the order of their times, and drops the evictions that are
// part of a removal.
func (f *facts) sort() {
	f.evictions = slices.DeleteFunc(f.evictions, func(e Eviction) bool {
		return slices.ContainsFunc(f.removals, func(m Removal) bool {
			return slices.ContainsFunc(m.Evictions, func(of Eviction) bool { return sameEviction(&of, &e) })
		})
	})
	slices.SortFunc(f.removals, func(a, b Removal) int {
		return cmp.Or(a.time().Compare(b.time()), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Pod, b.Pod), strings.Compare(a.UID, b.UID))
	})
	slices.SortFunc(f.evictions, func(a, b Eviction) int {
		return cmp.Or(a.First.Compare(b.First), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Pod, b.Pod),
			strings.Compare(a.UID, b.UID), strings.Compare(a.Actor.User, b.Actor.User), strings.Compare(a.Actor.Impersonated, b.Actor.Impersonated))
	})
	slices.SortFunc(f.drains, func(a, b Drain) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.Actor.User, b.Actor.User), cmp.Compare(a.DryRun, b.DryRun))
	})
}

// time is when the removal was decided, or if that is not known when the pod
// was gone.
func (m *Removal) time() time.Time {
	if m.DecidedAt.IsZero() {
		return m.GoneAt
	}
	return m.DecidedAt
}
