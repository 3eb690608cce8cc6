package evict

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// verdict decides about the target.
func (f *facts) verdict() Verdict {
	v := Verdict{Target: f.target, Removals: f.removals, Evictions: f.evictions, Drains: f.drains}
	var found *finding
	if f.target.Node != "" && !f.onFargate() {
		found, v.At = f.judgeNode()
	} else {
		found, v.At = f.judgePod()
	}
	v.Answer, v.Confidence, v.Initiator, v.Way = found.Answer, found.Confidence, found.Initiator, found.Way
	v.Summary, v.Why, v.Missing = found.Summary, found.Why, found.Missing
	for _, e := range found.Evidence {
		if !slices.Contains(v.Evidence, e) {
			v.Evidence = append(v.Evidence, e)
		}
	}
	return v
}

// onFargate reports whether the node that the verdict is about is one of
// Fargate, which has a single pod.
func (f *facts) onFargate() bool {
	return strings.HasPrefix(f.target.Node, fargateNodePrefix) || slices.Contains(f.options.Hint.Nodes, f.target.Node)
}

// judgePod decides about a pod, or the pod of a node on Fargate. Of several
// removals the newest counts, unless an earlier one was the patching.
func (f *facts) judgePod() (*finding, time.Time) {
	if len(f.removals) == 0 {
		return f.judgeStaying()
	}
	n := len(f.removals) - 1
	newest := judgeRemoval(&f.removals[n])
	found := newest
	for i := n - 1; i >= 0 && found.Answer != FargatePatching; i-- {
		if earlier := judgeRemoval(&f.removals[i]); earlier.Answer == FargatePatching {
			found, n = earlier, i
		}
	}
	if found != newest {
		found.because("This is not the newest of %d removals; that one: %s", len(f.removals), newest.Summary)
	} else if n > 0 {
		found.because("This is the newest of %d removals of the target.", len(f.removals))
	}
	f.tellLater(found, f.removals[n].time())
	return found, f.removals[n].time()
}

// tellLater tells what was tried after the removal.
func (f *facts) tellLater(found *finding, at time.Time) {
	for i := range f.evictions {
		if e := &f.evictions[i]; e.DryRun != DryRunYes && e.First.After(at) && len(e.Refusals) > 0 {
			found.because("%s after that.", sentence(e.tried()))
		}
	}
}

// judgeStaying decides about a pod of which the log has no removal.
func (f *facts) judgeStaying() (*finding, time.Time) {
	found := &finding{}
	meant, rehearsed := f.lastEvictions()
	gone := f.deletionAfter(meant)
	switch {
	case gone != nil && meant != nil && !gone.bySomebody() && meant.Compute == Fargate && meant.Initiator.platform() && meant.heldUp():
		f.judgeGoneNode(found, meant, gone)
		return found, gone.at
	case f.target.Node != "" && gone != nil && gone.bySomebody():
		found.deletedNode(gone)
		return found, gone.at
	case meant != nil:
		f.judgeAttempts(found, meant)
		if gone != nil {
			found.because("%s deleted its node %s%s.", sentence(gone.initiator.who()), plain(gone.node), atTime(gone.at))
		}
		return found, meant.First
	case gone != nil:
		found.Initiator, found.Evidence = gone.initiator, []Evidence{gone.evidence}
		found.Summary = fmt.Sprintf("Cannot tell: %s deleted node %s%s, and the log does not show what became of its pod before.", gone.initiator.who(), plain(gone.node), atTime(gone.at))
		found.because("That a node is deleted follows from its end, and need not be the cause of it.")
	case rehearsed != nil:
		found.Initiator, found.Evidence = rehearsed.Initiator, rehearsed.Evidence
		found.Summary = fmt.Sprintf("Cannot tell: the log has only a dry run of an eviction by %s%s, which removed nothing.", rehearsed.Initiator.who(), atTime(rehearsed.First))
		found.because("%s asked %s what an eviction would do; a dry run changes nothing.", sentence(rehearsed.Initiator.who()), times(rehearsed.Tries))
	default:
		found.Summary = fmt.Sprintf("Cannot tell: the log has nothing about the removal of %s.", f.target.text())
	}
	found.Missing = f.missingAll()
	return found, time.Time{}
}

// lastEvictions returns the last eviction that was meant, and the last dry run.
func (f *facts) lastEvictions() (meant, rehearsed *Eviction) {
	for i := range f.evictions {
		if e := &f.evictions[i]; e.DryRun == DryRunYes {
			rehearsed = e
		} else if meant == nil || !meant.Initiator.platform() || e.Initiator.platform() {
			meant = e // one by Amazon EKS matters most
		}
	}
	return meant, rehearsed
}

// deletionAfter returns the first deletion of the node after an eviction began.
func (f *facts) deletionAfter(e *Eviction) *nodeDeletion {
	for i := range f.deletions {
		if d := &f.deletions[i]; e == nil || d.at.After(e.First) && (e.Node == "" || e.Node == d.node) {
			return d
		}
	}
	return nil
}

// bySomebody reports whether somebody else than Amazon EKS, or a component that
// cleans up, deleted the node.
func (d *nodeDeletion) bySomebody() bool { return !d.initiator.platform() && !d.initiator.cleansUp() }

// judgeGoneNode is about a pod on Fargate that Amazon EKS tried to evict in
// vain, and whose node went.
func (f *facts) judgeGoneNode(found *finding, e *Eviction, gone *nodeDeletion) {
	found.Answer, found.Confidence = FargatePatching, Low
	found.Initiator = e.Initiator
	found.Summary = fmt.Sprintf("Probably: the Fargate node %s of the pod was deleted%s after %s had been refused to evict the pod, which is how OS patching ends by force; the end of the pod is not in the log.",
		plain(gone.node), atTime(gone.at), e.Initiator.who())
	found.because("%s.", sentence(e.tried()))
	found.because("%s deleted the node after that.", sentence(gone.initiator.who()))
	found.because("AWS documents that pods whose eviction for patching fails are terminated later, with their nodes.")
	explainPatching(found)
	found.Evidence = slices.Concat(e.Evidence, e.Initiator.Evidence, []Evidence{gone.evidence}, gone.initiator.Evidence)
}

// judgeAttempts is about a pod that somebody tried to evict, and that still
// lives as far as the log tells.
func (f *facts) judgeAttempts(found *finding, e *Eviction) {
	found.Initiator, found.Evidence = e.Initiator, slices.Concat(e.Evidence, e.Initiator.Evidence)
	found.Summary = fmt.Sprintf("Cannot tell: the log does not show that the pod was removed; %s tried %s to evict it, %s (%v).",
		e.Initiator.who(), times(e.Tries), between(e.First, e.Last), e.Outcome)
	for i := range f.evictions {
		switch e := &f.evictions[i]; {
		case e.DryRun == DryRunYes:
		case len(e.Refusals) > 0:
			found.because("%s.", sentence(e.tried()))
		case e.Outcome == TakenOver:
			found.because("%s asked to evict the pod, %s, and a webhook promised to move it in its own way.", sentence(e.Initiator.who()), between(e.First, e.Last))
		default:
			found.because("%s asked %s to evict the pod, %s: %v.", sentence(e.Initiator.who()), times(e.Tries), between(e.First, e.Last), e.Outcome)
		}
	}
	found.Missing = []Missing{missingDecision(e.Namespace, e.Pod, "after "+clock(e.First))}
	if !e.Initiator.platform() {
		return
	}
	switch e.Compute {
	case Fargate:
		// Source: docs.aws.amazon.com/eks/latest/userguide/fargate-pod-patching.html.
		found.because(`The pod runs on Fargate. AWS deletes a pod that could not be evicted for patching later, at the scheduledTerminationTime of its EventBridge event "EKS Fargate Pod Scheduled Termination".`)
	case ComputeUnknown:
		found.because("The log does not show whether the pod runs on Fargate.")
		found.Missing = append(found.Missing, missingPlace(e.Namespace, e.Pod)...)
	}
}

// missingAll is what would tell something about a target of which the log has
// nothing.
func (f *facts) missingAll() []Missing {
	if f.target.Node != "" {
		return []Missing{missingNode(f.target.Node)}
	}
	return []Missing{missingPod(f.target.Namespace, f.target.Pod), missingDecision(f.target.Namespace, f.target.Pod, "or many at once")}
}

// text names the target in a sentence.
func (t Target) text() string {
	if t.Node != "" {
		return "node " + plain(t.Node)
	}
	return "pod " + plain(t.Namespace) + "/" + plain(t.Pod)
}

// judgeNode decides about a node that is none of Fargate.
func (f *facts) judgeNode() (*finding, time.Time) {
	found := &finding{}
	var drain *Drain
	for i := range f.drains {
		if f.drains[i].DryRun != DryRunYes {
			drain = &f.drains[i]
		}
	}
	switch {
	case drain != nil:
		found.drained(drain)
		return found, drain.Start
	case len(f.deletions) > 0:
		gone := &f.deletions[len(f.deletions)-1]
		found.deletedNode(gone)
		return found, gone.at
	case len(f.removals) > 0:
		m := &f.removals[len(f.removals)-1]
		found = judgeRemoval(m)
		found.because("The log shows neither a drain nor the deletion of node %s; this is the newest of %d removals of its pods.", plain(f.target.Node), len(f.removals))
		return found, m.time()
	case len(f.drains) > 0:
		d := &f.drains[len(f.drains)-1]
		found.Initiator, found.Evidence = d.Initiator, d.Evidence
		found.Summary = fmt.Sprintf("Cannot tell: the log has only a dry run of a drain of node %s by %s%s, which removed nothing.", plain(d.Node), d.Initiator.who(), atTime(d.Start))
		found.because("A dry run changes nothing.")
		found.Missing = f.missingAll()
		return found, time.Time{}
	}
	return f.judgeStaying()
}

// drained is the finding that somebody drained the node.
func (f *finding) drained(d *Drain) {
	f.Answer, f.Confidence, f.Initiator = OtherCause, Medium, d.Initiator
	if d.Initiator.Kind != "" {
		f.Confidence = d.Initiator.Confidence
	}
	did := "drained"
	if d.Outcome != DrainDone {
		did = "tried to drain"
	}
	f.Summary = fmt.Sprintf("No: %s %s node %s, %s.", d.Initiator.who(), did, plain(d.Node), between(d.Start, d.End))
	f.because("%s asked %s to evict pods of the node, was refused %s, and deleted %s without that; the drain is %v.",
		sentence(d.Initiator.who()), times(d.Tries), times(d.Refused), counted(len(d.Removals), "pod"), d.Outcome)
	f.because("Node %s is none of Fargate.", plain(d.Node))
	if !d.CordonedAt.IsZero() {
		f.because("%s had made it unschedulable%s.", sentence(d.CordonedBy.name()), atTime(d.CordonedAt))
	}
	if len(d.Taints) > 0 {
		f.because("Drainers marked it: %s.", plain(strings.Join(d.Taints, ", ")))
	}
	if !d.DeletedAt.IsZero() {
		f.because("%s deleted the node%s.", sentence(d.DeletedBy.name()), atTime(d.DeletedAt))
	}
	f.Evidence = slices.Concat(d.Evidence, d.Initiator.Evidence)
}

// deletedNode is the finding that somebody deleted the node.
func (f *finding) deletedNode(gone *nodeDeletion) {
	f.Answer, f.Confidence, f.Initiator = OtherCause, Medium, gone.initiator
	if gone.initiator.Kind != "" {
		f.Confidence = gone.initiator.Confidence
	}
	f.Summary = fmt.Sprintf("No: %s deleted node %s%s.", gone.initiator.who(), plain(gone.node), atTime(gone.at))
	f.because("%s deleted the node, and the log has no drain before.", sentence(gone.initiator.who()))
	if gone.initiator.Kind == CloudControllerManager {
		// Source: kubernetes.io/docs/concepts/architecture/cloud-controller, "Node controller".
		f.because("It deletes the nodes whose machine is gone; what ended the machine is not in the log.")
	}
	f.Evidence = append([]Evidence{gone.evidence}, gone.initiator.Evidence...)
}
