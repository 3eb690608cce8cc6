package cwlogs

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/query"
)

func TestPatternOf(t *testing.T) {
	for _, test := range []struct {
		texts []string
		want  string
	}{
		{nil, ""},
		{[]string{"eviction"}, "%eviction%"},
		{[]string{"create", "eviction", "/api/v1/namespaces/web/pods/"}, "%eviction%"},
		{[]string{"/api/v1/namespaces/web/pods/"}, "%namespaces%"},
		{[]string{"system:serviceaccount:kube-system:karpenter"}, "%serviceaccount%"},
		{[]string{"web-1_a"}, "%web-1_a%"},
		{[]string{"a.b", "<>", "é", ""}, ""},
		{[]string{"no"}, ""},
		{[]string{"größe"}, ""},
		{[]string{"%x% || 1"}, ""},
	} {
		got := patternOf(test.texts)
		if got != test.want {
			t.Errorf("%q: %q, want %q", test.texts, got, test.want)
		}
	}
}

// FuzzPatternOf holds patterns to match whatever has all of the texts, and to
// need no escapes.
func FuzzPatternOf(f *testing.F) {
	f.Add("eviction", "create")
	f.Add("/api/v1/namespaces/", "a\"b\\c")
	plain := regexp.MustCompile(`^%[A-Za-z0-9_-]{3,}%$`)
	f.Fuzz(func(t *testing.T, a, b string) {
		p := patternOf([]string{a, b})
		if p == "" {
			return
		}
		word := strings.Trim(p, "%")
		if !plain.MatchString(p) || !strings.Contains(a, word) && !strings.Contains(b, word) {
			t.Errorf("%q and %q: %q", a, b, p)
		}
	})
}

// TestPatternsSent looks at what is sent for whom.
func TestPatternsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, test := range []struct {
			name string
			set  func(*Events)
			read func(*Events)
			want string
		}{
			{"evictions", nil, func(src *Events) {
				for _, err := range evict.Attempts(t.Context(), src, nil) {
					if err != nil {
						t.Error(err)
					}
				}
			}, "%eviction%"},
			{"the article's query", nil, func(src *Events) {
				q := query.MustParse(evict.Query("web", "web-0"))
				for _, err := range q.Run(t.Context(), src, nil) {
					if err != nil {
						t.Error(err)
					}
				}
			}, "%eviction%"},
			{"everything", nil, func(src *Events) { read(t.Context(), src, audit.Need{}) }, ""},
			{"strict", nil, func(src *Events) {
				read(t.Context(), src, audit.Need{Literals: []string{"eviction"}, Strict: true})
			}, ""},
			{"none", func(src *Events) { src.Unfiltered = true }, func(src *Events) {
				read(t.Context(), src, audit.Need{Literals: []string{"eviction"}})
			}, ""},
			{"one's own", func(src *Events) { src.Pattern = EvictionPattern }, func(src *Events) {
				read(t.Context(), src, audit.Need{Literals: []string{"web"}})
			}, EvictionPattern},
		} {
			s := &service{answer: func(int, *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
				return page("", "1"), nil
			}}
			src := source(s)
			if test.set != nil {
				test.set(src)
			}
			test.read(src)
			if got := aws.ToString(s.requests[len(s.requests)-1].FilterPattern); got != test.want {
				t.Errorf("%s: %q was sent, want %q", test.name, got, test.want)
			}
		}
	})
}

// TestProbe holds a log group without audit events apart from one in which
// nothing matches.
func TestProbe(t *testing.T) {
	matching := audit.Need{Literals: []string{"eviction"}}
	other := page("")
	other.Events = append(other.Events, logged("1", "I1123 07:24:24.803005      11 main.go:1] hello"))
	for _, test := range []struct {
		name    string
		answers []*cloudwatchlogs.FilterLogEventsOutput
		err     string
		skipped int64
	}{
		{"nothing", []*cloudwatchlogs.FilterLogEventsOutput{page("a"), page("")}, "", 0},
		{"nothing that matches", []*cloudwatchlogs.FilterLogEventsOutput{page("a"), page("b", "1"), page("")}, "", 1},
		{"another log", []*cloudwatchlogs.FilterLogEventsOutput{other, page("")}, audit.ErrNoEvents.Error(), 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := scripted(test.answers...)
			src := source(s)
			ids, errs := read(t.Context(), src, matching)
			switch {
			case ids != nil:
				t.Errorf("%s: events %v", test.name, ids)
			case test.err == "" && errs != nil:
				t.Errorf("%s: errors %v", test.name, errs)
			case test.err != "" && (len(errs) != 1 || !strings.Contains(errs[0].Error(), test.err)):
				t.Errorf("%s: errors %v, want one of %q", test.name, errs, test.err)
			}
			if got := src.Stats().Skipped.Count; got != test.skipped {
				t.Errorf("%s: %d events are skipped, want %d", test.name, got, test.skipped)
			}
			var limits []int32
			for _, in := range s.requests {
				limits = append(limits, aws.ToInt32(in.Limit))
				if (in.Limit == nil) != (in.FilterPattern != nil) {
					t.Errorf("%s: a request with limit %v and pattern %v", test.name, in.Limit, in.FilterPattern)
				}
			}
			if test.name == "nothing" && !cmp.Equal(limits, []int32{10, 10}) {
				t.Errorf("%s: limits %v", test.name, limits)
			}
		})
	}
}
