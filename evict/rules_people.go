package evict

// peopleRules are the tools that people use, by the user agent. They are not
// for names that Kubernetes or EKS keep to themselves: kubectl also runs in
// Jobs, and in the hands of eks:cluster-bootstrap.
var peopleRules = []Rule{
	{Kubectl, Human, Medium, []Match{userIs("system:admin"), agentIs("kubectl/*")},
		"observed on k3s and OpenShift, where it is the first administrator"},
	{OC, Human, Medium, []Match{userIs("system:admin"), agentIs("oc/*")},
		"docs.redhat.com openshift_container_platform authentication; client-go rest/config.go"},

	// These name a machine, and a machine may run kubectl for a person or on its
	// own: so the class is left open.
	{Kubectl, ClassUnknown, Medium, []Match{userIs("arn:aws*:sts::*:assumed-role/*/i-?????????????????"), agentIs("kubectl/*")},
		"docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html: the session of a role on EC2 is the instance"},
	{Kubectl, Automation, Medium, []Match{userIs("arn:aws*:sts::*:assumed-role/*/GitHubActions"), agentIs("kubectl/*")},
		"aws-actions/configure-aws-credentials action.yml: the default of role-session-name"},

	{Kubectl, Human, High, toolOfPeople("kubectl/*"),
		"observed; kubectl pkg/drain, focaaby"},
	{OC, Human, Medium, toolOfPeople("oc/*"),
		"observed; client-go rest/config.go"},
	{K9s, Human, Medium, toolOfPeople("k9s/*"),
		"client-go rest/config.go: the name of the binary"},
	{Eksctl, Human, High, toolOfPeople("eksctl/*"),
		"observed; eksctl pkg/drain"},
	{WebUI, Human, Low, toolOfPeople("Mozilla/*"),
		"developer.mozilla.org/docs/Web/HTTP/Reference/Headers/User-Agent; inferred: a proxy passes it on"},
}

// toolOfPeople are the conditions for a tool of people. One whom the server could
// not authenticate has no name.
func toolOfPeople(pattern string) []Match {
	return []Match{agentIs(pattern), unless(userIs("system:*")), unless(userIs("eks:*")), unless(userIs(""))}
}
