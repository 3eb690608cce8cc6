package audit

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit/fields"
)

// cloudAudit is the schema of Cloud Audit Logs, in which GKE keeps the audit log
// of its clusters: a LogEntry with an AuditLog of the service k8s.io in its
// protoPayload. Sources: Google Cloud, "LogEntry" and "AuditLog" of the Cloud
// Logging reference, "GKE audit logging information"; entries published in
// panther-labs/panther-analysis and elastic/integrations.
//
// What is not in an entry is left out of the event. The query of the request is
// not, so a dry run looks like any other request; nor are the groups of the
// user, the user who was impersonated, and the time at which the request was
// received. The HTTP code of an answer is there if the answer is a Status that
// the entry has; else it is the one that belongs to the entry's gRPC code, and
// of a success, which may be 200 or 201, it is not known.
var cloudAudit = mapping{
	name: "Cloud Audit Logs",
	doc: "the log entries of GKE, from a sink or from gcloud logging read --format=json; entries of other services " +
		"are other streams; the query of a request, the user's groups and the code of a success without a body are not known.",
	keys:  []string{"protoPayload"},
	build: buildCloudAudit,
}

// A cloudEntry is what is read of a LogEntry.
type cloudEntry struct {
	InsertID         string         `json:"insertId"`
	LogName          string         `json:"logName"`
	Timestamp        string         `json:"timestamp"`
	ReceiveTimestamp string         `json:"receiveTimestamp"`
	Labels           map[string]any `json:"labels"`
	Operation        struct {
		ID       string `json:"id"`
		Producer string `json:"producer"`
	} `json:"operation"`
	Payload struct {
		ServiceName        string `json:"serviceName"`
		MethodName         string `json:"methodName"`
		ResourceName       string `json:"resourceName"`
		AuthenticationInfo struct {
			PrincipalEmail string `json:"principalEmail"`
		} `json:"authenticationInfo"`
		RequestMetadata struct {
			CallerIP  string `json:"callerIp"`
			UserAgent string `json:"callerSuppliedUserAgent"`
		} `json:"requestMetadata"`
		Status *struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
		} `json:"status"`
		Request  json.RawMessage `json:"request"`
		Response json.RawMessage `json:"response"`
	} `json:"protoPayload"`
}

func buildCloudAudit(record []byte, m *message) (*madeEvent, bool) {
	var entry cloudEntry
	if !decodeRecord(record, &entry) || entry.Payload.MethodName == "" {
		return nil, false
	}
	p := &entry.Payload
	if p.ServiceName != "k8s.io" && (p.ServiceName != "" || !strings.HasPrefix(p.MethodName, "io.k8s.")) {
		return nil, true
	}
	m.id, m.logged, m.ingested = entry.InsertID, parseStamp(entry.Timestamp), parseStamp(entry.ReceiveTimestamp)
	if entry.LogName != "" {
		m.group = entry.LogName
	}
	e := &madeEvent{
		Level:          "Metadata",
		AuditID:        entry.InsertID,
		Stage:          "ResponseComplete", // an entry tells of the request and its answer
		RequestURI:     cloudPath(p.ResourceName),
		Verb:           p.MethodName[strings.LastIndexByte(p.MethodName, '.')+1:],
		UserAgent:      p.RequestMetadata.UserAgent,
		RequestObject:  jsonBody(p.Request, "@type"),
		ResponseObject: jsonBody(p.Response, "@type"),
		Staged:         madeStamp(entry.Timestamp),
	}
	if entry.Operation.Producer == "k8s.io" && entry.Operation.ID != "" {
		e.AuditID = entry.Operation.ID
	}
	if name := p.AuthenticationInfo.PrincipalEmail; name != "" {
		e.User = &madeUser{Username: name}
	}
	if ip := p.RequestMetadata.CallerIP; ip != "" {
		e.SourceIPs = []string{ip}
	}
	if e.RequestURI != "" {
		_, e.ObjectRef = requestTo(e.Verb, e.RequestURI)
	}
	switch {
	case e.ResponseObject != nil:
		e.Level = "RequestResponse"
	case e.RequestObject != nil:
		e.Level = "Request"
	}
	e.ResponseStatus = entry.status(e.ResponseObject)
	e.Annotations = stringsIn(entry.Labels)
	return e, true
}

// cloudPath returns the path of a request for the resource of an entry, as in
// "core/v1/namespaces/NS/pods/POD/eviction" and
// "apps/v1/namespaces/NS/deployments"; "" if it is none.
func cloudPath(resource string) string {
	group, rest, _ := strings.Cut(resource, "/")
	if strings.Count(rest, "/") == 0 {
		return ""
	}
	if group == "core" {
		return "/api/" + rest
	}
	return "/apis/" + resource
}

// status returns what is known of the answer: from its body, if that is a
// Status, else from the entry's own status. It returns nil if there is neither.
func (e *cloudEntry) status(body json.RawMessage) *madeResponse {
	var answer struct {
		Kind    string          `json:"kind"`
		Status  string          `json:"status"`
		Message string          `json:"message"`
		Reason  string          `json:"reason"`
		Details json.RawMessage `json:"details"`
		Code    int             `json:"code"`
	}
	own := e.Payload.Status
	switch {
	case body != nil && decodeRecord(body, &answer) && answer.Kind == "Status":
		r := &madeResponse{Status: answer.Status, Message: answer.Message, Reason: answer.Reason, Details: jsonBody(answer.Details, ""), Code: answer.Code}
		if r.Code == 0 && own != nil {
			r.Code = httpCodes[own.Code]
		}
		return r
	case own == nil:
		return nil
	case own.Code == 0:
		return &madeResponse{Status: "Success"}
	}
	return &madeResponse{Status: "Failure", Message: own.Message, Code: httpCodes[own.Code]}
}

// httpCodes are the HTTP codes that belong to the codes of gRPC. Which of
// several it was that an API server answered with is not known; those that no
// API server answers with are left out. Source: googleapis, google/rpc/code.proto; 403
// and 409 seen in entries with both.
var httpCodes = map[int]int{
	3:  400, // INVALID_ARGUMENT
	4:  504, // DEADLINE_EXCEEDED
	5:  404, // NOT_FOUND
	6:  409, // ALREADY_EXISTS
	7:  403, // PERMISSION_DENIED
	8:  429, // RESOURCE_EXHAUSTED
	9:  400, // FAILED_PRECONDITION
	10: 409, // ABORTED
	11: 400, // OUT_OF_RANGE
	12: 501, // UNIMPLEMENTED
	13: 500, // INTERNAL
	14: 503, // UNAVAILABLE
	16: 401, // UNAUTHENTICATED
}

// stringsIn returns the members that are strings.
func stringsIn(values map[string]any) map[string]string {
	texts := make(map[string]string)
	for key, value := range values {
		if text, ok := value.(string); ok {
			texts[key] = text
		}
	}
	return texts
}

// parseStamp returns the time that text tells in any of the ways that
// [fields.ParseTime] reads, or zero.
func parseStamp(text string) time.Time {
	nanos, ok := fields.ParseTime([]byte(text))
	if !ok {
		return time.Time{}
	}
	return time.Unix(0, nanos).UTC()
}
