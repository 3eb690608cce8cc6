package evicttest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// An Actor is a client of the API server: who it is, and how it writes its
// requests. The functions of this package that return one are the clients that
// evict and delete pods, with the strings that they are known by; their
// comments say from where. A test that needs another changes a field of one of
// them, or fills in its own.
type Actor struct {
	// User, UID, Groups and Extra are the authenticated user.
	User, UID string
	Groups    []string
	Extra     map[string][]string

	// As is the user that it impersonates; empty if none.
	As string

	// UserAgent and SourceIP are what the log has of the client.
	UserAgent, SourceIP string

	// RBAC is the annotation authorization.k8s.io/reason. It is empty for
	// members of system:masters and for kubelets, as in real logs, and for the
	// ready-made actors of which no source has it.
	RBAC string

	// Habits are how it writes its requests.
	Habits Habits
}

// Habits are how a client writes its requests. The zero Habits are those of a
// client that sends as little as possible.
type Habits struct {
	// Version is the apiVersion of the evictions; empty means policy/v1.
	Version string

	// NullTime has the evictions say "creationTimestamp":null, as Go clients
	// did before Kubernetes 1.34.
	NullTime bool

	// Eviction and Delete are the deleteOptions of an eviction and of a delete
	// request. If Eviction is nil, evictions have none.
	Eviction *metav1.DeleteOptions
	Delete   metav1.DeleteOptions

	// UID adds the precondition that the pod has the uid that it has.
	UID bool

	// Annotations are those of the evictions.
	Annotations map[string]string

	// Query is that of the evictions' URIs, without the question mark.
	Query string
}

// DryRun returns the actor with requests that change nothing, as kubectl makes
// them: evictions and deletes say so in their bodies, patches in their queries.
// Source: kubectl drain --dry-run=server, observed.
func (a Actor) DryRun() Actor {
	all := []string{metav1.DryRunAll}
	opts := metav1.DeleteOptions{}
	if a.Habits.Eviction != nil {
		opts = *a.Habits.Eviction
	}
	opts.DryRun = all
	a.Habits.Eviction = &opts
	a.Habits.Delete.DryRun = all
	return a
}

// Impersonating returns the actor with requests in the name of another user, as
// those of kubectl --as.
func (a Actor) Impersonating(user string) Actor {
	a.As = user
	return a
}

func (a Actor) isDryRun() bool { return len(a.Habits.Delete.DryRun) > 0 }

// who is the user name that counts.
func (a Actor) who() string {
	if a.As != "" {
		return a.As
	}
	return a.User
}

// sign writes into an event who made the request.
func (a Actor) sign(ev *auditv1.Event) {
	ev.User.Username, ev.User.UID, ev.User.Groups = a.User, a.UID, slices.Clone(a.Groups)
	setExtra(&ev.User.Extra, a.Extra)
	if a.As != "" {
		as := auditv1.Event{}.User
		as.Username, as.Groups = a.As, []string{"system:authenticated"}
		ev.ImpersonatedUser = &as
	}
	ev.UserAgent = a.UserAgent
	if a.SourceIP != "" {
		ev.SourceIPs = []string{a.SourceIP}
	}
	ev.Annotations = map[string]string{
		"authorization.k8s.io/decision": "allow",
		"authorization.k8s.io/reason":   a.RBAC,
	}
}

// setExtra fills in the map of an audit event, whose type of value is that of
// another module.
func setExtra[V ~[]string](to *map[string]V, from map[string][]string) {
	if len(from) == 0 {
		return
	}
	*to = make(map[string]V, len(from))
	for key, values := range maps.All(from) {
		(*to)[key] = V(slices.Clone(values))
	}
}

// Addresses and accounts of the clients. They are of the ranges for
// documentation, and within a cluster of 10.0.0.0/8.
const (
	customer    = "111122223333"
	provider    = "444455556666"
	insideIP    = "10.0.12.34"
	planeIP     = "10.0.60.190"
	outsideIP   = "198.51.100.20"
	awsPublicIP = "203.0.113.41"
)

// serviceAccount is a client in the cluster, whose token belongs to a pod.
// Source: apiserver pkg/authentication/serviceaccount; observed.
func serviceAccount(namespace, name, pod, userAgent string) Actor {
	a := Actor{
		User: "system:serviceaccount:" + namespace + ":" + name,
		UID:  uid("serviceaccount", namespace, name),
		Groups: []string{
			"system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated",
		},
		UserAgent: userAgent,
		SourceIP:  insideIP,
	}
	if pod != "" {
		a.Extra = map[string][]string{
			"authentication.kubernetes.io/pod-name": {pod},
			"authentication.kubernetes.io/pod-uid":  {uid("pod", namespace, pod)},
		}
	}
	return a
}

// iam is an IAM role on EKS. Source: aws-iam-authenticator pkg/token; observed.
func iam(user, account, role, session, userAgent string) Actor {
	id := strings.ToUpper(strings.ReplaceAll(uid("role", account, role), "-", ""))[:17]
	return Actor{
		User:   user,
		UID:    "aws-iam-authenticator:" + account + ":AROA" + id,
		Groups: []string{"system:authenticated"},
		Extra: map[string][]string{
			"accessKeyId":  {"ASIA" + id[:16]},
			"arn":          {fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", account, role, session)},
			"canonicalArn": {fmt.Sprintf("arn:aws:iam::%s:role/%s", account, role)},
			"principalId":  {"AROA" + id},
			"sessionName":  {session},
		},
		UserAgent: userAgent,
		SourceIP:  outsideIP,
	}
}

// goAgent is the user agent of a Go client that was built without a version.
// Source: client-go rest/config.go; observed.
func goAgent(binary string) string { return binary + "/v0.0.0 (linux/amd64) kubernetes/$Format" }

// allowedItself is what the authorizer says of a cluster role that is bound to
// a user of its name. Source: observed for eks:node-manager and
// system:kube-scheduler.
func allowedItself(name string) string {
	return fmt.Sprintf("RBAC: allowed by ClusterRoleBinding %q of ClusterRole %q to User %q", name, name, name)
}
