package evict

import "time"

// A Target is what a verdict is about: a pod, by Namespace and Pod, or a node.
type Target struct {
	Namespace, Pod string
	Node           string
}

// An Answer is the answer to "was it Fargate OS patching?".
type Answer uint8

const (
	// Undecided: the log does not tell. [Verdict.Missing] says what would.
	Undecided Answer = iota
	// FargatePatching: probably. It is the reason that AWS documents for what
	// the log shows, and nothing in a log tells for certain.
	FargatePatching
	// OtherCause: no, it was something else, for which there is evidence.
	OtherCause
)

// String returns "undecided", "fargate-patching" or "other-cause".
func (a Answer) String() string {
	return [...]string{"undecided", "fargate-patching", "other-cause"}[a]
}

// A Verdict says whether Fargate OS patching removed a pod or a node, and what
// did if it was something else.
type Verdict struct {
	Target Target
	Answer Answer

	// Confidence is how sure the answer is: of FargatePatching never more than
	// Medium.
	Confidence Confidence

	// Initiator and Way are those of the removal that the answer is about, At
	// is when it was decided, or if the log does not tell when the pod was gone.
	// Where nobody is named for the removal, and the answer goes by evictions
	// that were refused before it, Initiator is about those. Of a node they are
	// those of its drain or deletion, and Way is WayUnknown.
	Initiator Initiator
	Way       Way
	At        time.Time

	// Summary is the answer in one sentence, Why the reasons, a sentence each.
	Summary string
	Why     []string

	// Missing is what the log lacks and would decide; empty if it is decided.
	Missing []Missing

	// Removals and Evictions are all of the target that the log has, in the
	// order of their times; of a node those of its pods. The evictions of a
	// removal are not repeated. Drains are those of the node, or those that the
	// pod was part of.
	Removals  []Removal
	Evictions []Eviction
	Drains    []Drain

	// Evidence is what the answer was read from.
	Evidence []Evidence
}

// Missing names events that a log lacks.
type Missing struct {
	// What says which events, and what they would tell.
	What string
	// Query is a Logs Insights query that fetches them.
	Query string
}

// A Hint tells what the log may not: which pods run on Fargate.
type Hint struct {
	// Profiles are the selectors of the Fargate profiles of the cluster.
	Profiles []ProfileSelector
	// Nodes are the names of Fargate nodes.
	Nodes []string
}

// A ProfileSelector is a selector of an EKS Fargate profile: a pod whose
// namespace and labels match runs on Fargate. Both may hold the wildcards * and
// ?. Source: https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html.
type ProfileSelector struct {
	Namespace string
	Labels    map[string]string
}
