package evicttest

import (
	"fmt"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/evict"
)

// An Answer is what the API server answers to a request to evict a pod.
type Answer struct {
	outcome evict.Outcome
	status  func(p *Pod, by Actor) metav1.Status
	alter   func(*evictionBody) // makes the body that is answered so

	unread bool
	forbid bool // by the authorizer
	stage  auditv1.Stage
}

// Outcome is what package evict is to read from the answer.
func (a Answer) Outcome() evict.Outcome { return a.outcome }

// Accepted is the answer to an eviction that is accepted. Source: observed.
func Accepted() Answer {
	return Answer{outcome: evict.Accepted, status: func(*Pod, Actor) metav1.Status {
		return statusOnly(http.StatusCreated)
	}}
}

// Blocked is the refusal by a PodDisruptionBudget that allows no disruption.
// Source: observed.
func Blocked(budget string, needs, has int) Answer {
	return overBudget(evict.BlockedByBudget, 0,
		fmt.Sprintf("The disruption budget %s needs %d healthy pods and has %d currently", budget, needs, has))
}

// BudgetNotReady is the refusal by a PodDisruptionBudget that the disruption
// controller has not seen yet. Source: observed.
func BudgetNotReady(budget string) Answer {
	return overBudget(evict.BudgetNotReady, 10,
		fmt.Sprintf("The disruption budget %s is still being processed by the server.", budget))
}

func overBudget(outcome evict.Outcome, retryAfter int32, cause string) Answer {
	return Answer{outcome: outcome, status: func(*Pod, Actor) metav1.Status {
		return failure(http.StatusTooManyRequests, metav1.StatusReasonTooManyRequests,
			"Cannot evict pod as it would violate the pod's disruption budget.",
			&metav1.StatusDetails{
				Causes:            []metav1.StatusCause{{Type: "DisruptionBudget", Message: cause}},
				RetryAfterSeconds: retryAfter,
			})
	}}
}

// OtherUID is the refusal of an eviction of a pod with one uid where the pod of
// that name has another. Source: observed.
func OtherUID(want, have string) Answer {
	ask := func(b *evictionBody) { b.require(metav1.Preconditions{UID: new(types.UID(want))}) }
	return Answer{outcome: evict.UIDMismatch, alter: ask, status: func(p *Pod, _ Actor) metav1.Status {
		return failure(http.StatusConflict, metav1.StatusReasonConflict,
			fmt.Sprintf("Operation cannot be fulfilled on Pod %q: the UID in the precondition (%s) does not match the UID in record (%s). "+
				"The object might have been deleted and then recreated", p.Name, want, have),
			&metav1.StatusDetails{Name: p.Name, Kind: "Pod"})
	}}
}

// DeniedBy is the refusal by an admission webhook, with the code and the text
// that it chose. Source: apiserver pkg/admission/plugin/webhook/errors/statuserror.go.
func DeniedBy(webhook string, code int32, text string) Answer {
	return Answer{outcome: evict.DeniedByWebhook, status: func(*Pod, Actor) metav1.Status {
		return failure(code, "", fmt.Sprintf("admission webhook %q denied the request: %s", webhook, text), nil)
	}}
}

// KubeVirt is the refusal by KubeVirt, which moves the virtual machine of the
// pod away instead. Source: kubevirt
// pkg/virt-api/webhooks/validating-webhook/admitters/pod-eviction-admitter.go.
func KubeVirt(machine string) Answer {
	return Answer{outcome: evict.TakenOver, status: func(p *Pod, by Actor) metav1.Status {
		text := fmt.Sprintf("Eviction triggered evacuation of VMI \"%s/%s\"", p.Namespace, machine)
		return DeniedBy("virt-launcher-eviction-interceptor.kubevirt.io", http.StatusTooManyRequests, text).status(p, by)
	}}
}

// Strimzi is the refusal by the Strimzi drain cleaner, after which the operator
// rolls the pod. Source: strimzi/drain-cleaner
// src/main/java/io/strimzi/ValidatingWebhook.java.
func Strimzi() Answer {
	a := DeniedBy("strimzi-drain-cleaner.strimzi.io", http.StatusInternalServerError,
		"The pod will be rolled by the Strimzi Cluster Operator.")
	a.outcome = evict.TakenOver
	return a
}

// WebhookDown is the refusal because an admission webhook could not be called.
// Source: apiserver pkg/util/webhook/error.go.
func WebhookDown(webhook string) Answer {
	return Answer{outcome: evict.WebhookFailed, status: func(*Pod, Actor) metav1.Status {
		text := fmt.Sprintf("failed calling webhook %q: failed to call webhook: Post \"https://gate.default.svc:443/evict?timeout=10s\": context deadline exceeded", webhook)
		return failure(http.StatusInternalServerError, metav1.StatusReasonInternalError, "Internal error occurred: "+text,
			&metav1.StatusDetails{Causes: []metav1.StatusCause{{Message: text}}})
	}}
}

// DeniedByPolicy is the refusal by a ValidatingAdmissionPolicy. Source: observed.
func DeniedByPolicy(policy, binding, text string) Answer {
	return Answer{outcome: evict.DeniedByPolicy, status: func(p *Pod, _ Actor) metav1.Status {
		denied := fmt.Sprintf("ValidatingAdmissionPolicy '%s' with binding '%s' denied request: %s", policy, binding, text)
		return failure(http.StatusUnprocessableEntity, metav1.StatusReasonInvalid, fmt.Sprintf("pods %q is forbidden: %s", p.Name, denied),
			&metav1.StatusDetails{Name: p.Name, Kind: "pods", Causes: []metav1.StatusCause{{Message: denied}}})
	}}
}

// Answered is the answer of any other outcome, those in whose text there is
// nothing to choose. It panics for outcomes that have a function of their own.
func Answered(o evict.Outcome) Answer {
	a, ok := answers[o]
	if !ok {
		panic(fmt.Sprintf("evicttest: Answered(%v): there is no such answer, or a function for it", o))
	}
	a.outcome = o
	return a
}

// answers are those of [Answered]. If no source is given they were observed.
var answers = map[evict.Outcome]Answer{
	// The request came in and nothing else is in the log.
	evict.Unanswered: {},

	evict.MultipleBudgets: {status: constant(http.StatusInternalServerError, "",
		"This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")},

	// kubernetes pkg/registry/core/pod/storage/eviction.go: checkAndDecrement
	evict.BudgetUnusable: {status: func(p *Pod, _ Actor) metav1.Status {
		budget := p.Labels["app"]
		return failure(http.StatusForbidden, metav1.StatusReasonForbidden,
			fmt.Sprintf("poddisruptionbudget.policy %q is forbidden: pdb disruptions allowed is negative", budget),
			&metav1.StatusDetails{Name: budget, Group: "policy", Kind: "poddisruptionbudget"})
	}},

	evict.VersionMismatch: {alter: func(b *evictionBody) {
		b.require(metav1.Preconditions{ResourceVersion: new("1")})
	}, status: func(p *Pod, _ Actor) metav1.Status {
		return failure(http.StatusConflict, metav1.StatusReasonConflict,
			fmt.Sprintf("Operation cannot be fulfilled on Pod %q: the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (%s). "+
				"The object might have been modified", p.Name, p.version),
			&metav1.StatusDetails{Name: p.Name, Kind: "Pod"})
	}},
	evict.NotFound: {status: func(p *Pod, _ Actor) metav1.Status {
		return failure(http.StatusNotFound, metav1.StatusReasonNotFound, fmt.Sprintf("pods %q not found", p.Name),
			&metav1.StatusDetails{Name: p.Name, Kind: "pods"})
	}},

	// apiserver pkg/admission/plugin/namespace/lifecycle/admission.go
	evict.NamespaceNotFound: {status: func(p *Pod, _ Actor) metav1.Status {
		return failure(http.StatusNotFound, metav1.StatusReasonNotFound, fmt.Sprintf("namespaces %q not found", p.Namespace),
			&metav1.StatusDetails{Name: p.Namespace, Kind: "namespaces"})
	}},
	evict.NamespaceTerminating: {status: func(p *Pod, _ Actor) metav1.Status {
		return failure(http.StatusForbidden, metav1.StatusReasonForbidden,
			fmt.Sprintf("pods %q is forbidden: unable to create new content in namespace %s because it is being terminated", p.Name, p.Namespace),
			&metav1.StatusDetails{Name: p.Name, Kind: "pods", Causes: []metav1.StatusCause{{
				Type: "NamespaceTerminating", Message: fmt.Sprintf("namespace %s is being terminated", p.Namespace), Field: "metadata.namespace",
			}}})
	}},

	// apiserver pkg/server/filters/priority-and-fairness.go: a plain text
	evict.Throttled: {unread: true, status: func(*Pod, Actor) metav1.Status {
		return metav1.Status{Code: http.StatusTooManyRequests}
	}},

	// kubernetes plugin/pkg/admission/noderestriction/admission.go
	evict.DeniedByAdmission: {status: func(p *Pod, by Actor) metav1.Status {
		return failure(http.StatusForbidden, metav1.StatusReasonForbidden,
			fmt.Sprintf("pods %q is forbidden: node %s can only evict pods with spec.nodeName set to itself", p.Name, by.who()),
			&metav1.StatusDetails{Name: p.Name, Kind: "pods"})
	}},
	evict.Forbidden: {unread: true, forbid: true, status: func(p *Pod, by Actor) metav1.Status {
		return failure(http.StatusForbidden, metav1.StatusReasonForbidden,
			fmt.Sprintf("pods %q is forbidden: User %q cannot create resource \"pods/eviction\" in API group \"\" in the namespace %q", p.Name, by.who(), p.Namespace),
			&metav1.StatusDetails{Name: p.Name, Kind: "pods"})
	}},
	evict.Unauthenticated: {unread: true, stage: auditv1.StageResponseStarted,
		status: constant(http.StatusUnauthorized, metav1.StatusReasonUnauthorized, "Unauthorized")},

	evict.BadRequest: {alter: func(b *evictionBody) { b.Metadata.Namespace = "other" }, status: constant(http.StatusBadRequest, metav1.StatusReasonBadRequest,
		"the namespace of the provided object does not match the namespace sent on the request")},
	evict.Invalid: {unread: true, status: func(*Pod, Actor) metav1.Status {
		const text = `Unsupported value: ["Bogus"]: supported values: "All"`
		return failure(http.StatusUnprocessableEntity, metav1.StatusReasonInvalid,
			`CreateOptions.meta.k8s.io "" is invalid: dryRun: `+text,
			&metav1.StatusDetails{Group: "meta.k8s.io", Kind: "CreateOptions", Causes: []metav1.StatusCause{{
				Type: metav1.CauseTypeFieldValueNotSupported, Message: text, Field: "dryRun",
			}}})
	}},
	evict.UnsupportedMediaType: {unread: true, status: constant(http.StatusUnsupportedMediaType, metav1.StatusReasonUnsupportedMediaType,
		"the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf")},

	// kubernetes pkg/registry/core/pod/storage/eviction.go
	evict.Timeout: {status: func(p *Pod, _ Actor) metav1.Status {
		return failure(http.StatusGatewayTimeout, metav1.StatusReasonTimeout,
			fmt.Sprintf("Timeout: couldn't update PodDisruptionBudget %q due to conflicts", p.Labels["app"]),
			&metav1.StatusDetails{RetryAfterSeconds: 10})
	}},
	// etcd api/v3rpc/rpctypes/error.go
	evict.ServerError: {status: constant(http.StatusInternalServerError, "", "etcdserver: request timed out")},
}

// constant returns an answer that does not depend on the request.
func constant(code int32, reason metav1.StatusReason, message string) func(*Pod, Actor) metav1.Status {
	return func(*Pod, Actor) metav1.Status { return failure(code, reason, message, nil) }
}

func failure(code int32, reason metav1.StatusReason, message string, details *metav1.StatusDetails) metav1.Status {
	return metav1.Status{Status: metav1.StatusFailure, Message: message, Reason: reason, Details: details, Code: code}
}
