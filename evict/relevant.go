package evict

import (
	"bytes"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/fields"
)

// A resourceName names a resource of the API, or a subresource of one.
type resourceName struct{ group, resource, subresource string }

// A verbTable says what records the requests make, by their verbs.
type verbTable map[string]recordKind

// Deletions of whole collections matter for pods only: the namespace
// controller sends one for every resource there is.
var (
	podChanges      = verbTable{"update": podChanged, "patch": podChanged}
	ownerChanges    = verbTable{"update": ownerChanged, "patch": ownerChanged}
	ownerLife       = verbTable{"update": ownerChanged, "patch": ownerChanged, "delete": ownerDeleted}
	ownerDeletions  = verbTable{"delete": ownerDeleted}
	podBindings     = verbTable{"create": podBound}
	attemptsToEvict = verbTable{"create": attempted} // the subresource knows no other verb
)

// relevant lists the resources whose requests make records. All others are
// refused after a look at the path: the status of nodes and leases among them.
var relevant = map[resourceName]verbTable{
	{"", "pods", ""}: {
		"create": podCreated, "update": podChanged, "patch": podChanged,
		"delete": podDeleted, "deletecollection": podsDeleted,
	},
	{"", "pods", "status"}:   podChanges,
	{"", "pods", "binding"}:  podBindings,
	{"", "bindings", ""}:     podBindings, // older than pods/binding, and still served
	{"", "pods", "eviction"}: attemptsToEvict,

	{"", "nodes", ""}:      {"update": nodeChanged, "patch": nodeChanged, "delete": nodeDeleted},
	{"", "namespaces", ""}: {"delete": namespaceDeleted},

	{"", "replicationcontrollers", ""}:      ownerLife,
	{"", "replicationcontrollers", "scale"}: ownerChanges,
	{"apps", "deployments", ""}:             ownerLife,
	{"apps", "deployments", "scale"}:        ownerChanges,
	{"apps", "replicasets", ""}:             ownerLife,
	{"apps", "replicasets", "scale"}:        ownerChanges,
	{"apps", "statefulsets", ""}:            ownerLife,
	{"apps", "statefulsets", "scale"}:       ownerChanges,
	{"apps", "daemonsets", ""}:              ownerLife,
	{"batch", "jobs", ""}:                   ownerLife,
	{"batch", "cronjobs", ""}:               ownerDeletions, // a change of one is about pods to come
	{"argoproj.io", "rollouts", ""}:         ownerLife,
	{"argoproj.io", "rollouts", "scale"}:    ownerChanges,
	{"karpenter.sh", "nodeclaims", ""}:      ownerDeletions,

	{"lifecycle.k8s.io", "evictionrequests", ""}: {"create": evictionRequested},
}

// A relevance finds the events that make records among all others, most of
// which it refuses after a look at their verb or their path. It is used by one
// goroutine at a time.
type relevance struct{ values [6]fields.Value }

// The fields that it goes by, in the order of relevance.values.
const (
	byStage = iota
	byPath
	byVerb
	byResource
	bySubresource
	byGroup
)

var relevanceFields = fields.Compile("stage", "requestURI", "verb",
	"objectRef.resource", "objectRef.subresource", "objectRef.apiGroup")

// wants reports whether the event can make a record.
func (x *relevance) wants(ev *audit.Event) bool {
	state := relevanceFields.Walk(ev.Raw, x.values[:], mayMatter).State
	// What is malformed is for read, which says so.
	return state == fields.Malformed || state != fields.Refused && x.matters()
}

// refuses reports whether an event that begins so makes no record.
func (x *relevance) refuses(head []byte) bool {
	state := relevanceFields.Walk(head, x.values[:], mayMatter).State
	return state == fields.Refused || state == fields.Settled && !x.matters()
}

// matters reports whether the fields, all of which are known, speak for a
// record.
func (x *relevance) matters() bool {
	v := &x.values
	sub := textOf(v[bySubresource])
	if string(textOf(v[byStage])) == "RequestReceived" && string(sub) != "eviction" {
		return false // nothing has happened yet
	}
	// Neither lookup copies the texts.
	verbs := relevant[resourceName{string(textOf(v[byGroup])), string(textOf(v[byResource])), string(sub)}]
	_, ok := verbs[string(textOf(v[byVerb]))]
	return ok
}

// mayMatter reports whether a field speaks for a record.
func mayMatter(i int, v fields.Value) bool {
	switch i {
	case byPath:
		return pathMayMatter(v.Raw)
	case byVerb:
		switch string(textOf(v)) {
		case "create", "update", "patch", "delete", "deletecollection":
		default:
			return false
		}
	}
	return true
}

// pathMayMatter reports whether a path as it stands in the log may be that of a
// relevant resource. One that is escaped, in JSON or as a URL, or that is not
// formed as those of the API are, says nothing.
func pathMayMatter(uri []byte) bool {
	path, _, _ := bytes.Cut(uri, []byte{'?'})
	if bytes.IndexByte(path, '\\') >= 0 || bytes.IndexByte(path, '%') >= 0 {
		return true
	}
	group, rest, ok := cutGroup(path)
	if !ok {
		return true
	}
	resource, sub := cutResource(rest)
	_, ok = relevant[resourceName{string(group), string(resource), string(sub)}]
	return ok
}

// cutGroup takes the group and the version off a path:
//
//	/api/v1/REST
//	/apis/GROUP/VERSION/REST
func cutGroup(path []byte) (group, rest []byte, ok bool) {
	if rest, ok = bytes.CutPrefix(path, []byte("/api/v1/")); ok {
		return nil, rest, true
	}
	if rest, ok = bytes.CutPrefix(path, []byte("/apis/")); !ok {
		return nil, nil, false
	}
	if group, rest, ok = bytes.Cut(rest, []byte{'/'}); !ok {
		return nil, nil, false
	}
	_, rest, ok = bytes.Cut(rest, []byte{'/'})
	return group, rest, ok
}

// cutResource finds the resource and the subresource in the rest of a path:
//
//	namespaces/NAMESPACE/RESOURCE/NAME/SUBRESOURCE
//	RESOURCE/NAME/SUBRESOURCE
//
// As in the API server, namespaces/NAMESPACE and namespaces/NAMESPACE/status
// are about the namespace. Source: apiserver
// pkg/endpoints/request/requestinfo.go.
func cutResource(rest []byte) (resource, sub []byte) {
	resource, rest, _ = bytes.Cut(rest, []byte{'/'})
	_, rest, _ = bytes.Cut(rest, []byte{'/'})
	if string(resource) == "namespaces" {
		switch inside, after, _ := bytes.Cut(rest, []byte{'/'}); string(inside) {
		case "", "status", "finalize":
		default:
			resource = inside
			_, rest, _ = bytes.Cut(after, []byte{'/'})
		}
	}
	sub, _, _ = bytes.Cut(rest, []byte{'/'})
	return resource, sub
}

// textOf returns the text of a field, which is empty if it is missing.
func textOf(v fields.Value) []byte {
	if !v.Escaped {
		return v.Raw
	}
	return v.AppendText(nil)
}
