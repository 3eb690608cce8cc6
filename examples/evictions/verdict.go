package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/examples/internal/cli"
)

// verdictRecord is what programs get of a verdict.
func verdictRecord(at places) []column[evict.Verdict] {
	return []column[evict.Verdict]{
		{"namespace", func(v evict.Verdict) any { return known(v.Target.Namespace) }},
		{"pod", func(v evict.Verdict) any { return known(v.Target.Pod) }},
		{"node", func(v evict.Verdict) any { return known(v.Target.Node) }},
		{"answer", func(v evict.Verdict) any { return v.Answer.String() }},
		{"confidence", func(v evict.Verdict) any { return confidence(v) }},
		{"summary", func(v evict.Verdict) any { return v.Summary }},
		{"why", func(v evict.Verdict) any { return texts(v.Why) }},
		{"time", func(v evict.Verdict) any { return moment(v.At) }},
		{"way", func(v evict.Verdict) any { return way(v) }},
		{"initiator", func(v evict.Verdict) any { return known(string(v.Initiator.Kind)) }},
		{"user", func(v evict.Verdict) any { return known(v.Initiator.Actor.User) }},
		{"missing", func(v evict.Verdict) any { return listed(v.Missing, missingOf) }},
		{"removals", func(v evict.Verdict) any { return objects(removalRecord(at), v.Removals) }},
		{"evictions", func(v evict.Verdict) any { return objects(evictionRecord(at), v.Evictions) }},
		{"drains", func(v evict.Verdict) any { return objects(drainRecord(at), v.Drains) }},
		{"evidence", func(v evict.Verdict) any { return evidenceOf(at, v.Evidence) }},
	}
}

// confidence leaves out that of no answer.
func confidence(v evict.Verdict) any {
	if v.Answer == evict.Undecided {
		return nil
	}
	return v.Confidence.String()
}

// way leaves out one that is not known.
func way(v evict.Verdict) any {
	if v.Way == evict.WayUnknown {
		return nil
	}
	return v.Way.String()
}

// objects are rows within a row.
func objects[T any](columns []column[T], rows []T) any {
	if len(rows) == 0 {
		return nil
	}
	list := make([]cli.Object, len(rows))
	for i, row := range rows {
		list[i] = cells(columns, row)
	}
	return list
}

// A missing is what the log lacks, as it is printed.
type missing struct {
	What  string `json:"what"`
	Query string `json:"query,omitempty"`
}

func missingOf(m evict.Missing) missing { return missing{m.What, m.Query} }

func (m missing) String() string { return m.What + ": " + m.Query }

// judge prints the verdict, as text for people.
func (j *job) judge(ctx context.Context, opts *evict.Options, at places) error {
	target, err := parseTarget(j.verdict)
	if err != nil {
		return err
	}
	verdict, err := evict.Judge(ctx, j.src, target, opts)
	if err != nil && verdict.Target != target {
		return err
	}
	j.damage(err)
	if j.Format == "table" {
		_, err := fmt.Fprint(j.stdout, verdictText(verdict, at))
		return err
	}
	format := j.Format
	if format == "json" {
		format = "jsonl" // one object, and no list of one
	}
	columns := verdictRecord(at)
	out, err := cli.NewWriter(format, j.stdout, names(columns))
	if err != nil {
		return err
	}
	if err := out.Write(cells(columns, verdict)); err != nil {
		return err
	}
	return out.Close()
}

// damage reports what could not be read, each place by itself. The verdict is of
// the rest.
func (j *job) damage(err error) {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range several.Unwrap() {
			j.damage(one)
		}
	} else if err != nil {
		j.report.Damage(err)
	}
}

// verdictText is the verdict for people. Queries stand alone, to be copied.
func verdictText(v evict.Verdict, at places) string {
	var b strings.Builder
	line := func(indent, text string) {
		fmt.Fprintf(&b, "%s%s\n", indent, cli.Visible(text))
	}
	line("", v.Summary)
	if len(v.Why) > 0 {
		line("", "Why:")
	}
	for _, why := range v.Why {
		line("  - ", why)
	}
	if len(v.Missing) > 0 {
		line("", "Missing from this log:")
	}
	for _, m := range v.Missing {
		line("  - ", m.What)
		if m.Query == "" {
			continue
		}
		line("", "")
		for query := range strings.Lines(m.Query) {
			line("", strings.TrimRight(query, "\n"))
		}
		line("", "")
	}
	if list, ok := evidenceOf(at, v.Evidence).(list[evidence]); ok {
		line("", "Evidence:")
		for _, e := range list {
			line("  - ", e.String())
		}
	}
	return b.String()
}
