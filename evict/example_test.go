package evict_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
)

// drain is the log of a drain: a request that a budget refuses, with both its
// stages, and the next try, which is accepted.
var drain = audit.List{
	{Raw: []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"1f","stage":"RequestReceived","requestURI":"/api/v1/namespaces/shop/pods/web-1/eviction","verb":"create","user":{"username":"eks:node-manager"},"objectRef":{"resource":"pods","namespace":"shop","name":"web-1","apiVersion":"v1","subresource":"eviction"},"requestReceivedTimestamp":"2026-01-02T03:04:05.000000Z","stageTimestamp":"2026-01-02T03:04:05.000000Z"}`)},
	{Raw: []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"1f","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/pods/web-1/eviction","verb":"create","user":{"username":"eks:node-manager"},"objectRef":{"resource":"pods","namespace":"shop","name":"web-1","apiVersion":"v1","subresource":"eviction"},"responseStatus":{"metadata":{},"status":"Failure","message":"Cannot evict pod as it would violate the pod's disruption budget.","reason":"TooManyRequests","details":{"causes":[{"reason":"DisruptionBudget","message":"The disruption budget web needs 2 healthy pods and has 2 currently"}]},"code":429},"requestObject":{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"web-1","namespace":"shop"}},"requestReceivedTimestamp":"2026-01-02T03:04:05.000000Z","stageTimestamp":"2026-01-02T03:04:05.010000Z"}`)},
	{Raw: []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"2e","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/pods/web-1/eviction","verb":"create","user":{"username":"eks:node-manager"},"objectRef":{"resource":"pods","namespace":"shop","name":"web-1","apiVersion":"v1","subresource":"eviction"},"responseStatus":{"metadata":{},"status":"Success","code":201},"requestObject":{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"web-1","namespace":"shop"}},"requestReceivedTimestamp":"2026-01-02T03:04:35.000000Z","stageTimestamp":"2026-01-02T03:04:35.010000Z"}`)},
}

// Who evicted the pod, and what was in the way? A log on disk takes the place
// of drain as an [audit.Archive].
func Example() {
	for at, err := range evict.Attempts(context.Background(), drain, nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(at.Time.Format("15:04:05"), at.Actor.User, at.Namespace+"/"+at.Pod, at.Outcome)
		for _, b := range at.Budgets {
			fmt.Printf("         budget %s needs %d and has %d\n", b.Name, b.Needs, b.Has)
		}
	}
	// Output:
	// 03:04:05 eks:node-manager shop/web-1 blocked-by-budget
	//          budget web needs 2 and has 2
	// 03:04:35 eks:node-manager shop/web-1 accepted
}

// Options choose a pod and a time.
func ExampleAttempts() {
	opts := &evict.Options{Namespace: "shop", Pod: "web-1"}
	count := map[evict.Outcome]int{}
	for at, err := range evict.Attempts(context.Background(), drain, opts) {
		if err != nil {
			log.Fatal(err)
		}
		count[at.Outcome]++
	}
	fmt.Println(count[evict.Accepted], "accepted,", count[evict.BlockedByBudget], "blocked by a budget")
	// Output: 1 accepted, 1 blocked by a budget
}

// Evidence says what an attempt was read from.
func ExampleFromEvent() {
	ev, err := drain[1].Decode()
	if err != nil {
		log.Fatal(err)
	}
	at, ok := evict.FromEvent(ev)
	if !ok {
		log.Fatal("not an eviction")
	}
	fmt.Println(at.Outcome, at.Code, "dry run:", at.DryRun)
	for _, e := range at.Evidence {
		fmt.Println(strings.TrimSpace(e.Field + " = " + e.Value))
	}
	// Output:
	// blocked-by-budget 429 dry run: no
	// responseStatus.details.causes = DisruptionBudget: The disruption budget web needs 2 healthy pods and has 2 currently
	// requestObject.deleteOptions.dryRun =
}

func ExampleQuery() {
	fmt.Println(evict.Query("shop", "web-1"))
	// Output:
	// filter @logStream like /^kube-apiserver-audit/
	// | fields @timestamp, user.username, user.extra.canonicalArn.0, @message
	// | sort @timestamp desc
	// | filter verb == "create" and objectRef.subresource == 'eviction'
	// | filter requestURI like "/api/v1/namespaces/shop/pods/web-1/"
}
