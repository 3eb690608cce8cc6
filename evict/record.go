package evict

import (
	"time"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit"
)

// A record is all that is kept of an event that says something about the life
// of a pod. What removed a pod is read from records in the order of their
// times, see [tracker]. It shares no memory with the event.
type record struct {
	kind recordKind

	// at is when the server received the request, done when it had answered.
	// Either is zero if the log does not tell.
	at, done time.Time

	stage   auditv1.Stage
	auditID string
	request Request
	code    int32 // HTTP status
	dryRun  DryRun
	grace   *int64 // gracePeriodSeconds of the body of a delete

	// group, namespace and name are of the object, or of an evictionRequested of
	// the pod that it is for. uid is its uid if anything in the event tells it:
	// the path, a precondition, a body. name is empty where the log has none, as
	// for a pod with a generated name at level Metadata.
	group, namespace, name, uid string

	attempt *Attempt     // of an attempted
	pods    []podState   // what the event shows of pods; several of a podsDeleted
	node    *nodeChange  // of a nodeChanged
	owner   *ownerChange // of an ownerChanged, and of an ownerDeleted

	// requester is who an evictionRequested is made for, as its spec says.
	requester string

	pos    audit.Pos
	stream string
}

// accepted reports whether the request changed something: it was answered so,
// and no dry run.
func (r *record) accepted() bool { return r.code >= 200 && r.code < 300 && r.dryRun != DryRunYes }

// A recordKind says what a record is about.
type recordKind uint8

const (
	attempted         recordKind = iota // a request to pods/eviction
	podCreated                          // create pods
	podBound                            // create pods/binding, or bindings
	podChanged                          // update or patch of pods or pods/status that says something that matters
	podDeleted                          // delete pods
	podsDeleted                         // deletecollection pods
	nodeChanged                         // update or patch of nodes: cordon, taints
	nodeDeleted                         // delete nodes
	ownerChanged                        // scale, restart or update of what controls pods
	ownerDeleted                        // delete of what controls pods, nodeclaims among it
	namespaceDeleted                    // delete namespaces
	evictionRequested                   // create of an EvictionRequest of lifecycle.k8s.io
)

// A podState is what one event shows of a pod. What it does not show is zero.
type podState struct {
	namespace, name, uid, node string

	owner       Owner
	labels      map[string]string
	protections map[string]string // annotations that ask not to be evicted
	scheduler   string            // schedulerName
	priority    string            // priorityClassName

	created, deleting time.Time // creationTimestamp, deletionTimestamp

	phase, reason, message string // of its status

	// disrupted is the reason of the condition DisruptionTarget, with its
	// message and its lastTransitionTime.
	disrupted, disruptedMessage string
	disruptedAt                 time.Time

	// ready is the status of the condition Ready, True or False, since readyAt.
	ready   string
	readyAt time.Time

	exitCodes map[string]int32 // of terminated containers, by name
}

// A nodeChange is what a request to change a node says.
type nodeChange struct {
	cordon   bool              // spec.unschedulable is set
	uncordon bool              // it is unset
	taints   map[string]string // keys to effects, of the taints it sets; several effects of a key are joined by commas, in order
	labels   map[string]string // that it sets

	// whole says that the request puts the whole node: all of this is how the
	// node is to be, and need not be a change. A put without unschedulable is an
	// uncordon only if the node was cordoned.
	whole bool
}

// An ownerChange is what a request to change a workload says.
type ownerChange struct {
	kind     string // Deployment, ReplicaSet, ...; of the object that was changed
	replicas *int32 // the number that it sets; of a Job its parallelism, or 0 if it is suspended
	restart  bool   // it sets the annotation kubectl.kubernetes.io/restartedAt
	template bool   // it changes the pod template in any way
	owner    Owner  // the controller of the object that was changed, if the event shows it
	uid      string
}
