package evict_test

import (
	"strings"
	"testing"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/query"
)

func TestQuery(t *testing.T) {
	const head = `filter @logStream like /^kube-apiserver-audit/
| fields @timestamp, user.username, user.extra.canonicalArn.0, @message
| sort @timestamp desc
| filter verb == "create" and objectRef.subresource == 'eviction'
| filter requestURI like `
	for _, test := range []struct{ namespace, pod, want string }{
		{"NAMESPACE", "pod-name", `"/api/v1/namespaces/NAMESPACE/pods/pod-name/"`}, // the text of the article
		{"shop", "", `"/api/v1/namespaces/shop/pods/"`},
		{"", "web.1", `/^\/api\/v1\/namespaces\/[^\/]+\/pods\/web\.1\//`},
		{"", "", `"/api/v1/namespaces/"`},
		{`a" or 1 == 1 #`, "x", `"/api/v1/namespaces/a\" or 1 == 1 #/pods/x/"`},
		{`a\`, `" | limit 0`, `"/api/v1/namespaces/a\\/pods/\" | limit 0/"`},
		{"a\n| limit 0", "b\r", `"/api/v1/namespaces/a\n| limit 0/pods/b\r/"`},
		{"", "x/ | limit 0\n", `/^\/api\/v1\/namespaces\/[^\/]+\/pods\/x\/ \| limit 0\n\//`},
	} {
		got := evict.Query(test.namespace, test.pod)
		if got != head+test.want {
			t.Errorf("Query(%q, %q):\n got %s\nwant %s", test.namespace, test.pod, got, head+test.want)
		}
		q, err := query.Parse(got)
		if err != nil {
			t.Errorf("Query(%q, %q): %v", test.namespace, test.pod, err)
			continue
		}
		if commands := strings.Split(q.String(), "\n| "); len(commands) != 5 {
			t.Errorf("Query(%q, %q) has %d commands, want 5", test.namespace, test.pod, len(commands))
		}
	}
}
