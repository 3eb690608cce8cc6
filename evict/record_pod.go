package evict

import (
	"cmp"
	"time"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit/fields"
)

// A podBody is what is read of a pod, whole or a part of one, as in a patch.
// The type of k8s.io/api says the same, and is left out to depend on less.
type podBody struct {
	Kind     string   `json:"kind"`
	Metadata metadata `json:"metadata"`
	Spec     struct {
		NodeName          string `json:"nodeName"`
		SchedulerName     string `json:"schedulerName"`
		PriorityClassName string `json:"priorityClassName"`
	} `json:"spec"`
	Status struct {
		Phase      string      `json:"phase"`
		Reason     string      `json:"reason"`
		Message    string      `json:"message"`
		Conditions []condition `json:"conditions"`
		Containers []container `json:"containerStatuses"`
		Init       []container `json:"initContainerStatuses"`
	} `json:"status"`
}

// metadata is what is read of the metadata of any object. A label that a patch
// takes away is null.
type metadata struct {
	Name        string             `json:"name"`
	Namespace   string             `json:"namespace"`
	UID         string             `json:"uid"`
	Generation  *int64             `json:"generation"`
	Labels      map[string]*string `json:"labels"`
	Annotations map[string]*string `json:"annotations"`
	Owners      []struct {
		Kind       string `json:"kind"`
		Name       string `json:"name"`
		UID        string `json:"uid"`
		Controller bool   `json:"controller"`
	} `json:"ownerReferences"`
	Created  stamp `json:"creationTimestamp"`
	Deleting stamp `json:"deletionTimestamp"`
}

// A condition is one of a pod. Patches leave out what they do not change, and
// have a directive instead if they take the condition away.
type condition struct {
	Type      string `json:"type"`
	Status    string `json:"status"`
	Reason    string `json:"reason"`
	Message   string `json:"message"`
	Changed   stamp  `json:"lastTransitionTime"`
	Directive string `json:"$patch"`
}

type container struct {
	Name  string `json:"name"`
	State struct {
		Terminated *struct {
			ExitCode int32 `json:"exitCode"`
		} `json:"terminated"`
	} `json:"state"`
}

// A stamp is a time that is zero if it cannot be read.
type stamp struct{ time.Time }

// UnmarshalJSON reads a time, in UTC.
func (s *stamp) UnmarshalJSON(text []byte) error {
	if n := len(text); n >= 2 && text[0] == '"' {
		if nanos, ok := fields.ParseTime(text[1 : n-1]); ok {
			s.Time = time.Unix(0, nanos).UTC()
		}
	}
	return nil
}

// state returns what the body shows of the pod.
func (b *podBody) state() podState {
	p := podState{
		namespace:   b.Metadata.Namespace,
		name:        b.Metadata.Name,
		uid:         b.Metadata.UID,
		node:        b.Spec.NodeName,
		owner:       b.Metadata.controller(),
		labels:      b.Metadata.labels(),
		protections: b.Metadata.protections(),
		scheduler:   b.Spec.SchedulerName,
		priority:    b.Spec.PriorityClassName,
		created:     b.Metadata.Created.Time,
		deleting:    b.Metadata.Deleting.Time,
		phase:       b.Status.Phase,
		reason:      b.Status.Reason,
		message:     b.Status.Message,
	}
	for i := range b.Status.Conditions {
		p.read(&b.Status.Conditions[i])
	}
	for _, list := range [][]container{b.Status.Init, b.Status.Containers} {
		for _, c := range list {
			if c.State.Terminated == nil {
				continue
			}
			if p.exitCodes == nil {
				p.exitCodes = make(map[string]int32)
			}
			p.exitCodes[c.Name] = c.State.Terminated.ExitCode
		}
	}
	return p
}

// read reads a condition. DisruptionTarget says who is about to end the pod; its
// reasons are those of kubernetes pkg/apis/core/types.go and of the components
// that set them.
func (p *podState) read(c *condition) {
	if c.Directive == "delete" {
		return
	}
	switch c.Type {
	case "DisruptionTarget":
		if c.Status != "False" {
			p.disrupted, p.disruptedMessage, p.disruptedAt = c.Reason, c.Message, c.Changed.Time
		}
	case "Ready":
		p.ready, p.readyAt = c.Status, c.Changed.Time
	}
}

// says reports whether p shows more than the name of a pod.
func (p *podState) says() bool {
	return p.uid != "" || p.node != "" || p.owner != Owner{} ||
		len(p.labels) > 0 || len(p.protections) > 0 || p.scheduler != "" || p.priority != "" ||
		!p.created.IsZero() || !p.deleting.IsZero() ||
		p.phase != "" || p.reason != "" || p.message != "" ||
		p.disrupted != "" || p.ready != "" || len(p.exitCodes) > 0
}

// controller returns the owner that controls the object.
func (m *metadata) controller() Owner {
	for _, o := range m.Owners {
		if o.Controller {
			return Owner{Kind: o.Kind, Name: o.Name, UID: o.UID}
		}
	}
	return Owner{}
}

// labels returns the labels that are set.
func (m *metadata) labels() map[string]string {
	var set map[string]string
	for key, value := range m.Labels {
		if value == nil {
			continue
		}
		if set == nil {
			set = make(map[string]string, len(m.Labels))
		}
		set[key] = *value
	}
	return set
}

// protections are the annotations of pods that ask tools not to evict them,
// with the value that asks it. An empty one stands for any but "false": some
// tools go by the key alone, and of Karpenter the value may be a duration.
//
// Sources, in this order: karpenter pkg/apis/v1/labels.go;
// pkg/apis/v1alpha5/labels.go, where do-not-consolidate is for nodes and
// has no effect on a pod; autoscaler cluster-autoscaler/utils/drain/drain.go;
// descheduler pull request 1723; https://docs.cast.ai/docs/faq-evictor.
var protections = map[string]string{
	"karpenter.sh/do-not-disrupt":                        "",
	"karpenter.sh/do-not-evict":                          "",
	"karpenter.sh/do-not-consolidate":                    "",
	"cluster-autoscaler.kubernetes.io/safe-to-evict":     "false",
	"descheduler.alpha.kubernetes.io/prefer-no-eviction": "",
	"autoscaling.cast.ai/removal-disabled":               "",
}

// protections returns the annotations that ask not to be evicted.
func (m *metadata) protections() map[string]string {
	var set map[string]string
	for key, asks := range protections {
		value := m.Annotations[key]
		if value == nil || asks == "" && *value == "false" || asks != "" && *value != asks {
			continue
		}
		if set == nil {
			set = make(map[string]string)
		}
		set[key] = *value
	}
	return set
}

// isPod reports whether an object of this kind is a pod, or the metadata of one,
// which is what a client gets that asks for no more. Source:
// https://kubernetes.io/docs/reference/using-api/api-concepts/.
func isPod(kind string) bool { return kind == "Pod" || kind == "PartialObjectMetadata" }

// readPod reads the creation or a change of a pod. The pod in the answer is
// whole; without it, there is what the request says: all of a new pod, or the
// fields that a patch sets.
//
// Conditions of a whole pod may be old, whoever sends it: the node controller
// puts pods with the DisruptionTarget of others (observed). Who set one is told
// by its reason, not by the user of the request.
func (r *record) readPod(ev *auditv1.Event) bool {
	b := decode[podBody](ev.ResponseObject)
	if !isPod(b.Kind) {
		b = decode[podBody](asMerge(ev.RequestObject))
	}
	pod := b.state()
	r.name = cmp.Or(r.name, pod.name) // the path of a create has none
	r.uid = cmp.Or(r.uid, pod.uid)
	pod.uid = cmp.Or(pod.uid, r.uid)
	r.addPod(pod)
	return r.kind == podCreated || len(r.pods) > 0
}

// readBinding reads what binds a pod to a node.
func (r *record) readBinding(ev *auditv1.Event) bool {
	b := decode[struct {
		Metadata metadata `json:"metadata"`
		Target   struct {
			Name string `json:"name"`
		} `json:"target"`
	}](ev.RequestObject)
	r.name = cmp.Or(r.name, b.Metadata.Name)
	r.uid = cmp.Or(r.uid, b.Metadata.UID)
	r.addPod(podState{uid: r.uid, node: b.Target.Name})
	return true
}

// readEvictionRequest reads a request for an eviction that a controller is to
// carry out. The record is about the pod. One that is withdrawn is none. Source:
// k8s.io/api lifecycle/v1alpha1/types.go.
func (r *record) readEvictionRequest(ev *auditv1.Event) bool {
	b := decode[struct {
		Spec struct {
			Requester string `json:"requester"`
			Intent    string `json:"intent"`
			Target    struct {
				Pod struct {
					Name string `json:"name"`
					UID  string `json:"uid"`
				} `json:"pod"`
			} `json:"target"`
		} `json:"spec"`
	}](ev.RequestObject)
	r.name, r.uid, r.requester = b.Spec.Target.Pod.Name, b.Spec.Target.Pod.UID, b.Spec.Requester
	return b.Spec.Intent == "" || b.Spec.Intent == "Eviction"
}
