package evicttest_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

// The second step of Fargate patching: what was not evicted is deleted, days
// later.
func Example() {
	l := evicttest.NewLog(time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC))
	pod := l.Pod("shop", "web-0", "fargate-ip-10-0-1-5.ec2.internal")
	l.Evict(pod, evicttest.EKSNodeManager(), evicttest.Blocked("web-pdb", 2, 2))
	l.After(72 * time.Hour)
	l.Delete(pod, evicttest.EKSNodeManager())
	l.End(pod)

	var got []evict.Removal
	for r, err := range evict.Removals(context.Background(), l.Source(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		got = append(got, r)
	}
	want := []evict.Removal{{
		Namespace: "shop", Pod: "web-0", UID: pod.UID, Compute: evict.Fargate, Way: evict.EvictionForced,
		Initiator: evict.Initiator{Kind: evict.EKSFargate}, GoneAt: l.Now(),
	}}
	fmt.Print(evicttest.Diff(want, got))
	// Output:
}

// blockers is what the test below is of: it counts for each budget the attempts
// that it refused.
func blockers(ctx context.Context, src audit.Source) (map[string]int, error) {
	count := map[string]int{}
	for at, err := range evict.Attempts(ctx, src, nil) {
		if err != nil {
			return nil, err
		}
		for _, budget := range at.Budgets {
			count[budget.Name]++
		}
	}
	return count, nil
}

// A complete test, to copy: two pods of a node are drained, and one of them has
// a budget.
func TestBlockers(t *testing.T) {
	const node = "ip-10-0-1-11.ec2.internal"
	drainer := evicttest.EKSNodeManager()

	l := evicttest.NewLog(time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC))
	web, db := l.Pod("shop", "web-0", node), l.Pod("shop", "db-0", node)
	l.Cordon(node, drainer)
	l.Evict(web, drainer, evicttest.Accepted())
	for range 3 {
		l.Evict(db, drainer, evicttest.Blocked("db-pdb", 2, 2))
		l.After(20 * time.Second)
	}
	l.End(web)

	got, err := blockers(t.Context(), l.Source())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got["db-pdb"] != 3 {
		t.Errorf("got %v, want 3 refusals by db-pdb", got)
	}
}

// A log as a file, for a program that reads one.
func ExampleLog_WriteTo() {
	l := evicttest.NewLog(time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC))
	l.Level = "Metadata"
	pod := l.Pod("shop", "web-0", "ip-10-0-1-11.ec2.internal")
	l.Evict(pod, evicttest.Actor{User: "alice"}, evicttest.Accepted())
	if _, err := l.WriteTo(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"78f71579-6d7a-41a3-a86e-633e9a0444ed","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/pods/web-0/eviction","verb":"create","user":{"username":"alice"},"objectRef":{"resource":"pods","namespace":"shop","name":"web-0","apiVersion":"v1","subresource":"eviction"},"responseStatus":{"metadata":{},"status":"Success","code":201},"requestReceivedTimestamp":"2026-01-02T03:04:05.000000Z","stageTimestamp":"2026-01-02T03:04:05.010000Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}
}

// Own code can be held to all scenarios.
func ExampleScenarios() {
	for _, s := range evicttest.Scenarios()[:2] {
		fmt.Println(s.Name)
		for at, err := range evict.Attempts(context.Background(), s.Log.Source(), nil) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println("   ", at.Time.Format(time.DateOnly), at.Namespace+"/"+at.Pod, at.Outcome)
		}
	}
	// Output:
	// fargate-accepted
	//     2026-03-03 shop/web-65b99bb6ff-hd2wh accepted
	// fargate-forced
	//     2026-03-03 shop/web-0 blocked-by-budget
	//     2026-03-06 shop/web-0 blocked-by-budget
}

// Only what the test states is compared.
func ExampleDiff() {
	got := []evict.Attempt{{Namespace: "shop", Pod: "web-0", Outcome: evict.Accepted, Code: 201}}
	want := []evict.Attempt{{Pod: "web-0", Outcome: evict.Accepted}}
	fmt.Println(evicttest.Diff(want, got) == "")
	// Output: true
}
