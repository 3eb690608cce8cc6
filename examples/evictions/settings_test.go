package main

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/evict"
)

func TestHints(t *testing.T) {
	set, _, ok := parseArgs([]string{"-fargate", "shop", "-fargate", "b*:app=web,tier=", "-fargate-node", "n1", "-fargate-node", "n2"}, io.Discard, now)
	want := evict.Hint{
		Profiles: []evict.ProfileSelector{
			{Namespace: "shop"},
			{Namespace: "b*", Labels: map[string]string{"app": "web", "tier": ""}},
		},
		Nodes: []string{"n1", "n2"},
	}
	if diff := cmp.Diff(want, set.hint); diff != "" || !ok {
		t.Errorf("ok %v, hint (-want +got):\n%s", ok, diff)
	}
}

func TestTarget(t *testing.T) {
	for text, want := range map[string]evict.Target{
		"shop/web-0": {Namespace: "shop", Pod: "web-0"},
		"node-1":     {Node: "node-1"},
		"shop/":      {},
		"/web-0":     {},
		"a/b/c":      {},
	} {
		got, err := parseTarget(text)
		if got != want || (err == nil) != (want != evict.Target{}) {
			t.Errorf("%q: %+v, error %v", text, got, err)
		}
	}
}

// TestWrongFlags is about flags that do not go together, or say nothing.
func TestWrongFlags(t *testing.T) {
	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"-removals", "-drains"}, "evictions: one of -removals -drains at a time\n"},
		{[]string{"-attempts", "-verdict", "n"}, "evictions: one of -attempts -verdict at a time\n"},
		{[]string{"-attempts", "-node", "n"}, "evictions: -attempts takes no -node: a request to evict does not name one\n"},
		{[]string{"-attempts", "-fargate", "shop"}, "evictions: -attempts takes no hints: nothing in its rows depends on them\n"},
		{[]string{"-verdict", "a/b", "-n", "a"}, "evictions: -verdict names what it is about: -n, -p and -node have no place beside it\n"},
		{[]string{"-verdict", "a/b/c"}, "evictions: -verdict takes NAMESPACE/POD or NODE, not \"a/b/c\"\n"},
		{[]string{"-timeline", "node-1"}, "evictions: -timeline takes NAMESPACE/POD, not \"node-1\"\n"},
		{[]string{"-summary", "-n", "a"}, "evictions: -summary is of whole files, all of which it checks: it takes no flags but -hole and -o\n"},
		{[]string{"-hole", "5m"}, "evictions: -hole is the length of a time without events, with -summary\n"},
		{[]string{"-fargate", ":a=b"}, "invalid value \":a=b\" for flag -fargate: \":a=b\" names no namespace\n"},
		{[]string{"-fargate", "shop:a"}, "invalid value \"shop:a\" for flag -fargate: \"a\" is no key=value\n"},
	} {
		_, stderr, status := invoke(t, test.args...)
		said := stderr[:min(len(test.says), len(stderr))]
		if diff := cmp.Diff(test.says, said); diff != "" || status != 2 {
			t.Errorf("%q: status %d, said (-want +got):\n%s", test.args, status, diff)
		}
	}
}
