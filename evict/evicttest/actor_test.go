package evicttest_test

import (
	"testing"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// TestActors checks that package evict knows every ready-made client that
// evicts.
func TestActors(t *testing.T) {
	const fargate = "fargate-ip-10-42-11-96.us-west-2.compute.internal"
	for _, test := range []struct {
		by   evicttest.Actor
		node string
		want evict.Kind
	}{
		{evicttest.EKSNodeManager(), node, evict.EKSNodeGroup},
		{evicttest.EKSNodeManager(), fargate, evict.EKSFargate},
		{evicttest.EKSNodeManager(), "", evict.EKSPlatform},
		{evicttest.EKSNodeManagerLambda(), node, evict.EKSNodeGroup},
		{evicttest.EKSFargateManager(), fargate, evict.EKSFargate},
		{evicttest.EKSAutoMode(), node, evict.EKSAutoMode},
		{evicttest.Karpenter(), node, evict.Karpenter},
		{evicttest.ClusterAutoscaler(), node, evict.ClusterAutoscaler},
		{evicttest.AKSAutoscaler(), node, evict.ClusterAutoscaler},
		{evicttest.Kubectl("kubernetes-admin"), node, evict.Kubectl},
		{evicttest.KubectlRole("PlatformAdmin", "alice@example.com"), node, evict.Kubectl},
		{evicttest.Tool("oc", "alice"), node, evict.OC},
		{evicttest.Tool("k9s", "alice"), node, evict.K9s},
		{evicttest.Eksctl("alice"), node, evict.Eksctl},
		{evicttest.NodeTerminationHandler(), node, evict.NodeTerminationHandler},
		{evicttest.Descheduler("LowNodeUtilization"), node, evict.Descheduler},
		{evicttest.VPAUpdater(), node, evict.VPA},
		{evicttest.ClusterAPI("kubernetes-admin"), node, evict.ClusterAPI},
		{evicttest.Kured(), node, evict.Kured},
		{evicttest.MachineConfigController(), node, evict.MachineConfigOperator},
		{evicttest.SystemUpgradeController(), node, evict.SystemUpgradeController},
		{evicttest.NodeMaintenanceOperator(), node, evict.NodeMaintenance},
		{evicttest.BottlerocketUpdateOperator(), node, evict.Bottlerocket},
		{evicttest.GardenerMachineController("alice"), node, evict.Gardener},
		{evicttest.EvictionResponder(), node, evict.EvictionResponder},
	} {
		l := evicttest.NewLog(start)
		pod := l.Pod("shop", "web-0", test.node)
		if test.node != "" {
			l.Bind(pod, test.node)
		}
		l.Evict(pod, test.by, evicttest.Accepted())
		got := collect(t, evict.Evictions(t.Context(), l.Source(), nil))
		want := []evict.Eviction{{
			Namespace: "shop", Pod: "web-0", Tries: 1, Outcome: evict.Accepted,
			Actor: evict.Actor{User: test.by.User}, Initiator: evict.Initiator{Kind: test.want},
		}}
		if diff := evicttest.Diff(want, got); diff != "" {
			t.Errorf("%s, %s (-want +got):\n%s", test.by.User, test.by.UserAgent, diff)
		}
	}
}

// TestImpersonating checks that both users are in the log.
func TestImpersonating(t *testing.T) {
	l := evicttest.NewLog(start)
	pod := l.Pod("shop", "web-0", node)
	by := evicttest.Kubectl("kubernetes-admin").Impersonating(evicttest.EKSNodeManager().User)
	l.Evict(pod, by, evicttest.Accepted())
	got := collect(t, evict.Attempts(t.Context(), l.Source(), nil))
	want := []evict.Attempt{{Outcome: evict.Accepted, Actor: evict.Actor{User: "kubernetes-admin", Impersonated: "eks:node-manager"}}}
	if diff := evicttest.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
