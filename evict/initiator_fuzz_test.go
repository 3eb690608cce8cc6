package evict

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzInitiator checks what holds of every request: the same answer each time,
// evidence for it, and no person behind a name that people cannot have.
func FuzzInitiator(f *testing.F) {
	for _, v := range initiatorVectors(f) {
		for _, r := range vectorRequests(f, v) {
			f.Add(r.Actor.User, r.Actor.Impersonated, r.Actor.CanonicalARN, r.Actor.PodName, r.Actor.UserAgent, r.RBAC,
				r.Annotations["reason"], r.Annotations["requested-by"], r.Verb, r.Resource, r.Subresource, byte(r.Compute))
		}
	}
	f.Fuzz(func(t *testing.T, user, impersonated, arn, pod, agent, rbac, reason, by, verb, resource, sub string, compute byte) {
		req := Request{
			Actor: Actor{User: user, Impersonated: impersonated, CanonicalARN: arn, PodName: pod, UserAgent: agent},
			RBAC:  rbac, Verb: verb, Resource: resource, Subresource: sub, Compute: Compute(compute),
			Annotations: map[string]string{"reason": reason, "requested-by": by},
		}
		in := req.Initiator(nil)
		if diff := cmp.Diff(in, req.Initiator(nil)); diff != "" {
			t.Errorf("differs the second time:\n%s", diff)
		}
		if (in.Kind == "") != (in.Confidence == NoConfidence) {
			t.Errorf("kind %q with confidence %s", in.Kind, in.Confidence)
		}
		if len(in.Evidence) == 0 {
			t.Error("no evidence")
		}
		for _, e := range in.Evidence {
			if e.Field == "" {
				t.Error("evidence of no field")
			}
		}
		name := req.text(FieldUser)
		reserved := name == "" || strings.HasPrefix(name, "system:") && name != "system:admin" || strings.HasPrefix(name, "eks:")
		if reserved && in.Class == Human {
			t.Errorf("%q is taken for a person", name)
		}
	})
}
