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

// fallbackRules say what sort of name a user name is. They count if no other
// rule matches, so that they never stand in the way of a rule by the user agent
// or the body.
var fallbackRules = []Rule{
	{ServiceAccount, Automation, Low, []Match{account("*:*")},
		"kubernetes.io/docs/reference/access-authn-authz/authentication"},
	{EKSService, Platform, Medium, []Match{user("eks:*")},
		"docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html; aws-iam-authenticator reserves the prefix"},
	{Anonymous, ClassUnknown, High, []Match{user("system:anonymous")},
		"observed; kubernetes.io/docs/reference/access-authn-authz/authentication"},
	{KubernetesUser, ControlPlane, Low, []Match{user("system:*")},
		"kubernetes.io/docs/reference/access-authn-authz/rbac: the prefix is reserved"},
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
