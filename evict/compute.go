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
	if !wildcard(s.Namespace, p.namespace) {
		return false
	}
	for key, pattern := range s.Labels {
		found := false
		for k, v := range p.labels {
			found = found || wildcard(key, k) && wildcard(pattern, v)
		}
		if !found {
			return false
		}
	}
	return true
}

// wildcard reports whether s fits a pattern in which * stands for any text and
// ? for one byte.
func wildcard(pattern, s string) bool {
	star, from := -1, 0 // where the last * is, and where what it stands for ends
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, from = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || pattern[i] == s[j]):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}
