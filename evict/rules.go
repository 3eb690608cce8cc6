package evict

import "slices"

// initiatorRules are the rules of the package, by family. Their order matters
// among those of the same trust, where the first that matches counts: a row
// with more conditions stands before one with fewer.
//
// Names of service accounts and namespaces are what the manifests and charts
// have; whoever installs a tool can change them. So a tool has a row for its
// exact default and another, of less confidence, for the name of the account
// in any namespace together with the user agent.
var initiatorRules = slices.Concat(
	eksRules,
	providerRules,
	toolRules,
	kubernetesRules,
	controllerRules,
	peopleRules,
)

// fallbackRules say what sort of name a user name is, or infer the tool behind
// a service account from how the node was marked just before. They count if no
// other rule matches, so that they never stand in the way of a rule by the user
// agent or the body.
var fallbackRules = []Rule{
	{Karpenter, Automation, Low, drainOf("karpenter.sh/disrupt*"),
		"karpenter pkg/apis/v1/taints.go: disrupted, formerly disruption"},
	{ClusterAutoscaler, Automation, Low, drainOf("ToBeDeletedByClusterAutoscaler"),
		"autoscaler cluster-autoscaler/utils/taints/taints.go"},
	{NodeTerminationHandler, Automation, Low, drainOf("aws-node-termination-handler/*"),
		"aws-node-termination-handler pkg/node/node.go"},
	{NodeMaintenance, Automation, Low, drainOf("medik8s.io/drain"),
		"medik8s node-maintenance-operator controllers/taint.go"},

	{ServiceAccount, Automation, Low, []Match{accountIs("*:*")},
		"kubernetes.io/docs/reference/access-authn-authz/authentication"},
	{EKSService, Platform, Medium, []Match{userIs("eks:*")},
		"docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html; aws-iam-authenticator reserves the prefix"},
	{Anonymous, ClassUnknown, High, []Match{userIs("system:anonymous")},
		"observed; kubernetes.io/docs/reference/access-authn-authz/authentication"},
	{KubernetesUser, ControlPlane, Low, []Match{userIs("system:*")},
		"kubernetes.io/docs/reference/access-authn-authz/rbac: the prefix is reserved"},
}

// drainOf are the conditions for the eviction of a pod, by a service account
// that no rule knows, from a node with that mark.
func drainOf(mark string) []Match {
	return []Match{accountIs("*:*"), requestIs("create pods/eviction"), {Field: FieldNodeMarks, Pattern: mark}}
}

func userIs(pattern string) Match    { return Match{Field: FieldUser, Pattern: pattern} }
func agentIs(pattern string) Match   { return Match{Field: FieldUserAgent, Pattern: pattern} }
func requestIs(pattern string) Match { return Match{Field: FieldRequest, Pattern: pattern} }
func computeIs(c Compute) Match      { return Match{Field: FieldCompute, Pattern: c.String()} }

// accountIs is about the user name of a service account, NAMESPACE:NAME.
func accountIs(pattern string) Match { return userIs("system:serviceaccount:" + pattern) }

// unless turns the condition round.
func unless(m Match) Match { m.Not = true; return m }
