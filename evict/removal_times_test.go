package evict

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTimes follows a pod from the decision to the replacement.
func TestTimes(t *testing.T) {
	var s tale
	s.runs(0, "web-a", node1)
	grace := int64(30)
	s.evicts(100, karpenter, "web-a", Accepted).attempt.GracePeriodSeconds = &grace
	s.made(100.5, "web-b")
	s.bound(101, "web-b", "node-2")
	r := s.ends(130, "web-a", node1)
	r.pods[0].exitCodes = map[string]int32{"app": 143}
	r.pods[0].protections = map[string]string{"karpenter.sh/do-not-disrupt": "true"}
	s.ready(150, "web-b", "node-2")
	got := s.tell(nil).Removals
	if len(got) != 1 {
		t.Fatalf("%d removals", len(got))
	}
	m := got[0]
	ms := time.Millisecond // in which each request was answered
	for what, pair := range map[string][2]time.Time{
		"decided":  {m.DecidedAt, at(100).Add(ms)},
		"gone":     {m.GoneAt, at(130).Add(ms)},
		"replaced": {m.ReplacedAt, at(101).Add(ms)},
		"ready":    {m.ReadyAt, at(150).Add(ms)},
	} {
		if !pair[0].Equal(pair[1]) {
			t.Errorf("%s at %v, want %v", what, pair[0], pair[1])
		}
	}
	if m.Replacement != "web-b" || *m.GracePeriodSeconds != 30 || m.ExitCodes["app"] != 143 || len(m.Protections) != 1 {
		t.Errorf("%+v", m)
	}
}

// TestReplacements tells which pod takes the place of which.
func TestReplacements(t *testing.T) {
	tests := []struct {
		name string
		tell func(*tale)
		want map[string]string
	}{
		{"one to one, in order", func(s *tale) {
			s.evicts(10, alice, "web-a", Accepted)
			s.made(10.1, "web-c")
			s.evicts(11, alice, "web-b", Accepted)
			s.made(11.1, "web-d")
		}, map[string]string{"web-a": "web-c", "web-b": "web-d"}},
		{"made when the pod was gone", func(s *tale) {
			s.evicts(10, alice, "web-a", Accepted)
			s.ends(20, "web-a", node1)
			s.made(30, "web-c")
		}, map[string]string{"web-a": "web-c"}},
		{"the kubelet is the first to tell the owner", func(s *tale) {
			s.evicts(10, alice, "web-x", Accepted)
			s.made(10.1, "web-c")
			s.ends(40, "web-x", node1)
		}, map[string]string{"web-x": "web-c"}},
		{"made too late", func(s *tale) {
			s.evicts(10, alice, "web-a", Accepted)
			s.ends(20, "web-a", node1)
			s.made(20+3600.1, "web-c")
		}, map[string]string{"web-a": ""}},
		{"none for one that was scaled down", func(s *tale) {
			s.changes(9, alice, "deployments", "web", ownerChange{replicas: new(int32)})
			s.deletes(10, kubeSystem("replicaset-controller"), "web-a", node1)
			s.evicts(10.2, alice, "web-b", Accepted)
			s.made(10.3, "web-c")
		}, map[string]string{"web-a": "", "web-b": "web-c"}},
		{"of a StatefulSet: the same name", func(s *tale) {
			set := Owner{Kind: "StatefulSet", Name: "db", UID: "set"}
			s.made(10, "db-0").pods[0].owner = set
			s.evicts(20, alice, "db-0", Accepted)
			s.ends(30, "db-0", node1).pods[0].owner = set
			s.made(31, "db-1").pods[0].owner = set
			again := s.made(32, "db-0")
			again.pods[0].owner, again.pods[0].uid = set, "second"
		}, map[string]string{"db-0": "db-0"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var s tale
			s.runs(0, "web-a", node1)
			s.runs(0.01, "web-b", node1)
			test.tell(&s)
			got := map[string]string{}
			for _, m := range s.tell(nil).Removals {
				got[m.Pod] = m.Replacement
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDown counts how many pods of an owner were missing at once. Each pod is
// evicted at the first of its times, gone at the second, and its replacement
// ready at the third; 0 if that is not so, or not in the log.
func TestDown(t *testing.T) {
	tests := []struct {
		name  string
		times [][3]float64
		want  []int
	}{
		{"alone", [][3]float64{{10, 40, 50}}, []int{1}},
		{"one after another", [][3]float64{{10, 40, 50}, {60, 90, 100}}, []int{1, 1}},
		{"together", [][3]float64{{10, 40, 50}, {20, 50, 60}, {30, 60, 70}}, []int{3, 3, 3}},
		{"never three at once", [][3]float64{{10, 20, 50}, {40, 50, 80}, {60, 70, 100}}, []int{2, 2, 2}},
		{"the second begins when the first is gone and its replacement is not ready", [][3]float64{{10, 40, 0}, {45, 60, 70}}, []int{1, 1}},
		{"the second begins before the replacement is ready", [][3]float64{{10, 40, 50}, {45, 60, 70}}, []int{2, 2}},
		{"one that never goes is missing all along", [][3]float64{{10, 0, 0}, {100, 130, 140}}, []int{2, 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var s tale
			for i, times := range test.times {
				name := fmt.Sprintf("old-%d", i)
				s.runs(float64(i)/10, name, node1)
				s.evicts(times[0]-0.5, alice, name, BlockedByBudget)
				s.evicts(times[0], alice, name, Accepted)
				s.made(times[0]+0.1, fmt.Sprintf("new-%d", i))
				if times[2] > 0 {
					s.ready(times[2], fmt.Sprintf("new-%d", i), "node-2")
				}
				if times[1] > 0 {
					s.ends(times[1], name, node1)
				}
			}
			var got []int
			for _, m := range s.tell(nil).Removals {
				got = append(got, m.DownWithOwner)
				if m.DownWithBudget != m.DownWithOwner {
					t.Errorf("%s: %d with the budget, %d with the owner", m.Pod, m.DownWithBudget, m.DownWithOwner)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
