package evicttest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit"
)

// A Log is the audit log of an API server, to which its methods add requests.
// It has a clock: a request is received at the time of the clock and answered
// [Latency] later, which is then the time of the clock. [Log.After] puts it
// forward. The same calls give the same bytes, uids and audit IDs included.
//
// The methods write what is logged, and keep no cluster: a pod can be evicted
// that was never made, since a log may begin in the middle.
type Log struct {
	// Level is that of every event. Empty means the levels of the audit policy
	// of Amazon EKS, under which reads are not RequestResponse, nor what
	// kubelets say of their pods, nor what the namespace controller deletes.
	// Source: https://docs.aws.amazon.com/eks/latest/best-practices/auditing-and-logging.html.
	Level auditv1.Level

	// Received has the stage RequestReceived of each request logged too, which
	// Amazon EKS omits.
	Received bool

	now     time.Time
	events  []json.RawMessage
	version int // the latest resourceVersion
	made    map[string]int
	nodes   map[string]*node
}

// Latency is how long the API server of a [Log] takes to answer.
const Latency = 10 * time.Millisecond

// NewLog returns an empty log whose clock stands at start, cut to
// microseconds.
func NewLog(start time.Time) *Log {
	return &Log{now: start.UTC().Truncate(time.Microsecond), version: 48_113_207, made: map[string]int{}}
}

// After puts the clock forward.
func (l *Log) After(d time.Duration) { l.now = l.now.Add(d) }

// Now is the time of the clock: that of the last answer, if nothing put it
// forward since.
func (l *Log) Now() time.Time { return l.now }

// Source returns the events so far, as a source that can be given to the
// functions of package evict. The place of an event is its line.
func (l *Log) Source() audit.List {
	list := make(audit.List, 0, len(l.events))
	offset := int64(0)
	for i, raw := range l.events {
		list = append(list, audit.Event{
			Raw:    raw,
			Stream: "kube-apiserver-audit",
			Pos:    audit.Pos{File: "log", Line: i + 1, Offset: offset},
		})
		offset += int64(len(raw)) + 1
	}
	return list
}

// WriteTo writes the events so far as the API server writes its log file: one
// on each line.
func (l *Log) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	for _, raw := range l.events {
		b.Write(raw)
		b.WriteByte('\n')
	}
	return b.WriteTo(w)
}

// A request is one request and its answer.
type request struct {
	by     Actor
	verb   string
	on     auditv1.ObjectReference
	query  string // of the URI
	level  auditv1.Level
	body   any
	status metav1.Status
	answer any // the body of the answer; nil if it is the status

	unread      bool // refused before the body was read
	unanswered  bool
	stage       auditv1.Stage     // of the answer; empty means ResponseComplete
	annotations map[string]string // beside those of the authorizer
}

// add makes a request, and moves the clock to its answer.
func (l *Log) add(r request) {
	ev := auditv1.Event{
		TypeMeta:                 metav1.TypeMeta{Kind: "Event", APIVersion: "audit.k8s.io/v1"},
		Level:                    l.level(r.level),
		AuditID:                  types.UID(uid("request", strconv.Itoa(l.count("request")))),
		Stage:                    auditv1.StageRequestReceived,
		RequestURI:               r.uri(),
		Verb:                     r.verb,
		ObjectRef:                &r.on,
		RequestReceivedTimestamp: metav1.NewMicroTime(l.now),
		StageTimestamp:           metav1.NewMicroTime(l.now),
	}
	r.by.sign(&ev)
	if l.Received || r.unanswered {
		received := ev
		received.Annotations = nil
		l.write(received)
	}
	l.now = l.now.Add(Latency)
	if r.unanswered {
		return
	}
	ev.StageTimestamp = metav1.NewMicroTime(l.now)
	ev.Stage = auditv1.StageResponseComplete
	if r.stage != "" {
		ev.Stage = r.stage
	}
	ev.ResponseStatus = &r.status
	for key, value := range r.annotations {
		ev.Annotations[key] = value
	}
	if r.status.Code == 401 { // apiserver pkg/endpoints/filters/authn_audit.go
		ev.User, ev.Annotations = auditv1.Event{}.User, nil
	}
	if !r.unread && ev.Level != auditv1.LevelMetadata {
		ev.RequestObject = object(r.body)
	}
	if ev.Level == auditv1.LevelRequestResponse {
		ev.ResponseObject = object(r.answerBody())
	}
	l.write(ev)
}

// uri is that of the request.
func (r *request) uri() string {
	var b strings.Builder
	b.WriteString("/api/" + r.on.APIVersion)
	if r.on.APIGroup != "" {
		b.Reset()
		b.WriteString("/apis/" + r.on.APIGroup + "/" + r.on.APIVersion)
	}
	parts := []string{r.on.Resource, r.on.Name, r.on.Subresource}
	if r.on.Namespace != "" && r.on.Resource != "namespaces" {
		parts = append([]string{"namespaces", r.on.Namespace}, parts...)
	}
	if r.verb == "create" && r.on.Subresource == "" {
		parts[len(parts)-2] = "" // the name is in the body
	}
	for _, part := range parts {
		if part != "" {
			b.WriteString("/" + part)
		}
	}
	if r.query != "" {
		b.WriteString("?" + r.query)
	}
	return b.String()
}

func (r *request) answerBody() any {
	if r.answer != nil {
		return r.answer
	}
	status := r.status
	status.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	return status
}

// level is that of an event for which Amazon EKS has the given one.
func (l *Log) level(eks auditv1.Level) auditv1.Level {
	switch {
	case l.Level != "":
		return l.Level
	case eks != "":
		return eks
	}
	return auditv1.LevelRequestResponse
}

func (l *Log) write(ev auditv1.Event) {
	l.events = append(l.events, encode(ev))
}

// object is a body as an audit event holds it.
func object(body any) *runtime.Unknown {
	if body == nil {
		return nil
	}
	return &runtime.Unknown{Raw: encode(body)}
}

// encode is encoding/json, as the API server uses it for its audit log. What
// this package encodes has no value that it refuses.
func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("evicttest: %v", err))
	}
	return raw
}

// count returns how many of a kind were made before.
func (l *Log) count(kind string) int {
	n := l.made[kind]
	l.made[kind]++
	return n
}

// nextVersion is the resourceVersion after a write.
func (l *Log) nextVersion() string {
	l.version++
	return strconv.Itoa(l.version)
}

// second is the time of the clock as objects of the API have it.
func (l *Log) second() metav1.Time { return metav1.NewTime(l.now.Truncate(time.Second)) }

// uid is a uid that depends on nothing but what it is of.
func uid(of ...string) string {
	h := sha256.Sum256([]byte(strings.Join(of, "/")))
	h[6] = h[6]&0x0f | 0x40 // version 4, as the API server makes them
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// success is the status in the log of a request whose answer is an object.
func success(code int32) metav1.Status { return metav1.Status{Code: code} }

// statusOnly is that of one whose answer is a status itself.
func statusOnly(code int32) metav1.Status {
	return metav1.Status{Status: metav1.StatusSuccess, Code: code}
}
