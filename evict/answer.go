package evict

import (
	"regexp"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// A field is a field of an audit event that a rule goes by.
type field string

const (
	fieldStage    field = "stage"
	fieldCode     field = "code"
	fieldReason   field = "reason"
	fieldMessage  field = "message"
	fieldKind     field = "details.kind"
	fieldCause    field = "details.causes"
	fieldDecision field = "annotations.authorization.k8s.io/decision"
)

// causeBudget is the type of the cause that names a PodDisruptionBudget.
// Source: k8s.io/api policy/v1 DisruptionBudgetCause.
const causeBudget = metav1.CauseType("DisruptionBudget")

// An answer is what the rules read: the API server's answer, and what its
// texts say once taken apart.
type answer struct {
	metav1.Status // the zero Status if there is none

	from     string // the field of the event that holds the Status
	verb     string
	stage    auditv1.Stage
	decision string // of the authorizer: allow, forbid, or empty

	deniedBy    string // the webhook that refused
	explanation string // what it gave as its reason
	failedCall  string // the webhook that could not be called
	policy      string // the ValidatingAdmissionPolicy that refused
	mismatch    string // UID or ResourceVersion, if a precondition was not met
	want, have  string // the value in the precondition, and that of the pod
}

// newAnswer takes the answer of an event apart.
//
// API servers before 1.24 leave message and details out of responseStatus
// (apiserver commit ba2b9977b), and have them in responseObject if the level
// is RequestResponse.
func newAnswer(ev *auditv1.Event) *answer {
	a := &answer{
		from:     "responseStatus",
		verb:     ev.Verb,
		stage:    ev.Stage,
		decision: ev.Annotations["authorization.k8s.io/decision"],
	}
	if ev.ResponseStatus != nil {
		a.Status = *ev.ResponseStatus
	}
	if a.Message == "" && a.Details == nil {
		if s, ok := statusBody(ev.ResponseObject); ok && (a.Code == 0 || a.Code == s.Code) {
			a.Status, a.from = s, "responseObject"
		}
	}
	a.deniedBy, a.explanation = deniedByWebhook(a.Message)
	a.failedCall = failedWebhook(a.Message)
	a.policy = deniedByPolicy(a.Message)
	a.mismatch, a.want, a.have = precondition(a.Message)
	return a
}

// statusBody reads a body that is a Status.
func statusBody(body *runtime.Unknown) (metav1.Status, bool) {
	var s metav1.Status
	if body == nil || json.Unmarshal(body.Raw, &s) != nil {
		return metav1.Status{}, false
	}
	return s, s.Kind == "Status"
}

// evidence says what f holds in this answer.
func (a *answer) evidence(f field) Evidence {
	switch f {
	case fieldStage:
		return Evidence{Field: string(f), Value: string(a.stage)}
	case fieldDecision:
		return Evidence{Field: string(f), Value: a.decision}
	}
	e := Evidence{Field: a.from + "." + string(f)}
	switch f {
	case fieldCode:
		e.Value = strconv.Itoa(int(a.Code))
	case fieldReason:
		e.Value = string(a.Reason)
	case fieldMessage:
		e.Value = a.Message
	case fieldKind:
		e.Value = a.kind()
	case fieldCause:
		e.Value = a.causes()
	}
	return e
}

// kind is the kind, in truth the resource, that the answer is about.
func (a *answer) kind() string {
	if a.Details == nil {
		return ""
	}
	return a.Details.Kind
}

// hasCause reports whether the answer has a cause of this type.
func (a *answer) hasCause(t metav1.CauseType) bool {
	return len(a.causesOf(t)) > 0
}

// causeMessage is the message of the first cause of this type.
func (a *answer) causeMessage(t metav1.CauseType) string {
	if c := a.causesOf(t); len(c) > 0 {
		return c[0].Message
	}
	return ""
}

func (a *answer) causesOf(t metav1.CauseType) []metav1.StatusCause {
	if a.Details == nil {
		return nil
	}
	var of []metav1.StatusCause
	for _, c := range a.Details.Causes {
		if c.Type == t {
			of = append(of, c)
		}
	}
	return of
}

// causes lists all causes as "type: message", joined by "; ".
func (a *answer) causes() string {
	var texts []string
	for _, c := range a.Details.Causes {
		texts = append(texts, string(c.Type)+": "+c.Message)
	}
	return strings.Join(texts, "; ")
}

// takenOver reports whether the webhook that refused does the work itself.
func (a *answer) takenOver() bool {
	for _, t := range takeovers {
		if a.deniedBy == t.webhook && strings.HasPrefix(a.explanation, t.text) {
			return true
		}
	}
	return false
}

// deniedByWebhook reads the text of apiserver's webhook ToStatusErr:
//
//	admission webhook "NAME" denied the request: EXPLANATION
//	admission webhook "NAME" denied the request without explanation
func deniedByWebhook(message string) (name, explanation string) {
	rest, ok := strings.CutPrefix(message, "admission webhook ")
	if !ok {
		return "", ""
	}
	name, rest, ok = cutQuoted(rest)
	if !ok {
		return "", ""
	}
	rest, ok = strings.CutPrefix(rest, " denied the request")
	if !ok {
		return "", ""
	}
	return name, strings.TrimPrefix(rest, ": ")
}

// failedWebhook reads the text of apiserver's ErrCallingWebhook, which is
// wrapped in an InternalError:
//
//	Internal error occurred: failed calling webhook "NAME": REASON
func failedWebhook(message string) (name string) {
	rest := strings.TrimPrefix(message, "Internal error occurred: ")
	rest, ok := strings.CutPrefix(rest, "failed calling webhook ")
	if !ok {
		return ""
	}
	name, _, _ = cutQuoted(rest)
	return name
}

// deniedByPolicy reads the text of a ValidatingAdmissionPolicy, which always
// says "forbidden", whatever the code:
//
//	pods "POD" is forbidden: ValidatingAdmissionPolicy 'NAME' with binding 'NAME' denied request: EXPLANATION
func deniedByPolicy(message string) (name string) {
	rest, ok := strings.CutPrefix(message, "pods ")
	if !ok {
		return ""
	}
	_, rest, ok = cutQuoted(rest)
	if !ok {
		return ""
	}
	rest, ok = strings.CutPrefix(rest, " is forbidden: ValidatingAdmissionPolicy '")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(rest, "'")
	return name
}

// cutQuoted cuts a text that begins with a string quoted as by %q.
func cutQuoted(s string) (unquoted, rest string, ok bool) {
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", s, false
	}
	unquoted, err = strconv.Unquote(quoted)
	return unquoted, s[len(quoted):], err == nil
}

// preconditionTexts are the ways in which the API server words a precondition
// that is not met. They are matched from end to end, since the value in the
// precondition is any text that the client likes. Sources: apiserver
// pkg/registry/rest/delete.go and pkg/storage/interfaces.go.
var preconditionTexts = []*regexp.Regexp{
	regexp.MustCompile(`(?s)^Operation cannot be fulfilled on \S+ "[^"]*": the (UID|ResourceVersion) in the precondition \((.*)\) does not match the (?:UID|ResourceVersion) in record \(([^()]*)\)\.[^()]*$`),
	regexp.MustCompile(`(?s)^Operation cannot be fulfilled on \S+ "[^"]*": StorageError: .*Precondition failed: (UID|ResourceVersion) in precondition: (.*), (?:UID|ResourceVersion) in object meta: ([^, ]*)$`),
}

// precondition reads the text of a conflict over a precondition.
func precondition(message string) (what, want, have string) {
	for _, re := range preconditionTexts {
		if m := re.FindStringSubmatch(message); m != nil {
			return m[1], m[2], m[3]
		}
	}
	return "", "", ""
}

// budgetText is the one wording that gives numbers. The others are
//
//	The disruption budget NAME is still being processed by the server.
//	The disruption budget NAME does not allow evicting pods currently[ because ...][ (...): ...][: ...]
//
// Source: kubernetes pkg/registry/core/pod/storage/eviction.go.
var budgetText = regexp.MustCompile(`^The disruption budget (\S+)(?: needs (-?\d+) healthy pods and has (-?\d+) currently)?`)

// timeoutText names the budget that the server could not update.
var timeoutText = regexp.MustCompile(`^Timeout: couldn't update PodDisruptionBudget "([^"]+)" due to conflicts`)

// budgets are the PodDisruptionBudgets that the answer names.
func (a *answer) budgets() []Budget {
	var named []Budget
	for _, c := range a.causesOf(causeBudget) {
		m := budgetText.FindStringSubmatch(c.Message)
		if m == nil {
			continue
		}
		b := Budget{Name: m[1]}
		needs, err1 := strconv.Atoi(m[2])
		has, err2 := strconv.Atoi(m[3])
		if err1 == nil && err2 == nil {
			b.Needs, b.Has, b.Counted = needs, has, true
		}
		named = append(named, b)
	}
	switch {
	case named != nil:
	case strings.HasPrefix(a.kind(), "poddisruptionbudget") && a.Details.Name != "":
		named = []Budget{{Name: a.Details.Name}}
	default:
		if m := timeoutText.FindStringSubmatch(a.Message); m != nil {
			named = []Budget{{Name: m[1]}}
		}
	}
	return named
}
