package evict_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// 2: Who evicted my pod? Which tool?
func ExampleRemovals_whichTool() {
	l := evicttest.NewLog(monday)
	pod := l.Pod("shop", "web-0", instanceNode)
	l.Evict(pod, evicttest.Karpenter(), evicttest.Accepted())
	l.After(5 * time.Second)
	l.End(pod)

	for m, err := range evict.Removals(context.Background(), l.Source(), &evict.Options{Namespace: "shop", Pod: "web-0"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.Way, "by", m.Initiator.Kind, "with confidence", m.Initiator.Confidence)
		fmt.Println(m.Actor.User, "in", m.Actor.PodName, "says it is", m.Actor.UserAgent)
	}
	// Output:
	// evicted by karpenter with confidence high
	// system:serviceaccount:kube-system:karpenter in karpenter-6f5f84d9cc-8x2lq says it is karpenter/1.8.1
}

// 4: Why was the pod evicted despite do-not-evict / do-not-disrupt?
//
// Each tool heeds its own annotations. Here a person drains the node.
func ExampleRemovals_despiteDoNotDisrupt() {
	l := evicttest.NewLog(monday)
	pod := l.Pod("shop", "web-0", instanceNode)
	pod.Annotations = map[string]string{"karpenter.sh/do-not-disrupt": "true"}
	l.Evict(pod, evicttest.Kubectl("kubernetes-admin"), evicttest.Accepted())
	l.After(5 * time.Second)
	l.End(pod)

	for m, err := range evict.Removals(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.Protections, m.Way, "by", m.Initiator.Kind, "after", m.DecidedAt.Sub(m.CreatedAt).Round(time.Hour))
	}
	// Output: map[karpenter.sh/do-not-disrupt:true] evicted by kubectl after 168h0m0s
}

// 10: How many pods were down at once?
func ExampleRemovals_downAtOnce() {
	l := evicttest.NewLog(monday)
	var pods []*evicttest.Pod
	for i := range 3 {
		pod := l.Pod("shop", fmt.Sprint("web-", i), instanceNode)
		pod.Owner = evict.Owner{Kind: "StatefulSet", Name: "web"}
		pods = append(pods, pod)
	}
	drainer := evicttest.EKSNodeManager()
	l.Evict(pods[0], drainer, evicttest.Accepted())
	l.Evict(pods[1], drainer, evicttest.Accepted())
	for _, pod := range pods[:2] {
		l.After(5 * time.Second)
		l.End(pod)
		l.Replace(pod, "ip-10-0-1-12.ec2.internal")
	}
	l.Evict(pods[2], drainer, evicttest.Accepted())
	l.After(5 * time.Second)
	l.End(pods[2])

	for m, err := range evict.Removals(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.Pod, m.DownWithOwner)
	}
	// Output:
	// web-0 2
	// web-1 2
	// web-2 1
}

// 11: How long until the replacement ran (MTTR)?
func ExampleRemovals_timeToReplacement() {
	l := evicttest.NewLog(monday)
	pod := l.Pod("shop", "web-65b99bb6ff-hd2wh", fargateNode)
	pod.Owner = evict.Owner{Kind: "ReplicaSet", Name: "web-65b99bb6ff"}
	l.Evict(pod, evicttest.EKSNodeManager(), evicttest.Accepted())
	l.Replace(pod, "fargate-ip-10-0-1-6.ec2.internal")
	l.End(pod)

	for m, err := range evict.Removals(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("bound after", m.ReplacedAt.Sub(m.DecidedAt).Round(time.Second), "and ready after", m.ReadyAt.Sub(m.DecidedAt).Round(time.Second))
	}
	// Output:
	// bound after 44s and ready after 46s
}

// 13: Was it a voluntary disruption, a crash, OOM or node pressure?
func ExampleRemovals_voluntaryOrNot() {
	l := evicttest.NewLog(monday)
	web, db, cache := l.Pod("shop", "web-0", instanceNode), l.Pod("shop", "db-0", instanceNode), l.Pod("shop", "cache-0", instanceNode)
	l.NodePressure(db, "memory")
	l.Evict(web, evicttest.Karpenter(), evicttest.Accepted())
	web.ExitCode = 143 // SIGTERM
	l.End(web)
	l.After(time.Minute)
	l.Preempt(cache)
	cache.ExitCode = 137 // SIGKILL: it did not end in time
	l.End(cache)

	for m, err := range evict.Removals(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.Pod, m.Way, "by", m.Initiator.Kind, m.ExitCodes)
	}
	// Output:
	// db-0 node-pressure by kubelet map[]
	// web-0 evicted by karpenter map[app:143]
	// cache-0 preempted by scheduler map[app:137]
}

// 15: Does a PDB protect against kubectl delete?
//
// No. The budget was never asked: there is no eviction.
func ExampleRemovals_budgetNotAsked() {
	l := evicttest.NewLog(monday)
	pod := l.Pod("shop", "web-0", instanceNode)
	l.Delete(pod, evicttest.Kubectl("kubernetes-admin"))
	l.After(5 * time.Second)
	l.End(pod)

	for m, err := range evict.Removals(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.Way, "by", m.Initiator.Kind, "after", len(m.Evictions), "evictions")
	}
	// Output: deleted by kubectl after 0 evictions
}

// 17: Was the workload told to restart by us (rollout) rather than AWS?
func ExampleRemovals_restartedByUs() {
	l := evicttest.NewLog(monday)
	pod := l.Pod("shop", "web-65b99bb6ff-hd2wh", fargateNode)
	pod.Owner = evict.Owner{Kind: "ReplicaSet", Name: "web-65b99bb6ff"}
	l.Restart("shop", evict.Owner{Kind: "Deployment", Name: "web"}, evicttest.Kubectl("bob@example.com"))
	l.Scale("shop", pod.Owner, 0, evicttest.Controller("deployment-controller"))
	l.Delete(pod, evicttest.Controller("replicaset-controller"))
	l.After(5 * time.Second)
	l.End(pod)

	for m, err := range evict.Removals(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.Way, "by", m.Initiator.Kind, m.Initiator.Actor.User)
		fmt.Println("carried out by", m.Actor.User)
	}
	// Output:
	// rolled-out by kubectl bob@example.com
	// carried out by system:serviceaccount:kube-system:replicaset-controller
}
