package evict

import "testing"

// TestIdentity says which requests are of one actor.
func TestIdentity(t *testing.T) {
	const role = "arn:aws:sts::111122223333:assumed-role/Nodes"
	for _, test := range []struct {
		name string
		a, b Actor
		same bool
	}{
		{"session name", Actor{User: role + "/i-1"}, Actor{User: role + "/i-2"}, true},
		{"session name in China", Actor{User: "arn:aws-cn:sts::1:assumed-role/r/a"}, Actor{User: "arn:aws-cn:sts::1:assumed-role/r/b"}, true},
		{"role", Actor{User: role + "/i-1"}, Actor{User: role + "2/i-1"}, false},
		{"no ARN", Actor{User: "x:assumed-role/r/a"}, Actor{User: "x:assumed-role/r/b"}, false},
		{"what changes with every request", Actor{User: "eks:node-manager", CanonicalARN: "r", SessionName: "1", SourceIP: "1.2.3.4", UserAgent: "a", UID: "1"},
			Actor{User: "eks:node-manager", CanonicalARN: "r", SessionName: "2", SourceIP: "1.2.3.5", UserAgent: "b", UID: "2"}, true},
		{"IAM role", Actor{User: "admin", CanonicalARN: "a"}, Actor{User: "admin", CanonicalARN: "b"}, false},
		{"impersonated user", Actor{User: "admin", Impersonated: "a"}, Actor{User: "admin", Impersonated: "b"}, false},
	} {
		if same := identityOf(&test.a) == identityOf(&test.b); same != test.same {
			t.Errorf("%s: the same %v, want %v", test.name, same, test.same)
		}
	}
}
