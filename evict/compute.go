package evict

import (
	"slices"
	"strings"
)

// Marks of pods and nodes on Fargate. Sources: for the label and the scheduler
// docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html and
// fargate-pod-patching.html; for the node name and the binding, observed.
const (
	fargateNodePrefix = "fargate-"
	fargateLabel      = "eks.amazonaws.com/fargate-profile"
	fargateScheduler  = "fargate-scheduler"
	fargateBinder     = "eks:fargate-scheduler"
)

// compute says what the pod runs on and what tells so; the name of the node is
// among the evidence for the node already. What the log shows comes
// before the hint, and a node that is none of Fargate before the profiles of a
// hint: a profile says what becomes of new pods, not where the old ones are.
func (p *pod) compute(h Hint) (Compute, Evidence) {
	profile, labelled := p.labels[fargateLabel]
	switch {
	case strings.HasPrefix(p.node, fargateNodePrefix):
		return Fargate, Evidence{}
	case labelled:
		return Fargate, Evidence{Field: "metadata.labels." + fargateLabel, Value: profile, Pos: p.marked.labels}
	case p.scheduler == fargateScheduler:
		return Fargate, Evidence{Field: "spec.schedulerName", Value: p.scheduler, Pos: p.marked.scheduler}
	case p.boundBy == fargateBinder:
		return Fargate, Evidence{Field: "user.username", Value: p.boundBy, Pos: p.marked.binding}
	case p.node != "" && slices.Contains(h.Nodes, p.node):
		return Fargate, Evidence{Field: "Hint.Nodes", Value: p.node}
	case p.node != "":
		return Instance, Evidence{}
	}
	for _, s := range h.Profiles {
		if s.selects(p) {
			return Fargate, Evidence{Field: "Hint.Profiles", Value: s.Namespace}
		}
	}
	return ComputeUnknown, Evidence{}
}

// selects reports whether a profile with this selector takes the pod. A pod
// whose labels are not known is only taken by a selector without labels.
func (s ProfileSelector) selects(p *pod) bool {
	if !glob(s.Namespace, p.namespace) {
		return false
	}
	for key, pattern := range s.Labels {
		found := false
		for k, v := range p.labels {
			found = found || glob(key, k) && glob(pattern, v)
		}
		if !found {
			return false
		}
	}
	return true
}
