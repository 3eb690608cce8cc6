package audittest

import "strconv"

// A kind is a kind of request, and how often it is made.
type kind struct {
	weight int
	make   func(*server)
}

// kinds is the mix. Most numbers are those of clusters in normal operation:
// leases are half of all requests, reads a third.
var kinds = []kind{
	{2_600, (*server).renewNodeLease},
	{750, (*server).renewLeaderLease},
	{1_170, (*server).getLease},
	{1_330, (*server).get},
	{980, (*server).list},
	{410, (*server).watch}, // answered twice
	{380, (*server).reviewAccess},
	{220, (*server).reviewToken},
	{260, (*server).patchNodeStatus},
	{310, (*server).patchPodStatus},
	{140, (*server).createPod},
	{90, (*server).bindPod},
	{130, (*server).deletePod},
	{180, (*server).updateSet},
	{130, (*server).updateSlice},
	{160, (*server).createEvent},
	{60, (*server).createToken},
	{50, (*server).updateCustom},
	{9, (*server).updateRole},
	{310, (*server).discover},
	{6, (*server).unauthorized},
	{30, (*server).forbid},
	{6, (*server).throttle},
	{1, (*server).getEviction},
	{1, (*server).rareLarge},
}

var kindsTotal = func() (n int) {
	for _, k := range kinds {
		n += k.weight
	}
	return n
}()

// path sets the URI of the event to the joined parts.
func (s *server) path(parts ...string) {
	s.ev.uri = s.uri[:0]
	for _, p := range parts {
		s.ev.uri = append(s.ev.uri, p...)
	}
	s.uri = s.ev.uri
}

// fail has the request fail.
func (s *server) fail(code int, f failure) {
	s.ev.code, s.ev.failure, s.ev.status = code, f, ""
}

// notFound is the failure of one who asked for what is not there.
func (s *server) notFound() {
	r := &s.ev.ref
	kind, group := r.resource, ""
	if r.group != "" {
		kind, group = r.resource+"."+r.group, `"group":"`+r.group+`",`
	}
	s.fail(404, failure{kind + ` \"` + r.name + `\" not found`, "NotFound", `{"name":"` + r.name + `",` + group + `"kind":"` + r.resource + `"}`})
}

// conflict is the failure of one who wrote on top of an older version.
func (s *server) conflict() {
	r := &s.ev.ref
	s.fail(409, failure{`Operation cannot be fulfilled on ` + r.resource + `.` + r.group + ` \"` + r.name +
		`\": the object has been modified; please apply your changes to the latest version and try again`, "Conflict",
		`{"name":"` + r.name + `","group":"` + r.group + `","kind":"` + r.resource + `"}`})
}

const leaseGroup, leases = "coordination.k8s.io", "/apis/coordination.k8s.io/v1/namespaces/"

func (s *server) renewNodeLease() {
	n := pick(&s.rng, s.nodes)
	e := s.begin(n.kubelet, "update", metadata)
	s.path(leases, "kube-node-lease/leases/", n.name, "?timeout=10s")
	e.ref = reference{resource: "leases", namespace: "kube-node-lease", name: n.name, group: leaseGroup, version: "v1", uid: n.uid, resourceVersion: s.nextVersion()}
	s.emit()
}

// leaderLease begins a request about the lease of those who elect a leader.
func (s *server) leaderLease(verb string) {
	by := s.leaders[s.rng.skewed(len(s.leaders))]
	e := s.begin(by, verb, metadata)
	s.path(leases, "kube-system/leases/", by.client, "?timeout=5s")
	e.ref = reference{resource: "leases", namespace: "kube-system", name: by.client, group: leaseGroup, version: "v1"}
}

func (s *server) renewLeaderLease() {
	s.leaderLease("update")
	ofLease := rng(len(s.ev.by.name)<<8 + len(s.ev.by.agent)) // always the same
	s.ev.ref.uid = ofLease.uuid()
	s.ev.ref.resourceVersion = s.nextVersion()
	if s.rng.n(14) == 0 {
		s.conflict()
	}
	s.emit()
}

func (s *server) getLease() {
	s.leaderLease("get")
	if s.rng.n(9) == 0 {
		s.notFound()
	}
	s.emit()
}

// A readable is a resource that many ask for.
type readable struct{ prefix, resource, group, version, level string }

var readables = []readable{
	{"/api/v1", "pods", "", "v1", request},
	{"/api/v1", "pods", "", "v1", request},
	{"/api/v1", "services", "", "v1", request},
	{"/api/v1", "endpoints", "", "v1", request},
	{"/api/v1", "configmaps", "", "v1", metadata},
	{"/api/v1", "secrets", "", "v1", metadata},
	{"/api/v1", "serviceaccounts", "", "v1", request},
	{"/api/v1", "persistentvolumeclaims", "", "v1", request},
	{"/apis/apps/v1", "deployments", "apps", "v1", request},
	{"/apis/apps/v1", "replicasets", "apps", "v1", request},
	{"/apis/apps/v1", "daemonsets", "apps", "v1", request},
	{"/apis/batch/v1", "jobs", "batch", "v1", request},
	{"/apis/policy/v1", "poddisruptionbudgets", "policy", "v1", request},
	{"/apis/networking.k8s.io/v1", "ingresses", "networking.k8s.io", "v1", request},
	{"/apis/discovery.k8s.io/v1", "endpointslices", "discovery.k8s.io", "v1", request},
	{"/apis/argoproj.io/v1alpha1", "applications", "argoproj.io", "v1alpha1", metadata},
	{"/apis/karpenter.sh/v1", "nodeclaims", "karpenter.sh", "v1", metadata},
	{"/apis/external-secrets.io/v1", "externalsecrets", "external-secrets.io", "v1", metadata},
}

// reader chooses one who reads: half the time the one who did so before, since
// programs ask for many things in a row.
func (s *server) reader() *identity {
	switch n := s.rng.n(40); {
	case n < 20 && s.reading != nil:
	case n < 24:
		s.reading = pick(&s.rng, s.nodes).kubelet
	case n < 28:
		s.reading = s.writers[s.rng.skewed(len(s.writers))]
	case n < 29:
		s.reading = pick(&s.rng, s.people)
	default:
		s.reading = s.readers[s.rng.skewed(len(s.readers))]
	}
	return s.reading
}

func (s *server) get() {
	of, w := pick(&s.rng, readables), s.workload()
	e := s.begin(s.reader(), "get", of.level)
	name := w.name
	if of.resource == "pods" {
		name = pick(&s.rng, w.pods).name
	}
	s.path(of.prefix, "/namespaces/", w.namespace, "/", of.resource, "/", name)
	e.ref = reference{resource: of.resource, namespace: w.namespace, name: name, group: of.group, version: of.version}
	if s.rng.n(6) == 0 {
		s.notFound()
	}
	s.emit()
}

func (s *server) list() {
	of := pick(&s.rng, readables)
	e := s.begin(s.reader(), "list", of.level)
	e.ref = reference{resource: of.resource, group: of.group, version: of.version}
	switch s.rng.n(3) {
	case 0:
		s.path(of.prefix, "/", of.resource, "?limit=500\\u0026resourceVersion=0")
	case 1:
		e.ref.namespace = pick(&s.rng, namespaces)
		s.path(of.prefix, "/namespaces/", e.ref.namespace, "/", of.resource)
	default:
		w := s.workload()
		e.ref.namespace = w.namespace
		s.path(of.prefix, "/namespaces/", w.namespace, "/", of.resource, "?labelSelector=app.kubernetes.io%2Fname%3D", w.name, "\\u0026limit=500")
	}
	if s.rng.n(40) == 0 {
		e.micros = slow + int64(s.rng.skewed(9_000_000))
	}
	s.emit()
}

// watch begins a watch, which ends some minutes later.
func (s *server) watch() {
	of := pick(&s.rng, readables)
	e := s.begin(s.reader(), "watch", of.level)
	minutes := int64(300 + s.rng.n(300))
	e.stage = started
	s.path(of.prefix, "/", of.resource, "?allowWatchBookmarks=true\\u0026resourceVersion=", strconv.Itoa(s.version),
		"\\u0026timeout=", strconv.Itoa(int(minutes/60)), "m", strconv.Itoa(int(minutes%60)), "s\\u0026timeoutSeconds=", strconv.Itoa(int(minutes)), "\\u0026watch=true")
	e.ref = reference{resource: of.resource, group: of.group, version: of.version}
	s.emit()
	over := *e
	over.uri = append([]byte(nil), e.uri...)
	over.stage = complete
	received := e.at - e.micros
	s.after(minutes*1_000_000, func(s *server) {
		s.ev = over
		s.req, s.res = s.req[:0], s.res[:0]
		s.ev.micros = s.now - received
		s.write(s.now)
	})
}

func (s *server) reviewToken() {
	e := s.begin(pick(&s.rng, s.nodes).kubelet, "create", metadata)
	s.path("/apis/authentication.k8s.io/v1/tokenreviews")
	e.ref = reference{resource: "tokenreviews", group: "authentication.k8s.io", version: "v1"}
	e.code = 201
	s.emit()
}

func (s *server) createEvent() {
	p := s.pod()
	e := s.begin(p.node.kubelet, "create", metadata)
	s.path("/api/v1/namespaces/", p.of.namespace, "/events")
	e.ref = reference{resource: "events", namespace: p.of.namespace, name: p.name + "." + strconv.FormatUint(s.rng.next()|1<<63, 16), version: "v1"}
	e.code = 201
	s.emit()
}

func (s *server) createToken() {
	w := s.workload()
	e := s.begin(pick(&s.rng, w.pods).node.kubelet, "create", metadata)
	s.path("/api/v1/namespaces/", w.namespace, "/serviceaccounts/", w.name, "/token")
	e.ref = reference{resource: "serviceaccounts", namespace: w.namespace, name: w.name, version: "v1", subresource: "token"}
	e.code, e.issued = 201, true
	s.emit()
}

var discoveries = []string{"/api", "/apis", "/apis?timeout=32s", "/openapi/v2?timeout=32s", "/openapi/v3", "/version?timeout=32s",
	"/apis/metrics.k8s.io/v1beta1?timeout=32s", "/readyz", "/livez?exclude=etcd\\u0026verbose=true"}

func (s *server) discover() {
	by := pick(&s.rng, s.readers)
	if s.rng.n(3) == 0 {
		by = pick(&s.rng, s.people)
	}
	s.begin(by, "get", metadata)
	s.path(pick(&s.rng, discoveries))
	s.emit()
}

func (s *server) unauthorized() {
	e := s.begin(nobody, "list", request)
	e.stage = started
	s.path("/api/v1/namespaces/", pick(&s.rng, namespaces), "/pods")
	e.ref = reference{resource: "pods", version: "v1"}
	s.fail(401, failure{"Unauthorized", "Unauthorized", ""})
	s.emit()
}

func (s *server) forbid() {
	w := s.workload()
	e := s.begin(pick(&s.rng, s.people[1:3]), "delete", request)
	s.path("/apis/apps/v1/namespaces/", w.namespace, "/deployments/", w.name)
	e.ref = reference{resource: "deployments", namespace: w.namespace, name: w.name, group: "apps", version: "v1"}
	e.forbidden = true
	s.fail(403, failure{`deployments.apps \"` + w.name + `\" is forbidden: User \"` + e.by.name + `\" cannot delete resource \"deployments\" in API group \"apps\" in the namespace \"` +
		w.namespace + `\"`, "Forbidden", `{"name":"` + w.name + `","group":"apps","kind":"deployments"}`})
	s.emit()
}

// throttle is a request for which the server had no time.
func (s *server) throttle() {
	e := s.begin(pick(&s.rng, s.readers), "list", request)
	s.path("/api/v1/pods?limit=500")
	e.ref = reference{resource: "pods", version: "v1"}
	s.fail(429, failure{"Too many requests, please try again later.", "TooManyRequests", `{"retryAfterSeconds":1}`})
	s.emit()
}
