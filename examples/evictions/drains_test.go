package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDrainTable(t *testing.T) {
	stdout, _, status := invoke(t, "-drains")
	want := [][]string{
		{"TIME", "NODE", "OUTCOME", "TOOK", "PODS", "TRIES", "BY", "DETAIL"},
		{"2026-03-03T02:57:02.040Z", node1, "done", "16.1s", "2", "3", "karpenter", "refused once; node deleted after 28.14s"},
		{"2026-03-03T03:19:30.180Z", fargate, "done", "20.03s", "1", "1", "eks-fargate (medium)"},
	}
	if diff := cmp.Diff(want, tableOf(stdout)); diff != "" || status != 0 {
		t.Errorf("status %d, rows (-want +got):\n%s", status, diff)
	}
}

func TestDrainRecord(t *testing.T) {
	jsonl, _, _ := invoke(t, "-drains", "-p", "web-0", "-o", "jsonl")
	const want = `{"time":"2026-03-03T02:57:02.040Z","node":"ip-10-0-1-11.us-west-2.compute.internal","compute":"instance","outcome":"done",` +
		`"pods":["shop/web-0","shop/web-1"],"tries":3,"refused":1,"initiator":"karpenter","confidence":"high",` +
		`"user":"system:serviceaccount:kube-system:karpenter","userAgent":"karpenter/1.8.1","dryRun":"no",` +
		`"taints":["karpenter.sh/disrupted"],"endedAt":"2026-03-03T02:57:18.140Z","deletedAt":"2026-03-03T02:57:30.180Z",` +
		`"deletedBy":"system:serviceaccount:kube-system:karpenter","evidence":[`
	got := jsonl[:min(len(want), len(jsonl))]
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("jsonl (-want +got):\n%s", diff)
	}
}

// TestBlockedDrain names the pods that are in the way.
func TestBlockedDrain(t *testing.T) {
	file := scenarioFile(t, "node-group-blocked")
	const blocked = "shop/web-65b99bb6ff-tmjhz: blocked-by-budget, budget web-pdb needs 1 healthy pods and has 1"
	for _, format := range []string{"table", "jsonl", "csv"} {
		if stdout, _, _ := invoke(t, "-drains", "-o", format, file); !strings.Contains(stdout, blocked) {
			t.Errorf("%s does not say %q:\n%s", format, blocked, stdout)
		}
	}
}
