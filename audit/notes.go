package audit

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/evictlog/evictlog/audit/fields"
)

// notes are what a [Summary] wants to know of the reading of one part: the walk
// writes down in them what it meets. A walk that nobody wants a summary of has
// none, so that every method that it calls does nothing with a nil receiver.
type notes struct {
	options SummaryOptions
	part    string
	files   []*file
	at      *file    // that is being read
	packs   []string // the containers around what is being read
	values  [4]fields.Value
	err     error // that ended the reading
}

// A file is what is known so far of a plain file, or of a range of one.
type file struct {
	FileSummary
	forms, kinds, stages, levels, partial, mapped map[string]int64
	timeline                                      *timeline
	sample                                        *sample
	losses                                        losses
	kind                                          string // of the last line of another stream
	errors                                        int64
}

func newFile(name string, o SummaryOptions) *file {
	f := &file{
		forms: make(map[string]int64), kinds: make(map[string]int64), partial: make(map[string]int64),
		stages: make(map[string]int64), levels: make(map[string]int64), mapped: make(map[string]int64),
		timeline: newTimeline(o.Hole), sample: newSample(o.Remember),
	}
	f.File = name
	return f
}

// file returns the file of a name, which becomes the one that is being read.
func (n *notes) file(name string) *file {
	i := slices.IndexFunc(n.files, func(f *file) bool { return f.File == name })
	if i < 0 {
		i = len(n.files)
		n.files = append(n.files, newFile(name, n.options))
	}
	n.at = n.files[i]
	return n.at
}

// packed notes that what is read next is in so many containers, and in another
// one within them.
func (n *notes) packed(depth int, name string) {
	if n != nil {
		n.packs = append(n.packs[:depth:depth], name)
	}
}

// unpacked notes that what is read next is plain, within so many containers.
func (n *notes) unpacked(depth int) {
	if n != nil {
		n.packs = n.packs[:depth]
	}
}

// begin notes that a plain file is read next. What is counted until end is
// called goes to it, and to what was counted before.
func (n *notes) begin(j *job, name string) (end func()) {
	if n == nil {
		return func() {}
	}
	f := n.file(name)
	f.packed(n.packs)
	before := j.stats
	j.stats = new(Stats)
	return func() {
		f.Stats.Add(*j.stats)
		before.Add(*j.stats)
		j.stats = before
	}
}

// form notes that something has a form that is read.
func (n *notes) form(name string) {
	if n != nil {
		n.at.forms[name]++
	}
}

// document notes that a document begins. The last page in a file decides whether
// there are more: the pages of a result may follow each other in it.
func (n *notes) document(d *document) {
	if n != nil {
		n.form(d.name)
		if d.partial != nil {
			delete(n.at.partial, PartialPage)
		}
	}
}

// other notes a message of another stream.
func (n *notes) other(s *scan, m *message) {
	if n == nil {
		return
	}
	kind := kindOf(m.text)
	switch {
	case m.control:
		kind = controlKind
	case kind == "" && m.foreign:
		kind = foreignKind
	case kind == "": // it goes on with the message before
		kind = cmp.Or(n.at.kind, foreignKind)
	}
	n.at.kind = kind
	n.at.kinds[kind]++
	n.at.timeline.track(streamID{cmp.Or(m.group, s.group), cmp.Or(m.stream, s.stream)}).others++
	n.at.losses.line(m.text, m.logged)
}

// member notes a member of an object that stands on the way to the messages of a
// document.
func (n *notes) member(d *document, path string, m member) {
	if n == nil || d.partial == nil {
		return
	}
	if why := d.partial(strings.TrimPrefix(path+"."+string(m.key), "."), m.value); why != "" {
		n.at.partial[why]++
	}
}

// give takes in what a walk gives.
func (n *notes) give(ev Event, err error) bool {
	if e, ok := errors.AsType[*EventError](err); ok {
		f := n.file(e.Pos.File)
		f.errors++
		if len(f.Damage) < maxDamage {
			f.Damage = append(f.Damage, e)
		}
		return true
	}
	if err != nil {
		n.err = err
		return false
	}
	n.event(&ev)
	return true
}

// event takes in an event.
func (n *notes) event(ev *Event) {
	f := n.at
	keyFields.Walk(ev.Raw, n.values[:], nil)
	if k, ok := keyOf(n.values[:]); ok {
		f.sample.add(k.begin(), 1)
	}
	if ev.Mapped != "" {
		f.mapped[ev.Mapped]++
	}
	f.stages[oneOf(n.values[1], stages)]++
	f.levels[oneOf(n.values[3], levels)]++
	f.timeline.event(streamID{ev.Group, ev.Stream}, ev.Time())
}

// The stages and the levels of the audit API.
var (
	stages = []string{"RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"}
	levels = []string{"None", "Metadata", "Request", "RequestResponse"}
)

// unknown is counted for a value that is none of those that are known.
const unknown = "unknown"

// oneOf returns the text of v if it is one of those known.
func oneOf(v fields.Value, known []string) string {
	for _, text := range known {
		if string(v.Raw) == text {
			return text
		}
	}
	return unknown
}

// packed takes in the containers around the file.
func (f *file) packed(packs []string) {
	for _, pack := range packs {
		if !slices.Contains(f.Containers, pack) {
			f.Containers = append(f.Containers, pack)
		}
	}
}

// maxDamage is how many places a summary tells of a file. All are counted.
const maxDamage = 20

// note reads one part for a summary.
func (a *Archive) note(ctx context.Context, p Part, o SummaryOptions) *notes {
	n := &notes{options: o, part: p.File}
	for ev, err := range a.readNoting(ctx, p, Need{Strict: true}, n) {
		if !n.give(ev, err) {
			break
		}
	}
	if len(n.files) == 0 {
		n.file(p.File) // an empty bundle
	}
	for _, f := range n.files { // also errors that are of no place in the text
		f.Stats.Damaged.Count = f.errors
	}
	return n
}
