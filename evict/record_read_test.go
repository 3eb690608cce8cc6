package evict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
)

// event writes an event of level RequestResponse that was answered with a code.
// The members given stand in the place of those that it has by default.
func event(verb, uri, ref string, code int, more ...string) string {
	members := []string{
		`"kind":"Event"`, `"apiVersion":"audit.k8s.io/v1"`, `"level":"RequestResponse"`, `"auditID":"1"`,
		`"stage":"ResponseComplete"`, fmt.Sprintf(`"requestURI":%q`, uri), fmt.Sprintf(`"verb":%q`, verb),
		`"user":{"username":"jane"}`, `"objectRef":{` + ref + `}`, fmt.Sprintf(`"responseStatus":{"metadata":{},"code":%d}`, code),
		`"requestReceivedTimestamp":"2026-01-02T03:04:05.000001Z"`, `"stageTimestamp":"2026-01-02T03:04:05.000009Z"`,
	}
	for _, m := range more {
		key, _, _ := strings.Cut(m, ":")
		if i := slices.IndexFunc(members, func(s string) bool { return strings.HasPrefix(s, key+":") }); i >= 0 {
			members[i] = m
		} else {
			members = slices.Insert(members, len(members)-2, m)
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// arrived and finished are the times of these events.
var (
	arrived  = time.Date(2026, 1, 2, 3, 4, 5, 1000, time.UTC)
	finished = time.Date(2026, 1, 2, 3, 4, 5, 9000, time.UTC)
)

const (
	podPath  = "/api/v1/namespaces/shop/pods/web-1"
	podRef   = `"resource":"pods","namespace":"shop","name":"web-1","apiVersion":"v1"`
	nodePath = "/api/v1/nodes/node-1"
	nodeRef  = `"resource":"nodes","name":"node-1","apiVersion":"v1"`

	// kubelet is the user of a kubelet.
	kubelet = `"user":{"username":"system:node:node-1","groups":["system:nodes","system:authenticated"]}`
)

// pointerTo returns a pointer to a value.
func pointerTo[T any](v T) *T { return &v }

// A readTest is an event and the record that it makes, without what comes of
// the reference to the object, the answer's code and the user.
type readTest struct {
	name  string
	event string
	want  *record // nil if there is none

	dryRunUnknown bool // else there is none, unless want says so
}

var podTests = []readTest{
	{
		name: "a pod with a generated name, of a controller",
		event: event("create", "/api/v1/namespaces/shop/pods", `"resource":"pods","namespace":"shop","apiVersion":"v1"`, 201,
			`"requestObject":{"kind":"Pod","metadata":{"generateName":"web-"}}`,
			`"responseObject":{"kind":"Pod","metadata":{"name":"web-1","generateName":"web-","namespace":"shop","uid":"u1","labels":{"app":"web"},
				"annotations":{"karpenter.sh/do-not-disrupt":"true","cluster-autoscaler.kubernetes.io/safe-to-evict":"true","other":"x"},
				"creationTimestamp":"2026-01-02T03:04:05Z",
				"ownerReferences":[{"kind":"Node","name":"n","uid":"n1"},{"kind":"ReplicaSet","name":"web","uid":"r1","controller":true}]},
				"spec":{"schedulerName":"fargate-scheduler","priorityClassName":"system-node-critical"},"status":{"phase":"Pending"}}`),
		want: &record{kind: podCreated, name: "web-1", uid: "u1", pods: []podState{{
			namespace: "shop", name: "web-1", uid: "u1",
			owner:       Owner{Kind: "ReplicaSet", Name: "web", UID: "r1"},
			labels:      map[string]string{"app": "web"},
			protections: map[string]string{"karpenter.sh/do-not-disrupt": "true"},
			scheduler:   "fargate-scheduler", priority: "system-node-critical",
			created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), phase: "Pending",
		}}},
	},
	{
		name: "the same at level Metadata has no name",
		event: event("create", "/api/v1/namespaces/shop/pods", `"resource":"pods","namespace":"shop","apiVersion":"v1"`, 201,
			`"level":"Metadata"`),
		want: &record{kind: podCreated},
	},
	{
		name:  "a pod that could not be created",
		event: event("create", "/api/v1/namespaces/shop/pods", `"resource":"pods","namespace":"shop","name":"web-1"`, 409),
	},
	{
		name: "a binding",
		event: event("create", podPath+"/binding", podRef+`,"uid":"u1","subresource":"binding"`, 201,
			`"requestObject":{"kind":"Binding","metadata":{"name":"web-1","uid":"u1"},"target":{"kind":"Node","name":"fargate-ip-10-0-0-1"}}`),
		want: &record{kind: podBound, uid: "u1", pods: []podState{{namespace: "shop", name: "web-1", uid: "u1", node: "fargate-ip-10-0-0-1"}}},
	},
	{
		name: "the older way to bind",
		event: event("create", "/api/v1/namespaces/shop/bindings", `"resource":"bindings","namespace":"shop","name":"web-1"`, 201,
			`"requestObject":{"kind":"Binding","metadata":{"name":"web-1"},"target":{"name":"node-1"}}`),
		want: &record{kind: podBound, pods: []podState{{namespace: "shop", name: "web-1", node: "node-1"}}},
	},
	{
		name: "a kubelet's status, a strategic patch",
		event: event("patch", podPath+"/status", podRef+`,"subresource":"status"`, 200, `"level":"Request"`, kubelet,
			`"requestObject":{"metadata":{"uid":"u1"},"status":{"$setElementOrder/conditions":[{"type":"DisruptionTarget"},{"type":"Ready"}],
				"conditions":[{"type":"Ready","status":"False","lastTransitionTime":"2026-01-02T03:04:04Z"},{"$patch":"delete","type":"DisruptionTarget"}],
				"containerStatuses":[{"name":"app","state":{"terminated":{"exitCode":137}}},{"name":"log","state":{"running":{}}}],
				"initContainerStatuses":[{"name":"init","state":{"terminated":{"exitCode":0}}}]}}`),
		want: &record{kind: podChanged, uid: "u1", pods: []podState{{
			namespace: "shop", name: "web-1", uid: "u1", node: "node-1",
			ready: "False", readyAt: time.Date(2026, 1, 2, 3, 4, 4, 0, time.UTC),
			exitCodes: map[string]int32{"app": 137, "init": 0},
		}}},
	},
	{
		name: "node pressure",
		event: event("patch", podPath+"/status", podRef+`,"subresource":"status"`, 200, `"level":"Request"`, kubelet,
			`"requestObject":{"metadata":{"uid":"u1"},"status":{"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory.",
				"conditions":[{"type":"DisruptionTarget","status":"True","reason":"TerminationByKubelet","message":"m","lastTransitionTime":"2026-01-02T03:04:04Z"}]}}`),
		want: &record{kind: podChanged, uid: "u1", pods: []podState{{
			namespace: "shop", name: "web-1", uid: "u1", node: "node-1",
			phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory.",
			disrupted: "TerminationByKubelet", disruptedMessage: "m", disruptedAt: time.Date(2026, 1, 2, 3, 4, 4, 0, time.UTC),
		}}},
	},
	{
		name: "a change that shows nothing",
		event: event("patch", podPath, podRef, 200, `"level":"Request"`,
			`"requestObject":{"metadata":{"annotations":{"a":"b"}}}`),
	},
	{
		name: "a JSON patch",
		event: event("patch", podPath, podRef, 200, `"level":"Request"`,
			`"requestObject":[{"op":"add","path":"/metadata/labels/app.kubernetes.io~1name","value":"web"},{"op":"test","path":"/spec/nodeName","value":"node-1"}]`),
		want: &record{kind: podChanged, pods: []podState{{namespace: "shop", name: "web-1", labels: map[string]string{"app.kubernetes.io/name": "web"}}}},
	},
	{
		name: "a change of a pod whose body is a text",
		event: event("patch", podPath, podRef, 200,
			`"requestObject":"skipped-too-big-size-object"`, `"responseObject":"skipped-too-big-size-object"`),
	},
}

var deleteTests = []readTest{
	{
		name: "a kubelet's last delete",
		event: event("delete", podPath, podRef, 200, kubelet,
			`"requestObject":{"kind":"DeleteOptions","apiVersion":"meta.k8s.io/__internal","gracePeriodSeconds":0,"preconditions":{"uid":"u1"}}`,
			`"responseObject":{"kind":"Pod","metadata":{"name":"web-1","namespace":"shop","uid":"u1","deletionTimestamp":"2026-01-02T03:04:04Z"},
				"spec":{"nodeName":"node-1"},"status":{"conditions":[{"type":"DisruptionTarget","status":"True","reason":"EvictionByEvictionAPI"}]}}`),
		want: &record{kind: podDeleted, uid: "u1", grace: pointerTo(int64(0)), pods: []podState{{
			namespace: "shop", name: "web-1", uid: "u1", node: "node-1",
			deleting: time.Date(2026, 1, 2, 3, 4, 4, 0, time.UTC), disrupted: "EvictionByEvictionAPI",
		}}},
	},
	{
		name:          "the same at level Metadata names the node",
		dryRunUnknown: true,
		event:         event("delete", podPath, podRef, 200, kubelet, `"level":"Metadata"`),
		want: &record{kind: podDeleted, pods: []podState{{
			namespace: "shop", name: "web-1", node: "node-1",
		}}},
	},
	{
		name:          "someone who calls themselves a kubelet",
		dryRunUnknown: true,
		event:         event("delete", podPath, podRef, 200, `"user":{"username":"system:node:node-1"}`, `"level":"Metadata"`),
		want:          &record{kind: podDeleted},
	},
	{
		name:  "no body, and the log would have it",
		event: event("delete", podPath+"?gracePeriodSeconds=7", podRef, 200, `"level":"Request"`),
		want:  &record{kind: podDeleted, grace: pointerTo(int64(7))},
	},
	{
		name:          "a body that was cut",
		dryRunUnknown: true,
		event:         event("delete", podPath, podRef, 200, `"annotations":{"audit.k8s.io/truncated":"true"}`),
		want:          &record{kind: podDeleted},
	},
	{
		name:          "a body that is a text",
		dryRunUnknown: true,
		event:         event("delete", podPath, podRef, 200, `"requestObject":"skipped-too-big-size-object"`),
		want:          &record{kind: podDeleted},
	},
	{
		name:  "a dry run in the query",
		event: event("delete", podPath+"?dryRun=All", podRef, 200, `"level":"Metadata"`),
		want:  &record{kind: podDeleted, dryRun: DryRunYes},
	},
	{
		name:  "a dry run in the body",
		event: event("delete", podPath, podRef, 200, `"requestObject":{"kind":"DeleteOptions","dryRun":["All"]}`),
		want:  &record{kind: podDeleted, dryRun: DryRunYes},
	},
	{
		name:  "the query does not count if there is a body",
		event: event("delete", podPath+"?dryRun=All", podRef, 200, `"requestObject":{"kind":"DeleteOptions"}`),
		want:  &record{kind: podDeleted},
	},
	{
		name: "an answer that is a Status",
		event: event("delete", podPath, podRef, 200,
			`"responseObject":{"kind":"Status","status":"Success","details":{"name":"web-1","kind":"pods","uid":"u1"}}`),
		want: &record{kind: podDeleted, uid: "u1", pods: []podState{{namespace: "shop", name: "web-1", uid: "u1"}}},
	},
	{
		name: "only the metadata of the pod",
		event: event("delete", podPath, podRef, 200,
			`"responseObject":{"kind":"PartialObjectMetadata","metadata":{"name":"web-1","uid":"u1","labels":{"app":"web"}}}`),
		want: &record{kind: podDeleted, uid: "u1", pods: []podState{{namespace: "shop", name: "web-1", uid: "u1", labels: map[string]string{"app": "web"}}}},
	},
	{
		name: "a pod that was replaced",
		event: event("delete", podPath, podRef, 409,
			`"requestObject":{"kind":"DeleteOptions","preconditions":{"uid":"u0"}}`,
			`"responseStatus":{"status":"Failure","reason":"Conflict","code":409,"message":"Operation cannot be fulfilled on Pod \"web-1\": the UID in the precondition (u0) does not match the UID in record (u1). The object might have been deleted and then recreated"}`),
		want: &record{kind: podDeleted, uid: "u0", code: 409, pods: []podState{{namespace: "shop", name: "web-1", uid: "u1"}}},
	},
	{
		name:  "a pod that was gone",
		event: event("delete", podPath, podRef, 404),
		want:  &record{kind: podDeleted, code: 404},
	},
	{
		name: "many pods",
		event: event("deletecollection", "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb", `"resource":"pods","namespace":"shop"`, 200,
			`"responseObject":{"kind":"PodList","items":[{"metadata":{"name":"web-1","namespace":"shop","uid":"u1"}},{"metadata":{"name":"web-2","namespace":"shop","uid":"u2"}}]}`),
		want: &record{kind: podsDeleted, pods: []podState{
			{namespace: "shop", name: "web-1", uid: "u1"},
			{namespace: "shop", name: "web-2", uid: "u2"},
		}},
	},
	{
		name:  "many pods, without their names",
		event: event("deletecollection", "/api/v1/namespaces/shop/pods", `"resource":"pods","namespace":"shop"`, 200, `"level":"Request"`),
		want:  &record{kind: podsDeleted},
	},
	{
		name:  "a node",
		event: event("delete", nodePath, nodeRef, 200, `"responseObject":{"kind":"Status","details":{"uid":"n1"}}`),
		want:  &record{kind: nodeDeleted, name: "node-1", uid: "n1"},
	},
	{
		name:  "a node, refused",
		event: event("delete", nodePath, nodeRef, 403),
	},
	{
		name: "a namespace",
		event: event("delete", "/api/v1/namespaces/shop", `"resource":"namespaces","namespace":"shop","name":"shop"`, 200,
			`"responseObject":{"kind":"Namespace","metadata":{"name":"shop","uid":"s1"}}`),
		want: &record{kind: namespaceDeleted, name: "shop", uid: "s1"},
	},
	{
		name: "a workload",
		event: event("delete", "/apis/apps/v1/namespaces/shop/deployments/web", `"resource":"deployments","namespace":"shop","name":"web","apiGroup":"apps"`, 200,
			`"responseObject":{"kind":"Status","details":{"name":"web","uid":"d1"}}`),
		want: &record{kind: ownerDeleted, group: "apps", name: "web", uid: "d1", owner: &ownerChange{kind: "Deployment", uid: "d1"}},
	},
	{
		name: "a workload that waits for its dependents",
		event: event("delete", "/apis/apps/v1/namespaces/shop/replicasets/web-1", `"resource":"replicasets","namespace":"shop","name":"web-1","apiGroup":"apps"`, 200,
			`"responseObject":{"kind":"ReplicaSet","metadata":{"uid":"r1","ownerReferences":[{"kind":"Deployment","name":"web","uid":"d1","controller":true}]}}`),
		want: &record{kind: ownerDeleted, group: "apps", name: "web-1", uid: "r1",
			owner: &ownerChange{kind: "ReplicaSet", uid: "r1", owner: Owner{Kind: "Deployment", Name: "web", UID: "d1"}}},
	},
	{
		name:          "a claim of Karpenter, at level Metadata",
		dryRunUnknown: true,
		event:         event("delete", "/apis/karpenter.sh/v1/nodeclaims/default-x", `"resource":"nodeclaims","name":"default-x","apiGroup":"karpenter.sh"`, 200, `"level":"Metadata"`),
		want:          &record{kind: ownerDeleted, group: "karpenter.sh", name: "default-x", owner: &ownerChange{kind: "NodeClaim"}},
	},
}

var nodeTests = []readTest{
	{
		name:  "cordon",
		event: event("patch", nodePath, nodeRef, 200, `"requestObject":{"spec":{"unschedulable":true}}`),
		want:  &record{kind: nodeChanged, node: &nodeChange{cordon: true}},
	},
	{
		name:  "cordon, a dry run",
		event: event("patch", nodePath+`?dryRun=All`, nodeRef, 200, `"requestObject":{"spec":{"unschedulable":true}}`),
		want:  &record{kind: nodeChanged, dryRun: DryRunYes, node: &nodeChange{cordon: true}},
	},
	{
		name:  "uncordon by null",
		event: event("patch", nodePath, nodeRef, 200, `"requestObject":{"spec":{"unschedulable":null}}`),
		want:  &record{kind: nodeChanged, node: &nodeChange{uncordon: true}},
	},
	{
		name:  "uncordon by false",
		event: event("patch", nodePath, nodeRef, 200, `"requestObject":{"spec":{"unschedulable":false}}`),
		want:  &record{kind: nodeChanged, node: &nodeChange{uncordon: true}},
	},
	{
		name:  "uncordon by a JSON patch",
		event: event("patch", nodePath, nodeRef, 200, `"requestObject":[{"op":"remove","path":"/spec/unschedulable"}]`),
		want:  &record{kind: nodeChanged, node: &nodeChange{uncordon: true}},
	},
	{
		name: "a JSON patch that cordons and adds taints",
		event: event("patch", nodePath, nodeRef, 200, `"requestObject":[{"op":"replace","path":"/spec/unschedulable","value":true},
			{"op":"add","path":"/spec/taints","value":[{"key":"a","effect":"NoSchedule"}]},
			{"op":"add","path":"/spec/taints/-","value":{"key":"medik8s.io/drain","effect":"NoSchedule"}},
			{"op":"replace","path":"/spec/taints/0/effect","value":"NoExecute"}]`),
		want: &record{kind: nodeChanged, node: &nodeChange{cordon: true, taints: map[string]string{"a": "NoSchedule", "medik8s.io/drain": "NoSchedule"}}},
	},
	{
		name: "taints, one of them with two effects",
		event: event("patch", nodePath, nodeRef, 200, `"requestObject":{"spec":{"taints":[{"key":"node.kubernetes.io/unreachable","effect":"NoSchedule"},
			{"key":"node.kubernetes.io/unreachable","effect":"NoExecute"},{"key":"karpenter.sh/disrupted","effect":"NoSchedule"}]}}`),
		want: &record{kind: nodeChanged, node: &nodeChange{taints: map[string]string{
			"node.kubernetes.io/unreachable": "NoExecute,NoSchedule", "karpenter.sh/disrupted": "NoSchedule"}}},
	},
	{
		name:  "labels, one of them taken away",
		event: event("patch", nodePath, nodeRef, 200, `"requestObject":{"metadata":{"labels":{"a":"b","c":null}}}`),
		want:  &record{kind: nodeChanged, node: &nodeChange{labels: map[string]string{"a": "b"}}},
	},
	{
		name:  "a whole node that takes pods",
		event: event("update", nodePath, nodeRef, 200, `"requestObject":{"kind":"Node","metadata":{"uid":"n1","labels":{"a":"b"}},"spec":{}}`),
		want:  &record{kind: nodeChanged, uid: "n1", node: &nodeChange{uncordon: true, whole: true, labels: map[string]string{"a": "b"}}},
	},
	{
		name:  "a whole node that takes none",
		event: event("update", nodePath, nodeRef, 200, `"requestObject":{"kind":"Node","spec":{"unschedulable":true}}`),
		want:  &record{kind: nodeChanged, node: &nodeChange{cordon: true, whole: true}},
	},
	{name: "a put without its body", event: event("update", nodePath, nodeRef, 200, `"level":"Metadata"`)},
	{name: "taints taken away", event: event("patch", nodePath, nodeRef, 200, `"requestObject":{"spec":{"taints":null}}`)},
	{name: "a conflict", event: event("patch", nodePath, nodeRef, 409, `"requestObject":{"spec":{"unschedulable":true}}`)},
	{name: "another field", event: event("patch", nodePath, nodeRef, 200, `"requestObject":{"metadata":{"annotations":{"node.alpha.kubernetes.io/ttl":"0"}}}`)},
	{name: "the status of a node", event: event("patch", nodePath+"/status", nodeRef+`,"subresource":"status"`, 200, kubelet, `"requestObject":{"status":{}}`)},
}

var attemptTests = []readTest{
	{
		name: "an attempt",
		event: event("create", podPath+"/eviction", podRef+`,"subresource":"eviction"`, 201,
			`"requestObject":{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"annotations":{"requested-by":"sigs.k8s.io/descheduler"}},
				"deleteOptions":{"gracePeriodSeconds":7,"preconditions":{"uid":"u1"}}}`),
		want: &record{kind: attempted, uid: "u1", grace: pointerTo(int64(7))},
	},
	{
		name: "an attempt on a pod that was replaced",
		event: event("create", podPath+"/eviction", podRef+`,"subresource":"eviction"`, 409,
			`"requestObject":{"kind":"Eviction","apiVersion":"policy/v1","deleteOptions":{"preconditions":{"uid":"u0"}}}`,
			`"responseStatus":{"status":"Failure","reason":"Conflict","code":409,"message":"Operation cannot be fulfilled on Pod \"web-1\": the UID in the precondition (u0) does not match the UID in record (u1). The object might have been deleted and then recreated"}`),
		want: &record{kind: attempted, uid: "u0", pods: []podState{{namespace: "shop", name: "web-1", uid: "u1"}}},
	},
	{
		name:          "the arrival of an attempt",
		event:         event("create", podPath+"/eviction", podRef+`,"subresource":"eviction"`, 0, `"stage":"RequestReceived"`),
		dryRunUnknown: true,
		want:          &record{kind: attempted},
	},
	{
		name:          "an attempt that was not authenticated",
		event:         event("create", podPath+"/eviction", podRef+`,"subresource":"eviction"`, 401, `"stage":"ResponseStarted"`),
		dryRunUnknown: true,
		want:          &record{kind: attempted},
	},
	{name: "the arrival of a delete", event: event("delete", podPath, podRef, 0, `"stage":"RequestReceived"`)},
	{name: "an answer that goes on", event: event("create", podPath+"/eviction", podRef+`,"subresource":"eviction"`, 200, `"stage":"ResponseStarted"`)},
	{name: "a get of the subresource", event: event("get", podPath+"/eviction", podRef+`,"subresource":"eviction"`, 405)},
	{name: "a delete of the subresource", event: event("delete", podPath+"/eviction", podRef+`,"subresource":"eviction"`, 405)},
	{
		name: "the kind Eviction of another group",
		event: event("create", "/apis/lifecycle.k8s.io/v1alpha1/namespaces/shop/evictions", `"resource":"evictions","namespace":"shop","apiGroup":"lifecycle.k8s.io"`, 201,
			`"requestObject":{"kind":"Eviction","apiVersion":"lifecycle.k8s.io/v1alpha1"}`),
	},
	{
		name: "a request for an eviction",
		event: event("create", "/apis/lifecycle.k8s.io/v1alpha1/namespaces/shop/evictionrequests", `"resource":"evictionrequests","namespace":"shop","name":"r","uid":"e1","apiGroup":"lifecycle.k8s.io"`, 201,
			`"requestObject":{"kind":"EvictionRequest","spec":{"requester":"acme.io/foo","intent":"Eviction","target":{"pod":{"name":"web-1","uid":"u1"}}}}`),
		want: &record{kind: evictionRequested, name: "web-1", uid: "u1", requester: "acme.io/foo"},
	},
	{
		name: "one that is withdrawn",
		event: event("create", "/apis/lifecycle.k8s.io/v1alpha1/namespaces/shop/evictionrequests", `"resource":"evictionrequests","namespace":"shop","apiGroup":"lifecycle.k8s.io"`, 201,
			`"requestObject":{"kind":"EvictionRequest","spec":{"requester":"acme.io/foo","intent":"Withdrawn","target":{"pod":{"name":"web-1"}}}}`),
	},
	{name: "reading", event: event("list", "/api/v1/namespaces/shop/pods", `"resource":"pods","namespace":"shop"`, 200)},
	{name: "a lease", event: event("update", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-1", `"resource":"leases","name":"node-1","apiGroup":"coordination.k8s.io"`, 200)},
	{name: "no object", event: event("create", "/healthz", "", 200)},
}

// read reads an event as records does.
func read(tb testing.TB, text string) *record {
	tb.Helper()
	r, err := new(relevance).read(audit.Event{Raw: []byte(text), Stream: "s", Pos: audit.Pos{File: "log", Line: 1}})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// TestRead holds every kind of record to the events that make it.
func TestRead(t *testing.T) {
	shown := map[recordKind]bool{}
	for _, tests := range [][]readTest{podTests, deleteTests, nodeTests, ownerTests, attemptTests} {
		for _, test := range tests {
			got := read(t, test.event)
			want := test.want
			if want != nil {
				shown[want.kind] = true
				ev, err := audit.Event{Raw: []byte(test.event)}.Decode()
				if err != nil {
					t.Fatal(err)
				}
				want.group, want.namespace = ev.ObjectRef.APIGroup, ev.ObjectRef.Namespace
				want.name, want.code = cmp.Or(want.name, ev.ObjectRef.Name), ev.ResponseStatus.Code
				if want.dryRun == DryRunUnknown && !test.dryRunUnknown {
					want.dryRun = DryRunNo
				}
			}
			ignored := cmpopts.IgnoreFields(record{}, "at", "done", "stage", "auditID", "request", "attempt", "pos", "stream")
			if diff := gocmp.Diff(want, got, everyRecordType, ignored); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		}
	}
	for k := attempted; k <= evictionRequested; k++ {
		if !shown[k] {
			t.Errorf("no test shows a record of kind %d", k)
		}
	}
}

// TestReadRequest checks what all records have in common.
func TestReadRequest(t *testing.T) {
	got := read(t, event("delete", podPath+"?timeout=19s", podRef+`,"uid":"u1"`, 403,
		`"user":{"username":"jane","groups":["dev"],"extra":{"canonicalArn":["arn:aws:iam::1:role/r"]}}`,
		`"impersonatedUser":{"username":"bob"}`, `"userAgent":"kubectl/v1"`, `"sourceIPs":["1.1.1.1","2.2.2.2"]`,
		`"responseStatus":{"status":"Failure","reason":"Forbidden","code":403,"message":"admission webhook \"guard.example.com\" denied the request: no"}`,
		`"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed"}`))
	want := &record{
		kind: podDeleted, at: arrived, done: finished, stage: "ResponseComplete", auditID: "1", code: 403, dryRun: DryRunNo,
		namespace: "shop", name: "web-1", uid: "u1",
		request: Request{
			Actor: Actor{User: "jane", Groups: []string{"dev"}, Impersonated: "bob", CanonicalARN: "arn:aws:iam::1:role/r", UserAgent: "kubectl/v1", SourceIP: "2.2.2.2"},
			Verb:  "delete", Resource: "pods", URI: podPath + "?timeout=19s", RBAC: "RBAC: allowed",
			Webhook: "guard.example.com", Message: `admission webhook "guard.example.com" denied the request: no`,
		},
		pods: []podState{{namespace: "shop", name: "web-1", uid: "u1"}},
		pos:  audit.Pos{File: "log", Line: 1}, stream: "s",
	}
	if diff := gocmp.Diff(want, got, everyRecordType); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestReadAttempt checks what an attempt has besides.
func TestReadAttempt(t *testing.T) {
	got := read(t, attemptTests[0].event)
	if at := got.attempt; at.Outcome != Accepted || at.Pos != got.pos || at.Stream != "s" || !at.Time.Equal(arrived) || at.Evidence[0].Pos != got.pos {
		t.Errorf("attempt %+v", at)
	}
	want := Request{
		Actor: Actor{User: "jane"}, Verb: "create", Resource: "pods", Subresource: "eviction", URI: podPath + "/eviction",
		APIVersion: "policy/v1", Annotations: map[string]string{"requested-by": "sigs.k8s.io/descheduler"},
	}
	if diff := gocmp.Diff(want, got.request); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

// TestReadTime checks where the time comes from if the event has none.
func TestReadTime(t *testing.T) {
	logged := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	without := func(keys ...string) string {
		text := event("delete", podPath, podRef, 200)
		for _, key := range keys {
			text = strings.Replace(text, `"`+key+`"`, `"not`+key+`"`, 1)
		}
		return text
	}
	for _, test := range []struct {
		text   string
		logged time.Time
		want   time.Time
	}{
		{without(), logged, arrived},
		{without("requestReceivedTimestamp"), logged, finished},
		{without("requestReceivedTimestamp", "stageTimestamp"), logged, logged},
		{without("requestReceivedTimestamp", "stageTimestamp"), time.Time{}, time.Time{}},
	} {
		r, err := new(relevance).read(audit.Event{Raw: []byte(test.text), Logged: test.logged})
		if err != nil || !r.at.Equal(test.want) {
			t.Errorf("%s: time %v, error %v, want %v", test.text, r.at, err, test.want)
		}
	}
}
