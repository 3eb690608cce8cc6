package query

import (
	"github.com/evictlog/evictlog/audit"
)

// A plan is how a query runs, in two halves. The scan looks at one event at a
// time, in any order and on any worker: select decides whether the event
// matters, rank finds what it is ordered by, and output computes its row. Rank
// and output only see events that are still in the running. The merge puts
// together what the scans have kept.
//
// Position in the query does not decide what comes first. All filters act
// before the order, and the order before the limit.
type plan struct {
	slots                   int // how many values a frame holds
	selecting, rank, output stage
	literals                []string // texts that every selected event contains

	order   []orderKey
	limit   int  // 0 if there is none
	any     bool // the limit takes whichever rows come first
	columns []column
}

// A stage reads what it needs of the event and takes its steps in turn.
type stage struct {
	system []systemSlot
	fields fieldSet
	steps  []step
}

type systemSlot struct {
	field *systemField
	slot  int
}

// A step computes a name's value or, without one, is a filter.
type step struct {
	expr expr
	eval evaluator
	name string
	slot int
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

// A frame holds the values of one event, each in the slot that the plan gave
// to its name.
type frame struct{ slots []Value }

// run takes the stage's steps for one event. It reports false at the first
// filter that does not hold.
func (s *stage) run(f *frame, ev *audit.Event) bool {
	for _, sys := range s.system {
		f.slots[sys.slot] = sys.field.read(ev)
	}
	s.fields.load(ev.Raw, f.slots)
	for _, step := range s.steps {
		v := step.eval(f)
		if step.name == "" {
			if !v.truth() {
				return false
			}
			continue
		}
		f.slots[step.slot] = v
	}
	return true
}
