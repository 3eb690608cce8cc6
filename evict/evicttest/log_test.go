package evicttest_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

var start = time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)

const node = "ip-10-0-1-11.ec2.internal"

// TestAnswers checks that package evict reads every answer as what it is, at
// every level.
func TestAnswers(t *testing.T) {
	answers := []evicttest.Answer{
		evicttest.Accepted(),
		evicttest.Blocked("web-pdb", 2, 2),
		evicttest.BudgetNotReady("web-pdb"),
		evicttest.OtherUID("6cd5bb98", "0a1b2c3d"),
		evicttest.DeniedBy("gate.example.com", 403, "not now"),
		evicttest.KubeVirt("vm-1"),
		evicttest.Strimzi(),
		evicttest.WebhookDown("gate.example.com"),
		evicttest.DeniedByPolicy("no-evict", "all", "no"),
	}
	own := map[evict.Outcome]bool{ // outcomes of no answer, or with a function of their own
		evict.Unknown: true, evict.Conflict: true, evict.MethodNotAllowed: true,
	}
	for _, a := range answers {
		own[a.Outcome()] = true
	}
	for o := evict.Unknown; o <= evict.ServerError; o++ {
		if !own[o] {
			answers = append(answers, evicttest.Answered(o))
		}
	}
	for _, level := range []auditv1.Level{"", auditv1.LevelMetadata, auditv1.LevelRequest} {
		for _, a := range answers {
			l := evicttest.NewLog(start)
			l.Level, l.Received = level, true
			pod := l.Pod("shop", "web-0", node)
			l.Evict(pod, evicttest.Kubectl("alice"), a)
			got := collect(t, evict.Attempts(t.Context(), l.Source(), nil))
			want := []evict.Attempt{{Time: start, Namespace: "shop", Pod: "web-0", Outcome: a.Outcome()}}
			if diff := evicttest.Diff(want, got); diff != "" {
				t.Errorf("%v at level %q (-want +got):\n%s", a.Outcome(), level, diff)
			}
		}
	}
}

func TestAnsweredPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for an answer that needs the name of a budget")
		}
	}()
	evicttest.Answered(evict.BlockedByBudget)
}

// TestKeyOrder holds whole events to the text of one that was observed, for the
// order of the keys, the escapes and the forms of time.
func TestKeyOrder(t *testing.T) {
	l := evicttest.NewLog(start)
	pod := l.Pod("shop", "web-0", node)
	l.Evict(pod, evicttest.Actor{User: "alice", UserAgent: "<curl>"}.Impersonating("bob"), evicttest.Blocked("web-pdb", 2, 2))
	const status = `"metadata":{},"status":"Failure","message":"Cannot evict pod as it would violate the pod's disruption budget.",` +
		`"reason":"TooManyRequests","details":{"causes":[{"reason":"DisruptionBudget","message":"The disruption budget web-pdb needs 2 healthy pods and has 2 currently"}]},"code":429}`
	const want = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"ID","stage":"ResponseComplete",` +
		`"requestURI":"/api/v1/namespaces/shop/pods/web-0/eviction","verb":"create","user":{"username":"alice"},` +
		`"impersonatedUser":{"username":"bob","groups":["system:authenticated"]},"userAgent":"\u003ccurl\u003e",` +
		`"objectRef":{"resource":"pods","namespace":"shop","name":"web-0","apiVersion":"v1","subresource":"eviction"},"responseStatus":{` + status +
		`,"requestObject":{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"web-0","namespace":"shop"}},` +
		`"responseObject":{"kind":"Status","apiVersion":"v1",` + status +
		`,"requestReceivedTimestamp":"2026-01-02T03:04:05.000000Z","stageTimestamp":"2026-01-02T03:04:05.010000Z",` +
		`"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}` + "\n"
	got := string(text(t, l))
	_, rest, _ := strings.Cut(got, `"auditID":"`)
	id, _, _ := strings.Cut(rest, `"`)
	if diff := cmp.Diff(want, strings.Replace(got, id, "ID", 1)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestClock checks the times of requests, and of both stages of them.
func TestClock(t *testing.T) {
	l := evicttest.NewLog(start)
	l.Received = true
	pod := l.Pod("shop", "web-0", node)
	l.Evict(pod, evicttest.Karpenter(), evicttest.Blocked("web-pdb", 2, 2))
	l.After(time.Hour)
	l.Evict(pod, evicttest.Karpenter(), evicttest.Accepted())
	second := start.Add(time.Hour + evicttest.Latency)
	want := []evict.Attempt{
		{Time: start, Answered: start.Add(evicttest.Latency), UID: pod.UID, Outcome: evict.BlockedByBudget},
		{Time: second, Answered: second.Add(evicttest.Latency), UID: pod.UID, Outcome: evict.Accepted},
	}
	got := collect(t, evict.Attempts(t.Context(), l.Source(), nil))
	if diff := evicttest.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := second.Add(evicttest.Latency); !l.Now().Equal(want) {
		t.Errorf("the clock stands at %v, want %v", l.Now(), want)
	}
	if n := len(l.Source()); n != 4 {
		t.Errorf("%d events, want two stages of two requests", n)
	}
}

// TestDryRun checks the two ways to ask for one.
func TestDryRun(t *testing.T) {
	curl := evicttest.Tool("curl", "alice")
	curl.Habits.Query = "dryRun=All"
	for _, by := range []evicttest.Actor{curl, evicttest.Kubectl("alice").DryRun()} {
		l := evicttest.NewLog(start)
		pod := l.Pod("shop", "web-0", node)
		l.Evict(pod, by, evicttest.Accepted())
		got := collect(t, evict.Attempts(t.Context(), l.Source(), nil))
		if diff := evicttest.Diff([]evict.Attempt{{Outcome: evict.Accepted, DryRun: evict.DryRunYes}}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", by.UserAgent, diff)
		}
		l.Delete(pod, evicttest.Kubelet(node))
		if bytes.Contains(text(t, l), []byte("EvictionByEvictionAPI")) {
			t.Error("a dry run has changed the pod")
		}
	}
}

// TestSameName checks that pods of one name have uids of their own.
func TestSameName(t *testing.T) {
	l := evicttest.NewLog(start)
	old := l.Pod("shop", "web-0", node)
	old.Owner = evict.Owner{Kind: "StatefulSet", Name: "web"}
	next := l.Replace(old, node)
	if next.Name != old.Name || next.UID == old.UID {
		t.Errorf("replaced %s %s by %s %s", old.Name, old.UID, next.Name, next.UID)
	}
}
