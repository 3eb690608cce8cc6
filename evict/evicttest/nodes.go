package evicttest

import (
	"net/http"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// A node is what a log has of a node.
type node struct {
	labels        map[string]string
	unschedulable bool
	taints        []taint
}

type taint struct {
	Key    string `json:"key"`
	Effect string `json:"effect"`
}

// node returns what the log has of a node.
func (l *Log) node(name string) *node {
	if l.nodes == nil {
		l.nodes = map[string]*node{}
	}
	n := l.nodes[name]
	if n == nil {
		n = &node{labels: map[string]string{"kubernetes.io/hostname": name}}
		if onFargate(name) {
			n.labels["eks.amazonaws.com/compute-type"] = "fargate"
			n.taints = []taint{{"eks.amazonaws.com/compute-type", "NoSchedule"}}
		}
		l.nodes[name] = n
	}
	return n
}

// Cordon makes a node unschedulable. Source: observed.
func (l *Log) Cordon(name string, by Actor) {
	l.node(name).unschedulable = true
	l.patchNode(name, by, map[string]any{"spec": map[string]any{"unschedulable": true}})
	if by.isDryRun() {
		l.node(name).unschedulable = false
	}
}

// Uncordon makes a node schedulable again. Source: observed.
func (l *Log) Uncordon(name string, by Actor) {
	l.node(name).unschedulable = false
	l.patchNode(name, by, map[string]any{"spec": map[string]any{"unschedulable": nil}})
}

// Taint adds a taint to a node, such as karpenter.sh/disrupted with the effect
// NoSchedule, by a patch that has all taints of the node. Source: observed for
// the node controller.
func (l *Log) Taint(name, key, effect string, by Actor) {
	n := l.node(name)
	n.taints = append(slices.Clone(n.taints), taint{key, effect})
	list := make([]map[string]string, 0, len(n.taints))
	for _, t := range n.taints {
		list = append(list, map[string]string{"effect": t.Effect, "key": t.Key})
	}
	l.patchNode(name, by, map[string]any{"spec": map[string]any{"taints": list}})
}

// Label adds a label to a node, by a patch of nothing else. Source: observed for
// eks:node-manager.
func (l *Log) Label(name, key, value string, by Actor) {
	l.node(name).labels[key] = value
	l.patchNode(name, by, map[string]any{"metadata": map[string]any{"labels": map[string]string{key: value}}})
}

// patchNode patches a node. A dry run says so in the query.
func (l *Log) patchNode(name string, by Actor, body any) {
	r := request{by: by, verb: "patch", on: nodeRef(name), body: body, status: success(http.StatusOK), answer: l.nodeObject(name)}
	if by.isDryRun() {
		r.query = "dryRun=All"
	}
	l.add(r)
}

// DeleteNode deletes a Node object. Source: observed.
func (l *Log) DeleteNode(name string, by Actor) {
	status := statusOnly(http.StatusOK)
	status.Details = &metav1.StatusDetails{Name: name, Kind: "nodes", UID: types.UID(uid("node", name))}
	l.nextVersion()
	l.add(request{
		by: by, verb: "delete", on: nodeRef(name), body: deletion(metav1.DeleteOptions{PropagationPolicy: by.Habits.Delete.PropagationPolicy}),
		status: status, answer: statusBody(status),
	})
	delete(l.nodes, name)
}

func nodeRef(name string) auditv1.ObjectReference {
	return auditv1.ObjectReference{Resource: "nodes", Name: name, APIVersion: "v1"}
}

// statusBody is the body of an answer that is a status: its code is only in the
// log's responseStatus. Source: observed for deletes.
func statusBody(status metav1.Status) metav1.Status {
	status.TypeMeta = typeMeta("Status", "v1")
	status.Code = 0
	return status
}

func typeMeta(kind, version string) metav1.TypeMeta {
	return metav1.TypeMeta{Kind: kind, APIVersion: version}
}

// A nodeObject is a node in a body. Keys are in the order of k8s.io/api core/v1.
type nodeObject struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        metav1.ObjectMeta `json:"metadata"`
	Spec            nodeSpec          `json:"spec"`
	Status          nodeStatus        `json:"status"`
}

type nodeSpec struct {
	Unschedulable bool    `json:"unschedulable,omitempty"`
	Taints        []taint `json:"taints,omitempty"`
}

type nodeStatus struct {
	Conditions []nodeCondition           `json:"conditions"`
	Endpoints  map[string]map[string]int `json:"daemonEndpoints"`
	Info       nodeInfo                  `json:"nodeInfo"`
}

type nodeInfo struct {
	KubeletVersion  string `json:"kubeletVersion"`
	OperatingSystem string `json:"operatingSystem"`
	Architecture    string `json:"architecture"`
}

type nodeCondition struct {
	Type   string      `json:"type"`
	Status string      `json:"status"`
	Heard  metav1.Time `json:"lastHeartbeatTime"`
	Since  metav1.Time `json:"lastTransitionTime"`
	Reason string      `json:"reason"`
}

func (l *Log) nodeObject(name string) nodeObject {
	n := l.node(name)
	born := metav1.NewTime(l.now.Add(-14 * 24 * time.Hour).Truncate(24 * time.Hour))
	o := nodeObject{
		TypeMeta: typeMeta("Node", "v1"),
		Spec:     nodeSpec{n.unschedulable, n.taints},
		Status: nodeStatus{
			Conditions: []nodeCondition{{"Ready", "True", l.second(), born, "KubeletReady"}},
			Endpoints:  map[string]map[string]int{"kubeletEndpoint": {"Port": 10250}},
			Info:       nodeInfo{"v1.37.2", "linux", "amd64"},
		},
	}
	l.stamp(&o.Metadata, "node", "", name)
	o.Metadata.CreationTimestamp, o.Metadata.Generation = born, 0
	o.Metadata.Labels = map[string]string{}
	for key, value := range n.labels {
		o.Metadata.Labels[key] = value
	}
	return o
}

// stamp gives the metadata of an object what the server gives them.
func (l *Log) stamp(m *metav1.ObjectMeta, kind, namespace, name string) {
	m.Name, m.Namespace = name, namespace
	m.UID = types.UID(uid(kind, name))
	if namespace != "" {
		m.UID = types.UID(uid("owner", namespace, kind, name))
	}
	m.ResourceVersion, m.Generation, m.CreationTimestamp = l.nextVersion(), 1, l.second()
}
