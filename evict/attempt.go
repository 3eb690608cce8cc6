package evict

import (
	"cmp"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit"
)

// An Attempt is one request to the eviction subresource of a pod, whatever
// became of it. A client that retries makes a new attempt each time. It shares
// no memory with the event it was read from.
//
// Strings are as the log has them: user names, user agents and messages hold
// what a client chose, control characters included.
type Attempt struct {
	// Time is when the API server received the request: the event's
	// requestReceivedTimestamp, else its stageTimestamp, else, from
	// [Attempts] only, the time of [audit.Event.Time].
	Time time.Time

	// Answered is the stageTimestamp of the answer; zero if Outcome is
	// Unanswered.
	Answered time.Time

	// AuditID is the same in all events of one request. A client may choose
	// it, by the header Audit-ID, so that two requests can have the same.
	AuditID string

	// Namespace and Pod name the pod in the path of the request. The event
	// does not say on which node it runs.
	Namespace, Pod string

	// UID is the uid of the pod that the client meant, if it set that
	// precondition and the log shows it: in the body, or in the message of a
	// UIDMismatch.
	UID string

	// LiveUID is the uid of the pod that had the name instead, as the message
	// of a UIDMismatch gives it.
	LiveUID string

	// Verb is create for an eviction. The subresource knows no other; a get
	// or a delete of it is an attempt that ends in MethodNotAllowed, unless it
	// is refused earlier.
	Verb string

	// Outcome is what became of it.
	Outcome Outcome

	// Code, Reason and Message are the HTTP status code, the reason and the
	// message of the answer. Code is 0 if there was none.
	Code    int32
	Reason  string
	Message string

	// Budgets are the PodDisruptionBudgets that the answer names. The answer
	// to MultipleBudgets names none.
	Budgets []Budget

	// RetryAfter is how long the server asks the client to wait before the
	// next try, in whole seconds; 0 if it does not ask.
	RetryAfter time.Duration

	// DryRun says whether the client only asked what would happen. It matters
	// for Accepted and TakenOver, and for Unanswered and Timeout, which may
	// have been carried out; the others changed nothing in any case.
	DryRun DryRun

	// GracePeriodSeconds is the grace period that the client asked for in the
	// body; nil if it left that to the pod, or the log has no body.
	GracePeriodSeconds *int64

	// APIVersion is that of the body: policy/v1, or policy/v1beta1, which
	// servers still accept; empty if the log has no body. It tells something
	// about the client, nothing about the cluster.
	APIVersion string

	// Webhook is the name of the admission webhook that refused the request
	// or could not be called, Policy that of the ValidatingAdmissionPolicy
	// that refused it.
	Webhook, Policy string

	// Actor is who asked.
	Actor Actor

	// Level is how much of the request the log keeps. Stage is the stage that
	// the attempt was read from.
	Level auditv1.Level
	Stage auditv1.Stage

	// Evidence is what Outcome was read from, and then what DryRun was read
	// from if it is known.
	Evidence []Evidence

	// Group and Stream are the log group and stream, Pos the place in it, of
	// the event. They are not set by [FromEvent].
	Group, Stream string
	Pos           audit.Pos
}

// A Budget is a PodDisruptionBudget as a refusal names it.
type Budget struct {
	// Name is its name; its namespace is that of the pod.
	Name string

	// Needs and Has are the healthy pods it wants and those it has, if
	// Counted is set. Needs may be less than Has, or equal: the budget has
	// then promised the difference to evictions that are under way, or its
	// status is behind. Draw no verdict from them.
	Needs, Has int
	Counted    bool
}

// An Actor is the one who made a request, as the API server saw them.
type Actor struct {
	// User, UID and Groups are the authenticated user. User is empty if the
	// server could not authenticate them.
	User, UID string
	Groups    []string

	// Impersonated is the user name that User assumed, and whose rights
	// counted; empty if none.
	Impersonated string

	// CanonicalARN and SessionName are the IAM role or user and the session
	// name behind User, as aws-iam-authenticator reports them on EKS. The
	// session name of an AWS service may change with every request.
	CanonicalARN, SessionName string

	// PodName is the pod whose service account token was used, for clients
	// that run in the cluster.
	PodName string

	// UserAgent is what the client says of itself, unchecked.
	UserAgent string

	// SourceIP is the last of sourceIPs, the address that connected. A client
	// can forge all the others by X-Forwarded-For.
	SourceIP string
}

// Evidence is a field of an audit event that decided something.
type Evidence struct {
	// Field is its path from the top of the event. A list of causes is given
	// as "type: message", joined by "; ".
	Field string
	// Value is what it holds; empty if what decided is that it is not there.
	Value string
	// Pos is the place of the event; not set by [FromEvent].
	Pos audit.Pos
}

// FromEvent reads the attempt that ev belongs to, and reports whether there is
// one: whether ev is about the subresource eviction of a pod. The kind of the
// body does not count: lifecycle.k8s.io has a kind Eviction too.
//
// An event of stage RequestReceived gives an attempt that is Unanswered; its
// answer, a later event of the same audit ID, gives another. [Attempts] makes
// one of the two.
func FromEvent(ev *auditv1.Event) (Attempt, bool) {
	ref := ev.ObjectRef
	if ref == nil || ref.Resource != "pods" || ref.Subresource != "eviction" || ref.APIGroup != "" {
		return Attempt{}, false
	}
	ans := newAnswer(ev)
	outcome, decisive := classify(ans)
	at := Attempt{
		Time:      ev.RequestReceivedTimestamp.Time,
		AuditID:   string(ev.AuditID),
		Namespace: ref.Namespace,
		Pod:       ref.Name,
		Verb:      ev.Verb,
		Outcome:   outcome,
		Code:      ans.Code,
		Reason:    string(ans.Reason),
		Message:   ans.Message,
		Budgets:   ans.budgets(),
		Webhook:   cmp.Or(ans.deniedBy, ans.failedCall),
		Policy:    ans.policy,
		Actor:     actorOf(ev),
		Level:     ev.Level,
		Stage:     ev.Stage,
		Evidence:  []Evidence{ans.evidence(decisive)},
	}
	if at.Time.IsZero() {
		at.Time = ev.StageTimestamp.Time
	}
	if outcome != Unanswered {
		at.Answered = ev.StageTimestamp.Time
	}
	if ans.Details != nil {
		at.RetryAfter = time.Duration(ans.Details.RetryAfterSeconds) * time.Second
	}
	body, hasBody := evictionBody(ev.RequestObject)
	at.readBody(body)
	if outcome == UIDMismatch {
		at.UID, at.LiveUID = ans.want, ans.have
	}
	dryRun, why := dryRunOf(ev.RequestURI, body, hasBody)
	if at.DryRun = dryRun; dryRun != DryRunUnknown {
		at.Evidence = append(at.Evidence, why)
	}
	return at, true
}

// readBody takes over what the body of the request says.
func (at *Attempt) readBody(body eviction) {
	at.APIVersion = body.APIVersion
	opts := body.DeleteOptions
	if opts == nil {
		return
	}
	at.GracePeriodSeconds = opts.GracePeriodSeconds
	if opts.Preconditions != nil && opts.Preconditions.UID != nil {
		at.UID = string(*opts.Preconditions.UID)
	}
}

// place sets where in the log the attempt was found.
func (at *Attempt) place(ev audit.Event) {
	at.Group, at.Stream, at.Pos = ev.Group, ev.Stream, ev.Pos
	for i := range at.Evidence {
		at.Evidence[i].Pos = ev.Pos
	}
}

// An eviction is the body of a request, of either version. The type of
// k8s.io/api says the same, and is left out to depend on less.
type eviction struct {
	metav1.TypeMeta `json:",inline"`
	DeleteOptions   *metav1.DeleteOptions `json:"deleteOptions"`
}

// evictionBody reads the body of a request. There is none at level Metadata,
// in a truncated event, and where the request was refused before its body was
// read; some services put a text in the place of a body that is too large.
func evictionBody(body *runtime.Unknown) (eviction, bool) {
	var e eviction
	if body == nil || json.Unmarshal(body.Raw, &e) != nil || e.Kind != "Eviction" {
		return eviction{}, false
	}
	return e, true
}

// actorOf reads who made the request.
//
// The keys of user.extra are those of aws-iam-authenticator pkg/token and of
// apiserver pkg/authentication/serviceaccount.
func actorOf(ev *auditv1.Event) Actor {
	first := func(key string) string {
		if v := ev.User.Extra[key]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	a := Actor{
		User:         ev.User.Username,
		UID:          ev.User.UID,
		Groups:       ev.User.Groups,
		CanonicalARN: first("canonicalArn"),
		SessionName:  first("sessionName"),
		PodName:      first("authentication.kubernetes.io/pod-name"),
		UserAgent:    ev.UserAgent,
	}
	if ev.ImpersonatedUser != nil {
		a.Impersonated = ev.ImpersonatedUser.Username
	}
	if n := len(ev.SourceIPs); n > 0 {
		a.SourceIP = ev.SourceIPs[n-1]
	}
	return a
}
