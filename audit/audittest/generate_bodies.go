package audittest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A template is JSON with holes. In the source a hole is a name in braces,
// which JSON cannot have.
type template []piece

type piece struct {
	text string // before the hole
	hole string
}

// A filling is what stands in the holes.
type filling struct {
	*pod
	version int
	now     int64 // microseconds
}

var hole = regexp.MustCompile(`\{[a-z]+\}`)

// compile reads the source of a template.
func compile(source string) template {
	var t template
	end := 0
	for _, at := range hole.FindAllStringIndex(source, -1) {
		t = append(t, piece{source[end:at[0]], source[at[0]+1 : at[1]-1]})
		end = at[1]
	}
	return append(t, piece{text: source[end:]})
}

// append writes the template with its holes filled.
func (t template) append(b []byte, f filling) []byte {
	for _, p := range t {
		b = append(b, p.text...)
		switch p.hole {
		case "namespace":
			b = append(b, f.of.namespace...)
		case "pod":
			b = append(b, f.name...)
		case "uid":
			b = f.uid.append(b)
		case "owneruid":
			b = f.of.owner.append(b)
		case "version":
			b = strconv.AppendInt(b, int64(f.version), 10)
		case "created":
			b = appendSecond(b, f.created)
		case "now":
			b = appendSecond(b, f.now/1e6)
		case "node":
			b = append(b, f.node.name...)
		case "ip":
			b = append(b, f.ip...)
		case "hostip":
			b = append(b, f.node.ip...)
		case "id":
			b = uuid{f.uid[0] ^ f.uid[1], f.uid[1] * 0x9e3779b97f4a7c15}.append(b)
		}
	}
	return b
}

// appendSecond writes a time as the objects of the API have it.
func appendSecond(b []byte, second int64) []byte {
	return time.Unix(second, 0).UTC().AppendFormat(b, time.RFC3339)
}

// spread has the 20-quantiles, in hundredths, of a log-normal distribution
// whose median is 1 and whose sigma is 0.8.
var spread = []int{27, 36, 44, 51, 59, 66, 74, 82, 90, 100, 111, 122, 136, 152, 171, 196, 230, 278, 371, 495}

var settings = []string{"DATABASE_URL", "REDIS_ADDR", "KAFKA_BROKERS", "LOG_LEVEL", "FEATURE_FLAGS", "OTEL_EXPORTER_OTLP_ENDPOINT", "AWS_REGION",
	"HTTP_PORT", "CACHE_TTL_SECONDS", "UPSTREAM_TIMEOUT", "SENTRY_DSN", "S3_BUCKET", "QUEUE_URL", "GOMAXPROCS", "MAX_CONNECTIONS", "SERVICE_NAME",
	"TRACING_SAMPLE_RATE", "STRIPE_WEBHOOK_ID", "SEARCH_INDEX", "SMTP_HOST"}

// compile makes the templates of a workload, of a size of its own.
func (w *workload) compile(r *rng) {
	var env, fields strings.Builder
	for i := range 1 + 9*pick(r, spread)/100 {
		name := fmt.Sprintf("%s_%d", pick(r, settings), i)
		if i > 0 {
			env.WriteByte(',')
		}
		fmt.Fprintf(&env, `{"name":"%s","value":"%s://%s.%s.svc.cluster.local?pool=%d\u0026timeout=%ds"}`, name, pick(r, firstNames), pick(r, firstNames), w.namespace, r.n(100), r.n(60))
		fmt.Fprintf(&fields, `,"k:{\"name\":\"%s\"}":{".":{},"f:name":{},"f:value":{}}`, name)
	}
	kind, owner := "ReplicaSet", w.set()
	if w.stateful {
		kind = "StatefulSet"
	}
	image := fmt.Sprintf("%s.dkr.ecr.%s.amazonaws.com/%s/%s:v1.%d.%d", account, region, w.namespace, w.name, r.n(90), r.n(20))
	known := strings.NewReplacer("<ns>", w.namespace, "<app>", w.name, "<hash>", w.hash, "<set>", owner, "<kind>", kind, "<image>", image,
		"<digest>", fmt.Sprintf("%016x%016x%016x%016x", r.next(), r.next(), r.next(), r.next()), "<env>", env.String(), "<envfields>", fields.String())
	expand := func(source string) template { return compile(known.Replace(known.Replace(source))) }
	w.podRequest = expand(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{pod}","generateName":"<set>-","creationTimestamp":null,` + podLabels + `},"spec":` + podSpec + `,"status":{}}`)
	w.podResponse = expand(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{pod}","generateName":"<set>-","namespace":"<ns>","uid":"{uid}","resourceVersion":"{version}","creationTimestamp":"{created}",` +
		podLabels + `,"managedFields":[` + podFields + `]},"spec":` + podSpec + `,"status":{"phase":"Pending","qosClass":"Burstable"}}`)
	w.podStatus = expand(`{"metadata":{"uid":"{uid}"},"status":` + podStatus + `}`)
	const set = `"labels":{"app.kubernetes.io/name":"<app>","pod-template-hash":"<hash>"},"annotations":{"deployment.kubernetes.io/desired-replicas":"4","deployment.kubernetes.io/revision":"17"}`
	const body = `"spec":{"replicas":4,"selector":{"matchLabels":{"app.kubernetes.io/name":"<app>","pod-template-hash":"<hash>"}},"template":{"metadata":{"creationTimestamp":null,` +
		`"labels":{"app.kubernetes.io/name":"<app>","pod-template-hash":"<hash>"}},"spec":` + podSpec + `}},"status":{"replicas":4,"fullyLabeledReplicas":4,"readyReplicas":3,"availableReplicas":3,"observedGeneration":9}`
	w.setRequest = expand(`{"kind":"<kind>","apiVersion":"apps/v1","metadata":{"name":"<set>","namespace":"<ns>","uid":"{owneruid}","resourceVersion":"{version}","generation":9,"creationTimestamp":"{created}",` + set + `},` + body + `}`)
	w.setResponse = expand(`{"kind":"<kind>","apiVersion":"apps/v1","metadata":{"name":"<set>","namespace":"<ns>","uid":"{owneruid}","resourceVersion":"{version}","generation":9,"creationTimestamp":"{created}",` +
		set + `,"managedFields":[` + podFields + `]},` + body + `}`)
	w.custom = expand(`{"group":"apps","kind":"<kind>","name":"{pod}","namespace":"<ns>","health":{"status":"Healthy","lastTransitionTime":"{now}"},"status":"Synced","version":"v1","uid":"{uid}"}`)
}

const (
	podLabels = `"labels":{"app.kubernetes.io/instance":"<app>","app.kubernetes.io/name":"<app>","pod-template-hash":"<hash>","team":"<ns>"},` +
		`"annotations":{"checksum/config":"<digest>","prometheus.io/port":"9090","prometheus.io/scrape":"true"},` +
		`"ownerReferences":[{"apiVersion":"apps/v1","kind":"<kind>","name":"<set>","uid":"{owneruid}","controller":true,"blockOwnerDeletion":true}]`

	podSpec = `{"volumes":[{"name":"kube-api-access","projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},` +
		`{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},{"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}],"defaultMode":420}}],` +
		`"containers":[{"name":"app","image":"<image>","args":["--listen=:8080","--filter=a\u003eb \u0026\u0026 c\u003cd"],"ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],"env":[<env>],` +
		`"resources":{"limits":{"memory":"1Gi"},"requests":{"cpu":"250m","memory":"512Mi"}},"volumeMounts":[{"name":"kube-api-access","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],` +
		`"livenessProbe":{"httpGet":{"path":"/healthz","port":"http","scheme":"HTTP"},"initialDelaySeconds":10,"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},` +
		`"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent","securityContext":{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true}}],` +
		`"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"<app>","serviceAccount":"<app>","securityContext":{},"schedulerName":"default-scheduler",` +
		`"tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],` +
		`"priority":0,"enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority"}`

	podFields = `{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"{now}","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{".":{},"f:checksum/config":{}},"f:generateName":{},` +
		`"f:labels":{".":{},"f:app.kubernetes.io/instance":{},"f:app.kubernetes.io/name":{},"f:pod-template-hash":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"{owneruid}\"}":{}}},` +
		`"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{".":{},"f:args":{},"f:env":{".":{}<envfields>},"f:image":{},"f:imagePullPolicy":{},"f:livenessProbe":{".":{},"f:failureThreshold":{},"f:httpGet":{".":{},"f:path":{},"f:port":{},"f:scheme":{}}},` +
		`"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:name":{},"f:protocol":{}}},"f:resources":{".":{},"f:limits":{".":{},"f:memory":{}}},"f:terminationMessagePath":{}}},` +
		`"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:serviceAccount":{},"f:serviceAccountName":{},"f:terminationGracePeriodSeconds":{}}}}`

	podStatus = `{"$setElementOrder/conditions":[{"type":"PodReadyToStartContainers"},{"type":"Initialized"},{"type":"Ready"},{"type":"ContainersReady"},{"type":"PodScheduled"}],` +
		`"conditions":[{"lastTransitionTime":"{now}","status":"True","type":"PodReadyToStartContainers"},{"lastTransitionTime":"{now}","message":null,"reason":null,"status":"True","type":"Ready"},` +
		`{"lastTransitionTime":"{now}","message":null,"reason":null,"status":"True","type":"ContainersReady"}],"containerStatuses":[{"containerID":"containerd://{id}","image":"<image>","imageID":"<image>@sha256:<digest>",` +
		`"lastState":{},"name":"app","ready":true,"restartCount":0,"started":true,"state":{"running":{"startedAt":"{now}"}},` +
		`"volumeMounts":[{"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount","name":"kube-api-access","readOnly":true,"recursiveReadOnly":"Disabled"}],"allocatedResources":{"cpu":"250m","memory":"512Mi"},"resources":{"limits":{"memory":"1Gi"},"requests":{"cpu":"250m","memory":"512Mi"}}}],` +
		`"initContainerStatuses":[{"containerID":"containerd://{id}","image":"<image>","imageID":"<image>@sha256:<digest>","lastState":{},"name":"migrate","ready":true,"restartCount":0,"started":false,"state":{"terminated":{"containerID":"containerd://{id}","exitCode":0,"finishedAt":"{now}","reason":"Completed","startedAt":"{now}"}}}],"hostIP":"{hostip}","phase":"Running","podIP":"{ip}","podIPs":[{"ip":"{ip}"}]}`
)

// nodeStatus returns the source of what a kubelet says of its node.
func nodeStatus(r *rng) string {
	var b strings.Builder
	b.WriteString(`{"metadata":{"annotations":{"volumes.kubernetes.io/controller-managed-attach-detach":"true"}},"status":{"$setElementOrder/conditions":[{"type":"MemoryPressure"},{"type":"DiskPressure"},{"type":"PIDPressure"},{"type":"Ready"}],"conditions":[`)
	for _, of := range [][3]string{
		{"KubeletHasSufficientMemory", "kubelet has sufficient memory available", "MemoryPressure"},
		{"KubeletHasNoDiskPressure", "kubelet has no disk pressure", "DiskPressure"},
		{"KubeletHasSufficientPID", "kubelet has sufficient PID available", "PIDPressure"},
		{"KubeletReady", "kubelet is posting ready status", "Ready"},
	} {
		fmt.Fprintf(&b, `{"lastHeartbeatTime":"{now}","message":"%s","reason":"%s","type":"%s"},`, of[1], of[0], of[2])
	}
	source := strings.TrimSuffix(b.String(), ",") + `],"images":[`
	for i := range 4 + 6*pick(r, spread)/100 {
		if i > 0 {
			source += ","
		}
		image := fmt.Sprintf("%s.dkr.ecr.%s.amazonaws.com/%s/%s", account, region, pick(r, namespaces), pick(r, firstNames))
		source += fmt.Sprintf(`{"names":["%[1]s@sha256:%016[2]x%016[3]x%016[4]x%016[5]x","%[1]s:v1.%[6]d.%[7]d","%[1]s:release-2026-02-%02[8]d"],"sizeBytes":%[9]d}`,
			image, r.next(), r.next(), r.next(), r.next(), r.n(90), r.n(20), 1+r.n(28), 4_000_000+r.n(900_000_000))
	}
	return source + `]}}`
}
