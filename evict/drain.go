package evict

import "time"

// A Drain is the evictions of pods of one node by one actor, and what happened
// to the node around them.
//
// Evictions are a drain if the node was cordoned in the hour before the first
// of them, if it has the taint of a drainer, or if they are of two pods or more:
// the log may begin after the cordon, or not hold it. On Fargate, where a node
// has one pod, the eviction of that pod by Amazon EKS itself is one. So are
// deletes without evictions of a node that the same actor had cordoned. Another
// drain begins when there was no attempt for [QuietAfter], and when the node
// was made schedulable again.
type Drain struct {
	// Node is never empty: evictions of pods whose node the log does not tell
	// are no drain.
	Node    string
	Compute Compute

	// Start is the time of the cordon if there is one, else of the first
	// attempt; End is when the last pod was gone or the last attempt was made.
	Start, End time.Time

	// CordonedAt is when the node was made unschedulable, by CordonedBy, within
	// an hour before the first attempt; zero if the log does not tell.
	CordonedAt time.Time
	CordonedBy Actor

	// DeletedAt is when the Node object was deleted after that, by DeletedBy;
	// UncordonedAt when it was made schedulable again. They are zero if the
	// log does not tell, or it was more than an hour after the drain was over.
	DeletedAt, UncordonedAt time.Time
	DeletedBy               Actor

	// Taints are those that drainers put on the node, as keys, in log order.
	Taints []string

	// Actor is who evicted, as the last attempt has them.
	Actor     Actor
	Initiator Initiator

	// Evictions are those of its pods, in the order of their first attempts.
	Evictions []Eviction

	// Removals are the pods of the node that the same actor deleted without
	// evicting them, as in a drain with --disable-eviction.
	Removals []Removal

	// Tries counts the attempts, Refused those of them that were refused.
	Tries, Refused int

	// Outcome says how it ended, DryRun whether it was meant.
	Outcome DrainOutcome
	DryRun  DryRun

	// Evidence is what named the node, its cordon and its end.
	Evidence []Evidence
}

// A DrainOutcome says how a drain ended.
type DrainOutcome uint8

const (
	// DrainUnfinished: some eviction was neither accepted nor given up when the
	// log ended.
	DrainUnfinished DrainOutcome = iota
	// DrainDone: every pod was evicted, deleted, or gone.
	DrainDone
	// DrainBlocked: for some pod the last word was a refusal.
	DrainBlocked
	// DrainRehearsed: it was a dry run.
	DrainRehearsed
)

// String returns "unfinished", "done", "blocked" or "rehearsed".
func (o DrainOutcome) String() string {
	return [...]string{"unfinished", "done", "blocked", "rehearsed"}[o]
}
