package query

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// A Selection is what a SOURCE command asks for: log groups by their names, or
// all those that meet every condition. Conditions are empty where there is
// none, and a Selection without names and conditions is of all log groups.
// Source: the Logs Insights SOURCE page.
type Selection struct {
	// Names are those of the log groups. With names there are no conditions.
	Names []string

	Prefixes    []string // the name begins with one of these
	Accounts    []string // it belongs to one of these accounts
	Classes     []string // it has one of these classes: STANDARD, INFREQUENT_ACCESS or DELIVERY
	DataSources []string // its data source is one of these, each a name and a type with a dot between them
	Tags        []Tag    // it has all of these tags

	// Start and End are the window of the run, both ends included: that of the
	// command or, where it has none, of the [Options]. Zero is no bound.
	Start, End time.Time
}

// A Tag is a condition on a tag of a log group.
type Tag struct {
	Key string

	// Values are those of which the tag has one, any if there are none. As the
	// service has it, * stands for any text and a ! in front for all others.
	// Source: the TagFilter API reference.
	Values []string
}

// String returns the canonical SOURCE command.
func (s Selection) String() string {
	var b strings.Builder
	s.write(&b)
	for _, bound := range []struct {
		name string
		at   time.Time
	}{{"start", s.Start}, {"end", s.End}} {
		if !bound.at.IsZero() {
			fmt.Fprintf(&b, " %s=%q", bound.name, bound.at.UTC().Format(time.RFC3339Nano))
		}
	}
	return b.String()
}

// write writes the command without its window.
func (s *Selection) write(b *strings.Builder) {
	b.WriteString("SOURCE ")
	if len(s.Names) > 0 {
		writeTexts(b, s.Names)
		return
	}
	var parts []string
	if len(s.DataSources) > 0 {
		parts = append(parts, "dataSource("+textList(s.DataSources)+")")
	}
	var groups []string
	for _, condition := range []struct {
		name   string
		values []string
	}{{"namePrefix", s.Prefixes}, {"accountIdentifier", s.Accounts}, {"class", s.Classes}} {
		if len(condition.values) > 0 {
			groups = append(groups, condition.name+": "+textList(condition.values))
		}
	}
	if len(groups) > 0 || len(s.DataSources)+len(s.Tags) == 0 {
		parts = append(parts, "logGroups("+strings.Join(groups, ", ")+")")
	}
	if len(s.Tags) > 0 {
		parts = append(parts, "logGroupTags(["+tagList(s.Tags)+"])")
	}
	b.WriteString(strings.Join(parts, " "))
}

func tagList(tags []Tag) string {
	var b strings.Builder
	for i, tag := range tags {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`{"key": `)
		writeString(&b, tag.Key)
		if len(tag.Values) > 0 {
			b.WriteString(`, "values": ` + textList(tag.Values))
		}
		b.WriteByte('}')
	}
	return b.String()
}

// textList is a list of texts as the language writes it.
func textList(texts []string) string {
	var b strings.Builder
	b.WriteByte('[')
	writeTexts(&b, texts)
	b.WriteByte(']')
	return b.String()
}

func writeTexts(b *strings.Builder, texts []string) {
	for i, text := range texts {
		if i > 0 {
			b.WriteString(", ")
		}
		writeString(b, text)
	}
}

// Named returns a function for [Options.Resolve] that finds logs by the names
// of their log groups, or by how these begin. Several logs are read in the order
// in which SOURCE names them, or else in that of their names. Events that do not
// say which log group they are of are taken to be of the one with that name.
//
// A name that no log has is an error, and so is a prefix that no name begins
// with. So is what names do not tell: accounts, data sources, tags, and classes
// but STANDARD, which is what the service takes for granted.
//
// The map must not change while queries run.
func Named(logs map[string]audit.Source) func(context.Context, Selection) (audit.Source, error) {
	return func(_ context.Context, s Selection) (audit.Source, error) {
		names := s.Names
		if len(names) == 0 {
			var err error
			if names, err = s.among(slices.Sorted(maps.Keys(logs))); err != nil {
				return nil, err
			}
		}
		var out union
		for _, name := range names {
			if logs[name] == nil {
				return nil, unknownLog(name, slices.Sorted(maps.Keys(logs)))
			}
			if !slices.ContainsFunc(out, func(log namedLog) bool { return log.name == name }) {
				out = append(out, namedLog{name, logs[name]})
			}
		}
		return out, nil
	}
}

func unknownLog(name string, known []string) error {
	hint := ""
	if near := nearest(name, known); near != "" {
		hint = fmt.Sprintf(" (did you mean %q?)", near)
	}
	return fmt.Errorf("no log is given for the log group %q%s", name, hint)
}

// among are those of the names that the selection is of.
func (s *Selection) among(names []string) ([]string, error) {
	switch {
	case len(s.Accounts) > 0:
		return nil, errors.New("names of logs do not tell accounts")
	case len(s.DataSources) > 0:
		return nil, errors.New("names of logs do not tell data sources")
	case len(s.Tags) > 0:
		return nil, errors.New("names of logs do not tell tags")
	case len(s.Classes) > 0 && !slices.Equal(s.Classes, []string{standardClass}):
		return nil, errors.New("names of logs do not tell classes")
	}
	if len(s.Prefixes) > 0 {
		for _, prefix := range s.Prefixes {
			if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, prefix) }) {
				return nil, fmt.Errorf("no log is given for a log group whose name begins with %q", prefix)
			}
		}
		names = slices.DeleteFunc(names, func(name string) bool {
			return !slices.ContainsFunc(s.Prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
		})
	}
	if len(names) == 0 {
		return nil, errors.New("no log is given")
	}
	return names, nil
}

// A union is a Source of the events of several logs, one log after the other.
type union []namedLog

// A namedLog is the log of one log group.
type namedLog struct {
	name string
	audit.Source
}

// Parts gives the parts of all logs. The name of each begins with the number of
// its log.
func (u union) Parts(ctx context.Context) iter.Seq2[audit.Part, error] {
	return func(yield func(audit.Part, error) bool) {
		for i, log := range u {
			for p, err := range log.Parts(ctx) {
				_, onePlace := errors.AsType[*audit.EventError](err)
				p.File = strconv.Itoa(i) + ":" + p.File
				if !yield(p, err) || err != nil && !onePlace {
					return
				}
			}
		}
	}
}

// Read gives the events of a part, with the name of its log as their log group
// if they do not say one.
func (u union) Read(ctx context.Context, p audit.Part, need audit.Need) iter.Seq2[audit.Event, error] {
	number, file, _ := strings.Cut(p.File, ":")
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(u) {
		return func(yield func(audit.Event, error) bool) {
			yield(audit.Event{}, fmt.Errorf("query: %q is no part of these logs", p.File))
		}
	}
	log := u[i]
	p.File = file
	if wanted := need.Wanted; wanted != nil {
		need.Wanted = func(ev *audit.Event) bool {
			group := ev.Group
			log.label(ev)
			ok := wanted(ev)
			ev.Group = group
			return ok
		}
	}
	return func(yield func(audit.Event, error) bool) {
		for ev, err := range log.Source.Read(ctx, p, need) {
			log.label(&ev)
			if !yield(ev, err) {
				return
			}
		}
	}
}

// label names the log group of an event that does not.
func (l *namedLog) label(ev *audit.Event) {
	if ev.Group == "" {
		ev.Group = l.name
	}
}
