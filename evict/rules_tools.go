package evict

// toolRules are the tools and operators that are installed for a cluster.
var toolRules = []Rule{
	{Karpenter, Automation, High, []Match{accountIs("kube-system:karpenter"), podOf("karpenter")},
		"observed; karpenter-provider-aws #4758"},
	{Karpenter, Automation, High, []Match{accountIs("karpenter:karpenter"), podOf("karpenter")},
		"observed; karpenter charts/karpenter"},
	{Karpenter, Automation, Medium, []Match{accountIs("*:karpenter"), agentIs("karpenter/*")},
		"karpenter pkg/operator/operator.go"},

	{ClusterAutoscaler, Automation, High, []Match{accountIs("kube-system:cluster-autoscaler"), podOf("cluster-autoscaler")},
		"autoscaler cluster-autoscaler/cloudprovider/aws/examples"},
	{ClusterAutoscaler, Automation, Medium, []Match{accountIs("*cluster-autoscaler"), agentIs("cluster-autoscaler/*")},
		"autoscaler charts/cluster-autoscaler; client-go rest/config.go"},

	{NodeTerminationHandler, Automation, Medium, []Match{accountIs("kube-system:aws-node-termination-handler")},
		"aws-node-termination-handler config/helm, pkg/node/node.go"},
	{NodeTerminationHandler, Automation, Low, []Match{accountIs("*:aws-node-termination-handler"), agentIs("*node-termination-handler/*")},
		"aws-node-termination-handler config/helm; client-go rest/config.go"},

	{Descheduler, Automation, Medium, []Match{accountIs("kube-system:descheduler-sa"), reasonOfDescheduler},
		"descheduler kubernetes/base"},
	{Descheduler, Automation, Medium, []Match{accountIs("kube-system:descheduler"), reasonOfDescheduler},
		"descheduler charts/descheduler"},
	{Descheduler, Automation, Low, []Match{accountIs("*:descheduler*"), agentIs("descheduler/*"), reasonOfDescheduler},
		"descheduler charts/descheduler; client-go rest/config.go"},
	{Descheduler, Automation, Low, []Match{
		{Field: FieldAnnotations, Pattern: "requested-by: sigs.k8s.io/descheduler"}, reasonOfDescheduler, unless(userIs("eks:*"))},
		"descheduler pkg/descheduler/evictions/utils/utils.go, #1753"},

	{VPA, Automation, Medium, []Match{accountIs("kube-system:vpa-updater")},
		"autoscaler vertical-pod-autoscaler/deploy, pkg/updater/restriction"},
	{VPA, Automation, Low, []Match{accountIs("*:*vpa*updater"), agentIs("updater/*")},
		"autoscaler vertical-pod-autoscaler/deploy; client-go rest/config.go"},

	{ClusterAPI, Automation, Medium, []Match{
		agentIs("* cluster-api-controller-manager (*) cluster.x-k8s.io/*"), unless(userIs("eks:*"))},
		"cluster-api internal/controllers/machine/drain/drain.go, controllers/remote"},

	{Kured, Automation, Medium, []Match{accountIs("kube-system:kured")},
		"kured manifests"},
	{Kured, Automation, Low, []Match{accountIs("*:kured"), agentIs("kured/*")},
		"kured manifests; client-go rest/config.go"},

	{MachineConfigOperator, Automation, Medium, []Match{accountIs("openshift-machine-config-operator:machine-config-controller")},
		"openshift machine-config-operator pkg/controller/drain/drain_controller.go, manifests"},

	{SystemUpgradeController, Automation, Medium, []Match{accountIs("system-upgrade:system-upgrade")},
		"rancher system-upgrade-controller manifests, pkg/upgrade/job"},
	{SystemUpgradeController, Automation, Low, []Match{accountIs("*:system-upgrade*"), agentIs("kubectl/*")},
		"rancher system-upgrade-controller pkg/upgrade/job: kubectl in a Job"},

	{NodeMaintenance, Automation, Medium, []Match{accountIs("node-maintenance-operator-system:node-maintenance-operator-controller-manager")},
		"medik8s node-maintenance-operator config"},
	{NodeMaintenance, Automation, Low, []Match{accountIs("*:node-maintenance-operator-controller-manager")},
		"medik8s node-maintenance-operator config"},

	{Bottlerocket, Automation, Medium, []Match{accountIs("brupop-bottlerocket-aws:brupop-apiserver-service-account")},
		"bottlerocket-update-operator deploy, apiserver/src/client/drain.rs"},
	{Bottlerocket, Automation, Low, []Match{accountIs("*:brupop-apiserver-service-account")},
		"bottlerocket-update-operator deploy"},

	{KubeVirt, Automation, Medium, []Match{accountIs("kubevirt:kubevirt-controller")},
		"kubevirt pkg/virt-operator/resource/generate/rbac/controller.go"},
	{KubeVirt, Automation, Low, []Match{accountIs("*:kubevirt-controller")},
		"kubevirt pkg/virt-operator/resource/generate/rbac/controller.go"},
	{Strimzi, Automation, Low, []Match{accountIs("*:strimzi-cluster-operator")},
		"strimzi-kafka-operator install/cluster-operator/010-ServiceAccount-strimzi-cluster-operator.yaml"},

	{ArgoCD, Automation, Medium, []Match{accountIs("argocd:argocd-application-controller")},
		"argo-cd manifests/base/application-controller/argocd-application-controller-sa.yaml"},
	{ArgoCD, Automation, Low, []Match{accountIs("*:argocd-application-controller")},
		"argo-cd manifests/base/application-controller/argocd-application-controller-sa.yaml"},
	{ArgoRollouts, Automation, Medium, []Match{accountIs("argo-rollouts:argo-rollouts")},
		"argoproj.github.io/argo-rollouts/features/restart; argo-rollouts manifests/install.yaml"},
	{ArgoRollouts, Automation, Low, []Match{accountIs("*:argo-rollouts")},
		"argo-rollouts manifests/install.yaml"},
	{Flux, Automation, Medium, []Match{accountIs("flux-system:kustomize-controller")},
		"flux2 manifests/bases/kustomize-controller, manifests/rbac/reconciler.yaml"},
	{Flux, Automation, Medium, []Match{accountIs("flux-system:helm-controller")},
		"flux2 manifests/bases/helm-controller, manifests/rbac/reconciler.yaml"},
}

// reasonOfDescheduler is why a descheduler evicts, in the body since October
// 2025. It decides nothing, and is evidence of the strategy.
var reasonOfDescheduler = Match{Field: FieldAnnotations, Pattern: "reason: triggered by *", Soft: true}

// podOf confirms the name of the workload whose pod made the request, as
// recorded since Kubernetes 1.22 for tokens that are bound to a pod.
func podOf(workload string) Match {
	return Match{Field: FieldPodName, Pattern: "*" + workload + "-*", Soft: true}
}
