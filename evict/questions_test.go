// The questions that people ask of an audit log, each answered by an example
// over a log that package evicttest makes. The number is that of the comment on
// the example, the question is as it was asked.
//
//	 1  was it Fargate OS patching?               Judge        Verdict.Answer, .Why
//	 2  who evicted my pod? which tool?           Removals     Removal.Initiator, .Actor
//	 3  was it Karpenter consolidation?           Drains       Drain.Initiator, .Taints, .DeletedBy
//	 4  why despite do-not-disrupt?               Removals     Removal.Protections, .Way, .Initiator
//	 5  which budget blocks the drain?            Evictions    Eviction.Budgets, .Refusals
//	 6  which pod made the upgrade fail?          Drains       Drain.Evictions
//	 7  why needs 11, has 12?                     Attempts     Attempt.Budgets, .Outcome, .Message
//	 8  two budgets match: which pod?             Evictions    Eviction.Outcome
//	 9  how long did the drain take?              Drains       Drain.Start, .End, Eviction.First, .GoneAt
//	10  how many pods were down at once?          Removals     Removal.DownWithOwner, .DownWithBudget
//	11  how long until the replacement ran?       Removals     Removal.ReplacedAt, .ReadyAt
//	12  will there be a forced deletion, when?    Evictions    that it was refused; not when
//	13  voluntary, a crash, or node pressure?     Removals     Removal.Way, .ExitCodes
//	14  why did my pod die at 3 am?               Timeline     all of it
//	15  does a budget protect against delete?     Removals     Removal.Way, .Evictions
//	16  was the drain real?                       Drains       Drain.DryRun, .Outcome
//	17  did we restart it ourselves?              Removals     Removal.Way, .Initiator, .Actor
//	18  why 429 though no budget exists?          Attempts     Attempt.Outcome, .Webhook
//	19  which evictions came from humans?         Evictions    Initiator.Class, Actor.Impersonated
//	20  is my namespace blocking the drain?       Drains       Drain.Evictions, by namespace
//
// What an audit log cannot tell, whoever reads it:
//
//   - why a budget had nothing to give (7): refusals have its numbers, and no
//     more. They are no verdict: see [evict.Budget].
//   - why Karpenter or EKS took a node away (3, 6): that is in their own logs,
//     and in events of Kubernetes, of which Amazon EKS logs no more than names.
//   - when Fargate will delete a pod by force (12): the time is in an event of
//     EventBridge, and nothing announces it to the API server.
//   - whether a container crashed (13), unless the pod went with it: the kubelet
//     starts it again, and the pod stays. Whether it was out of memory: the log
//     has the exit code of the last state, and 137 is any kill.
//   - which pods were on a node, if nothing was logged about them in the span
//     of the log, and whether a pod that was deleted with a grace period of
//     zero has really stopped.
package evict_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// monday is when the stories of the examples begin.
var monday = time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)

// The nodes of the stories.
const (
	fargateNode  = "fargate-ip-10-0-1-5.ec2.internal"
	instanceNode = "ip-10-0-1-11.ec2.internal"
)

// 7: Why is "allowed disruptions 0" / why does it say needs 11, has 12?
//
// The numbers are those of the refusal. A budget that the server has not looked
// at yet refuses too, for a few seconds, and is another outcome.
func ExampleAttempts_needsElevenHasTwelve() {
	l := evicttest.NewLog(monday)
	pod := l.Pod("shop", "web-0", instanceNode)
	l.Evict(pod, evicttest.Karpenter(), evicttest.BudgetNotReady("web-pdb"))
	l.After(10 * time.Second)
	l.Evict(pod, evicttest.Karpenter(), evicttest.Blocked("web-pdb", 11, 12))

	for at, err := range evict.Attempts(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(at.Outcome, "retry after", at.RetryAfter)
		for _, b := range at.Budgets {
			fmt.Println("   ", b.Name, "needs", b.Needs, "and has", b.Has, "told:", b.Counted)
		}
	}
	// Output:
	// budget-not-ready retry after 10s
	//     web-pdb needs 0 and has 0 told: false
	// blocked-by-budget retry after 0s
	//     web-pdb needs 11 and has 12 told: true
}

// 18: Why did the eviction fail with 429 though no PDB exists?
func ExampleAttempts_tooManyRequestsWithoutBudget() {
	l := evicttest.NewLog(monday)
	drainer := evicttest.EKSNodeManager()
	l.Evict(l.Pod("shop", "web-0", instanceNode), drainer, evicttest.Answered(evict.Throttled))
	l.Evict(l.Pod("vms", "virt-launcher-db-x7k2p", instanceNode), drainer, evicttest.KubeVirt("db"))

	for at, err := range evict.Attempts(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d %v %q\n", at.Code, at.Outcome, at.Webhook)
	}
	// Output:
	// 429 throttled ""
	// 429 taken-over "virt-launcher-eviction-interceptor.kubevirt.io"
}

// 1: Did Fargate OS patching remove my pod/node, or something else?
//
// Here it did, the hard way: asked twice, refused twice, deleted in the end.
func ExampleJudge_fargatePatching() {
	l := evicttest.NewLog(monday)
	pod, eks := l.Pod("shop", "web-0", fargateNode), evicttest.EKSNodeManager()
	l.Evict(pod, eks, evicttest.Blocked("web-pdb", 2, 2))
	l.After(72 * time.Hour)
	l.Evict(pod, eks, evicttest.Blocked("web-pdb", 2, 2))
	l.After(time.Minute)
	l.Delete(pod, eks)
	l.After(20 * time.Second)
	l.End(pod)

	v, err := evict.Judge(context.Background(), l.Source(), evict.Target{Namespace: "shop", Pod: "web-0"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v.Answer, v.Confidence, v.Way, v.At.Format(time.DateOnly))
	// Output: fargate-patching medium eviction-forced 2026-03-05
}

// 1, if the log is what a query for evictions has left.
func ExampleJudge_undecided() {
	l := evicttest.NewLog(monday)
	l.Evict(l.Pod("shop", "web-0", fargateNode), evicttest.EKSNodeManager(), evicttest.Accepted())
	pod := evict.Target{Namespace: "shop", Pod: "web-0"}

	v, err := evict.Judge(context.Background(), l.Source(), pod, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v.Answer)
	for _, m := range v.Missing {
		fmt.Println("missing:", m.What)
	}

	hint := evict.Hint{Profiles: []evict.ProfileSelector{{Namespace: "shop"}}}
	v, err = evict.Judge(context.Background(), l.Source(), pod, &evict.Options{Hint: hint})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v.Answer, v.Confidence)
	// Output:
	// undecided
	// missing: the binding of the pod, which names its node
	// missing: the kubelet's delete of the pod, which is its end and holds the whole pod
	// missing: the creation of the pod, which holds its labels and the name of its scheduler
	// fargate-patching medium
}

// 14: Why did my pod die at 3 am?
//
// Pods of a StatefulSet have the same name one after another. The uid tells
// them apart.
func ExampleTimeline_atNight() {
	l := evicttest.NewLog(monday.Add(-5 * time.Hour))
	pod := l.Pod("shop", "web-0", instanceNode)
	pod.Owner = evict.Owner{Kind: "StatefulSet", Name: "web"}
	l.Cordon(instanceNode, evicttest.EKSNodeManager())
	l.Evict(pod, evicttest.EKSNodeManager(), evicttest.Accepted())
	l.After(5 * time.Second)
	l.End(pod)
	l.Replace(pod, "ip-10-0-1-12.ec2.internal")

	opts := &evict.Options{Start: monday.Add(-6 * time.Hour), End: monday.Add(-4 * time.Hour)}
	for e, err := range evict.Timeline(context.Background(), l.Source(), "shop", "web-0", opts) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.Time.Format(time.TimeOnly), e.Kind, e.What, "by", e.Initiator.Kind)
	}
	// Output:
	// 03:00:00 Node cordoned by eks-node-group
	// 03:00:00 Pod attempt by eks-node-group
	// 03:00:05 Pod finished by kubelet
	// 03:00:05 Pod gone by kubelet
	// 03:00:05 Pod created by statefulset-controller
	// 03:00:05 Pod bound by scheduler
	// 03:00:07 Pod ready by kubelet
}
