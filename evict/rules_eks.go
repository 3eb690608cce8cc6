package evict

// nodeManagerRole is the role of eks:node-manager, in an account of AWS. Real
// ones are AWSWesleyClusterManagerLambda-NodeManagerRole-ID; the documentation
// shows no more of the name than its middle.
var nodeManagerRole = Match{Field: FieldCanonicalARN, Pattern: "arn:aws*:iam::*:role/*-NodeManagerRole-*", Soft: true}

// nodeManagerRBAC is what the authorizer says of eks:node-manager, whose
// bindings are to the user.
var nodeManagerRBAC = Match{Field: FieldRBAC, Pattern: `RBAC: allowed by * to User "eks:node-manager"`, Soft: true}

// eksRules are the identities of Amazon EKS. aws-iam-authenticator keeps the
// prefix eks: to them, and so do access entries: nobody else has such a name
// except by impersonation.
//
// eks:node-manager acts for managed node groups and for Fargate, so that what
// the pod ran on decides between the two. No line of a Fargate patch has been
// published: that the name is this one is documented, and no more.
//
// The user agent of the service, Kubernetes Java Client, is in no rule: every
// program with that library has it.
var eksRules = []Rule{
	{EKSFargate, Platform, Medium, []Match{userIs("eks:node-manager"), computeIs(Fargate), nodeManagerRole, nodeManagerRBAC},
		"awsdocs eks-observe.adoc, fargate-pod-patching.adoc"},
	{EKSFargate, Platform, Low, []Match{userIs("eks:fargate-manager"), computeIs(Fargate)},
		"awsdocs fargate-pod-patching.adoc; exists in every cluster, not seen acting"},
	{EKSNodeGroup, Platform, High, []Match{userIs("eks:node-manager"), computeIs(Instance), nodeManagerRole, nodeManagerRBAC},
		"observed; awsdocs managed-node-update-behavior.adoc"},
	{EKSPlatform, Platform, High, []Match{userIs("eks:node-manager"), nodeManagerRole, nodeManagerRBAC},
		"observed; awsdocs eks-observe.adoc"},
	{EKSPlatform, Platform, Low, []Match{userIs("eks:fargate-manager")},
		"exists in every cluster, not seen acting"},
	{EKSPlatform, Platform, Medium, []Match{{Field: FieldCanonicalARN, Pattern: "arn:aws*:iam::*:role/AWSWesleyClusterManagerLambda-NodeManagerRole-*"}},
		"observed, together with the name eks:node-manager"},
	{EKSAutoMode, Platform, Low, []Match{{Field: FieldRBAC, Pattern: "EKS Access Policy: allowed by *cluster-access-policy/AmazonEKSComputeClusterPolicy*"}},
		"awsdocs access-policy-permissions.adoc, auto-learn-iam.adoc; the form observed for another policy"},

	{EKSAddonManager, Platform, High, []Match{userIs("eks:addon-manager"),
		{Field: FieldCanonicalARN, Pattern: "arn:aws*:iam::*:role/AWSWesleyClusterManagerLambda-Add-AddonManagerRole-*", Soft: true}},
		"observed"},
	{EKSFargateScheduler, Platform, High, []Match{userIs("eks:fargate-scheduler")},
		"observed; docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html"},
	{EKSClusterBootstrap, Platform, High, []Match{userIs("eks:cluster-bootstrap")},
		"observed; docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html"},
	{EKSCertificateController, Platform, High, []Match{userIs("eks:certificate-controller")},
		"observed; docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html"},
	{CloudControllerManager, Platform, Medium, []Match{userIs("eks:cloud-controller-manager")},
		"docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html"},
	{EKSNodeWatcher, Platform, Medium, []Match{userIs("eks:nodewatcher")},
		"docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html; falco eks_allowed_k8s_users"},
	{EKSServiceOperations, Platform, Medium, []Match{userIs("eks:service-operations")},
		"docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html"},
	{EKSSupportEngineer, Platform, Medium, []Match{userIs("eks:support-engineer")},
		"docs.aws.amazon.com/eks/latest/userguide/default-roles-users.html"},
	{AWSBackup, Platform, Low, []Match{userIs("arn:aws*:sts::*:assumed-role/AWSBackupRestoreRole*"), agentIs("Kubernetes Java Client/*")},
		"observed; the role is of the owner's choosing"},
}

// providerRules are the platforms of other providers.
var providerRules = []Rule{
	{ClusterAutoscaler, Automation, High, []Match{userIs("aksService"), agentIs("cluster-autoscaler/*")},
		"observed on AKS"},
	{AKS, Platform, Low, []Match{userIs("aksService")},
		"observed on AKS, where the autoscaler has the same name"},
	{GKE, Platform, Low, []Match{userIs("service-*@container-engine-robot.iam.gserviceaccount.com")},
		"cloud.google.com/iam/docs/service-agents"},
	{Gardener, Platform, Medium, []Match{agentIs("*/machine-controller"), unless(userIs("eks:*"))},
		"gardener machine-controller-manager pkg/util/provider/drain/drain.go, cmd"},
	{Gardener, Platform, Medium, []Match{agentIs("*/machine-controller-manager"), unless(userIs("eks:*"))},
		"gardener machine-controller-manager pkg/util/provider/drain/drain.go, cmd"},
}
