package audit

import (
	"net/url"
	"strings"
)

// verbs are what the API server calls the HTTP methods where they concern a
// resource.
var verbs = map[string]string{
	"POST": "create", "GET": "get", "HEAD": "get", "PUT": "update", "PATCH": "patch", "DELETE": "delete",
}

// requestTo returns the verb of a request and the object it concerns, as the API
// server takes them from the request's method and URI; ref is nil if that is no
// resource. verb may also be given in place of the method, and is then
// returned. Source: k8s.io/apiserver pkg/endpoints/request/requestinfo.go.
func requestTo(method, uri string) (verb string, ref *madeRef) {
	verb, given := verbs[method], strings.ToUpper(method) != method
	u, err := url.ParseRequestURI(uri)
	if err != nil {
		u = &url.URL{}
	}
	ref, parts := resourceIn(u.Path)
	switch {
	case given:
		verb = method
	case ref == nil:
		return strings.ToLower(method), nil
	}
	if ref == nil {
		return verb, nil
	}
	special := parts[0] == "proxy" || parts[0] == "watch"
	if special && !given {
		verb = parts[0]
	}
	proxied := parts[0] == "proxy"
	if special {
		parts = parts[1:]
	}
	ref.fill(parts, proxied)
	query := u.Query()
	if ref.Name != "" {
		return verb, ref
	}
	switch verb {
	case "get":
		verb = "list"
		if watch := strings.ToLower(query.Get("watch")); query.Has("watch") && watch != "false" && watch != "0" {
			verb = "watch"
		}
	case "delete":
		verb = "deletecollection"
	}
	if !special && (verb == "list" || verb == "watch") {
		ref.Name = selectedName(query.Get("fieldSelector"))
	}
	return verb, ref
}

// resourceIn returns the API group and version that a path begins with, and the
// parts of it that follow, of which there is one at least. ref is nil if the path
// leads to no resource.
func resourceIn(path string) (ref *madeRef, parts []string) {
	parts = strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case len(parts) >= 3 && parts[0] == "api":
		ref = &madeRef{APIVersion: parts[1]}
		parts = parts[2:]
	case len(parts) >= 4 && parts[0] == "apis":
		ref = &madeRef{APIGroup: parts[1], APIVersion: parts[2]}
		parts = parts[3:]
	}
	if ref != nil && len(parts) == 1 && (parts[0] == "proxy" || parts[0] == "watch") {
		return nil, nil // the API server refuses it
	}
	return ref, parts
}

// fill takes in the parts of a path that name the object. What is behind the
// object of a proxy is not the API server's.
func (r *madeRef) fill(parts []string, proxied bool) {
	if parts[0] == "namespaces" && len(parts) > 1 {
		r.Namespace = parts[1]
		if len(parts) > 2 && parts[2] != "status" && parts[2] != "finalize" {
			parts = parts[2:]
		}
	}
	r.Resource = parts[0]
	if len(parts) > 1 {
		r.Name = parts[1]
	}
	if len(parts) > 2 && !proxied {
		r.Subresource = parts[2]
	}
}

// selectedName returns the one name that a field selector allows, or "".
func selectedName(selector string) string {
	for term := range strings.SplitSeq(selector, ",") {
		name, ok := strings.CutPrefix(term, "metadata.name=")
		if name = strings.TrimPrefix(name, "="); ok && !strings.ContainsAny(name, `\/%`) && name != "." && name != ".." {
			return name
		}
	}
	return ""
}
