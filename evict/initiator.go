package evict

// An Initiator says who is behind a request, what tells it, and how sure that
// is.
type Initiator struct {
	// Kind is what they are, such as [Karpenter]; empty if no rule matches.
	Kind Kind

	// Class is what sort of one that is.
	Class Class

	// Confidence is how sure it is.
	Confidence Confidence

	// Actor is the one that this is about.
	Actor Actor

	// Detail is what the kind leaves open and the request tells, such as the
	// strategy of a descheduler or the requester of an EvictionRequest.
	Detail string

	// Evidence is the fields that the rule went by.
	Evidence []Evidence
}

// A Kind names a tool, service or controller. Those of the package are the
// constants; rules of other people may have others.
type Kind string

// A Class is a sort of initiators.
type Class uint8

const (
	// ClassUnknown: nothing tells.
	ClassUnknown Class = iota
	// Human: a person, by a tool that people use.
	Human
	// Automation: a tool or operator that was installed in or for the cluster.
	Automation
	// Platform: the provider of the cluster.
	Platform
	// ControlPlane: a controller of Kubernetes itself.
	ControlPlane
	// NodeAgent: a kubelet.
	NodeAgent
)

// String returns "unknown", "human", "automation", "platform", "control-plane"
// or "node".
func (c Class) String() string {
	return [...]string{"unknown", "human", "automation", "platform", "control-plane", "node"}[c]
}

// Confidence is how sure a classification is.
type Confidence uint8

const (
	// NoConfidence: nothing was classified.
	NoConfidence Confidence = iota
	// Low: inferred, or from second hand.
	Low
	// Medium: from the source code, the manifests or the documentation of the
	// one it names.
	Medium
	// High: seen in a real log.
	High
)

// String returns "none", "low", "medium" or "high".
func (c Confidence) String() string {
	return [...]string{"none", "low", "medium", "high"}[c]
}

// A Request is what rules look at: one request, and what is known of the pod
// or node that it is about.
type Request struct {
	Actor Actor

	// Verb, Resource, Subresource and URI are of the request.
	Verb, Resource, Subresource, URI string

	// RBAC is the annotation authorization.k8s.io/reason, which names the
	// binding that allowed the request.
	RBAC string

	// APIVersion and Annotations are of the body, if the log has it.
	APIVersion  string
	Annotations map[string]string

	// Webhook is the admission webhook that answered, Message the message of
	// the answer.
	Webhook, Message string

	// Compute says what the pod runs on.
	Compute Compute

	// Dedicated taints and labels that drainers put on the node before, as keys.
	NodeMarks []string
}

// A Rule says who is behind the requests that it matches.
type Rule struct {
	Kind       Kind
	Class      Class
	Confidence Confidence

	// Match are conditions, all of which must hold, but for those that are Soft.
	// The most trusted field of them, those with Not left out, is the trust of
	// the rule: of the rules that match a request, one that goes by what the
	// server has authenticated wins over one that goes by what the client says
	// of itself. Of rules with the same trust the first wins. A rule without
	// conditions that must hold matches nothing.
	Match []Match

	// Source is where the strings come from: a page, a source file, or
	// "observed".
	Source string
}
