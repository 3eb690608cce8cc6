package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTimelineTable(t *testing.T) {
	stdout, stderr, status := invoke(t, "-timeline", "shop/orders-0")
	if !strings.Contains(stderr, "reading night.log") || status != 0 {
		t.Errorf("status %d, standard error %q", status, stderr)
	}
	got := tableOf(stdout)
	for i, row := range got {
		got[i] = append([]string{row[0][:min(19, len(row[0]))]}, row[1:min(3, len(row))]...) // the detail is in the words of package evict
	}
	const patched = "kubelet fargate-ip-10-42-12-17.us-west-2.compute.internal"
	want := [][]string{
		{"TIME", "WHAT", "WHO"},
		{"2026-03-03T02:10:00", "bound", "eks-fargate-scheduler"},
		{"2026-03-03T03:19:30", "attempt", "eks-fargate (medium)"},
		{"2026-03-03T03:19:50", "finished", "kubelet " + fargate},
		{"2026-03-03T03:19:50", "gone", "kubelet " + fargate},
		{"2026-03-03T03:19:50", "created", "statefulset-controller (medium)"},
		{"2026-03-03T03:20:34", "bound", "eks-fargate-scheduler"},
		{"2026-03-03T03:20:36", "ready", patched},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestTimelineRecord(t *testing.T) {
	jsonl, _, _ := invoke(t, "-timeline", "shop/web-1", "-since", "2026-03-03T02:57:01Z", "-until", "2026-03-03T02:57:03Z", "-o", "jsonl")
	const want = `,"what":"attempt","kind":"Pod","name":"web-1","uid":"da168e72-d578-409d-b8a9-b7ae8d76187e",` +
		`"text":"eviction blocked-by-budget: budget web-pdb needs 1 and has 1","initiator":"karpenter","confidence":"high",` +
		`"user":"system:serviceaccount:kube-system:karpenter","userAgent":"karpenter/1.8.1","outcome":"blocked-by-budget",` +
		`"file":"night.log","line":6}` + "\n"
	_, got, _ := strings.Cut(jsonl, `Z"`) // the time
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("jsonl (-want +got):\n%s", diff)
	}
	if _, stderr, status := invoke(t, "-timeline", "shop/nobody"); status != 0 || !strings.Contains(stderr, "no such pod among 24 events") {
		t.Errorf("status %d, standard error %q", status, stderr)
	}
}
