package drain

import (
	"strings"
	"testing"
)

// shown is a masked text with the kinds in angle brackets.
func shown(masked string) string {
	var b strings.Builder
	for i := 0; i < len(masked); i++ {
		if masked[i] != escape {
			b.WriteByte(masked[i])
			continue
		}
		i++
		if masked[i] == escapeNUL {
			b.WriteString("<NUL>")
		} else {
			b.WriteString("<" + Kind(masked[i]-'0').String() + ">")
		}
	}
	return b.String()
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "",
		"started":                              "started",
		"2026-11-23T07:24:24.803005Z":          "<Time>",
		"2026-11-23 07:24:24,803 done":         "<Time> done",
		"2026-11-23T07:24:24+01:00":            "<Time>",
		"2026/11/23 at 07:24:24.":              "<Time> at <Time>.",
		"2026-11-23T07:24":                     "<Time>",
		"07:24:245":                            "07:24:245",
		"2026-11-2":                            "<ID>",
		"took 327 ms":                          "took <Time> ms",
		"took 1.5ms, 2m30s or 10s":             "took <Time>, <Time> or <Time>",
		"100m of 5Gi":                          "100m of 5Gi",
		"10.0.34.11:443":                       "<IP>:443",
		"10.0.34.11.":                          "<IP>.",
		"10.0.34.256":                          "<ID>",
		"[::1]:8080":                           "[<IP>]:<Number>",
		"fe80::1%eth0":                         "fe80::1%eth0",
		"from 2001:db8::17 on":                 "from <IP> on",
		"arn:aws:iam::123456789012:role/admin": "arn:aws:iam::<Number>:role/admin",
		"std::dead":                            "std::dead",
		"e7e160ca-7c41-41e8-8438-1654b8dd2eb7": "<UUID>",
		"e7e160ca-7c41-41e8-8438-1654b8dd2eb":  "<ID>",
		"200 and 404":                          "200 and 404",
		"1000 and -1000 and 0.5 and v1.29":     "<Number> and <Number> and <Number> and v1.29",
		"1.2.3":                                "1.2.3",
		"ip-10-0-1-17.ec2.internal":            "<ID>",
		"i-0abc12345 coredns-5d78c9869d-abcde": "<ID> <ID>",
		"rbac.authorization.k8s.io/v1":         "rbac.authorization.k8s.io/v1",
		"kube-system web-0":                    "kube-system web-0",
		"a\x00b":                               "a<NUL>b",
		"\x00":                                 "<NUL>",
		"größe 123é":                           "größe 123é",
	} {
		if got := shown(string(Mask(nil, text))); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestSplit checks what is part of the skeleton, and what is not: the skeleton is
// shown with a hole as *.
func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        {""},
		"pod web-0, deleted":      {"* *, *", "web-0"},
		`{"verb":"get"}`:          {`{"verb":"*"}`, "get"},
		`{"verb" : "get"}`:        {`{"verb" : "*"}`, "get"},
		`{"a b":["c","d"],"e":1}`: {`{"a b":["*","*"],"e":*}`, "c"},
		`{"k\"ey":"va\"l:ue"}`:    {`{"k\"ey":"*\"*:*"}`, "va"},
		`{"f:10.0.0.1":{}}`:       {`{"f:*":{}}`, "IP"},
		`say "hi": no`:            {`* "hi": *`, "say"},
		`say "hi`:                 {`* "*`, "hi"},
		`a \"b\": c`:              {`* \"*\": *`, "b"},
		`ends in \`:               {`* * \`, "in"},
		"\\\x00":                  {"\\\x00"},
		"a \x00 b":                {"* \x00 *", "b"},
	} {
		skeleton, slots := split(string(Mask(nil, text)))
		skeleton = strings.NewReplacer("\x00h", "*", "\x00n", "\x00").Replace(skeleton)
		if skeleton != want[0] {
			t.Errorf("%q: %s, want %s", text, skeleton, want[0])
		}
		for _, word := range want[1:] {
			found := false
			for _, s := range slots {
				found = found || s.word == word || s.kind != Word && s.kind.String() == word
			}
			if !found {
				t.Errorf("%q has no %s: %v", text, word, slots)
			}
		}
	}
}

// TestJoin checks that the order in which kinds are joined makes no difference.
func TestJoin(t *testing.T) {
	for a := Number; a <= Token; a++ {
		for b := Number; b <= Token; b++ {
			if join(a, b) != join(b, a) {
				t.Errorf("%v and %v", a, b)
			}
			for c := Number; c <= Token; c++ {
				if join(a, join(b, c)) != join(join(a, b), c) {
					t.Errorf("%v, %v and %v", a, b, c)
				}
			}
		}
	}
}
