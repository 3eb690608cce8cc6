package evict

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// size is how much a tracker remembers.
func (t *tracker) size() map[string]int {
	return map[string]int{
		"names": len(t.pods.byName), "uids": len(t.pods.byUID), "open": len(t.open),
		"objects": len(t.causes.objects), "nodes": len(t.nodes), "owners": len(t.owners),
		"groups": len(t.groups), "drains": len(t.drains), "decided": len(t.decided),
		"namespaces": len(t.causes.namespaces), "collections": len(t.causes.collections),
	}
}

// TestBoundedState has 100,000 pods come and go, one after another, in every
// way in which a pod can go, and the tracker may remember those of the last
// hours only. One pod every ten seconds makes 360 pods an hour.
func TestBoundedState(t *testing.T) {
	const pods, perHour = 100_000, 360
	tr := newTracker(&Options{})
	most := map[string]int{}
	given := 0
	for i := range pods {
		name, node := fmt.Sprintf("web-%d", i), fmt.Sprintf("node-%d", i)
		var s tale
		begin := float64(i * 10)
		s.runs(begin, name, node)
		switch i % 7 {
		case 0:
			s.evicts(begin+1, karpenter, name, BlockedByBudget)
			s.evicts(begin+2, karpenter, name, Accepted)
			s.ends(begin+3, name, node)
		case 1:
			s.deletes(begin+1, alice, name, node).grace = new(int64)
		case 2:
			s.cordons(begin+1, alice, node, true)
			s.deletes(begin+2, alice, name, node)
			s.ends(begin+3, name, node)
		case 3:
			s.fails(begin+1, node, name, "Evicted")
			s.deletes(begin+5, kubeSystem("pod-garbage-collector"), name, node).grace = new(int64)
		case 4:
			s.changes(begin+1, alice, "deployments", name, ownerChange{restart: true})
			s.add(begin+2, alice, podsDeleted, "deletecollection", "pods", "")
			s.ends(begin+3, name, node)
		case 5:
			// It is never seen again, but that another one takes its name.
			s.made(begin+9, name).pods[0].uid = "another-" + name
			s.evicts(begin+9.5, alice, name, NotFound)
		case 6:
			s.evicts(begin+1, alice, name, UIDMismatch).attempt.UID = "meant"
			s.ends(begin+3, name, node)
		}
		for _, r := range s {
			tr.add(r)
		}
		given += len(tr.removalsOut)
		tr.evictionsOut, tr.removalsOut, tr.drainsOut = nil, nil, nil
		for what, n := range tr.size() {
			most[what] = max(most[what], n)
		}
	}
	tr.end()
	given += len(tr.removalsOut)
	if want := pods / 7 * 6; given < want {
		t.Errorf("%d removals, want %d", given, want)
	}
	for what, n := range most {
		if n > 4*perHour {
			t.Errorf("%s: up to %d", what, n)
		}
	}
}

// TestTrim has more pods alive than are remembered.
func TestTrim(t *testing.T) {
	tr := newTracker(&Options{})
	tr.pods.limit = 100
	var s tale
	for i := range 1000 {
		s.runs(float64(i), fmt.Sprintf("web-%d", i), node1)
	}
	s.deletes(2000, alice, "web-0", node1)
	s.deletes(2000, alice, "web-999", node1)
	for _, r := range s {
		tr.add(r)
	}
	if n := len(tr.pods.byName); n > 101 {
		t.Errorf("%d pods remembered", n)
	}
	tr.end()
	if len(tr.removalsOut) != 2 {
		t.Errorf("%d removals, want 2", len(tr.removalsOut))
	}
}

// FuzzTracker makes stories of a few pods out of bytes, three for each record:
// what, about which pod, how much later. Whatever they say, the tracker must
// not panic, nor depend on the order in which the records come, nor contradict
// itself.
func FuzzTracker(f *testing.F) {
	f.Add([]byte{0, 0, 1, 1, 0, 1, 2, 0, 1, 3, 0, 30}, uint64(1))
	f.Add([]byte{0, 0, 1, 4, 0, 1, 5, 0, 1, 6, 0, 255, 7, 1, 9}, uint64(2))
	f.Add([]byte{0, 0, 1, 0, 1, 1, 8, 0, 1, 1, 0, 1, 1, 1, 1, 9, 0, 5, 3, 0, 1, 3, 1, 1}, uint64(3))
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		s := taleOf(text[:min(len(text), 600)])
		want := s.tell(nil)
		checkTold(t, want)
		random := rand.New(rand.NewPCG(seed, 0))
		random.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
		if diff := cmp.Diff(want, s.tell(nil)); diff != "" {
			t.Errorf("in another order (-want +got):\n%s", diff)
		}
	})
}

// taleOf makes a tale out of bytes.
func taleOf(text []byte) tale {
	var s tale
	actors := []string{alice, karpenter, "eks:node-manager", kubeSystem("node-controller"), kubeSystem("replicaset-controller"), kubeSystem("generic-garbage-collector")}
	now := 0.0
	for len(text) >= 3 {
		what, which := text[0], text[1]
		now += float64(text[2]) * float64(text[2]) / 16 // up to an hour and more
		text = text[3:]
		name, node := fmt.Sprintf("web-%d", which%4), fmt.Sprintf("node-%d", which%4/2)
		actor := actors[int(which/4)%len(actors)]
		switch what % 16 {
		case 0:
			s.made(now, name)
		case 1:
			s.bound(now, name, node)
		case 2:
			s.ready(now, name, node)
		case 3:
			s.ends(now, name, node)
		case 4:
			s.evicts(now, actor, name, BlockedByBudget)
		case 5:
			s.evicts(now, actor, name, Accepted)
		case 6:
			s.evicts(now, actor, name, Accepted).dry()
		case 7:
			s.evicts(now, actor, name, NotFound)
		case 8:
			s.cordons(now, actor, node, which&64 == 0)
		case 9:
			s.deletes(now, actor, name, node)
		case 10:
			s.deletes(now, actor, name, node).grace = new(int64)
		case 11:
			s.fails(now, node, name, "Evicted")
		case 12:
			s.changes(now, actor, "deployments", "web", ownerChange{restart: which&64 == 0, replicas: new(int32)})
		case 13:
			r := s.evicts(now, actor, name, UIDMismatch)
			r.attempt.UID, r.attempt.LiveUID = fmt.Sprint("uid-", which%3), "uid-"+name
		case 14:
			s.add(now, actor, podsDeleted, "deletecollection", "pods", "")
		case 15:
			s.add(now, actor, nodeDeleted, "delete", "nodes", node).namespace = ""
		}
	}
	return s
}

// checkTold checks what must be true of whatever a log says.
func checkTold(t *testing.T, got told) {
	t.Helper()
	for _, e := range got.Evictions {
		refused := 0
		for _, r := range e.Refusals {
			refused += r.Count
		}
		if e.Tries < 1 || refused > e.Tries || e.Last.Before(e.First) || !e.AcceptedAt.IsZero() && e.Outcome != Accepted {
			t.Errorf("eviction %+v", e)
		}
	}
	for _, m := range got.Removals {
		if !m.DecidedAt.IsZero() && !m.GoneAt.IsZero() && m.GoneAt.Before(m.DecidedAt) {
			t.Errorf("gone before the decision: %+v", m)
		}
		if m.Owner.Kind != "" && m.DownWithOwner < 1 {
			t.Errorf("not among the missing: %+v", m)
		}
		if m.Replacement == "" && !m.ReadyAt.IsZero() {
			t.Errorf("ready without a replacement: %+v", m)
		}
	}
	for _, d := range got.Drains {
		if d.Node == "" || d.End.Before(d.Start) || len(d.Evictions)+len(d.Removals) == 0 {
			t.Errorf("drain %+v", d)
		}
	}
}

// TestQuietBoundary tells of attempts that are just within an hour of each
// other, and just beyond.
func TestQuietBoundary(t *testing.T) {
	for gap, want := range map[time.Duration]int{QuietAfter: 1, QuietAfter + time.Microsecond: 2} {
		var s tale
		s.evicts(0, alice, "web-a", BlockedByBudget)
		s.evicts(gap.Seconds(), alice, "web-a", BlockedByBudget)
		if got := len(s.tell(nil).Evictions); got != want {
			t.Errorf("%v apart: %d evictions, want %d", gap, got, want)
		}
	}
}

// TestWildcard holds the wildcards of profile selectors to what AWS says of them.
func TestWildcard(t *testing.T) {
	for _, test := range []struct {
		pattern, s string
		want       bool
	}{
		{"prod", "prod", true}, {"prod", "prod2", false}, {"prod*", "prod-eu", true},
		{"*prod", "eu-prod", true}, {"*prod*", "x", false}, {"prod?", "prod1", true},
		{"prod?", "prod", false}, {"*", "", true}, {"a*b*c", "a/x/bc", true}, {"", "", true}, {"", "a", false},
	} {
		if got := glob(test.pattern, test.s); got != test.want {
			t.Errorf("glob(%q, %q) = %v", test.pattern, test.s, got)
		}
	}
}
