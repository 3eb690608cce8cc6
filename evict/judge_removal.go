package evict

import (
	"fmt"
	"slices"
	"strings"
)

// A finding is a verdict in the making: what comes of one removal, or of there
// being none.
type finding struct {
	Answer     Answer
	Confidence Confidence
	Initiator  Initiator
	Way        Way
	Summary    string
	Why        []string
	Missing    []Missing
	Evidence   []Evidence
}

func (f *finding) because(format string, args ...any) {
	f.Why = append(f.Why, fmt.Sprintf(format, args...))
}

// An inquiry is one removal, and what decides about it.
type inquiry struct {
	*Removal

	// platform says that Amazon EKS itself had this very pod or its node go. If
	// it changed the workload, as it does to update an add-on, that is something
	// else.
	platform bool

	// refused is the last eviction of the pod by Amazon EKS before this that was
	// held up, and takenOver the last of anybody that a webhook took over. They
	// are nil if there is none.
	refused, takenOver *Eviction
}

func inquire(m *Removal) *inquiry {
	q := &inquiry{Removal: m, platform: m.Initiator.platform() && !m.Way.ofWorkload()}
	for i := range m.Evictions {
		e := &m.Evictions[i]
		switch {
		case e.Outcome == TakenOver:
			q.takenOver = e
		case e.Initiator.platform() && e.heldUp() && e.First.Before(m.time()):
			q.refused = e
		}
	}
	return q
}

// heldUp reports whether the eviction was refused, and the pod stayed. Refusals
// because there was no such pod, or no right to evict it, are no sign of that.
func (e *Eviction) heldUp() bool {
	return e.AcceptedAt.IsZero() && slices.ContainsFunc(e.Refusals, func(r Refusal) bool { return r.Outcome.forcible() })
}

// ofWorkload reports whether the pod went because of what became of its
// workload or namespace.
func (w Way) ofWorkload() bool {
	switch w {
	case ScaledDown, RolledOut, ControllerDeleted, Cascaded, JobExpired, NamespaceDeleted:
		return true
	}
	return false
}

// platform reports whether Amazon EKS itself is behind a request, as the server
// has authenticated it: not somebody who took the name by impersonation.
func (i *Initiator) platform() bool {
	if i.Actor.Impersonated != "" {
		return identityOf(&Actor{User: i.Actor.User}).platform()
	}
	switch i.Kind {
	case EKSFargate, EKSNodeGroup, EKSPlatform:
		return true
	}
	return identityOf(&i.Actor).platform()
}

// judgeRemoval decides about a removal. An answer that it was something else
// needs evidence of that: that the log has no eviction by Fargate proves
// nothing, since patching ends with a plain delete, and a log may begin late.
func judgeRemoval(m *Removal) *finding {
	q := inquire(m)
	f := &finding{Initiator: m.Initiator, Way: m.Way, Evidence: m.Evidence}
	switch {
	case q.isTakenOver():
		q.judgeTakenOver(f)
	case q.platform && m.Compute == ComputeUnknown:
		q.judgeEither(f)
	case q.platform && m.Compute == Fargate:
		q.judgePlatform(f)
	case q.lostNode() && m.Compute != Instance:
		q.judgeLost(f)
	case q.isTold():
		q.judgeOther(f)
	default:
		q.judgeUntold(f)
	}
	q.tellHint(f)
	q.tellEvictions(f)
	q.tellEnd(f)
	f.Evidence = append(f.Evidence[:len(f.Evidence):len(f.Evidence)], f.Initiator.Evidence...)
	return f
}

// isTold reports whether the log shows what removed the pod: the request that
// decided and who made it, or a way of which the pod itself gives evidence. The
// condition that an eviction leaves tells that there was one, and not by whom.
func (q *inquiry) isTold() bool {
	switch {
	case q.Way == WayUnknown:
		return false
	case q.DecidedAt.IsZero():
		return q.Way != Evicted
	}
	return q.Initiator.Kind != "" || q.Initiator.Actor.User != ""
}

// lostNode reports whether the pod went with its node, or was ended by its
// kubelet without any decision in the log, and nobody is named for it but those
// who clean up. On Fargate the forced end of patching may look so: pods and
// their nodes are terminated.
// Source: docs.aws.amazon.com/eks/latest/userguide/fargate-pod-patching.html.
func (q *inquiry) lostNode() bool {
	switch q.Way {
	case WayUnknown:
		return q.refused != nil
	case GarbageCollected, NodeShutdown, TaintEvicted:
		return q.platform || q.Initiator.cleansUp()
	}
	return false
}

// cleansUp reports whether this is a component that follows what happened to a
// node, and does not decide it.
func (i *Initiator) cleansUp() bool {
	switch i.Kind {
	case "":
		return i.Actor.User == ""
	case PodGC, TaintManager, NodeLifecycle, CloudControllerManager, Kubelet:
		return true
	}
	return false
}

// judgePlatform is about pods on Fargate that Amazon EKS removed.
func (q *inquiry) judgePlatform(f *finding) {
	switch {
	case q.lostNode():
		q.judgeLost(f)
	case q.Way == Evicted:
		f.Answer, f.Confidence = FargatePatching, min(q.Initiator.Confidence, Medium)
		if q.Initiator.Kind != EKSFargate {
			f.Confidence = Low
		}
		if q.GoneAt.IsZero() && q.rehearsal() {
			f.Confidence = Low
			f.because("The log has no body of the request, so that it may have been a dry run.")
		}
		f.Summary = fmt.Sprintf("Probably: %s evicted the pod from Fargate%s%s, and OS patching is the documented reason.",
			q.Initiator.who(), q.onNode(), atTime(q.time()))
		f.because("%s evicted the pod, which ran on Fargate%s.", sentence(q.Initiator.who()), q.onNode())
		explainPatching(f)
	case q.refused != nil:
		f.Answer, f.Confidence = FargatePatching, min(q.refused.Initiator.Confidence, Medium)
		f.Summary = fmt.Sprintf("Probably: %s deleted the pod on Fargate%s%s after the evictions that it had asked for were refused, which is the documented second step of OS patching.",
			q.Initiator.who(), q.onNode(), atTime(q.time()))
		f.because("%s deleted the pod, which ran on Fargate%s, and had been refused to evict it before.", sentence(q.Initiator.who()), q.onNode())
		f.because("AWS documents that a pod whose eviction for patching fails is deleted later, without a further notice.")
		explainPatching(f)
	default:
		q.judgeDelete(f)
	}
}

// explainPatching says what the answer rests on, and what it cannot tell apart.
// Source: docs.aws.amazon.com/eks/latest/userguide/fargate-pod-patching.html,
// eks-observe.html.
func explainPatching(f *finding) {
	f.because("AWS documents the patching of the operating system as the reason why Fargate evicts pods; the request itself gives none.")
	f.because("EKS may also recycle pods on Fargate for a new patch version of Kubernetes, which would look the same.")
}

// judgeDelete is about pods on Fargate that Amazon EKS deleted, as far as the
// log tells without having tried to evict them.
func (q *inquiry) judgeDelete(f *finding) {
	f.Summary = fmt.Sprintf("Cannot tell: %s deleted the pod on Fargate%s%s, and the log has no refused eviction before it.",
		q.Initiator.who(), q.onNode(), atTime(q.time()))
	f.because("%s.", sentence(q.story(&q.Initiator, q.time())))
	f.because("That is either the second step of OS patching, which follows refused evictions days before, or the deletion of the Fargate profile, which deletes its pods.")
	f.Missing = []Missing{
		missingEvictions(q.Namespace, q.Pod, "those of the days before "+clock(q.time())+", if Amazon EKS was refused, make it the second step of patching"),
		missingProfile(),
	}
}

// judgeLost is about pods on Fargate, or perhaps there, that went without
// anybody being named for it.
func (q *inquiry) judgeLost(f *finding) {
	switch {
	case q.refused != nil && q.Compute == Fargate:
		f.Answer, f.Confidence = FargatePatching, Low
		f.Initiator = q.refused.Initiator
		f.Summary = fmt.Sprintf("Probably: the pod on Fargate%s went%s after %s had been refused to evict it, which is how OS patching ends by force; the delete itself is not in the log.",
			q.onNode(), atTime(q.time()), q.refused.Initiator.who())
		f.because("%s tried to evict the pod, which ran on Fargate%s, and was refused.", sentence(q.refused.Initiator.who()), q.onNode())
		f.because("After that the pod %s, and the log names nobody who decided it.", q.went(q.time()))
		f.because("AWS documents that pods whose eviction for patching fails are terminated later, with their nodes.")
		explainPatching(f)
	case q.refused != nil:
		f.Initiator = q.refused.Initiator
		q.judgeEither(f)
	default:
		f.Summary = fmt.Sprintf("Cannot tell: the pod%s %s, and what had ended its node is not in the log.", onCompute(q.Compute), q.went(q.time()))
		f.because("%s; that follows from the end of a node and is not the cause of it.", sentence(q.story(&q.Initiator, q.time())))
		f.because("On Fargate, the second step of OS patching may look so: AWS terminates a pod together with its node.")
		f.Missing = []Missing{missingEvictions(q.Namespace, q.Pod, "refused ones of Amazon EKS, days before, would make it the second step of patching")}
		if q.Node != "" {
			f.Missing = append(f.Missing, missingNodeDeletion(q.Node))
		}
	}
	if q.Compute == ComputeUnknown && q.refused == nil {
		f.Missing = append(f.Missing, missingPlace(q.Namespace, q.Pod)...)
	}
}

// judgeEither is about pods that Amazon EKS removed from a node that the log
// does not tell.
func (q *inquiry) judgeEither(f *finding) {
	who := f.Initiator.who()
	did := q.story(&f.Initiator, q.time())
	if q.Way == WayUnknown {
		did = who + " tried to evict the pod, which " + q.went(q.time())
	}
	f.Summary = fmt.Sprintf("Cannot tell: %s, for a managed node group or for Fargate, and the log does not show what the pod ran on.", did)
	f.because("%s acts for managed node groups and for Fargate; what the pod ran on decides between the two.", sentence(who))
	f.because("No event of the log names the node of the pod, its Fargate profile or its scheduler. One of those that are missing would do, or a hint.")
	f.Missing = missingPlace(q.Namespace, q.Pod)
}

// isTakenOver reports whether the pod went because a webhook answered an
// eviction by moving the pod itself.
func (q *inquiry) isTakenOver() bool {
	if q.takenOver == nil {
		return false
	}
	switch q.Initiator.Kind {
	case KubeVirt, Strimzi:
		return true
	}
	return q.Way == WayUnknown
}

// judgeTakenOver is about pods that went as a webhook had promised. Who asked
// for the eviction is behind it.
func (q *inquiry) judgeTakenOver(f *finding) {
	e := q.takenOver
	if !e.Initiator.platform() || q.Compute == Instance {
		f.Answer, f.Confidence = OtherCause, Medium
		if f.Initiator.Kind == "" {
			f.Initiator = e.Initiator
		}
		f.Summary = fmt.Sprintf("No: %s asked to evict the pod%s, and a webhook moved it in its own way.", e.Initiator.who(), atTime(e.First))
	} else {
		f.Initiator = e.Initiator
		if q.Compute == ComputeUnknown {
			q.judgeEither(f)
			return
		}
		f.Answer, f.Confidence = FargatePatching, Low
		f.Summary = fmt.Sprintf("Probably: %s asked to evict the pod from Fargate%s%s, a webhook moved it in its own way, and OS patching is the documented reason.",
			e.Initiator.who(), q.onNode(), atTime(e.First))
		explainPatching(f)
	}
	f.because("%s asked to evict the pod, and an admission webhook refused in order to move it itself; after that the pod %s.", sentence(e.Initiator.who()), q.went(q.time()))
	f.Evidence = append(f.Evidence[:len(f.Evidence):len(f.Evidence)], e.Evidence...)
}

// judgeOther is about pods that somebody else removed, or something else.
func (q *inquiry) judgeOther(f *finding) {
	f.Answer, f.Confidence = OtherCause, Medium
	if f.Initiator.Kind != "" {
		f.Confidence = f.Initiator.Confidence
	}
	if f.Initiator.Actor.Impersonated != "" && !q.platform && takenName(&f.Initiator) {
		// The kind is that of the name that was taken, and not who it was.
		f.Initiator = Initiator{Actor: f.Initiator.Actor, Confidence: Low, Evidence: f.Initiator.Evidence}
		f.Confidence = Low
	}
	if q.DecidedAt.IsZero() {
		// A later reason takes the place of an earlier one.
		f.Confidence = Low
		f.because("The request that decided is not in the log; the condition DisruptionTarget of the pod tells the way, and has room for the last reason only.")
	}
	f.Summary = fmt.Sprintf("No: %s.", q.story(&f.Initiator, q.time()))
	f.because("%s.", sentence(q.story(&f.Initiator, q.time())))
	switch {
	case q.Initiator.Kind == EKSNodeGroup || q.Initiator.Kind == EKSPlatform:
		f.because("The pod ran on node %s, which is none of Fargate; there this identity acts for managed node groups.", plain(q.Node))
	case q.Compute == Fargate:
		f.because("The pod ran on Fargate%s, and another than Amazon EKS removed it.", q.onNode())
	}
	if f.Initiator.Kind == EvictionResponder {
		f.because("It evicts for those who make an EvictionRequest, and this one was made by %s.", orUnknown(f.Initiator.Detail))
	} else if f.Initiator.Detail != "" && f.Initiator.Class == Automation {
		f.because("It says of its reason: %s.", plain(f.Initiator.Detail))
	}
}

// takenName reports whether the kind is one of Amazon EKS, whose names only
// its own identities have by themselves.
func takenName(i *Initiator) bool { return strings.HasPrefix(i.Actor.Impersonated, "eks:") }

// judgeUntold is about pods of which the log only shows that they went.
func (q *inquiry) judgeUntold(f *finding) {
	f.Summary = fmt.Sprintf("Cannot tell: the pod %s, and the log does not show who decided it.", q.went(q.time()))
	switch {
	case q.Way == Evicted:
		f.because("The condition DisruptionTarget of the pod says that it was evicted by the Eviction API, and not by whom.")
	case q.Way == WayUnknown:
		f.because("The kubelet's delete is the end of any removal and not its cause, and nothing before it decided the removal.")
	default:
		f.because("The request that decided names no user.")
	}
	if q.Compute == Instance {
		f.Summary = fmt.Sprintf("Cannot tell: the pod %s, and the log does not show who decided it; it was not Fargate OS patching, since node %s is none of Fargate.",
			q.went(q.time()), plain(q.Node))
		f.because("The pod ran on node %s, which is none of Fargate.", plain(q.Node))
	}
	f.Missing = []Missing{missingDecision(q.Namespace, q.Pod, "before "+clock(q.time()))}
}

// tellHint says that what the pod ran on is not in the log.
func (q *inquiry) tellHint(f *finding) {
	for _, e := range q.Removal.Evidence {
		if strings.HasPrefix(e.Field, "Hint.") {
			f.because("That the pod ran on Fargate is what the hint says, and not the log.")
			return
		}
	}
}

// tellEvictions tells the evictions that came before, as far as the reasons do
// not yet.
func (q *inquiry) tellEvictions(f *finding) {
	for i := range q.Evictions {
		e := &q.Evictions[i]
		if len(e.Refusals) == 0 {
			continue
		}
		f.because("%s.", sentence(e.tried()))
		if e == q.refused && f.Answer == FargatePatching {
			f.Evidence = append(f.Evidence[:len(f.Evidence):len(f.Evidence)], e.Evidence...)
			f.Evidence = append(f.Evidence, e.Initiator.Evidence...)
		}
	}
}

// tellEnd says that the end of a pod is not in the log, if it has one.
func (q *inquiry) tellEnd(f *finding) {
	if q.GoneAt.IsZero() && !q.Way.stays() {
		f.because("The log does not show when the pod was gone.")
	}
}

// rehearsal reports whether the accepted eviction may have been a dry run.
func (q *inquiry) rehearsal() bool {
	for i := range q.Evictions {
		if e := &q.Evictions[i]; e.Outcome == Accepted && e.DryRun == DryRunUnknown {
			return true
		}
	}
	return false
}
