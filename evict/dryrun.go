package evict

import (
	"net/url"
	"slices"
	"strings"
)

// DryRun says whether a request was one that changes nothing, made to learn
// the answer.
type DryRun uint8

const (
	// DryRunUnknown: the log cannot tell. A client may ask in the query of
	// the request, which every event has, or in its body, which many have
	// not: so a missing body leaves it open. kubectl, client-go and most
	// controllers ask in the body.
	DryRunUnknown DryRun = iota
	// DryRunNo: the eviction was meant.
	DryRunNo
	// DryRunYes: nothing was to change.
	DryRunYes
)

// String returns "unknown", "no" or "yes".
func (d DryRun) String() string {
	switch d {
	case DryRunNo:
		return "no"
	case DryRunYes:
		return "yes"
	}
	return "unknown"
}

// dryRunOf decides as the server does: the query and the body count alike, and
// it refuses a query of another value than All. Source: kubernetes
// pkg/registry/core/pod/storage/eviction.go (propagateDryRun), apiserver
// pkg/util/dryrun.
func dryRunOf(requestURI string, body eviction, hasBody bool) (DryRun, Evidence) {
	_, query, _ := strings.Cut(requestURI, "?")
	values, _ := url.ParseQuery(query) // of a bad query it gives the good part
	if slices.Contains(values["dryRun"], "All") {
		return DryRunYes, Evidence{Field: "requestURI", Value: requestURI}
	}
	if !hasBody {
		return DryRunUnknown, Evidence{}
	}
	why := Evidence{Field: "requestObject.deleteOptions.dryRun"}
	if opts := body.DeleteOptions; opts != nil && len(opts.DryRun) > 0 {
		why.Value = strings.Join(opts.DryRun, ",")
		return DryRunYes, why
	}
	return DryRunNo, why
}
