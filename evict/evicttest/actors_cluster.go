package evicttest

import (
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const build = "v1.37.2 (linux/amd64) kubernetes/0123456"

// Controller is a controller of the kube-controller-manager, by the name of its
// service account:
//
//	replicaset-controller, statefulset-controller, daemon-set-controller,
//	job-controller             delete the pods of what they control
//	generic-garbage-collector  deletes what has lost its owner
//	ttl-after-finished-controller
//	                           deletes jobs that have outlived their TTL
//	namespace-controller       empties namespaces that were deleted
//	node-controller            taints nodes, and evicts from those with a taint
//	                           NoExecute, although that is another controller
//	pod-garbage-collector      deletes the pods of nodes that are gone
//	horizontal-pod-autoscaler  scales
//
// Source: observed, but for the statefulset, daemon-set, job and TTL
// controllers and the autoscaler, which go by the same pattern (kubernetes
// cmd/kube-controller-manager/app).
func Controller(name string) Actor {
	a := serviceAccount("kube-system", name, "", "kube-controller-manager/"+build+"/system:serviceaccount:kube-system:"+name)
	a.SourceIP = planeIP
	role := "system:controller:" + name
	a.RBAC = fmt.Sprintf("RBAC: allowed by ClusterRoleBinding %q of ClusterRole %q to ServiceAccount %q", role, role, name+"/kube-system")
	switch name {
	case "generic-garbage-collector":
		a.Habits.Delete.PropagationPolicy = new(metav1.DeletePropagationBackground)
		a.Habits.Delete.Preconditions = &metav1.Preconditions{ResourceVersion: new("")}
		a.Habits.UID = true
	case "pod-garbage-collector":
		a.Habits.Delete.GracePeriodSeconds = new(int64(0))
	}
	return a
}

// EvictionResponder is the controller that carries out EvictionRequests since
// Kubernetes 1.37: it calls the Eviction API, so that the log names it instead
// of the one who asked. Source: k8s.io/api lifecycle/v1alpha1/types.go; the name
// is that in its flags (kubernetes cmd/kube-controller-manager/app/options), and
// has not been observed.
func EvictionResponder() Actor {
	a := Controller("imperative-eviction-responder-controller")
	a.Habits.UID = true
	return a
}

// Scheduler is the kube-scheduler. Source: observed.
func Scheduler() Actor {
	return Actor{
		User:      "system:kube-scheduler",
		Groups:    []string{"system:authenticated"},
		UserAgent: "kube-scheduler/" + build + "/scheduler",
		SourceIP:  planeIP,
		RBAC:      allowedItself("system:kube-scheduler"),
	}
}

// FargateScheduler is the scheduler of EKS Fargate. Source: observed.
func FargateScheduler() Actor {
	return Actor{
		User:      "eks:fargate-scheduler",
		Groups:    []string{"system:authenticated"},
		UserAgent: goAgent("eks-fargate-scheduler") + "/fargate-scheduler",
		SourceIP:  planeIP,
		RBAC:      allowedItself("eks:fargate-scheduler"),
	}
}

// CloudControllerManager is that of Amazon EKS, which deletes the Node objects
// of instances that are gone. Source: user agent observed elsewhere, the user
// is one of every EKS cluster.
func CloudControllerManager() Actor {
	return Actor{
		User:      "eks:cloud-controller-manager",
		Groups:    []string{"system:authenticated"},
		UserAgent: "cloud-controller-manager/" + build + "/node-controller",
		SourceIP:  planeIP,
	}
}

// Kubelet is the kubelet of a node. That of a Fargate node acts by the pod
// execution role, and names the node in its session. Source: observed.
func Kubelet(node string) Actor {
	a := Actor{SourceIP: insideIP}
	if onFargate(node) {
		a = iam("", customer, "AmazonEKSFargatePodExecutionRole", node, "")
		a.SourceIP = insideIP
		a.Groups = []string{"system:bootstrappers", "system:nodes", "system:node-proxier", "system:authenticated"}
	} else {
		a.Groups = []string{"system:nodes", "system:authenticated"}
	}
	a.User, a.UserAgent = "system:node:"+node, "kubelet/"+build
	a.Habits.Delete.GracePeriodSeconds = new(int64(0))
	a.Habits.UID = true
	return a
}

// onFargate reports whether a node is one of EKS Fargate.
// Source: observed; https://docs.aws.amazon.com/eks/latest/userguide/fargate.html.
func onFargate(node string) bool { return strings.HasPrefix(node, "fargate-") }

// controllerOf is the client that makes and deletes the pods of an owner.
func controllerOf(kind string) Actor {
	switch kind {
	case "StatefulSet":
		return Controller("statefulset-controller")
	case "DaemonSet":
		return Controller("daemon-set-controller")
	case "Job":
		return Controller("job-controller")
	case "ReplicaSet":
		return Controller("replicaset-controller")
	}
	return Kubectl("kubernetes-admin")
}

// deleteOptions returns the options of the actor's request to delete an object.
func (a Actor) deleteOptions(id, version string) metav1.DeleteOptions {
	opts := *a.Habits.Delete.DeepCopy()
	if a.Habits.UID {
		if opts.Preconditions == nil {
			opts.Preconditions = &metav1.Preconditions{}
		}
		opts.Preconditions.UID = new(types.UID(id))
	}
	if opts.Preconditions != nil && opts.Preconditions.ResourceVersion != nil {
		opts.Preconditions.ResourceVersion = &version
	}
	return opts
}
