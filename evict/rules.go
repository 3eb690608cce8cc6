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

	{ServiceAccount, Automation, Low, []Match{account("*:*")},
		"kubernetes.io/docs/reference/access-authn-authz/authentication"},
	{EKSService, Platform, Medium, []Match{user("eks:*")},
		"docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html; aws-iam-authenticator reserves the prefix"},
	{Anonymous, ClassUnknown, High, []Match{user("system:anonymous")},
		"observed; kubernetes.io/docs/reference/access-authn-authz/authentication"},
	{KubernetesUser, ControlPlane, Low, []Match{user("system:*")},
		"kubernetes.io/docs/reference/access-authn-authz/rbac: the prefix is reserved"},
}

// drainOf are the conditions for the eviction of a pod, by a service account
// that no rule knows, from a node with that mark.
func drainOf(mark string) []Match {
	return []Match{account("*:*"), request("create pods/eviction"), {Field: FieldNodeMarks, Pattern: mark}}
}

func user(pattern string) Match    { return Match{Field: FieldUser, Pattern: pattern} }
func agent(pattern string) Match   { return Match{Field: FieldUserAgent, Pattern: pattern} }
func request(pattern string) Match { return Match{Field: FieldRequest, Pattern: pattern} }
func on(c Compute) Match           { return Match{Field: FieldCompute, Pattern: c.String()} }

// account is the user name of a service account, NAMESPACE:NAME.
func account(pattern string) Match { return user("system:serviceaccount:" + pattern) }

// soft has the condition confirm and not decide.
func soft(m Match) Match { m.Soft = true; return m }

// not turns the condition round.
func not(m Match) Match { m.Not = true; return m }
