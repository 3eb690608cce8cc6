package evicttest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/evict"
)

// ref is what a request about a pod refers to.
func (p *Pod) ref(subresource string) auditv1.ObjectReference {
	return auditv1.ObjectReference{Resource: "pods", Namespace: p.Namespace, Name: p.Name, APIVersion: "v1", Subresource: subresource}
}

// Start makes a pod that was not there before, as its controller does, binds it
// to its node and has it become ready: 2 seconds after that on an instance, and
// 44 seconds after it was made, as observed, on Fargate.
func (l *Log) Start(p *Pod) {
	node := p.Node
	l.Create(p, controllerOf(p.Owner.Kind))
	if onFargate(node) {
		l.After(44 * time.Second)
	}
	l.Bind(p, node)
	l.After(2 * time.Second)
	l.Run(p)
}

// Replace starts a pod in the place of one that is going, on a node, and
// returns it. It has the same owner, and the same name if that is a
// StatefulSet.
func (l *Log) Replace(old *Pod, node string) *Pod {
	name := old.Name
	if old.isGenerated() {
		name = old.Owner.Name + "-" + suffix(uid("name", old.Namespace, old.Name))
	}
	p := l.Pod(old.Namespace, name, node)
	p.Owner, p.GracePeriod = old.Owner, old.GracePeriod
	for key, value := range old.Labels {
		p.Labels[key] = value
	}
	l.Start(p)
	return p
}

// suffix is how the API server ends a generated name: five letters and digits
// without those that make words. Source: apimachinery pkg/util/rand/rand.go.
func suffix(id string) string {
	const letters = "bcdfghjklmnpqrstvwxz2456789"
	b := make([]byte, 5)
	for i := range b {
		b[i] = letters[(int(id[i])*31+int(id[i+24]))%len(letters)]
	}
	return string(b)
}

// Create makes a pod, which is not bound to a node yet.
func (l *Log) Create(p *Pod, by Actor) {
	on := p.ref("")
	if p.isGenerated() {
		on.Name = ""
	}
	body := p.template()
	p.Node, p.created, p.version = "", l.second(), l.nextVersion()
	p.status = podStatus{Phase: "Pending", QOSClass: "BestEffort"}
	annotations := map[string]string{"pod-security.kubernetes.io/enforce-policy": "privileged:latest"}
	if p.Scheduler == fargateScheduler {
		annotations["patch.webhook.admission.k8s.io/round_0_index_0"] =
			`{"configuration":"0500-amazon-eks-fargate-mutation.amazonaws.com","webhook":"0500-amazon-eks-fargate-mutation.amazonaws.com",` +
				`"patch":[{"op":"add","path":"/spec/schedulerName","value":"fargate-scheduler"}],"patchType":"JSONPatch"}`
	}
	l.add(request{by: by, verb: "create", on: on, body: body, status: success(http.StatusCreated), answer: p.object(), annotations: annotations})
}

// Bind binds a pod to a node, as the scheduler does.
func (l *Log) Bind(p *Pod, node string) {
	by := Scheduler()
	if onFargate(node) {
		by = FargateScheduler()
	}
	on := p.ref("binding")
	on.UID = types.UID(p.UID)
	type target struct {
		Kind string `json:"kind"`
		Name string `json:"name"`
	}
	body := struct {
		metav1.TypeMeta `json:",inline"`
		Metadata        metav1.ObjectMeta `json:"metadata"`
		Target          target            `json:"target"`
	}{
		metav1.TypeMeta{Kind: "Binding", APIVersion: "v1"},
		metav1.ObjectMeta{Name: p.Name, Namespace: p.Namespace, UID: types.UID(p.UID)},
		target{"Node", node},
	}
	l.add(request{by: by, verb: "create", on: on, body: body, status: statusOnly(http.StatusCreated)})
	p.Node, p.version = node, l.nextVersion()
	p.status.Conditions = []podCondition{{Type: "PodScheduled", Status: "True", Since: l.second()}}
}

// Run has the kubelet say that a pod runs and is ready.
func (l *Log) Run(p *Pod) {
	now := l.second()
	p.status.Phase, p.status.StartTime, p.status.Conditions = "Running", &now, runningSince(now)
	l.kubeletSays(p, map[string]any{
		"phase": "Running", "startTime": now, "conditions": p.status.Conditions,
	})
}

// kubeletSays has the kubelet patch the status of a pod.
func (l *Log) kubeletSays(p *Pod, status map[string]any) {
	l.patchStatus(p, Kubelet(p.Node), auditv1.LevelRequest, true, status)
}

// patchStatus patches the status of a pod. The keys of a patch are sorted, as
// clients make it of a map.
func (l *Log) patchStatus(p *Pod, by Actor, level auditv1.Level, withUID bool, status map[string]any) {
	body := map[string]any{"status": status}
	if withUID {
		body["metadata"] = map[string]any{"uid": p.UID}
	}
	p.version = l.nextVersion()
	l.add(request{by: by, verb: "patch", on: p.ref("status"), level: level, body: body, status: success(http.StatusOK), answer: p.object()})
}

// An evictionBody is the body of a request to evict. Source: k8s.io/api
// policy/v1.
type evictionBody struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        evictionMeta          `json:"metadata"`
	DeleteOptions   *metav1.DeleteOptions `json:"deleteOptions,omitempty"`
}

type evictionMeta struct {
	Name        string            `json:"name"`
	Namespace   string            `json:"namespace"`
	Created     json.RawMessage   `json:"creationTimestamp,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Evict asks to evict a pod, by the Eviction API.
func (l *Log) Evict(p *Pod, by Actor, a Answer) {
	body := by.eviction(p)
	r := request{
		by: by, verb: "create", on: p.ref("eviction"), query: by.Habits.Query,
		stage: a.stage, unread: a.unread, unanswered: a.status == nil,
	}
	if a.outcome == evict.Invalid {
		r.query = "dryRun=Bogus"
	}
	if a.status != nil {
		r.status = a.status(p, by)
	}
	if a.alter != nil {
		a.alter(&body)
	}
	r.body = body
	if a.forbid {
		r.annotations = map[string]string{"authorization.k8s.io/decision": "forbid", "authorization.k8s.io/reason": ""}
	}
	asked, _ := url.ParseQuery(r.query)
	if a.outcome == evict.Accepted && !by.isDryRun() && asked.Get("dryRun") == "" {
		p.disrupted(l.second(), "EvictionByEvictionAPI", "Eviction API: evicting")
		var grace *int64
		if by.Habits.Eviction != nil {
			grace = by.Habits.Eviction.GracePeriodSeconds
		}
		l.decide(p, grace)
	}
	l.add(r)
}

// eviction is the body of the actor's request to evict a pod.
func (a Actor) eviction(p *Pod) evictionBody {
	version := a.Habits.Version
	if version == "" {
		version = "policy/v1"
	}
	b := evictionBody{
		TypeMeta: metav1.TypeMeta{Kind: "Eviction", APIVersion: version},
		Metadata: evictionMeta{Name: p.Name, Namespace: p.Namespace, Annotations: a.Habits.Annotations},
	}
	if a.Habits.NullTime {
		b.Metadata.Created = json.RawMessage("null")
	}
	if a.Habits.Eviction != nil {
		b.DeleteOptions = a.Habits.Eviction.DeepCopy()
	}
	if a.Habits.UID {
		b.require(metav1.Preconditions{UID: new(types.UID(p.UID))})
	}
	return b
}

func (b *evictionBody) require(c metav1.Preconditions) {
	if b.DeleteOptions == nil {
		b.DeleteOptions = &metav1.DeleteOptions{}
	}
	b.DeleteOptions.Preconditions = &c
}

// Delete deletes a pod, which goes when its grace period is over or its
// containers have ended: see [Log.End].
func (l *Log) Delete(p *Pod, by Actor) { l.delete(p, by, by.deleteOptions(p.UID, p.version)) }

// ForceDelete deletes a pod at once, as kubectl delete --force does. Its kubelet
// is not asked, and does not delete it. Source: observed.
func (l *Log) ForceDelete(p *Pod, by Actor) {
	opts := by.deleteOptions(p.UID, p.version)
	opts.GracePeriodSeconds = new(int64(0))
	l.delete(p, by, opts)
}

// DrainDelete deletes a pod as kubectl drain --disable-eviction does, which
// leaves all options to the server. Source: observed.
func (l *Log) DrainDelete(p *Pod, by Actor) {
	l.delete(p, by, metav1.DeleteOptions{DryRun: by.Habits.Delete.DryRun})
}

func (l *Log) delete(p *Pod, by Actor, opts metav1.DeleteOptions) {
	if len(opts.DryRun) == 0 {
		l.decide(p, opts.GracePeriodSeconds)
	}
	l.add(request{by: by, verb: "delete", on: p.ref(""), body: deletion(opts), status: success(http.StatusOK), answer: p.object()})
}

// deletion is the body of a request to delete as the log has it: of the
// internal version. Source: observed.
func deletion(opts metav1.DeleteOptions) metav1.DeleteOptions {
	opts.TypeMeta = metav1.TypeMeta{Kind: "DeleteOptions", APIVersion: "meta.k8s.io/__internal"}
	return opts
}

// DeleteCollection deletes the pods of a namespace that have a label. The
// answer names them, as they were before; that to the namespace controller is
// not logged on Amazon EKS. Source: observed.
func (l *Log) DeleteCollection(namespace, label string, by Actor, pods ...*Pod) {
	r := request{by: by, verb: "deletecollection", status: success(http.StatusOK)}
	r.on = auditv1.ObjectReference{Resource: "pods", Namespace: namespace, APIVersion: "v1"}
	if label != "" {
		r.query = "labelSelector=" + url.QueryEscape(label)
	}
	if by.User == Controller("namespace-controller").User {
		r.level = auditv1.LevelRequest
	}
	list := struct {
		metav1.TypeMeta `json:",inline"`
		Metadata        metav1.ListMeta `json:"metadata"`
		Items           []podObject     `json:"items"`
	}{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}, Items: []podObject{}}
	for _, p := range pods {
		o := p.object()
		o.TypeMeta = metav1.TypeMeta{}
		list.Items = append(list.Items, o)
		l.decide(p, nil)
	}
	list.Metadata.ResourceVersion = l.nextVersion()
	r.answer = list
	l.add(r)
}

// End has the kubelet say that the containers of a pod have ended, and then
// delete it: the last of a pod that was to go, and no cause. Source: observed,
// but for the exit codes (k8s.io/api core/v1).
func (l *Log) End(p *Pod) {
	p.status.Phase = "Succeeded"
	if p.ExitCode != 0 {
		p.status.Phase = "Failed"
	}
	p.ended(l.second())
	l.kubeletSays(p, map[string]any{"phase": p.status.Phase, "containerStatuses": p.status.Containers})
	l.Delete(p, Kubelet(p.Node))
}

// ended notes how the container ended.
func (p *Pod) ended(at metav1.Time) {
	reason := "Completed"
	if p.ExitCode != 0 {
		reason = "Error"
	}
	p.status.Containers = []containerStatus{{
		Name: "app", Image: "registry.example.com/app:1", ImageID: "registry.example.com/app@sha256:" + suffix(p.UID),
		State: containerState{terminated{ExitCode: p.ExitCode, Reason: reason, StartedAt: p.created, FinishedAt: at}},
	}}
}
