package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/examples/internal/cli"
)

// A column is what the program prints of a row under one name. A nil value is
// left out.
type column[T any] struct {
	name  string
	value func(row T) any
}

func names[T any](columns []column[T]) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.name
	}
	return out
}

func cells[T any](columns []column[T], row T) []cli.Cell {
	out := make([]cli.Cell, len(columns))
	for i, c := range columns {
		out[i] = cli.Cell{Name: c.name, Value: c.value(row)}
	}
	return out
}

// places finds the line of an event in its file.
type places func(audit.Pos) (int, error)

// line is 0 if the file has changed since it was read.
func (at places) line(p audit.Pos) int {
	n, err := at(p)
	if err != nil {
		return 0
	}
	return n
}

// known leaves out an empty text.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// positive leaves out a number that is not told.
func positive(n int64) any {
	if n <= 0 {
		return nil
	}
	return n
}

// moment leaves out a time that is not told.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// ownerOf is what controls a pod, as Kind/name.
func ownerOf(o evict.Owner) any {
	if o.Kind == "" {
		return nil
	}
	return o.Kind + "/" + o.Name
}

// confidenceOf leaves out that nothing was classified.
func confidenceOf(i evict.Initiator) any {
	if i.Kind == "" {
		return nil
	}
	return i.Confidence.String()
}

// userOf is the user, with the one whose rights they took on.
func userOf(a evict.Actor) string {
	switch {
	case a.User == "":
		return "(not authenticated)"
	case a.Impersonated != "":
		return a.User + " as " + a.Impersonated
	}
	return a.User
}

// initiatorText is who it was, for people, and how sure that is unless it is
// certain.
func initiatorText(i evict.Initiator) string {
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

// personal names the user where the kind of initiator does not: of a person, and
// of somebody that no rule knows.
func personal(i evict.Initiator, a evict.Actor) string {
	if i.Class == evict.Human || i.Kind == "" {
		return "user " + userOf(a)
	}
	return ""
}

// phrases joins those that are not empty.
func phrases(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "; ")
}

// since says how long after another a time was; empty if either is not told.
func since(what string, from, to time.Time) string {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return ""
	}
	return fmt.Sprintf("%s after %v", what, to.Sub(from).Round(time.Millisecond))
}

// times says how often.
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// dryRunText says that nothing was meant to happen, or that it may be so.
func dryRunText(d evict.DryRun) string {
	switch d {
	case evict.DryRunYes:
		return "dry run"
	case evict.DryRunUnknown:
		return "may be a dry run"
	}
	return ""
}

// A list is a value of several parts: an array in JSON, and in a table or CSV
// the texts of the parts.
type list[T fmt.Stringer] []T

func (l list[T]) String() string {
	texts := make([]string, len(l))
	for i, part := range l {
		texts[i] = part.String()
	}
	return strings.Join(texts, "; ")
}

// listed is the list of the parts of a row; it leaves out an empty one.
func listed[S any, T fmt.Stringer](parts []S, of func(S) T) any {
	if len(parts) == 0 {
		return nil
	}
	l := make(list[T], len(parts))
	for i, part := range parts {
		l[i] = of(part)
	}
	return l
}

// A refusal is a refusal as it is printed.
type refusal struct {
	Outcome string `json:"outcome"`
	Count   int    `json:"count"`
	First   string `json:"first"`
	Last    string `json:"last"`
}

func refusalOf(r evict.Refusal) refusal {
	return refusal{r.Outcome.String(), r.Count, cli.FormatTime(r.First), cli.FormatTime(r.Last)}
}

func (r refusal) String() string {
	return fmt.Sprintf("%s %s from %s to %s", r.Outcome, times(r.Count), r.First, r.Last)
}

// A budget is a budget as it is printed. It has no numbers if the refusal gave
// none.
type budget struct {
	Name  string `json:"name"`
	Needs *int   `json:"needs,omitempty"`
	Has   *int   `json:"has,omitempty"`
}

func budgetOf(b evict.Budget) budget {
	if !b.Counted {
		return budget{Name: b.Name}
	}
	return budget{b.Name, &b.Needs, &b.Has}
}

func (b budget) String() string {
	if b.Needs == nil {
		return b.Name
	}
	return fmt.Sprintf("%s needs %d healthy pods and has %d", b.Name, *b.Needs, *b.Has)
}

// An evidence is a field that decided, as it is printed. It has no value if the
// field is missing from the event.
type evidence struct {
	Field string `json:"field"`
	Value string `json:"value,omitempty"`
	File  string `json:"file,omitempty"`
	Line  int    `json:"line,omitempty"`
}

func (e evidence) String() string {
	value := "is not there"
	if e.Value != "" {
		value = "= " + e.Value
	}
	return fmt.Sprintf("%s:%d: %s %s", e.File, e.Line, e.Field, value)
}

// evidenceOf lists what a row was read from, each field of an event once.
func evidenceOf(at places, groups ...[]evict.Evidence) any {
	var all []evict.Evidence
	for _, e := range slices.Concat(groups...) {
		if !slices.Contains(all, e) {
			all = append(all, e)
		}
	}
	return listed(all, func(e evict.Evidence) evidence {
		return evidence{e.Field, e.Value, e.Pos.File, at.line(e.Pos)}
	})
}
