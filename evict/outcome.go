package evict

import (
	"net/http"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// An Outcome says what became of one request to the eviction subresource. The
// package comment has a table of all of them, with the rules that choose them.
type Outcome uint8

const (
	// Unknown: the answer fits no rule, or says too little for any. It is so
	// for a 429 with a reason and nothing else, which is all that API servers
	// before 1.24 log at level Metadata.
	Unknown Outcome = iota

	// Unanswered: the log holds the arrival of the request and no answer, or
	// the connection closed before there was one. The request may have been
	// carried out.
	Unanswered

	// Accepted: the API server accepted the eviction. The pod is about to
	// terminate, was removed at once, or was terminating already. It still
	// runs, untouched, if [Attempt.DryRun] is DryRunYes.
	Accepted

	// TakenOver: an admission webhook that is known to move the pod in its
	// own way refused the eviction and began to do so; or would have begun,
	// if [Attempt.DryRun] is DryRunYes.
	TakenOver

	// BlockedByBudget: a PodDisruptionBudget allows no disruption now. The
	// same request may be accepted later.
	BlockedByBudget

	// BudgetNotReady: the disruption controller has not seen the newest
	// PodDisruptionBudget, or the pod changed while the server looked.
	// Another try is due after [Attempt.RetryAfter].
	BudgetNotReady

	// BudgetUnusable: the status of the PodDisruptionBudget is out of range:
	// disruptionsAllowed is negative, or more than 2000 evictions wait to be
	// confirmed. No eviction can pass it until that is mended.
	BudgetUnusable

	// MultipleBudgets: more than one PodDisruptionBudget covers the pod. The
	// server evicts no such pod, whatever the budgets allow.
	MultipleBudgets

	// UIDMismatch: the pod of this name is not the one the client meant. See
	// [Attempt.UID] and [Attempt.LiveUID].
	UIDMismatch

	// VersionMismatch: the pod has changed since the resourceVersion that
	// the client asked for.
	VersionMismatch

	// Conflict: a conflict of another kind, or one that the log does not
	// tell.
	Conflict

	// NotFound: there is no such pod. It was gone already.
	NotFound

	// NamespaceNotFound: there is no such namespace.
	NamespaceNotFound

	// NamespaceTerminating: the namespace is being deleted and takes no new
	// content, evictions included. Its pods are about to go anyway.
	NamespaceTerminating

	// Throttled: the API server was too busy, or its storage not ready. It
	// never looked at the budgets.
	Throttled

	// DeniedByWebhook: an admission webhook refused, for a reason of its own.
	DeniedByWebhook

	// WebhookFailed: an admission webhook could not be called, and its
	// failurePolicy is Fail.
	WebhookFailed

	// DeniedByPolicy: a ValidatingAdmissionPolicy refused.
	DeniedByPolicy

	// DeniedByAdmission: the request was authorized, and an admission plugin
	// of the API server refused it, such as NodeRestriction.
	DeniedByAdmission

	// Forbidden: the user, or the one they impersonate, may not evict pods
	// here, or may not impersonate.
	Forbidden

	// Unauthenticated: the credentials were not valid. The event names no
	// user.
	Unauthenticated

	// BadRequest: the request could not be understood, named another pod in
	// its body than in its path, or was too large.
	BadRequest

	// Invalid: the request was understood and has an option that is not
	// allowed.
	Invalid

	// MethodNotAllowed: the verb was not create. The subresource knows no
	// other.
	MethodNotAllowed

	// UnsupportedMediaType: the server does not read, or cannot answer in,
	// the media type the client asked for.
	UnsupportedMediaType

	// Timeout: the server gave up, either on its own deadline or after 20
	// conflicts over a budget. The pod may have been evicted all the same.
	Timeout

	// ServerError: the server failed in another way, or panicked.
	ServerError
)

// outcomeNames is indexed by Outcome.
var outcomeNames = [...]string{
	Unknown:              "unknown",
	Unanswered:           "unanswered",
	Accepted:             "accepted",
	TakenOver:            "taken-over",
	BlockedByBudget:      "blocked-by-budget",
	BudgetNotReady:       "budget-not-ready",
	BudgetUnusable:       "budget-unusable",
	MultipleBudgets:      "multiple-budgets",
	UIDMismatch:          "uid-mismatch",
	VersionMismatch:      "version-mismatch",
	Conflict:             "conflict",
	NotFound:             "not-found",
	NamespaceNotFound:    "namespace-not-found",
	NamespaceTerminating: "namespace-terminating",
	Throttled:            "throttled",
	DeniedByWebhook:      "denied-by-webhook",
	WebhookFailed:        "webhook-failed",
	DeniedByPolicy:       "denied-by-policy",
	DeniedByAdmission:    "denied-by-admission",
	Forbidden:            "forbidden",
	Unauthenticated:      "unauthenticated",
	BadRequest:           "bad-request",
	Invalid:              "invalid",
	MethodNotAllowed:     "method-not-allowed",
	UnsupportedMediaType: "unsupported-media-type",
	Timeout:              "timeout",
	ServerError:          "server-error",
}

// String returns the outcome as words joined by hyphens, such as
// "blocked-by-budget". The words are stable.
func (o Outcome) String() string {
	if int(o) >= len(outcomeNames) {
		o = Unknown
	}
	return outcomeNames[o]
}

// A rule gives the outcome of the answers that it matches.
type rule struct {
	outcome Outcome
	when    string // the condition, for the table of the package comment
	source  string // where the server, or whoever answers, says so
	field   field  // what it was read from, the evidence
	match   func(*answer) bool
}

// rules are read from top to bottom, and the first that matches decides. What
// matches none is Unknown.
//
// Those that go by a text which only one component writes stand first: an
// admission webhook, or a policy, chooses its status code freely. A text is
// only ever matched from its start, since the rest of a message quotes names
// that a client chose. The numbers of a budget decide nothing: a refusal that
// says "needs 11 healthy pods and has 12" is possible (kubernetes #106286).
//
// The annotation validation.policy.admission.k8s.io/validation_failure decides
// nothing either: a policy whose action is only Audit writes it too.
var rules = []rule{
	{Unanswered, "stage RequestReceived, no other stage in the log",
		"kubernetes.io/docs/tasks/debug/debug-cluster/audit", fieldStage,
		func(a *answer) bool { return a.stage == auditv1.StageRequestReceived }},
	{Unanswered, "200 Connection closed early",
		"apiserver pkg/endpoints/filters/audit.go: a status made up for the log", fieldMessage,
		func(a *answer) bool { return a.Code == http.StatusOK && a.Message == "Connection closed early" }},
	{ServerError, "stage Panic",
		"apiserver pkg/endpoints/filters/audit.go", fieldStage,
		func(a *answer) bool { return a.stage == auditv1.StagePanic }},
	{Accepted, "verb create, 2xx (it is always 201)",
		"kubernetes pkg/registry/core/pod/storage/eviction.go; observed", fieldCode,
		func(a *answer) bool { return a.verb == "create" && a.Code/100 == 2 }},

	{TakenOver, "a webhook known to move the pod itself, by name and text",
		"see takeovers", fieldMessage,
		func(a *answer) bool { return a.takenOver() }},
	{DeniedByWebhook, "any code, admission webhook NAME denied the request",
		"apiserver pkg/admission/plugin/webhook/errors/statuserror.go", fieldMessage,
		func(a *answer) bool { return a.deniedBy != "" }},
	{WebhookFailed, "500, failed calling webhook NAME",
		"apiserver pkg/util/webhook/error.go", fieldMessage,
		func(a *answer) bool { return a.Code == http.StatusInternalServerError && a.failedCall != "" }},
	{DeniedByPolicy, "any code, ValidatingAdmissionPolicy NAME denied request",
		"apiserver pkg/admission/plugin/policy/validating/dispatcher.go", fieldMessage,
		func(a *answer) bool { return a.policy != "" }},

	{BudgetNotReady, "429, cause DisruptionBudget, is still being processed",
		"kubernetes pkg/registry/core/pod/storage/eviction.go: createTooManyRequestsError", fieldCause,
		func(a *answer) bool {
			return a.Code == http.StatusTooManyRequests &&
				strings.HasSuffix(a.causeMessage(causeBudget), "is still being processed by the server.")
		}},
	{BlockedByBudget, "429, cause DisruptionBudget",
		"kubernetes pkg/registry/core/pod/storage/eviction.go: checkAndDecrement", fieldCause,
		func(a *answer) bool { return a.Code == http.StatusTooManyRequests && a.hasCause(causeBudget) }},
	{BlockedByBudget, "429, Cannot evict pod as it would violate the pod's disruption budget",
		"kubernetes pkg/registry/core/pod/storage/eviction.go: checkAndDecrement", fieldMessage,
		func(a *answer) bool {
			return a.Code == http.StatusTooManyRequests && strings.HasPrefix(a.Message, "Cannot evict pod as it would violate")
		}},
	{Throttled, "429, neither reason nor message",
		"apiserver pkg/server/filters/priority-and-fairness.go, maxinflight.go: a plain text answer", fieldCode,
		func(a *answer) bool {
			return a.Code == http.StatusTooManyRequests && a.Reason == "" && a.Message == ""
		}},
	{Throttled, "429, any other message",
		"apiserver pkg/storage/cacher/ready.go: storage is (re)initializing", fieldMessage,
		func(a *answer) bool { return a.Code == http.StatusTooManyRequests && a.Message != "" }},

	{MultipleBudgets, "500, This pod has more than one (or: multiple) PodDisruptionBudget",
		"kubernetes pkg/registry/core/pod/storage/eviction.go; for multiple: docs.aws.amazon.com/eks/latest/userguide/fargate-pod-patching.html", fieldMessage,
		func(a *answer) bool {
			rest, ok := strings.CutPrefix(a.Message, "This pod has ")
			return ok && a.Code == http.StatusInternalServerError &&
				(strings.HasPrefix(rest, "more than one PodDisruptionBudget") || strings.HasPrefix(rest, "multiple PodDisruptionBudget"))
		}},

	{UIDMismatch, "409, the UID of the precondition does not match",
		"apiserver pkg/registry/rest/delete.go, pkg/storage/interfaces.go", fieldMessage,
		func(a *answer) bool { return a.Code == http.StatusConflict && a.mismatch == "UID" }},
	{VersionMismatch, "409, the ResourceVersion of the precondition does not match",
		"apiserver pkg/registry/rest/delete.go, pkg/storage/interfaces.go", fieldMessage,
		func(a *answer) bool { return a.Code == http.StatusConflict && a.mismatch == "ResourceVersion" }},
	{Conflict, "409, any other",
		"apimachinery pkg/api/errors: NewConflict", fieldCode,
		func(a *answer) bool { return a.Code == http.StatusConflict }},

	{NamespaceNotFound, "404, details.kind namespaces",
		"apiserver pkg/admission/plugin/namespace/lifecycle/admission.go", fieldKind,
		func(a *answer) bool { return a.Code == http.StatusNotFound && a.kind() == "namespaces" }},
	{NotFound, "404, reason NotFound, details.kind pods or not told",
		"kubernetes pkg/registry/core/pod/storage/eviction.go", fieldReason,
		func(a *answer) bool {
			return a.Code == http.StatusNotFound && a.Reason == metav1.StatusReasonNotFound && (a.kind() == "pods" || a.kind() == "")
		}},

	{NamespaceTerminating, "403, cause NamespaceTerminating",
		"apiserver pkg/admission/plugin/namespace/lifecycle/admission.go", fieldCause,
		func(a *answer) bool { return a.Code == http.StatusForbidden && a.hasCause("NamespaceTerminating") }},
	{BudgetUnusable, "403, details.kind poddisruptionbudget",
		"kubernetes pkg/registry/core/pod/storage/eviction.go: checkAndDecrement", fieldKind,
		func(a *answer) bool {
			return a.Code == http.StatusForbidden && strings.HasPrefix(a.kind(), "poddisruptionbudget")
		}},
	{DeniedByAdmission, "403, annotation authorization.k8s.io/decision allow",
		"kubernetes plugin/pkg/admission/noderestriction/admission.go and others", fieldDecision,
		func(a *answer) bool { return a.Code == http.StatusForbidden && a.decision == "allow" }},
	{Forbidden, "403, any other",
		"apiserver pkg/endpoints/filters/authorization.go, impersonation", fieldCode,
		func(a *answer) bool { return a.Code == http.StatusForbidden }},

	{Unauthenticated, "401 (its only stage is ResponseStarted)",
		"apiserver pkg/endpoints/filters/authn_audit.go", fieldCode,
		func(a *answer) bool { return a.Code == http.StatusUnauthorized }},
	{BadRequest, "400, 413",
		"apiserver pkg/endpoints/handlers/create.go", fieldCode,
		func(a *answer) bool {
			return a.Code == http.StatusBadRequest || a.Code == http.StatusRequestEntityTooLarge
		}},
	{Invalid, "422, any other",
		"apiserver pkg/endpoints/handlers/create.go: ValidateCreateOptions", fieldCode,
		func(a *answer) bool { return a.Code == http.StatusUnprocessableEntity }},
	{MethodNotAllowed, "405",
		"observed for GET and DELETE", fieldCode,
		func(a *answer) bool { return a.Code == http.StatusMethodNotAllowed }},
	{UnsupportedMediaType, "415, 406",
		"apiserver pkg/endpoints/handlers/negotiation/errors.go", fieldCode,
		func(a *answer) bool {
			return a.Code == http.StatusUnsupportedMediaType || a.Code == http.StatusNotAcceptable
		}},
	{Timeout, "504",
		"kubernetes pkg/registry/core/pod/storage/eviction.go; apiserver pkg/server/filters/timeout.go", fieldCode,
		func(a *answer) bool { return a.Code == http.StatusGatewayTimeout }},
	{ServerError, "5xx, any other",
		"apimachinery pkg/api/errors", fieldCode,
		func(a *answer) bool { return a.Code/100 == 5 }},
}

// classify returns the outcome of an answer and the field that tells it. For
// Unknown that is the code, the field every answer has.
func classify(a *answer) (Outcome, field) {
	for i := range rules {
		if rules[i].match(a) {
			return rules[i].outcome, rules[i].field
		}
	}
	return Unknown, fieldCode
}

// takeovers are the refusals behind which the webhook does the work itself.
var takeovers = []struct {
	webhook string
	text    string // how its explanation begins
	source  string
}{
	{"virt-launcher-eviction-interceptor.kubevirt.io", "Eviction triggered evacuation of VMI",
		"kubevirt pkg/virt-api/webhooks/validating-webhook/admitters/pod-eviction-admitter.go"},
	{"virt-launcher-eviction-interceptor.kubevirt.io", "Evacuation in progress:",
		"kubevirt pkg/virt-api/webhooks/validating-webhook/admitters/pod-eviction-admitter.go"},
	{"strimzi-drain-cleaner.strimzi.io", "The pod will be rolled by the Strimzi Cluster Operator",
		"strimzi/drain-cleaner src/main/java/io/strimzi/ValidatingWebhook.java"},
}
