package audit

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// ocsf is the class API Activity of the Open Cybersecurity Schema Framework,
// version 1.1 to 1.5, into which Amazon Security Lake and the transformer
// parseToOCSF of CloudWatch Logs turn the audit log of EKS. Sources: ocsf/examples,
// mappings/markdown/AWS/v1.1.0/EKS Audit Logs and mappings/bloblang/AWS/eks/v1.2.0;
// AWS, "parseToOCSF".
//
// The type of the resource and its subresource stand there in one word, so that
// the objectRef is taken from the URI. What the schema has no place for stands
// under unmapped, of which the annotations, the bodies, the details of the
// answer and the rest of the user's extra are taken; all else is left out, such
// as the user who was impersonated.
var ocsf = mapping{
	name: "OCSF",
	doc: "records of the class API Activity, of the source EKS, as JSON: what Security Lake stores and what a log group " +
		"with the transformer parseToOCSF gives; records of other sources are other streams; of what is under unmapped " +
		"only annotations, bodies, details and extra are taken.",
	keys:  []string{"class_uid", "api", "metadata"},
	build: buildOCSF,
}

// An ocsfRecord is what is read of a record.
type ocsfRecord struct {
	Message string `json:"message"` // the stage
	API     struct {
		Operation string `json:"operation"`
		Version   string `json:"version"`
		Group     struct {
			Name string `json:"name"`
		} `json:"group"`
		Request struct {
			UID  string          `json:"uid"`
			Data json.RawMessage `json:"data"`
		} `json:"request"`
		Response struct {
			Code         json.RawMessage `json:"code"`
			Message      string          `json:"message"`
			Error        string          `json:"error"`
			ErrorMessage string          `json:"error_message"`
			Data         json.RawMessage `json:"data"`
		} `json:"response"`
	} `json:"api"`
	HTTPRequest struct {
		UserAgent string `json:"user_agent"`
		URL       struct {
			Path string `json:"path"`
		} `json:"url"`
	} `json:"http_request"`
	Actor struct {
		User struct {
			Name   string `json:"name"`
			UID    string `json:"uid"`
			Groups []struct {
				Name string `json:"name"`
			} `json:"groups"`
		} `json:"user"`
		Session struct {
			CredentialUID string `json:"credential_uid"`
			UID           string `json:"uid"`
			Issuer        string `json:"issuer"`
		} `json:"session"`
	} `json:"actor"`
	Resources []struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
		UID       string `json:"uid"`
		Version   string `json:"version"`
	} `json:"resources"`
	Source struct {
		IP            string          `json:"ip"`
		Intermediates json.RawMessage `json:"intermediate_ips"` // a list, or a string
	} `json:"src_endpoint"`
	Metadata struct {
		UID      string `json:"uid"`
		LogLevel string `json:"log_level"`
		Product  struct {
			Name    string `json:"name"`
			Version string `json:"version"`
		} `json:"product"`
	} `json:"metadata"`
	Time      json.RawMessage `json:"time"`
	TimeText  string          `json:"time_dt"`
	Start     json.RawMessage `json:"start_time"`
	StartText string          `json:"start_time_dt"`
	Unmapped  json.RawMessage `json:"unmapped"`
}

func buildOCSF(record []byte, m *message) (*madeEvent, bool) {
	var r ocsfRecord
	if !decodeRecord(record, &r) || r.API.Operation == "" {
		return nil, false
	}
	product := r.Metadata.Product
	if product.Name != "Amazon EKS" && !strings.HasPrefix(product.Version, "audit.k8s.io/") {
		return nil, true
	}
	m.id = r.Metadata.UID
	e := &madeEvent{
		Level:      r.Metadata.LogLevel,
		AuditID:    r.API.Request.UID,
		Stage:      r.Message,
		RequestURI: r.HTTPRequest.URL.Path,
		Verb:       r.API.Operation,
		UserAgent:  r.HTTPRequest.UserAgent,
		User:       r.user(),
		SourceIPs:  r.sourceIPs(),
		ObjectRef:  r.objectRef(),
		Received:   ocsfTime(r.StartText, r.Start),
		Staged:     ocsfTime(r.TimeText, r.Time),

		RequestObject:  jsonBody(r.API.Request.Data, ""),
		ResponseObject: jsonBody(r.API.Response.Data, ""),
		ResponseStatus: r.status(),
	}
	r.unmapped(e)
	return e, true
}

func (r *ocsfRecord) user() *madeUser {
	u := &madeUser{Username: r.Actor.User.Name, UID: r.Actor.User.UID}
	for _, g := range r.Actor.User.Groups {
		u.Groups = append(u.Groups, g.Name)
	}
	session := r.Actor.Session
	for key, value := range map[string]string{
		"accessKeyId": session.CredentialUID, "sessionName": session.UID, "canonicalArn": session.Issuer,
	} {
		if value != "" {
			u.add(key, value)
		}
	}
	return u
}

// add adds values to the extra of the user.
func (u *madeUser) add(key string, values ...string) {
	if u.Extra == nil {
		u.Extra = make(map[string][]string)
	}
	u.Extra[key] = append(u.Extra[key], values...)
}

func (r *ocsfRecord) sourceIPs() (ips []string) {
	if r.Source.IP != "" {
		ips = append(ips, r.Source.IP)
	}
	var list []string
	var one string
	if json.Unmarshal(r.Source.Intermediates, &list) == nil {
		return append(ips, list...)
	}
	if json.Unmarshal(r.Source.Intermediates, &one) == nil && one != "" {
		ips = append(ips, one)
	}
	return ips
}

// objectRef is the object that the URI leads to, with what the first of the
// resources says of it.
func (r *ocsfRecord) objectRef() *madeRef {
	_, ref := requestTo(r.API.Operation, r.HTTPRequest.URL.Path)
	if ref == nil || len(r.Resources) == 0 {
		return ref
	}
	first := r.Resources[0]
	ref.UID, ref.ResourceVersion = first.UID, first.Version
	if ref.Name == "" {
		ref.Name = first.Name
	}
	if ref.Namespace == "" {
		ref.Namespace = first.Namespace
	}
	return ref
}

// status is the answer, nil if there was none.
func (r *ocsfRecord) status() *madeResponse {
	a := r.API.Response
	code, err := strconv.Atoi(string(bytes.Trim(a.Code, `"`)))
	if err != nil && a.Message == "" && a.Error == "" && a.ErrorMessage == "" {
		return nil
	}
	s := &madeResponse{Message: a.Message, Reason: a.Error, Code: code}
	switch text := a.ErrorMessage; {
	case text == "Success" || text == "Failure":
		s.Status = text
	case s.Message == "":
		s.Message = text
	}
	return s
}

// unmapped adds to e what the schema has no place for.
func (r *ocsfRecord) unmapped(e *madeEvent) {
	for _, member := range pairs(r.Unmapped) {
		switch key := string(member.key); key {
		case "annotations":
			var values map[string]any
			if decodeRecord(member.value, &values) {
				e.Annotations = stringsIn(values)
			}
		case "requestObject":
			e.RequestObject = jsonBody(member.value, "")
		case "responseObject":
			e.ResponseObject = jsonBody(member.value, "")
		case "responseStatus":
			var status struct{ Details json.RawMessage }
			if decodeRecord(member.value, &status) && e.ResponseStatus != nil {
				e.ResponseStatus.Details = jsonBody(status.Details, "")
			}
		case "user":
			var user struct{ Extra map[string][]string }
			if !decodeRecord(member.value, &user) {
				continue
			}
			for key, values := range user.Extra {
				e.User.add(key, values...)
			}
		default:
			e.annotate(key, member.value)
		}
	}
}

// annotate adds an annotation of which key is the path, as in
// "annotations.authorization.k8s.io/decision".
func (e *madeEvent) annotate(key string, value []byte) {
	name, ok := strings.CutPrefix(key, "annotations.")
	var text string
	if !ok || json.Unmarshal(value, &text) != nil {
		return
	}
	if e.Annotations == nil {
		e.Annotations = make(map[string]string)
	}
	e.Annotations[name] = text
}

// pairs returns the members of an object, or of a list of keys and values, which
// is how a map of Parquet may be written in JSON: ["k", "v"], or
// {"key": "k", "value": "v"}.
func pairs(text json.RawMessage) object {
	text = bytes.TrimSpace(text)
	switch {
	case len(text) == 0:
		return nil
	case text[0] == '{':
		return members(nil, text)
	case text[0] != '[':
		return nil
	}
	var o object
	for _, e := range elements(nil, text) {
		var key, value []byte
		switch e[0] {
		case '[':
			if kv := elements(nil, e); len(kv) == 2 {
				key, value = kv[0], kv[1]
			}
		case '{':
			kv := members(nil, e)
			key, value = kv.get("key"), kv.get("value")
		}
		if len(key) > 2 && key[0] == '"' && value != nil {
			o = append(o, member{key[1 : len(key)-1], value})
		}
	}
	return o
}

// ocsfTime returns a time as the API server writes it: text if it is one, else
// number, which counts milliseconds or microseconds since 1970.
func ocsfTime(text string, number json.RawMessage) string {
	if stamp := madeStamp(text); stamp != "" {
		return stamp
	}
	n, err := strconv.ParseInt(string(bytes.Trim(number, `"`)), 10, 64)
	switch {
	case err != nil || n <= 0:
		return ""
	case n < 1e14: // as microseconds it would be before April 1973
		return time.UnixMilli(n).UTC().Format(madeTime)
	}
	return time.UnixMicro(n).UTC().Format(madeTime)
}
