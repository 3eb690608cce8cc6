package evict_test

import (
	"fmt"

	"github.com/evictlog/evictlog/evict"
)

// A tool of your own runs kubectl in a Job, with a service account that no rule
// of the package knows. A rule says who that is; evict.Options take it too.
func ExampleRequest_Initiator() {
	request := evict.Request{
		Actor: evict.Actor{
			User:      "system:serviceaccount:platform:node-rotator",
			UserAgent: "kubectl/v1.34.1 (linux/amd64) kubernetes/93248f9",
		},
		Verb: "create", Resource: "pods", Subresource: "eviction",
	}
	rules := []evict.Rule{{
		Kind:       "node-rotator",
		Class:      evict.Automation,
		Confidence: evict.High,
		Match: []evict.Match{
			{Field: evict.FieldUser, Pattern: "system:serviceaccount:*:node-rotator"},
			{Field: evict.FieldUserAgent, Pattern: "kubectl/*", Soft: true},
		},
		Source: "our Helm chart",
	}}

	for _, own := range [][]evict.Rule{nil, rules} {
		in := request.Initiator(own)
		fmt.Println(in.Kind, in.Class, in.Confidence)
		for _, e := range in.Evidence {
			fmt.Printf("\t%s: %s\n", e.Field, e.Value)
		}
	}
	// Output:
	// service-account automation low
	// 	user.username: system:serviceaccount:platform:node-rotator
	// node-rotator automation high
	// 	user.username: system:serviceaccount:platform:node-rotator
	// 	userAgent: kubectl/v1.34.1 (linux/amd64) kubernetes/93248f9
}
