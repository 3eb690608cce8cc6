package audit

import (
	"bytes"
	"regexp"
	"strings"
)

// others lists the lines that are known to belong to other streams of the log
// group that holds the audit log. An export of a group has them all; they are
// counted, and are no error.
var others = []struct {
	doc string
	is  func(line []byte) bool
}{
	{"klog, the API server's own log", isKlog},
	{"logfmt, the log of the authenticator", isLogfmt},
	{"the test object of an export task", isExportTest},
	{"the listings of must-gather", isListing},
}

func isOther(line []byte) bool { return kindOf(line) != "" }

// kindOf returns what kind of line of another stream it is: how its doc begins;
// or "".
func kindOf(line []byte) string {
	for _, o := range others {
		if o.is(line) {
			kind, _, _ := strings.Cut(o.doc, ",")
			return kind
		}
	}
	return ""
}

// controlKind is the kind of the messages by which the log service tests a
// subscription.
const controlKind = "control messages"

// foreignKind is the kind of what an envelope says to be of another log.
const foreignKind = "records of other logs"

// klogHead is severity, month and day, and time, as in
// "I1123 07:24:21.277787   13026 serving.go:405] ...". Source: k8s.io/klog/v2.
var klogHead = regexp.MustCompile(`^[IWEF][01]\d[0-3]\d \d\d:\d\d:\d\d\.\d{6} `)

func isKlog(line []byte) bool {
	return len(line) > 0 && bytes.IndexByte([]byte("IWEF"), line[0]) >= 0 && klogHead.Match(line)
}

// isLogfmt knows the lines of aws-iam-authenticator, which logs with logrus:
// `time="2021-08-08T20:04:44Z" level=warning msg=...`.
func isLogfmt(line []byte) bool {
	after, ok := bytes.CutPrefix(line, []byte(`time="`))
	if !ok {
		return false
	}
	_, after, ok = bytes.Cut(after, []byte(`" `))
	return ok && bytes.HasPrefix(after, []byte("level="))
}

// isListing knows the lines of the files that must-gather puts beside the logs,
// "NODE FILE". Source: openshift/must-gather collection-scripts/gather_audit_logs.
func isListing(line []byte) bool {
	node, file, ok := bytes.Cut(line, []byte{' '})
	name, isLog := bytes.CutSuffix(file, []byte(".log"))
	return ok && isLog && isHostName(node) && len(name) > 0 && bytes.IndexByte(name, ' ') < 0
}

// isExportTest knows the object aws-logs-write-test, which CloudWatch Logs
// leaves in the bucket it exports to.
func isExportTest(line []byte) bool { return string(line) == "Permission Check Successful" }

// eksStreams are how the names of the streams begin that the log group of an EKS
// cluster has, the audit stream first. Source: AWS, "Send control plane logs to
// CloudWatch Logs"; exports seen.
var eksStreams = []string{
	"kube-apiserver-audit", "kube-apiserver-", "authenticator-",
	"kube-controller-manager-", "cloud-controller-manager-", "kube-scheduler-",
}

// isEKSStream tells a name, or a text that begins with one.
func isEKSStream(name []byte) bool {
	for _, prefix := range eksStreams {
		if bytes.HasPrefix(name, []byte(prefix)) {
			return true
		}
	}
	return false
}

// isForeign tells whether a message that could not be read for this reason is
// of a stream that is known to hold something else.
func (s *scan) isForeign(m *message, reason error) bool {
	stream := m.stream
	if stream == "" {
		stream = s.stream
	}
	return (reason == ErrNotJSON || reason == ErrNotEvent) &&
		isEKSStream([]byte(stream)) && !strings.HasPrefix(stream, eksStreams[0])
}
