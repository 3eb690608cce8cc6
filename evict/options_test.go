package evict_test

import (
	"context"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// all walks a sequence to its end.
func all[T any](t *testing.T, walk func(context.Context, audit.Source, *evict.Options) iter.Seq2[T, error], src audit.Source, opts *evict.Options) []T {
	t.Helper()
	var list []T
	for v, err := range walk(t.Context(), src, opts) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// TestOptionsNode asks for the stories of one of two nodes.
func TestOptionsNode(t *testing.T) {
	log := evicttest.NewLog(time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC))
	nodes := []string{"ip-10-0-1-11.ec2.internal", "ip-10-0-1-12.ec2.internal"}
	for i, node := range nodes {
		pod := log.Pod("shop", "web-"+node[len("ip-10-0-1-"):len("ip-10-0-1-")+2], node)
		log.Create(pod, evicttest.Controller("replicaset-controller"))
		log.Bind(pod, node)
		log.After(time.Minute)
		log.Taint(node, "karpenter.sh/disrupted", "NoSchedule", evicttest.Karpenter())
		log.Evict(pod, evicttest.Karpenter(), evicttest.Accepted())
		log.End(pod)
		log.After(time.Duration(i) * time.Minute)
	}
	for _, node := range append(nodes, "") {
		opts := &evict.Options{Node: node}
		want := 1
		if node == "" {
			want = 2
		}
		drains := all(t, evict.Drains, log.Source(), opts)
		got := []int{len(all(t, evict.Evictions, log.Source(), opts)), len(all(t, evict.Removals, log.Source(), opts)), len(drains)}
		if diff := cmp.Diff([]int{want, want, want}, got); diff != "" {
			t.Errorf("%q: evictions, removals, drains (-want +got):\n%s", node, diff)
		}
		for _, d := range drains {
			if !slices.ContainsFunc(d.Evidence, func(e evict.Evidence) bool {
				return e.Field == "requestObject.spec.taints" && e.Value == "karpenter.sh/disrupted" && e.Pos != audit.Pos{}
			}) {
				t.Errorf("%s: no evidence of the taint: %+v", d.Node, d.Evidence)
			}
		}
	}
}

// TestUnconfirmedUID says which uid a pod has that a refused request names.
func TestUnconfirmedUID(t *testing.T) {
	log := evicttest.NewLog(time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC))
	pod := log.Pod("shop", "web-0", "ip-10-0-1-11.ec2.internal")
	log.Evict(pod, evicttest.Karpenter(), evicttest.Blocked("web-pdb", 2, 2))
	alice := evicttest.Kubectl("alice")
	log.Evict(pod, alice, evicttest.Blocked("web-pdb", 2, 2))
	want := []evict.Eviction{
		{Pod: "web-0", UID: pod.UID, Outcome: evict.BlockedByBudget}, // Karpenter names it
		{Pod: "web-0", UID: "", Outcome: evict.BlockedByBudget, Actor: evict.Actor{User: "alice"}},
	}
	got := all(t, evict.Evictions, log.Source(), nil)
	if diff := evicttest.Diff(want, got); diff != "" {
		t.Errorf("evictions (-want +got):\n%s", diff)
	}
	if len(got) == 2 && got[1].UID != "" {
		t.Errorf("the uid of an eviction that names none is %q", got[1].UID)
	}
}

// TestCreatedAt finds out how long a pod had lived.
func TestCreatedAt(t *testing.T) {
	log := evicttest.NewLog(time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC))
	pod := log.Pod("shop", "web-0", "ip-10-0-1-11.ec2.internal")
	log.Create(pod, evicttest.Controller("statefulset-controller"))
	created := log.Now()
	log.After(time.Hour)
	log.Delete(pod, evicttest.Kubectl("alice"))
	got := all(t, evict.Removals, log.Source(), nil)
	if len(got) != 1 || got[0].CreatedAt.Sub(created).Abs() > time.Second {
		t.Errorf("%+v, and it was created at %v", got, created)
	}
}

// TestForced says after which refusals a delete by the same client forces what
// the eviction was to do.
func TestForced(t *testing.T) {
	for _, test := range []struct {
		answer evicttest.Answer
		want   evict.Way
	}{
		{evicttest.Blocked("web-pdb", 2, 2), evict.EvictionForced},
		{evicttest.Answered(evict.MultipleBudgets), evict.EvictionForced},
		{evicttest.Answered(evict.Throttled), evict.EvictionForced},
		{evicttest.Answered(evict.Forbidden), evict.Deleted},
		{evicttest.Answered(evict.BadRequest), evict.Deleted},
	} {
		log := evicttest.NewLog(time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC))
		pod := log.Pod("shop", "web-0", "ip-10-0-1-11.ec2.internal")
		log.Evict(pod, evicttest.Karpenter(), test.answer)
		log.After(time.Minute)
		log.Delete(pod, evicttest.Karpenter())
		log.End(pod)
		got := all(t, evict.Removals, log.Source(), nil)
		if len(got) != 1 || got[0].Way != test.want {
			t.Errorf("after %v: %+v, want %v", test.answer, got, test.want)
		}
	}
}
