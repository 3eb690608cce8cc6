package evict

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tell adds an entry about the pod.
func (l *timeline) tell(v *lifetime, r *record, what EntryKind, text string) {
	e := l.entry(r, what, "Pod", l.name.name, text)
	if r.attempt != nil {
		at := *r.attempt
		e.Attempt, e.Actor = &at, at.Actor
	}
	l.waiting = append(l.waiting, moment{entry: e, record: r, life: v})
}

// podRecord takes in a record about one pod.
func (l *timeline) podRecord(r *record) {
	var s podState
	if len(r.pods) > 0 {
		s = r.pods[0]
	}
	key := podKey{cmp.Or(r.namespace, s.namespace), cmp.Or(r.name, s.name)}
	v := l.of(key, cmp.Or(r.uid, s.uid), r)
	if v == nil {
		return
	}
	switch r.kind {
	case attempted:
		l.tell(v, r, EntryAttempt, r.attempt.text())
	case evictionRequested:
		l.tell(v, r, EntryRequested, "eviction requested in the name of "+orUnknown(r.requester))
	case podCreated:
		l.tell(v, r, EntryCreated, "created"+ownedBy(v.pod.owner))
	case podBound:
		l.tell(v, r, EntryBound, "bound to node "+plain(s.node))
	case podChanged:
		l.status(v, r, &s)
	case podDeleted:
		l.deleted(v, r)
	}
}

func ownedBy(o Owner) string {
	if o.Kind == "" {
		return ""
	}
	return " for " + plain(o.Kind) + " " + plain(o.Name)
}

// status takes in a change of the pod, and tells what is new in it. The answer
// to a patch, and what is put, is a whole pod that repeats what is old.
func (l *timeline) status(v *lifetime, r *record, s *podState) {
	if s.ready != "" && s.ready != v.ready {
		was := v.ready
		v.ready = s.ready
		switch {
		case s.ready != "True" && was == "True":
			l.tell(v, r, EntryNotReady, "not ready any more")
		case s.ready == "True" && (was != "" || r.at.Sub(s.readyAt).Abs() < justNow):
			l.tell(v, r, EntryReady, "ready")
		}
	}
	if s.disrupted != "" && s.disrupted != v.disrupted {
		v.disrupted = s.disrupted
		// The condition of an eviction is set by the server, as it accepts it;
		// what a kubelet does is told by the phase.
		if s.disrupted != "EvictionByEvictionAPI" && !isKubelet(r) && r.request.Verb != "update" {
			l.tell(v, r, EntryDisrupted, "about to go: "+joined(": ", s.disrupted, s.disruptedMessage))
		}
	}
	if (s.phase == "Failed" || s.phase == "Succeeded") && !v.finished {
		v.finished = true
		l.tell(v, r, EntryFinished, joined(": ", "finished as "+s.phase, s.reason, s.message)+exitText(s.exitCodes))
	}
}

// deleted takes in a delete of the pod. A kubelet's is the end.
func (l *timeline) deleted(v *lifetime, r *record) {
	switch {
	case isKubelet(r):
		l.tell(v, r, EntryGone, "gone from its node")
	case r.grace != nil && *r.grace == 0:
		l.tell(v, r, EntryDeleted, "deleted without a grace period")
	case r.grace != nil:
		l.tell(v, r, EntryDeleted, fmt.Sprintf("deleted with a grace period of %d s", *r.grace))
	default:
		l.tell(v, r, EntryDeleted, "deleted")
	}
}

// text tells an attempt in a clause.
func (at *Attempt) text() string {
	text := "eviction " + at.Outcome.String()
	if at.DryRun == DryRunYes {
		text = "dry run of an " + text
	}
	switch {
	case len(at.Budgets) > 0:
		text += ": " + budgetsText(at.Budgets)
	case at.Outcome != Accepted && at.Message != "":
		text += ": " + plain(at.Message)
	}
	return text
}

// exitText tells the exit codes of containers, by name.
func exitText(codes map[string]int32) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(codes)) {
		list = append(list, fmt.Sprintf("%s exited with %d", plain(name), codes[name]))
	}
	if len(list) == 0 {
		return ""
	}
	return "; " + strings.Join(list, ", ")
}

// marksText tells the taints that a request sets, and those of its labels that
// drainers put on nodes.
func (c *nodeChange) marksText() string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(c.taints)) {
		list = append(list, "taint "+plain(key)+":"+plain(c.taints[key]))
	}
	for _, key := range slices.Sorted(maps.Keys(c.labels)) {
		if isDrainMark(key) {
			list = append(list, "label "+plain(key)+"="+plain(c.labels[key]))
		}
	}
	return strings.Join(list, ", ")
}

// joined joins the texts that are not empty, fit for a line.
func joined(sep string, texts ...string) string {
	var list []string
	for _, s := range texts {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, plain(s))
		}
	}
	return strings.Join(list, sep)
}
