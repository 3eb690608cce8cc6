package audit

import (
	"cmp"
	"context"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"
)

// SummaryOptions are what [Summarize] can be told. The zero value is of use.
type SummaryOptions struct {
	// Hole is how long a stream must have had no event for that to be told; 0
	// means 15 minutes.
	Hole time.Duration

	// Remember is how many events the search for duplicates remembers, each in
	// about 30 bytes; 0 means a million. If there are more, the number of
	// duplicates is an estimate.
	Remember int

	// Workers is how many goroutines read the archive; 0 means as many as Go
	// runs at a time. The summary does not depend on it.
	Workers int
}

// withDefaults puts in what was left to Summarize.
func (o SummaryOptions) withDefaults() SummaryOptions {
	if o.Hole <= 0 {
		o.Hole = 15 * time.Minute
	}
	if o.Remember <= 0 {
		o.Remember = defaultRemember
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return o
}

// defaultRemember is how many events are remembered to know those that repeat
// them.
const defaultRemember = 1 << 20

// A Summary says what is in an archive: the files one by one, and all together.
type Summary struct {
	// Files are in the order of the archive. A file in a bundle is one of its
	// own, under the name that its events have.
	Files []FileSummary

	// Total is of all files, and has no name. Streams of the same group and
	// name in several files are one in it. It does not repeat what was damaged.
	Total FileSummary
}

// A FileSummary says what is in a file.
type FileSummary struct {
	File string

	// Containers are what the file is packed in, the outermost first, each once.
	// In the total they are those of any file.
	Containers []string

	// Forms are those that the events are wrapped in, and how often each was
	// met: lines, objects, or documents. Forms stand within each other, so that
	// an event may count in several.
	Forms []Count

	// Stats are the exact counts. All tallies of it that are not named below
	// are there too: cut events, blank lines, damage.
	Stats Stats

	// Mapped are the schemas of the records that events were made from, as
	// Event.Mapped has them.
	Mapped []Count

	// Others are the kinds of lines that are of other streams, such as the API
	// server's own log.
	Others []Count

	// Streams are in the order in which they were met. Each API server logs to
	// a stream of its own, if the log tells streams apart. Beyond a thousand,
	// all others are one without a name.
	Streams []StreamSummary

	// First and Last are the times of the earliest and the latest event.
	First, Last time.Time

	// HolesFrom is the length from which on every hole is found. It is longer
	// than was asked for if the events are spread over very long times.
	HolesFrom time.Duration

	// Stages and Levels count the events by their stages and levels. A policy
	// that does not omit the stage RequestReceived gives two events for each
	// request.
	Stages, Levels []Count

	// Duplicates is how many events have the audit ID, the stage and the time
	// of receipt of one before them in the file; in the total, in any file. It
	// is an estimate if Estimated is set, because there are more events than
	// could be remembered. See [Unique].
	Duplicates int64
	Estimated  bool

	// Lost is what the API server says that it could not log.
	Lost Lost

	// Partial tells why the file is only a part of a result, and how often it
	// says so: see [PartialPage] and the others.
	Partial []Count

	// Damage is the first places that could not be read, as the errors of
	// [Archive.Events] tell them; Stats.Damaged counts all.
	Damage []*EventError
}

// A Count is how many there were of a thing.
type Count struct {
	Name  string
	Count int64
}

// A StreamSummary says what is in a log stream.
type StreamSummary struct {
	Group, Stream string

	// Events is how many events there are, of which Undated have no time that
	// can be read. Others is how many lines are of other logs.
	Events, Undated, Others int64

	// First and Last are the times of the earliest and the latest event.
	First, Last time.Time

	// Holes are the times without an event, in order: the hundred longest ones,
	// if there are MoreHoles.
	Holes     []Hole
	MoreHoles int
}

// A Hole is a time between two events of a stream that follow each other, once
// they are in the order of their times.
type Hole struct{ From, To time.Time }

// Duration is how long the hole is.
func (h Hole) Duration() time.Duration { return h.To.Sub(h.From) }

// Lost is what the API server says in its own log about audit events that it
// could not write: how many events, in how many reports, of which the first and
// the last were logged at these times. Where klog alone tells the time it lacks
// the year, which is then that nearest to the events of the file, and its zone
// is taken to be UTC; without events the times are zero.
type Lost struct {
	Reports, Events int64
	First, Last     time.Time
}

// The reasons for which a file is only a part of a result.
const (
	// PartialPage: a document of the AWS CLI or API has a token for the next
	// page.
	PartialPage = "page"
	// PartialRunning: a query of Logs Insights had not ended when its results
	// were fetched, or did not end well.
	PartialRunning = "running"
	// PartialLimit: a result of Logs Insights has 10,000 events, as many as it
	// ever gives rows. Source: AWS, "CloudWatch Logs quotas".
	PartialLimit = "limit"
)

// Summarize reads an archive as a whole, checks all of it as with [Need.Strict],
// and says what is in it. Damage and files without an event are part of what it
// says. The error is that of reading: the cause of ctx, say. The summary is then
// of what was read before.
//
// Memory is bounded by the longest event, for each worker, and by the options:
// for each worker and the total by about 30 bytes for each event that is to be
// remembered, and 5 MiB; and by what is said of each file. The files of a bundle
// count there as many times as there are of them.
func Summarize(ctx context.Context, a *Archive, o SummaryOptions) (Summary, error) {
	o = o.withDefaults()
	read := func(ctx context.Context, _, _ int, p Part, give func(*notes, error) bool) {
		n := a.note(ctx, p, o)
		give(n, n.err)
	}
	s := summing{options: o, total: newFile("", o)}
	for n, err := range InOrder(ctx, a, o.Workers, read) {
		if e, ok := err.(*EventError); ok { // a file that could not be listed
			n = &notes{options: o, part: e.Pos.File}
			n.give(Event{}, e)
			n.at.Stats.Damaged.Count = 1
			err = nil
		}
		if n != nil {
			s.add(n)
		}
		if err != nil {
			return s.end(), err
		}
	}
	return s.end(), context.Cause(ctx)
}

// A summing puts together what was noted of the parts, in their order.
type summing struct {
	options SummaryOptions
	part    string  // that was read last
	files   []*file // in it
	sum     Summary
	total   *file
}

// add takes in the notes of the next part.
func (s *summing) add(n *notes) {
	if n.part != s.part {
		s.finish()
	}
	s.part = n.part
	for _, f := range n.files {
		i := slices.IndexFunc(s.files, func(g *file) bool { return g.File == f.File })
		if i < 0 {
			s.files = append(s.files, f)
		} else {
			s.files[i].merge(f)
		}
	}
}

// finish sums up the files of the part that was read last.
func (s *summing) finish() {
	for _, f := range s.files {
		s.sum.Files = append(s.sum.Files, f.finish(s.options))
		f.Damage = nil
		s.total.merge(f)
	}
	s.files = nil
}

func (s *summing) end() Summary {
	s.finish()
	s.sum.Total = s.total.finish(s.options)
	return s.sum
}

// merge adds what g has, which comes after f.
func (f *file) merge(g *file) {
	f.packed(g.Containers)
	f.Stats.Add(g.Stats)
	for _, pair := range [...]struct{ to, from map[string]int64 }{
		{f.forms, g.forms}, {f.kinds, g.kinds}, {f.stages, g.stages}, {f.levels, g.levels}, {f.partial, g.partial}, {f.mapped, g.mapped},
	} {
		for name, n := range pair.from {
			pair.to[name] += n
		}
	}
	f.Damage = append(f.Damage, g.Damage[:min(len(g.Damage), maxDamage-len(f.Damage))]...)
	f.timeline.merge(g.timeline)
	f.sample.merge(g.sample)
	f.losses.merge(g.losses)
}

// finish makes the summary of what is known.
func (f *file) finish(o SummaryOptions) FileSummary {
	sum := &f.FileSummary
	if f.File != "" && sum.Stats.Events.Count == insightsLimit && slices.ContainsFunc(slices.Collect(maps.Keys(f.forms)), isInsights) {
		f.partial[PartialLimit]++
	}
	sum.Forms, sum.Others, sum.Partial = counts(f.forms), counts(f.kinds), counts(f.partial)
	sum.Mapped = counts(f.mapped)
	sum.Stages, sum.Levels = counts(f.stages), counts(f.levels)
	sum.Duplicates, sum.Estimated = f.sample.repeats()
	sum.HolesFrom = time.Duration(f.timeline.length)
	for _, t := range f.timeline.ordered {
		stream := t.summary(o.Hole)
		sum.Streams = append(sum.Streams, stream)
		if stream.First.IsZero() {
			continue
		}
		if sum.First.IsZero() || stream.First.Before(sum.First) {
			sum.First = stream.First
		}
		if stream.Last.After(sum.Last) {
			sum.Last = stream.Last
		}
	}
	f.losses.near(sum.First)
	sum.Lost = f.losses.summary()
	return *sum
}

// insightsLimit is how many rows a query of Logs Insights gives at the most.
const insightsLimit = 10_000

// isInsights tells the forms of its results by their names.
func isInsights(form string) bool { return strings.HasPrefix(form, "Logs Insights ") }

// counts are those of a map, the largest first.
func counts(m map[string]int64) []Count {
	var list []Count
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, Count{name, m[name]})
	}
	slices.SortStableFunc(list, func(a, b Count) int { return cmp.Compare(b.Count, a.Count) })
	return list
}
