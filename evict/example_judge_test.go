package evict_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// Was it Fargate OS patching? The result of a query for evictions alone does
// not tell. The verdict says what is missing and how to fetch it; here a hint
// takes its place.
func ExampleJudge() {
	l := evicttest.NewLog(time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC))
	pod := l.Pod("shop", "web-0", "fargate-ip-10-0-1-11.ec2.internal")
	l.Evict(pod, evicttest.EKSNodeManager(), evicttest.Accepted())

	target := evict.Target{Namespace: "shop", Pod: "web-0"}
	verdict, err := evict.Judge(context.Background(), l.Source(), target, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verdict.Answer)
	for _, m := range verdict.Missing {
		fmt.Println("  missing:", m.What)
	}

	opts := &evict.Options{Hint: evict.Hint{Profiles: []evict.ProfileSelector{{Namespace: "shop"}}}}
	verdict, err = evict.Judge(context.Background(), l.Source(), target, opts)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verdict.Answer, verdict.Confidence)
	fmt.Println(verdict.Summary)
	// Output:
	// undecided
	//   missing: the binding of the pod, which names its node
	//   missing: the kubelet's delete of the pod, which is its end and holds the whole pod
	//   missing: the creation of the pod, which holds its labels and the name of its scheduler
	// fargate-patching medium
	// Probably: Amazon EKS (eks:node-manager) evicted the pod from Fargate at 2026-01-02T03:04:05Z, and OS patching is the documented reason.
}

// Why did the pod die at night? All that happened to it, and around it.
func ExampleTimeline() {
	l := evicttest.NewLog(time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC))
	pod := l.Pod("shop", "web-0", "ip-10-0-1-11.ec2.internal")
	karpenter := evicttest.Karpenter()
	l.Taint(pod.Node, "karpenter.sh/disrupted", "NoSchedule", karpenter)
	l.After(time.Second)
	l.Evict(pod, karpenter, evicttest.Blocked("web-pdb", 2, 2))
	l.After(10 * time.Second)
	l.Evict(pod, karpenter, evicttest.Accepted())
	l.After(5 * time.Second)
	l.End(pod)

	for e, err := range evict.Timeline(context.Background(), l.Source(), "shop", "web-0", nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s %s: %s (%s)\n", e.Time.Format(time.TimeOnly), e.Kind, e.Text, e.Initiator.Kind)
	}
	// Output:
	// 03:04:05 Node: taint karpenter.sh/disrupted:NoSchedule (karpenter)
	// 03:04:06 Pod: eviction blocked-by-budget: budget web-pdb needs 2 and has 2 (karpenter)
	// 03:04:16 Pod: eviction accepted (karpenter)
	// 03:04:21 Pod: finished as Succeeded; app exited with 0 (kubelet)
	// 03:04:21 Pod: gone from its node (kubelet)
}
