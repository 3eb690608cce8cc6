package query

import (
	"bytes"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/fields"
)

// A plan is how a query runs, in two halves. The scan looks at one event at a
// time, in any order and on any worker; the merge puts together what the scans
// have kept.
//
// The first level is that of the events, and each stats begins another, on the
// rows that it gives. On the last one, rank finds what a row is ordered by, and
// output computes its columns.
//
// Position in the query does not decide what comes first. On each level all
// filters act before the rest, and the order before the limit.
type plan struct {
	levels   []planLevel
	literals []string // texts that every selected event contains
	lookups  []*lookup
	source   *sourceCommand // nil if the query has none
	calls    []string       // the saved queries whose text is not known; then only source is set besides

	offset     *duration       // by which the window is moved back; nil if there is none
	comparison *compareCommand // whose earlier window events are looked at too; nil if there is none
	gathering

	subqueries []*subquery // those of the whole query
	ofRun      bool        // a value depends on the window or the time of the run
}

// A gathering says which rows are kept, in which order, and what of them: rank
// provides the order, and output the columns.
type gathering struct {
	rank, output stage
	order        []orderKey
	limit        int  // 0 if there is none
	any          bool // the limit takes whichever rows come first
	columns      []column
}

// A planLevel says what becomes of one event, or of one row of stats:
// selecting decides whether it matters. The spreads make rows of it, and sifting
// decides which of them matter. If a stats follows, feeding provides what its
// grouping looks at; if a pass does, it has stages of its own.
type planLevel struct {
	slots     int // how many values a frame holds
	selecting stage
	spreads   []spread
	sifting   stage
	feeding   stage
	group     *grouping // these two are nil on the last level, and one of them on
	passing   *passing  // the others
}

// A stage reads what it needs of the event and takes its steps in turn. The
// filters that look at one thing only are taken first, each as soon as the
// thing is there: most events are refused by one of them.
type stage struct {
	stream  []step // on the log stream or group, which rarely change
	streams []systemSlot
	set     *fields.Set // of the fields
	fields  []wanted
	tests   [][]fieldTest // on each of the fields
	system  []systemSlot
	steps   []step
	told    []step // all steps and filters in the order in which they were planned, for people
}

type systemSlot struct {
	field *systemField
	slot  int
}

// A step computes values or is a filter: run reports whether to go on.
type step struct {
	what, text string // for people
	run        func(*frame) bool
}

// A fieldTest is a filter on one field. plain, if it is not nil, decides it for
// a text that stands in the event as it is, without making a value of it.
type fieldTest struct {
	step
	plain func(text []byte) bool
}

// An orderKey is a value to order by.
type orderKey struct {
	name string
	slot int
	desc bool
}

type column struct {
	name string
	slot int
}

// A frame holds the values of one event or row, each in the slot that the plan
// gave to its name. Each worker has its own.
type frame struct {
	slots []Value
	args  []Value // of the calls that are being evaluated
	text  []byte  // of the values that had to be unescaped

	window  window   // of the run
	earlier interval // that it is compared with
	lookups []found
	sets    []*valueSet // of the subqueries that have one
	failure error       // the first of the event

	found         []fields.Value // of the stage that is being run
	stage         *stage         // that one
	accept        func(int, fields.Value) bool
	group, stream string // of the last event
	streamOK      bool   // what the filters on them said
}

// newFrame returns a frame for the level.
func (p *plan) newFrame(level int) *frame {
	f := &frame{slots: make([]Value, p.levels[level].slots)}
	if level == 0 {
		most := 0
		for _, s := range p.eventStages() {
			most = max(most, len(s.fields))
		}
		f.found = make([]fields.Value, most)
	}
	f.accept = f.take
	return f
}

// eventStages are the stages that see events.
func (p *plan) eventStages() []*stage {
	first := &p.levels[0]
	stages := []*stage{&first.selecting, &first.sifting, &first.feeding}
	for i := range first.spreads {
		stages = append(stages, &first.spreads[i].source)
	}
	switch {
	case len(p.levels) == 1:
		stages = append(stages, &p.rank, &p.output)
	case first.passing != nil:
		stages = append(stages, &first.passing.rank, &first.passing.output)
	}
	return stages
}

// run takes the stage's steps for one event, or for a row of stats, which has
// none. It reports false at the first filter that does not hold, and an error
// if the event turns out not to be JSON.
func (s *stage) run(f *frame, ev *audit.Event) (bool, error) {
	ok, err := s.take(f, ev)
	if failed := f.failed(ev); failed != nil {
		return false, failed
	}
	return ok, err
}

func (s *stage) take(f *frame, ev *audit.Event) (bool, error) {
	if len(s.stream) > 0 && !f.streamHolds(s, ev) {
		return false, nil
	}
	if len(s.fields) > 0 {
		if ok, err := f.load(s, ev); !ok || err != nil {
			return false, err
		}
	}
	for _, sys := range s.system {
		f.slots[sys.slot] = sys.field.read(ev)
	}
	return f.all(s.steps), nil
}

// all reports whether all steps go on.
func (f *frame) all(steps []step) bool {
	for i := range steps {
		if !steps[i].run(f) {
			return false
		}
	}
	return true
}

// fail says that an expression cannot be evaluated for the event, if err is not
// nil. The value it then gives counts for nothing.
func (f *frame) fail(err error) {
	if f.failure == nil {
		f.failure = err
	}
}

// failed returns what was wrong with the event, or with a row of stats, which
// has none: that ends the run.
func (f *frame) failed(ev *audit.Event) error {
	err := f.failure
	if err == nil {
		return nil
	}
	f.failure, f.stream = nil, "" // so that what was said of the stream is asked again
	if ev == nil {
		return err
	}
	return &audit.EventError{Pos: ev.Pos, Lines: 1, Bytes: int64(len(ev.Raw)), Err: err}
}

// streamHolds takes the filters on the log stream and group. What they said of
// an event holds for those of the same stream.
func (f *frame) streamHolds(s *stage, ev *audit.Event) bool {
	if f.stream == ev.Stream && f.group == ev.Group && f.stream != "" {
		return f.streamOK
	}
	for _, sys := range s.streams {
		f.slots[sys.slot] = sys.field.read(ev)
	}
	f.stream, f.group = ev.Stream, ev.Group
	f.streamOK = f.all(s.stream)
	return f.streamOK
}

// load finds the fields of the stage, in one walk over the event that ends as
// soon as one of them is refused.
func (f *frame) load(s *stage, ev *audit.Event) (bool, error) {
	switch f.walk(s, ev.Raw).State {
	case fields.Refused:
		return false, nil
	case fields.Malformed:
		return false, &audit.EventError{Pos: ev.Pos, Lines: 1, Bytes: int64(len(ev.Raw)), Err: audit.ErrNotJSON}
	}
	return f.allMissing(s), nil
}

// allMissing reports whether the filters hold on the fields that the walk has
// not found.
func (f *frame) allMissing(s *stage) bool {
	for i, tests := range s.tests {
		if f.found[i].Kind == fields.Missing && !f.holds(tests, fields.Value{}) {
			return false
		}
	}
	return true
}

// refuses reports whether the filters on fields refuse every event that begins
// with head.
func (s *stage) refuses(f *frame, head []byte) bool {
	if len(s.fields) == 0 || s.set.FromEnd() {
		return false
	}
	// A number at the end may go on. Without it, nothing is refused for it.
	head = bytes.TrimRight(head, "0123456789+-.eE")
	state := f.walk(s, head).State
	settled := state == fields.Settled && !f.allMissing(s)
	if f.failure != nil { // the event is read, and then has the error
		f.failure = nil
		return false
	}
	return state == fields.Refused || settled
}

// walk finds the fields of the stage.
func (f *frame) walk(s *stage, text []byte) fields.Result {
	f.stage = s
	for _, w := range s.fields {
		if v := &f.slots[w.slot]; v.kind != KindMissing { // most are: a store would cost more
			*v = Value{}
		}
	}
	return s.set.Walk(text, f.found, f.accept)
}

// take takes a field that the walk has found, and reports whether the filters
// on it hold.
func (f *frame) take(i int, v fields.Value) bool {
	tests := f.stage.tests[i]
	if v.Kind == fields.String && !v.Escaped {
		for j := range tests {
			// Fast path: most events are refused by a text.
			if plain := tests[j].plain; plain != nil && !plain(v.Raw) {
				return false
			}
		}
	}
	f.slots[f.stage.fields[i].slot] = f.value(v)
	return f.holds(tests, v)
}

// holds reports whether the filters on a field hold, whose value is in its slot.
func (f *frame) holds(tests []fieldTest, v fields.Value) bool {
	plain := v.Kind == fields.String && !v.Escaped
	for i := range tests {
		if !(plain && tests[i].plain != nil) && !tests[i].run(f) {
			return false
		}
	}
	return true
}

// compile makes the stage ready when all that it needs is known.
func (s *stage) compile() {
	s.tests = append(s.tests, make([][]fieldTest, len(s.fields)-len(s.tests))...)
	names := make([]string, len(s.fields))
	for i, w := range s.fields {
		names[i] = w.name
	}
	s.set = fields.Compile(names...)
}
