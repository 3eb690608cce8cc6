package audit

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRequestTo has the paths that the API server's own tests have. Source:
// k8s.io/apiserver pkg/endpoints/request/requestinfo_test.go.
func TestRequestTo(t *testing.T) {
	const get, post = "GET", "POST"
	for _, tt := range []struct {
		method, uri string
		verb        string
		ref         *madeRef
	}{
		{get, "/", "get", nil},
		{get, "/api", "get", nil},
		{get, "/api/v1", "get", nil},
		{get, "/apis/apps/v1", "get", nil},
		{"OPTIONS", "/healthz", "options", nil},
		{get, "/other/v1/pods/p", "get", nil},
		{get, "/api/v1/namespaces", "list", &madeRef{Resource: "namespaces", APIVersion: "v1"}},
		{get, "/api/v1/namespaces/web", "get", &madeRef{Resource: "namespaces", Namespace: "web", Name: "web", APIVersion: "v1"}},
		{"PUT", "/api/v1/namespaces/web/status", "update", &madeRef{Resource: "namespaces", Namespace: "web", Name: "web", APIVersion: "v1", Subresource: "status"}},
		{"PUT", "/api/v1/namespaces/web/finalize", "update", &madeRef{Resource: "namespaces", Namespace: "web", Name: "web", APIVersion: "v1", Subresource: "finalize"}},
		{get, "/api/v1/namespaces/web/pods", "list", &madeRef{Resource: "pods", Namespace: "web", APIVersion: "v1"}},
		{get, "/api/v1/namespaces/web/pods/", "list", &madeRef{Resource: "pods", Namespace: "web", APIVersion: "v1"}},
		{get, "/api/v1/pods?watch=true", "watch", &madeRef{Resource: "pods", APIVersion: "v1"}},
		{get, "/api/v1/pods?watch=0", "list", &madeRef{Resource: "pods", APIVersion: "v1"}},
		{get, "/api/v1/pods?watch", "watch", &madeRef{Resource: "pods", APIVersion: "v1"}},
		{get, "/api/v1/pods?fieldSelector=metadata.name%3Dp", "list", &madeRef{Resource: "pods", Name: "p", APIVersion: "v1"}},
		{get, "/api/v1/pods?fieldSelector=metadata.name%3D%3Dp,status.phase%3DRunning", "list", &madeRef{Resource: "pods", Name: "p", APIVersion: "v1"}},
		{get, "/api/v1/pods?fieldSelector=metadata.name%21%3Dp", "list", &madeRef{Resource: "pods", APIVersion: "v1"}},
		{get, "/api/v1/pods?fieldSelector=metadata.name%3Da%2Fb", "list", &madeRef{Resource: "pods", APIVersion: "v1"}},
		{post, "/api/v1/namespaces/web/pods/p/eviction?dryRun=All", "create", &madeRef{Resource: "pods", Namespace: "web", Name: "p", APIVersion: "v1", Subresource: "eviction"}},
		{"create", "/api/v1/namespaces/web/pods/p/eviction", "create", &madeRef{Resource: "pods", Namespace: "web", Name: "p", APIVersion: "v1", Subresource: "eviction"}},
		{get, "/api/v1/namespaces/web/pods/p/proxy/metrics", "get", &madeRef{Resource: "pods", Namespace: "web", Name: "p", APIVersion: "v1", Subresource: "proxy"}},
		{"DELETE", "/api/v1/nodes", "deletecollection", &madeRef{Resource: "nodes", APIVersion: "v1"}},
		{"DELETE", "/api/v1/nodes/n", "delete", &madeRef{Resource: "nodes", Name: "n", APIVersion: "v1"}},
		{"PATCH", "/apis/apps/v1/namespaces/web/deployments/d/scale", "patch", &madeRef{Resource: "deployments", Namespace: "web", Name: "d", APIGroup: "apps", APIVersion: "v1", Subresource: "scale"}},
		{get, "/api/v1/watch/namespaces/web/pods", "watch", &madeRef{Resource: "pods", Namespace: "web", APIVersion: "v1"}},
		{get, "/api/v1/proxy/namespaces/web/pods/p/a/b", "proxy", &madeRef{Resource: "pods", Namespace: "web", Name: "p", APIVersion: "v1"}},
		{get, "/api/v1/watch", "get", nil},
		{get, "/api/v1/namespaces/a%20b/pods", "list", &madeRef{Resource: "pods", Namespace: "a b", APIVersion: "v1"}},
		{get, "%zz", "get", nil},
	} {
		verb, ref := requestTo(tt.method, tt.uri)
		if diff := cmp.Diff(tt.ref, ref); verb != tt.verb || diff != "" {
			t.Errorf("%s %s: %s (-want +got):\n%s", tt.method, tt.uri, verb, diff)
		}
	}
}
