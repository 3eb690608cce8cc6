package evict

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// Timeline gives the life of the pods that had a name, one after another, in
// the order of time: who made them, where they ran, who tried to evict them and
// what came of it, how they went, and what happened meanwhile to their node, to
// their owner, to the owners of that, and to the namespace. Meanwhile is until
// the end of the pod, and for the deletion of its node an hour longer. It begins
// an hour before the log first has the pod, but for its node when the pod is
// bound to it.
//
// The sequence reads src once, can be walked again if src can be read again,
// and does not depend on the order of the events. Which node a pod ran on may
// show only at its end. So an entry comes when the log is an hour further, and
// what happened to nodes and owners in that hour is remembered: one that is
// learnt of later than an hour is told without what came before that.
//
// Options.Start and End bound the times of the entries; Namespace, Pod and Node
// are not looked at. Errors are as for [Evictions].
func Timeline(ctx context.Context, src audit.Source, namespace, pod string, opts *Options) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		var o Options
		if opts != nil {
			o = *opts
		}
		l := &timeline{name: podKey{namespace, pod}, tracker: newTracker(&o)}
		give := func(until time.Time, all bool) bool {
			for _, e := range l.due(until, all) {
				if o.spans(e.Time, e.Time) && !yield(e, nil) {
					return false
				}
			}
			return true
		}
		var last error
		for r, err := range records(ctx, src, &o) {
			if err == nil {
				l.add(r)
				if !give(r.at.Add(-QuietAfter), false) {
					return
				}
				continue
			}
			if _, ok := errors.AsType[*audit.EventError](err); !ok {
				last = err
				break
			}
			if !yield(Entry{}, err) {
				return
			}
		}
		if (ctx.Err() != nil || give(time.Time{}, true)) && last != nil {
			yield(Entry{}, last)
		}
	}
}

// A timeline is one under way. The tracker knows which pod a record is about,
// and what owns it.
type timeline struct {
	name    podKey
	tracker *tracker
	lives   []*lifetime
	waiting []moment
}

// A lifetime is what is known of one pod of the name.
type lifetime struct {
	pod       *pod
	from      time.Time // the first record
	ready     string    // the condition, as last known
	disrupted string
	finished  bool
}

// A moment is an entry that waits, or may become one. It is about the pod of a
// life, or else about what may be around one: that shows in the hour to come,
// as does what the pod runs on.
type moment struct {
	entry  Entry
	record *record
	life   *lifetime
	around func(*lifetime) bool
}

// add takes in the next record.
func (l *timeline) add(r *record) {
	t := l.tracker
	t.add(r)
	t.evictionsOut, t.removalsOut, t.drainsOut = nil, nil, nil
	if r.kind != attempted && !r.accepted() {
		return
	}
	switch r.kind {
	case nodeChanged, nodeDeleted:
		l.node(r)
	case ownerChanged, ownerDeleted:
		l.owner(r)
	case namespaceDeleted:
		if r.name == l.name.namespace {
			l.wait(r, l.entry(r, EntryNamespaceDeleted, "Namespace", r.name, "deleted"), func(*lifetime) bool { return true })
		}
	case podsDeleted:
		l.collection(r)
	default:
		l.podRecord(r)
	}
}

// entry returns an entry about what r is about.
func (l *timeline) entry(r *record, what EntryKind, kind, name, text string) Entry {
	return Entry{Time: r.at, What: what, Kind: kind, Name: name, Text: text, Actor: r.request.Actor, Pos: r.pos}
}

// wait lets an entry wait that is not about the pod itself.
func (l *timeline) wait(r *record, e Entry, around func(*lifetime) bool) {
	l.waiting = append(l.waiting, moment{entry: e, record: r, around: around})
}

// due returns the entries of before that time, or all.
func (l *timeline) due(until time.Time, all bool) []Entry {
	n := 0
	for n < len(l.waiting) && (all || l.waiting[n].record.at.Before(until)) {
		n++
	}
	if n == 0 {
		return nil
	}
	var list []Entry
	for i := range l.waiting[:n] {
		if m := &l.waiting[i]; l.finish(m) {
			list = append(list, m.entry)
		}
	}
	at := l.waiting[n-1].record.at
	l.waiting = slices.Delete(l.waiting, 0, n)
	if len(l.lives) > 1 {
		// The newest stays, since of a pod that lives nothing may be heard for long.
		newest := l.lives[len(l.lives)-1]
		l.lives = slices.DeleteFunc(l.lives, func(v *lifetime) bool { return v != newest && !v.spans(at, QuietAfter) })
	}
	return list
}

// finish fills in what an entry had to wait for, and reports whether it is one.
func (l *timeline) finish(m *moment) bool {
	e, r := &m.entry, m.record
	p := (*pod)(nil)
	if v := m.life; v != nil {
		p, e.UID = v.pod, v.pod.uid
	} else {
		after := tolerance
		if r.kind == nodeDeleted {
			after = QuietAfter
		}
		i := slices.IndexFunc(l.lives, func(v *lifetime) bool { return v.spans(r.at, after) && m.around(v) })
		if i < 0 {
			return false
		}
		if e.Kind == "Node" {
			p = l.lives[i].pod // what it ran on
		}
	}
	e.Initiator = l.tracker.initiator(r, p)
	return true
}

// spans reports whether what happened at that time was while the pod lived, an
// hour before, or shortly after.
func (v *lifetime) spans(at time.Time, after time.Duration) bool {
	if at.Before(v.from.Add(-QuietAfter)) {
		return false
	}
	return !v.pod.ended || !at.After(later(v.pod.gone, v.pod.last).Add(after))
}

// ranOn reports whether the pod was on that node when r came.
func (v *lifetime) ranOn(node string, r *record) bool {
	return v.pod.node == node && (v.pod.boundAt.IsZero() || !r.at.Add(tolerance).Before(v.pod.boundAt))
}

// of returns the life of the pod that r is about, which the tracker has just
// taken in; nil if it is of another name.
func (l *timeline) of(key podKey, uid string, r *record) *lifetime {
	if key != l.name {
		return nil
	}
	p := l.tracker.pods.byUID[podUID{key, uid}]
	if p == nil {
		p = l.tracker.pods.byName[key]
	}
	if p == nil {
		return nil
	}
	for _, v := range l.lives {
		if v.pod == p {
			return v
		}
	}
	v := &lifetime{pod: p, from: r.at}
	l.lives = append(l.lives, v)
	return v
}

// node takes in a change of a node.
func (l *timeline) node(r *record) {
	name := r.name
	ran := func(v *lifetime) bool { return v.ranOn(name, r) }
	if r.kind == nodeDeleted {
		l.wait(r, l.entry(r, EntryNodeDeleted, "Node", name, "deleted"), ran)
		return
	}
	if r.node.whole {
		return // it repeats what it does not change
	}
	if r.node.cordon {
		l.wait(r, l.entry(r, EntryCordoned, "Node", name, "made unschedulable"), ran)
	}
	if r.node.uncordon {
		l.wait(r, l.entry(r, EntryUncordoned, "Node", name, "made schedulable again"), ran)
	}
	if text := r.node.marksText(); text != "" {
		l.wait(r, l.entry(r, EntryTainted, "Node", name, text), ran)
	}
}

// owner takes in a change or the deletion of what may own the pod.
func (l *timeline) owner(r *record) {
	if r.namespace != l.name.namespace {
		return
	}
	kind := r.request.Resource
	if k := ownerKinds[kind]; k != "" {
		kind = k
	}
	key := objectKey{r.request.Resource, r.namespace, r.name}
	owns := func(v *lifetime) bool {
		return slices.Contains(l.tracker.causes.lineage(v.pod), key)
	}
	if r.kind == ownerDeleted {
		l.wait(r, l.entry(r, EntryOwnerDeleted, kind, r.name, "deleted"), owns)
		return
	}
	// The deployment controller writes whole ReplicaSets to scale them.
	scaler := controllerOf(&r.request.Actor) == "deployment-controller"
	switch c := r.owner; {
	case c == nil:
	case c.restart:
		l.wait(r, l.entry(r, EntryRestarted, kind, r.name, "restarted"), owns)
	case c.replicas != nil && (!c.template || scaler):
		l.wait(r, l.entry(r, EntryScaled, kind, r.name, fmt.Sprintf("scaled to %d", *c.replicas)), owns)
	case c.replicas != nil:
		text := fmt.Sprintf("written anew, with its pod template and %d replicas", *c.replicas)
		l.wait(r, l.entry(r, EntryChanged, kind, r.name, text), owns)
	case c.template:
		l.wait(r, l.entry(r, EntryChanged, kind, r.name, "pod template changed"), owns)
	}
}

// collection takes in a delete of many pods.
func (l *timeline) collection(r *record) {
	if r.namespace != l.name.namespace {
		return
	}
	if len(r.pods) == 0 {
		e := l.entry(r, EntryCollected, "Pod", l.name.name, "a collection of pods was deleted, perhaps with it")
		l.wait(r, e, func(v *lifetime) bool { return v.from.Before(r.at) || v.pod.removing != nil })
		return
	}
	for _, s := range r.pods {
		key := podKey{cmp.Or(s.namespace, r.namespace), s.name}
		if v := l.of(key, s.uid, r); v != nil {
			l.tell(v, r, EntryCollected, "deleted with a collection of pods")
		}
	}
}
