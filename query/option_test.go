package query

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestMisspelledWords checks that a word of a command with a letter too many ends
// the parse at its place, with the word as the hint. The words are those between
// the marks.
func TestMisspelledWords(t *testing.T) {
	const subquery = "(SOURCE x | fields y)"
	tried := map[string]bool{}
	for _, test := range []string{
		"accum a «as» b",
		"addtotals «fieldname»=a «row»=«true» «col»=«false»",
		"addtotals row=«false» col=«true»",
		"appendcols «override»=«true» «max»=5 " + subquery,
		"autoregress a «as» b «p»=1-2",
		"cidrlookup nets a «as» b «output» c «as» d",
		"diff «previousDay»",
		"diff «previousWeek»",
		"diff «previousMonth»",
		"display a «as» b",
		"fields a «as» b",
		"stats count(*) as n by bin(5m) | fillmissing «with» 0 «for» n",
		"filter a «like» /b/ «and» c «not» «like» /d/ «or» e «in» [1] «and» f not «in» [2]",
		"filter a «in» " + subquery,
		"join «type»=«inner» «left»=a «right»=b «where» a.c = b.c «and» a.d = b.d " + subquery,
		"join type=«left» left=a right=b where a.c = b.c " + subquery,
		`json «field»=a "b" «as» c`,
		"limit «any» 5",
		"logcompare «timeshift» 7d",
		"lookup users a «as» b, c «as» d «output» e «as» f",
		"lookup users a «outputnew» b",
		"outlier «action»=«transform» «param»=3 «uselower»=«true» «mark»=«false» a",
		"outlier action=«remove» a",
		`parse a "*" «as» b`,
		"parse a /(.)/ «as» b «multi»",
		"parse a «csv» «as» b, c",
		"parse a «logfmt» «as» b",
		"relevantfields a «where» b = 1",
		"sessionize a «maxspan» 1h «as» b",
		"sort a «asc», b «desc»",
		"SOURCE lg «start»=-1d «end»=now",
		`SOURCE «logGroups»(«namePrefix»: ["a"], «accountIdentifier»: ["1"], «class»: ["STANDARD"]) «dataSource»(["b"]) «logGroupTags»([{"«key»": "c", «values»: ["d"]}])`,
		"stats count(*) «as» n «by» bin(5m) «as» t «offset» 1h",
		"unnest a «into» b",
	} {
		src := strings.NewReplacer("«", "", "»", "").Replace(test)
		if _, err := Parse(src); err != nil {
			t.Errorf("%s: %v", src, err)
		}
		name, _, _ := strings.Cut(src, " ")
		for rest := test; ; {
			_, behind, ok := strings.Cut(rest, "«")
			if !ok {
				break
			}
			word, tail, _ := strings.Cut(behind, "»")
			tried[strings.ToLower(name+" "+word)] = true
			checkMisspelled(t, src, len(src)-len(strings.NewReplacer("«", "", "»", "").Replace(behind)), word)
			rest = tail
		}
	}
	option := regexp.MustCompile(`(\w+)(?:=|: )`)
	for _, c := range commands {
		for _, found := range option.FindAllStringSubmatch(c.syntax, -1) {
			if !tried[strings.ToLower(c.name+" "+found[1])] {
				t.Errorf("%s: no query has the option %s", c.name, found[1])
			}
		}
	}
}

// checkMisspelled checks what a letter too many does to the word at a place of a
// query.
func checkMisspelled(t *testing.T, src string, at int, word string) {
	end := at + len(word)
	wrong := src[:end] + src[end-1:]
	_, err := Parse(wrong)
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Hint != fmt.Sprintf("did you mean %q?", word) || e.Query[e.Pos.Offset:e.End.Offset] != wrong[at:end+1] && e.Query[e.Pos.Offset:e.End.Offset] != `"`+wrong[at:end+1]+`"` {
		t.Errorf("%s: %v, without %s", wrong, err, word)
	}
}
