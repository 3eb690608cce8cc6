package evict

import (
	"regexp"
	"strings"
)

// Query returns the query of CloudWatch Logs Insights that selects the
// requests to evict one pod, the newest first: that of the AWS article with
// the names put in. An empty pod stands for all pods of the namespace, an
// empty namespace for all namespaces.
//
// It selects the events for which [FromEvent] reports an attempt of verb
// create. Where the log has the stage RequestReceived, that is two for most
// requests.
//
// Source: https://repost.aws/knowledge-center/eks-fargate-patching-deleted-nodes
func Query(namespace, pod string) string {
	return `filter @logStream like /^kube-apiserver-audit/
| fields @timestamp, user.username, user.extra.canonicalArn.0, @message
| sort @timestamp desc
| filter verb == "create" and objectRef.subresource == 'eviction'
| filter requestURI like ` + pathOf(namespace, pod)
}

// pathOf returns the part of the path that the requests have in common, as a
// text or, where something in its middle is free, as a regular expression. The
// slash at the end keeps web-1 apart from web-10.
func pathOf(namespace, pod string) string {
	const root = "/api/v1/namespaces/"
	switch {
	case namespace == "" && pod == "":
		return quote(root)
	case namespace == "":
		return pattern("^" + regexp.QuoteMeta(root) + "[^/]+" + regexp.QuoteMeta("/pods/"+pod+"/"))
	case pod == "":
		return quote(root + namespace + "/pods/")
	}
	return quote(root + namespace + "/pods/" + pod + "/")
}

// quote writes a string literal of the query language. A name holds nothing
// that needs escapes unless someone made it up, to end the literal early and
// have the rest read as part of the query.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`).Replace(s) + `"`
}

// pattern writes a regular expression of the query language.
func pattern(s string) string {
	return "/" + strings.NewReplacer("/", `\/`, "\n", `\n`, "\r", `\r`).Replace(s) + "/"
}
