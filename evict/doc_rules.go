// # Initiators
//
// An [Initiator] says who is behind a request: [Request.Initiator] has how it is
// found. Each rule goes by patterns, in which * stands for any text and ? for
// one byte. Its source is a page, a file of a repository, or "observed" for what
// was seen in a log. High means seen, medium read in source code, manifests or
// documentation, low inferred.
//
// Service accounts can be renamed, and a user agent is free text: where a tool
// has another name than the default, [Options].Rules say so.
//
// A webhook that takes an eviction over, as that of KubeVirt does, is not its
// initiator: that is whoever asked. See [TakenOver].
//
// Of the rules that match, that of the most trusted field counts, and of several
// the first. A condition after "confirmed by" need not hold; if it does not, the
// confidence is a grade less. The rules are, in order:
//
//	eks-fargate                platform      medium user eks:node-manager, compute fargate, confirmed by canonicalArn arn:aws*:iam::*:role/*-NodeManagerRole-*, confirmed by RBAC RBAC: allowed by * to User "eks:node-manager"
//		awsdocs eks-observe.adoc, fargate-pod-patching.adoc
//	eks-fargate                platform      low    user eks:fargate-manager, compute fargate
//		awsdocs fargate-pod-patching.adoc; exists in every cluster, not seen acting
//	eks-node-group             platform      high   user eks:node-manager, compute instance, confirmed by canonicalArn arn:aws*:iam::*:role/*-NodeManagerRole-*, confirmed by RBAC RBAC: allowed by * to User "eks:node-manager"
//		observed; awsdocs managed-node-update-behavior.adoc
//	eks-platform               platform      high   user eks:node-manager, confirmed by canonicalArn arn:aws*:iam::*:role/*-NodeManagerRole-*, confirmed by RBAC RBAC: allowed by * to User "eks:node-manager"
//		observed; awsdocs eks-observe.adoc
//	eks-platform               platform      low    user eks:fargate-manager
//		exists in every cluster, not seen acting
//	eks-platform               platform      medium canonicalArn arn:aws*:iam::*:role/AWSWesleyClusterManagerLambda-NodeManagerRole-*
//		observed, together with the name eks:node-manager
//	eks-auto-mode              platform      low    RBAC EKS Access Policy: allowed by *cluster-access-policy/AmazonEKSComputeClusterPolicy*
//		awsdocs access-policy-permissions.adoc, auto-learn-iam.adoc; the form observed for another policy
//	eks-addon-manager          platform      high   user eks:addon-manager, confirmed by canonicalArn arn:aws*:iam::*:role/AWSWesleyClusterManagerLambda-Add-AddonManagerRole-*
//		observed
//	eks-fargate-scheduler      platform      high   user eks:fargate-scheduler
//		observed; docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html
//	eks-cluster-bootstrap      platform      high   user eks:cluster-bootstrap
//		observed; docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html
//	eks-certificate-controller platform      high   user eks:certificate-controller
//		observed; docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html
//	cloud-controller-manager   platform      medium user eks:cloud-controller-manager
//		docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html
//	eks-nodewatcher            platform      medium user eks:nodewatcher
//		docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html; falco eks_allowed_k8s_users
//	eks-service-operations     platform      medium user eks:service-operations
//		docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html
//	eks-support-engineer       platform      medium user eks:support-engineer
//		docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html
//	aws-backup                 platform      low    user arn:aws*:sts::*:assumed-role/AWSBackupRestoreRole*, userAgent Kubernetes Java Client/*
//		observed; the role is of the owner's choosing
//	cluster-autoscaler         automation    high   user aksService, userAgent cluster-autoscaler/*
//		observed on AKS
//	aks                        platform      low    user aksService
//		observed on AKS, where the autoscaler has the same name
//	gke                        platform      low    user service-*@container-engine-robot.iam.gserviceaccount.com
//		cloud.google.com/iam/docs/service-agents
//	gardener                   platform      medium userAgent */machine-controller, not user eks:*
//		gardener machine-controller-manager pkg/util/provider/drain/drain.go, cmd
//	gardener                   platform      medium userAgent */machine-controller-manager, not user eks:*
//		gardener machine-controller-manager pkg/util/provider/drain/drain.go, cmd
//	karpenter                  automation    high   user system:serviceaccount:kube-system:karpenter, confirmed by pod-name *karpenter-*
//		observed; karpenter-provider-aws #4758
//	karpenter                  automation    high   user system:serviceaccount:karpenter:karpenter, confirmed by pod-name *karpenter-*
//		observed; karpenter charts/karpenter
//	karpenter                  automation    medium user system:serviceaccount:*:karpenter, userAgent karpenter/*
//		karpenter pkg/operator/operator.go
//	cluster-autoscaler         automation    high   user system:serviceaccount:kube-system:cluster-autoscaler, confirmed by pod-name *cluster-autoscaler-*
//		autoscaler cluster-autoscaler/cloudprovider/aws/examples
//	cluster-autoscaler         automation    medium user system:serviceaccount:*cluster-autoscaler, userAgent cluster-autoscaler/*
//		autoscaler charts/cluster-autoscaler; client-go rest/config.go
//	node-termination-handler   automation    medium user system:serviceaccount:kube-system:aws-node-termination-handler
//		aws-node-termination-handler config/helm, pkg/node/node.go
//	node-termination-handler   automation    low    user system:serviceaccount:*:aws-node-termination-handler, userAgent *node-termination-handler/*
//		aws-node-termination-handler config/helm; client-go rest/config.go
//	descheduler                automation    medium user system:serviceaccount:kube-system:descheduler-sa, confirmed by annotation reason: triggered by *
//		descheduler kubernetes/base
//	descheduler                automation    medium user system:serviceaccount:kube-system:descheduler, confirmed by annotation reason: triggered by *
//		descheduler charts/descheduler
//	descheduler                automation    low    user system:serviceaccount:*:descheduler*, userAgent descheduler/*, confirmed by annotation reason: triggered by *
//		descheduler charts/descheduler; client-go rest/config.go
//	descheduler                automation    low    annotation requested-by: sigs.k8s.io/descheduler, confirmed by annotation reason: triggered by *, not user eks:*
//		descheduler pkg/descheduler/evictions/utils/utils.go, #1753
//	vpa                        automation    medium user system:serviceaccount:kube-system:vpa-updater
//		autoscaler vertical-pod-autoscaler/deploy, pkg/updater/restriction
//	vpa                        automation    low    user system:serviceaccount:*:*vpa*updater, userAgent updater/*
//		autoscaler vertical-pod-autoscaler/deploy; client-go rest/config.go
//	cluster-api                automation    medium userAgent * cluster-api-controller-manager (*) cluster.x-k8s.io/*, not user eks:*
//		cluster-api internal/controllers/machine/drain/drain.go, controllers/remote
//	kured                      automation    medium user system:serviceaccount:kube-system:kured
//		kured manifests
//	kured                      automation    low    user system:serviceaccount:*:kured, userAgent kured/*
//		kured manifests; client-go rest/config.go
//	machine-config-operator    automation    medium user system:serviceaccount:openshift-machine-config-operator:machine-config-controller
//		openshift machine-config-operator pkg/controller/drain/drain_controller.go, manifests
//	system-upgrade-controller  automation    medium user system:serviceaccount:system-upgrade:system-upgrade
//		rancher system-upgrade-controller manifests, pkg/upgrade/job
//	system-upgrade-controller  automation    low    user system:serviceaccount:*:system-upgrade*, userAgent kubectl/*
//		rancher system-upgrade-controller pkg/upgrade/job: kubectl in a Job
//	node-maintenance-operator  automation    medium user system:serviceaccount:node-maintenance-operator-system:node-maintenance-operator-controller-manager
//		medik8s node-maintenance-operator config
//	node-maintenance-operator  automation    low    user system:serviceaccount:*:node-maintenance-operator-controller-manager
//		medik8s node-maintenance-operator config
//	bottlerocket-update-operator automation    medium user system:serviceaccount:brupop-bottlerocket-aws:brupop-apiserver-service-account
//		bottlerocket-update-operator deploy, apiserver/src/client/drain.rs
//	bottlerocket-update-operator automation    low    user system:serviceaccount:*:brupop-apiserver-service-account
//		bottlerocket-update-operator deploy
//	kubevirt                   automation    medium user system:serviceaccount:kubevirt:kubevirt-controller
//		kubevirt pkg/virt-operator/resource/generate/rbac/controller.go
//	kubevirt                   automation    low    user system:serviceaccount:*:kubevirt-controller
//		kubevirt pkg/virt-operator/resource/generate/rbac/controller.go
//	strimzi                    automation    low    user system:serviceaccount:*:strimzi-cluster-operator
//		strimzi-kafka-operator install/cluster-operator/010-ServiceAccount-strimzi-cluster-operator.yaml
//	argo-cd                    automation    medium user system:serviceaccount:argocd:argocd-application-controller
//		argo-cd manifests/base/application-controller/argocd-application-controller-sa.yaml
//	argo-cd                    automation    low    user system:serviceaccount:*:argocd-application-controller
//		argo-cd manifests/base/application-controller/argocd-application-controller-sa.yaml
//	argo-rollouts              automation    medium user system:serviceaccount:argo-rollouts:argo-rollouts
//		argoproj.github.io/argo-rollouts/features/restart; argo-rollouts manifests/install.yaml
//	argo-rollouts              automation    low    user system:serviceaccount:*:argo-rollouts
//		argo-rollouts manifests/install.yaml
//	flux                       automation    medium user system:serviceaccount:flux-system:kustomize-controller
//		flux2 manifests/bases/kustomize-controller, manifests/rbac/reconciler.yaml
//	flux                       automation    medium user system:serviceaccount:flux-system:helm-controller
//		flux2 manifests/bases/helm-controller, manifests/rbac/reconciler.yaml
//	kubelet                    node          high   user system:node:*
//		observed; kubernetes.io/docs/reference/access-authn-authz/node
//	scheduler                  control-plane high   user system:kube-scheduler
//		observed; kubernetes pkg/scheduler/framework/preemption
//	cloud-controller-manager   control-plane medium user system:serviceaccount:*:cloud-controller-manager
//		deckhouse #14408; kubernetes.io/docs/tasks/administer-cluster/running-cloud-controller
//	taint-manager              control-plane high   user system:serviceaccount:kube-system:node-controller, request delete pods
//		observed; kubernetes pkg/controller/tainteviction/taint_eviction.go
//	taint-manager              control-plane high   user system:serviceaccount:kube-system:node-controller, request patch pods/status
//		observed; kubernetes pkg/controller/tainteviction/taint_eviction.go
//	node-lifecycle             control-plane high   user system:serviceaccount:kube-system:node-controller
//		observed; kubernetes pkg/controller/nodelifecycle
//	taint-manager              control-plane medium user system:kube-controller-manager, userAgent */node-controller, request delete pods
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	taint-manager              control-plane medium user system:kube-controller-manager, userAgent */node-controller, request patch pods/status
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	node-lifecycle             control-plane medium user system:kube-controller-manager, userAgent */node-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	eviction-responder         control-plane low    user system:serviceaccount:kube-system:imperative-eviction-responder*
//		kubernetes cmd/kube-controller-manager/app/options, api lifecycle/v1alpha1: inferred from the name of the controller
//	pod-gc                     control-plane high   user system:serviceaccount:kube-system:pod-garbage-collector
//		observed; kubernetes pkg/controller/podgc
//	pod-gc                     control-plane medium user system:kube-controller-manager, userAgent */pod-garbage-collector
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	replicaset-controller      control-plane high   user system:serviceaccount:kube-system:replicaset-controller
//		observed; kubernetes pkg/controller/replicaset
//	replicaset-controller      control-plane medium user system:kube-controller-manager, userAgent */replicaset-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	replication-controller     control-plane medium user system:serviceaccount:kube-system:replication-controller
//		kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go
//	replication-controller     control-plane medium user system:kube-controller-manager, userAgent */replication-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	statefulset-controller     control-plane medium user system:serviceaccount:kube-system:statefulset-controller
//		kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go
//	statefulset-controller     control-plane medium user system:kube-controller-manager, userAgent */statefulset-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	daemonset-controller       control-plane medium user system:serviceaccount:kube-system:daemon-set-controller
//		kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go
//	daemonset-controller       control-plane medium user system:kube-controller-manager, userAgent */daemon-set-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	job-controller             control-plane medium user system:serviceaccount:kube-system:job-controller
//		kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go
//	job-controller             control-plane medium user system:kube-controller-manager, userAgent */job-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	deployment-controller      control-plane high   user system:serviceaccount:kube-system:deployment-controller
//		observed; kubernetes pkg/controller/deployment
//	deployment-controller      control-plane medium user system:kube-controller-manager, userAgent */deployment-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	cronjob-controller         control-plane medium user system:serviceaccount:kube-system:cronjob-controller
//		kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go
//	cronjob-controller         control-plane medium user system:kube-controller-manager, userAgent */cronjob-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	garbage-collector          control-plane high   user system:serviceaccount:kube-system:generic-garbage-collector
//		observed; kubernetes pkg/controller/garbagecollector
//	garbage-collector          control-plane medium user system:kube-controller-manager, userAgent */generic-garbage-collector
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	ttl-controller             control-plane high   user system:serviceaccount:kube-system:ttl-after-finished-controller
//		observed; kubernetes pkg/controller/ttlafterfinished
//	ttl-controller             control-plane medium user system:kube-controller-manager, userAgent */ttl-after-finished-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	namespace-controller       control-plane high   user system:serviceaccount:kube-system:namespace-controller
//		observed; kubernetes pkg/controller/namespace
//	namespace-controller       control-plane medium user system:kube-controller-manager, userAgent */namespace-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	hpa                        control-plane medium user system:serviceaccount:kube-system:horizontal-pod-autoscaler
//		kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go
//	hpa                        control-plane medium user system:kube-controller-manager, userAgent */horizontal-pod-autoscaler
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	disruption-controller      control-plane medium user system:serviceaccount:kube-system:disruption-controller
//		kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go
//	disruption-controller      control-plane medium user system:kube-controller-manager, userAgent */disruption-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	device-taint-manager       control-plane low    user system:serviceaccount:kube-system:device-taint-eviction-controller
//		kubernetes pkg/controller/devicetainteviction: not seen acting
//	device-taint-manager       control-plane low    user system:kube-controller-manager, userAgent */device-taint-eviction-controller
//		controller-manager pkg/clientbuilder/client_builder.go: SimpleControllerClientBuilder
//	kube-controller-manager    control-plane medium user system:kube-controller-manager
//		observed; kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go
//	kube-controller-manager    control-plane low    user system:serviceaccount:kube-system:*, userAgent kube-controller-manager/*
//		observed for other controllers
//	kubectl                    human         medium user system:admin, userAgent kubectl/*
//		observed on k3s and OpenShift, where it is the first administrator
//	oc                         human         medium user system:admin, userAgent oc/*
//		docs.redhat.com openshift_container_platform authentication; client-go rest/config.go
//	kubectl                    unknown       medium user arn:aws*:sts::*:assumed-role/*/i-?????????????????, userAgent kubectl/*
//		docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html: the session of a role on EC2 is the instance
//	kubectl                    automation    medium user arn:aws*:sts::*:assumed-role/*/GitHubActions, userAgent kubectl/*
//		aws-actions/configure-aws-credentials action.yml: the default of role-session-name
//	kubectl                    human         high   userAgent kubectl/*, not user system:*, not user eks:*, not user empty
//		observed; kubectl pkg/drain, focaaby
//	oc                         human         medium userAgent oc/*, not user system:*, not user eks:*, not user empty
//		observed; client-go rest/config.go
//	k9s                        human         medium userAgent k9s/*, not user system:*, not user eks:*, not user empty
//		client-go rest/config.go: the name of the binary
//	eksctl                     human         high   userAgent eksctl/*, not user system:*, not user eks:*, not user empty
//		observed; eksctl pkg/drain
//	web-ui                     human         low    userAgent Mozilla/*, not user system:*, not user eks:*, not user empty
//		developer.mozilla.org/docs/Web/HTTP/Reference/Headers/User-Agent; inferred: a proxy passes it on
//
// If none matches, these do:
//
//	karpenter                  automation    low    user system:serviceaccount:*:*, request create pods/eviction, node mark karpenter.sh/disrupt*
//		karpenter pkg/apis/v1/taints.go: disrupted, formerly disruption
//	cluster-autoscaler         automation    low    user system:serviceaccount:*:*, request create pods/eviction, node mark ToBeDeletedByClusterAutoscaler
//		autoscaler cluster-autoscaler/utils/taints/taints.go
//	node-termination-handler   automation    low    user system:serviceaccount:*:*, request create pods/eviction, node mark aws-node-termination-handler/*
//		aws-node-termination-handler pkg/node/node.go
//	node-maintenance-operator  automation    low    user system:serviceaccount:*:*, request create pods/eviction, node mark medik8s.io/drain
//		medik8s node-maintenance-operator controllers/taint.go
//	service-account            automation    low    user system:serviceaccount:*:*
//		kubernetes.io/docs/reference/access-authn-authz/authentication
//	eks-service                platform      medium user eks:*
//		docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html; aws-iam-authenticator reserves the prefix
//	anonymous                  unknown       high   user system:anonymous
//		observed; kubernetes.io/docs/reference/access-authn-authz/authentication
//	kubernetes                 control-plane low    user system:*
//		kubernetes.io/docs/reference/access-authn-authz/rbac: the prefix is reserved
package evict
