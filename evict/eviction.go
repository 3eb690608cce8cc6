package evict

import (
	"time"
)

// An Eviction is what one actor's attempts to evict one pod came to: a client
// that is refused tries again, and all its tries are one eviction.
//
// Attempts belong together if they name the same pod, by namespace, name and
// uid as far as the log tells it, and come from the same user by the same IAM
// role or user. Session name, access key, address and user agent do not count:
// those of an AWS service change with every request. Dry runs are apart from
// the others. An eviction ends with an attempt that decides it (see
// [Outcome.Final]), with the end of the pod, or when no attempt came for
// [QuietAfter]. The same answer once more, as to a client that evicts a pod
// which is terminating already, belongs to it, and so does the answer that the
// pod is no longer there.
type Eviction struct {
	// Namespace, Pod and UID name the pod. UID is that of the pod, else the one
	// that the client meant; empty if no event of the log tells either.
	Namespace, Pod, UID string

	// Node is the node the pod ran on, and Owner what controlled it, as other
	// events tell; empty if none does. Compute says whether that was Fargate.
	Node    string
	Owner   Owner
	Compute Compute

	// First and Last are the times of the first and the last attempt, Tries is
	// their number.
	First, Last time.Time
	Tries       int

	// Outcome is that of the attempt that decided, else of the last one that
	// was answered, else Unanswered.
	Outcome Outcome

	// Refusals count the attempts that were answered, and neither accepted nor
	// taken over, one entry for each outcome, in the order of their first times.
	Refusals []Refusal

	// Budgets are the PodDisruptionBudgets that the refusals name, each with
	// the last numbers, in the order of their first times.
	Budgets []Budget

	// DryRun says whether nothing was meant to happen.
	DryRun DryRun

	// AcceptedAt is when the API server had accepted it; zero if it did not,
	// or if it was a dry run. GoneAt is when the pod was gone; zero if the log
	// does not tell.
	AcceptedAt, GoneAt time.Time

	// Actor is who asked, as the last attempt has them. Initiator says what
	// they are.
	Actor     Actor
	Initiator Initiator

	// Evidence is what Outcome and DryRun were read from, that of the deciding
	// attempt, and what named the node, the owner and the end.
	Evidence []Evidence
}

// QuietAfter is for how long no attempt may come before an eviction counts as
// given up, and how long a removal waits for the end of its story. No client
// whose retries are known waits longer.
const QuietAfter = time.Hour

// A Refusal counts attempts with the same outcome.
type Refusal struct {
	Outcome     Outcome
	Count       int
	First, Last time.Time
	// Message is that of the last one.
	Message string
}

// An Owner is the controller of a pod, from its ownerReferences.
type Owner struct {
	// Kind and Name are as in the reference, such as ReplicaSet and
	// web-65b99bb6ff. Both are empty if there is none or it is not known.
	Kind, Name, UID string
}

// Compute says what a pod runs on, as far as EKS is concerned.
type Compute uint8

const (
	// ComputeUnknown: no event of the log tells.
	ComputeUnknown Compute = iota
	// Fargate: a node of its own, which AWS keeps and patches.
	Fargate
	// Instance: a node of any other kind.
	Instance
)

// String returns "unknown", "fargate" or "instance".
func (c Compute) String() string {
	switch c {
	case Fargate:
		return "fargate"
	case Instance:
		return "instance"
	}
	return "unknown"
}
