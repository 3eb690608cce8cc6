package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/evict/evicttest"
)

func TestEvictionTable(t *testing.T) {
	stdout, stderr, status := invoke(t)
	if want := "evictions: no PATH given: reading sample.log, a sample that comes with the program\n"; stderr != want || status != 0 {
		t.Errorf("status %d, standard error %q", status, stderr)
	}
	want := [][]string{
		{"TIME", "NAMESPACE", "POD", "NODE", "OUTCOME", "TRIES", "BY", "DETAIL"},
		{"2026-11-23T07:24:24.803Z", "web", "web-0", "accepted", "1", "karpenter", "dry run"},
		{"2026-11-23T07:24:24.810Z", "web", "web-0", "accepted", "1", "karpenter"},
		{"2026-11-23T07:24:24.821Z", "web", "web-1", "blocked-by-budget", "1", "karpenter", "budget web-pdb"},
		{"2026-11-23T07:24:24.827Z", "web", "web-2", "blocked-by-budget", "1", "kubectl", "user kubernetes-admin; budget web-pdb"},
		{"2026-11-23T07:24:24.832Z", "web", "nope", "not-found", "1", "karpenter", `pods "nope" not found`},
		{"2026-11-23T07:24:24.837Z", "web", "web-4", "multiple-budgets", "1", "karpenter",
			"This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."},
		{"2026-11-23T07:24:24.846Z", "web", "web-3", "forbidden", "1", "kubectl",
			`user dev@example.com; pods "web-3" is forbidden: User "dev@example.com" cannot create resource "pods/eviction" in API group "" in the namespace "web"`},
		{"2026-11-23T07:24:24.850Z", "web", "web-5", "accepted", "1", "karpenter"},
		{"2026-11-23T07:24:24.860Z", "web", "web-3", "bad-request", "4", "karpenter",
			"blocked-by-budget 2 times, bad-request 2 times; budget web-pdb"},
	}
	if diff := cmp.Diff(want, tableOf(stdout)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestEvictionRecord(t *testing.T) {
	jsonl, _, _ := invoke(t, "-p", "web-1", "-o", "jsonl", "night.log")
	const want = `{"time":"2026-03-03T02:57:02.050Z","namespace":"shop","pod":"web-1","uid":"da168e72-d578-409d-b8a9-b7ae8d76187e",` +
		`"node":"ip-10-0-1-11.us-west-2.compute.internal","owner":"StatefulSet/web","outcome":"accepted","tries":2,` +
		`"refusals":[{"outcome":"blocked-by-budget","count":1,"first":"2026-03-03T02:57:02.050Z","last":"2026-03-03T02:57:02.050Z"}],` +
		`"budgets":[{"name":"web-pdb","needs":1,"has":1}],"initiator":"karpenter","confidence":"high",` +
		`"user":"system:serviceaccount:kube-system:karpenter","userAgent":"karpenter/1.8.1","dryRun":"no",` +
		`"acceptedAt":"2026-03-03T02:57:14.120Z","goneAt":"2026-03-03T02:57:18.140Z","evidence":[` +
		`{"field":"user.username","value":"system:serviceaccount:kube-system:karpenter","file":"night.log","line":12},` +
		`{"field":"user.extra.authentication.kubernetes.io/pod-name.0","value":"karpenter-6f5f84d9cc-8x2lq","file":"night.log","line":12},` +
		`{"field":"responseObject.code","value":"201","file":"night.log","line":12},` +
		`{"field":"requestObject.deleteOptions.dryRun","file":"night.log","line":12},` +
		`{"field":"spec.nodeName","value":"ip-10-0-1-11.us-west-2.compute.internal","file":"night.log","line":2},` +
		`{"field":"requestObject.target.name","value":"ip-10-0-1-11.us-west-2.compute.internal","file":"night.log","line":2},` +
		`{"field":"metadata.ownerReferences","value":"StatefulSet/web","file":"night.log","line":14}]}` + "\n"
	if diff := cmp.Diff(want, jsonl); diff != "" {
		t.Errorf("jsonl (-want +got):\n%s", diff)
	}
}

// TestImpersonation holds the program to name both: the user in a key of their
// own, and the one whose rights they took on in the evidence.
func TestImpersonation(t *testing.T) {
	l := evicttest.NewLog(now)
	l.Evict(l.Pod("shop", "web-0", ""), evicttest.Actor{User: "bob"}.Impersonating("alice"), evicttest.Accepted())
	jsonl, _, _ := invoke(t, "-o", "jsonl", logFile(t, l))
	for _, want := range []string{`"user":"bob"`, `{"field":"impersonatedUser.username","value":"alice",`} {
		if !strings.Contains(jsonl, want) {
			t.Errorf("no %s in\n%s", want, jsonl)
		}
	}
}
