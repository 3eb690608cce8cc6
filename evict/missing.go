package evict

import "regexp"

// Queries that fetch what a log lacks. Each selects the events that [Missing]
// names and no others; the time range is that of the one who asks.
//
// They go by fields that stand early in an event: CloudWatch Logs finds no more
// than the first 200 of them.
// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html.

// auditQuery returns a query for the events of an audit log for which the
// condition holds, the newest first.
func auditQuery(condition string) string {
	return `filter @logStream like /^kube-apiserver-audit/
| fields @timestamp, user.username, verb, requestURI, @message
| sort @timestamp desc
| filter ` + condition
}

// ofPod is the condition that the request names the pod.
func ofPod(namespace, pod string) string {
	return `objectRef.resource == "pods" and objectRef.namespace == ` + quote(namespace) + ` and objectRef.name == ` + quote(pod)
}

// creationOf is the condition that the request made the pod. If the server made
// the name, only the answer has it.
func creationOf(namespace, pod string) string {
	return `verb == "create" and objectRef.resource == "pods" and not ispresent(objectRef.subresource) and objectRef.namespace == ` +
		quote(namespace) + ` and @message like ` + quote(`"name":"`+pod+`"`)
}

// missingEvictions are the requests to evict a pod. What they would tell stands
// in why.
func missingEvictions(namespace, pod, why string) Missing {
	return Missing{What: "the requests to evict the pod: " + why, Query: Query(namespace, pod)}
}

// missingPlace are the events that tell what a pod ran on. Each of them would
// do.
func missingPlace(namespace, pod string) []Missing {
	return []Missing{
		{
			What: "the binding of the pod, which names its node",
			Query: auditQuery(`verb == "create" and objectRef.namespace == ` + quote(namespace) + ` and objectRef.name == ` + quote(pod) +
				` and (objectRef.subresource == "binding" or objectRef.resource == "bindings")`),
		},
		{
			What:  "the kubelet's delete of the pod, which is its end and holds the whole pod",
			Query: auditQuery(`verb == "delete" and not ispresent(objectRef.subresource) and user.username like /^system:node:/ and ` + ofPod(namespace, pod)),
		},
		{
			What:  "the creation of the pod, which holds its labels and the name of its scheduler",
			Query: auditQuery(creationOf(namespace, pod)),
		},
	}
}

// missingDecision are the requests that remove a pod.
func missingDecision(namespace, pod, when string) Missing {
	return Missing{
		What: "the requests that remove the pod " + when + ": evictions, deletes, and deletes of collections",
		Query: auditQuery(`objectRef.resource == "pods" and objectRef.namespace == ` + quote(namespace) +
			` and (verb == "deletecollection" or objectRef.name == ` + quote(pod) +
			` and (verb == "delete" and not ispresent(objectRef.subresource) or verb == "create" and objectRef.subresource == "eviction"))`),
	}
}

// missingPod is all that changed the pod.
func missingPod(namespace, pod string) Missing {
	return Missing{
		What:  "every request that made, changed or removed the pod",
		Query: auditQuery(ofPod(namespace, pod) + ` and verb in ["create", "update", "patch", "delete"] or ` + creationOf(namespace, pod)),
	}
}

// missingProfile is the deletion of a Fargate profile, which deletes its pods.
// The log of CloudTrail has it.
// Source: https://docs.aws.amazon.com/eks/latest/userguide/delete-fargate-profile.html.
func missingProfile() Missing {
	return Missing{
		What: "whether the Fargate profile of the pod was deleted, which deletes its pods: DeleteFargateProfile in the log group of CloudTrail",
		Query: `fields @timestamp, userIdentity.arn, requestParameters.name, requestParameters.fargateProfileName, @message
| sort @timestamp desc
| filter eventSource == "eks.amazonaws.com" and eventName == "DeleteFargateProfile"`,
	}
}

// missingNodeDeletion is the deletion of a node.
func missingNodeDeletion(node string) Missing {
	return Missing{
		What:  "the deletion of the node, which names who deleted it",
		Query: auditQuery(`verb == "delete" and objectRef.resource == "nodes" and objectRef.name == ` + quote(node)),
	}
}

// missingNode is all that changed the node, and what its kubelet and the
// scheduler said of its pods.
func missingNode(node string) Missing {
	return Missing{
		What: "the cordon, the taints and the deletion of the node, the bindings of its pods, and what its kubelet said of them",
		Query: auditQuery(`objectRef.resource == "nodes" and not ispresent(objectRef.subresource) and objectRef.name == ` + quote(node) +
			` and verb in ["update", "patch", "delete"]` +
			` or objectRef.resource == "pods" and user.username == ` + quote(kubeletPrefix+node) + ` and verb in ["update", "patch", "delete"]` +
			` or verb == "create" and objectRef.subresource == "binding" and @message like ` + pattern(`"target":\{[^}]*"name":"`+regexp.QuoteMeta(node)+`"`)),
	}
}
