package evict_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/evict/evicttest"
)

const (
	lineNode  = "ip-10-0-1-11.us-west-2.compute.internal"
	lineNode2 = "ip-10-0-1-12.us-west-2.compute.internal"
)

// crowded is the log of a pod of a StatefulSet whose node is drained, next to
// pods, nodes and owners of others. Its name is used again.
func crowded() (l *evicttest.Log, before, after *evicttest.Pod) {
	l = evicttest.NewLog(time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC))
	web := evict.Owner{Kind: "StatefulSet", Name: "web"}
	alice := evicttest.Kubectl("alice")
	before = l.Pod("shop", "web-0", lineNode)
	before.Owner = web
	other := l.Pod("shop", "db-0", lineNode)
	l.Start(before)
	l.Bind(other, lineNode)
	l.After(24 * time.Hour)
	l.Cordon(lineNode2, alice) // of another node, and taken back
	l.Uncordon(lineNode2, alice)
	l.Scale("shop", evict.Owner{Kind: "StatefulSet", Name: "db"}, 2, alice)
	l.Scale("shop", web, 1, alice)
	l.After(time.Minute)
	l.Cordon(lineNode, alice)
	l.Evict(other, alice, evicttest.Accepted())
	l.Evict(before, alice.DryRun(), evicttest.Accepted())
	l.Evict(before, alice, evicttest.Blocked("web", 1, 1))
	l.After(5 * time.Second)
	l.Evict(before, alice, evicttest.Accepted())
	l.After(10 * time.Second)
	l.End(before)
	after = l.Replace(before, lineNode2)
	l.After(time.Minute)
	l.DeleteNode(lineNode, evicttest.CloudControllerManager())
	l.After(24 * time.Hour)
	l.Cordon(lineNode, alice) // long after the pod was there
	l.Restart("shop", web, alice)
	l.NodePressure(after, "memory")
	l.After(time.Minute)
	l.Delete(after, evicttest.Controller("statefulset-controller"))
	return l, before, after
}

// crowdedLines are the timeline of web-0, as lines of it are.
const crowdedLines = `02 08:00:00 1 created Pod web-0: created for StatefulSet web (statefulset-controller)
02 08:00:00 1 bound Pod web-0: bound to node ip-10-0-1-11.us-west-2.compute.internal (scheduler)
02 08:00:02 1 ready Pod web-0: ready (kubelet)
03 08:00:02 - scaled StatefulSet web: scaled to 1 (kubectl)
03 08:01:02 - cordoned Node ip-10-0-1-11.us-west-2.compute.internal: made unschedulable (kubectl)
03 08:01:02 1 attempt Pod web-0: dry run of an eviction accepted (kubectl)
03 08:01:02 1 attempt Pod web-0: eviction blocked-by-budget: budget web needs 1 and has 1 (kubectl)
03 08:01:07 1 attempt Pod web-0: eviction accepted (kubectl)
03 08:01:17 1 finished Pod web-0: finished as Succeeded; app exited with 0 (kubelet)
03 08:01:17 1 gone Pod web-0: gone from its node (kubelet)
03 08:01:17 2 created Pod web-0: created for StatefulSet web (statefulset-controller)
03 08:01:17 2 bound Pod web-0: bound to node ip-10-0-1-12.us-west-2.compute.internal (scheduler)
03 08:01:19 2 ready Pod web-0: ready (kubelet)
03 08:02:19 - node-deleted Node ip-10-0-1-11.us-west-2.compute.internal: deleted (cloud-controller-manager)
04 08:02:19 - restarted StatefulSet web: restarted (kubectl)
04 08:02:19 2 finished Pod web-0: finished as Failed: Evicted: The node was low on resource: memory. Threshold quantity: 100Mi, available: 17348Ki. (kubelet)
04 08:03:19 2 deleted Pod web-0: deleted (statefulset-controller)
`

// told writes entries as lines.
func told(entries []evict.Entry, uids ...string) string {
	var b strings.Builder
	for _, e := range entries {
		pod := "-"
		if e.UID != "" {
			pod = fmt.Sprint(slices.Index(uids, e.UID) + 1)
		}
		fmt.Fprintf(&b, "%s %s %v %s %s: %s (%s)\n", e.Time.Format("02 15:04:05"), pod, e.What, e.Kind, e.Name, e.Text, e.Initiator.Kind)
	}
	return b.String()
}

func TestTimeline(t *testing.T) {
	l, before, after := crowded()
	entries := walk(t, evict.Timeline(t.Context(), l.Source(), "shop", "web-0", nil))
	if diff := cmp.Diff(crowdedLines, told(entries, before.UID, after.UID)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !slices.IsSortedFunc(entries, func(a, b evict.Entry) int { return a.Time.Compare(b.Time) }) {
		t.Error("out of order")
	}
	for _, e := range entries {
		if (e.What == evict.EntryAttempt) != (e.Attempt != nil) || e.Pos.Line == 0 || e.Actor.User == "" {
			t.Errorf("%v: %+v", e.What, e)
		}
	}
	for seed := range uint64(10) {
		src := l.Source()
		rand.New(rand.NewPCG(seed, 3)).Shuffle(len(src), func(i, j int) { src[i], src[j] = src[j], src[i] })
		got := walk(t, evict.Timeline(t.Context(), append(src, src...), "shop", "web-0", nil))
		if diff := cmp.Diff(entries, got, anywhere); diff != "" {
			t.Fatalf("twice, in another order (-want +got):\n%s", diff)
		}
	}
}

// TestTimelineLate has nothing that names the node before the end of the pod:
// what happened to it in the hour before is told all the same.
func TestTimelineLate(t *testing.T) {
	l := evicttest.NewLog(time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC))
	p := l.Pod("shop", "web-0", lineNode)
	karpenter := evicttest.Karpenter()
	l.Taint(lineNode, "karpenter.sh/disrupted", "NoSchedule", karpenter)
	l.Taint(lineNode2, "karpenter.sh/disrupted", "NoSchedule", karpenter)
	l.After(time.Minute)
	l.Evict(p, karpenter, evicttest.Accepted())
	l.After(10 * time.Minute)
	l.Delete(p, evicttest.Kubelet(lineNode))
	l.DeleteNode(lineNode, karpenter)
	want := `02 08:00:00 - tainted Node ip-10-0-1-11.us-west-2.compute.internal: taint karpenter.sh/disrupted:NoSchedule (karpenter)
02 08:01:00 1 attempt Pod web-0: eviction accepted (karpenter)
02 08:11:00 1 gone Pod web-0: gone from its node (kubelet)
02 08:11:00 - node-deleted Node ip-10-0-1-11.us-west-2.compute.internal: deleted (karpenter)
`
	got := told(walk(t, evict.Timeline(t.Context(), l.Source(), "shop", "web-0", nil)), p.UID)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTimelineScenarios walks over every scenario, and checks what is true of
// every entry.
func TestTimelineScenarios(t *testing.T) {
	for _, s := range evicttest.Scenarios() {
		for _, m := range s.Removals {
			entries := walk(t, evict.Timeline(t.Context(), s.Log.Source(), m.Namespace, m.Pod, nil))
			ends := 0
			for _, e := range entries {
				if e.Text == "" || e.What.String() == "unknown" || e.Kind == "" || e.Name == "" {
					t.Errorf("%s: %+v", s.Name, e)
				}
				switch e.What {
				case evict.EntryAttempt, evict.EntryDeleted, evict.EntryCollected, evict.EntryFinished, evict.EntryGone:
					ends++
				}
			}
			if ends == 0 {
				t.Errorf("%s: nothing tells how %s went: %s", s.Name, m.Pod, told(entries))
			}
		}
	}
}

// TestTimelineBounds asks for a part of the time, stops early, and has damage
// and a context that ends.
func TestTimelineBounds(t *testing.T) {
	l, _, _ := crowded()
	day := time.Date(2026, time.March, 3, 0, 0, 0, 0, time.UTC)
	some := walk(t, evict.Timeline(t.Context(), l.Source(), "shop", "web-0", &evict.Options{Start: day, End: day.Add(24 * time.Hour)}))
	if len(some) != 11 {
		t.Errorf("%d entries of a day:\n%s", len(some), told(some))
	}
	for range evict.Timeline(t.Context(), l.Source(), "shop", "web-0", nil) {
		break
	}
	if got := walk(t, evict.Timeline(t.Context(), l.Source(), "shop", "none", nil)); len(got) != 0 {
		t.Errorf("of another name: %s", told(got))
	}
	src := append(audit.List{{Raw: []byte(`{"verb":"create","auditID":5,"objectRef":{"resource":"pods","subresource":"eviction"},"stage":"ResponseComplete","requestURI":"/api/v1/namespaces/ns/pods/web-0/eviction"}`)}}, l.Source()...)
	entries, damaged := 0, 0
	for _, err := range evict.Timeline(t.Context(), src, "shop", "web-0", nil) {
		if err == nil {
			entries++
		} else if _, ok := errors.AsType[*audit.EventError](err); ok {
			damaged++
		}
	}
	if entries != 17 || damaged != 1 {
		t.Errorf("%d entries, %d errors", entries, damaged)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := 0
	for _, err := range evict.Timeline(ctx, l.Source(), "shop", "web-0", nil) {
		if n++; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	}
	if n != 1 {
		t.Errorf("%d items after the end of the context", n)
	}
}

// TestTimelineLab tells the life of a pod of a real control plane: a Deployment
// was scaled down.
func TestTimelineLab(t *testing.T) {
	l, ok := readLab(t)
	if !ok {
		return
	}
	want := []string{
		"155 uncordoned Node kubernetes-admin", // a moment before the pod was made
		"159 created Pod " + replicas,
		"162 bound Pod system:kube-scheduler",
		"165 scaled Deployment kubernetes-admin",
		"166 deleted Pod " + replicas,
		"167 finished Pod system:node:ip-10-0-1-12.ec2.internal",
		"168 gone Pod system:node:ip-10-0-1-12.ec2.internal",
	}
	var got []string
	for _, e := range walk(t, evict.Timeline(t.Context(), l.events, "t6", "web-65b99bb6ff-hd2wh", nil)) {
		got = append(got, fmt.Sprintf("%d %v %s %s", e.Pos.Line, e.What, e.Kind, e.Actor.User))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
