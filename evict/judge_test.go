package evict

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// A by is who made a request, as an initiator.
func by(kind Kind, user string, confidence Confidence) Initiator {
	return Initiator{Kind: kind, Confidence: confidence, Actor: Actor{User: user}, Evidence: []Evidence{{Field: "user.username", Value: user}}}
}

var (
	eksFargate   = by(EKSFargate, "eks:node-manager", Medium)
	eksNodeGroup = by(EKSNodeGroup, "eks:node-manager", High)
	eksPlatform  = by(EKSPlatform, "eks:node-manager", High)
	karpenterBy  = by(Karpenter, "system:serviceaccount:kube-system:karpenter", High)
	person       = by(Kubectl, "alice", High)
	unknownUser  = by("", "ops-script", NoConfidence)
	nobody       = Initiator{}
)

// refusedTo is an eviction that a budget refused.
func refusedTo(who Initiator, on Compute) Eviction {
	return Eviction{
		Namespace: "ns", Pod: "web-0", Compute: on, First: at(-300), Last: at(-300), Tries: 1, Outcome: BlockedByBudget, DryRun: DryRunNo,
		Refusals: []Refusal{{Outcome: BlockedByBudget, Count: 1, First: at(-300), Last: at(-300)}},
		Budgets:  []Budget{{Name: "pdb", Needs: 2, Has: 2, Counted: true}}, Actor: who.Actor, Initiator: who,
	}
}

// notFoundBy is an eviction of a pod that was gone already.
func notFoundBy(who Initiator) Eviction {
	e := refusedTo(who, Fargate)
	e.Outcome, e.Budgets = NotFound, nil
	e.Refusals = []Refusal{{Outcome: NotFound, Count: 1, First: at(-300), Last: at(-300)}}
	return e
}

func takenOverFor(who Initiator) Eviction {
	e := refusedTo(who, ComputeUnknown)
	e.Outcome, e.Refusals, e.Budgets = TakenOver, nil, nil
	return e
}

// removed is a removal at noon.
func removed(way Way, who Initiator, on Compute, before ...Eviction) Removal {
	node := map[Compute]string{Fargate: "fargate-ip-10-0-0-1.ec2.internal", Instance: "ip-10-0-0-2.ec2.internal"}[on]
	return Removal{
		Namespace: "ns", Pod: "web-0", UID: "u", Node: node, Compute: on, Way: way, Actor: who.Actor, Initiator: who,
		DecidedAt: at(0), GoneAt: at(20), Evictions: before, Evidence: []Evidence{{Field: "responseStatus.code", Value: "201"}},
	}
}

// untimed is one of which the request that decided is not in the log.
func untimed(m Removal) Removal {
	m.DecidedAt = time.Time{}
	return m
}

// as is m with another name on the request than that of its initiator.
func as(m Removal, user string) Removal {
	m.Actor = Actor{User: user}
	return m
}

func TestJudgeRemoval(t *testing.T) {
	impersonated := by(EKSFargate, "alice", Low)
	impersonated.Actor.Impersonated = "eks:node-manager"
	const rs, gc, podGC = "system:serviceaccount:kube-system:replicaset-controller", "system:serviceaccount:kube-system:generic-garbage-collector", "system:serviceaccount:kube-system:pod-garbage-collector"
	collector := by(PodGC, podGC, High)
	machine := by(CloudControllerManager, "eks:cloud-controller-manager", Medium)
	tests := []struct {
		name       string
		removal    Removal
		answer     Answer
		confidence Confidence
		by         Kind
		says       string // in the summary
		missing    int
	}{
		{"eviction on Fargate", removed(Evicted, eksFargate, Fargate), FargatePatching, Medium, EKSFargate, "evicted the pod from Fargate node fargate-ip-10-0-0-1.ec2.internal at 2026-03-01T12:00:00Z", 0},
		{"by fargate-manager", removed(Evicted, by(EKSFargate, "eks:fargate-manager", Low), Fargate), FargatePatching, Low, EKSFargate, "eks:fargate-manager", 0},
		{"second step", removed(EvictionForced, eksFargate, Fargate, refusedTo(eksFargate, Fargate)), FargatePatching, Medium, EKSFargate, "second step", 0},
		{"second step by another identity", removed(Deleted, by(EKSService, "eks:pod-terminator", Medium), Fargate, refusedTo(eksFargate, Fargate)), FargatePatching, Medium, EKSService, "second step", 0},
		{"delete without refusals", removed(Deleted, eksFargate, Fargate), Undecided, NoConfidence, EKSFargate, "no refused eviction before it", 2},
		{"refused, then ended by the kubelet", untimed(removed(WayUnknown, nobody, Fargate, refusedTo(eksFargate, Fargate))), FargatePatching, Low, EKSFargate, "the delete itself is not in the log", 0},
		{"refused, then gone with its node", removed(GarbageCollected, collector, Fargate, refusedTo(eksFargate, Fargate)), FargatePatching, Low, EKSFargate, "by force", 0},
		{"refused, then its machine gone", as(removed(GarbageCollected, machine, Fargate, refusedTo(eksFargate, Fargate)), podGC), FargatePatching, Low, EKSFargate, "by force", 0},
		{"refused, then a person deleted the node", as(removed(GarbageCollected, person, Fargate, refusedTo(eksFargate, Fargate)), podGC), OtherCause, High, Kubectl, "kubectl (alice) deleted the node", 0},
		{"refused, then a person restarted", as(removed(RolledOut, person, Fargate, refusedTo(eksFargate, Fargate)), rs), OtherCause, High, Kubectl, "kubectl (alice) rolled the workload out", 0},
		{"not found, after the kubelet's end", untimed(removed(WayUnknown, nobody, Fargate, notFoundBy(eksFargate))), Undecided, NoConfidence, "", "does not show who decided it", 1},
		{"not found, then deleted", removed(Deleted, eksFargate, Fargate, notFoundBy(eksFargate)), Undecided, NoConfidence, EKSFargate, "no refused eviction before it", 2},
		{"gone with its node", removed(GarbageCollected, collector, Fargate), Undecided, NoConfidence, PodGC, "what had ended its node is not in the log", 2},
		{"shut down", removed(NodeShutdown, by(Kubelet, "system:node:n", High), Fargate), Undecided, NoConfidence, Kubelet, "because its node shut down", 2},
		{"evicted by someone impersonating", removed(Evicted, impersonated, Fargate), OtherCause, Low, "", "alice as eks:node-manager", 0},
		{"add-on manager scales", as(removed(ScaledDown, by(EKSAddonManager, "eks:addon-manager", High), Fargate), rs), OtherCause, High, EKSAddonManager, "scaled the workload down", 0},

		{"platform, nothing about the node", removed(Evicted, eksPlatform, ComputeUnknown), Undecided, NoConfidence, EKSPlatform, "for a managed node group or for Fargate", 3},
		{"platform, forced, nothing about the node", removed(EvictionForced, eksPlatform, ComputeUnknown, refusedTo(eksPlatform, ComputeUnknown)), Undecided, NoConfidence, EKSPlatform, "for a managed node group or for Fargate", 3},
		{"platform refused, then ended", untimed(removed(WayUnknown, nobody, ComputeUnknown, refusedTo(eksPlatform, ComputeUnknown))), Undecided, NoConfidence, EKSPlatform, "tried to evict the pod", 3},
		{"garbage, nothing about the node", removed(GarbageCollected, collector, ComputeUnknown), Undecided, NoConfidence, PodGC, "what had ended its node", 4},
		{"platform on an instance", removed(Evicted, eksNodeGroup, Instance), OtherCause, High, EKSNodeGroup, "an EKS managed node group", 0},

		{"Karpenter", removed(Evicted, karpenterBy, Instance), OtherCause, High, Karpenter, "No: karpenter (system:serviceaccount:kube-system:karpenter) evicted the pod at 2026-03-01T12:00:00Z.", 0},
		{"Karpenter, nothing about the node", removed(Evicted, karpenterBy, ComputeUnknown), OtherCause, High, Karpenter, "karpenter", 0},
		{"a user without a rule", removed(Deleted, unknownUser, Fargate), OtherCause, Medium, "", "No: ops-script deleted the pod", 0},
		{"scale-down", as(removed(ScaledDown, person, Instance), rs), OtherCause, High, Kubectl, "scaled the workload down", 0},
		{"by its controller", removed(ControllerDeleted, by(ReplicaSetController, rs, High), Fargate), OtherCause, High, ReplicaSetController, "for a reason that the log does not tell", 0},
		{"cascade", removed(Cascaded, by(GarbageCollector, gc, High), Fargate), OtherCause, High, GarbageCollector, "because its owner was gone", 0},
		{"preempted by the condition alone", untimed(removed(Preempted, nobody, Fargate)), OtherCause, Low, "", "No: the pod was preempted at", 0},
		{"evicted by the condition alone", untimed(removed(Evicted, nobody, Fargate)), Undecided, NoConfidence, "", "does not show who decided it", 1},
		{"only the end", untimed(removed(WayUnknown, nobody, Fargate)), Undecided, NoConfidence, "", "was ended by its kubelet", 1},
		{"only the end, on an instance", untimed(removed(WayUnknown, nobody, Instance)), Undecided, NoConfidence, "", "it was not Fargate OS patching", 1},
		{"Karpenter refused, then only the end", untimed(removed(WayUnknown, nobody, Fargate, refusedTo(karpenterBy, Fargate))), Undecided, NoConfidence, "", "does not show who decided it", 1},

		{"taken over", untimed(removed(WayUnknown, nobody, Instance, takenOverFor(person))), OtherCause, Medium, Kubectl, "a webhook moved it", 0},
		{"taken over for Fargate", removed(Deleted, by(Strimzi, "system:serviceaccount:kafka:strimzi-cluster-operator", Low), Fargate, takenOverFor(eksFargate)), FargatePatching, Low, EKSFargate, "a webhook moved it", 0},
		{"taken over for the platform", untimed(removed(WayUnknown, nobody, ComputeUnknown, takenOverFor(eksPlatform))), Undecided, NoConfidence, EKSPlatform, "for a managed node group or for Fargate", 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &facts{target: Target{Namespace: "ns", Pod: "web-0"}, options: &Options{}, removals: []Removal{test.removal}}
			v := f.verdict()
			if v.Answer != test.answer || v.Confidence != test.confidence || v.Initiator.Kind != test.by || len(v.Missing) != test.missing {
				t.Errorf("%v, %v, by %q, %d missing; want %v, %v, %q, %d", v.Answer, v.Confidence, v.Initiator.Kind, len(v.Missing),
					test.answer, test.confidence, test.by, test.missing)
			}
			if !strings.Contains(v.Summary, test.says) || len(v.Why) == 0 || v.At != test.removal.time() || v.Way != test.removal.Way {
				t.Errorf("%v %v %q\n%s", v.At, v.Way, v.Summary, strings.Join(v.Why, "\n"))
			}
		})
	}
}

// TestJudgeEveryWay judges each way by each sort of initiator on everything: no
// combination may lack a sentence, or be decided without evidence.
func TestJudgeEveryWay(t *testing.T) {
	for way := WayUnknown; way <= CriticalAdmission; way++ {
		for _, who := range []Initiator{nobody, eksFargate, eksPlatform, karpenterBy, unknownUser} {
			for _, on := range []Compute{ComputeUnknown, Fargate, Instance} {
				for _, before := range [][]Eviction{nil, {refusedTo(eksPlatform, on)}, {takenOverFor(eksPlatform)}} {
					m := removed(way, who, on, before...)
					f := judgeRemoval(&m)
					what := fmt.Sprintf("%v by %q on %v after %d", way, who.Kind, on, len(before))
					if strings.Contains(f.Summary, "@") || !strings.HasSuffix(f.Summary, ".") || strings.Contains(f.Summary, "  ") || strings.Contains(f.Summary, "%") {
						t.Errorf("%s: %q", what, f.Summary)
					}
					if (f.Answer == Undecided) != (len(f.Missing) > 0) || len(f.Why) == 0 {
						t.Errorf("%s: %v with %d missing, %d reasons", what, f.Answer, len(f.Missing), len(f.Why))
					}
					if f.Answer == FargatePatching && (on != Fargate || !f.Initiator.platform()) {
						t.Errorf("%s: %v", what, f.Answer)
					}
				}
			}
		}
	}
}

// TestJudgeSeveral has several removals of one name: the newest decides, unless
// an earlier one was the patching.
func TestJudgeSeveral(t *testing.T) {
	patched, restarted := removed(Evicted, eksFargate, Fargate), as(removed(RolledOut, person, Fargate), "system:serviceaccount:kube-system:statefulset-controller")
	restarted.DecidedAt = at(1000)
	newest := removed(Deleted, unknownUser, Fargate)
	newest.DecidedAt = at(2000)
	f := &facts{target: Target{Namespace: "ns", Pod: "web-0"}, options: &Options{}, removals: []Removal{patched, restarted, newest}}
	v := f.verdict()
	if v.Answer != FargatePatching || v.At != at(0) || !strings.Contains(strings.Join(v.Why, "\n"), "not the newest of 3 removals") || len(v.Removals) != 3 {
		t.Errorf("%v %v %q", v.Answer, v.At, v.Why)
	}
	f.removals = f.removals[1:]
	if v := f.verdict(); v.Answer != OtherCause || v.At != at(2000) || !strings.Contains(strings.Join(v.Why, "\n"), "the newest of 2 removals") {
		t.Errorf("%v %v %q", v.Answer, v.At, v.Why)
	}
}

// TestJudgeStaying is about pods and nodes of which the log has no removal.
func TestJudgeStaying(t *testing.T) {
	dry := refusedTo(person, Fargate)
	dry.DryRun = DryRunYes
	onFargate, unknown := refusedTo(eksFargate, Fargate), refusedTo(eksPlatform, ComputeUnknown)
	onFargate.Node = "fargate-a"
	gone := func(who Initiator) []nodeDeletion {
		return []nodeDeletion{{node: "fargate-a", at: at(0), initiator: who}}
	}
	pod, node := Target{Namespace: "ns", Pod: "web-0"}, Target{Node: "fargate-a"}
	tests := []struct {
		name    string
		facts   facts
		answer  Answer
		says    string // in the summary or the reasons
		missing int
	}{
		{"nothing", facts{target: pod}, Undecided, "nothing about the removal of pod ns/web-0", 2},
		{"dry run", facts{target: pod, evictions: []Eviction{dry}}, Undecided, "only a dry run", 2},
		{"refused on Fargate", facts{target: pod, evictions: []Eviction{onFargate}}, Undecided, "EKS Fargate Pod Scheduled Termination", 1},
		{"refused, who knows where", facts{target: pod, evictions: []Eviction{unknown, dry}}, Undecided, "tried once to evict it", 4},
		{"refused, budgets", facts{target: pod, evictions: []Eviction{refusedTo(karpenterBy, Instance)}}, Undecided, "budget pdb needs 2 and has 2", 1},
		{"refused, then the node went", facts{target: pod, evictions: []Eviction{onFargate}, deletions: gone(by(CloudControllerManager, "eks:cloud-controller-manager", Medium))}, FargatePatching, "the end of the pod is not in the log", 0},
		{"refused, then a person deleted the node", facts{target: pod, evictions: []Eviction{onFargate}, deletions: gone(person)}, Undecided, "kubectl (alice) deleted its node fargate-a", 1},
		{"taken over", facts{target: pod, evictions: []Eviction{takenOverFor(person)}}, Undecided, "promised to move it", 1},
		{"node deleted by a person", facts{target: node, deletions: gone(person)}, OtherCause, "kubectl (alice) deleted node fargate-a", 0},
		{"node deleted by the platform", facts{target: node, deletions: gone(eksPlatform)}, Undecided, "what became of its pod", 1},
		{"no such node", facts{target: Target{Node: "ip-10-0-0-2.ec2.internal"}}, Undecided, "node ip-10-0-0-2.ec2.internal", 1},
		{"a pod of the node", facts{target: Target{Node: "ip-10-0-0-2.ec2.internal"}, removals: []Removal{removed(Evicted, karpenterBy, Instance)}}, OtherCause, "neither a drain nor the deletion", 0},
		{"node deleted", facts{target: Target{Node: "ip-10-0-0-2.ec2.internal"}, deletions: gone(by(CloudControllerManager, "system:serviceaccount:kube-system:cloud-controller-manager", Medium))}, OtherCause, "whose machine is gone", 0},
		{"node, a dry run", facts{target: Target{Node: "n"}, drains: []Drain{{Node: "n", DryRun: DryRunYes, Initiator: person, Outcome: DrainRehearsed}}}, Undecided, "only a dry run of a drain", 1},
		{"node, a drain that is blocked", facts{target: Target{Node: "n"}, drains: []Drain{{Node: "n", Initiator: person, Outcome: DrainBlocked, Tries: 3, Refused: 3}}}, OtherCause, "tried to drain node n", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.facts.options = &Options{}
			v := test.facts.verdict()
			all := v.Summary + "\n" + strings.Join(v.Why, "\n")
			if v.Answer != test.answer || !strings.Contains(all, test.says) || len(v.Missing) != test.missing {
				t.Errorf("%v, %d missing; want %v, %d:\n%s", v.Answer, len(v.Missing), test.answer, test.missing, all)
			}
		})
	}
}

// TestJudgeErrors has targets that are none, damage, and a context that ends.
func TestJudgeErrors(t *testing.T) {
	good := audit.List{{Raw: []byte(`{"kind":"Event","stage":"ResponseComplete","auditID":"a","verb":"create","requestURI":"/api/v1/namespaces/ns/pods/web-0/eviction","user":{"username":"eks:node-manager"},"objectRef":{"resource":"pods","namespace":"ns","name":"web-0","subresource":"eviction"},"responseStatus":{"code":201}}`)}}
	pod := Target{Namespace: "ns", Pod: "web-0"}
	for _, target := range []Target{{}, {Pod: "web-0"}, {Namespace: "ns"}, {Namespace: "ns", Pod: "web-0", Node: "n"}} {
		if v, err := Judge(t.Context(), good, target, nil); err == nil || v.Summary != "" {
			t.Errorf("%+v: %v, %q", target, err, v.Summary)
		}
	}
	bad := audit.List{{Raw: []byte(`{"verb":"create","auditID":5,"objectRef":{"resource":"pods","subresource":"eviction"},"stage":"ResponseComplete","requestURI":"/api/v1/namespaces/ns/pods/web-0/eviction"}`)}}
	log := append(audit.List{}, good...)
	for range maxDamage + 7 {
		log = append(log, bad...)
	}
	v, err := Judge(t.Context(), log, pod, nil)
	if v.Answer != Undecided || len(v.Removals) != 1 {
		t.Errorf("%v with %d removals", v.Answer, len(v.Removals))
	}
	if _, ok := errors.AsType[*audit.EventError](err); !ok || !strings.Contains(err.Error(), "7 more places") {
		t.Errorf("error: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v, err := Judge(ctx, good, pod, nil); !errors.Is(err, context.Canceled) || v.Summary != "" {
		t.Errorf("cancelled: %v, %q", err, v.Summary)
	}
}

// TestJudgeLater learns the node of a pod, and that it went, long after the
// eviction was refused.
func TestJudgeLater(t *testing.T) {
	const node = "fargate-ip-10-0-0-1.ec2.internal"
	var s tale
	s.evicts(0, "eks:node-manager", "web-0", BlockedByBudget)
	s.patch(2*3600, kubeletPrefix+node, "web-0")
	f := judged(s)
	if v := f.verdict(); v.Answer != Undecided || v.Evictions[0].Compute != Fargate || !strings.Contains(strings.Join(v.Why, " "), "scheduledTerminationTime") {
		t.Errorf("%v on %v: %q", v.Answer, v.Evictions[0].Compute, v.Why)
	}
	s.add(3*24*3600, "eks:node-manager", nodeDeleted, "delete", "nodes", node).namespace = ""
	f = judged(s)
	if v := f.verdict(); v.Answer != FargatePatching || v.Confidence != Low {
		t.Errorf("%v: %s", v.Answer, v.Summary)
	}
}

// FuzzJudge judges stories made out of bytes: whatever they say, the verdict
// must be whole, and the timeline in order.
func FuzzJudge(f *testing.F) {
	f.Add([]byte{0, 0, 1, 1, 0, 1, 2, 0, 1, 3, 0, 30})
	f.Add([]byte{0, 0, 1, 4, 8, 1, 9, 8, 1, 3, 0, 255})
	f.Add([]byte{0, 0, 1, 8, 0, 1, 5, 4, 1, 15, 0, 3, 12, 0, 1})
	f.Fuzz(func(t *testing.T, text []byte) {
		s := taleOf(text[:min(len(text), 600)])
		for _, target := range []Target{{Namespace: "ns", Pod: "web-0"}, {Node: "node-0"}} {
			v := judgedOf(s, target).verdict()
			if v.Summary == "" || strings.Contains(v.Summary, "@") || len(v.Missing) > 0 != (v.Answer == Undecided) || v.Confidence > NoConfidence != (v.Answer != Undecided) {
				t.Errorf("%v, %v, %d missing: %q", v.Answer, v.Confidence, len(v.Missing), v.Summary)
			}
		}
		l := &timeline{name: podKey{"ns", "web-0"}, tracker: newTracker(&Options{})}
		var entries []Entry
		for _, r := range s {
			l.add(r)
			entries = append(entries, l.due(r.at.Add(-QuietAfter), false)...)
		}
		entries = append(entries, l.due(time.Time{}, true)...)
		for i, e := range entries {
			if e.Text == "" || i > 0 && e.Time.Before(entries[i-1].Time) {
				t.Errorf("entry %d: %+v", i, e)
			}
		}
	})
}

// TestTimelineBounded has many pods come and go next to the one that is asked
// for, which lives on: no more is remembered than of an hour.
func TestTimelineBounded(t *testing.T) {
	l := &timeline{name: podKey{"ns", "web-0"}, tracker: newTracker(&Options{})}
	var first tale
	first.runs(0, "web-0", node1)
	for _, r := range first {
		l.add(r)
	}
	for i := range 10_000 {
		var s tale
		name, node := fmt.Sprintf("web-%d", i+1), fmt.Sprintf("node-%d", i)
		s.runs(float64(10*i+1), name, node)
		s.cordons(float64(10*i+2), alice, node, true)
		s.ends(float64(10*i+3), name, node)
		for _, r := range s {
			l.add(r)
			l.due(r.at.Add(-QuietAfter), false)
		}
		if len(l.waiting) > 400 || len(l.lives) != 1 {
			t.Fatalf("%d moments wait, %d lives", len(l.waiting), len(l.lives))
		}
	}
}

// judged takes the facts about the pod web-0 from a tale, as Judge does.
func judged(s tale) *facts { return judgedOf(s, Target{Namespace: "ns", Pod: "web-0"}) }

func judgedOf(s tale, target Target) *facts {
	f := &facts{target: target, options: &Options{}}
	t := newTracker(f.options)
	for _, r := range s {
		t.add(r)
		f.observe(t, r)
		f.take(t)
	}
	f.renew(t)
	t.end()
	f.take(t)
	f.sort()
	return f
}

// TestPlain keeps sentences on one line.
func TestPlain(t *testing.T) {
	for in, want := range map[string]string{"alice": "alice", "a\nb": `"a\nb"`, "\x1b[31m": `"\x1b[31m"`, "\xff": `"\xff"`, "é": "é"} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %s, want %s", in, got, want)
		}
	}
}
