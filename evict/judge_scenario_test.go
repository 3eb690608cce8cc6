package evict_test

import (
	"context"
	"encoding/json"
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
	"github.com/evictlog/evictlog/query"
)

// TestJudgeScenarios holds the verdicts to the scenarios, in any order of their
// logs.
func TestJudgeScenarios(t *testing.T) {
	for _, s := range evicttest.Scenarios() {
		if s.Verdict.Target == (evict.Target{}) {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			src := s.Log.Source()
			v := judge(t, src, s.Verdict.Target, nil)
			if diff := evicttest.Diff([]evict.Verdict{s.Verdict}, []evict.Verdict{v}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkVerdict(t, &v)
			for seed := range uint64(5) {
				random := rand.New(rand.NewPCG(seed, 1))
				shuffled := slices.Clone(src)
				random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
				if diff := cmp.Diff(v, judge(t, shuffled, s.Verdict.Target, nil), anywhere); diff != "" {
					t.Fatalf("in another order (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func judge(t *testing.T, src audit.Source, target evict.Target, opts *evict.Options) evict.Verdict {
	t.Helper()
	v, err := evict.Judge(t.Context(), src, target, opts)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// checkVerdict checks what is true of every verdict.
func checkVerdict(t *testing.T, v *evict.Verdict) {
	t.Helper()
	begin := map[evict.Answer]string{evict.FargatePatching: "Probably: ", evict.OtherCause: "No: ", evict.Undecided: "Cannot tell: "}[v.Answer]
	if !strings.HasPrefix(v.Summary, begin) || !strings.HasSuffix(v.Summary, ".") || strings.Contains(v.Summary, "@ ") {
		t.Errorf("%v has the summary %q", v.Answer, v.Summary)
	}
	for _, why := range v.Why {
		if !strings.HasSuffix(why, ".") || strings.Contains(why, "%!") || strings.Contains(why, "  ") {
			t.Errorf("no sentence: %q", why)
		}
	}
	if (v.Answer == evict.Undecided) != (len(v.Missing) > 0) || (v.Answer == evict.Undecided) != (v.Confidence == evict.NoConfidence) {
		t.Errorf("%v with confidence %v and %d missing", v.Answer, v.Confidence, len(v.Missing))
	}
	if v.Answer == evict.FargatePatching && v.Confidence > evict.Medium {
		t.Errorf("too sure: %v", v.Confidence)
	}
	if v.Answer != evict.Undecided && !slices.ContainsFunc(v.Evidence, func(e evict.Evidence) bool { return e.Pos.Line > 0 }) {
		t.Errorf("no evidence with a place: %v", v.Evidence)
	}
	for _, m := range v.Missing {
		if _, err := query.Parse(m.Query); err != nil {
			t.Errorf("%s: %v", m.What, err)
		}
	}
}

// life is the log of a pod of Fargate from its creation to its end, as it would
// be of the whole cluster, with other pods in it.
func life(owner evict.Owner) (*evicttest.Log, *evicttest.Pod) {
	l := evicttest.NewLog(time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC))
	p := l.Pod("shop", "web-1", "fargate-ip-10-42-11-96.us-west-2.compute.internal")
	other := l.Pod("shop", "web-10", "fargate-ip-10-42-12-17.us-west-2.compute.internal")
	p.Owner, other.Owner = owner, owner
	l.Start(p)
	l.Start(other)
	l.After(time.Hour)
	l.Evict(p, evicttest.EKSNodeManager(), evicttest.Accepted())
	l.Evict(other, evicttest.EKSNodeManager(), evicttest.Accepted())
	l.After(20 * time.Second)
	l.End(p)
	l.End(other)
	return l, p
}

// fetch returns the events of a log that a query selects.
func fetch(t *testing.T, src audit.Source, text string) audit.List {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var list audit.List
	for row, err := range q.Run(context.Background(), src, nil) {
		if err != nil {
			t.Fatal(err)
		}
		raw := json.RawMessage(row.Get("@message").String())
		list = append(list, audit.Event{Raw: raw, Stream: "kube-apiserver-audit", Pos: row.Pos()})
	}
	return list
}

// what tells of each event which request it is.
func what(t *testing.T, events audit.List) []string {
	t.Helper()
	var list []string
	for _, ev := range events {
		decoded, err := ev.Decode()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, decoded.Verb+" "+decoded.RequestURI+" "+decoded.User.Username)
	}
	return list
}

// TestJudgeArticle judges the result of the query of the AWS article alone: it
// does not decide, and says what would. Each of the events that it names does.
func TestJudgeArticle(t *testing.T) {
	l, p := life(evict.Owner{Kind: "StatefulSet", Name: "web"})
	target := evict.Target{Namespace: p.Namespace, Pod: p.Name}
	whole := l.Source()
	article := fetch(t, whole, evict.Query(p.Namespace, p.Name))
	v := judge(t, article, target, nil)
	if v.Answer != evict.Undecided || v.Initiator.Kind != evict.EKSPlatform || len(v.Missing) != 3 {
		t.Fatalf("%v by %v, %d missing", v.Answer, v.Initiator.Kind, len(v.Missing))
	}
	const pod = "/api/v1/namespaces/shop/pods/web-1"
	want := []string{
		"create " + pod + "/binding eks:fargate-scheduler",
		"delete " + pod + " system:node:" + p.Node,
		"create /api/v1/namespaces/shop/pods system:serviceaccount:kube-system:statefulset-controller",
	}
	for i, m := range v.Missing {
		more := fetch(t, whole, m.Query)
		if diff := cmp.Diff(want[i:i+1], what(t, more)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", m.What, diff)
		}
		decided := judge(t, slices.Concat(article, more), target, nil)
		if decided.Answer != evict.FargatePatching || decided.Confidence != evict.Medium {
			t.Errorf("with %s: %v, %v: %s", m.What, decided.Answer, decided.Confidence, decided.Summary)
		}
	}
	hint := evict.Hint{Profiles: []evict.ProfileSelector{{Namespace: "sh*"}}}
	got := judge(t, article, target, &evict.Options{Hint: hint})
	if got.Answer != evict.FargatePatching || !strings.Contains(strings.Join(got.Why, " "), "what the hint says") {
		t.Errorf("with a hint: %v, %q", got.Answer, got.Why)
	}
}

// TestMissingGenerated checks the query for the creation of a pod whose name
// the server made, so that no path has it.
func TestMissingGenerated(t *testing.T) {
	l := evicttest.NewLog(time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC))
	for _, name := range []string{"web-65b99bb6ff-hd2wh", "web-65b99bb6ff-hd2wx"} {
		p := l.Pod("shop", name, "fargate-ip-10-42-11-96.us-west-2.compute.internal")
		p.Owner = evict.Owner{Kind: "ReplicaSet", Name: "web-65b99bb6ff"}
		l.Start(p)
		l.Evict(p, evicttest.EKSNodeManager(), evicttest.Accepted())
	}
	target := evict.Target{Namespace: "shop", Pod: "web-65b99bb6ff-hd2wh"}
	article := fetch(t, l.Source(), evict.Query(target.Namespace, target.Pod))
	v := judge(t, article, target, nil)
	more := fetch(t, l.Source(), v.Missing[2].Query)
	if len(more) != 1 {
		t.Fatalf("%d events: %v", len(more), what(t, more))
	}
	if got := judge(t, slices.Concat(article, more), target, nil); got.Answer != evict.FargatePatching {
		t.Errorf("%v: %s", got.Answer, got.Summary)
	}
}

// TestMissingEvictions has the evictions of the days before missing, and then
// not.
func TestMissingEvictions(t *testing.T) {
	for _, s := range evicttest.Scenarios() {
		if s.Name != "fargate-forced" {
			continue
		}
		whole := s.Log.Source()
		late := slices.DeleteFunc(slices.Clone(whole), func(ev audit.Event) bool {
			return strings.Contains(string(ev.Raw), "/eviction\"")
		})
		v := judge(t, late, s.Verdict.Target, nil)
		checkVerdict(t, &v)
		if v.Answer != evict.Undecided || len(v.Missing) != 2 {
			t.Fatalf("%v: %s", v.Answer, v.Summary)
		}
		more := fetch(t, whole, v.Missing[0].Query)
		if got := judge(t, slices.Concat(late, more), s.Verdict.Target, nil); got.Answer != evict.FargatePatching || len(more) != 2 {
			t.Errorf("with %d evictions: %v: %s", len(more), got.Answer, got.Summary)
		}
		return
	}
	t.Error("no scenario fargate-forced")
}

// TestMissingNothing judges targets of which the log has nothing, and checks
// what the queries would fetch.
func TestMissingNothing(t *testing.T) {
	l, p := life(evict.Owner{Kind: "StatefulSet", Name: "web"})
	l.DeleteCollection("shop", "", evicttest.Kubectl("alice"))
	l.Cordon(p.Node, evicttest.Kubectl("alice"))
	l.DeleteNode(p.Node, evicttest.CloudControllerManager())
	whole := l.Source()
	nothing := fetch(t, whole, `fields @message | filter verb == "create" and objectRef.name == "web-10"`)
	tests := []struct {
		target evict.Target
		want   []int // events that each query selects
	}{
		{evict.Target{Namespace: "shop", Pod: "web-1"}, []int{6, 3}},
		{evict.Target{Node: p.Node}, []int{6}},
	}
	for _, test := range tests {
		v := judge(t, nothing, test.target, nil)
		checkVerdict(t, &v)
		if v.Answer != evict.Undecided || len(v.Missing) != len(test.want) {
			t.Fatalf("%v: %s", v.Answer, v.Summary)
		}
		var more audit.List
		for i, m := range v.Missing {
			found := fetch(t, whole, m.Query)
			if len(found) != test.want[i] {
				t.Errorf("%s: %s", m.What, strings.Join(what(t, found), "\n\t"))
			}
			more = append(more, found...)
		}
		if test.target.Pod == "" {
			continue
		}
		if got := judge(t, more, test.target, nil); got.Answer != evict.FargatePatching {
			t.Errorf("%v: %v: %s", test.target, got.Answer, got.Summary)
		}
	}
}

// TestJudgeNames judges pods and nodes with names that would end a query early.
func TestJudgeNames(t *testing.T) {
	for _, name := range []string{`a" or 1 == 1 #`, "x\n| limit 0", `\`, `a/b`, "fargate-\"}\n"} {
		for _, target := range []evict.Target{{Namespace: name, Pod: name}, {Node: name}} {
			l, _ := life(evict.Owner{})
			v := judge(t, l.Source(), target, nil)
			checkVerdict(t, &v)
			for _, m := range v.Missing {
				if found := fetch(t, l.Source(), m.Query); len(found) > 0 {
					t.Errorf("%q: %s: %s", name, m.What, fmt.Sprint(what(t, found)))
				}
			}
		}
	}
}
