package evict

// EKS, the platform. Those of the first group evict pods; the others are known
// so that they are not taken for one that does.
const (
	// EKSNodeGroup: a managed node group, on an update, a scale-in, a rebalance
	// or a repair.
	EKSNodeGroup Kind = "eks-node-group"
	// EKSFargate: Fargate, whose documented reason to evict is OS patching.
	EKSFargate Kind = "eks-fargate"
	// EKSPlatform: EKS, for a managed node group or for Fargate; which of them
	// depends on what the pod ran on, and the log does not tell.
	EKSPlatform Kind = "eks-platform"
	// EKSAutoMode: the compute that EKS Auto Mode keeps.
	EKSAutoMode Kind = "eks-auto-mode"

	// EKSAddonManager installs and updates add-ons.
	EKSAddonManager Kind = "eks-addon-manager"
	// EKSFargateScheduler binds pods to Fargate nodes.
	EKSFargateScheduler Kind = "eks-fargate-scheduler"
	// EKSNodeWatcher watches nodes for the platform.
	EKSNodeWatcher Kind = "eks-nodewatcher"
	// EKSCertificateController approves the certificates of kubelets.
	EKSCertificateController Kind = "eks-certificate-controller"
	// EKSClusterBootstrap sets a cluster up; it uses kubectl, and is no person.
	EKSClusterBootstrap Kind = "eks-cluster-bootstrap"
	// EKSServiceOperations: operations of the service.
	EKSServiceOperations Kind = "eks-service-operations"
	// EKSSupportEngineer: cluster management by AWS.
	EKSSupportEngineer Kind = "eks-support-engineer"
	// EKSService: another identity of EKS; Detail is its name.
	EKSService Kind = "eks-service"
	// AWSBackup: AWS Backup, restoring.
	AWSBackup Kind = "aws-backup"
)

// Platforms of other providers.
const (
	// AKS: Azure Kubernetes Service.
	AKS Kind = "aks"
	// GKE: Google Kubernetes Engine.
	GKE Kind = "gke"
	// Gardener: its machine controller manager.
	Gardener Kind = "gardener"
)

// Tools and operators that are installed for a cluster, and that drain nodes,
// evict pods or roll them.
const (
	// Karpenter, run by the owner of the cluster.
	Karpenter Kind = "karpenter"
	// ClusterAutoscaler: the Kubernetes cluster autoscaler.
	ClusterAutoscaler Kind = "cluster-autoscaler"
	// NodeTerminationHandler: the AWS node termination handler.
	NodeTerminationHandler Kind = "node-termination-handler"
	// Descheduler: the Kubernetes descheduler; Detail is its strategy.
	Descheduler Kind = "descheduler"
	// VPA: the updater of the vertical pod autoscaler.
	VPA Kind = "vpa"
	// ClusterAPI: the controller manager of Cluster API.
	ClusterAPI Kind = "cluster-api"
	// Kured: the Kubernetes reboot daemon.
	Kured Kind = "kured"
	// MachineConfigOperator: that of OpenShift.
	MachineConfigOperator Kind = "machine-config-operator"
	// SystemUpgradeController: that of Rancher, which runs kubectl in a Job.
	SystemUpgradeController Kind = "system-upgrade-controller"
	// NodeMaintenance: the node maintenance operator of medik8s.
	NodeMaintenance Kind = "node-maintenance-operator"
	// Bottlerocket: its update operator.
	Bottlerocket Kind = "bottlerocket-update-operator"
	// KubeVirt moves virtual machines away, and answers an eviction itself.
	KubeVirt Kind = "kubevirt"
	// Strimzi rolls the pods of Kafka, and answers an eviction itself.
	Strimzi Kind = "strimzi"
	// ArgoCD deletes and changes what owns pods. It does not evict.
	ArgoCD Kind = "argo-cd"
	// ArgoRollouts evicts the pods of a Rollout that is restarted, since v0.10.2.
	ArgoRollouts Kind = "argo-rollouts"
	// Flux deletes and changes what owns pods. It does not evict.
	Flux Kind = "flux"
	// ServiceAccount: a program with a service account that no rule knows;
	// Detail is its namespace and name.
	ServiceAccount Kind = "service-account"
)

// Tools of people. Draining is something that kubectl and oc do, and no kind of
// its own.
const (
	// Kubectl: kubectl.
	Kubectl Kind = "kubectl"
	// OC: oc, that of OpenShift.
	OC Kind = "oc"
	// K9s: k9s.
	K9s Kind = "k9s"
	// Eksctl: eksctl, which drains the node groups that it deletes.
	Eksctl Kind = "eksctl"
	// WebUI: a user interface that passes on what the browser says of itself,
	// as Lens and Headlamp may.
	WebUI Kind = "web-ui"
)

// Kubernetes itself.
const (
	// Kubelet: the agent of a node; Detail is the node. Its delete of a pod is
	// the last step of a removal, and not the cause.
	Kubelet Kind = "kubelet"
	// Scheduler preempts pods for others of higher priority.
	Scheduler Kind = "scheduler"
	// TaintManager deletes pods from nodes with a taint of effect NoExecute. It
	// acts as the node controller.
	TaintManager Kind = "taint-manager"
	// DeviceTaintManager deletes pods that use a device with such a taint.
	DeviceTaintManager Kind = "device-taint-manager"
	// NodeLifecycle marks nodes and their pods as not ready. It removes none.
	NodeLifecycle Kind = "node-lifecycle"
	// PodGC deletes pods whose node is gone.
	PodGC Kind = "pod-gc"
	// CloudControllerManager deletes nodes whose machine is gone.
	CloudControllerManager Kind = "cloud-controller-manager"

	// ReplicaSetController and the following delete the pods they control.
	ReplicaSetController            Kind = "replicaset-controller"
	ReplicationControllerController Kind = "replication-controller"
	StatefulSetController           Kind = "statefulset-controller"
	DaemonSetController             Kind = "daemonset-controller"
	JobController                   Kind = "job-controller"

	// DeploymentController and CronJobController change and delete what
	// controls pods.
	DeploymentController Kind = "deployment-controller"
	CronJobController    Kind = "cronjob-controller"

	// GarbageCollector deletes what lost its owner.
	GarbageCollector Kind = "garbage-collector"
	// TTLController deletes Jobs that finished ttlSecondsAfterFinished ago.
	TTLController Kind = "ttl-controller"
	// NamespaceController empties a namespace that is being deleted.
	NamespaceController Kind = "namespace-controller"
	// HPA: the horizontal pod autoscaler.
	HPA Kind = "hpa"
	// DisruptionController keeps the numbers of PodDisruptionBudgets.
	DisruptionController Kind = "disruption-controller"
	// EvictionResponder is the default responder of EvictionRequests, of
	// Kubernetes 1.37 and later. It evicts for those who asked by such a request,
	// and whom its own request does not name.
	EvictionResponder Kind = "eviction-responder"

	// ControllerManager: another controller of the kube-controller-manager;
	// Detail is its name, as the client gives it.
	ControllerManager Kind = "kube-controller-manager"
	// KubernetesUser: another user name of the prefix system:, which Kubernetes
	// keeps to itself; Detail is the name.
	KubernetesUser Kind = "kubernetes"
	// Anonymous: a client that gave no credentials.
	Anonymous Kind = "anonymous"
)
