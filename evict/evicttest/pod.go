package evicttest

import (
	"encoding/json"
	"maps"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/evictlog/evictlog/evict"
)

// A Pod is a pod of a [Log]. Its exported fields can be changed before the
// first request about it.
type Pod struct {
	Namespace, Name, UID string

	// Node is where it runs; empty until it is bound, if the log begins before
	// that. A node whose name begins with "fargate-" is one of EKS Fargate.
	Node string

	// Owner is what controls it, if anything does. The uid of the owner may be
	// left out.
	Owner evict.Owner

	Labels, Annotations map[string]string

	// PriorityClass and Scheduler are the names that its spec has. They may be
	// empty, which means no class and the default scheduler.
	PriorityClass, Scheduler string

	// GracePeriod is its terminationGracePeriodSeconds.
	GracePeriod int64

	// ExitCode is that of its container in the end.
	ExitCode int32

	created    metav1.Time
	deleting   *metav1.Time
	grace      *int64
	version    string
	status     podStatus
	generation int64
}

// Pod returns a pod that runs on a node when the log begins. It makes no
// request.
func (l *Log) Pod(namespace, name, node string) *Pod {
	key := namespace + "/" + name
	p := &Pod{
		Namespace: namespace, Name: name, Node: node,
		UID:         uid("pod", namespace, name, string(rune('0'+l.count("pod "+key)))),
		Labels:      map[string]string{"app": strings.TrimRight(name, "-0123456789")},
		GracePeriod: 30,
		created:     metav1.NewTime(l.now.Add(-7 * 24 * time.Hour).Truncate(time.Second)),
		generation:  1,
		version:     l.nextVersion(),
	}
	if onFargate(node) {
		p.onFargate()
	}
	p.status = podStatus{Phase: "Running", QOSClass: "BestEffort", StartTime: &p.created, Conditions: runningSince(p.created)}
	return p
}

// onFargate gives the pod what EKS gives those of a Fargate profile. Sources:
// observed; https://docs.aws.amazon.com/eks/latest/userguide/fargate-pod-configuration.html.
func (p *Pod) onFargate() {
	p.Labels[fargateProfile] = "default"
	p.Annotations = map[string]string{
		fargateAnnotations[0]: "0.25vCPU 0.5GB",
		fargateAnnotations[1]: "LoggingDisabled: LOGGING_CONFIGMAP_NOT_FOUND",
	}
	p.PriorityClass, p.Scheduler = "system-node-critical", fargateScheduler
}

const (
	fargateProfile   = "eks.amazonaws.com/fargate-profile"
	fargateScheduler = "fargate-scheduler"
)

var fargateAnnotations = [...]string{"CapacityProvisioned", "Logging"}

// owner returns its owner with the uid.
func (p *Pod) owner() evict.Owner {
	o := p.Owner
	if o.UID == "" && o.Kind != "" {
		o.UID = uid("owner", p.Namespace, o.Kind, o.Name)
	}
	return o
}

// decide notes that the pod is to be deleted after a grace period, from now.
func (l *Log) decide(p *Pod, grace *int64) {
	seconds := p.GracePeriod
	if grace != nil {
		seconds = *grace
	}
	if p.Node == "" {
		seconds = 0 // nothing to wait for: the server deletes it at once
	}
	p.version = l.nextVersion()
	if p.deleting != nil && *p.grace <= seconds {
		return
	}
	until := metav1.NewTime(l.second().Add(time.Duration(seconds) * time.Second))
	p.deleting, p.grace = &until, &seconds
	p.generation = 2
}

// A podObject is a pod in a body. The keys of this and the types below are in
// the order of k8s.io/api core/v1, and those that the log of a server has of
// every pod are there.
type podObject struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        metav1.ObjectMeta `json:"metadata"`
	Spec            podSpec           `json:"spec"`
	Status          podStatus         `json:"status"`
}

type podSpec struct {
	Volumes            []volume     `json:"volumes,omitempty"`
	Containers         []container  `json:"containers"`
	RestartPolicy      string       `json:"restartPolicy"`
	GracePeriod        int64        `json:"terminationGracePeriodSeconds"`
	DNSPolicy          string       `json:"dnsPolicy"`
	ServiceAccountName string       `json:"serviceAccountName,omitempty"`
	ServiceAccount     string       `json:"serviceAccount,omitempty"`
	NodeName           string       `json:"nodeName,omitempty"`
	SecurityContext    struct{}     `json:"securityContext"`
	SchedulerName      string       `json:"schedulerName"`
	Tolerations        []toleration `json:"tolerations,omitempty"`
	PriorityClassName  string       `json:"priorityClassName,omitempty"`
	Priority           *int32       `json:"priority,omitempty"`
	EnableServiceLinks *bool        `json:"enableServiceLinks,omitempty"`
	PreemptionPolicy   string       `json:"preemptionPolicy,omitempty"`
}

type volume struct {
	Name      string          `json:"name"`
	Projected json.RawMessage `json:"projected"`
}

type volumeMount struct {
	Name      string `json:"name"`
	ReadOnly  bool   `json:"readOnly"`
	MountPath string `json:"mountPath"`
}

// accountToken is the volume that the server adds to every pod.
const accountToken = `{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},` +
	`{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},` +
	`{"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}],"defaultMode":420}`

type container struct {
	Name                     string        `json:"name"`
	Image                    string        `json:"image"`
	Resources                struct{}      `json:"resources"`
	VolumeMounts             []volumeMount `json:"volumeMounts,omitempty"`
	TerminationMessagePath   string        `json:"terminationMessagePath"`
	TerminationMessagePolicy string        `json:"terminationMessagePolicy"`
	ImagePullPolicy          string        `json:"imagePullPolicy"`
}

type toleration struct {
	Key      string `json:"key"`
	Operator string `json:"operator"`
	Effect   string `json:"effect"`
	Seconds  int64  `json:"tolerationSeconds"`
}

type podStatus struct {
	Generation int64             `json:"observedGeneration,omitempty"`
	Phase      string            `json:"phase,omitempty"`
	Conditions []podCondition    `json:"conditions,omitempty"`
	Message    string            `json:"message,omitempty"`
	Reason     string            `json:"reason,omitempty"`
	StartTime  *metav1.Time      `json:"startTime,omitempty"`
	Containers []containerStatus `json:"containerStatuses,omitempty"`
	QOSClass   string            `json:"qosClass,omitempty"`
}

type podCondition struct {
	Type       string       `json:"type"`
	Generation int64        `json:"observedGeneration,omitempty"`
	Status     string       `json:"status"`
	Probed     *metav1.Time `json:"lastProbeTime"` // null, as nothing sets it
	Since      metav1.Time  `json:"lastTransitionTime"`
	Reason     string       `json:"reason,omitempty"`
	Message    string       `json:"message,omitempty"`
}

type containerStatus struct {
	Name         string         `json:"name"`
	State        containerState `json:"state"`
	LastState    struct{}       `json:"lastState"`
	Ready        bool           `json:"ready"`
	RestartCount int32          `json:"restartCount"`
	Image        string         `json:"image"`
	ImageID      string         `json:"imageID"`
}

type containerState struct {
	Terminated terminated `json:"terminated"`
}

type terminated struct {
	ExitCode   int32       `json:"exitCode"`
	Reason     string      `json:"reason"`
	StartedAt  metav1.Time `json:"startedAt"`
	FinishedAt metav1.Time `json:"finishedAt"`
}

// object is the pod as it stands in the API.
func (p *Pod) object() podObject {
	o := podObject{
		TypeMeta: metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"},
		Metadata: p.meta(),
		Spec:     p.spec(),
		Status:   p.status,
	}
	o.Metadata.Name, o.Metadata.Namespace = p.Name, p.Namespace
	o.Metadata.UID, o.Metadata.ResourceVersion = types.UID(p.UID), p.version
	o.Metadata.Generation, o.Metadata.CreationTimestamp = p.generation, p.created
	o.Metadata.DeletionTimestamp, o.Metadata.DeletionGracePeriodSeconds = p.deleting, p.grace
	o.Spec.ServiceAccountName, o.Spec.ServiceAccount = "default", "default"
	o.Spec.NodeName = p.Node
	token := "kube-api-access-" + suffix(p.UID)
	o.Spec.Volumes = []volume{{token, json.RawMessage(accountToken)}}
	o.Spec.Containers[0].VolumeMounts = []volumeMount{{token, true, "/var/run/secrets/kubernetes.io/serviceaccount"}}
	o.Spec.PreemptionPolicy = "PreemptLowerPriority"
	o.Spec.Priority = new(int32(0))
	if p.PriorityClass == "system-node-critical" {
		o.Spec.Priority = new(int32(2_000_001_000))
	}
	for _, key := range []string{"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"} {
		o.Spec.Tolerations = append(o.Spec.Tolerations, toleration{key, "Exists", "NoExecute", 300})
	}
	return o
}

// template is the pod as its controller sends it: before a webhook has made it
// one of Fargate.
func (p *Pod) template() podObject {
	o := podObject{
		TypeMeta: metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"},
		Metadata: p.meta(),
		Spec:     p.spec(),
	}
	if p.Scheduler == fargateScheduler {
		delete(o.Metadata.Labels, fargateProfile)
		for _, key := range fargateAnnotations {
			delete(o.Metadata.Annotations, key)
		}
		o.Spec.SchedulerName, o.Spec.PriorityClassName = "default-scheduler", ""
	}
	if o.Metadata.GenerateName == "" {
		o.Metadata.Name = p.Name
	}
	return o
}

// meta is what does not change of its metadata.
func (p *Pod) meta() metav1.ObjectMeta {
	m := metav1.ObjectMeta{Labels: maps.Clone(p.Labels), Annotations: maps.Clone(p.Annotations)}
	o := p.owner()
	if o.Kind == "" {
		return m
	}
	api := "apps/v1"
	if o.Kind == "Job" {
		api = "batch/v1"
	}
	m.OwnerReferences = []metav1.OwnerReference{{
		APIVersion: api, Kind: o.Kind, Name: o.Name, UID: types.UID(o.UID), Controller: new(true), BlockOwnerDeletion: new(true),
	}}
	if p.isGenerated() {
		m.GenerateName = o.Name + "-"
	}
	if hash := templateHash(o); hash != "" {
		m.Labels["pod-template-hash"] = hash
	}
	return m
}

// templateHash is the hash of the pod template that a Deployment gives to the
// name of a ReplicaSet, and to the labels of its pods. Source: observed;
// kubernetes pkg/controller/deployment/sync.go.
func templateHash(o evict.Owner) string {
	if o.Kind != "ReplicaSet" {
		return ""
	}
	return o.Name[strings.LastIndex(o.Name, "-")+1:]
}

// isGenerated reports whether the server makes its name. A StatefulSet names
// its pods itself.
func (p *Pod) isGenerated() bool { return p.Owner.Kind != "" && p.Owner.Kind != "StatefulSet" }

func (p *Pod) spec() podSpec {
	s := podSpec{
		Containers: []container{{
			Name: "app", Image: "registry.example.com/app:1",
			TerminationMessagePath: "/dev/termination-log", TerminationMessagePolicy: "File", ImagePullPolicy: "IfNotPresent",
		}},
		RestartPolicy:      "Always",
		GracePeriod:        p.GracePeriod,
		DNSPolicy:          "ClusterFirst",
		SchedulerName:      "default-scheduler",
		PriorityClassName:  p.PriorityClass,
		EnableServiceLinks: new(true),
	}
	if p.Owner.Kind == "Job" {
		s.RestartPolicy = "Never"
	}
	if p.Scheduler != "" {
		s.SchedulerName = p.Scheduler
	}
	return s
}

// runningSince are the conditions of a pod that runs and is ready.
func runningSince(t metav1.Time) []podCondition {
	var list []podCondition
	for _, kind := range []string{"Initialized", "Ready", "ContainersReady", "PodScheduled"} {
		list = append(list, podCondition{Type: kind, Status: "True", Since: t})
	}
	return list
}

// disrupted notes why the pod is about to go. There is one such condition, and
// a later reason takes the place of the one before. Source: observed.
func (p *Pod) disrupted(at metav1.Time, reason, message string) podCondition {
	c := podCondition{
		Type: "DisruptionTarget", Generation: p.generation, Status: "True", Since: at, Reason: reason, Message: message,
	}
	kept := p.status.Conditions[:0:0]
	for _, old := range p.status.Conditions {
		if old.Type != c.Type {
			kept = append(kept, old)
		} else {
			c.Since = old.Since
		}
	}
	p.status.Conditions = append(kept, c)
	return c
}
