package evict

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestRulesDoc holds the table of the package comment to the rules.
func TestRulesDoc(t *testing.T) {
	const file, mark = "doc_rules.go", "The rules are, in order:\n//\n"
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := strings.Cut(string(src), mark)
	if !ok {
		t.Fatalf("%s has no table", file)
	}
	want := before + mark + ruleTable(initiatorRules) +
		"//\n// If none matches, these do:\n//\n" + ruleTable(fallbackRules) + "package evict\n"
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(want, string(src)); diff != "" {
		t.Errorf("run go test -update (-want +got):\n%s", diff)
	}
}

func ruleTable(rules []Rule) string {
	var b strings.Builder
	for i := range rules {
		r := &rules[i]
		fmt.Fprintf(&b, "//\t%-26s %-13s %-6s %s\n", r.Kind, r.Class, r.Confidence, conditions(r))
		fmt.Fprintf(&b, "//\t\t%s\n", r.Source)
	}
	return b.String()
}

// conditions returns the conditions of a rule as the package comment has them.
func conditions(r *Rule) string {
	var list []string
	for _, m := range r.Match {
		word := ""
		if m.Not {
			word = "not "
		}
		if m.Soft {
			word += "confirmed by "
		}
		list = append(list, word+m.Field.String()+" "+cmp.Or(m.Pattern, "empty"))
	}
	return strings.Join(list, ", ")
}
