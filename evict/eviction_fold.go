package evict

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// An identity tells actors apart over many requests. The name of a session is
// no part of it: a service may have another one with every request.
type identity struct{ user, impersonated, arn string }

func identityOf(a *Actor) identity {
	return identity{withoutSession(a.User), a.Impersonated, a.CanonicalARN}
}

// withoutSession takes the session off the name that an access entry gives to
// an IAM role by default:
//
//	arn:aws:sts::111122223333:assumed-role/ROLE/SESSION
//
// Source: docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html.
func withoutSession(user string) string {
	const role = ":assumed-role/"
	i := strings.Index(user, role)
	if i < 0 || !strings.HasPrefix(user, "arn:aws") {
		return user
	}
	name, _, _ := strings.Cut(user[i+len(role):], "/")
	return user[:i+len(role)] + name
}

// effective is the user whose rights counted.
func (a *Actor) effective() string { return cmp.Or(a.Impersonated, a.User) }

// platform reports whether this is an identity of Amazon EKS itself. Nobody
// else can have such a name: aws-iam-authenticator reserves eks:, and access
// entries may not use it.
// Source: docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html.
func (i identity) platform() bool { return strings.HasPrefix(i.user, "eks:") && i.impersonated == "" }

// An evicting is an eviction under way.
type evicting struct {
	Eviction
	pod *pod
	who identity
	dry bool

	// decided says that there was a final outcome, decision is the attempt
	// that had it, else the last one that was answered, else the last.
	decided  bool
	answered bool
	decision *record

	given bool      // as an Eviction
	drain *draining // that it may be part of, once the node is known
}

func compareEvictings(a, b *evicting) int {
	return cmp.Or(a.First.Compare(b.First), comparePods(a.pod, b.pod),
		strings.Compare(a.who.user, b.who.user), strings.Compare(a.who.arn, b.who.arn),
		strings.Compare(a.who.impersonated, b.who.impersonated), a.Last.Compare(b.Last), cmp.Compare(a.Outcome, b.Outcome))
}

// attempt takes in a request to the subresource. One that is no create asks
// for nothing.
func (t *tracker) attempt(r *record) {
	at := r.attempt
	if at == nil || at.Verb != "create" || at.Pod == "" {
		return
	}
	p := t.podOfAttempt(r)
	e := p.evictingFor(r)
	if e == nil {
		e = &evicting{pod: p, who: identityOf(&at.Actor), dry: at.DryRun == DryRunYes}
		p.evictings = append(p.evictings, e)
	}
	e.add(r)
	t.follow(p)
	t.drainAttempt(e, r)
	switch {
	case at.Outcome == Accepted && !e.dry:
		t.decide(p, r, Evicted)
		if p.unscheduled() || p.finished() {
			t.goneAt(p, r.done)
		}
	case at.Outcome == NotFound, at.Outcome == NamespaceNotFound:
		p.ended = true
	}
}

// podOfAttempt finds the pod that an attempt is about. The server looks at the
// uid that the client named after it has looked at the budgets: a refusal
// confirms none, an acceptance does. A mismatch tells the uid of the pod that
// has the name, and is about the other one.
func (t *tracker) podOfAttempt(r *record) *pod {
	at := r.attempt
	key := podKey{at.Namespace, at.Pod}
	switch {
	case at.Outcome == UIDMismatch:
		if at.LiveUID != "" {
			t.pods.find(key, at.LiveUID, r)
		}
		if at.UID != "" {
			return t.pods.meant(key, at.UID, r)
		}
	case at.UID == "":
	case at.Outcome == Accepted:
		return t.pods.find(key, at.UID, r)
	case t.pods.byUID[podUID{key, at.UID}] != nil:
		return t.pods.find(key, at.UID, r)
	default:
		if p := t.pods.byName[key]; p != nil && p.uid != "" {
			return t.pods.meant(key, at.UID, r)
		}
	}
	return t.pods.find(key, "", r)
}

// evictingFor returns the eviction that an attempt belongs to.
func (p *pod) evictingFor(r *record) *evicting {
	at := r.attempt
	for _, e := range slices.Backward(p.evictings) {
		if e.who != identityOf(&at.Actor) || e.dry != (at.DryRun == DryRunYes) {
			continue
		}
		if r.at.Sub(e.Last) > QuietAfter {
			return nil
		}
		// After the decision, the same answer says the same again, and
		// that the pod is no longer there follows from it. Another answer
		// is about something else.
		again := at.Outcome == e.Outcome || at.Outcome == Unanswered || at.Outcome.Final() && at.Outcome != Accepted && at.Outcome != TakenOver
		if e.decided && !again {
			return nil
		}
		return e
	}
	return nil
}

// add takes in one more attempt.
func (e *evicting) add(r *record) {
	at := r.attempt
	if e.Tries == 0 {
		e.First, e.Last = r.at, r.at
		e.Outcome = Unanswered
	}
	e.Last = later(e.Last, r.at)
	e.Tries++
	e.Actor = at.Actor
	if at.DryRun != DryRunUnknown {
		e.DryRun = at.DryRun
	}
	if at.Outcome.refused() {
		e.refuse(r)
	}
	for _, b := range at.Budgets {
		i := slices.IndexFunc(e.Budgets, func(have Budget) bool { return have.Name == b.Name })
		if i < 0 {
			e.Budgets = append(e.Budgets, b)
		} else if b.Counted || !e.Budgets[i].Counted {
			e.Budgets[i] = b
		}
	}
	if e.decided {
		return
	}
	if at.Outcome != Unanswered || !e.answered {
		e.Outcome, e.decision = at.Outcome, r
		e.answered = at.Outcome != Unanswered
	}
	if e.decided = at.Outcome.Final(); e.decided && at.Outcome == Accepted && !e.dry {
		e.AcceptedAt = r.done
	}
}

func (e *evicting) refuse(r *record) {
	at := r.attempt
	i := slices.IndexFunc(e.Refusals, func(have Refusal) bool { return have.Outcome == at.Outcome })
	if i < 0 {
		i = len(e.Refusals)
		e.Refusals = append(e.Refusals, Refusal{Outcome: at.Outcome, First: r.at})
	}
	e.Refusals[i].Count++
	e.Refusals[i].Last = r.at
	e.Refusals[i].Message = at.Message
}

// quiet reports whether no more attempts can belong to the eviction, and the
// end of its pod is known or not to come.
func (t *tracker) quiet(e *evicting) bool {
	since := later(e.Last, e.pod.gone)
	if !e.AcceptedAt.IsZero() && !e.pod.ended {
		since = later(e.Last, e.pod.last).Add(stuckAfter - QuietAfter)
	}
	return t.now.Sub(since) > QuietAfter
}

// eviction returns what the eviction came to.
func (t *tracker) eviction(e *evicting) Eviction {
	p, v := e.pod, e.Eviction
	v.Namespace, v.Pod, v.UID = p.namespace, p.name, cmp.Or(p.uid, e.decision.attempt.UID)
	v.Node, v.Owner = p.node, p.owner
	compute, why := p.compute(t.hint)
	v.Compute = compute
	if !e.dry {
		v.GoneAt = p.gone
	}
	v.Initiator = t.initiator(e.decision, p)
	v.Refusals, v.Budgets = slices.Clone(v.Refusals), slices.Clone(v.Budgets)
	v.Evidence = slices.Concat(e.decision.attempt.Evidence, p.evidence)
	if why.Field != "" {
		v.Evidence = append(v.Evidence, why)
	}
	return v
}

// initiator says who is behind a request about p.
func (t *tracker) initiator(r *record, p *pod) Initiator {
	req := r.request
	if r.attempt != nil {
		req.Actor = r.attempt.Actor
	}
	if p != nil {
		req.Compute, _ = p.compute(t.hint)
		req.NodeMarks = t.marks(p.node, r.at)
	}
	i := req.Initiator(t.rules)
	for n := range i.Evidence {
		i.Evidence[n].Pos = r.pos
	}
	if p != nil && i.Detail == "" && i.Kind == EvictionResponder {
		i.Detail = p.asked
	}
	return i
}

// refusedBefore returns an eviction of the pod that was refused to the same
// actor, or to another identity of the same platform, before that time. That the
// pod was not there, or that the request was wrong, is nothing that a delete
// would force.
func (p *pod) refusedBefore(who identity, at time.Time) *evicting {
	for _, e := range slices.Backward(p.evictings) {
		same := e.who == who || e.who.platform() && who.platform()
		if same && !e.dry && e.AcceptedAt.IsZero() && slices.ContainsFunc(e.Refusals, func(r Refusal) bool {
			return r.Outcome.forcible() && r.First.Before(at)
		}) {
			return e
		}
	}
	return nil
}
