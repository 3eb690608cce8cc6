package evict

// A Match is a condition on one field of a [Request]. Of the texts that are set
// all must be found.
type Match struct {
	Field Field

	// Is is the whole value; Prefix, Suffix and Contains are parts of it.
	Is, Prefix, Suffix, Contains string
}

// A Field names a field of a [Request], in the order of trust: what the server
// has authenticated comes first, what the client says of itself last.
// Source: kubernetes authenticates users; user agents and bodies are free text.
type Field uint8

const (
	// FieldUser is the user name that counts: that of the impersonated user if
	// there is one.
	FieldUser Field = iota
	// FieldCanonicalARN is the IAM role or user behind it.
	FieldCanonicalARN
	// FieldRBAC is the reason of the authorizer.
	FieldRBAC
	// FieldPodName is the pod whose token was used.
	FieldPodName
	// FieldWebhook is the admission webhook that answered.
	FieldWebhook
	// FieldUserAgent is what the client says of itself.
	FieldUserAgent
	// FieldAnnotations are the annotations of the body, each as "key: value".
	FieldAnnotations
	// FieldAPIVersion is that of the body.
	FieldAPIVersion
	// FieldURI is the path and the query of the request.
	FieldURI
	// FieldCompute is what the pod runs on.
	FieldCompute
	// FieldNodeMarks are the taints and labels on the node, each its key.
	FieldNodeMarks
)
