package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/examples/internal/cli"
)

// summaryRecord is what programs get of a file, or of all files together.
var summaryRecord = []column[audit.FileSummary]{
	{"file", func(f audit.FileSummary) any { return known(f.File) }},
	{"containers", func(f audit.FileSummary) any { return texts(f.Containers) }},
	{"forms", func(f audit.FileSummary) any { return listed(f.Forms, countOf) }},
	{"mapped", func(f audit.FileSummary) any { return listed(f.Mapped, countOf) }},
	{"bytes", func(f audit.FileSummary) any { return f.Stats.Bytes }},
	{"lines", func(f audit.FileSummary) any { return f.Stats.Lines }},
	{"events", func(f audit.FileSummary) any { return f.Stats.Events.Count }},
	{"first", func(f audit.FileSummary) any { return moment(f.First) }},
	{"last", func(f audit.FileSummary) any { return moment(f.Last) }},
	{"streams", func(f audit.FileSummary) any { return listed(f.Streams, streamOf) }},
	{"stages", func(f audit.FileSummary) any { return listed(f.Stages, countOf) }},
	{"levels", func(f audit.FileSummary) any { return listed(f.Levels, countOf) }},
	{"others", func(f audit.FileSummary) any { return listed(f.Others, countOf) }},
	{"lost", func(f audit.FileSummary) any { return lostOf(f.Lost) }},
	{"cut", func(f audit.FileSummary) any { return positive(f.Stats.Cut) }},
	{"duplicates", func(f audit.FileSummary) any { return positive(f.Duplicates) }},
	{"estimated", func(f audit.FileSummary) any { return set(f.Estimated) }},
	{"partial", func(f audit.FileSummary) any { return listed(f.Partial, countOf) }},
	{"damagedPlaces", func(f audit.FileSummary) any { return positive(f.Stats.Damaged.Count) }},
	{"damagedBytes", func(f audit.FileSummary) any { return positive(f.Stats.Damaged.Bytes) }},
	{"warnings", func(f audit.FileSummary) any { return texts(warnings(f)) }},
}

// A count is a count as it is printed.
type count struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

func countOf(c audit.Count) count { return count(c) }

func (c count) String() string { return fmt.Sprintf("%s %d", c.Name, c.Count) }

// A stream is a log stream as it is printed.
type stream struct {
	Group     string `json:"group,omitempty"`
	Stream    string `json:"stream,omitempty"`
	Events    int64  `json:"events"`
	Others    int64  `json:"others,omitempty"`
	First     string `json:"first,omitempty"`
	Last      string `json:"last,omitempty"`
	Holes     []hole `json:"holes,omitempty"`
	MoreHoles int    `json:"moreHoles,omitempty"`
}

func streamOf(s audit.StreamSummary) stream {
	out := stream{Group: s.Group, Stream: s.Stream, Events: s.Events, Others: s.Others, MoreHoles: s.MoreHoles}
	if !s.First.IsZero() {
		out.First, out.Last = cli.FormatTime(s.First), cli.FormatTime(s.Last)
	}
	for _, h := range s.Holes {
		out.Holes = append(out.Holes, hole{cli.FormatTime(h.From), cli.FormatTime(h.To)})
	}
	return out
}

func (s stream) String() string {
	return phrases(strings.TrimPrefix(s.Group+" "+s.Stream, " ")+": "+plural(s.Events, "event"), some(s.Others, "line of other logs", "lines of other logs"))
}

// A hole is a time without an event, as it is printed.
type hole struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// A lost is what the API server could not log, as it is printed.
type lost struct {
	Reports int64  `json:"reports"`
	Events  int64  `json:"events"`
	First   string `json:"first,omitempty"`
	Last    string `json:"last,omitempty"`
}

// lostOf leaves out that nothing was.
func lostOf(l audit.Lost) any {
	switch {
	case l.Reports == 0:
		return nil
	case l.First.IsZero():
		return lost{Reports: l.Reports, Events: l.Events}
	}
	return lost{l.Reports, l.Events, cli.FormatTime(l.First), cli.FormatTime(l.Last)}
}

func (l lost) String() string { return plural(l.Events, "event") }

// set leaves out what is not.
func set(b bool) any {
	if !b {
		return nil
	}
	return b
}

// plural is n of the things.
func plural(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// some is n of the things, empty if there are none.
func some(n int64, one, several string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}

// summarize says what is in the files.
func (j *job) summarize(ctx context.Context) error {
	sum, err := audit.Summarize(ctx, j.src, audit.SummaryOptions{Hole: j.hole})
	if err != nil {
		return err
	}
	for _, f := range sum.Files {
		for _, damage := range f.Damage {
			j.report.Damage(damage)
		}
	}
	files := sum.Files
	if len(files) != 1 {
		files = append(files, sum.Total)
	}
	if j.Format != "table" {
		out, err := cli.NewWriter(j.Format, j.stdout, names(summaryRecord))
		if err != nil {
			return err
		}
		for _, f := range files {
			if err := out.Write(cells(summaryRecord, f)); err != nil {
				return err
			}
		}
		return out.Close()
	}
	for i, f := range files {
		if i > 0 {
			fmt.Fprintln(j.stdout)
		}
		name := f.File
		if name == "" {
			name = plural(int64(len(sum.Files)), "file")
		}
		if _, err := fmt.Fprint(j.stdout, summaryText(name, f)); err != nil {
			return err
		}
	}
	return nil
}

// maxStreams is how many streams of a file are told to people.
const maxStreams = 10

// summaryText is the block of a file for people.
func summaryText(name string, f audit.FileSummary) string {
	var b strings.Builder
	line := func(text string) {
		if text != "" {
			fmt.Fprintln(&b, cli.Visible(text))
		}
	}
	line(name)
	what := plural(f.Stats.Events.Count, "event")
	if f.Stats.Events.Count == 0 && f.Stats.Other.Count > 0 {
		what = "no event, but lines of other logs"
	}
	if !f.First.IsZero() {
		what += ", " + between(f.First, f.Last)
	}
	line("  " + what)
	var forms []string
	for _, form := range f.Forms {
		forms = append(forms, form.Name)
	}
	packed := ""
	if len(f.Containers) > 0 {
		packed = "packed in " + strings.Join(f.Containers, ", ")
	}
	if form := phrases(strings.Join(forms, ", "), packed); form != "" {
		line("  form: " + form)
	}
	for i, s := range f.Streams {
		if i == maxStreams {
			line(fmt.Sprintf("  and %d more streams", len(f.Streams)-maxStreams))
			break
		}
		line("  stream " + streamOf(s).String())
	}
	for _, row := range []struct {
		name   string
		counts []audit.Count
	}{{"stages", f.Stages}, {"levels", f.Levels}, {"made from records of", f.Mapped}, {"other logs", f.Others}} {
		if l, ok := listed(row.counts, countOf).(list[count]); ok {
			line("  " + row.name + ": " + strings.ReplaceAll(l.String(), ";", ","))
		}
	}
	for _, w := range warnings(f) {
		line("  ! " + w)
	}
	return b.String()
}

// between are two times, or one, for people.
func between(from, to time.Time) string {
	if from.Equal(to) {
		return cli.FormatTime(from)
	}
	return cli.FormatTime(from) + " to " + cli.FormatTime(to)
}

// warnings are what an investigator has to know of a file before relying on
// it.
func warnings(f audit.FileSummary) []string {
	var all []string
	warn := func(n int64, one, several string) {
		if text := some(n, one, several); text != "" {
			all = append(all, text)
		}
	}
	if f.Stats.Events.Count == 0 && f.Stats.Other.Count == 0 && f.Stats.Bytes > f.Stats.Blank.Bytes {
		all = append(all, "there is no audit event in it")
	}
	warn(f.Stats.Damaged.Count, "place could not be read", "places could not be read")
	warn(f.Stats.Cut, "event was cut by the log service: its end is lost", "events were cut by the log service: their ends are lost")
	if f.Lost.Reports > 0 {
		text := "the API server reports that it could not log " + plural(f.Lost.Events, "event")
		if !f.Lost.First.IsZero() {
			text += ": " + between(f.Lost.First, f.Lost.Last)
		}
		all = append(all, text)
	}
	for _, p := range f.Partial {
		all = append(all, partialText(p))
	}
	all = append(all, holeTexts(f)...)
	if f.Duplicates > 0 {
		about := ""
		if f.Estimated {
			about = "about "
		}
		all = append(all, about+some(f.Duplicates, "event repeats one before it", "events repeat one before them"))
	}
	var undated int64
	for _, s := range f.Streams {
		undated += s.Undated
	}
	warn(undated, "event has no time", "events have no time")
	return all
}

// partialText says why there is more than what is in the file.
func partialText(p audit.Count) string {
	switch p.Name {
	case audit.PartialPage:
		return "this is a page of a longer result: nextToken is set"
	case audit.PartialRunning:
		return "the query had not ended when its results were fetched"
	case audit.PartialLimit:
		return "the results have as many rows as a query can give: there may be more"
	}
	return "this is a part of a longer result: " + p.Name
}

// mostHoles is how many holes of a stream are told to people.
const mostHoles = 3

// holeTexts tell the times without events.
func holeTexts(f audit.FileSummary) []string {
	var all []string
	for _, s := range f.Streams {
		in := ""
		if len(f.Streams) > 1 {
			in = " in stream " + s.Stream
		}
		for _, h := range s.Holes[:min(len(s.Holes), mostHoles)] {
			all = append(all, fmt.Sprintf("no events between %s and %s (%v)%s",
				cli.FormatTime(h.From), cli.FormatTime(h.To), h.Duration().Round(time.Second), in))
		}
		if more := int64(len(s.Holes)-mostHoles) + int64(s.MoreHoles); more > 0 {
			all = append(all, some(more, "more time without events", "more times without events")+in)
		}
	}
	return all
}
