package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// A Source is a log that can be read in independent parts, any number of
// times. [Archive], [Sequence] and [List] are Sources; package query and
// package evict take one.
type Source interface {
	// Parts lists the parts of the source, in order. An error that is not an
	// [*EventError] is the last item.
	Parts(ctx context.Context) iter.Seq2[Part, error]

	// Read gives the events of one part, in the order of the log. It may
	// leave out events that it can prove not to be needed. Parts may be read
	// at the same time by several goroutines.
	//
	// An [*EventError] concerns one place, and the loop may go on; any other
	// error is the last item. When ctx is done the last item is its cause.
	Read(ctx context.Context, p Part, need Need) iter.Seq2[Event, error]
}

// A Part is a piece of a [Source] that can be read on its own: a file, or a
// range of bytes of a plain one. It is a plain value: it can be printed, sent,
// and read elsewhere by a Source over the same files.
type Part struct {
	// File is the name under which the Source finds it.
	File string `json:"file"`
	// Offset is the first byte of the part, Length how many it has; a Length
	// of 0 means up to the end of the file. They count bytes as stored. A
	// range other than a whole file holds the lines that begin in it.
	Offset int64 `json:"offset,omitempty"`
	Length int64 `json:"length,omitempty"`
	// Size is the number of bytes as stored, for those who share out the
	// work; 0 if it is not known.
	Size int64 `json:"size,omitempty"`
}

// String returns "file", or "file[offset:end]" for a range.
func (p Part) String() string {
	switch {
	case p.Offset == 0 && p.Length == 0:
		return p.File
	case p.Length == 0:
		return fmt.Sprintf("%s[%d:]", p.File, p.Offset)
	}
	return fmt.Sprintf("%s[%d:%d]", p.File, p.Offset, p.Offset+p.Length)
}

// A Need says what the caller will do with the events, so that a [Source] can
// spare itself the rest. The zero Need asks for every event.
type Need struct {
	// Literals are texts that every needed event contains, each within one
	// key or one string value, unescaped. A Source may leave out an event
	// that lacks one of them, but only if it can prove it, whatever escapes
	// the log uses.
	Literals []string

	// Wanted, if it is not nil, is asked about events before they are given,
	// and those for which it reports false may be left out. A Source may ask
	// it about any event, or none, at most once each, right before the event
	// would be given, in the goroutine that reads. The event is valid during
	// the call.
	Wanted func(ev *Event) bool

	// Refuses, if it is not nil, is Wanted for very long events: it reports
	// whether an event whose JSON text begins with head is not wanted, however
	// it goes on. A Source may leave out such an event without having held it,
	// also if it is longer than could be held, once it has seen that the text
	// ends like an event.
	Refuses func(head []byte) bool

	// Unchecked allows events that begin and end like one but were not
	// checked to be valid JSON in between. It is for callers who find
	// out for themselves what they have to rely on.
	Unchecked bool

	// Strict asks for every event to be read, checked and given all the same,
	// so that all damage is reported. Events that have a key twice, of which
	// readers of JSON make different things, are damage then too.
	Strict bool
}

// Events gives the events of src, part after part, and closes with the error
// of [NoEvents] if there is one. Everything else about it is as in
// [Source.Read]. The sequence can be walked again if src can be read again.
func Events(ctx context.Context, src Source, need Need) iter.Seq2[Event, error] {
	read := func(ctx context.Context, _, _ int, p Part, give func(Event, error) bool) {
		for ev, err := range src.Read(ctx, p, need) {
			if !give(ev, err) {
				return
			}
		}
	}
	return func(yield func(Event, error) bool) {
		for ev, err := range InOrder(ctx, src, 1, read) {
			if !yield(ev, err) || err != nil && !isEventError(err) {
				return
			}
		}
		if err := NoEvents(src); err != nil {
			yield(Event{}, err)
		}
	}
}

// NoEvents returns an error that wraps [ErrNoEvents] if src has been read and
// was not empty, yet no audit event was found in it: an answer drawn from
// nothing must not look like an answer. It returns nil otherwise, also if src
// does not count what it reads (has no method Stats() Stats).
func NoEvents(src Source) error {
	counter, ok := src.(interface{ Stats() Stats })
	if !ok {
		return nil
	}
	return counter.Stats().noEvents()
}

func isEventError(err error) bool {
	_, ok := errors.AsType[*EventError](err)
	return ok
}

// A Sequence is a Source of one part, read by walking the sequence: the events
// of a [Reader], of a function, or of anything else that can give them. It can
// be read again if the sequence can be walked again.
type Sequence iter.Seq2[Event, error]

// Parts gives the one part, which has no name.
func (s Sequence) Parts(context.Context) iter.Seq2[Part, error] {
	return func(yield func(Part, error) bool) { yield(Part{}, nil) }
}

// Read walks the sequence. It leaves nothing out.
func (s Sequence) Read(ctx context.Context, _ Part, _ Need) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for ev, err := range s {
			if cause := context.Cause(ctx); cause != nil {
				yield(Event{}, cause)
				return
			}
			if !yield(ev, err) || err != nil && !isEventError(err) {
				return
			}
		}
	}
}

// A List is a Source of events in memory, in the order of the list. It is
// meant for tests and for small logs.
type List []Event

// Parts gives the one part, which has no name.
func (l List) Parts(ctx context.Context) iter.Seq2[Part, error] {
	return Sequence(nil).Parts(ctx)
}

// Read gives the events of the list.
func (l List) Read(ctx context.Context, p Part, need Need) iter.Seq2[Event, error] {
	return Sequence(func(yield func(Event, error) bool) {
		for _, ev := range l {
			if !yield(ev, nil) {
				return
			}
		}
	}).Read(ctx, p, need)
}
