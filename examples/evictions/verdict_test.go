package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/evictlog/evictlog/evict"
)

func TestVerdictText(t *testing.T) {
	queried := scenarioFile(t, "evictions-only")
	for _, test := range []struct {
		args   []string
		begins string
		has    []string
	}{
		{
			args:   []string{"-verdict", "shop/web-0"},
			begins: "No: karpenter ",
			has:    []string{"\nWhy:\n  - ", "\nEvidence:\n  - ", "  - night.log:5: user.username = system:serviceaccount:kube-system:karpenter\n"},
		},
		{
			args:   []string{"-verdict", "shop/orders-0"},
			begins: "Probably: ",
			has:    []string{"  - night.log:19: user.username = eks:node-manager\n"},
		},
		{args: []string{"-verdict", node1}, begins: "No: karpenter "},
		{
			args:   []string{"-verdict", "shop/web-0", queried},
			begins: "Cannot tell: ",
			has:    []string{"\nMissing from this log:\n  - ", "\nfilter @logStream like /^kube-apiserver-audit/\n| fields "},
		},
		{args: []string{"-verdict", "shop/web-0", "-fargate", "sh*", queried}, begins: "Probably: "},
		{args: []string{"-verdict", "shop/web-0", "-fargate", "other", queried}, begins: "Cannot tell: "},
		{args: []string{"-verdict", "shop/nobody"}, begins: "Cannot tell: "},
	} {
		stdout, _, status := invoke(t, test.args...)
		if !strings.HasPrefix(stdout, test.begins) || status != 0 {
			t.Errorf("%q: status %d, and it does not begin with %q:\n%s", test.args, status, test.begins, stdout)
		}
		for _, want := range test.has {
			if !strings.Contains(stdout, want) {
				t.Errorf("%q: no %q in\n%s", test.args, want, stdout)
			}
		}
	}
}

// TestVerdictRecord holds the forms for programs to what they are to say.
func TestVerdictRecord(t *testing.T) {
	type eviction struct{ Pod, Outcome string }
	var got struct {
		Namespace, Pod, Answer, Confidence, Summary, Initiator, User string
		Why                                                          []string
		Missing                                                      []missing
		Removals, Evictions                                          []eviction
		Evidence                                                     []evidence
	}
	stdout, _, status := invoke(t, "-verdict", "shop/web-0", "-o", "json", scenarioFile(t, "evictions-only"))
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || status != 0 {
		t.Fatalf("status %d, error %v:\n%s", status, err, stdout)
	}
	switch {
	case got.Answer != evict.Undecided.String() || got.Confidence != "" || got.Namespace != "shop" || got.Pod != "web-0",
		got.Summary == "" || len(got.Why) == 0 || len(got.Missing) == 0 || got.Missing[0].Query == "",
		len(got.Evictions)+len(got.Removals) == 0:
		t.Errorf("got\n%s", stdout)
	}
	if jsonl, _, _ := invoke(t, "-verdict", "shop/web-0", "-o", "jsonl", scenarioFile(t, "evictions-only")); strings.Count(jsonl, "\n") != 1 {
		t.Errorf("jsonl is not one line:\n%s", jsonl)
	}
	if csv, _, _ := invoke(t, "-verdict", "shop/orders-0", "-o", "csv"); !strings.Contains(csv, "\nshop,orders-0,,fargate-patching,medium,") {
		t.Errorf("csv is\n%s", csv)
	}
}

// TestVerdictVisible is about what attackers write into a log.
func TestVerdictVisible(t *testing.T) {
	v := evict.Verdict{
		Summary:  "a\x1b[2J",
		Why:      []string{"b\nc"},
		Missing:  []evict.Missing{{What: "d\re", Query: "filter a\n| limit \x1b1\n"}},
		Evidence: []evict.Evidence{{Field: "user.username", Value: "f\x9b"}},
	}
	const want = `a\x1b[2J
Why:
  - b\nc
Missing from this log:
  - d\re

filter a
| limit \x1b1

Evidence:
  - :0: user.username = f\ufffd
`
	if got := verdictText(v, noPlaces); got != want {
		t.Errorf("got\n%s", got)
	}
}
