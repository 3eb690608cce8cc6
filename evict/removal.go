package evict

import "time"

// A Removal is a pod that went away, or was told to: by the Eviction API or in
// any other way.
type Removal struct {
	// Namespace, Pod and UID name the pod. UID is empty if no event of the log
	// tells it, as at level Metadata.
	Namespace, Pod, UID string

	// Node is the node the pod ran on; empty if it had none, or no event tells.
	Node    string
	Owner   Owner
	Labels  map[string]string
	Compute Compute

	// Way is how it was removed.
	Way Way

	// Actor is who made the request that decided, and Initiator who is behind
	// it. They differ where a controller carries out what somebody else asked
	// for: of a rollout the actor is the replicaset controller, and the
	// initiator is about the one who asked for it.
	Actor     Actor
	Initiator Initiator

	// Evictions are those of this pod that came before the end, accepted or
	// not, in the order of their first attempts. Dry runs are not among them.
	Evictions []Eviction

	// CreatedAt is when the pod was made; zero if the log does not tell.
	CreatedAt time.Time

	// DecidedAt is when the API server had accepted the request that decided;
	// zero if that is not in the log. GoneAt is when the pod object was gone;
	// zero if the log does not tell, and where it stays, as after node
	// pressure.
	DecidedAt, GoneAt time.Time

	// GracePeriodSeconds is the grace period that the deciding request asked
	// for; nil if it left that to the pod or the log has no body.
	GracePeriodSeconds *int64

	// Replacement is the name of the pod that the owner made in its place,
	// ReplacedAt when it was bound to a node, or made if no binding is in the
	// log, and ReadyAt when it became ready. They are empty and zero if the log
	// does not tell.
	Replacement         string
	ReplacedAt, ReadyAt time.Time

	// DownWithOwner is how many pods of the same owner, this one included, were
	// down at once at the worst moment between DecidedAt and the time when the
	// replacement was ready, or if the log has none the pod was gone.
	// DownWithBudget is the same for pods that the same budget covers, as far
	// as refusals tell.
	DownWithOwner, DownWithBudget int

	// Protections are the annotations of the pod that ask tools not to evict it,
	// such as karpenter.sh/do-not-disrupt; each tool heeds its own.
	Protections map[string]string

	// ExitCodes are those of the containers, by name, as the last state of the
	// pod that the log shows has them.
	ExitCodes map[string]int32

	// Evidence is what Way, Initiator and the facts about the pod were read
	// from.
	Evidence []Evidence
}

// A Way is how a pod was removed.
type Way uint8

const (
	// WayUnknown: the pod went away and the log does not tell why; the
	// decision came before the log begins, or is not logged.
	WayUnknown Way = iota

	// Evicted: by the Eviction API, which asks the PodDisruptionBudgets.
	Evicted

	// Deleted: by a client that deleted the pod. Budgets are not asked.
	Deleted

	// ForceDeleted: as Deleted, with a grace period of zero: the pod object was
	// gone at once, whether or not its containers had stopped.
	ForceDeleted

	// DrainDeleted: by a drain of its node that does without the Eviction API,
	// as kubectl drain --disable-eviction does.
	DrainDeleted

	// EvictionForced: deleted by the one whose evictions of it had been
	// refused. It is how Fargate patching and some drains end.
	EvictionForced

	// ScaledDown: by its controller, which was to keep fewer pods.
	ScaledDown

	// RolledOut: by its controller, which was to run another revision.
	RolledOut

	// ControllerDeleted: by its controller, for a reason that the log does not
	// tell.
	ControllerDeleted

	// Cascaded: by the garbage collector, because its owner was deleted.
	Cascaded

	// JobExpired: as Cascaded, and its Job had outlived ttlSecondsAfterFinished.
	JobExpired

	// NamespaceDeleted: with its namespace.
	NamespaceDeleted

	// CollectionDeleted: by a client that deleted a collection of pods.
	CollectionDeleted

	// Preempted: by the scheduler, for a pod of higher priority.
	Preempted

	// TaintEvicted: because its node got a taint with the effect NoExecute that
	// the pod does not tolerate. Budgets are not asked.
	TaintEvicted

	// GarbageCollected: by the pod garbage collector, since its node is gone,
	// it had finished, or it was never scheduled.
	GarbageCollected

	// NodePressure: by the kubelet, whose node ran out of a resource. The pod
	// object stays, as failed.
	NodePressure

	// NodeShutdown: by the kubelet, whose node shut down.
	NodeShutdown

	// CriticalAdmission: by the kubelet, to make room for a critical pod.
	CriticalAdmission
)
