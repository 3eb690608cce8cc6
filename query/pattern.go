package query

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/evictlog/evictlog/query/internal/drain"
)

// A patternView is what pattern tells of the patterns, by the command behind it.
type patternView struct {
	anomalies   bool // anomaly
	differences bool // diff or logcompare
}

// columns are the names of what the rows of patterns have. The first four are
// those of the reference; it gives no names for the others.
// Source: the Logs Insights pattern page. The names of the columns of diff are
// those under which its console page explains them, those of anomaly are the
// members of an Anomaly of the API.
func (v *patternView) columns() []string {
	names := []string{"@pattern", "@ratio", "@sampleCount", "@severityLabel"}
	switch {
	case v.anomalies:
		names = append(names, "@description", "@priority")
	case v.differences:
		names = append(names, "@diffEventCount", "@differenceDescription")
	}
	return names
}

// A patternCount is a pattern with what was counted of it.
type patternCount struct {
	pattern  string
	rows     float64 // in the window
	earlier  float64 // in the one that it is compared with
	times    timeline
	severity string
	anomaly  string   // what is unusual; empty if nothing is
	priority priority // of the anomaly
}

// rows gives the patterns of masked texts. Each row has a text, how often it is
// there, and what the command behind pattern wants to know of it.
func (v *patternView) rows(masks passed) passed {
	return func(yield func(passedRow, error) bool) {
		tree := drain.New()
		var counts []patternCount
		for row, err := range masks {
			if err != nil {
				yield(row, err)
				return
			}
			text, ok := row.in[0].asText()
			if !ok {
				continue // a row without the text
			}
			n := tree.Add(text)
			if n == len(counts) {
				counts = append(counts, patternCount{})
			}
			v.count(&counts[n], row.in[1:])
		}
		for n := range counts {
			counts[n].pattern = tree.Pattern(n)
		}
		counts = merged(counts)
		v.judge(counts)
		total := 0.0
		for i := range counts {
			total += counts[i].rows
		}
		for i := range counts {
			if !yield(passedRow{out: v.values(&counts[i], total)}, nil) {
				return
			}
		}
	}
}

// count adds what was counted of one text.
func (v *patternView) count(c *patternCount, counted []Value) {
	number := func(n int) float64 {
		x, _ := counted[n].Float64()
		return x
	}
	switch {
	case v.differences:
		c.rows += number(1)
		c.earlier += number(2)
		return
	case v.anomalies:
		times := timelineOf(counted[1])
		c.times.merge(&times)
	}
	c.rows += number(0)
}

// merged puts patterns together that have come to be the same.
func merged(counts []patternCount) []patternCount {
	numbers := map[string]int{}
	out := counts[:0]
	for _, c := range counts {
		n, ok := numbers[c.pattern]
		if !ok {
			numbers[c.pattern] = len(out)
			out = append(out, c)
			continue
		}
		out[n].rows += c.rows
		out[n].earlier += c.earlier
		out[n].times.merge(&c.times)
	}
	return out
}

// judge says what there is to say of each pattern, and puts them in order: by how
// much they matter to the command behind pattern, then by their number.
func (v *patternView) judge(counts []patternCount) {
	for i := range counts {
		counts[i].severity = severityOf(counts[i].pattern)
	}
	if v.anomalies {
		findAnomalies(counts)
	}
	slices.SortFunc(counts, func(a, b patternCount) int {
		change := 0
		if v.differences {
			change = cmp.Compare(abs(b.rows-b.earlier), abs(a.rows-a.earlier))
		}
		return cmp.Or(cmp.Compare(b.priority, a.priority), change, cmp.Compare(b.rows, a.rows), strings.Compare(a.pattern, b.pattern))
	})
}

func abs(x float64) float64 { return max(x, -x) }

// values are those of the columns.
func (v *patternView) values(c *patternCount, total float64) []Value {
	out := []Value{stringValue(c.pattern), numberValue(c.rows / total), numberValue(c.rows), stringValue(c.severity)}
	switch {
	case v.anomalies && c.anomaly == "":
		out = append(out, Value{}, Value{})
	case v.anomalies:
		out = append(out, stringValue(c.anomaly), stringValue(c.priority.String()))
	case v.differences:
		out = append(out, numberValue(c.rows-c.earlier), stringValue(c.difference()))
	}
	return out
}

// difference says in words how the number has changed, in percent of the earlier.
func (c *patternCount) difference() string {
	switch {
	case c.earlier == 0:
		return "new"
	case c.rows == 0:
		return "gone"
	case c.rows == c.earlier:
		return "no change"
	}
	how := "increased"
	if c.rows < c.earlier {
		how = "decreased"
	}
	percent := int(abs(c.rows-c.earlier) / c.earlier * 100)
	if percent == 0 {
		return how + " by less than 1%"
	}
	return fmt.Sprintf("%s by %d%%", how, percent)
}

// severities are words and the severity of a text that has one of them in any
// case, the gravest first. A text without is of the last.
// Source: the pattern analysis page, which has ERROR, WARN and INFO, the compare
// page, which adds FATAL, and the pattern page, which adds Debug.
var severities = []struct{ word, label string }{
	{"fatal", "FATAL"},
	{"error", "ERROR"},
	{"warn", "WARN"},
	{"debug", "DEBUG"},
	{"", "INFO"},
}

func severityOf(pattern string) string {
	lower := strings.ToLower(pattern)
	i := slices.IndexFunc(severities, func(s struct{ word, label string }) bool { return strings.Contains(lower, s.word) })
	return severities[i].label
}
