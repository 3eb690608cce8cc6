package evict

import "strings"

// A Match is a condition on one field of a [Request].
type Match struct {
	Field Field

	// Pattern is what the whole value must look like: * stands for any text,
	// the empty one included, ? for any one byte, and everything else for
	// itself. An empty pattern matches a field that is empty or not logged.
	Pattern string

	// Not turns the condition round: the value must not look like that.
	Not bool

	// Soft has the condition not decide but confirm. If the request has the
	// field and the condition does not hold, the rule matches all the same, and
	// its confidence is one grade less, though not less than [Low], however many
	// of its conditions that are.
	Soft bool
}

// A Field names a field of a [Request], in the order of trust: what the server
// has authenticated comes first, what the client says of itself last.
// Source: kubernetes authenticates users; user agents and bodies are free text.
type Field uint8

const (
	// FieldUser is the user name that counts: that of the impersonated user if
	// there is one.
	FieldUser Field = iota
	// FieldCanonicalARN is the IAM role or user behind it, of the one who made
	// the request.
	FieldCanonicalARN
	// FieldRBAC is the reason of the authorizer.
	FieldRBAC
	// FieldPodName is the pod whose token was used.
	FieldPodName
	// FieldWebhook is the admission webhook that answered.
	FieldWebhook
	// FieldUserAgent is what the client says of itself.
	FieldUserAgent
	// FieldAnnotations are the annotations of the body, each as "key: value";
	// one of them must look like the pattern.
	FieldAnnotations
	// FieldAPIVersion is that of the body.
	FieldAPIVersion
	// FieldURI is the path and the query of the request.
	FieldURI
	// FieldRequest is what was asked for, as in "delete pods" or "create
	// pods/eviction".
	FieldRequest
	// FieldCompute is what the pod runs on, as [Compute.String] has it.
	FieldCompute
	// FieldNodeMarks are the taints and labels on the node, each its key; one
	// of them must look like the pattern.
	FieldNodeMarks

	fieldCount // how many there are
)

// String returns the name of the field in the table of the package comment.
func (f Field) String() string {
	names := [...]string{
		FieldUser:         "user",
		FieldCanonicalARN: "canonicalArn",
		FieldRBAC:         "RBAC",
		FieldPodName:      "pod-name",
		FieldWebhook:      "webhook",
		FieldUserAgent:    "userAgent",
		FieldAnnotations:  "annotation",
		FieldAPIVersion:   "apiVersion",
		FieldURI:          "URI",
		FieldRequest:      "request",
		FieldCompute:      "compute",
		FieldNodeMarks:    "node mark",
	}
	if f >= fieldCount {
		return "unknown"
	}
	return names[f]
}

// holds reports whether the condition holds for the request.
func (m *Match) holds(req *Request) bool {
	return m.finds(req) != m.Not
}

// finds reports whether the value of the field looks like the pattern. Where
// the value has parts, the pattern is cut up rather than the value put
// together, so that nothing is allocated.
func (m *Match) finds(req *Request) bool {
	switch m.Field {
	case FieldAnnotations:
		_, ok := m.annotation(req)
		return ok
	case FieldNodeMarks:
		for _, mark := range req.NodeMarks {
			if glob(m.Pattern, mark) {
				return true
			}
		}
		return false
	case FieldRequest:
		verb, resource, _ := strings.Cut(m.Pattern, " ")
		resource, sub, _ := strings.Cut(resource, "/")
		return glob(verb, req.Verb) && glob(resource, req.Resource) && glob(sub, req.Subresource)
	case FieldCompute:
		return glob(m.Pattern, req.Compute.String())
	}
	return glob(m.Pattern, req.text(m.Field))
}

// annotation returns the key of an annotation that looks like the pattern, the
// first in the order of the keys.
func (m *Match) annotation(req *Request) (string, bool) {
	wantKey, wantValue, _ := strings.Cut(m.Pattern, ": ")
	found, ok := "", false
	for key, value := range req.Annotations {
		if (!ok || key < found) && glob(wantKey, key) && glob(wantValue, value) {
			found, ok = key, true
		}
	}
	return found, ok
}

// text returns the value of a field that is one text; empty if the request
// does not have it.
func (r *Request) text(f Field) string {
	switch f {
	case FieldUser:
		if r.Actor.Impersonated != "" {
			return r.Actor.Impersonated
		}
		return r.Actor.User
	case FieldCanonicalARN:
		return r.Actor.CanonicalARN
	case FieldRBAC:
		return r.RBAC
	case FieldPodName:
		return r.Actor.PodName
	case FieldWebhook:
		return r.Webhook
	case FieldUserAgent:
		return r.Actor.UserAgent
	case FieldAPIVersion:
		return r.APIVersion
	case FieldURI:
		return r.URI
	}
	return ""
}

// glob reports whether the whole of s looks like pattern, in which * stands
// for any text and ? for any one byte. When a text does not fit, only the last
// * is tried again with more, since those before it have found the earliest
// place they could: so it takes len(pattern) times len(s) steps at most.
func glob(pattern, s string) bool {
	p, i := 0, 0
	star, resume := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			resume++
			p, i = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
