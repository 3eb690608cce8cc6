// Package evict reads out of Kubernetes audit logs who removed a pod: what
// happened to it, who is behind it, what was in the way, how long it took, and
// whether it was the patching of Fargate by AWS. Where a log does not tell, it
// says so, and which events would.
//
// Every function walks over a log, such as an [audit.Archive]:
//
//   - [Judge]: was it Fargate patching, and if not, what? For a pod or a node.
//   - [Timeline]: all that happened to a pod, and around it.
//   - [Removals]: the pods that went away, in whatever way, and who is behind it.
//   - [Drains]: the evictions of a node by one actor, with its cordon and its end.
//   - [Evictions]: who tried to evict which pod, how often, and what came of it.
//   - [Attempts]: every request to evict, one by one.
//
// The further down, the less of the log is needed: Attempts and Evictions can
// read the result of a query for evictions, as [Query] writes it, while who
// deleted a pod, and on which node it ran, only other events tell. [FromEvent]
// reads a single decoded event. Package evicttest makes logs for tests.
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
// # Evictions
//
// An [Eviction] is the attempts of one actor on one pod: how often they tried,
// what refused them, which budgets with which numbers, and how it ended. A dry
// run is an eviction of its own, and changed nothing.
//
// # Removals
//
// A [Removal] is a pod that went away, or was told to, in one of the ways that
// [Way] lists: most pods go without anybody asking the Eviction API. The kubelet's
// delete is the end of each, and never the cause. Where a controller carries out
// what somebody else asked for, the initiator is about that one.
//
// # Drains
//
// A [Drain] is the evictions of pods of one node by one actor, or their deletes
// of them, with the cordon before, the taints that drainers put on nodes, and
// the end of the node.
//
// # Verdicts
//
// A [Verdict] answers whether the patching of the operating system by Fargate
// removed a pod or a node. It is never certain: the log names an identity of
// Amazon EKS that acts for managed node groups as well, and no reason. AWS
// documents patching as the reason why it evicts pods on Fargate
// (https://docs.aws.amazon.com/eks/latest/userguide/fargate-pod-patching.html);
// EKS may also recycle them for a new patch version of Kubernetes, which looks
// the same.
//
// What decides is who removed the pod, and what it ran on:
//
//   - Amazon EKS evicted a pod on Fargate: [FargatePatching].
//   - Amazon EKS was refused to evict a pod on Fargate, and deleted it later:
//     FargatePatching.
//   - The same, and the pod went with its node, or without a decision in the
//     log: FargatePatching, with low confidence.
//   - Somebody else is named, or the way alone shows another cause: [OtherCause].
//   - Amazon EKS removed a pod from a node that is none of Fargate: OtherCause, a
//     managed node group.
//   - Amazon EKS removed a pod, and nothing tells what it ran on: [Undecided].
//   - Amazon EKS deleted a pod on Fargate, and no refused eviction came before:
//     Undecided.
//   - The pod went and nobody is named, or it did not go as far as the log tells:
//     Undecided.
//
// The second of these is how patching ends where a budget holds the pod: there is no
// eviction that was accepted, but refused ones, days before, and a plain delete.
// So the answer that it was something else needs evidence of that; that the log
// has no eviction by Fargate proves nothing.
//
// A verdict that is undecided lists what is missing, with queries that fetch
// it. [Hint] says what a log cannot: which pods and nodes are those of Fargate.
//
// # What the log cannot tell
//
// The node: no eviction names it. Another event has to: the binding of the pod,
// a status patch by its kubelet, the kubelet's final delete, or a delete whose
// answer holds the pod. Removals, drains and verdicts find it in any of these.
//
// A dry run that the client asked for in the body of its request, as kubectl
// and client-go do, if the log has no body: at level Metadata, in an event
// that was truncated, after a refusal before the body was read. The answer is
// 201 all the same, so [Attempt.DryRun] is [DryRunUnknown] there. Amazon EKS
// logs the bodies of evictions
// (https://docs.aws.amazon.com/eks/latest/best-practices/auditing-and-logging.html).
//
// The uid of the pod, unless the client named one, the answer does, or another
// event of the same pod.
//
// Why a 429 was given, at level Metadata before Kubernetes 1.24: message and
// details are not in the log, and a refusal by a budget looks like one by a
// webhook. [Attempt.Outcome] is [Unknown] there.
//
// Whether a request without an answer was carried out.
//
// Why: the reason of Karpenter, of the autoscaler or of EKS for taking a node
// away is in Kubernetes Events and in their own logs. Why a budget allowed no
// disruption: a refusal has its numbers only. Whether the containers of a pod
// that was deleted by force had stopped.
//
// What was before the log began. An eviction that was accepted the day before
// leaves the condition DisruptionTarget on the pod, which tells the way and not
// who; and that has room for one reason only.
//
// # Order and memory
//
// An audit log is not in the order of time, since requests are logged when they
// are answered. All functions but Attempts put what they need of it in that
// order first, so that their results depend neither on the order of the events,
// nor on duplicates, nor on the files that they are spread over. What is kept of
// an event for that is small, and beyond [Options].Memory it waits in temporary
// files.
//
// Then they go over it once. They remember the pods that are alive or on their
// way out, and of workloads, nodes and namespaces what happened in the last two
// hours: memory depends on how much is under way at a time, not on how long the
// log is. Results come as soon as nothing more can change them, and what is not
// over when the log ends comes then. A verdict keeps all removals and evictions
// of its target.
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
// The sequences give an [*audit.EventError] for each place of the log that could
// not be read and go on after it; any other error is the last item. [Judge]
// joins such errors, and gives its verdict beside them. Damage is not reported
// within events that are about something else, nor in lines that cannot hold
// what is looked for; [Options].Strict reports all of it. Attempts that the log
// tells too little about are not errors: they come as [Unknown] or [Unanswered].
package evict
