package audit

import (
	"bytes"
	"regexp"

	"github.com/tidwall/gjson"
)

// A sight is what a file without an event is, as far as it can be told.
type sight struct {
	what   string
	advice string // what to do about it; empty if nothing particular is known
}

// binaries are what people point a reader of logs at and that is no text, by the
// first bytes. Such a file is not searched for events: what could be found in it
// by chance would pass for all that it holds.
var binaries = []struct {
	magic string
	sight
}{
	{"PAR1", sight{"a Parquet file", "export its rows as JSON lines, for example with duckdb: COPY (FROM 'FILE') TO 'rows.json'"}},
	{"ORC", sight{"an ORC file", "export its rows as JSON lines, for example with orc-contents"}},
	{"Obj\x01", sight{"an Avro file", "export its rows as JSON lines: avro-tools tojson FILE"}},
	{"\xfd7zXZ\x00", sight{"xz data", "unpack it first: xz -d FILE"}},
	{"LZIP", sight{"lzip data", "unpack it first: lzip -d FILE"}},
	{"7z\xbc\xaf\x27\x1c", sight{"a 7z archive", "unpack it first: 7z x FILE"}},
	{"Rar!\x1a\x07", sight{"a RAR archive", "unpack it first: unrar x FILE"}},
	{"\x04\x22\x4d\x18", sight{"lz4 data", "unpack it first: lz4 -d FILE"}},
	{"\x02\x21\x4c\x18", sight{"lz4 data of the old format", "unpack it first: lz4 -d FILE"}},
	{"\x1f\x9d", sight{"data of compress(1)", "unpack it first: uncompress FILE"}},
	{"LPKSHHRH", sight{"a file of the systemd journal", "export its messages first: journalctl --file FILE -o json"}},
	{"SQLite format 3\x00", sight{"a SQLite database", "export the rows that hold the events"}},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", sight{"an Office document", "export its rows as CSV; a sheet cuts long cells, so the log itself is better"}},
	{"%PDF-", sight{what: "a PDF document"}},
	{"\x89PNG\r\n\x1a\n", sight{what: "a PNG image"}},
	{"\xff\xd8\xff", sight{what: "a JPEG image"}},
	{"GIF8", sight{what: "a GIF image"}},
	{"\x7fELF", sight{what: "a program (ELF)"}},
	{"\xcf\xfa\xed\xfe", sight{what: "a program (Mach-O)"}},
	{"\xd4\xc3\xb2\xa1", sight{what: "a packet capture"}},
	{"\x0a\x0d\x0d\x0a", sight{what: "a packet capture"}},
}

// asBinary tells what a file is that begins with head and is no text.
func asBinary(head []byte) (sight, bool) {
	if !isBinary(head) {
		return sight{}, false
	}
	for _, b := range binaries {
		if bytes.HasPrefix(head, []byte(b.magic)) {
			return sight{"binary data, " + b.what, b.advice}, true
		}
	}
	switch {
	case isWorkbook(head):
		return sight{"an Office document", "export its rows as CSV; a sheet cuts long cells, so the log itself is better"}, true
	case bytes.HasPrefix(head, []byte("MZ")) && bytes.Contains(head, []byte("PE\x00\x00")):
		return sight{what: "binary data, a program (PE)"}, true
	}
	return sight{}, false
}

// isWorkbook knows the documents of Office, which are zip archives and no
// bundles of logs: their first member is the list of the types of the others.
// Source: ECMA-376, part 2.
func isWorkbook(head []byte) bool {
	const name = 30 // where that of the first member begins
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) && len(head) > name &&
		(bytes.HasPrefix(head[name:], []byte("[Content_Types].xml")) || bytes.HasPrefix(head[name:], []byte("xl/")) ||
			bytes.HasPrefix(head[name:], []byte("_rels/.rels")))
}

// texts are the texts that people take for an audit log, by a pattern that
// their beginning has.
var texts = []struct {
	pattern *regexp.Regexp
	sight
}{
	{regexp.MustCompile(`^version https://git-lfs\.github\.com/spec/`), sight{"a pointer of git-lfs in the place of a file", "fetch the file: git lfs pull"}},
	{regexp.MustCompile(`(?i)^(<!--.*-->\s*)?<(!doctype html|html)\b`), sight{"an HTML page, as a failed download or a login leaves it", "download the log again"}},
	{regexp.MustCompile(`(?s)^(<\?xml.*?\?>\s*)?<Error>\s*<Code>`), sight{"an error of S3 in the place of a file", "download the log again, with the rights to read it"}},
	{regexp.MustCompile(`^<\?xml\b`), sight{what: "XML"}},
	{regexp.MustCompile(`^\s*(aws: error|An error occurred \()`), sight{"an error of the AWS CLI in the place of its output", "run the command again"}},
	{regexp.MustCompile(`^(error: |Error from server|Unable to connect to the server)`), sight{"an error of kubectl or oc in the place of its output", "run the command again"}},
	{regexp.MustCompile(`^(node=\S+ )?type=[A-Z_0-9]+ msg=audit\(`), sight{"the audit log of Linux (auditd), which is not that of Kubernetes", "the API server writes its own, often to /var/log/kubernetes/audit"}},
	{regexp.MustCompile(`(?s)^(.*\n)?apiVersion: audit\.k8s\.io/\S+\s.*(kind: Policy\b|rules:)|^(.*\n)?kind: Policy\s.*apiVersion: audit\.k8s\.io/`), sight{"an audit policy, the rules of what is logged", "the log is where --audit-log-path of the API server says"}},
	{regexp.MustCompile(`(?m)^(- )?apiVersion: audit\.k8s\.io/`), sight{"audit events in YAML", "turn them into JSON: yq -o json FILE"}},
	{regexp.MustCompile(`(?m)^(- )?(insertId|protoPayload): ?`), sight{"entries of Cloud Logging in YAML", "read them with gcloud logging read --format=json"}},
	{regexp.MustCompile(`(?ms)^(- )?(apiVersion: \S+$.*^ *kind: \w+|kind: \w+$.*^ *apiVersion: )`), sight{what: "objects of Kubernetes in YAML, which are no log"}},
	{regexp.MustCompile(`^(NAMESPACE\s+)?LAST SEEN\s+TYPE\s+REASON`), sight{what: kubectlEvents}},
	{regexp.MustCompile(`^version account-id interface-id |^\d+ (\d{12}|unknown) eni-[0-9a-f]+ `), sight{what: "VPC flow logs"}},
	{regexp.MustCompile(`^(https?|h2|grpcs|wss?|tls) (\S+ )?\d{4}-\d\d-\d\dT\S+ (app/|net/)`), sight{what: "the access log of an Elastic Load Balancer"}},
	{regexp.MustCompile(`^[0-9a-f]{64} \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:`), sight{what: "the access log of an S3 bucket"}},
	{regexp.MustCompile(`^\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:`), sight{what: "the access log of a web server"}},
	{regexp.MustCompile(`^"?@?[A-Za-z][\w.@()*]*"?(,"?@?[A-Za-z][\w.@()*]*"?)+\r?(\n|$)`), sight{"a table without a column that holds events", "add @message to the fields of the query and run it again"}},
	{regexp.MustCompile(`^age-encryption\.org/`), sight{"data encrypted with age", "decrypt it first"}},
	{regexp.MustCompile(`^-----BEGIN PGP `), sight{"data encrypted with PGP", "decrypt it first"}},
	{regexp.MustCompile(`^-----BEGIN `), sight{what: "a key or a certificate"}},
}

// asText tells what a text is that begins with head.
func asText(head []byte) (sight, bool) {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, bom), blanks+"\n\x00")
	if line, rest, _ := bytes.Cut(head, []byte{'\n'}); string(bytes.TrimRight(line, blanks)) == "---" {
		head = rest // a YAML document begins
	}
	for _, t := range texts {
		if t.pattern.Match(head) {
			return t.sight, true
		}
	}
	return sight{}, false
}

const kubectlEvents = "the events that kubectl get events shows, which are not those of the audit log"

// schemas are the JSON objects that people take for an audit log. Of what is
// named there all are at the top of the object.
var schemas = []struct {
	keys []string
	is   func(doc gjson.Result) bool // of an object with the keys; nil: it is
	sight
}{
	{[]string{"kind", "apiVersion"}, isClusterEvent, sight{what: kubectlEvents}},
	{[]string{"kind", "apiVersion"}, isOfKind("Policy", "audit.k8s.io/"), sight{"an audit policy, the rules of what is logged", "the log is where --audit-log-path of the API server says"}},
	{[]string{"kind", "apiVersion"}, isOfKind("EventList", "audit.k8s.io/"), sight{what: "an EventList of audit events"}},
	{[]string{"kind", "apiVersion"}, isOfKind("AdmissionReview", ""), sight{what: "reviews that an admission webhook was asked for, which are no audit events"}},
	{[]string{"kind", "apiVersion"}, isOfKind("Status", ""), sight{"an answer of the API server, most likely an error in the place of a log", "fetch the log again"}},
	{[]string{"kind", "apiVersion"}, nil, sight{what: "objects of Kubernetes, which are no log"}},
	{[]string{"eventSource", "eventName", "eventVersion"}, nil, cloudTrail},
	{[]string{"Records"}, hasIn("Records.0.eventSource"), cloudTrail},
	{[]string{"audit_category"}, nil, sight{what: "the audit log of OpenSearch"}},
	{[]string{"auditID", "requestURI"}, nil, sight{"the API audit log of Rancher, which is not that of a cluster", "the API server of each cluster writes its own"}},
	{[]string{"schemaVersion", "accountId", "type", "service"}, nil, guardDuty},
	{[]string{"detail-type", "source", "detail"}, hasText("source", "aws.guardduty"), guardDuty},
	{[]string{"detail-type", "source", "detail"}, nil, sight{what: "events of EventBridge"}},
	{[]string{"output", "rule", "priority"}, nil, sight{what: "alerts of Falco"}},
	{[]string{"protoPayload"}, nil, sight{what: "entries of Cloud Audit Logs that are not of Kubernetes"}},
	{[]string{"insertId", "logName"}, nil, sight{"entries of Cloud Logging that are not of an audit log", "the audit log of GKE is cloudaudit.googleapis.com"}},
	{[]string{"class_uid", "metadata"}, nil, sight{what: "records of OCSF that are not of the class API Activity"}},
	{[]string{"logStreams"}, nil, sight{"a list of log streams", "their events: aws logs filter-log-events"}},
	{[]string{"logGroups"}, nil, sight{"a list of log groups", "their events: aws logs filter-log-events"}},
	{[]string{"queryId"}, nil, sight{"the id of a query of Logs Insights", "its rows: aws logs get-query-results"}},
	{[]string{"taskId"}, nil, sight{"the id of an export task", "its files are in the bucket"}},
	{[]string{"@ptr"}, nil, noMessage},
	{[]string{"field", "value"}, nil, noMessage},
	{[]string{"@timestamp"}, lacksMessage, noMessage},
	{[]string{"level", "msg"}, nil, controllerLog},
	{[]string{"ts", "msg"}, nil, controllerLog},
	{[]string{"level", "logger", "message"}, nil, controllerLog},
	{[]string{"level", "time", "message"}, nil, controllerLog},
}

var (
	cloudTrail    = sight{"CloudTrail, which logs calls of AWS and not those of a cluster", "the audit log of EKS is in CloudWatch Logs, in the group /aws/eks/CLUSTER/cluster"}
	guardDuty     = sight{what: "findings of GuardDuty"}
	noMessage     = sight{"rows of a query without @message", "add @message to the fields of the query and run it again"}
	controllerLog = sight{what: "the log of a controller, such as Karpenter or those of EKS Auto Mode, which is no audit log"}
)

// asObject tells what the JSON object doc is, with the keys at its top.
func asObject(doc gjson.Result, has map[string]bool) (sight, bool) {
next:
	for _, s := range schemas {
		for _, key := range s.keys {
			if !has[key] {
				continue next
			}
		}
		if s.is == nil || s.is(doc) {
			return s.sight, true
		}
	}
	return sight{}, false
}

func isOfKind(kind, version string) func(gjson.Result) bool {
	return func(doc gjson.Result) bool {
		api := doc.Get("apiVersion").Str
		return doc.Get("kind").Str == kind && len(api) >= len(version) && api[:len(version)] == version
	}
}

// isClusterEvent knows the events that tell what happens in a cluster, and lists
// of them.
func isClusterEvent(doc gjson.Result) bool {
	for _, api := range [...]string{"v1", "events.k8s.io/v1", "events.k8s.io/v1beta1"} {
		if doc.Get("apiVersion").Str == api && (doc.Get("kind").Str == "Event" || doc.Get("kind").Str == "EventList") {
			return true
		}
	}
	return false
}

func hasIn(path string) func(gjson.Result) bool {
	return func(doc gjson.Result) bool { return doc.Get(path).Exists() }
}

func hasText(key, text string) func(gjson.Result) bool {
	return func(doc gjson.Result) bool { return doc.Get(key).Str == text }
}

func lacksMessage(doc gjson.Result) bool { return !doc.Get("@message").Exists() }
