package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAttemptTable(t *testing.T) {
	stdout, stderr, status := invoke(t, "-attempts")
	if want := "evictions: no PATH given: reading sample.log, a sample that comes with the program\n"; stderr != want || status != 0 {
		t.Errorf("status %d, standard error %q", status, stderr)
	}
	const karpenter = "system:serviceaccount:kube-system:karpenter"
	want := [][]string{
		{"TIME", "NAMESPACE", "POD", "OUTCOME", "DRY RUN", "USER", "DETAIL"},
		{"2026-11-23T07:24:24.803Z", "web", "web-0", "accepted", "yes", karpenter},
		{"2026-11-23T07:24:24.810Z", "web", "web-0", "accepted", "no", karpenter},
		{"2026-11-23T07:24:24.821Z", "web", "web-1", "blocked-by-budget", "no", karpenter, "budget web-pdb"},
		{"2026-11-23T07:24:24.827Z", "web", "web-2", "blocked-by-budget", "no", "kubernetes-admin", "budget web-pdb"},
		{"2026-11-23T07:24:24.832Z", "web", "nope", "not-found", "no", karpenter, `pods "nope" not found`},
		{"2026-11-23T07:24:24.837Z", "web", "web-4", "multiple-budgets", "no", karpenter,
			"This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."},
		{"2026-11-23T07:24:24.846Z", "web", "web-3", "forbidden", "unknown", "dev@example.com",
			`pods "web-3" is forbidden: User "dev@example.com" cannot create resource "pods/eviction" in API group "" in the namespace "web"`},
		{"2026-11-23T07:24:24.850Z", "web", "web-5", "accepted", "no", karpenter},
		{"2026-11-23T07:24:24.860Z", "web", "web-3", "blocked-by-budget", "no", karpenter, "budget web-pdb"},
		{"2026-11-23T07:24:24.866Z", "web", "web-3", "blocked-by-budget", "no", karpenter, "budget web-pdb"},
		{"2026-11-23T07:24:24.872Z", "web", "web-3", "bad-request", "no", karpenter, "name in URL does not match name in Eviction object"},
		{"2026-11-23T07:24:24.875Z", "web", "web-3", "bad-request", "no", karpenter, "name in URL does not match name in Eviction object"},
	}
	if diff := cmp.Diff(want, tableOf(stdout)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestAttemptRecord(t *testing.T) {
	jsonl, _, _ := invoke(t, "-attempts", "-p", "web-2", "-o", "jsonl", "sample.log")
	const want = `{"time":"2026-11-23T07:24:24.827Z","answeredAt":"2026-11-23T07:24:24.829Z","namespace":"web","pod":"web-2",` +
		`"verb":"create","outcome":"blocked-by-budget","dryRun":"no","code":429,"reason":"TooManyRequests",` +
		`"message":"Cannot evict pod as it would violate the pod's disruption budget.","budgets":[{"name":"web-pdb"}],` +
		`"user":"kubernetes-admin","userAgent":"kubectl/v1.37.2 (linux/amd64) kubernetes/abcdef0","sourceIP":"127.0.0.1",` +
		`"auditID":"f6c2fb34-e34c-4b5d-b6be-c5a9ae1f7078","file":"sample.log","line":8}` + "\n"
	if diff := cmp.Diff(want, jsonl); diff != "" {
		t.Errorf("jsonl (-want +got):\n%s", diff)
	}
}
