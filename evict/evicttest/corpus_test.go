package evicttest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// corpus is a log of a real API server, with the clients of a test cluster,
// next to the checkout. It has to be there where CI is set. Each line has two
// labels beside the event, whose keys begin with an underscore.
const corpus = "../../../shared/corpus/evictions/lab.jsonl"

// A shape is what real events of one kind have in common: for each object in
// them, by its path, the keys, which of them are always there, and their order.
type shape struct {
	events int
	seen   map[string]int     // paths of keys, in how many events
	before map[[2]string]bool // paths of keys of one object, in the order in which they stood

	excuses map[string]bool // those that were needed
}

// additions are the paths, or the beginnings of paths, that made events have
// and the real ones of the corpus have not, with why.
var additions = map[string]string{
	"user.extra":                         "the clients of the corpus have no tokens of pods, nor IAM roles",
	"user.uid":                           "its people have certificates",
	"requestObject.metadata.annotations": "the descheduler is not in it",
	"requestObject.metadata.creationTimestamp":              "its Go clients are new ones",
	"requestObject.metadata.labels":                         "nobody labels a node in it",
	"requestObject.metadata.ownerReferences":                "the node controller marks pods of nobody in it",
	"requestObject.metadata.generateName":                   "the node controller marks pods of nobody in it",
	"requestObject.deleteOptions":                           "of tools that are not in it",
	"requestObject.status.$setElementOrder/conditions":      "its scheduler preempts nobody, and makes pods' first conditions",
	"responseObject.metadata.annotations":                   "its pods have none",
	"responseObject.metadata.ownerReferences":               "some pods in it are of nobody",
	"responseObject.metadata.generateName":                  "some pods in it are of nobody",
	"responseObject.metadata.labels":                        "its nodes have none",
	"responseObject.spec.nodeName":                          "its scheduler preempts nobody",
	"responseObject.spec.priorityClassName":                 "its pods have none",
	"responseObject.status.containerStatuses":               "its kubelet is a script, and has no containers",
	"responseObject.status.startTime":                       "some pods in it never started",
	"responseObject.status.conditions[].observedGeneration": "not every cause is in it",
	"responseObject.items[].status.startTime":               "some pods in it never started",
}

// omissions are the paths, or parts of them, that every real event of a kind
// has in the corpus, and made ones do not, with why.
var omissions = map[string]string{
	"managedFields":                               "much, and of no use; policies can omit them",
	"user.extra":                                  "ids of credentials tell nothing",
	"requestObject.propagationPolicy":             "drain --disable-eviction and controllers leave it to the server",
	"responseObject.metadata.annotations":         "what the deployment controller notes for itself",
	"requestObject.metadata.annotations":          "what the deployment controller notes for itself",
	"responseObject.items[].metadata.annotations": "the pods in it were restarted",
	"responseObject.spec.strategy":                "workloads are made as far as their pods are concerned",
	"responseObject.spec.revisionHistoryLimit":    "workloads are made as far as their pods are concerned",
	"responseObject.spec.progressDeadlineSeconds": "workloads are made as far as their pods are concerned",
	"responseObject.spec.replicas":                "a restart knows no number",
	"responseObject.status":                       "workloads are made as far as their pods are concerned",
	"requestObject.status.replicas":               "workloads are made as far as their pods are concerned",
}

// TestShapes holds the events that this package makes to real ones of the same
// verb and resource: no key that those have not, none missing that all of them
// have, and their order.
func TestShapes(t *testing.T) {
	data, err := os.ReadFile(corpus)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Logf("not tested: %v", err)
		return
	}
	real, excuses := map[string]*shape{}, map[string]bool{}
	for line := range bytes.Lines(data) {
		kind := kindOf(t, line)
		if kind == kubeletPatch {
			continue
		}
		if real[kind] == nil {
			real[kind] = &shape{seen: map[string]int{}, before: map[[2]string]bool{}, excuses: excuses}
		}
		real[kind].add(t, line)
	}
	compared := map[string]int{}
	for _, l := range madeLogs() {
		for _, ev := range l.Source() {
			kind := kindOf(t, ev.Raw)
			if s := real[kind]; s != nil {
				compared[kind]++
				s.check(t, kind, ev.Raw)
			}
		}
	}
	for _, list := range []map[string]string{additions, omissions} {
		for part := range list {
			if !excuses[part] {
				t.Errorf("%s need not be excused", part)
			}
		}
	}
	if len(compared) < 20 {
		t.Errorf("of %d kinds of events in the corpus only %d were compared", len(real), len(compared))
	}
}

// madeLogs are logs that have an event of every kind.
func madeLogs() []*evicttest.Log {
	var logs []*evicttest.Log
	for _, s := range evicttest.Scenarios() {
		logs = append(logs, s.Log)
	}
	l := evicttest.NewLog(start)
	by := evicttest.Kubectl("kubernetes-admin")
	for _, o := range []evict.Outcome{evict.MultipleBudgets, evict.NotFound, evict.Forbidden, evict.BadRequest, evict.Invalid, evict.VersionMismatch, evict.Unauthenticated} {
		l.Evict(l.Pod("shop", "web-0", node), by, evicttest.Answered(o))
	}
	l.Evict(l.Pod("shop", "web-0", node), by, evicttest.DeniedByPolicy("no-evict", "all", "no"))
	l.Uncordon(node, by)
	l.NotReady(l.Pod("shop", "web-0", node))
	return append(logs, l)
}

// kubeletPatch is the kind of request that a script sent in the place of the
// kubelet, with a body of its own.
const kubeletPatch = "patch pods status Request ResponseComplete kubelet"

// kindOf tells events apart that look different: by verb, resource, level and
// how it went, and for changes of a status by who made them.
func kindOf(t *testing.T, raw []byte) string {
	t.Helper()
	var ev struct {
		Verb, Level, Stage string
		User               struct{ Username string }
		ObjectRef          struct{ Resource, Subresource string }
		ResponseStatus     struct {
			Code   int
			Reason string
		}
		Annotations map[string]string
	}
	if err := json.Unmarshal(raw, &ev); err != nil {
		t.Fatal(err)
	}
	parts := []string{ev.Verb, ev.ObjectRef.Resource, ev.ObjectRef.Subresource, ev.Level, ev.Stage, ev.ResponseStatus.Reason}
	if ev.Annotations["authorization.k8s.io/decision"] == "forbid" {
		parts = append(parts, "forbid")
	}
	if ev.ResponseStatus.Code >= 400 && ev.ResponseStatus.Reason == "" {
		parts = append(parts, "failed")
	}
	if ev.ObjectRef.Subresource == "status" || ev.Verb == "delete" || ev.Verb == "create" && ev.ObjectRef.Subresource == "" {
		who := ev.User.Username
		if strings.HasPrefix(who, "system:node:") {
			who = "kubelet"
		} else if !strings.HasPrefix(who, "system:") && !strings.HasPrefix(who, "eks:") {
			who = "person"
		}
		parts = append(parts, who)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// add takes in a real event.
func (s *shape) add(t *testing.T, raw []byte) {
	t.Helper()
	s.events++
	once := map[string]bool{}
	walk(t, raw, func(object string, keys []string) {
		for i, key := range keys {
			if path := join(object, key); !once[path] {
				once[path] = true
				s.seen[path]++
			}
			for _, earlier := range keys[:i] {
				s.before[[2]string{join(object, earlier), join(object, key)}] = true
			}
		}
	})
}

// check compares an event with the real ones.
func (s *shape) check(t *testing.T, kind string, raw []byte) {
	t.Helper()
	made := map[string]bool{}
	walk(t, raw, func(object string, keys []string) {
		for i, key := range keys {
			path := join(object, key)
			made[path] = true
			if s.seen[path] == 0 && !excused(additions, path, s.excuses) {
				t.Errorf("%s: %s is in no real event", kind, path)
			}
			for _, earlier := range keys[:i] {
				pair := [2]string{join(object, earlier), path}
				if s.before[[2]string{pair[1], pair[0]}] && !s.before[pair] {
					t.Errorf("%s: %s stands before %s", kind, pair[0], pair[1])
				}
			}
		}
	})
	for path, n := range s.seen {
		parent := path[:max(0, strings.LastIndex(path, "."))]
		if n == s.events && !made[path] && (parent == "" || made[strings.TrimSuffix(parent, "[]")]) && !excused(omissions, path, s.excuses) {
			t.Errorf("%s: %s is in every real event", kind, path)
		}
	}
}

// excused reports whether a list has the path or a part of it, and notes which.
func excused(list map[string]string, path string, used map[string]bool) bool {
	found := false
	for part := range list {
		if strings.HasPrefix(path, part) || strings.HasSuffix(path, "."+part) {
			used[part], found = true, true
		}
	}
	return found
}

func join(object, key string) string {
	if object == "" {
		return key
	}
	return object + "." + key
}

// free are the objects whose keys are up to those who write them.
var free = []string{"labels", "annotations", "matchLabels", "extra", "nodeInfo", "daemonEndpoints", "capacity", "allocatable", "managedFields", "projected", "volumeMounts", "resources"}

// walk calls visit for each object in a JSON text with its keys in order, but
// for those whose keys are free. The labels of the corpus are left out.
func walk(t *testing.T, raw []byte, visit func(object string, keys []string)) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	walkObject(t, dec, "", visit)
}

func walkObject(t *testing.T, dec *json.Decoder, path string, visit func(string, []string)) {
	t.Helper()
	var keys []string
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		name := key.(string)
		if !strings.HasPrefix(name, "_") {
			keys = append(keys, name)
		}
		walkValue(t, dec, join(path, name), visit)
	}
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	last := path[strings.LastIndex(path, ".")+1:]
	if !slices.Contains(free, strings.TrimSuffix(last, "[]")) {
		visit(path, keys)
	}
}

func walkValue(t *testing.T, dec *json.Decoder, path string, visit func(string, []string)) {
	t.Helper()
	tok, err := dec.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch tok {
	case json.Delim('{'):
		walkObject(t, dec, path, visit)
	case json.Delim('['):
		for dec.More() {
			walkValue(t, dec, path+"[]", visit)
		}
		if _, err := dec.Token(); err != nil {
			t.Fatal(err)
		}
	}
}
