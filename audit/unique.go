package audit

import (
	"context"
	"iter"
	"sync"

	"github.com/evictlog/evictlog/audit/fields"
)

// A Unique is a Source of the events of another one, without those that repeat
// one before: those with the same audit ID, stage and time of receipt. Exports
// of hours that overlap hold events twice, as do files next to their compressed
// halves, and deliveries that are made at least once.
//
// Which of two events comes first is a matter of order. Therefore it has one
// part, of all parts of the other source one after the other, which no two
// workers can share. What a [Need] allows to leave out is left out before, so
// that a search for few events is still fast.
//
// An event without an audit ID repeats none. Both halves of an event that was
// cut, or an event and its cut copy, are not the same.
type Unique struct {
	// Source is where the events come from.
	Source Source

	// Remember is how many of the events before are known again, at the least,
	// each in about 50 bytes; 0 means a million, a negative number all. What
	// repeats an event that was forgotten is given.
	Remember int

	mu         sync.Mutex
	duplicates int64
	forgotten  int64
}

// Parts gives the one part, which has no name.
func (u *Unique) Parts(ctx context.Context) iter.Seq2[Part, error] {
	return Sequence(nil).Parts(ctx)
}

// Read gives the events of all parts of the other source.
func (u *Unique) Read(ctx context.Context, _ Part, need Need) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		m := memory{limit: u.Remember}
		if m.limit == 0 {
			m.limit = defaultRemember
		}
		var duplicates int64
		defer func() {
			u.mu.Lock()
			defer u.mu.Unlock()
			u.duplicates += duplicates
			u.forgotten += m.forgotten
		}()
		read := func(ctx context.Context, _, _ int, p Part, give func(Event, error) bool) {
			for ev, err := range u.Source.Read(ctx, p, need) {
				if err == nil && m.knows(&ev) {
					duplicates++
				} else if !give(ev, err) {
					return
				}
			}
		}
		for ev, err := range InOrder(ctx, u.Source, 1, read) {
			if !yield(ev, err) {
				return
			}
		}
	}
}

// Stats returns the counts of the other source, if it has any, with Duplicates:
// of its events, those that were left out so far, over all walks. A walk counts
// when it ends.
func (u *Unique) Stats() Stats {
	var stats Stats
	if counter, ok := u.Source.(interface{ Stats() Stats }); ok {
		stats = counter.Stats()
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	stats.Duplicates += u.duplicates
	return stats
}

// Forgotten returns how many events were forgotten while there were more to
// come, over all walks. If it is 0, no event was given twice.
func (u *Unique) Forgotten() int64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.forgotten
}

// A memory knows the last events again: limit of them at least, and less than
// twice as many.
type memory struct {
	limit     int // negative for none
	new, old  map[key]struct{}
	forgotten int64
	values    [4]fields.Value
}

// knows reports whether there was an event like ev before, and remembers it.
func (m *memory) knows(ev *Event) bool {
	keyFields.Walk(ev.Raw, m.values[:], nil)
	k, ok := keyOf(m.values[:])
	if !ok {
		return false
	}
	if _, ok := m.new[k]; ok {
		return true
	}
	_, known := m.old[k]
	if m.new == nil || len(m.new) == m.limit {
		m.forgotten += int64(len(m.old))
		m.old, m.new = m.new, make(map[key]struct{})
	}
	m.new[k] = struct{}{}
	return known
}
