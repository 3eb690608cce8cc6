package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/evictlog/evictlog/evict"
)

// heading names the columns, which are those of the program for files.
var heading = []string{"TIME", "NAMESPACE", "POD", "NODE", "OUTCOME", "TRIES", "BY", "DETAIL"}

// row is what people see of an eviction.
func row(e evict.Eviction) []string {
	return []string{date(e.First), e.Namespace, e.Pod, e.Node, e.Outcome.String(), strconv.Itoa(e.Tries), initiator(e.Initiator), detail(e)}
}

// date is a time in UTC, or nothing if it is not told.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// initiator is who it was, and how sure that is unless it is certain.
func initiator(i evict.Initiator) string {
	if i.Kind == "" {
		return "?"
	}
	text := string(i.Kind)
	if i.Detail != "" {
		text += " " + i.Detail
	}
	if i.Confidence != evict.High {
		text += " (" + i.Confidence.String() + ")"
	}
	return text
}

// detail is what matters beyond the outcome: whether it was a dry run, which
// person asked for it, what was in the way, and how long the pod took to go.
func detail(e evict.Eviction) string {
	var dry, who, gone string
	switch {
	case e.DryRun == evict.DryRunYes:
		dry = "dry run"
	case e.DryRun == evict.DryRunUnknown && e.Outcome == evict.Accepted:
		dry = "may be a dry run" // a refusal changed nothing in any case
	}
	if e.Initiator.Class == evict.Human || e.Initiator.Kind == "" {
		who = "user " + user(e.Actor)
	}
	if !e.AcceptedAt.IsZero() && !e.GoneAt.IsZero() && !e.GoneAt.Before(e.AcceptedAt) {
		gone = fmt.Sprintf("gone after %v", e.GoneAt.Sub(e.AcceptedAt).Round(time.Millisecond))
	}
	return phrases(dry, who, refused(e), gone)
}

// user is the user, with the one whose rights they took on.
func user(a evict.Actor) string {
	switch {
	case a.User == "":
		return "(not authenticated)"
	case a.Impersonated != "":
		return a.User + " as " + a.Impersonated
	}
	return a.User
}

// refused says what was in the way of an eviction, and how often unless that is
// how it ended, at each try.
func refused(e evict.Eviction) string {
	if len(e.Refusals) == 0 {
		return ""
	}
	often := ""
	if len(e.Refusals) > 1 || e.Refusals[0].Count < e.Tries {
		counts := make([]string, len(e.Refusals))
		for i, r := range e.Refusals {
			counts[i] = r.Outcome.String() + " " + times(r.Count)
		}
		often = strings.Join(counts, ", ")
	}
	if len(e.Budgets) > 0 {
		return phrases(often, budgets(e.Budgets))
	}
	return phrases(often, e.Refusals[len(e.Refusals)-1].Message)
}

// budgets names the budgets that refused, with their numbers if the refusals gave
// any.
func budgets(list []evict.Budget) string {
	texts := make([]string, len(list))
	for i, b := range list {
		texts[i] = b.Name
		if b.Counted {
			texts[i] += fmt.Sprintf(" needs %d healthy pods and has %d", b.Needs, b.Has)
		}
	}
	return "budget " + strings.Join(texts, ", ")
}

// times says how often.
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// phrases joins those that are not empty.
func phrases(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "; ")
}

// write writes rows with their columns aligned, without blanks behind the last.
func write(w io.Writer, rows [][]string) error {
	var lines bytes.Buffer
	aligned := tabwriter.NewWriter(&lines, 0, 8, 2, ' ', 0)
	for _, cells := range rows {
		shown := make([]string, len(cells))
		for i, cell := range cells {
			shown[i] = visible(cell)
		}
		fmt.Fprintln(aligned, strings.Join(shown, "\t"))
	}
	if err := aligned.Flush(); err != nil {
		return err
	}
	for line := range bytes.Lines(lines.Bytes()) {
		if _, err := w.Write(append(bytes.TrimRight(line, " \n"), '\n')); err != nil {
			return err
		}
	}
	return nil
}

// visible replaces what does not print by escapes as Go writes them: logs hold
// what attackers chose to write, and a terminal obeys it.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r != unicode.ReplacementChar && unicode.IsGraphic(r):
			b.WriteRune(r)
		case r < 0x100 && r != '\n' && r != '\r' && r != '\t':
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			quoted := fmt.Sprintf("%+q", r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}
