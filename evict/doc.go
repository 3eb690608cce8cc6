// Package evict reads evictions out of Kubernetes audit logs: who asked to
// evict which pod, when, and what became of it.
//
// [Attempts] is where to start. It walks over a log, such as an
// [audit.Archive], and gives every [Attempt] in it: one request to the
// subresource eviction of a pod, with its [Outcome]. [FromEvent] does the same
// for one decoded event. [Query] gives the query that selects the same events
// in CloudWatch Logs Insights.
//
// # Attempts
//
// A client that is refused tries again, and each try is a request and an
// attempt of its own. A drain against a budget that allows nothing can make
// thousands, all [BlockedByBudget].
//
// [Accepted] says that the API server accepted the eviction, not that the pod
// is gone: it ends when its kubelet deletes it, which is another request.
//
// # Evictions, removals and drains
//
// [Evictions] folds the attempts of one actor on one pod, with what became of
// the pod. [Removals] gives every pod that went away, or was told to, with the
// [Way] of it and who is behind it, also where nobody asked the Eviction API.
// [Drains] gives the evictions of one node by one actor, with its cordon and its
// end. They put the log in the order of its times first, so that neither its
// order, nor duplicates, nor the files it is spread over matter.
//
// # What the log cannot tell
//
// The node: no eviction names it. Another event has to, such as the binding of
// the pod or the kubelet's final delete.
//
// A dry run that the client asked for in the body of its request, as kubectl
// and client-go do, if the log has no body: at level Metadata, in an event
// that was truncated, after a refusal before the body was read. The answer is
// 201 all the same, so [Attempt.DryRun] is [DryRunUnknown] there. Amazon EKS
// logs the bodies of evictions
// (https://docs.aws.amazon.com/eks/latest/best-practices/auditing-and-logging.html).
//
// The uid of the pod, unless the client named one or the answer does.
//
// Why a 429 was given, at level Metadata before Kubernetes 1.24: message and
// details are not in the log, and a refusal by a budget looks like one by a
// webhook. [Attempt.Outcome] is [Unknown] there.
//
// Whether a request without an answer was carried out.
//
// # Outcomes
//
// The first rule that matches decides:
//
//	OUTCOME                 RULE
//	unanswered              stage RequestReceived, no other stage in the log
//	unanswered              200 Connection closed early
//	server-error            stage Panic
//	accepted                verb create, 2xx (it is always 201)
//	taken-over              a webhook known to move the pod itself, by name and text
//	denied-by-webhook       any code, admission webhook NAME denied the request
//	webhook-failed          500, failed calling webhook NAME
//	denied-by-policy        any code, ValidatingAdmissionPolicy NAME denied request
//	budget-not-ready        429, cause DisruptionBudget, is still being processed
//	blocked-by-budget       429, cause DisruptionBudget
//	blocked-by-budget       429, Cannot evict pod as it would violate the pod's disruption budget
//	throttled               429, neither reason nor message
//	throttled               429, any other message
//	multiple-budgets        500, This pod has more than one (or: multiple) PodDisruptionBudget
//	uid-mismatch            409, the UID of the precondition does not match
//	version-mismatch        409, the ResourceVersion of the precondition does not match
//	conflict                409, any other
//	namespace-not-found     404, details.kind namespaces
//	not-found               404, reason NotFound, details.kind pods or not told
//	namespace-terminating   403, cause NamespaceTerminating
//	budget-unusable         403, details.kind poddisruptionbudget
//	denied-by-admission     403, annotation authorization.k8s.io/decision allow
//	forbidden               403, any other
//	unauthenticated         401 (its only stage is ResponseStarted)
//	bad-request             400, 413
//	invalid                 422, any other
//	method-not-allowed      405
//	unsupported-media-type  415, 406
//	timeout                 504
//	server-error            5xx, any other
//	unknown                 anything else
//
// # Errors
//
// [Attempts] gives an [*audit.EventError] for each place of the log that could
// not be read and goes on after it; any other error is its last item. Damage is
// not reported within events that are about something else, nor in lines that
// cannot hold an eviction; [Options].Strict reports all of it. Attempts that the
// log tells too little about are not errors: they come as [Unknown] or
// [Unanswered].
package evict
