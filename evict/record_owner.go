package evict

import (
	"cmp"
	"encoding/json"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit/fields"
)

// ownerKinds are the kinds of the resources that control pods, or the nodes
// of pods.
var ownerKinds = map[string]string{
	"replicationcontrollers": "ReplicationController",
	"deployments":            "Deployment",
	"replicasets":            "ReplicaSet",
	"statefulsets":           "StatefulSet",
	"daemonsets":             "DaemonSet",
	"jobs":                   "Job",
	"cronjobs":               "CronJob",
	"rollouts":               "Rollout",
	"nodeclaims":             "NodeClaim",
}

// An ownerBody is what is read of a workload, whole or a part of one, or of
// its Scale.
type ownerBody struct {
	Kind     string   `json:"kind"`
	Metadata metadata `json:"metadata"`
	Spec     struct {
		Replicas    *int32          `json:"replicas"`
		Parallelism *int32          `json:"parallelism"` // of a Job
		Suspend     bool            `json:"suspend"`     // of a Job
		RestartAt   string          `json:"restartAt"`   // of a Rollout
		Template    json.RawMessage `json:"template"`
	} `json:"spec"`
	Status struct {
		ObservedGeneration *int64 `json:"observedGeneration"`
	} `json:"status"`
}

// readOwner reads a change of a workload, and reports whether it says anything
// of what matters for its pods.
func (r *record) readOwner(ev *auditv1.Event) bool {
	sent, made := decode[ownerBody](asMerge(ev.RequestObject)), decode[ownerBody](ev.ResponseObject)
	if unchanged(&sent, &made) {
		return false
	}
	// Whole objects repeat what they do not change: those of a put, and those
	// that are applied, which have a kind as no other patch needs to.
	whole := ev.Verb == "update" || sent.Kind != ""
	o := &ownerChange{
		kind:     ownerKinds[r.request.Resource],
		replicas: sent.replicas(),
		restart:  r.restarts(&sent, whole),
		template: len(sent.Spec.Template) > 0 && string(sent.Spec.Template) != "null",
		owner:    cmp.Or(made.Metadata.controller(), sent.Metadata.controller()),
		uid:      cmp.Or(r.uid, made.Metadata.UID, sent.Metadata.UID),
	}
	if o.replicas == nil && !o.restart && !o.template {
		return false
	}
	r.owner, r.uid = o, o.uid
	return true
}

// unchanged reports whether the answer proves that the spec did not change: the
// server counts its changes as generations. The one who sent a whole object
// says which they had seen, and its controller which it has acted on, which
// cannot be one that is made just now. Source:
// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#metadata.
func unchanged(sent, made *ownerBody) bool {
	now := made.Metadata.Generation
	if now == nil {
		return false
	}
	seen, acted := sent.Metadata.Generation, made.Status.ObservedGeneration
	return seen != nil && *seen == *now || acted != nil && *acted == *now
}

// replicas returns how many pods there are to be. A Job has its parallelism
// instead, and no pod at all while it is suspended. Source:
// https://kubernetes.io/docs/concepts/workloads/controllers/job/.
func (b *ownerBody) replicas() *int32 {
	switch {
	case b.Spec.Suspend:
		return new(int32)
	case b.Spec.Replicas != nil:
		return b.Spec.Replicas
	}
	return b.Spec.Parallelism
}

// restartedAt is the annotation of the pod template by which kubectl rollout
// restart, and all who do as it does, restart a workload. Source: kubectl
// pkg/polymorphichelpers/objectrestarter.go.
const restartedAt = "kubectl.kubernetes.io/restartedAt"

// restarts reports whether the request restarts the pods: it sets the annotation,
// or restartAt of a Rollout
// (https://argoproj.github.io/argo-rollouts/features/restart). A whole object
// repeats those of earlier restarts; of it only one that was made just now
// counts.
func (r *record) restarts(sent *ownerBody, whole bool) bool {
	template := decode[struct {
		Metadata metadata `json:"metadata"`
	}](&runtime.Unknown{Raw: sent.Spec.Template})
	value := sent.Spec.RestartAt
	if at := template.Metadata.Annotations[restartedAt]; at != nil {
		value = *at
	}
	if value == "" || !whole {
		return value != ""
	}
	nanos, ok := fields.ParseTime([]byte(value))
	return ok && r.at.Sub(time.Unix(0, nanos)).Abs() < justNow
}

// justNow is for how long a restart counts as new. The clock that wrote its
// time is not that of the server.
const justNow = 5 * time.Minute

// readDeletedOwner reads what the answer tells of an object that was deleted
// and waits for its dependents or its finalizers.
func (r *record) readDeletedOwner(ev *auditv1.Event) {
	b := decode[ownerBody](ev.ResponseObject)
	if b.Kind == "Status" {
		b = ownerBody{}
	}
	r.owner = &ownerChange{kind: ownerKinds[r.request.Resource], owner: b.Metadata.controller(), uid: r.uid}
}
