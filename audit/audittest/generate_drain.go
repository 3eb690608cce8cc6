package audittest

import "fmt"

// One event in so many is an eviction.
const evictionEvery = 2_000

// A drain is somebody who evicts the pods of a node, one after the other.
type drain struct {
	by      *identity
	version string // of the group policy
	options string // of the request, JSON
}

// planDrain plans the evictions of a node. A pod that is held by its budget is
// tried again every five seconds.
func (s *server) planDrain() {
	d := drain{by: pick(&s.rng, s.evictors), version: "v1"}
	switch d.by {
	case s.evictors[1]:
		d.options = `,"deleteOptions":{}`
	case s.evictors[3]:
		d.version, d.options = "v1beta1", `,"deleteOptions":{"gracePeriodSeconds":600}`
	}
	planned := 1 + s.rng.skewed(18)
	ofAsked := 1 + planned/5
	if s.drained == 0 { // so that small logs have all that there is to see
		planned, ofAsked = 1, 3
	}
	s.planEvictions(d, s.asked, ofAsked, 0)
	s.drained += ofAsked
	for due := int64(0); planned > 0; due += int64(50_000 + s.rng.n(1_500_000)) {
		tries := 1
		p := pick(&s.rng, s.pods)
		if p.of.budget != "" && s.rng.n(3) > 0 {
			tries += s.rng.n(8)
		}
		tries = min(tries, planned)
		s.planEvictions(d, p, tries, due)
		planned -= tries
		s.drained += tries
	}
}

// planEvictions plans the tries to evict a pod, of which the last succeeds.
func (s *server) planEvictions(d drain, p *pod, tries int, due int64) {
	for left := tries - 1; left >= 0; left-- {
		s.after(due, func(s *server) { s.evict(d, p, left > 0) })
		due += 5_000_000 + int64(s.rng.n(40_000))
	}
}

// evict is one try.
func (s *server) evict(d drain, p *pod, held bool) {
	e := s.aboutPod(d.by, "create", requestResponse, p, "eviction")
	s.req = fmt.Appendf(s.req, `{"kind":"Eviction","apiVersion":"policy/%s","metadata":{"name":"%s","namespace":"%s"}%s}`, d.version, p.name, p.of.namespace, d.options)
	switch {
	case held:
		s.fail(429, failure{`Cannot evict pod as it would violate the pod's disruption budget.`, "TooManyRequests",
			`{"causes":[{"reason":"DisruptionBudget","message":"The disruption budget ` + p.of.budget + ` needs 2 healthy pods and has 2 currently"}]}`})
	case s.rng.n(25) == 0:
		s.notFound()
	case s.rng.n(60) == 0 && p != s.asked:
		s.unauthenticated()
		return
	default:
		e.code, e.status = 201, "Success"
	}
	s.appendFailure()
	s.emit()
}

// unauthenticated makes the request one of nobody, of which the server logs
// less.
func (s *server) unauthenticated() {
	s.ev.by, s.ev.stage = nobody, started
	s.ev.ip = pick(&s.rng, nobody.ips)
	s.fail(401, failure{"Unauthorized", "Unauthorized", ""})
	s.req = s.req[:0]
	s.appendFailure()
	s.emit()
}

// getEviction asks for the subresource with a verb that it does not have.
func (s *server) getEviction() {
	s.aboutPod(pick(&s.rng, s.people), "get", requestResponse, s.pod(), "eviction")
	s.fail(405, failure{"the server does not allow this method on the requested resource", "MethodNotAllowed", "{}"})
	s.appendFailure()
	s.emit()
}

// reviewAccess asks what somebody may do. One in ten asks about evictions:
// the word is then in the line, and the line is no eviction.
func (s *server) reviewAccess() {
	e := s.begin(pick(&s.rng, s.webhooks), "create", requestResponse)
	s.path("/apis/authorization.k8s.io/v1/subjectaccessreviews")
	e.ref = reference{resource: "subjectaccessreviews", group: "authorization.k8s.io", version: "v1"}
	e.code = 201
	of := `"verb":"list","version":"v1","resource":"pods"`
	if s.rng.n(10) == 0 {
		of = `"verb":"create","version":"v1","resource":"pods","subresource":"eviction"`
		e.mentions = true
	}
	who := pick(&s.rng, s.readers)
	spec := fmt.Sprintf(`"spec":{"resourceAttributes":{"namespace":"%s",%s},"user":"%s","groups":["system:serviceaccounts","system:authenticated"]}`, pick(&s.rng, namespaces), of, who.name)
	s.req = append(append(append(s.req, `{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{"creationTimestamp":null},`...), spec...), `,"status":{"allowed":false}}`...)
	s.res = append(append(s.res, `{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{"creationTimestamp":null},`...), spec...)
	s.res = append(append(append(s.res, `,"status":{"allowed":true,"reason":"`...), who.allowed...), `"}}`...)
	s.emit()
}

// updateRole writes a role that allows evictions, which is none either.
func (s *server) updateRole() {
	w := s.workload()
	e := s.begin(s.people[3], "update", requestResponse)
	name := w.name + "-drainer"
	s.path("/apis/rbac.authorization.k8s.io/v1/clusterroles/", name, "?fieldManager=helm")
	e.ref = reference{resource: "clusterroles", name: name, uid: w.owner, group: "rbac.authorization.k8s.io", version: "v1", resourceVersion: s.nextVersion()}
	e.mentions = true
	s.req = fmt.Appendf(s.req, `{"kind":"ClusterRole","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"%s","uid":"%v","resourceVersion":"%d"},"rules":[`+
		`{"verbs":["get","list","watch"],"apiGroups":[""],"resources":["nodes","pods"]},{"verbs":["create"],"apiGroups":[""],"resources":["pods/eviction"]},`+
		`{"verbs":["create"],"apiGroups":["policy"],"resources":["evictions","eviction"]}]}`, name, w.owner, s.version)
	s.res = append(s.res, s.req...)
	s.emit()
}
