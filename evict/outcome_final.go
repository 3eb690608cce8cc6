package evict

// Final reports whether the outcome settles the matter, so that an [Eviction]
// ends with it: the pod was evicted, is moved by a webhook, or is not there.
//
// No other does. Refusals by a budget, a webhook, a policy or an admission
// plugin, and by a server that is busy, hold only until the next try. So do
// conflicts with another change of the pod, and errors of the client
// (Forbidden, Unauthenticated, BadRequest, Invalid, UnsupportedMediaType,
// MethodNotAllowed): the same client may try again, with other rights or
// another body. NamespaceTerminating is a refusal after which kubectl drain
// tries again, until the pod is gone (kubectl pkg/drain/drain.go). After
// Timeout, ServerError, Unanswered and Unknown nobody knows.
func (o Outcome) Final() bool {
	switch o {
	case Accepted, TakenOver, NotFound, NamespaceNotFound, UIDMismatch:
		return true
	}
	return false
}

// refused reports whether an attempt with this outcome counts as a refusal:
// whether it was answered, and neither accepted nor taken over.
func (o Outcome) refused() bool {
	return o != Accepted && o != TakenOver && o != Unanswered
}

// forcible reports whether a client that was refused so may mean to delete the
// pod instead: the cluster did not let the pod go, or could not answer.
func (o Outcome) forcible() bool {
	switch o {
	case NotFound, NamespaceNotFound, NamespaceTerminating, UIDMismatch, Forbidden, Unauthenticated,
		BadRequest, Invalid, MethodNotAllowed, UnsupportedMediaType:
		return false
	}
	return o.refused()
}
