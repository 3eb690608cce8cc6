package evict_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
)

const lab = "evictions/lab.jsonl"

// A labRemoval is what happened to a pod of the lab. Lines are those of the
// log: of the request that decided, and of the one with which the pod was gone;
// 0 if there is none.
type labRemoval struct {
	Pod           string
	Way           evict.Way
	Decided, Gone int
	Actor         string
	Kind          evict.Kind
	By            string // whom the initiator is about, if not the actor
	Replacement   string
	Evictions     int // of it, refused ones among them
}

const (
	admin     = "kubernetes-admin"
	accounts  = "system:serviceaccount:kube-system:"
	taints    = accounts + "node-controller"
	replicas  = accounts + "replicaset-controller"
	collector = accounts + "generic-garbage-collector"
	podGC     = accounts + "pod-garbage-collector"
	hash1     = "t6/web-65b99bb6ff-"
	hash2     = "t6/web-658b84d87f-"
)

// labRemovals were read off the log by hand, in the order of its lines. The
// script that sent many of the requests has a user agent of its own, which no
// rule knows.
var labRemovals = []labRemoval{
	// run1: evicted twice, the second time while it was terminating.
	{Pod: "t1/plain", Way: evict.Evicted, Decided: 10, Gone: 13, Actor: admin, Evictions: 1},
	// run1: evicted, and its kubelet never ended it. The taint manager's
	// delete of six minutes later (line 151) found it terminating, and has
	// overwritten its DisruptionTarget.
	{Pod: "t1/beta", Way: evict.Evicted, Decided: 16, Actor: admin, Evictions: 1},
	// run1: never scheduled, so the eviction was its end.
	{Pod: "t1/pend", Way: evict.Evicted, Decided: 46, Gone: 46, Actor: admin, Evictions: 1},
	// audit level Metadata: no bodies, so the uid is that of the kubelet's patch.
	{Pod: "lvl-metadata/p", Way: evict.Evicted, Decided: 55, Gone: 58, Actor: admin, Evictions: 1},
	// audit level Request.
	{Pod: "lvl-request/p", Way: evict.Evicted, Decided: 67, Gone: 70, Actor: admin, Evictions: 1},
	// kubectl drain: two dry runs before (lines 93 to 121) removed nothing.
	{Pod: "t2/d1", Way: evict.Evicted, Decided: 124, Gone: 130, Actor: admin, Kind: evict.Kubectl, Evictions: 1},
	{Pod: "t2/d0", Way: evict.Evicted, Decided: 126, Gone: 128, Actor: admin, Kind: evict.Kubectl, Evictions: 1},
	// kubectl drain: refused three times until its budget was deleted.
	{Pod: "t2/blocked", Way: evict.Evicted, Decided: 134, Gone: 136, Actor: admin, Kind: evict.Kubectl, Evictions: 1},
	// run1: their node was unreachable for five minutes. w0 and x1 had been
	// evicted in vain; those of x1 are by four actors, without the dry runs
	// and the one that was about another uid. Nothing ends pods of such a node.
	{Pod: "t1/w1", Way: evict.TaintEvicted, Decided: 152, Actor: taints, Kind: evict.TaintManager},
	{Pod: "t1/w0", Way: evict.TaintEvicted, Decided: 153, Actor: taints, Kind: evict.TaintManager, Evictions: 1},
	{Pod: "t1/x1", Way: evict.TaintEvicted, Decided: 154, Actor: taints, Kind: evict.TaintManager, Evictions: 4},
	// scale-down: by kubectl scale (line 165). The ReplicaSet made no other for
	// it: its next pod is for the one of line 178.
	{Pod: hash1 + "hd2wh", Way: evict.ScaledDown, Decided: 166, Gone: 168, Actor: replicas, Kind: evict.Kubectl, By: admin},
	// kubectl delete.
	{Pod: hash2 + "87cgr", Way: evict.Deleted, Decided: 173, Gone: 177, Actor: admin, Kind: evict.Kubectl, Replacement: hash2 + "stqx6"},
	// kubectl delete --force: no kubelet follows.
	{Pod: hash1 + "mqbpf", Way: evict.ForceDeleted, Decided: 178, Gone: 178, Actor: admin, Kind: evict.Kubectl, Replacement: hash1 + "m9l5d"},
	// kubectl delete --all: one delete each.
	{Pod: hash2 + "stqx6", Way: evict.Deleted, Decided: 181, Gone: 191, Actor: admin, Kind: evict.Kubectl, Replacement: hash2 + "8gc95"},
	{Pod: hash1 + "m9l5d", Way: evict.Deleted, Decided: 183, Gone: 193, Actor: admin, Kind: evict.Kubectl, Replacement: hash1 + "8hssr"},
	{Pod: hash1 + "tmjhz", Way: evict.Deleted, Decided: 186, Gone: 195, Actor: admin, Kind: evict.Kubectl, Replacement: hash1 + "ns69w"},
	// deletecollection by the script: the answer names three pods. Their
	// replacements were made before it was answered.
	{Pod: hash2 + "8gc95", Way: evict.CollectionDeleted, Decided: 196, Gone: 204, Actor: admin, Replacement: hash2 + "ghp9f"},
	{Pod: hash1 + "8hssr", Way: evict.CollectionDeleted, Decided: 196, Gone: 206, Actor: admin, Replacement: hash1 + "fvdlz"},
	{Pod: hash1 + "ns69w", Way: evict.CollectionDeleted, Decided: 196, Gone: 208, Actor: admin, Replacement: hash1 + "tvml9"},
	// cascade: kubectl deleted the Deployment (line 209), the collector its
	// ReplicaSets and their pods.
	{Pod: hash1 + "fvdlz", Way: evict.Cascaded, Decided: 212, Gone: 218, Actor: collector, Kind: evict.Kubectl, By: admin},
	{Pod: hash1 + "tvml9", Way: evict.Cascaded, Decided: 213, Gone: 220, Actor: collector, Kind: evict.Kubectl, By: admin},
	{Pod: hash2 + "ghp9f", Way: evict.Cascaded, Decided: 214, Gone: 216, Actor: collector, Kind: evict.Kubectl, By: admin},
	// orphan: kubectl had deleted the node 57 seconds before (line 226).
	{Pod: "t2/orphan", Way: evict.GarbageCollected, Decided: 232, Gone: 232, Actor: podGC, Kind: evict.Kubectl, By: admin},
}

// labEvictions are one line each: pod, times of the first and last attempt by
// their lines, tries, outcome, dry run, actor.
var labEvictions = []string{
	"t1/plain 10-11 2 accepted dry:no kubernetes-admin",
	"t1/beta 16-16 1 accepted dry:no kubernetes-admin",
	// Twice refused by the budget, once because there were two.
	"t1/w0 22-26 3 multiple-budgets dry:no kubernetes-admin",
	"t1/w0 24-24 1 blocked-by-budget dry:yes kubernetes-admin",
	// For a uid that w0 does not have; the budgets came first.
	"t1/w0 27-27 1 multiple-budgets dry:no kubernetes-admin",
	"t1/x1 30-30 1 uid-mismatch dry:no kubernetes-admin",
	// Another version, three bad bodies, a dry run that is none.
	"t1/x1 31-38 5 invalid dry:no kubernetes-admin",
	"t1/nosuch 32-32 1 not-found dry:no kubernetes-admin",
	"t1/x1 36-37 2 accepted dry:yes kubernetes-admin",
	"t1/x1 39-39 1 forbidden dry:unknown alice",
	"t1/x1 40-40 1 unauthenticated dry:unknown ",
	"t1/x1 41-41 1 forbidden dry:unknown system:anonymous",
	"t1/x1 42-42 1 accepted dry:yes kubernetes-admin as bob@example.com",
	"t1/pend 46-46 1 accepted dry:no kubernetes-admin",
	"lvl-metadata/p 52-55 2 accepted dry:unknown kubernetes-admin",
	"lvl-request/p 64-67 2 accepted dry:no kubernetes-admin",
	"t2/d1 93-118 2 accepted dry:yes kubernetes-admin",
	"t2/blocked 94-121 14 blocked-by-budget dry:yes kubernetes-admin",
	"t2/d0 95-120 2 accepted dry:yes kubernetes-admin",
	"t2/d1 124-124 1 accepted dry:no kubernetes-admin",
	"t2/blocked 125-134 4 accepted dry:no kubernetes-admin",
	"t2/d0 126-126 1 accepted dry:no kubernetes-admin",
	"t8/v 223-223 1 denied-by-policy dry:no kubernetes-admin",
}

// labDrains are one line each: node, lines of the cordon and the uncordon,
// pods, tries, refusals, outcome.
var labDrains = []string{
	// Not by a drain command, but evictions of six pods of one node by one
	// actor. The log ends within an hour of the refusals of w0 and x1.
	"11 cordon:0 uncordon:0 [plain beta w0 x1 p p] 15 10 unfinished",
	"11 cordon:0 uncordon:0 [w0 x1] 3 1 rehearsed",
	// Two dry runs of kubectl drain within two minutes, whose cordons were dry
	// runs too.
	"12 cordon:0 uncordon:0 [d1 blocked d0] 18 14 rehearsed",
	// The eviction of t8/v a minute later, after the uncordon, is apart.
	"12 cordon:122 uncordon:137 [d1 blocked d0] 6 3 done",
}

// A labLog is the log of the lab, and when its events were received and
// answered by line.
type labLog struct {
	events             audit.List
	received, answered map[time.Time]int
	done               []time.Time // by line, from 1
}

func readLab(t *testing.T) (labLog, bool) {
	events, ok := corpusLog(t, lab)
	l := labLog{events: events, received: map[time.Time]int{}, answered: map[time.Time]int{}, done: make([]time.Time, len(events)+1)}
	for _, ev := range events {
		var stamps struct {
			Stage                    string
			RequestReceivedTimestamp time.Time
			StageTimestamp           time.Time
		}
		if err := json.Unmarshal(ev.Raw, &stamps); err != nil {
			t.Fatal(err)
		}
		if stamps.Stage == "RequestReceived" {
			continue
		}
		l.received[stamps.RequestReceivedTimestamp.UTC()] = ev.Pos.Line
		l.answered[stamps.StageTimestamp.UTC()] = ev.Pos.Line
		l.done[ev.Pos.Line] = stamps.StageTimestamp
	}
	return l, ok
}

// lineOf returns the line at that time, 0 for none.
func lineOf(lines map[time.Time]int, at time.Time) int {
	if at.IsZero() {
		return 0
	}
	if n, ok := lines[at.UTC()]; ok {
		return n
	}
	return -1
}

func TestLabRemovals(t *testing.T) {
	l, ok := readLab(t)
	if !ok {
		return
	}
	var got []labRemoval
	for _, m := range walk(t, evict.Removals(t.Context(), l.events, nil)) {
		one := labRemoval{
			Pod: m.Namespace + "/" + m.Pod, Way: m.Way,
			Actor: m.Actor.User, Kind: m.Initiator.Kind, Evictions: len(m.Evictions),
		}
		if m.Initiator.Actor.User != m.Actor.User {
			one.By = m.Initiator.Actor.User
		}
		if m.Replacement != "" {
			one.Replacement = m.Namespace + "/" + m.Replacement
		}
		// Several requests were answered in the same microsecond, and the
		// lines of those are told apart by what is expected of the pod.
		i := slices.IndexFunc(labRemovals, func(want labRemoval) bool { return want.Pod == one.Pod })
		if i < 0 {
			t.Errorf("%s was not removed: %v", one.Pod, m.Way)
			continue
		}
		if want := labRemovals[i].Decided; m.DecidedAt.Equal(l.done[want]) {
			one.Decided = want
		}
		if want := labRemovals[i].Gone; m.GoneAt.Equal(l.done[want]) {
			one.Gone = want
		}
		if m.Pod != "pend" && m.Node == "" || m.UID == "" {
			t.Errorf("%s: node %q, uid %q", one.Pod, m.Node, m.UID)
		}
		got = append(got, one)
	}
	byPod := cmpopts.SortSlices(func(a, b labRemoval) bool { return a.Pod < b.Pod })
	if diff := cmp.Diff(labRemovals, got, byPod); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLabEvictions(t *testing.T) {
	l, ok := readLab(t)
	if !ok {
		return
	}
	var got []string
	for _, e := range walk(t, evict.Evictions(t.Context(), l.events, nil)) {
		as := ""
		if e.Actor.Impersonated != "" {
			as = " as " + e.Actor.Impersonated
		}
		got = append(got, fmt.Sprintf("%s/%s %d-%d %d %v dry:%v %s%s", e.Namespace, e.Pod,
			lineOf(l.received, e.First), lineOf(l.received, e.Last), e.Tries, e.Outcome, e.DryRun, e.Actor.User, as))
	}
	if diff := cmp.Diff(labEvictions, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLabDrains(t *testing.T) {
	l, ok := readLab(t)
	if !ok {
		return
	}
	var got []string
	for _, d := range walk(t, evict.Drains(t.Context(), l.events, nil)) {
		var pods []string
		for _, e := range d.Evictions {
			pods = append(pods, e.Pod)
		}
		node := strings.TrimSuffix(strings.TrimPrefix(d.Node, "ip-10-0-1-"), ".ec2.internal")
		got = append(got, fmt.Sprintf("%s cordon:%d uncordon:%d %v %d %d %v", node,
			lineOf(l.answered, d.CordonedAt), lineOf(l.answered, d.UncordonedAt), pods, d.Tries, d.Refused, d.Outcome))
	}
	if diff := cmp.Diff(labDrains, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A labStory is all that the lab log tells.
type labStory struct {
	Evictions []evict.Eviction
	Removals  []evict.Removal
	Drains    []evict.Drain
}

func storyOf(t *testing.T, src audit.Source) labStory {
	t.Helper()
	return labStory{
		walk(t, evict.Evictions(t.Context(), src, nil)),
		walk(t, evict.Removals(t.Context(), src, nil)),
		walk(t, evict.Drains(t.Context(), src, nil)),
	}
}

// anywhere leaves out where the events were found.
var anywhere = cmpopts.IgnoreTypes(audit.Pos{})

// TestLabInAnyOrder checks that neither the order of the log, nor duplicates,
// nor the files it is spread over matter.
func TestLabInAnyOrder(t *testing.T) {
	l, ok := readLab(t)
	if !ok {
		return
	}
	want := storyOf(t, l.events)
	same := func(what string, src audit.Source) {
		t.Helper()
		if diff := cmp.Diff(want, storyOf(t, src), anywhere); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	same("twice", slices.Concat(l.events, l.events))
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, seed))
		shuffled := slices.Clone(l.events)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		same(fmt.Sprintf("shuffled by %d", seed), shuffled)
		if seed%5 != 0 {
			continue
		}
		files := fstest.MapFS{}
		for i, ev := range shuffled {
			files[fmt.Sprintf("%03d.log", i)] = &fstest.MapFile{Data: append(slices.Clone(ev.Raw), '\n')}
		}
		same(fmt.Sprintf("a file for each line by %d", seed), &audit.Archive{FS: files, Stream: "kube-apiserver-audit"})
	}
}

// TestNoFalseRemovals checks the logs that were made for attempts: they have
// no kubelets, and pods that were removed next to many that were not.
func TestNoFalseRemovals(t *testing.T) {
	tests := []struct {
		log  string
		want map[string]int // by namespace and way
		why  string
	}{
		{"audit/audit.log", map[string]int{"web evicted": 2, "web force-deleted": 1},
			"two evictions were accepted and a third was a dry run, a delete had a grace period of zero; a deletecollection found no pods"},
		{"audit/evictions.jsonl", map[string]int{"web evicted": 2},
			"the same without the delete"},
		{"audit/mixed-window-a.jsonl", map[string]int{
			"prod taint-evicted": 5, "lvl-metadata taint-evicted": 4, "lvl-request taint-evicted": 5,
			"lvl-rr taint-evicted": 7, "lvl-rr-nomf taint-evicted": 5, "lvl-allstages taint-evicted": 6},
			"32 deletes by the taint manager, each of another pod; status patches of the scheduler and the manager remove nothing"},
		{"audit/evictions-levels.jsonl", map[string]int{
			"prod evicted": 7, "lvl-metadata evicted": 7, "lvl-request evicted": 7,
			"lvl-rr evicted": 8, "lvl-rr-nomf evicted": 7, "lvl-allstages evicted": 8},
			"the same requests at six levels, of which get, delete, dry runs and refusals remove nothing"},
	}
	for _, test := range tests {
		t.Run(test.log, func(t *testing.T) {
			log, ok := corpusLog(t, test.log)
			if !ok {
				return
			}
			got := map[string]int{}
			for _, m := range walk(t, evict.Removals(t.Context(), log, nil)) {
				got[m.Namespace+" "+m.Way.String()]++
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.why, diff)
			}
		})
	}
}

// TestCorpusAsOneLog reads all those logs as one. The compressed ones are of
// another run of audit.log, whose pods have the same names and other uids, and
// the events of evictions.jsonl are in audit.log too.
func TestCorpusAsOneLog(t *testing.T) {
	if _, ok := corpusLog(t, "audit/audit.log"); !ok {
		return
	}
	all := &audit.Archive{FS: os.DirFS(filepath.Join(corpus, "audit")), Stream: "kube-apiserver-audit"}
	got := map[string]int{}
	for _, m := range walk(t, evict.Removals(t.Context(), all, nil)) {
		got[m.Way.String()]++
	}
	want := map[string]int{"evicted": 44 + 2 + 2, "force-deleted": 1 + 1, "taint-evicted": 32}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// walk returns what a sequence gives, which must not have errors.
func walk[T any](tb testing.TB, seq iter.Seq2[T, error]) []T {
	tb.Helper()
	var list []T
	for v, err := range seq {
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}
