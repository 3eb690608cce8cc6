package evict

import "strings"

// Initiator says who is behind the request, by the extra rules and by those of
// the package, which stand in the package comment.
//
// Of the rules that match, that of the most trusted field counts: the name that
// the server has authenticated, or that of the impersonated user, before the
// IAM role, the reason of the authorizer, the pod, the webhook, the user agent
// and the body. Where two have the same trust, an extra rule comes before one
// of the package, and then the one that stands first. A few rules of the
// package say no more than what sort of user name it is, or infer from the marks
// on the node; they count if no other rule matches.
//
// A name that was taken by impersonation is second hand: the server has
// authenticated somebody else. The confidence is then [Low], unless that other
// one is of the same kind in their own name.
//
// The evidence begins with the user name, also if no rule matches. It leaves
// out what the request itself does not tell: what the pod runs on, and the
// marks on its node. The positions are those of the event, and not set.
func (r *Request) Initiator(extra []Rule) Initiator {
	rule := r.ruleFor(extra)
	if rule == nil {
		return Initiator{Actor: r.Actor, Evidence: r.userEvidence(nil)}
	}
	in := Initiator{
		Kind:       rule.Kind,
		Class:      rule.Class,
		Confidence: r.confidence(rule),
		Actor:      r.Actor,
		Detail:     r.detail(rule.Kind),
		Evidence:   r.evidence(rule),
	}
	if r.Actor.Impersonated != "" && in.Confidence > Low {
		own := *r
		own.Actor.Impersonated = ""
		caller := own.ruleFor(extra)
		if caller == nil || caller.Kind != in.Kind {
			in.Confidence = Low
		} else {
			in.Confidence = min(in.Confidence, own.confidence(caller))
		}
	}
	return in
}

// ruleFor returns the rule that counts for the request, nil if none matches.
func (r *Request) ruleFor(extra []Rule) *Rule {
	var best *Rule
	trust := fieldCount + 1
	for _, list := range [...][]Rule{extra, initiatorRules} {
		for i := range list {
			if t := list[i].trust(); t < trust && list[i].matches(r) {
				best, trust = &list[i], t
			}
		}
	}
	if best != nil {
		return best
	}
	for i := range fallbackRules {
		if fallbackRules[i].matches(r) {
			return &fallbackRules[i]
		}
	}
	return nil
}

// trust returns the most trusted field of the conditions that must hold.
func (r *Rule) trust() Field {
	trust := fieldCount
	for i := range r.Match {
		if m := &r.Match[i]; !m.Not && !m.Soft {
			trust = min(trust, m.Field)
		}
	}
	return trust
}

// matches reports whether all conditions hold. A rule without any that must
// hold matches nothing.
func (r *Rule) matches(req *Request) bool {
	decides := false
	for i := range r.Match {
		m := &r.Match[i]
		if m.Soft {
			continue
		}
		if !m.holds(req) {
			return false
		}
		decides = true
	}
	return decides
}

// confidence returns that of the rule, less a grade if a condition that should
// hold does not.
func (r *Request) confidence(rule *Rule) Confidence {
	for i := range rule.Match {
		if m := &rule.Match[i]; m.Soft && r.has(m.Field) && !m.holds(r) && rule.Confidence > Low {
			return rule.Confidence - 1
		}
	}
	return rule.Confidence
}

// has reports whether the request has the field at all.
func (r *Request) has(f Field) bool {
	switch f {
	case FieldAnnotations:
		return len(r.Annotations) > 0
	case FieldNodeMarks:
		return len(r.NodeMarks) > 0
	case FieldRequest:
		return r.Verb != ""
	case FieldCompute:
		return r.Compute != ComputeUnknown
	}
	return r.text(f) != ""
}

// evidence returns the fields that the rule went by, the user name first.
func (r *Request) evidence(rule *Rule) []Evidence {
	list := r.userEvidence(make([]Evidence, 0, len(rule.Match)+2))
	var seen [fieldCount]bool
	seen[FieldUser] = true
	for i := range rule.Match {
		m := &rule.Match[i]
		if m.Field >= fieldCount || seen[m.Field] && m.Field != FieldAnnotations || !r.has(m.Field) {
			continue
		}
		seen[m.Field] = true
		list = r.appendEvidence(list, m)
	}
	return list
}

// userEvidence appends the user name that counts, and that of the caller if it
// is another.
func (r *Request) userEvidence(list []Evidence) []Evidence {
	if r.Actor.Impersonated != "" {
		list = append(list, Evidence{Field: "impersonatedUser.username", Value: r.Actor.Impersonated})
	}
	return append(list, Evidence{Field: "user.username", Value: r.Actor.User})
}

// appendEvidence appends what the condition was read from.
func (r *Request) appendEvidence(list []Evidence, m *Match) []Evidence {
	switch m.Field {
	case FieldAnnotations:
		if key, ok := m.annotation(r); ok {
			list = append(list, Evidence{Field: "requestObject.metadata.annotations." + key, Value: r.Annotations[key]})
		}
		return list
	case FieldRequest:
		list = append(list, Evidence{Field: "verb", Value: r.Verb}, Evidence{Field: "objectRef.resource", Value: r.Resource})
		if r.Subresource != "" {
			list = append(list, Evidence{Field: "objectRef.subresource", Value: r.Subresource})
		}
		return list
	case FieldWebhook:
		return append(list, Evidence{Field: "responseStatus.message", Value: r.Message}) // it quotes the name
	}
	if path := fieldPaths[m.Field]; path != "" {
		list = append(list, Evidence{Field: path, Value: r.text(m.Field)})
	}
	return list
}

// fieldPaths are the paths of the fields that are one text of the event.
var fieldPaths = [fieldCount]string{
	FieldCanonicalARN: "user.extra.canonicalArn.0",
	FieldRBAC:         "annotations.authorization.k8s.io/reason",
	FieldPodName:      "user.extra.authentication.kubernetes.io/pod-name.0",
	FieldUserAgent:    "userAgent",
	FieldAPIVersion:   "requestObject.apiVersion",
	FieldURI:          "requestURI",
}

// detail returns what the kind leaves open and the request tells.
func (r *Request) detail(kind Kind) string {
	user := r.text(FieldUser)
	switch kind {
	case Descheduler:
		return strategy(r.Annotations["reason"])
	case Kubelet:
		return strings.TrimPrefix(user, "system:node:")
	case ServiceAccount:
		return strings.Replace(strings.TrimPrefix(user, "system:serviceaccount:"), ":", "/", 1)
	case ControllerManager:
		return controllerName(user, r.Actor.UserAgent)
	case EKSService, KubernetesUser:
		return user
	}
	return ""
}

// controllerName returns the name of a controller of the
// kube-controller-manager: the name of its service account or, where all share
// one user, what stands after the commit in the user agent.
func controllerName(user, agent string) string {
	if name, ok := strings.CutPrefix(user, "system:serviceaccount:kube-system:"); ok {
		return name
	}
	_, commit, _ := strings.Cut(agent, " kubernetes/")
	_, name, _ := strings.Cut(commit, "/")
	return name
}

// strategy returns the strategy in the reason that a descheduler gives,
// "triggered by PROFILE/STRATEGY: REASON" or with no reason after it; empty if
// it looks otherwise. Source: descheduler
// pkg/descheduler/evictions/utils/utils.go.
func strategy(reason string) string {
	rest, ok := strings.CutPrefix(reason, "triggered by ")
	if !ok {
		return ""
	}
	by, _, _ := strings.Cut(rest, ":")
	return by[strings.LastIndexByte(by, '/')+1:]
}
