package evict

import (
	"time"

	"github.com/evictlog/evictlog/audit"
)

// An Entry is one thing that happened to a pod, or meanwhile to its node, its
// owners or its namespace.
type Entry struct {
	// Time is when the API server received the request.
	Time time.Time

	// UID is that of the pod; empty if the entry is not about a pod, or the log
	// does not tell it.
	UID string

	// What happened, to the object of this Kind and Name: a Pod, a Node, a
	// Namespace, or an owner such as a Deployment.
	What       EntryKind
	Kind, Name string

	// Text tells it in a clause, such as "bound to node ip-10-0-1-11.ec2.internal".
	// It names neither the object nor the actor.
	Text string

	// Actor is who made the request, Initiator what they are.
	Actor     Actor
	Initiator Initiator

	// Attempt is the attempt of an EntryAttempt, and nil otherwise.
	Attempt *Attempt

	// Pos is the place of the event.
	Pos audit.Pos
}

// An EntryKind says what happened.
type EntryKind uint8

// Of the pod.
const (
	// EntryCreated: it was made.
	EntryCreated EntryKind = iota
	// EntryBound: it was bound to a node.
	EntryBound
	// EntryReady and EntryNotReady: it became ready, and ceased to be.
	EntryReady
	EntryNotReady
	// EntryRequested: somebody made an EvictionRequest for it.
	EntryRequested
	// EntryAttempt: somebody asked to evict it.
	EntryAttempt
	// EntryDisrupted: a component said that it is about to delete it, in the
	// condition DisruptionTarget.
	EntryDisrupted
	// EntryDeleted: somebody deleted it. It goes when its containers have ended,
	// or at once if the grace period is zero.
	EntryDeleted
	// EntryCollected: a collection of pods was deleted, and it was among them,
	// or may have been if the log does not name them.
	EntryCollected
	// EntryFinished: its containers ended, or its kubelet ended it.
	EntryFinished
	// EntryGone: its kubelet deleted it, which is its end.
	EntryGone
)

// Of its node, its owners and its namespace.
const (
	// EntryCordoned and EntryUncordoned: the node was made unschedulable, and
	// schedulable again.
	EntryCordoned EntryKind = iota + 100
	EntryUncordoned
	// EntryTainted: the node got taints, or labels that drainers put on nodes.
	EntryTainted
	// EntryNodeDeleted: the Node object was deleted.
	EntryNodeDeleted
	// EntryScaled: an owner was to have another number of pods.
	EntryScaled
	// EntryRestarted: an owner was to replace its pods, as by kubectl rollout
	// restart.
	EntryRestarted
	// EntryChanged: the pod template of an owner was changed, or the owner
	// written anew with its template, changed or not.
	EntryChanged
	// EntryOwnerDeleted: an owner was deleted.
	EntryOwnerDeleted
	// EntryNamespaceDeleted: the namespace was deleted.
	EntryNamespaceDeleted
)

// entryNames are the words for each kind.
var entryNames = map[EntryKind]string{
	EntryCreated:          "created",
	EntryBound:            "bound",
	EntryReady:            "ready",
	EntryNotReady:         "not-ready",
	EntryRequested:        "requested",
	EntryAttempt:          "attempt",
	EntryDisrupted:        "disrupted",
	EntryDeleted:          "deleted",
	EntryCollected:        "collected",
	EntryFinished:         "finished",
	EntryGone:             "gone",
	EntryCordoned:         "cordoned",
	EntryUncordoned:       "uncordoned",
	EntryTainted:          "tainted",
	EntryNodeDeleted:      "node-deleted",
	EntryScaled:           "scaled",
	EntryRestarted:        "restarted",
	EntryChanged:          "changed",
	EntryOwnerDeleted:     "owner-deleted",
	EntryNamespaceDeleted: "namespace-deleted",
}

// String returns the kind as words joined by hyphens, such as "node-deleted".
// The words are stable.
func (k EntryKind) String() string {
	if name, ok := entryNames[k]; ok {
		return name
	}
	return "unknown"
}
