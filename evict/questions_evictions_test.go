package evict_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// 5: Which PDB blocks the drain? Is it mine?
func ExampleEvictions_whichBudgetBlocks() {
	l := evicttest.NewLog(monday)
	pod := l.Pod("shop", "web-0", instanceNode)
	for range 4 {
		l.Evict(pod, evicttest.EKSNodeManager(), evicttest.Blocked("web-pdb", 2, 2))
		l.After(5 * time.Minute)
	}

	for e, err := range evict.Evictions(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		for _, b := range e.Budgets {
			fmt.Printf("budget %s/%s needs %d and has %d\n", e.Namespace, b.Name, b.Needs, b.Has)
		}
		for _, r := range e.Refusals {
			fmt.Println(r.Count, "refusals from", r.First.Format(time.TimeOnly), "to", r.Last.Format(time.TimeOnly))
		}
	}
	// Output:
	// budget shop/web-pdb needs 2 and has 2
	// 4 refusals from 08:00:00 to 08:15:00
}

// 8: Two PDBs match: which pod?
func ExampleEvictions_twoBudgets() {
	l := evicttest.NewLog(monday)
	drainer := evicttest.EKSNodeManager()
	l.Evict(l.Pod("shop", "web-0", instanceNode), drainer, evicttest.Accepted())
	l.Evict(l.Pod("shop", "web-1", instanceNode), drainer, evicttest.Answered(evict.MultipleBudgets))

	for e, err := range evict.Evictions(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		if e.Outcome == evict.MultipleBudgets {
			fmt.Println(e.Namespace+"/"+e.Pod, e.Refusals[0].Message)
		}
	}
	// Output:
	// shop/web-1 This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.
}

// 12: Will there be a forced deletion, and when?
//
// That Fargate was refused is in the log, and so AWS will delete the pod. When
// is not: it is the scheduledTerminationTime of the event "EKS Fargate Pod
// Scheduled Termination" of EventBridge.
func ExampleEvictions_willItBeForced() {
	l := evicttest.NewLog(monday)
	l.Evict(l.Pod("shop", "web-0", fargateNode), evicttest.EKSNodeManager(), evicttest.Blocked("web-pdb", 2, 2))
	hint := evict.Hint{Profiles: []evict.ProfileSelector{{Namespace: "shop"}}} // no line of this log tells the node

	for e, err := range evict.Evictions(context.Background(), l.Source(), &evict.Options{Hint: hint}) {
		if err != nil {
			log.Fatal(err)
		}
		if e.Initiator.Kind == evict.EKSFargate && e.AcceptedAt.IsZero() {
			fmt.Println(e.Namespace+"/"+e.Pod, "refused by", e.Budgets[0].Name, "on", e.Last.Format(time.DateOnly))
		}
	}
	// Output: shop/web-0 refused by web-pdb on 2026-03-02
}

// 19: Which evictions came from humans?
func ExampleEvictions_byHumans() {
	l := evicttest.NewLog(monday)
	for i, by := range []evicttest.Actor{
		evicttest.Karpenter(),
		evicttest.Kubectl("alice@example.com"),
		evicttest.SystemUpgradeController(), // runs kubectl too
		evicttest.Kubectl("bob@example.com").Impersonating("kubernetes-admin"),
	} {
		l.Evict(l.Pod("shop", fmt.Sprint("web-", i), instanceNode), by, evicttest.Accepted())
	}

	for e, err := range evict.Evictions(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		switch a := e.Actor; {
		case e.Initiator.Class != evict.Human:
		case a.Impersonated != "":
			fmt.Println(e.Pod, e.Initiator.Kind, a.User, "as", a.Impersonated)
		default:
			fmt.Println(e.Pod, e.Initiator.Kind, a.User)
		}
	}
	// Output:
	// web-1 kubectl alice@example.com
	// web-3 kubectl bob@example.com as kubernetes-admin
}
