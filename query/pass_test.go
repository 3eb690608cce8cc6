package query

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDedupKeeps checks that dedup gives the rows of the query without it, in
// their order, leaving out those whose value has come up before.
func TestDedupKeeps(t *testing.T) {
	events := numbered(200)
	for _, order := range []string{"sort id", "sort id desc", "sort k, id desc"} {
		all := run(t, MustParse("fields k, id | "+order), events, nil)
		var want []string
		seen := map[string]bool{}
		for _, row := range all {
			key, _, _ := strings.Cut(row, ",")
			if !seen[key] {
				seen[key] = true
				want = append(want, row)
			}
		}
		for _, opts := range []*Options{nil, {Memory: 1, Workers: 3, TempDir: t.TempDir()}} {
			if got := run(t, MustParse("fields k, id | "+order+" | dedup k"), events, opts); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", order, got, want)
			}
		}
	}
}

// TestGlobTwin holds globs to the regular expressions that they stand for.
func TestGlobTwin(t *testing.T) {
	globs := []string{"*", "a*", "*a", "a*b", "*a*", "a**b", "*ab*a", "b*a*b", "**", "a*b*"}
	texts := []string{"", "a", "b", "ab", "ba", "aab", "abab", "bbaab", "aabbab", "a\nb", "bab\na b"}
	for _, source := range globs {
		var parts []string
		for part := range strings.SplitSeq(source, "*") {
			parts = append(parts, regexp.QuoteMeta(part))
		}
		twin := strings.Join(parts, "(.*?)")
		if strings.HasPrefix(source, "*") {
			twin = "^" + twin
		}
		if strings.HasSuffix(source, "*") {
			twin = strings.TrimSuffix(twin, "(.*?)") + "(.*)"
		}
		re := regexp.MustCompile("(?s)" + twin)
		for _, text := range texts {
			var want, got []string
			if m := re.FindStringSubmatch(text); m != nil {
				want = m[1:]
			}
			out := make([]Value, strings.Count(source, "*"))
			if err := newGlob(span{}, source).take(text, out); err != nil {
				t.Fatal(err)
			}
			for _, v := range out {
				if !v.Missing() {
					got = append(got, v.String())
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q in %q: %q, want %q", source, text, got, want)
			}
		}
	}
}
