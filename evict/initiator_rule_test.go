package evict

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRulesComplete checks that every row can be judged by itself.
func TestRulesComplete(t *testing.T) {
	for _, r := range slices.Concat(initiatorRules, fallbackRules) {
		name := string(r.Kind) + ": " + conditions(&r)
		if r.Kind == "" || r.Confidence == NoConfidence || r.Source == "" {
			t.Errorf("%s: kind, confidence and source must be set", name)
		}
		if r.trust() >= fieldCount {
			t.Errorf("%s: no condition must hold", name)
		}
		for _, m := range r.Match {
			if m.Pattern == "" && !m.Not {
				t.Errorf("%s: a condition on %s has no pattern", name, m.Field)
			}
		}
	}
}

// TestRulesOrder checks that no row keeps another of the same conditions from
// ever counting.
func TestRulesOrder(t *testing.T) {
	seen := map[string]bool{}
	for i := range initiatorRules {
		c := conditions(&initiatorRules[i])
		if seen[c] {
			t.Errorf("twice: %s", c)
		}
		seen[c] = true
	}
}

// TestOwnRules checks that a rule of the caller's comes before one of the
// package with the same conditions, whatever row that is.
func TestOwnRules(t *testing.T) {
	for _, v := range initiatorVectors(t) {
		for _, req := range vectorRequests(t, v) {
			rule := req.ruleFor(nil)
			if rule == nil {
				continue
			}
			own := *rule
			own.Kind, own.Class = "mine", Automation
			in := req.Initiator([]Rule{own})
			if in.Kind != "mine" {
				t.Errorf("%s: %s keeps %s from counting", v.Path, rule.Kind, conditions(&own))
			}
		}
	}
}

// TestOwnRuleOfLessTrust checks what a rule by the user agent can say.
func TestOwnRuleOfLessTrust(t *testing.T) {
	own := []Rule{{Kind: "rotator", Class: Automation, Confidence: Medium, Match: []Match{{Field: FieldUserAgent, Pattern: "rotator/*"}}}}
	for _, test := range []struct {
		user string
		want Kind
	}{
		{"alice", "rotator"},
		{"system:serviceaccount:ops:rotator", "rotator"}, // no rule knows more than its sort
		{"system:serviceaccount:kube-system:karpenter", Karpenter},
		{"eks:node-manager", EKSPlatform},
		{"system:node:ip-10-0-1-11.ec2.internal", Kubelet},
	} {
		req := Request{Actor: Actor{User: test.user, UserAgent: "rotator/1.0"}}
		if got := req.Initiator(own).Kind; got != test.want {
			t.Errorf("%s: got %s, want %s", test.user, got, test.want)
		}
	}
}

// TestOwnRuleOfNothing checks that a rule that asks for nothing matches
// nothing.
func TestOwnRuleOfNothing(t *testing.T) {
	req := Request{Actor: Actor{User: "alice"}}
	for _, match := range [][]Match{nil, {{Field: FieldUser, Pattern: "alice", Soft: true}}} {
		if in := req.Initiator([]Rule{{Kind: "all", Confidence: High, Match: match}}); in.Kind != "" {
			t.Errorf("%v matches", match)
		}
	}
}

// TestOtherIdentities checks that the identities of AWS that do not drain are
// never taken for one that does, nor for a person, whatever they say.
func TestOtherIdentities(t *testing.T) {
	drainers := []Kind{EKSNodeGroup, EKSFargate, EKSPlatform, EKSAutoMode}
	agents := []string{
		"", "kubectl/v1.27.4 (linux/amd64) kubernetes/ff32b8d", "karpenter/1.8.1",
		"vpcLambda/v0.0.0 (linux/amd64) kubernetes/$Format", "Kubernetes Java Client/18.0.0-SNAPSHOT",
		"manager/v1.8.4 cluster-api-controller-manager (linux/amd64) cluster.x-k8s.io/ae7ff047",
		"machine-controller/v0.0.0 (linux/amd64) kubernetes/$Format/machine-controller", "Mozilla/5.0",
	}
	for _, name := range []string{
		"eks:fargate-scheduler", "eks:addon-manager", "eks:certificate-controller", "eks:cluster-bootstrap",
		"eks:cloud-controller-manager", "eks:nodewatcher", "eks:service-operations", "eks:support-engineer", "eks:k8s-metrics",
		"arn:aws:sts::111122223333:assumed-role/AWSBackupRestoreRole/AWSBackup",
	} {
		for _, agent := range agents {
			for _, compute := range []Compute{ComputeUnknown, Fargate, Instance} {
				if strings.HasPrefix(name, "arn:") && !strings.HasPrefix(agent, "Kubernetes Java") {
					continue // a role that anybody may have named so
				}
				req := Request{Actor: Actor{User: name, UserAgent: agent}, Verb: "create", Resource: "pods", Subresource: "eviction", Compute: compute}
				in := req.Initiator(nil)
				if slices.Contains(drainers, in.Kind) || in.Class != Platform {
					t.Errorf("%s as %q on %v: got %s, %s", name, agent, compute, in.Kind, in.Class)
				}
			}
		}
	}
}

// TestEvidence checks that the evidence can be looked up: in the paths of the
// event, the user name first, and what counted after it.
func TestEvidence(t *testing.T) {
	req := Request{
		Actor: Actor{User: "alice", Impersonated: "eks:node-manager", CanonicalARN: "arn:aws:iam::111122223333:role/Admin"},
		RBAC:  `RBAC: allowed by ClusterRoleBinding "eks:node-manager" of ClusterRole "eks:node-manager" to User "eks:node-manager"`,
	}
	want := []Evidence{
		{Field: "impersonatedUser.username", Value: "eks:node-manager"},
		{Field: "user.username", Value: "alice"},
		{Field: "user.extra.canonicalArn.0", Value: "arn:aws:iam::111122223333:role/Admin"},
		{Field: "annotations.authorization.k8s.io/reason", Value: req.RBAC},
	}
	if diff := cmp.Diff(want, req.Initiator(nil).Evidence); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOwnFields checks every field that a rule can go by, with its evidence.
func TestOwnFields(t *testing.T) {
	req := Request{
		Actor: Actor{User: "u", CanonicalARN: "arn", PodName: "p-1", UserAgent: "a/1"},
		Verb:  "create", Resource: "pods", Subresource: "eviction", URI: "/x?timeout=19s",
		RBAC: "RBAC: allowed", APIVersion: "policy/v1", Annotations: map[string]string{"k": "v", "l": "v"},
		Webhook: "w.example.com", Message: `admission webhook "w.example.com" denied the request`,
		Compute: Fargate, NodeMarks: []string{"other", "example.com/drain"},
	}
	for _, test := range []struct {
		field   Field
		pattern string
		want    []Evidence // after the user name
	}{
		{FieldUser, "u", nil},
		{FieldCanonicalARN, "a*", []Evidence{{Field: "user.extra.canonicalArn.0", Value: "arn"}}},
		{FieldRBAC, "RBAC:*", []Evidence{{Field: "annotations.authorization.k8s.io/reason", Value: "RBAC: allowed"}}},
		{FieldPodName, "p-?", []Evidence{{Field: "user.extra.authentication.kubernetes.io/pod-name.0", Value: "p-1"}}},
		{FieldWebhook, "w.*", []Evidence{{Field: "responseStatus.message", Value: req.Message}}},
		{FieldUserAgent, "a/*", []Evidence{{Field: "userAgent", Value: "a/1"}}},
		{FieldAnnotations, "*: v", []Evidence{{Field: "requestObject.metadata.annotations.k", Value: "v"}}},
		{FieldAPIVersion, "policy/*", []Evidence{{Field: "requestObject.apiVersion", Value: "policy/v1"}}},
		{FieldURI, "*timeout=19s", []Evidence{{Field: "requestURI", Value: "/x?timeout=19s"}}},
		{FieldRequest, "create pods/eviction", []Evidence{{Field: "verb", Value: "create"}, {Field: "objectRef.resource", Value: "pods"}, {Field: "objectRef.subresource", Value: "eviction"}}},
		{FieldCompute, "fargate", nil},
		{FieldNodeMarks, "example.com/*", nil},
	} {
		rule := Rule{Kind: "mine", Confidence: High, Match: []Match{{Field: test.field, Pattern: test.pattern}}}
		in := req.Initiator([]Rule{rule})
		if in.Kind != "mine" {
			t.Errorf("%s %s does not match", test.field, test.pattern)
		}
		want := append([]Evidence{{Field: "user.username", Value: "u"}}, test.want...)
		if diff := cmp.Diff(want, in.Evidence); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.field, diff)
		}
		rule.Match[0].Pattern = "something else"
		if req.Initiator([]Rule{rule}).Kind == "mine" {
			t.Errorf("%s matches what it does not have", test.field)
		}
	}
}

func TestStrategy(t *testing.T) {
	for reason, want := range map[string]string{
		"triggered by default/RemoveDuplicates: too many": "RemoveDuplicates",
		"triggered by default/RemoveDuplicates":           "RemoveDuplicates",
		"triggered by RemoveDuplicates":                   "RemoveDuplicates",
		"node is full":                                    "",
		"":                                                "",
	} {
		if got := strategy(reason); got != want {
			t.Errorf("%q: got %q, want %q", reason, got, want)
		}
	}
}
