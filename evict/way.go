package evict

// wayNames is indexed by Way.
var wayNames = [...]string{
	WayUnknown:        "unknown",
	Evicted:           "evicted",
	Deleted:           "deleted",
	ForceDeleted:      "force-deleted",
	DrainDeleted:      "drain-deleted",
	EvictionForced:    "eviction-forced",
	ScaledDown:        "scaled-down",
	RolledOut:         "rolled-out",
	ControllerDeleted: "controller-deleted",
	Cascaded:          "cascaded",
	JobExpired:        "job-expired",
	NamespaceDeleted:  "namespace-deleted",
	CollectionDeleted: "collection-deleted",
	Preempted:         "preempted",
	TaintEvicted:      "taint-evicted",
	GarbageCollected:  "garbage-collected",
	NodePressure:      "node-pressure",
	NodeShutdown:      "node-shutdown",
	CriticalAdmission: "critical-admission",
}

// String returns the way as words joined by hyphens, such as "scaled-down".
// The words are stable.
func (w Way) String() string {
	if int(w) >= len(wayNames) {
		w = WayUnknown
	}
	return wayNames[w]
}

// stays reports whether the pod object is still there afterwards, as failed.
// That the object is deleted later removes no running pod.
func (w Way) stays() bool {
	return w == NodePressure || w == NodeShutdown || w == CriticalAdmission
}

// replaces reports whether the owner of a pod that went this way makes another
// one in its place.
func (w Way) replaces() bool {
	switch w {
	case ScaledDown, RolledOut, Cascaded, JobExpired, NamespaceDeleted:
		return false
	}
	return true
}
