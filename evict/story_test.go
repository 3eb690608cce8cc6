package evict

import (
	"slices"
	"strings"
	"time"
)

// A tale is a log made by hand for the tracker: records, one after another.
// Every record is answered a millisecond after it was received.
type tale []*record

// noon is when tales begin.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time {
	return noon.Add(time.Duration(seconds * float64(time.Second)))
}

// add appends a request about ns/name that was received at that time and
// accepted. By names the user, and after a space the user agent.
func (s *tale) add(seconds float64, by string, kind recordKind, verb, resource, name string) *record {
	user, agent, _ := strings.Cut(by, " ")
	r := &record{
		kind: kind, at: at(seconds), done: at(seconds).Add(time.Millisecond),
		request:   Request{Actor: Actor{User: user, UserAgent: agent}, Verb: verb, Resource: resource, URI: "/" + verb + "/" + resource + "/" + name},
		code:      200,
		namespace: "ns", name: name,
	}
	*s = append(*s, r)
	r.auditID = string(rune('a'+len(*s)%26)) + r.request.URI
	return r
}

// pod is what a body shows of a pod of the ReplicaSet web-1 of the Deployment
// web.
func shown(name, node string) podState {
	return podState{
		namespace: "ns", name: name, uid: "uid-" + name, node: node, phase: "Running",
		owner:  Owner{Kind: "ReplicaSet", Name: "web-1", UID: "rs"},
		labels: map[string]string{"pod-template-hash": "1"},
	}
}

func (s *tale) made(seconds float64, name string) *record {
	r := s.add(seconds, kubeSystem("replicaset-controller"), podCreated, "create", "pods", name)
	r.pods = []podState{shown(name, "")}
	r.pods[0].phase = "Pending"
	return r
}

func (s *tale) bound(seconds float64, name, node string) *record {
	r := s.add(seconds, "system:kube-scheduler", podBound, "create", "pods", name)
	r.uid = "uid-" + name
	r.pods = []podState{{namespace: "ns", name: name, uid: r.uid, node: node}}
	return r
}

// runs makes a pod and has it run on the node.
func (s *tale) runs(seconds float64, name, node string) {
	s.made(seconds, name)
	s.bound(seconds+0.1, name, node)
	s.ready(seconds+0.2, name, node)
}

func (s *tale) ready(seconds float64, name, node string) {
	r := s.patch(seconds, kubeletPrefix+node, name)
	r.pods[0].ready = "True"
}

// patch is a change of the status of a pod.
func (s *tale) patch(seconds float64, by, name string) *record {
	r := s.add(seconds, by, podChanged, "patch", "pods", name)
	r.request.Subresource = "status"
	r.uid = "uid-" + name
	r.pods = []podState{{namespace: "ns", name: name, uid: r.uid}}
	return r
}

// announce is the patch that a component sends before it deletes the pod.
func (s *tale) announce(seconds float64, by, name, reason string) {
	s.patch(seconds, by, name).pods[0].disrupted = reason
}

func (s *tale) fails(seconds float64, node, name, reason string) {
	r := s.patch(seconds, kubeletPrefix+node, name)
	r.pods[0].phase, r.pods[0].reason = "Failed", reason
}

// ends is the kubelet's delete, whose answer shows the pod.
func (s *tale) ends(seconds float64, name, node string) *record {
	r := s.add(seconds, kubeletPrefix+node, podDeleted, "delete", "pods", name)
	r.grace, r.uid = new(int64), "uid-"+name
	r.pods = []podState{shown(name, node)}
	return r
}

// deletes is a delete by anybody else.
func (s *tale) deletes(seconds float64, by, name, node string) *record {
	r := s.add(seconds, by, podDeleted, "delete", "pods", name)
	r.pods = []podState{shown(name, node)}
	return r
}

// evicts is an attempt, with the code that the outcome has.
func (s *tale) evicts(seconds float64, by, name string, outcome Outcome) *record {
	r := s.add(seconds, by, attempted, "create", "pods", name)
	r.request.Subresource = "eviction"
	r.code = map[Outcome]int32{Accepted: 201, BlockedByBudget: 429, MultipleBudgets: 500, NotFound: 404, UIDMismatch: 409, Unanswered: 0}[outcome]
	r.dryRun = DryRunNo
	r.attempt = &Attempt{
		Time: r.at, Answered: r.done, Namespace: "ns", Pod: name, Verb: "create",
		Outcome: outcome, Code: r.code, DryRun: DryRunNo, Actor: r.request.Actor,
	}
	if outcome == BlockedByBudget {
		r.attempt.Budgets = []Budget{{Name: "pdb", Needs: 2, Has: 2, Counted: true}}
	}
	return r
}

// dry makes an attempt or a delete a dry run.
func (r *record) dry() {
	r.dryRun = DryRunYes
	if r.attempt != nil {
		r.attempt.DryRun = DryRunYes
	}
}

func (s *tale) changes(seconds float64, by, resource, name string, change ownerChange) {
	s.add(seconds, by, ownerChanged, "patch", resource, name).owner = &change
}

func (s *tale) cordons(seconds float64, by, node string, on bool) *record {
	r := s.add(seconds, by, nodeChanged, "patch", "nodes", node)
	r.namespace, r.node = "", &nodeChange{cordon: on, uncordon: !on}
	return r
}

func (s *tale) taints(seconds float64, by, node, key, effect string) {
	r := s.add(seconds, by, nodeChanged, "patch", "nodes", node)
	r.namespace, r.node = "", &nodeChange{taints: map[string]string{key: effect}}
}

// kubeSystem is the service account of a controller.
func kubeSystem(name string) string { return "system:serviceaccount:kube-system:" + name }

// told is what the tracker gives of a tale.
type told struct {
	Evictions []Eviction
	Removals  []Removal
	Drains    []Drain
}

// tell folds the tale, in the order of its times.
func (s tale) tell(o *Options) told {
	return s.track(o).told()
}

func (s tale) track(o *Options) *tracker {
	if o == nil {
		o = &Options{}
	}
	s = slices.Clone(s)
	slices.SortStableFunc(s, compareRecords)
	t := newTracker(o)
	for _, r := range s {
		t.add(r)
	}
	return t
}

func (t *tracker) told() told {
	t.end()
	return told{t.evictionsOut, t.removalsOut, t.drainsOut}
}
