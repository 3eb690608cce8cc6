package evicttest

import (
	"net/http"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/evict"
)

// ownerRef is what a request about an owner of pods, or of what owns them,
// refers to.
func ownerRef(namespace string, o evict.Owner, subresource string) auditv1.ObjectReference {
	ref := auditv1.ObjectReference{
		Resource: strings.ToLower(o.Kind) + "s", Namespace: namespace, Name: o.Name,
		APIGroup: "apps", APIVersion: "v1", Subresource: subresource,
	}
	if o.Kind == "Job" || o.Kind == "CronJob" {
		ref.APIGroup = "batch"
	}
	return ref
}

// A workload is a Deployment, ReplicaSet, StatefulSet, DaemonSet or Job in a
// body, as far as it is about its pods.
type workload struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        metav1.ObjectMeta `json:"metadata"`
	Spec            workloadSpec      `json:"spec"`
	Status          struct{}          `json:"status"`
}

type workloadSpec struct {
	Replicas *int32               `json:"replicas,omitempty"`
	Selector metav1.LabelSelector `json:"selector"`
	Template struct {
		Metadata metav1.ObjectMeta `json:"metadata"`
		Spec     podSpec           `json:"spec"`
	} `json:"template"`
}

// workload is one as it stands in the API. A ReplicaSet or a Job whose name is
// a name, a hyphen and a hash belongs to the Deployment or CronJob of that
// name, as those name them.
func (l *Log) workload(namespace string, o evict.Owner, replicas *int32) workload {
	ref := ownerRef(namespace, o, "")
	w := workload{TypeMeta: typeMeta(o.Kind, ref.APIGroup+"/v1")}
	l.stamp(&w.Metadata, o.Kind, namespace, o.Name)
	name, _, hashed := cutLast(o.Name, "-")
	if parent := map[string]string{"ReplicaSet": "Deployment", "Job": "CronJob"}[o.Kind]; parent != "" && hashed {
		w.Metadata.OwnerReferences = []metav1.OwnerReference{{
			APIVersion: ref.APIGroup + "/v1", Kind: parent, Name: name, UID: types.UID(uid("owner", namespace, parent, name)),
			Controller: new(true), BlockOwnerDeletion: new(true),
		}}
	}
	w.Metadata.Labels = map[string]string{"app": name}
	if hash := templateHash(o); hash != "" {
		w.Metadata.Labels["pod-template-hash"] = hash
	}
	w.Spec.Replicas = replicas
	w.Spec.Selector.MatchLabels = w.Metadata.Labels
	w.Spec.Template.Metadata.Labels = w.Metadata.Labels
	w.Spec.Template.Spec = (&Pod{GracePeriod: 30}).spec()
	w.Spec.Template.Spec.EnableServiceLinks = nil
	return w
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// Scale has an owner keep another number of pods: as kubectl scale does by a
// patch of its subresource scale, the autoscaler by an update of it, and the
// deployment controller by an update of the ReplicaSet. Sources: observed for
// kubectl; kubernetes pkg/controller/podautoscaler/horizontal.go,
// pkg/controller/deployment/sync.go.
func (l *Log) Scale(namespace string, o evict.Owner, replicas int32, by Actor) {
	type spec struct {
		Replicas int32 `json:"replicas"`
	}
	if by.User == Controller("deployment-controller").User {
		w := l.workload(namespace, o, &replicas)
		scaled := w
		scaled.Metadata.ResourceVersion, scaled.Metadata.Generation = l.nextVersion(), w.Metadata.Generation+1
		l.add(request{by: by, verb: "update", on: ownerRef(namespace, o, ""), body: w, status: success(http.StatusOK), answer: scaled})
		return
	}
	scale := struct {
		metav1.TypeMeta `json:",inline"`
		Metadata        metav1.ObjectMeta `json:"metadata"`
		Spec            spec              `json:"spec"`
		Status          spec              `json:"status"`
	}{TypeMeta: typeMeta("Scale", "autoscaling/v1"), Spec: spec{replicas}, Status: spec{replicas}}
	l.stamp(&scale.Metadata, o.Kind, namespace, o.Name)
	scale.Metadata.Generation = 0
	r := request{by: by, verb: "patch", on: ownerRef(namespace, o, "scale"), status: success(http.StatusOK), answer: scale}
	r.body = map[string]any{"spec": spec{replicas}}
	if by.User == Controller("horizontal-pod-autoscaler").User {
		r.verb, r.body = "update", scale
	}
	l.add(r)
}

// Restart has an owner replace all its pods, as kubectl rollout restart does.
// Source: observed.
func (l *Log) Restart(namespace string, o evict.Owner, by Actor) {
	restarted := map[string]string{"kubectl.kubernetes.io/restartedAt": l.now.Format(time.RFC3339)}
	w := l.workload(namespace, o, nil)
	w.Spec.Template.Metadata.Annotations = restarted
	l.add(request{
		by: by, verb: "patch", on: ownerRef(namespace, o, ""), query: "fieldManager=kubectl-rollout", status: success(http.StatusOK), answer: w,
		body: map[string]any{"spec": map[string]any{"template": map[string]any{"metadata": map[string]any{"annotations": restarted}}}},
	})
}

// CreateOwner makes an owner of pods, such as the ReplicaSet of a new revision.
func (l *Log) CreateOwner(namespace string, o evict.Owner, replicas int32, by Actor) {
	w := l.workload(namespace, o, &replicas)
	body := w
	body.Metadata.UID, body.Metadata.ResourceVersion, body.Metadata.Generation = "", "", 0
	body.Metadata.CreationTimestamp = metav1.Time{}
	l.add(request{by: by, verb: "create", on: ownerRef(namespace, o, ""), body: body, status: success(http.StatusCreated), answer: w})
}

// DeleteOwner deletes an owner of pods, which the garbage collector then
// deletes: see [Controller]. A Job that has outlived its TTL is deleted by the
// controller ttl-after-finished-controller. Source: observed.
func (l *Log) DeleteOwner(namespace string, o evict.Owner, by Actor) {
	id := uid("owner", namespace, o.Kind, o.Name)
	on := ownerRef(namespace, o, "")
	status := statusOnly(http.StatusOK)
	status.Details = &metav1.StatusDetails{Name: o.Name, Group: on.APIGroup, Kind: on.Resource, UID: types.UID(id)}
	version := l.nextVersion()
	l.add(request{
		by: by, verb: "delete", on: on, body: deletion(by.deleteOptions(id, version)),
		status: status, answer: statusBody(status),
	})
}

// DeleteNamespace deletes a namespace, which the namespace controller then
// empties: see [Log.DeleteCollection].
func (l *Log) DeleteNamespace(name string, by Actor) {
	answer := struct {
		metav1.TypeMeta `json:",inline"`
		Metadata        metav1.ObjectMeta   `json:"metadata"`
		Spec            map[string][]string `json:"spec"`
		Status          map[string]string   `json:"status"`
	}{
		TypeMeta: typeMeta("Namespace", "v1"),
		Spec:     map[string][]string{"finalizers": {"kubernetes"}},
		Status:   map[string]string{"phase": "Terminating"},
	}
	l.stamp(&answer.Metadata, "namespace", "", name)
	now := l.second()
	answer.Metadata.Generation = 0
	answer.Metadata.CreationTimestamp, answer.Metadata.DeletionTimestamp = metav1.NewTime(now.Add(-30*24*time.Hour)), &now
	answer.Metadata.Labels = map[string]string{"kubernetes.io/metadata.name": name}
	l.add(request{
		by: by, verb: "delete", on: auditv1.ObjectReference{Resource: "namespaces", Namespace: name, Name: name, APIVersion: "v1"},
		body: deletion(metav1.DeleteOptions{PropagationPolicy: by.Habits.Delete.PropagationPolicy}), status: success(http.StatusOK), answer: answer,
	})
}

// RequestEviction makes an EvictionRequest for a pod, in the name of a
// requester such as example.com/maintenance. On Amazon EKS the log has no body
// of it. Source: k8s.io/api lifecycle/v1alpha1/types.go.
func (l *Log) RequestEviction(p *Pod, by Actor, requester string) {
	type podRef struct {
		Name string `json:"name"`
		UID  string `json:"uid"`
	}
	type evictionRequest struct {
		metav1.TypeMeta `json:",inline"`
		Metadata        metav1.ObjectMeta `json:"metadata"`
		Spec            struct {
			Target struct {
				Pod podRef `json:"pod"`
			} `json:"target"`
			Requester string `json:"requester"`
			Intent    string `json:"intent"`
		} `json:"spec"`
	}
	name := p.Name + "-" + suffix(p.UID)
	body := evictionRequest{TypeMeta: typeMeta("EvictionRequest", "lifecycle.k8s.io/v1alpha1")}
	body.Metadata.Name, body.Metadata.Namespace = name, p.Namespace
	body.Spec.Target.Pod = podRef{p.Name, p.UID}
	body.Spec.Requester, body.Spec.Intent = requester, "Eviction"
	answer := body
	l.stamp(&answer.Metadata, "EvictionRequest", p.Namespace, name)
	l.add(request{
		by: by, verb: "create", level: auditv1.LevelMetadata, body: body, status: success(http.StatusCreated), answer: answer,
		on: auditv1.ObjectReference{Resource: "evictionrequests", Namespace: p.Namespace, Name: name, APIGroup: "lifecycle.k8s.io", APIVersion: "v1alpha1"},
	})
}
