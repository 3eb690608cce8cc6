package evict

import (
	"testing"
)

const (
	alice     = "alice kubectl/v1.37.2"
	karpenter = "system:serviceaccount:kube-system:karpenter karpenter/1.5"
	node1     = "ip-10-0-0-1.ec2.internal"
)

// wayTests have a pod, web-a, on node1 since the beginning. Each tells how it
// went away.
var wayTests = []struct {
	name string
	tell func(*tale)
	way  Way
	by   string // the user whom the initiator is about; empty if nobody is known
	gone float64
}{
	{"evicted", func(s *tale) {
		s.evicts(10, karpenter, "web-a", Accepted)
		s.ends(40, "web-a", node1)
	}, Evicted, kubeSystem("karpenter"), 40},
	{"evicted, then forced: the first decided", func(s *tale) {
		s.evicts(10, karpenter, "web-a", Accepted)
		s.deletes(20, alice, "web-a", node1).grace = new(int64)
	}, Evicted, kubeSystem("karpenter"), 20},
	{"evicted, then the node was out of reach: the slot of the condition is overwritten", func(s *tale) {
		s.evicts(10, karpenter, "web-a", Accepted)
		s.announce(20, kubeSystem("node-controller"), "web-a", "DeletionByTaintManager")
		s.deletes(20.1, kubeSystem("node-controller"), "web-a", node1)
		s.ends(40, "web-a", node1).pods[0].disrupted = "DeletionByTaintManager"
	}, Evicted, kubeSystem("karpenter"), 40},
	{"the end alone, of an eviction", func(s *tale) {
		s.ends(40, "web-a", node1).pods[0].disrupted = "EvictionByEvictionAPI"
	}, Evicted, "", 40},
	{"the end alone", func(s *tale) {
		s.ends(40, "web-a", node1)
	}, WayUnknown, "", 40},
	{"deleted", func(s *tale) {
		s.deletes(10, alice, "web-a", node1)
		s.ends(40, "web-a", node1)
	}, Deleted, "alice", 40},
	{"deleted by force", func(s *tale) {
		s.deletes(10, alice, "web-a", node1).grace = new(int64)
	}, ForceDeleted, "alice", 10},
	{"deleted by another after refused evictions", func(s *tale) {
		s.evicts(5, karpenter, "web-a", BlockedByBudget)
		s.deletes(10, alice, "web-a", node1)
	}, Deleted, "alice", 0},
	{"forced three days after refused evictions", func(s *tale) {
		s.evicts(5, "eks:node-manager", "web-a", BlockedByBudget)
		s.evicts(60, "eks:node-manager", "web-a", MultipleBudgets)
		s.runs(86400, "web-z", node1) // the log goes on
		s.deletes(3*86400, "eks:fargate-manager", "web-a", node1)
		s.ends(3*86400+30, "web-a", node1)
	}, EvictionForced, "eks:fargate-manager", 3*86400 + 30},
	{"a refused dry run is no threat", func(s *tale) {
		s.evicts(5, alice, "web-a", BlockedByBudget).dry()
		s.deletes(10, alice, "web-a", node1)
	}, Deleted, "alice", 0},
	{"drained without evictions", func(s *tale) {
		s.cordons(8, alice, node1, true)
		s.deletes(10, alice, "web-a", node1)
	}, DrainDeleted, "alice", 0},
	{"drained without evictions, by another tool and of two pods", func(s *tale) {
		s.runs(1, "web-b", node1)
		s.cordons(8, "drainer", node1, true)
		s.deletes(1000, "drainer", "web-a", node1)
		s.deletes(1000.5, "drainer", "web-b", node1)
	}, DrainDeleted, "drainer", 0},
	{"deleted from a node that another had cordoned", func(s *tale) {
		s.cordons(8, "bob", node1, true)
		s.deletes(10, alice, "web-a", node1)
	}, Deleted, "alice", 0},
	{"deleted after the uncordon", func(s *tale) {
		s.cordons(6, alice, node1, true)
		s.cordons(8, alice, node1, false)
		s.deletes(10, alice, "web-a", node1)
	}, Deleted, "alice", 0},
	{"scaled down", func(s *tale) {
		s.changes(9, alice, "deployments", "web", ownerChange{kind: "Deployment", replicas: new(int32)})
		s.deletes(10, kubeSystem("replicaset-controller"), "web-a", node1)
	}, ScaledDown, "alice", 0},
	{"scaled down by a request that another server saw later", func(s *tale) {
		s.deletes(10, kubeSystem("replicaset-controller"), "web-a", node1)
		s.changes(10.5, alice, "deployments", "web", ownerChange{kind: "Deployment", replicas: new(int32)})
	}, ScaledDown, "alice", 0},
	{"scaled down by the autoscaler, through the ReplicaSet", func(s *tale) {
		s.changes(9, kubeSystem("horizontal-pod-autoscaler"), "deployments", "web", ownerChange{replicas: new(int32)})
		s.changes(9.5, kubeSystem("deployment-controller"), "replicasets", "web-1", ownerChange{replicas: new(int32), owner: Owner{Kind: "Deployment", Name: "web"}})
		s.deletes(10, kubeSystem("replicaset-controller"), "web-a", node1)
	}, ScaledDown, kubeSystem("horizontal-pod-autoscaler"), 0},
	{"scaled up, and deleted for another reason", func(s *tale) {
		two, three := int32(2), int32(3)
		s.changes(-9000, alice, "deployments", "web", ownerChange{replicas: &two})
		s.changes(-5000, alice, "deployments", "web", ownerChange{replicas: &two})
		s.changes(9, alice, "deployments", "web", ownerChange{replicas: &three})
		s.deletes(10, kubeSystem("replicaset-controller"), "web-a", node1)
	}, ControllerDeleted, kubeSystem("replicaset-controller"), 0},
	{"rolled out", func(s *tale) {
		s.changes(9, alice, "deployments", "web", ownerChange{kind: "Deployment", restart: true, template: true})
		s.deletes(10, kubeSystem("replicaset-controller"), "web-a", node1)
	}, RolledOut, "alice", 0},
	{"of the new revision, so scaled down", func(s *tale) {
		s.changes(-60, "bob", "deployments", "web", ownerChange{template: true})
		s.changes(9, alice, "deployments", "web", ownerChange{replicas: new(int32)})
		s.deletes(10, kubeSystem("replicaset-controller"), "web-a", node1)
	}, ScaledDown, "alice", 0},
	{"by its controller, nobody knows why", func(s *tale) {
		s.deletes(10, kubeSystem("replicaset-controller"), "web-a", node1)
	}, ControllerDeleted, kubeSystem("replicaset-controller"), 0},
	{"cascaded", func(s *tale) {
		s.add(8, alice, ownerDeleted, "delete", "deployments", "web")
		s.add(9, kubeSystem("generic-garbage-collector"), ownerDeleted, "delete", "replicasets", "web-1")
		s.deletes(10, kubeSystem("generic-garbage-collector"), "web-a", node1)
	}, Cascaded, "alice", 0},
	{"cascaded, before the log tells from where", func(s *tale) {
		s.deletes(10, kubeSystem("generic-garbage-collector"), "web-a", node1)
	}, Cascaded, kubeSystem("generic-garbage-collector"), 0},
	{"its owner expired", func(s *tale) {
		s.add(9, kubeSystem("ttl-after-finished-controller"), ownerDeleted, "delete", "replicasets", "web-1")
		s.deletes(10, kubeSystem("generic-garbage-collector"), "web-a", node1)
	}, JobExpired, kubeSystem("ttl-after-finished-controller"), 0},
	{"with its namespace", func(s *tale) {
		s.add(5, alice, namespaceDeleted, "delete", "namespaces", "ns")
		s.add(6, kubeSystem("namespace-controller"), podsDeleted, "deletecollection", "pods", "")
		s.ends(40, "web-a", node1)
	}, NamespaceDeleted, "alice", 40},
	{"with its namespace, by the collector", func(s *tale) {
		s.add(5, alice, namespaceDeleted, "delete", "namespaces", "ns")
		s.deletes(6, kubeSystem("generic-garbage-collector"), "web-a", node1)
	}, NamespaceDeleted, "alice", 0},
	{"with a collection that is named", func(s *tale) {
		s.add(6, alice, podsDeleted, "deletecollection", "pods", "").pods = []podState{shown("web-a", node1)}
		s.ends(40, "web-a", node1)
	}, CollectionDeleted, "alice", 40},
	{"with a collection that is not named", func(s *tale) {
		s.add(6, alice, podsDeleted, "deletecollection", "pods", "")
		s.ends(40, "web-a", node1)
	}, CollectionDeleted, "alice", 40},
	{"preempted", func(s *tale) {
		s.announce(9.9, "system:kube-scheduler", "web-a", "PreemptionByScheduler")
		s.deletes(10, "system:kube-scheduler", "web-a", node1)
	}, Preempted, "system:kube-scheduler", 0},
	{"preempted, and the delete is not in the log", func(s *tale) {
		s.announce(9.9, "system:kube-scheduler", "web-a", "PreemptionByScheduler")
		s.ends(40, "web-a", node1)
	}, Preempted, "system:kube-scheduler", 40},
	{"deleted by a person, whom a preemption that came to nothing does not concern", func(s *tale) {
		s.announce(9, "system:kube-scheduler", "web-a", "PreemptionByScheduler")
		s.deletes(10, alice, "web-a", node1)
	}, Deleted, "alice", 0},
	{"tainted by the node controller", func(s *tale) {
		s.taints(1, kubeSystem("node-controller"), node1, "node.kubernetes.io/unreachable", "NoExecute")
		s.deletes(10, kubeSystem("node-controller"), "web-a", node1)
	}, TaintEvicted, kubeSystem("node-controller"), 0},
	{"tainted by a person", func(s *tale) {
		s.taints(1, alice, node1, "maintenance", "NoExecute")
		s.deletes(10, kubeSystem("node-controller"), "web-a", node1)
	}, TaintEvicted, "alice", 0},
	{"its node was deleted", func(s *tale) {
		s.add(5, alice, nodeDeleted, "delete", "nodes", node1).namespace = ""
		s.announce(61.9, kubeSystem("pod-garbage-collector"), "web-a", "DeletionByPodGC")
		s.deletes(62, kubeSystem("pod-garbage-collector"), "web-a", node1).grace = new(int64)
	}, GarbageCollected, "alice", 62},
	{"node pressure; the object is deleted later", func(s *tale) {
		s.fails(10, node1, "web-a", "Evicted")
		s.deletes(600, kubeSystem("pod-garbage-collector"), "web-a", node1).grace = new(int64)
	}, NodePressure, kubeletPrefix + node1, 0},
	{"node shutdown", func(s *tale) {
		s.fails(10, node1, "web-a", "Terminated")
	}, NodeShutdown, kubeletPrefix + node1, 0},
	{"critical admission", func(s *tale) {
		s.fails(10, node1, "web-a", "Preempting")
	}, CriticalAdmission, kubeletPrefix + node1, 0},
}

func TestWays(t *testing.T) {
	seen := map[Way]bool{}
	for _, test := range wayTests {
		t.Run(test.name, func(t *testing.T) {
			var s tale
			s.runs(0, "web-a", node1)
			test.tell(&s)
			for _, m := range s.tell(nil).Removals {
				if m.Pod != "web-a" {
					continue
				}
				seen[m.Way] = true
				if m.Way != test.way || m.Initiator.Actor.User != test.by {
					t.Errorf("%v by %q, want %v by %q", m.Way, m.Initiator.Actor.User, test.way, test.by)
				}
				if want := at(test.gone); test.gone > 0 && m.GoneAt.Sub(want).Abs() > 2e6 || test.gone == 0 && !m.GoneAt.IsZero() {
					t.Errorf("gone at %v, want %v", m.GoneAt, want)
				}
				if m.Node != node1 || m.UID != "uid-web-a" || m.Compute != Instance {
					t.Errorf("node %q, uid %q, on %v", m.Node, m.UID, m.Compute)
				}
				return
			}
			t.Error("no removal")
		})
	}
	for w := range Way(len(wayNames)) {
		if !seen[w] {
			t.Errorf("no test shows %v", w)
		}
	}
}

// TestNoRemoval tells of what removes no pod.
func TestNoRemoval(t *testing.T) {
	tests := map[string]func(*tale){
		"refused":          func(s *tale) { s.evicts(10, karpenter, "web-a", BlockedByBudget) },
		"rehearsed":        func(s *tale) { s.evicts(10, karpenter, "web-a", Accepted).dry() },
		"delete refused":   func(s *tale) { s.deletes(10, alice, "web-a", node1).code = 403 },
		"delete rehearsed": func(s *tale) { s.deletes(10, alice, "web-a", node1).dry() },
		"another verb": func(s *tale) {
			s.evicts(10, alice, "web-a", Accepted).attempt.Verb = "delete"
		},
		"a condition alone": func(s *tale) {
			s.announce(10, kubeSystem("node-controller"), "web-a", "DeletionByTaintManager")
		},
		"the node controller puts the whole pod": func(s *tale) {
			r := s.patch(10, kubeSystem("node-controller"), "web-a")
			r.request.Verb, r.pods[0].disrupted, r.pods[0].ready = "update", "DeletionByTaintManager", "False"
		},
		"finished": func(s *tale) {
			s.patch(10, kubeletPrefix+node1, "web-a").pods[0].phase = "Succeeded"
		},
		"another pod of the name": func(s *tale) {
			s.evicts(10, karpenter, "web-a", UIDMismatch).attempt.UID = "another"
		},
		"node cordoned and deleted": func(s *tale) {
			s.cordons(9, alice, node1, true)
			s.add(10, alice, nodeDeleted, "delete", "nodes", node1)
		},
	}
	for name, tell := range tests {
		t.Run(name, func(t *testing.T) {
			var s tale
			s.runs(0, "web-a", node1)
			tell(&s)
			for _, m := range s.tell(nil).Removals {
				t.Errorf("%s %v", m.Pod, m.Way)
			}
		})
	}
}
