package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	node1   = "ip-10-0-1-11.us-west-2.compute.internal"
	fargate = "fargate-ip-10-42-11-96.us-west-2.compute.internal"
)

func TestRemovalTable(t *testing.T) {
	stdout, stderr, status := invoke(t, "-removals")
	if want := "evictions: no PATH given: reading night.log, a sample that comes with the program\n"; stderr != want || status != 0 {
		t.Errorf("status %d, standard error %q", status, stderr)
	}
	want := [][]string{
		{"TIME", "NAMESPACE", "POD", "NODE", "WAY", "BY", "DETAIL"},
		{"2026-03-03T02:57:02.050Z", "shop", "web-0", node1, "evicted", "karpenter", "gone after 4.03s; replaced after 6.06s"},
		{"2026-03-03T02:57:14.120Z", "shop", "web-1", node1, "evicted", "karpenter",
			"evictions refused once; gone after 4.02s; replaced after 6.05s"},
		{"2026-03-03T03:19:30.190Z", "shop", "orders-0", fargate, "evicted", "eks-fargate (medium)",
			"gone after 20.02s; replaced after 1m6.05s"},
	}
	if diff := cmp.Diff(want, tableOf(stdout)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestRemovalRecord(t *testing.T) {
	jsonl, _, _ := invoke(t, "-removals", "-p", "orders-0", "-o", "jsonl")
	const want = `{"time":"2026-03-03T03:19:30.190Z","namespace":"shop","pod":"orders-0","uid":"759723e5-62f6-49e2-b599-239a2835091e",` +
		`"node":"fargate-ip-10-42-11-96.us-west-2.compute.internal","owner":"StatefulSet/orders","compute":"fargate","way":"evicted",` +
		`"initiator":"eks-fargate","confidence":"medium","user":"eks:node-manager",` +
		`"canonicalArn":"arn:aws:iam::444455556666:role/AWSWesleyClusterManagerLambda-NodeManagerRole-1T5XQ0ZLM5R2A",` +
		`"userAgent":"Kubernetes Java Client/18.0.0-SNAPSHOT","createdAt":"2026-02-24T02:10:00.000Z","decidedAt":"2026-03-03T03:19:30.190Z","goneAt":"2026-03-03T03:19:50.210Z",` +
		`"replacement":"orders-0","readyAt":"2026-03-03T03:20:36.240Z","down":1,"exitCodes":["app: 0"],"evidence":[`
	got := jsonl[:min(len(want), len(jsonl))]
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("jsonl (-want +got):\n%s", diff)
	}
	if !strings.Contains(jsonl, `{"field":"user.username","value":"eks:node-manager","file":"night.log","line":19}`) {
		t.Errorf("no evidence for the initiator:\n%s", jsonl)
	}
}

// TestCarriedOut is about removals in which two have a part.
func TestCarriedOut(t *testing.T) {
	file := scenarioFile(t, "rollout-restart")
	jsonl, _, _ := invoke(t, "-removals", "-o", "jsonl", file)
	table, _, _ := invoke(t, "-removals", file)
	for _, want := range []string{`"way":"rolled-out"`, `"initiator":"kubectl"`, `"carriedOutBy":"system:serviceaccount:kube-system:replicaset-controller"`} {
		if !strings.Contains(jsonl, want) {
			t.Errorf("no %s in\n%s", want, jsonl)
		}
	}
	if want := "carried out by system:serviceaccount:kube-system:replicaset-controller"; !strings.Contains(table, want) {
		t.Errorf("no %q in\n%s", want, table)
	}
}
