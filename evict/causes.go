package evict

import (
	"slices"
	"strings"
	"time"
)

// A causeTable remembers what lately happened to workloads and namespaces, and
// which collections of pods were deleted: what controllers then act on.
type causeTable struct {
	objects     map[objectKey]*object
	namespaces  map[string]*record   // their deletion
	collections map[string][]*record // deletions of pods by namespace that name none
}

// An objectKey names a workload, or anything else that owns pods.
type objectKey struct{ resource, namespace, name string }

// An object is what happened to one of them.
type object struct {
	owner    Owner
	replicas *int32    // the last number it was set to
	scaled   []*change // to fewer, or to a number of which that is not known
	changed  []*change // its pod template
	deleted  *record
	last     time.Time // of the last record, or when it last explained something
}

// A change is a request that had controllers delete pods, until the last one
// that it explained. A rollout goes on for as long as it removes pods.
type change struct {
	*record
	until time.Time
}

func newCauseTable() causeTable {
	return causeTable{
		objects:     map[objectKey]*object{},
		namespaces:  map[string]*record{},
		collections: map[string][]*record{},
	}
}

// resourceOf guesses the resource of a kind.
// Source: apimachinery pkg/api/meta/restmapper.go, UnsafeGuessKindToResource.
func resourceOf(kind string) string {
	s := strings.ToLower(kind)
	switch {
	case s == "":
		return ""
	case strings.HasSuffix(s, "s"):
		return s + "es"
	case strings.HasSuffix(s, "y"):
		return strings.TrimSuffix(s, "y") + "ies"
	}
	return s + "s"
}

// add takes in a change or deletion of a workload or namespace.
func (c *causeTable) add(r *record) {
	if r.kind == namespaceDeleted {
		c.namespaces[r.name] = r
		return
	}
	key := objectKey{r.request.Resource, r.namespace, r.name}
	o := c.objects[key]
	if o == nil {
		o = &object{}
		c.objects[key] = o
	}
	o.last = r.at
	if r.owner != nil && r.owner.owner.Kind != "" {
		o.owner = r.owner.owner
	}
	if r.kind == ownerDeleted {
		o.deleted = r
		return
	}
	// The deployment controller scales ReplicaSets because their Deployment
	// was scaled or changed. That is a link, not a cause.
	if r.owner == nil || controllerOf(&r.request.Actor) == "deployment-controller" {
		return
	}
	fewer := false
	if n := r.owner.replicas; n != nil {
		fewer = o.replicas != nil && *n < *o.replicas
		if o.replicas == nil || fewer {
			o.scaled = append(o.scaled, &change{r, r.at})
		}
		o.replicas = n
	}
	// A request that puts the whole object has the template in it, changed or
	// not. If it has fewer replicas than before, it was to scale.
	if r.owner.restart || r.owner.template && !fewer {
		o.changed = append(o.changed, &change{r, r.at})
	}
}

// parent returns the object that controls another one. The name of a ReplicaSet
// of a Deployment is that of the Deployment and the hash of the template.
// Source: kubernetes pkg/controller/deployment/sync.go, getNewReplicaSet.
func (c *causeTable) parent(key objectKey, hash string) (objectKey, bool) {
	if o := c.objects[key]; o != nil && o.owner.Kind != "" {
		return objectKey{resourceOf(o.owner.Kind), key.namespace, o.owner.Name}, true
	}
	if name, ok := strings.CutSuffix(key.name, "-"+hash); ok && hash != "" && key.resource == "replicasets" {
		return objectKey{"deployments", key.namespace, name}, true
	}
	return objectKey{}, false
}

// lineage returns the owner of a pod and what controls that, nearest first.
func (c *causeTable) lineage(p *pod) []objectKey {
	if p.owner.Kind == "" {
		return nil
	}
	list := []objectKey{{resourceOf(p.owner.Kind), p.namespace, p.owner.Name}}
	for len(list) < maxLineage {
		next, ok := c.parent(list[len(list)-1], p.labels["pod-template-hash"])
		if !ok || slices.Contains(list, next) {
			break
		}
		list = append(list, next)
	}
	return list
}

// maxLineage is how many owners above each other are looked at.
const maxLineage = 8

// deletion returns the deletion that had the garbage collector delete a pod:
// that of its owner, or of an owner above if that one was deleted by the
// collector as well.
func (c *causeTable) deletion(p *pod, at time.Time) *record {
	var found *record
	for _, key := range c.lineage(p) {
		o := c.objects[key]
		if o == nil || o.deleted == nil || !soon(o.deleted, at) {
			continue
		}
		o.last = later(o.last, at)
		found = o.deleted
		if controllerOf(&found.request.Actor) != "generic-garbage-collector" {
			return found
		}
	}
	return found
}

// revision returns the last change of the template of what controls the pod
// that came after the pod, so that the pod is of an old revision. A pod that was
// made at a time that is not known may be.
func (c *causeTable) revision(p *pod, at time.Time) *record {
	return c.latest(p, at, func(o *object) []*change { return o.changed }, func(r *record) bool {
		if !p.madeAt.IsZero() {
			return p.madeAt.Before(r.done)
		}
		return p.createdAt.IsZero() || p.createdAt.Before(r.at.Truncate(time.Second))
	})
}

// scaling returns the last request that scaled down what controls the pod.
func (c *causeTable) scaling(p *pod, at time.Time) *record {
	return c.latest(p, at, func(o *object) []*change { return o.scaled }, func(*record) bool { return true })
}

func (c *causeTable) latest(p *pod, at time.Time, of func(*object) []*change, ok func(*record) bool) *record {
	var found *change
	for _, key := range c.lineage(p) {
		o := c.objects[key]
		if o == nil {
			continue
		}
		for _, ch := range slices.Backward(of(o)) {
			if ch.at.After(at.Add(tolerance)) || at.Sub(ch.until) > QuietAfter || !ok(ch.record) {
				continue
			}
			o.last = later(o.last, at)
			if found == nil || ch.at.After(found.at) {
				found = ch
			}
			break
		}
	}
	if found == nil {
		return nil
	}
	found.until = later(found.until, at)
	return found.record
}

// soon reports whether an effect at that time can be of r.
func soon(r *record, effect time.Time) bool {
	return r != nil && effect.Sub(r.at) <= QuietAfter && !r.at.After(effect.Add(tolerance))
}

// collection returns the last deletion of all pods of a namespace before that
// time.
func (c *causeTable) collection(namespace string, at time.Time) *record {
	for _, r := range slices.Backward(c.collections[namespace]) {
		if soon(r, at) {
			return r
		}
	}
	return nil
}

// prune forgets what is older.
func (c *causeTable) prune(before time.Time) {
	old := func(r *record) bool { return r.at.Before(before) }
	for key, o := range c.objects {
		spent := func(ch *change) bool { return ch.until.Before(before) }
		o.scaled = slices.DeleteFunc(o.scaled, spent)
		o.changed = slices.DeleteFunc(o.changed, spent)
		if o.last.Before(before) {
			delete(c.objects, key)
		}
	}
	for name, r := range c.namespaces {
		if old(r) {
			delete(c.namespaces, name)
		}
	}
	for name, list := range c.collections {
		if list = slices.DeleteFunc(list, old); len(list) == 0 {
			delete(c.collections, name)
		} else {
			c.collections[name] = list
		}
	}
}

// controllerOf returns the name of the controller of Kubernetes that acts, if
// it is one. They have service accounts of their own in kube-system. If they
// share one user the client says which it is.
// Source: kubernetes cmd/kube-controller-manager (use-service-account-credentials); observed.
func controllerOf(a *Actor) string {
	const accounts = "system:serviceaccount:kube-system:"
	if name, ok := strings.CutPrefix(a.effective(), accounts); ok {
		return name
	}
	if a.effective() == "system:kube-controller-manager" {
		if i := strings.LastIndex(a.UserAgent, "/"); i >= 0 {
			return strings.TrimPrefix(a.UserAgent[i+1:], accounts)
		}
	}
	return ""
}
