package audittest

import "fmt"

// fill returns what a body about the pod says at this moment.
func (s *server) fill(p *pod) filling {
	return filling{pod: p, version: s.nextVersion(), now: s.now}
}

// workload chooses what a request is about: often what is being rolled out.
func (s *server) workload() *workload {
	switch n := s.rng.n(60); {
	case s.current == nil || n == 0:
		s.current = pick(&s.rng, s.workloads)
	case n < 20:
		return pick(&s.rng, s.workloads)
	}
	return s.current
}

func (s *server) pod() *pod { return pick(&s.rng, s.workload().pods) }

// aboutPod begins a request about a pod, by its path.
func (s *server) aboutPod(by *identity, verb, level string, p *pod, subresource string) *event {
	e := s.begin(by, verb, level)
	s.path("/api/v1/namespaces/", p.of.namespace, "/pods/", p.name)
	if subresource != "" {
		s.ev.uri = append(append(s.ev.uri, '/'), subresource...)
		s.uri = s.ev.uri
	}
	e.ref = reference{resource: "pods", namespace: p.of.namespace, name: p.name, version: "v1", subresource: subresource}
	return e
}

func (s *server) patchNodeStatus() {
	n := pick(&s.rng, s.nodes)
	e := s.begin(n.kubelet, "patch", request)
	s.path("/api/v1/nodes/", n.name, "/status?timeout=10s")
	e.ref = reference{resource: "nodes", name: n.name, version: "v1", subresource: "status"}
	s.req = n.status.append(s.req, filling{now: s.now})
	s.emit()
}

func (s *server) patchPodStatus() {
	p := s.pod()
	s.aboutPod(p.node.kubelet, "patch", request, p, "status")
	s.req = p.of.podStatus.append(s.req, s.fill(p))
	s.emit()
}

// createPod puts a new pod in the place of an old one.
func (s *server) createPod() {
	p := s.pod()
	s.replace(&s.rng, p, s.now/1e6)
	e := s.begin(s.writers[0], "create", requestResponse)
	s.path("/api/v1/namespaces/", p.of.namespace, "/pods")
	e.ref = reference{resource: "pods", namespace: p.of.namespace, name: p.name, version: "v1"}
	e.code = 201
	f := s.fill(p)
	s.req = p.of.podRequest.append(s.req, f)
	s.res = p.of.podResponse.append(s.res, f)
	s.emit()
}

func (s *server) bindPod() {
	p := s.pod()
	e := s.aboutPod(s.scheduler, "create", requestResponse, p, "binding")
	e.code, e.status = 201, "Success"
	s.req = fmt.Appendf(s.req, `{"kind":"Binding","apiVersion":"v1","metadata":{"name":"%s","namespace":"%s","uid":"%v"},"target":{"kind":"Node","name":"%s"}}`,
		p.name, p.of.namespace, p.uid, p.node.name)
	s.res = append(s.res, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}`...)
	s.emit()
}

var (
	finalDelete = compile(`{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,"preconditions":{"uid":"{uid}"}}`)
	plainDelete = compile(`{"kind":"DeleteOptions","apiVersion":"v1"}`)
)

// deletePod is the last step of a kubelet, or the first of a controller.
func (s *server) deletePod() {
	p := s.pod()
	by, options := p.node.kubelet, finalDelete
	if s.rng.n(2) == 0 {
		by, options = s.writers[0], plainDelete
	}
	s.aboutPod(by, "delete", requestResponse, p, "")
	f := s.fill(p)
	s.req = options.append(s.req, f)
	s.res = p.of.podResponse.append(s.res, f)
	s.emit()
}

func (s *server) updateSet() {
	w := s.workload()
	by := s.writers[0]
	if w.stateful {
		by = s.writers[2]
	}
	e := s.begin(by, "update", requestResponse)
	s.path("/apis/apps/v1/namespaces/", w.namespace, "/", w.resource(), "/", w.set(), "/status")
	f := s.fill(w.pods[0])
	e.ref = reference{resource: w.resource(), namespace: w.namespace, name: w.set(), uid: w.owner, group: "apps", version: "v1", resourceVersion: f.version, subresource: "status"}
	s.req = w.setRequest.append(s.req, f)
	if s.rng.n(12) == 0 {
		s.conflict()
		s.appendFailure()
	} else {
		f.version = s.nextVersion()
		s.res = w.setResponse.append(s.res, f)
	}
	s.emit()
}

// appendFailure makes the failure the body of the answer.
func (s *server) appendFailure() {
	s.res = append(s.res, `{"kind":"Status","apiVersion":"v1","metadata":{}`...)
	s.res = s.ev.appendStatus(s.res)
}

func (s *server) updateSlice() {
	w := s.workload()
	e := s.begin(s.writers[3], "update", requestResponse)
	name := w.name + "-x7k2p"
	s.path("/apis/discovery.k8s.io/v1/namespaces/", w.namespace, "/endpointslices/", name)
	f := s.fill(w.pods[0])
	e.ref = reference{resource: "endpointslices", namespace: w.namespace, name: name, uid: w.owner, group: "discovery.k8s.io", version: "v1", resourceVersion: f.version}
	s.req = s.appendSlice(s.req, w, f)
	s.res = append(s.res, s.req...)
	s.emit()
}

var endpoint = compile(`{"addresses":["{ip}"],"conditions":{"ready":true,"serving":true,"terminating":false},"targetRef":{"kind":"Pod","namespace":"{namespace}","name":"{pod}","uid":"{uid}"},"nodeName":"{node}","zone":"us-east-1a"}`)

func (s *server) appendSlice(b []byte, w *workload, f filling) []byte {
	b = fmt.Appendf(b, `{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"%s","namespace":"%s","uid":"%v","resourceVersion":"%d",`+
		`"labels":{"endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io","kubernetes.io/service-name":"%s"}},"addressType":"IPv4","endpoints":[`,
		s.ev.ref.name, w.namespace, w.owner, f.version, w.name)
	for i, p := range w.pods {
		if i > 0 {
			b = append(b, ',')
		}
		f.pod = p
		b = endpoint.append(b, f)
	}
	return append(b, `],"ports":[{"name":"http","protocol":"TCP","port":8080}]}`...)
}

// updateCustom is the status of a deployment tool's object.
func (s *server) updateCustom() { s.customStatus(4_000 + s.rng.skewed(26_000)) }

// customStatus writes a custom object and has about so many bytes.
func (s *server) customStatus(size int) {
	w := s.workload()
	e := s.begin(s.readers[6], "update", requestResponse)
	s.path("/apis/argoproj.io/v1alpha1/namespaces/gitops/applications/", w.name)
	e.ref = reference{resource: "applications", namespace: "gitops", name: w.name, uid: w.owner, group: "argoproj.io", version: "v1alpha1", resourceVersion: s.nextVersion()}
	s.req = fmt.Appendf(s.req, `{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"%s","namespace":"gitops"},"status":{"resources":[`, w.name)
	for len(s.req) < size/2-700 {
		p := s.pod()
		s.req = p.of.custom.append(s.req, s.fill(p))
		s.req = append(s.req, ',')
	}
	s.req = append(s.req, `{}],"sync":{"status":"Synced"}}}`...)
	s.res = append(s.res, s.req...)
	s.emit()
}

// rareLarge is, rarely, a line as long as they get in normal operation.
func (s *server) rareLarge() {
	switch n := s.rng.n(10); {
	case n < 3:
		s.customStatus(50_000 + s.rng.skewed(206_000))
	case n == 3 && s.rng.n(7) < 3:
		s.largeWrite(256_000 + s.rng.skewed(700_000))
	default:
		s.discover()
	}
}

// largeWrite writes a custom object with a text full of markup, which takes
// six bytes for one, and has about so many bytes.
func (s *server) largeWrite(size int) {
	w := s.workload()
	e := s.begin(s.people[3], "update", requestResponse)
	s.path("/apis/grafana.integreatly.org/v1beta1/namespaces/observability/grafanadashboards/", w.name, "?fieldManager=helm\\u0026fieldValidation=Strict")
	e.ref = reference{resource: "grafanadashboards", namespace: "observability", name: w.name, uid: w.owner, group: "grafana.integreatly.org", version: "v1beta1", resourceVersion: s.nextVersion()}
	s.req = append(s.req, `{"apiVersion":"grafana.integreatly.org/v1beta1","kind":"GrafanaDashboard","metadata":{"name":"`...)
	s.req = append(append(s.req, w.name...), `","namespace":"observability"},"spec":{"html":"`...)
	for len(s.req) < size/2-700 {
		s.req = fmt.Appendf(s.req, `\u003cdiv class=\"panel\" id=\"%x\"\u003e%s \u0026amp; %s\u003c/div\u003e\n`, s.rng.n(1<<20), pick(&s.rng, firstNames), pick(&s.rng, namespaces))
	}
	s.req = append(s.req, `"}}`...)
	s.res = append(s.res, s.req...)
	s.emit()
}
