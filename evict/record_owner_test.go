package evict

const (
	webPath = "/apis/apps/v1/namespaces/shop/deployments/web"
	webRef  = `"resource":"deployments","namespace":"shop","name":"web","apiGroup":"apps"`
	jobPath = "/apis/batch/v1/namespaces/shop/jobs/import"
	jobRef  = `"resource":"jobs","namespace":"shop","name":"import","apiGroup":"batch"`
)

// deployment is the record of a change of one.
func deployment(o ownerChange) *record {
	o.kind = "Deployment"
	return &record{kind: ownerChanged, group: "apps", name: "web", uid: o.uid, owner: &o}
}

var ownerTests = []readTest{
	{
		name:  "scale",
		event: event("patch", webPath+"/scale", webRef+`,"subresource":"scale"`, 200, `"requestObject":{"spec":{"replicas":2}}`, `"responseObject":{"kind":"Scale","metadata":{"uid":"d1"}}`),
		want:  deployment(ownerChange{replicas: pointerTo(int32(2)), uid: "d1"}),
	},
	{
		name:  "scale to none, by a put",
		event: event("update", webPath+"/scale", webRef+`,"subresource":"scale"`, 200, `"requestObject":{"kind":"Scale","spec":{"replicas":0}}`),
		want:  deployment(ownerChange{replicas: pointerTo(int32(0))}),
	},
	{
		name:  "scale by a JSON patch",
		event: event("patch", webPath, webRef, 200, `"requestObject":[{"op":"replace","path":"/spec/replicas","value":3}]`),
		want:  deployment(ownerChange{replicas: pointerTo(int32(3))}),
	},
	{
		name:  "restart",
		event: event("patch", webPath+"?fieldManager=kubectl-rollout", webRef, 200, `"requestObject":{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"yesterday"}}}}}`),
		want:  deployment(ownerChange{restart: true, template: true}),
	},
	{
		name:  "restart by a JSON patch",
		event: event("patch", webPath, webRef, 200, `"requestObject":[{"op":"add","path":"/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt","value":"2026-01-02T03:04:05Z"}]`),
		want:  deployment(ownerChange{restart: true, template: true}),
	},
	{
		name: "a put that restarts",
		event: event("update", webPath, webRef, 200, `"requestObject":{"kind":"Deployment","metadata":{"uid":"d1","generation":4},"spec":{"replicas":2,"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-01-02T03:04:01Z"}}}}}`,
			`"responseObject":{"kind":"Deployment","metadata":{"uid":"d1","generation":5},"status":{"observedGeneration":4}}`),
		want: deployment(ownerChange{restart: true, template: true, replicas: pointerTo(int32(2)), uid: "d1"}),
	},
	{
		name:  "a put that repeats an old restart",
		event: event("update", webPath, webRef, 200, `"requestObject":{"kind":"Deployment","spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2025-01-02T03:04:01Z"}}}}}`),
		want:  deployment(ownerChange{template: true}),
	},
	{
		name: "a put that changes nothing of the spec",
		event: event("update", webPath, webRef, 200, `"requestObject":{"kind":"Deployment","metadata":{"generation":4},"spec":{"replicas":2,"template":{}}}`,
			`"responseObject":{"kind":"Deployment","metadata":{"generation":4}}`),
	},
	{
		name: "an applied configuration that changes nothing",
		event: event("patch", webPath+"?fieldManager=argocd", webRef, 200, `"requestObject":{"kind":"Deployment","spec":{"replicas":2}}`,
			`"responseObject":{"kind":"Deployment","metadata":{"generation":4},"status":{"observedGeneration":4}}`),
	},
	{
		name: "a replica set, by its deployment",
		event: event("update", "/apis/apps/v1/namespaces/shop/replicasets/web-7", `"resource":"replicasets","namespace":"shop","name":"web-7","uid":"r1","apiGroup":"apps"`, 200,
			`"requestObject":{"kind":"ReplicaSet","metadata":{"ownerReferences":[{"kind":"Deployment","name":"web","uid":"d1","controller":true}]},"spec":{"replicas":1}}`),
		want: &record{kind: ownerChanged, group: "apps", name: "web-7", uid: "r1", owner: &ownerChange{
			kind: "ReplicaSet", replicas: pointerTo(int32(1)), owner: Owner{Kind: "Deployment", Name: "web", UID: "d1"}, uid: "r1"}},
	},
	{
		name:  "a job that is suspended",
		event: event("patch", jobPath, jobRef, 200, `"requestObject":{"spec":{"suspend":true,"parallelism":4}}`),
		want:  &record{kind: ownerChanged, group: "batch", name: "import", owner: &ownerChange{kind: "Job", replicas: pointerTo(int32(0))}},
	},
	{
		name:  "a job with fewer pods",
		event: event("patch", jobPath, jobRef, 200, `"requestObject":{"spec":{"parallelism":4}}`),
		want:  &record{kind: ownerChanged, group: "batch", name: "import", owner: &ownerChange{kind: "Job", replicas: pointerTo(int32(4))}},
	},
	{
		name: "a rollout of Argo",
		event: event("patch", "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web", `"resource":"rollouts","namespace":"shop","name":"web","apiGroup":"argoproj.io"`, 200,
			`"requestObject":{"spec":{"restartAt":"2026-01-02T03:04:05Z"}}`),
		want: &record{kind: ownerChanged, group: "argoproj.io", name: "web", owner: &ownerChange{kind: "Rollout", restart: true}},
	},
	{name: "the status of a deployment", event: event("update", webPath+"/status", webRef+`,"subresource":"status"`, 200)},
	{name: "another field", event: event("patch", webPath, webRef, 200, `"requestObject":{"metadata":{"labels":{"a":"b"}}}`)},
	{name: "replicas that are no number", event: event("patch", webPath, webRef, 200, `"requestObject":{"spec":{"replicas":"two"}}`)},
	{name: "a change of a cron job", event: event("patch", "/apis/batch/v1/namespaces/shop/cronjobs/c", `"resource":"cronjobs","namespace":"shop","name":"c","apiGroup":"batch"`, 200, `"requestObject":{"spec":{"suspend":true}}`)},
	{name: "a collection of workloads", event: event("deletecollection", "/apis/apps/v1/namespaces/shop/replicasets", `"resource":"replicasets","namespace":"shop","apiGroup":"apps"`, 200)},
}
