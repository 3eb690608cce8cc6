package evicttest

import (
	"fmt"
	"net/http"
)

// Preempt has the scheduler preempt a pod. Source: observed.
func (l *Log) Preempt(p *Pod) {
	l.mark(p, Scheduler(), "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod")
	l.Delete(p, Scheduler())
}

// TaintEvict has a pod deleted because of a taint of its node, with the effect
// NoExecute. Source: observed.
func (l *Log) TaintEvict(p *Pod) {
	by := Controller("node-controller")
	l.mark(p, by, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint")
	l.Delete(p, by)
}

// GarbageCollect has a pod deleted because its node is gone. Source: observed.
func (l *Log) GarbageCollect(p *Pod) {
	p.status.Phase, p.status.Generation = "Failed", p.generation
	by := Controller("pod-garbage-collector")
	l.mark(p, by, "DeletionByPodGC", "PodGC: node no longer exists")
	l.Delete(p, by)
}

// mark has a controller say in the status of a pod why it is about to delete
// it.
func (l *Log) mark(p *Pod, by Actor, reason, message string) {
	c := p.disrupted(l.second(), reason, message)
	order := make([]map[string]string, 0, len(p.status.Conditions))
	for _, c := range p.status.Conditions {
		order = append(order, map[string]string{"type": c.Type})
	}
	status := map[string]any{
		"$setElementOrder/conditions": order,
		"conditions": []map[string]any{{
			"lastProbeTime": nil, "lastTransitionTime": c.Since, "message": message, "observedGeneration": c.Generation,
			"reason": reason, "status": "True", "type": c.Type,
		}},
	}
	if p.status.Phase == "Failed" {
		status["phase"], status["observedGeneration"] = "Failed", p.status.Generation
	}
	l.patchStatus(p, by, "", by.User != Scheduler().User, status)
}

// NodePressure has the kubelet end a pod because its node is low on a resource,
// such as memory. The pod object stays. Source: kubernetes
// pkg/kubelet/eviction/helpers.go, eviction_manager.go.
func (l *Log) NodePressure(p *Pod, resource string) {
	text := fmt.Sprintf("The node was low on resource: %s. Threshold quantity: 100Mi, available: 17348Ki. ", resource)
	l.terminate(p, "Evicted", text, text)
}

// Shutdown has the kubelet end a pod because its node shuts down. The pod object
// stays. Source: kubernetes pkg/kubelet/nodeshutdown.
func (l *Log) Shutdown(p *Pod) {
	const text = "Pod was terminated in response to imminent node shutdown."
	l.terminate(p, "Terminated", text, text)
}

// AdmitCritical has the kubelet end a pod to make room for a critical one. The
// pod object stays. Source: kubernetes pkg/kubelet/preemption/preemption.go.
func (l *Log) AdmitCritical(p *Pod) {
	l.terminate(p, "Preempting", "Preempted in order to admit critical pod", "Pod was preempted by Kubelet to accommodate a critical pod.")
}

func (l *Log) terminate(p *Pod, reason, message, condition string) {
	p.status.Phase, p.status.Reason, p.status.Message = "Failed", reason, message
	c := p.disrupted(l.second(), "TerminationByKubelet", condition)
	l.kubeletSays(p, map[string]any{
		"phase": "Failed", "reason": reason, "message": message, "conditions": []podCondition{c},
	})
}

// NotReady has the node controller say that a pod of a node that is not heard
// of is not ready: with the whole pod, old conditions included. It is no
// removal. Source: observed.
func (l *Log) NotReady(p *Pod) {
	for i, c := range p.status.Conditions {
		if c.Type == "Ready" {
			p.status.Conditions[i].Status, p.status.Conditions[i].Since = "False", l.second()
		}
	}
	body := p.object()
	on := p.ref("status")
	on.UID, on.ResourceVersion = body.Metadata.UID, p.version
	p.version = l.nextVersion()
	l.add(request{by: Controller("node-controller"), verb: "update", on: on, body: body, status: success(http.StatusOK), answer: p.object()})
}
