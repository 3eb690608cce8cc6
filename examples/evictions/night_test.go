package main

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

var update = flag.Bool("update", false, "write night.log anew")

// TestNight holds night.log to the story that it was made of: Karpenter takes a
// node away that has two pods with a budget, and a little later Fargate evicts
// a pod of another workload. With -update it writes the log.
func TestNight(t *testing.T) {
	const (
		node2   = "ip-10-0-1-12.us-west-2.compute.internal"
		patched = "fargate-ip-10-42-12-17.us-west-2.compute.internal"
	)
	l := evicttest.NewLog(time.Date(2026, time.March, 3, 2, 10, 0, 0, time.UTC))
	pod := func(owner, name, node string) *evicttest.Pod {
		p := l.Pod("shop", name, node)
		p.Owner = evict.Owner{Kind: "StatefulSet", Name: owner}
		l.Bind(p, node)
		return p
	}
	web0, web1, orders := pod("web", "web-0", node1), pod("web", "web-1", node1), pod("orders", "orders-0", fargate)

	l.After(47 * time.Minute)
	karpenter := evicttest.Karpenter()
	l.Taint(node1, "karpenter.sh/disrupted", "NoSchedule", karpenter)
	l.After(2 * time.Second)
	l.Evict(web0, karpenter, evicttest.Accepted())
	l.Evict(web1, karpenter, evicttest.Blocked("web-pdb", 1, 1))
	l.After(4 * time.Second)
	l.End(web0)
	l.Replace(web0, node2)
	l.After(6 * time.Second)
	l.Evict(web1, karpenter, evicttest.Accepted())
	l.After(4 * time.Second)
	l.End(web1)
	l.Replace(web1, node2)
	l.After(10 * time.Second)
	l.DeleteNode(node1, karpenter)

	l.After(22 * time.Minute)
	l.Evict(orders, evicttest.EKSNodeManager(), evicttest.Accepted())
	l.After(20 * time.Second)
	l.End(orders)
	l.Replace(orders, patched)

	var want bytes.Buffer
	if _, err := l.WriteTo(&want); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("night.log", want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("night.log")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("night.log is not of this story; run the test with -update (-want +got):\n%s", diff)
	}
}
