package audit

import "encoding/json"

// A madeEvent is an event that is put together from what a form tells that does
// not hold the JSON of the API server. Its keys have the order in which the API
// server writes them. What the form does not tell is left out.
type madeEvent struct {
	Kind             string            `json:"kind"`
	APIVersion       string            `json:"apiVersion"`
	Level            string            `json:"level,omitempty"`
	AuditID          string            `json:"auditID,omitempty"`
	Stage            string            `json:"stage,omitempty"`
	RequestURI       string            `json:"requestURI,omitempty"`
	Verb             string            `json:"verb,omitempty"`
	User             *madeUser         `json:"user,omitempty"`
	ImpersonatedUser *madeUser         `json:"impersonatedUser,omitempty"`
	SourceIPs        []string          `json:"sourceIPs,omitempty"`
	UserAgent        string            `json:"userAgent,omitempty"`
	ObjectRef        *madeRef          `json:"objectRef,omitempty"`
	ResponseStatus   *madeResponse     `json:"responseStatus,omitempty"`
	RequestObject    json.RawMessage   `json:"requestObject,omitempty"`
	ResponseObject   json.RawMessage   `json:"responseObject,omitempty"`
	Received         string            `json:"requestReceivedTimestamp,omitempty"`
	Staged           string            `json:"stageTimestamp,omitempty"`
	Annotations      map[string]string `json:"annotations,omitempty"`
}

type madeUser struct {
	Username string              `json:"username,omitempty"`
	UID      string              `json:"uid,omitempty"`
	Groups   []string            `json:"groups,omitempty"`
	Extra    map[string][]string `json:"extra,omitempty"`
}

type madeRef struct {
	Resource        string `json:"resource,omitempty"`
	Namespace       string `json:"namespace,omitempty"`
	Name            string `json:"name,omitempty"`
	UID             string `json:"uid,omitempty"`
	APIGroup        string `json:"apiGroup,omitempty"`
	APIVersion      string `json:"apiVersion,omitempty"`
	ResourceVersion string `json:"resourceVersion,omitempty"`
	Subresource     string `json:"subresource,omitempty"`
}

type madeResponse struct {
	Metadata struct{}        `json:"metadata"`
	Status   string          `json:"status,omitempty"`
	Message  string          `json:"message,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	Details  json.RawMessage `json:"details,omitempty"`
	Code     int             `json:"code,omitempty"`
}

// madeTime is how the API server writes a time.
const madeTime = "2006-01-02T15:04:05.000000Z"

// raw returns the JSON text of the event.
func (e *madeEvent) raw() []byte {
	e.Kind, e.APIVersion = "Event", "audit.k8s.io/v1"
	text, err := json.Marshal(e)
	if err != nil {
		panic(err) // what is not written here is valid JSON
	}
	return text
}
