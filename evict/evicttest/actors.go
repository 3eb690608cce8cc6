package evicttest

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const kubectl = "kubectl/v1.37.2 (linux/amd64) kubernetes/0123456"

// EKSNodeManager is Amazon EKS when it drains nodes of a managed node group,
// and as far as is known when it patches Fargate. Sources:
// https://docs.aws.amazon.com/eks/latest/userguide/eks-observe.html for what
// it is for; user agent, role and session observed.
func EKSNodeManager() Actor {
	a := iam("eks:node-manager", provider, "AWSWesleyClusterManagerLambda-NodeManagerRole-1T5XQ0ZLM5R2A",
		"EKSAuthTokenSession", "Kubernetes Java Client/18.0.0-SNAPSHOT")
	a.SourceIP = awsPublicIP
	a.RBAC = allowedItself(a.User)
	return a
}

// EKSNodeManagerLambda is EKSNodeManager as it was in 2022 and 2023.
// Source: observed.
func EKSNodeManagerLambda() Actor {
	a := iam("eks:node-manager", provider, "AWSWesleyClusterManagerLambda-NodeManagerRole-1T5XQ0ZLM5R2A",
		"1672531200123456789", goAgent("vpcLambda"))
	a.SourceIP = awsPublicIP
	a.RBAC = allowedItself(a.User)
	a.Habits = Habits{Version: "policy/v1beta1", NullTime: true, Query: "timeout=19s"}
	return a
}

// EKSFargateManager is a user that every EKS cluster has, and that nobody has
// published a request of. No user agent or role is known.
func EKSFargateManager() Actor {
	return Actor{User: "eks:fargate-manager", Groups: []string{"system:authenticated"}, SourceIP: awsPublicIP}
}

// EKSAutoMode is Amazon EKS Auto Mode, which acts as the role of the cluster,
// by an access policy of EKS. Sources:
// https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html;
// the form of the reason observed for another policy. The user agent is not
// known.
func EKSAutoMode() Actor {
	const (
		role   = "AmazonEKSAutoClusterRole"
		policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSComputeClusterPolicy"
	)
	a := iam("arn:aws:sts::"+customer+":assumed-role/"+role+"/session", customer, role, "session", "")
	a.RBAC = fmt.Sprintf("EKS Access Policy: allowed by ClusterRoleBinding %q of ClusterRole %q to User %q in Group %q",
		a.Extra["canonicalArn"][0]+"+"+policy, policy, a.Extra["principalId"][0], "")
	return a
}

// Karpenter is Karpenter in kube-system. What it deletes after its evictions
// were refused gets a grace period of a second or more. Sources:
// kubernetes-sigs/karpenter pkg/controllers/node/termination/terminator;
// user and user agent observed.
func Karpenter() Actor {
	a := serviceAccount("kube-system", "karpenter", "karpenter-6f5f84d9cc-8x2lq", "karpenter/1.8.1")
	a.Habits = Habits{
		Eviction: &metav1.DeleteOptions{},
		Delete:   metav1.DeleteOptions{GracePeriodSeconds: new(int64(1))},
		UID:      true,
	}
	return a
}

// ClusterAutoscaler is the Kubernetes Cluster Autoscaler. Sources:
// kubernetes/autoscaler cluster-autoscaler/core/scaledown/actuation; user agent
// observed.
func ClusterAutoscaler() Actor {
	a := serviceAccount("kube-system", "cluster-autoscaler", "cluster-autoscaler-5c4b8f7d6b-qk7zn", goAgent("cluster-autoscaler"))
	a.Habits = Habits{Version: "policy/v1beta1", Eviction: &metav1.DeleteOptions{GracePeriodSeconds: new(int64(30))}}
	return a
}

// AKSAutoscaler is the Cluster Autoscaler as Azure runs it. Source: observed.
func AKSAutoscaler() Actor {
	a := ClusterAutoscaler()
	a.User, a.UID, a.Groups, a.Extra = "aksService", "", []string{"system:masters", "system:authenticated"}, nil
	return a
}

// Kubectl is a person at a terminal, under a user name such as
// kubernetes-admin. Source: observed.
func Kubectl(user string) Actor {
	return Actor{
		User:      user,
		Groups:    []string{"system:masters", "system:authenticated"},
		UserAgent: kubectl,
		SourceIP:  outsideIP,
		Habits: Habits{
			Eviction: &metav1.DeleteOptions{},
			Delete:   metav1.DeleteOptions{PropagationPolicy: new(metav1.DeletePropagationBackground)},
		},
	}
}

// KubectlRole is a person at a terminal who has assumed an IAM role, under the
// user name of an EKS access entry. Source:
// https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html.
func KubectlRole(role, session string) Actor {
	a := iam("arn:aws:sts::"+customer+":assumed-role/"+role+"/"+session, customer, role, session, kubectl)
	a.Habits = Kubectl("").Habits
	return a
}

// Tool is a person with another program: oc, k9s, or any whose user agent
// begins with its name, as those of Go clients do. Source: client-go
// rest/config.go.
func Tool(binary, user string) Actor {
	a := Kubectl(user)
	a.UserAgent = goAgent(binary)
	return a
}

// Eksctl is eksctl, under the user name of its caller. Sources: eksctl
// pkg/drain; user agent observed.
func Eksctl(user string) Actor {
	a := Tool("eksctl", user)
	a.Habits = Habits{Version: "policy/v1beta1", Eviction: &metav1.DeleteOptions{GracePeriodSeconds: new(int64(30))}}
	return a
}

// NodeTerminationHandler is the AWS Node Termination Handler. Source:
// aws-node-termination-handler pkg/node/node.go.
func NodeTerminationHandler() Actor {
	a := serviceAccount("kube-system", "aws-node-termination-handler", "aws-node-termination-handler-7xk2m", goAgent("node-termination-handler"))
	a.Habits.Eviction = &metav1.DeleteOptions{}
	return a
}

// Descheduler is the descheduler since October 2025, which says in its
// evictions why it evicts: the strategy is that of the profile "default".
// Source: descheduler pkg/descheduler/evictions/utils/utils.go.
func Descheduler(strategy string) Actor {
	a := serviceAccount("kube-system", "descheduler-sa", "descheduler-7b9d5c6f48-w2hjt", goAgent("descheduler")+"/descheduler")
	a.Habits.Eviction = &metav1.DeleteOptions{}
	a.Habits.Annotations = map[string]string{
		"requested-by": "sigs.k8s.io/descheduler",
		"reason":       "triggered by default/" + strategy + ": eviction",
	}
	return a
}

// VPAUpdater is the updater of the Vertical Pod Autoscaler. Source:
// kubernetes/autoscaler vertical-pod-autoscaler/pkg/updater/restriction.
func VPAUpdater() Actor {
	return serviceAccount("kube-system", "vpa-updater", "vpa-updater-6d8f9b7c54-m4r8p", goAgent("updater"))
}

// ClusterAPI is the controller of Cluster API, under the user of its kubeconfig
// for the workload cluster, often kubernetes-admin. Source: cluster-api
// internal/controllers/machine/drain.
func ClusterAPI(user string) Actor {
	a := Tool("manager", user)
	a.UserAgent = "manager/v1.11.0 cluster-api-controller-manager (linux/amd64) cluster.x-k8s.io/ae7ff04"
	return a
}

// Kured is the Kubernetes Reboot Daemon. Source: kured cmd/kured.
func Kured() Actor {
	a := serviceAccount("kube-system", "kured", "kured-p6t9d", goAgent("kured"))
	a.Habits.Eviction = &metav1.DeleteOptions{}
	return a
}

// MachineConfigController is that of OpenShift. Source: machine-config-operator
// pkg/controller/drain/drain_controller.go.
func MachineConfigController() Actor {
	a := serviceAccount("openshift-machine-config-operator", "machine-config-controller",
		"machine-config-controller-5d7c9f6b8d-zv4kx", goAgent("machine-config-controller")+"/node-update-controller")
	a.Habits.Eviction = &metav1.DeleteOptions{}
	return a
}

// SystemUpgradeController is a job of Rancher's System Upgrade Controller, which
// runs kubectl drain: its user agent is that of a person. Source:
// system-upgrade-controller pkg/upgrade/job.
func SystemUpgradeController() Actor {
	a := serviceAccount("system-upgrade", "system-upgrade", "apply-agent-plan-on-ip-10-0-1-11-xk29s", kubectl)
	a.Habits = Kubectl("").Habits
	return a
}

// NodeMaintenanceOperator is that of medik8s. Source: node-maintenance-operator
// controllers.
func NodeMaintenanceOperator() Actor {
	a := serviceAccount("node-maintenance-operator-system", "node-maintenance-operator-controller-manager",
		"node-maintenance-operator-controller-manager-6c4d8b9f7-r5n2w", goAgent("manager"))
	a.Habits.Eviction = &metav1.DeleteOptions{}
	return a
}

// BottlerocketUpdateOperator is the API server of Bottlerocket's update
// operator, which is no Go client; its user agent is not known. Source:
// bottlerocket-update-operator apiserver/src/client/drain.rs.
func BottlerocketUpdateOperator() Actor {
	return serviceAccount("brupop-bottlerocket-aws", "brupop-apiserver-service-account", "brupop-apiserver-7f8c6d5b94-t6x9q", "")
}

// GardenerMachineController is Gardener's machine controller manager, under the
// user of its kubeconfig for the shoot. Source: machine-controller-manager
// pkg/util/provider/drain/drain.go.
func GardenerMachineController(user string) Actor {
	return Actor{
		User:      user,
		Groups:    []string{"system:authenticated"},
		UserAgent: goAgent("machine-controller") + "/machine-controller",
		SourceIP:  outsideIP,
		Habits:    Habits{Version: "policy/v1beta1", Eviction: &metav1.DeleteOptions{}},
	}
}
