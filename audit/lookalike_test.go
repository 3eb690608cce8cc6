package audit_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/evictlog/evictlog/audit"
)

// TestLookalikes points a reader at what is no audit log, and asks for the one
// sentence that says what it is.
func TestLookalikes(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"parquet", "PAR1\x15\x04\x15" + event(1) + "\nPAR1", "binary data, a Parquet file; export its rows as JSON lines"},
		{"orc", "ORC\x0a\x0b\x00" + event(1) + "\n", "binary data, an ORC file; export"},
		{"avro", "Obj\x01\x04\x16avro.schema", "binary data, an Avro file; export"},
		{"xz", "\xfd7zXZ\x00\x00\x04", "binary data, xz data; unpack it first: xz -d FILE"},
		{"lzip", "LZIP\x01\x0c", "binary data, lzip data; unpack it first"},
		{"7z", "7z\xbc\xaf\x27\x1c\x00\x04", "binary data, a 7z archive; unpack it first: 7z x FILE"},
		{"rar", "Rar!\x1a\x07\x01\x00", "binary data, a RAR archive; unpack it first"},
		{"lz4", "\x04\x22\x4d\x18\x64", "binary data, lz4 data; unpack it first: lz4 -d FILE"},
		{"compress", "\x1f\x9d\x90", "binary data, data of compress(1); unpack it first"},
		{"journal", "LPKSHHRH\x00\x00", "binary data, a file of the systemd journal; export its messages first: journalctl"},
		{"sqlite", "SQLite format 3\x00" + event(1), "binary data, a SQLite database; export"},
		{"xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "binary data, an Office document; export its rows as CSV"},
		{"pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "binary data, a PDF document"},
		{"png", "\x89PNG\r\n\x1a\n\x00", "binary data, a PNG image"},
		{"jpeg", "\xff\xd8\xff\xe0\x00", "binary data, a JPEG image"},
		{"gif", "GIF89a\x01\x00", "binary data, a GIF image"},
		{"elf", "\x7fELF\x02\x01", "binary data, a program (ELF)"},
		{"pe", "MZ\x90\x00" + strings.Repeat("\x00", 60) + "PE\x00\x00d\x86", "binary data, a program (PE)"},
		{"unknown binary", "\x01\x02\x03\n", "binary data of a kind that is not known; if it is encrypted, or packed in a way that cannot be told"},

		{"git-lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "a pointer of git-lfs in the place of a file; fetch the file: git lfs pull"},
		{"html", "<!DOCTYPE html>\n<html><title>Sign in</title>\n", "an HTML page, as a failed download or a login leaves it"},
		{"s3 error", `<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error><Code>AccessDenied</Code></Error>", "an error of S3 in the place of a file; download"},
		{"xml", `<?xml version="1.0"?><a/>`, "XML"},
		{"aws error", "\nAn error occurred (AccessDeniedException) when calling the FilterLogEvents operation: User is not authorized\n", "an error of the AWS CLI"},
		{"kubectl error", "Error from server (NotFound): the server could not find the requested resource\n", "an error of kubectl or oc"},
		{"auditd", "type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e syscall=2\ntype=CWD msg=audit(1364481363.243:24287):  cwd=\"/home\"\n", "the audit log of Linux (auditd), which is not that of Kubernetes"},
		{"policy", "# comment\napiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n", "an audit policy, the rules of what is logged"},
		{"policy, kind first", "---\nkind: Policy\napiVersion: audit.k8s.io/v1\nrules: []\n", "an audit policy"},
		{"events in YAML", "apiVersion: audit.k8s.io/v1\nkind: Event\nlevel: Metadata\n", "audit events in YAML; turn them into JSON"},
		{"gcloud", "---\ninsertId: b2c2\nlogName: projects/p/logs/cloudaudit.googleapis.com%2Factivity\n", "entries of Cloud Logging in YAML; read them with gcloud logging read --format=json"},
		{"manifest", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n", "objects of Kubernetes in YAML, which are no log"},
		{"kubectl get events", "LAST SEEN   TYPE      REASON    OBJECT     MESSAGE\n12s         Normal    Killing   pod/web-0  Stopping\n", "the events that kubectl get events shows"},
		{"VPC flow", "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK\n", "VPC flow logs"},
		{"ALB", "https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086\n", "the access log of an Elastic Load Balancer"},
		{"nginx", `10.0.0.1 - - [10/Oct/2023:13:55:36 +0000] "GET / HTTP/1.1" 200 2326` + "\n", "the access log of a web server"},
		{"PGP", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n", "data encrypted with PGP; decrypt it first"},
		{"age", "age-encryption.org/v1\n-> X25519 abc\n", "data encrypted with age; decrypt it first"},
		{"certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n", "a key or a certificate"},

		{"cluster events", `{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Event","reason":"Killing"}],"kind":"List"}`, "the events that kubectl get events shows"},
		{"cluster events, new", `{"apiVersion":"events.k8s.io/v1","kind":"Event","reason":"Killing"}`, "the events that kubectl get events shows"},
		{"policy in JSON", `{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[]}`, "an audit policy"},
		{"admission", `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1"}}`, "reviews that an admission webhook was asked for"},
		{"status", `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":403}`, "an answer of the API server, most likely an error in the place of a log"},
		{"pods", `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0"}}`, "objects of Kubernetes, which are no log"},
		{"cloudtrail", `{"Records":[{"eventVersion":"1.08","userIdentity":{},"eventSource":"eks.amazonaws.com","eventName":"DescribeCluster"}]}`, "CloudTrail, which logs calls of AWS and not those of a cluster; the audit log of EKS is in CloudWatch Logs"},
		{"cloudtrail event", `{"eventVersion":"1.08","eventSource":"eks.amazonaws.com","eventName":"DescribeCluster"}`, "CloudTrail"},
		{"opensearch", `{"audit_format_version":4,"audit_category":"GRANTED_PRIVILEGES","audit_request_layer":"REST"}`, "the audit log of OpenSearch"},
		{"rancher", `{"auditID":"3","requestURI":"/v3/schemas","sourceIPs":["::1"],"user":{"name":"u","group":["g"]},"verb":"GET","stage":"RequestReceived","stageTimestamp":"2018-07-20 10:22:43 +0800"}`, "the API audit log of Rancher"},
		{"rancher, new", `{"auditID":"3","requestURI":"/v3/schemas","method":"GET","responseCode":200,"requestTimestamp":"2025-07-20T10:22:43Z"}`, "the API audit log of Rancher"},
		{"guardduty", `{"schemaVersion":"2.0","accountId":"1","region":"r","type":"Impact:Kubernetes/MaliciousIPCaller","resource":{},"service":{"serviceName":"guardduty"}}`, "findings of GuardDuty"},
		{"eventbridge", `{"version":"0","detail-type":"GuardDuty Finding","source":"aws.guardduty","detail":{}}`, "findings of GuardDuty"},
		{"falco", `{"output":"x","priority":"Warning","rule":"r","time":"2021"}`, "alerts of Falco"},
		{"karpenter", `{"level":"INFO","time":"2026-11-23T07:24:24.000Z","logger":"controller","message":"disrupting node(s)","commit":"a"}`, "the log of a controller, such as Karpenter"},
		{"zap", `{"level":"info","ts":1795418663.8,"caller":"a.go:1","msg":"x"}`, "the log of a controller"},
		{"klog in JSON", `{"ts":1795418663852.0,"caller":"a.go:1","msg":"x","v":0}`, "the log of a controller"},
		{"log streams", `{"logStreams":[{"logStreamName":"kube-apiserver-audit-a"}]}`, "a list of log streams; their events: aws logs filter-log-events"},
		{"query id", `{"queryId":"a"}`, "the id of a query of Logs Insights"},
		{"no message", `[{"@timestamp":"2026-11-23 07:24:24.000","verb":"create"}]`, "rows of a query without @message; add @message"},
		{"rows without message", `{"results":[[{"field":"@timestamp","value":"2026-11-23 07:24:24.000"},{"field":"verb","value":"create"}]],"statistics":{},"status":"Complete"}`, "rows of a query without @message; add @message"},
		{"table without message", "@timestamp,verb,user.username,count(*)\n2026-11-23 07:24:24.000,create,admin,1\n", "a table without a column that holds events; add @message"},
		{"cloud logging", `{"insertId":"1","logName":"projects/p/logs/events","jsonPayload":{"reason":"Killing"},"resource":{}}`, "entries of Cloud Logging that are not of an audit log"},
		{"OCSF", `{"class_uid":4001,"metadata":{"product":{"name":"VPC"}}}`, "records of OCSF that are not of the class API Activity"},
	} {
		r := audit.NewReader(strings.NewReader(tt.text))
		r.Name = "f"
		items, last := walk(t, r.Events())
		want := "audit: f: no audit event found: " + tt.want
		if !errors.Is(last, audit.ErrNoEvents) || !strings.HasPrefix(last.Error(), want) {
			t.Errorf("%s: last error\n%v\nwant\n%s", tt.name, last, want)
		}
		if len(items) != 0 {
			t.Errorf("%s: items %v besides the last error", tt.name, items)
		}
		account(t, r.Stats(), tt.text, items, last)
	}
}

// TestLookalikesAmongLogs asks for an error for each file that is no audit log,
// and for none at the end if there are events in another.
func TestLookalikesAmongLogs(t *testing.T) {
	files := fstest.MapFS{
		"a.parquet":  file("PAR1\x15\x04"),
		"b.klog":     file(klog + "\n"),
		"c.json":     file(`{"Records":[{"eventVersion":"1","eventSource":"s","eventName":"n"}]}`),
		"d.mixed":    file(klog + "\n" + `{"eventVersion":"1","eventSource":"s","eventName":"n"}` + "\n"),
		"e.empty":    file(""),
		"f.download": file("<html>\n"),
	}
	for _, withEvents := range []bool{false, true} {
		if withEvents {
			files["g.log"] = file(events("a", 2))
		}
		a := &audit.Archive{FS: files}
		var got []string
		var n int
		for ev, err := range a.Events(context.Background()) {
			if err == nil {
				n += min(len(ev.Raw), 1)
				continue
			}
			got = append(got, err.Error())
		}
		want := []string{
			"audit: a.parquet: no audit event found: binary data, a Parquet file; ",
			"audit: c.json: no audit event found: CloudTrail, ",
			"audit: d.mixed: no audit event found: CloudTrail, ",
			"audit: f.download: no audit event found: an HTML page, ",
		}
		if !withEvents {
			want = append(want, "audit: no audit event found in 6 lines (")
		}
		if len(got) != len(want) || (n > 0) != withEvents {
			t.Errorf("%d events, errors\n%s", n, strings.Join(got, "\n"))
			continue
		}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("error\n%s\nwant\n%s", got[i], want[i])
			}
		}
		balance(t, a.Stats())
	}
}
