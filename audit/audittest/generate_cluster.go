package audittest

import (
	"fmt"
	"strings"
)

// Namespace and Pod name the pod to ask for in any log of a [Generator]: time
// and again it is refused by its disruption budget, and evicted in the end.
const (
	Namespace = "payments"
	Pod       = askedWorkload + "-0"

	askedWorkload = "ledger"
)

const (
	nodeCount = 40
	region    = "us-east-1"
	domain    = ".ec2.internal"
	account   = "123456789012"
)

// A cluster is what the requests are about and who makes them.
type cluster struct {
	nodes     []*node
	workloads []*workload
	pods      []*pod // of all workloads
	asked     *pod

	scheduler, manager, apiserver *identity
	leaders                       []*identity // those who elect a leader among themselves
	readers                       []*identity // those who get, list and watch
	writers                       []*identity
	people                        []*identity
	evictors                      []*identity
	webhooks                      []*identity // those who ask what others may do
}

// A node is a machine and its kubelet.
type node struct {
	name, ip string
	uid      uuid
	kubelet  *identity
	status   template
}

// A workload is a set of pods that are alike.
type workload struct {
	namespace, name, hash string
	stateful              bool
	owner                 uuid
	pods                  []*pod
	budget                string

	podRequest, podResponse, podStatus template
	setRequest, setResponse            template
	custom                             template
}

// resource returns what the workload is to the API.
func (w *workload) resource() string {
	if w.stateful {
		return "statefulsets"
	}
	return "replicasets"
}

// set returns the name of the object that owns the pods.
func (w *workload) set() string {
	if w.stateful {
		return w.name
	}
	return w.name + "-" + w.hash
}

// A pod is one of a workload. One that is replaced keeps its place, and its
// name if the workload is stateful.
type pod struct {
	of       *workload
	name, ip string
	uid      uuid
	node     *node
	created  int64 // seconds
}

var namespaces = []string{
	Namespace, "checkout", "search", "catalog", "identity", "notifications", "reporting", "billing",
	"data-platform", "ml-serving", "ingress", "observability", "gitops", "security", "team-blue", "team-green",
	"staging-web", "staging-api", "batch", "kube-system",
}

var (
	firstNames = []string{askedWorkload, "orders", "cart", "users", "sessions", "mailer", "exports", "invoices", "feed", "ranker",
		"gateway", "metrics", "sync", "scanner", "web", "api", "worker", "cron", "proxy", "cache"}
	lastNames = []string{"", "-api", "-worker", "-consumer", "-frontend", "-db"}
)

const letters = "bcdfghjklmnpqrstvwxz2456789"

// suffix returns the random end of a name.
func suffix(r *rng, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[r.n(len(letters))]
	}
	return string(b)
}

// newCluster makes the cluster as it is when the log begins, in seconds.
func newCluster(r *rng, start int64) *cluster {
	c := new(cluster)
	c.addIdentities(r)
	for range nodeCount {
		ip := fmt.Sprintf("10.0.%d.%d", 16+r.n(96), 4+r.n(250))
		n := &node{
			name: "ip-" + strings.ReplaceAll(ip, ".", "-") + domain,
			ip:   ip, uid: r.uuid(),
		}
		n.kubelet = kubelet(r, n)
		n.status = compile(nodeStatus(r))
		c.nodes = append(c.nodes, n)
	}
	for i := range len(namespaces) * len(lastNames) {
		w := &workload{
			namespace: namespaces[i%len(namespaces)],
			name:      firstNames[(i+i/len(namespaces))%len(firstNames)] + lastNames[i/len(namespaces)],
			hash:      suffix(r, 10), owner: r.uuid(),
			stateful: i == 0 || r.n(6) == 0,
		}
		if i%3 == 0 {
			w.budget = w.name + "-pdb"
		}
		w.compile(r)
		for range 2 + r.skewed(14) {
			p := &pod{of: w}
			w.pods = append(w.pods, p)
			c.replace(r, p, start-int64(r.n(6*86_400)))
		}
		c.workloads = append(c.workloads, w)
		c.pods = append(c.pods, w.pods...)
	}
	c.asked = c.pods[0]
	return c
}

// replace makes a pod anew, at a time in seconds.
func (c *cluster) replace(r *rng, p *pod, at int64) {
	p.uid, p.node, p.created = r.uuid(), pick(r, c.nodes), at
	p.ip = fmt.Sprintf("10.0.%d.%d", 16+r.n(96), 4+r.n(250))
	if !p.of.stateful {
		p.name = p.of.set() + "-" + suffix(r, 5)
		return
	}
	for i, other := range p.of.pods {
		if other == p {
			p.name = fmt.Sprintf("%s-%d", p.of.name, i)
		}
	}
}

// An identity is a user and the program that it uses.
type identity struct {
	name    string // of the user
	user    []byte // JSON
	agent   string
	client  string // the name in agent
	allowed string // why it may do what it does
	ips     []string
}

func newIdentity(name, user, agent, allowed string, ips ...string) *identity {
	return &identity{
		name: name, user: []byte(user), agent: agent, allowed: allowed, ips: ips,
		client: agent[:strings.IndexAny(agent+"/", "/ ")],
	}
}

// nobody is one who could not be authenticated.
var nobody = newIdentity("", "{}", "curl/8.5.0", "", "10.0.12.44", "203.0.113.17")

// builtin returns a part of the control plane.
func builtin(name, agent, allowed string, ips ...string) *identity {
	user := fmt.Sprintf(`{"username":%q,"groups":["system:authenticated"],"extra":{"authentication.kubernetes.io/credential-id":["X509SHA256=5496fc1c345e215799c8848295b871cf9235eec2da0275d7a9bc8ed0a685a362"]}}`, name)
	return newIdentity(name, user, agent, allowed, ips...)
}

// iam returns a user who comes through AWS.
func iam(r *rng, name, role, session, groups, agent, allowed string, ips ...string) *identity {
	ofRole := rng(len(role))<<8 + rng(role[len(role)-1])
	principal := "AROA" + strings.ToUpper(suffix(&ofRole, 17))
	user := fmt.Sprintf(`{"username":%q,"uid":"aws-iam-authenticator:%[2]s:%[3]s","groups":[%[4]s],"extra":{"accessKeyId":["ASIA%[5]s"],`+
		`"arn":["arn:aws:sts::%[2]s:assumed-role/%[6]s/%[7]s"],"canonicalArn":["arn:aws:iam::%[2]s:role/%[6]s"],`+
		`"principalId":["%[3]s"],"sessionName":["%[7]s"],"sigs.k8s.io/aws-iam-authenticator/principalId":["%[3]s"]}}`,
		name, account, principal, groups, strings.ToUpper(suffix(r, 16)), role, session)
	return newIdentity(name, user, agent, allowed, ips...)
}

// kubelet returns the identity of a node.
func kubelet(r *rng, n *node) *identity {
	id := iam(r, "system:node:"+n.name, "eks-node-group-"+[]string{"a", "b", "c"}[r.n(3)], fmt.Sprintf("i-0%016x", n.uid[0]),
		`"system:bootstrappers","system:nodes","system:authenticated"`,
		"kubelet/v1.33.4-eks-99d6cc0 (linux/amd64) kubernetes/8b3b1e2", "", n.ip)
	return id
}

// serviceAccount returns a program that runs in the cluster.
func serviceAccount(r *rng, namespace, name, agent string) *identity {
	pod := name + "-" + suffix(r, 10) + "-" + suffix(r, 5)
	user := fmt.Sprintf(`{"username":"system:serviceaccount:%[1]s:%[2]s","uid":"%[3]s",`+
		`"groups":["system:serviceaccounts","system:serviceaccounts:%[1]s","system:authenticated"],`+
		`"extra":{"authentication.kubernetes.io/credential-id":["JTI=%[4]s"],"authentication.kubernetes.io/node-name":["ip-10-0-%[5]d-%[6]d%[7]s"],`+
		`"authentication.kubernetes.io/node-uid":["%[8]s"],"authentication.kubernetes.io/pod-name":["%[9]s"],"authentication.kubernetes.io/pod-uid":["%[10]s"]}}`,
		namespace, name, r.uuid(), r.uuid(), 16+r.n(96), 4+r.n(250), domain, r.uuid(), pod, r.uuid())
	allowed := fmt.Sprintf(`RBAC: allowed by ClusterRoleBinding \"%[2]s\" of ClusterRole \"%[2]s\" to ServiceAccount \"%[2]s/%[1]s\"`, namespace, name)
	return newIdentity("system:serviceaccount:"+namespace+":"+name, user, agent, allowed, fmt.Sprintf("10.0.%d.%d", 16+r.n(96), 4+r.n(250)))
}

func (u uuid) String() string { return string(u.append(nil)) }

const controllers = "kube-controller-manager/v1.33.4 (linux/amd64) kubernetes/8b3b1e2/"

// addIdentities makes everybody but the kubelets.
func (c *cluster) addIdentities(r *rng) {
	ofItself := func(name string) string {
		return fmt.Sprintf(`RBAC: allowed by ClusterRoleBinding \"%[1]s\" of ClusterRole \"%[1]s\" to User \"%[1]s\"`, name)
	}
	planes := []string{"172.16.34.11", "172.16.60.190"}
	c.scheduler = builtin("system:kube-scheduler", "kube-scheduler/v1.33.4 (linux/amd64) kubernetes/8b3b1e2/scheduler", ofItself("system:kube-scheduler"), planes...)
	c.manager = builtin("system:kube-controller-manager", controllers+"leader-election", ofItself("system:kube-controller-manager"), planes...)
	c.apiserver = newIdentity("system:apiserver", `{"username":"system:apiserver","uid":"88e26bc8-db99-4cdb-ba90-e08bed12fc9b","groups":["system:authenticated","system:masters"]}`,
		"kube-apiserver/v1.33.4 (linux/amd64) kubernetes/8b3b1e2", "", "::1")
	for _, name := range []string{"replicaset-controller", "deployment-controller", "statefulset-controller", "endpointslice-controller",
		"node-controller", "generic-garbage-collector", "horizontal-pod-autoscaler", "disruption-controller"} {
		id := serviceAccount(r, "kube-system", name, controllers+"system:serviceaccount:kube-system:"+name)
		id.allowed = strings.ReplaceAll(id.allowed, `\"`+name+`\"`, `\"system:controller:`+name+`\"`)
		id.ips = planes
		c.writers = append(c.writers, id)
	}
	for _, of := range [][3]string{
		{"kube-system", "karpenter", "karpenter.sh/1.8.1"},
		{"kube-system", "aws-load-balancer-controller", "elbv2.k8s.aws/v2.13.4 (linux/amd64) kubernetes/0c0b7f6"},
		{"kube-system", "ebs-csi-controller-sa", "csi-provisioner/v5.3.0 (linux/amd64) kubernetes/$Format"},
		{"kube-system", "coredns", "coredns/v0.0.0 (linux/amd64) kubernetes/$Format"},
		{"kube-system", "cluster-autoscaler", "cluster-autoscaler/v0.0.0 (linux/amd64) kubernetes/$Format"},
		{"kube-system", "metrics-server", "metrics-server/v0.8.0 (linux/amd64) kubernetes/$Format"},
		{"gitops", "argocd-application-controller", "argocd-application-controller/v3.1.5 (linux/amd64) kubernetes/$Format"},
		{"observability", "prometheus-k8s", "Prometheus/3.5.0"},
		{"observability", "datadog-agent", "Datadog Agent/7.70.1"},
		{"security", "kyverno-admission-controller", "kyverno/v1.15.1 (linux/amd64) kubernetes/$Format"},
		{"security", "cert-manager", "cert-manager-controller/v1.18.2 (linux/amd64) cert-manager/7d2f1c4"},
		{"ingress", "external-dns", "ExternalDNS/v0.19.0"},
		{"data-platform", "spark-operator-controller", "Kubernetes Java Client/21.0.2"},
	} {
		c.readers = append(c.readers, serviceAccount(r, of[0], of[1], of[2]))
	}
	c.leaders = append([]*identity{c.manager, c.scheduler, c.apiserver}, c.readers[:10]...)
	c.webhooks = []*identity{c.readers[5], c.readers[9], c.readers[7]}
	c.addPeople(r)
}

// addPeople makes those from outside, and chooses who evicts.
func (c *cluster) addPeople(r *rng) {
	kubectl := "kubectl/v1.33.2 (linux/amd64) kubernetes/a57b6f7"
	for i, of := range [][3]string{
		{"PlatformAdmin", "alice@example.com", kubectl}, {"Developer", "bob@example.com", "k9s/v0.50.9 (darwin/arm64) kubernetes/$Format"},
		{"Developer", "carol@example.com", kubectl}, {"ci-deploy", "GitHubActions", "Helm/3.18.6"},
	} {
		name := "arn:aws:sts::" + account + ":assumed-role/" + of[0] + "/" + of[1]
		c.people = append(c.people, iam(r, name, of[0], of[1], `"`+strings.ToLower(of[0])+`s","system:authenticated"`, of[2],
			`RBAC: allowed by ClusterRoleBinding \"`+strings.ToLower(of[0])+`s\" of ClusterRole \"edit\" to Group \"`+strings.ToLower(of[0])+`s\"`,
			fmt.Sprintf("198.51.100.%d", 20+i), "10.0.8.15"))
	}
	manager := iam(r, "eks:node-manager", "AWSWesleyClusterManagerLambda-NodeManagerRole-1T5XQ0ZLM5R2A", "1722345678901234567", `"system:authenticated"`,
		"vpcLambda/v0.0.0 (linux/amd64) kubernetes/$Format",
		`RBAC: allowed by ClusterRoleBinding \"eks:node-manager\" of ClusterRole \"eks:node-manager\" to User \"eks:node-manager\"`, "10.0.8.201")
	c.evictors = []*identity{c.readers[0], c.people[0], manager, c.readers[4]}
}
