package evict

// kubernetesRules are the components of Kubernetes but for the controllers
// that [controllerRules] has.
var kubernetesRules = []Rule{
	{Kubelet, NodeAgent, High, []Match{userIs("system:node:*")},
		"observed; kubernetes.io/docs/reference/access-authn-authz/node"},
	{Scheduler, ControlPlane, High, []Match{userIs("system:kube-scheduler")},
		"observed; kubernetes pkg/scheduler/framework/preemption"},
	{CloudControllerManager, ControlPlane, Medium, []Match{accountIs("*:cloud-controller-manager")},
		"deckhouse #14408; kubernetes.io/docs/tasks/administer-cluster/running-cloud-controller"},

	// The taint manager has been a controller of its own since Kubernetes 1.29
	// and kept its account. The node lifecycle controller updates the status of
	// whole pods, and deletes none.
	{TaintManager, ControlPlane, High, []Match{accountIs("kube-system:node-controller"), requestIs("delete pods")},
		"observed; kubernetes pkg/controller/tainteviction/taint_eviction.go"},
	{TaintManager, ControlPlane, High, []Match{accountIs("kube-system:node-controller"), requestIs("patch pods/status")},
		"observed; kubernetes pkg/controller/tainteviction/taint_eviction.go"},
	{NodeLifecycle, ControlPlane, High, []Match{accountIs("kube-system:node-controller")},
		"observed; kubernetes pkg/controller/nodelifecycle"},
	{TaintManager, ControlPlane, Medium, []Match{managerUser, agentIs("*/node-controller"), requestIs("delete pods")},
		sharedUser},
	{TaintManager, ControlPlane, Medium, []Match{managerUser, agentIs("*/node-controller"), requestIs("patch pods/status")},
		sharedUser},
	{NodeLifecycle, ControlPlane, Medium, []Match{managerUser, agentIs("*/node-controller")},
		sharedUser},

	{EvictionResponder, ControlPlane, Low, []Match{accountIs("kube-system:imperative-eviction-responder*")},
		"kubernetes cmd/kube-controller-manager/app/options, api lifecycle/v1alpha1: inferred from the name of the controller"},
}

// managerUser is the user name of all controllers where
// --use-service-account-credentials is off; the user agent then tells them
// apart.
var managerUser = userIs("system:kube-controller-manager")

const sharedUser = "controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder"

// controllerRules are the controllers of the kube-controller-manager. Each has
// a service account of its own, or all share one user.
var controllerRules = append(
	controllers(
		controller{PodGC, High, "pod-garbage-collector", "observed; kubernetes pkg/controller/podgc"},
		controller{ReplicaSetController, High, "replicaset-controller", "observed; kubernetes pkg/controller/replicaset"},
		controller{ReplicationControllerController, Medium, "replication-controller", controllerPolicy},
		controller{StatefulSetController, Medium, "statefulset-controller", controllerPolicy},
		controller{DaemonSetController, Medium, "daemon-set-controller", controllerPolicy},
		controller{JobController, Medium, "job-controller", controllerPolicy},
		controller{DeploymentController, High, "deployment-controller", "observed; kubernetes pkg/controller/deployment"},
		controller{CronJobController, Medium, "cronjob-controller", controllerPolicy},
		controller{GarbageCollector, High, "generic-garbage-collector", "observed; kubernetes pkg/controller/garbagecollector"},
		controller{TTLController, High, "ttl-after-finished-controller", "observed; kubernetes pkg/controller/ttlafterfinished"},
		controller{NamespaceController, High, "namespace-controller", "observed; kubernetes pkg/controller/namespace"},
		controller{HPA, Medium, "horizontal-pod-autoscaler", controllerPolicy},
		controller{DisruptionController, Medium, "disruption-controller", controllerPolicy},
		controller{DeviceTaintManager, Low, "device-taint-eviction-controller", "kubernetes pkg/controller/devicetainteviction: not seen acting"},
	),
	Rule{ControllerManager, ControlPlane, Medium, []Match{managerUser}, "observed; " + controllerPolicy},
	Rule{ControllerManager, ControlPlane, Low, []Match{accountIs("kube-system:*"), agentIs("kube-controller-manager/*")}, "observed for other controllers"},
)

const controllerPolicy = "kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go"

// A controller is one of the kube-controller-manager, by the name of its
// service account.
type controller struct {
	kind       Kind
	confidence Confidence
	name       string
	source     string
}

// controllers returns the rules for them: by the service account, and by the
// user agent of the shared user.
func controllers(all ...controller) []Rule {
	var list []Rule
	for _, c := range all {
		list = append(list,
			Rule{c.kind, ControlPlane, c.confidence, []Match{accountIs("kube-system:" + c.name)}, c.source},
			Rule{c.kind, ControlPlane, min(c.confidence, Medium), []Match{managerUser, agentIs("*/" + c.name)}, sharedUser},
		)
	}
	return list
}
