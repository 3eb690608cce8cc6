package evict_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// onNode are pods that the log shows to be bound to a node, an hour before what
// follows.
func onNode(l *evicttest.Log, node string, pods ...*evicttest.Pod) {
	for _, p := range pods {
		l.Bind(p, node)
	}
	l.After(time.Hour)
}

// 3: Was it Karpenter consolidation? It should be shown on the pod.
//
// That Karpenter disrupted the node is in the log, by its taint, and that it
// deleted it. Why it did is not: consolidation, drift and expiry look the same.
func ExampleDrains_karpenter() {
	l := evicttest.NewLog(monday)
	pod, karpenter := l.Pod("shop", "web-0", instanceNode), evicttest.Karpenter()
	onNode(l, instanceNode, pod)
	l.Taint(instanceNode, "karpenter.sh/disrupted", "NoSchedule", karpenter)
	l.Evict(pod, karpenter, evicttest.Accepted())
	l.After(5 * time.Second)
	l.End(pod)
	l.DeleteNode(instanceNode, karpenter)

	for d, err := range evict.Drains(context.Background(), l.Source(), &evict.Options{Pod: "web-0"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(d.Node, d.Initiator.Kind, d.Taints)
		fmt.Println("deleted", d.DeletedAt.Format(time.TimeOnly), "by", d.DeletedBy.User)
	}
	// Output:
	// ip-10-0-1-11.ec2.internal karpenter [karpenter.sh/disrupted]
	// deleted 09:00:05 by system:serviceaccount:kube-system:karpenter
}

// 6: Which pod made the node group upgrade fail?
func ExampleDrains_whichPodBlocks() {
	l := evicttest.NewLog(monday)
	web, db, eks := l.Pod("shop", "web-0", instanceNode), l.Pod("shop", "db-0", instanceNode), evicttest.EKSNodeManager()
	onNode(l, instanceNode, web, db)
	l.Cordon(instanceNode, eks)
	l.Evict(web, eks, evicttest.Accepted())
	l.End(web)
	for range 3 {
		l.Evict(db, eks, evicttest.Blocked("db-pdb", 3, 3))
		l.After(5 * time.Minute)
	}
	l.After(2 * evict.QuietAfter)
	l.Bind(l.Pod("shop", "web-1", ""), "ip-10-0-1-12.ec2.internal") // the log goes on

	for d, err := range evict.Drains(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(d.Node, d.Outcome)
		for _, e := range d.Evictions {
			if e.AcceptedAt.IsZero() {
				fmt.Println(e.Namespace+"/"+e.Pod, e.Outcome, e.Budgets[0].Name, "until", e.Last.Format(time.TimeOnly))
			}
		}
	}
	// Output:
	// ip-10-0-1-11.ec2.internal blocked
	// shop/db-0 blocked-by-budget db-pdb until 09:10:00
}

// 9: How long did the drain take? How long from first try to gone?
func ExampleDrains_howLong() {
	l := evicttest.NewLog(monday)
	web, db, alice := l.Pod("shop", "web-0", instanceNode), l.Pod("shop", "db-0", instanceNode), evicttest.Kubectl("alice")
	onNode(l, instanceNode, web, db)
	l.Cordon(instanceNode, alice)
	l.Evict(web, alice, evicttest.Accepted())
	l.Evict(db, alice, evicttest.Blocked("db-pdb", 3, 3))
	l.After(3 * time.Second)
	l.End(web)
	l.After(2 * time.Second)
	l.Evict(db, alice, evicttest.Accepted())
	l.After(30 * time.Second)
	l.End(db)

	for d, err := range evict.Drains(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(d.Node, d.Outcome, "in", d.End.Sub(d.Start).Round(time.Second))
		for _, e := range d.Evictions {
			fmt.Println(e.Pod, "accepted after", e.AcceptedAt.Sub(e.First).Round(time.Second), "and gone after", e.GoneAt.Sub(e.First).Round(time.Second))
		}
	}
	// Output:
	// ip-10-0-1-11.ec2.internal done in 35s
	// web-0 accepted after 0s and gone after 3s
	// db-0 accepted after 5s and gone after 35s
}

// 16: Somebody ran a drain: was it real or a dry run?
func ExampleDrains_dryRun() {
	l := evicttest.NewLog(monday)
	web, db, alice := l.Pod("shop", "web-0", instanceNode), l.Pod("shop", "db-0", instanceNode), evicttest.Kubectl("alice").DryRun()
	onNode(l, instanceNode, web, db)
	l.Cordon(instanceNode, alice)
	l.Evict(web, alice, evicttest.Accepted())
	l.Evict(db, alice, evicttest.Blocked("db-pdb", 3, 3))

	for d, err := range evict.Drains(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(d.Node, d.Outcome, "dry run:", d.DryRun)
	}
	// Output:
	// ip-10-0-1-11.ec2.internal rehearsed dry run: yes
}

// 20: Is my namespace blocking the platform team's drain?
func ExampleDrains_isMyNamespaceBlocking() {
	l := evicttest.NewLog(monday)
	web, db, team := l.Pod("shop", "web-0", instanceNode), l.Pod("data", "db-0", instanceNode), evicttest.Kubectl("platform-team")
	onNode(l, instanceNode, web, db)
	l.Cordon(instanceNode, team)
	l.Evict(web, team, evicttest.Accepted())
	for range 3 {
		l.Evict(db, team, evicttest.Blocked("db-pdb", 3, 3))
		l.After(5 * time.Second)
	}

	refusals := map[string]int{}
	for d, err := range evict.Drains(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(d.Node, "by", d.Actor.User, d.Outcome)
		for _, e := range d.Evictions {
			for _, r := range e.Refusals {
				refusals[e.Namespace] += r.Count
			}
		}
	}
	fmt.Println(refusals)
	// Output:
	// ip-10-0-1-11.ec2.internal by platform-team unfinished
	// map[data:3]
}
