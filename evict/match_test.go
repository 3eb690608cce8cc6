package evict

import (
	"regexp"
	"strings"
	"testing"
)

var globTests = []struct {
	pattern, text string
	want          bool
}{
	{"", "", true},
	{"", "a", false},
	{"a", "", false},
	{"*", "", true},
	{"*", "a", true},
	{"?", "", false},
	{"?", "a", true},
	{"?", "ab", false},
	{"**", "ab", true},
	{"a*", "a", true},
	{"*a", "ba", true},
	{"a*b*c", "a-b-b-c", true},
	{"a*b*c", "a-b-b", false},
	{"*aab", "aaab", true},
	{"eks:*", "eks:node-manager", true},
	{"eks:*", "eks", false},
	{"arn:aws*:iam::*:role/*-NodeManagerRole-*", "arn:aws-cn:iam::1:role/x/y-NodeManagerRole-z", true},
	{"system:serviceaccount:*:karpenter", "system:serviceaccount:infra:karpenter-2", false},
	{"a[b]", "a[b]", true},
	{"a", "A", false},
}

func TestGlob(t *testing.T) {
	for _, test := range globTests {
		if got := glob(test.pattern, test.text); got != test.want {
			t.Errorf("glob(%q, %q) = %t", test.pattern, test.text, got)
		}
	}
}

// FuzzGlob holds glob to a regular expression that says the same.
func FuzzGlob(f *testing.F) {
	for _, test := range globTests {
		f.Add(test.pattern, test.text)
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		var expr strings.Builder
		for _, c := range []byte(pattern) {
			switch c {
			case '*':
				expr.WriteString(".*")
			case '?':
				expr.WriteByte('.')
			default:
				expr.WriteString(regexp.QuoteMeta(string(rune(c))))
			}
		}
		want := regexp.MustCompile(`(?s)^` + expr.String() + `$`).MatchString(bytesAsRunes(text))
		if got := glob(pattern, text); got != want {
			t.Errorf("glob(%q, %q) = %t", pattern, text, got)
		}
	})
}

// bytesAsRunes has a rune for each byte, since a regular expression reads
// runes.
func bytesAsRunes(s string) string {
	runes := make([]rune, len(s))
	for i, c := range []byte(s) {
		runes[i] = rune(c)
	}
	return string(runes)
}

// TestMatchAllocates checks that looking for a rule allocates nothing.
func TestMatchAllocates(t *testing.T) {
	for _, v := range initiatorVectors(t) {
		for _, req := range vectorRequests(t, v) {
			if n := testing.AllocsPerRun(10, func() { req.ruleFor(nil) }); n > 0 {
				t.Errorf("%s: %s: %v allocations", v.Path, req.Actor.User, n)
			}
		}
	}
}
