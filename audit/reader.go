package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
)

const (
	// defaultMaxEventBytes is what the largest events that people met need.
	// Source: falcosecurity/falco#2808.
	defaultMaxEventBytes = 128 << 20
	defaultStream        = "kube-apiserver-audit"
)

// A Reader reads the events of one audit log, whatever it is packed and
// wrapped in. The exported fields can be set before the events are walked.
type Reader struct {
	// Name is reported as the file of every [Pos]. The log stream is taken
	// from it if it has the shape of an export task's path.
	Name string

	// Group is the log group of the events.
	Group string

	// Stream is the log stream of the events, where neither the log nor its
	// path tells it. Empty means "kube-apiserver-audit", because queries for
	// EKS begin by selecting the streams that have this prefix.
	Stream string

	// MaxEventBytes is the length of the longest line to read, without its
	// newline; 0 means 128 MiB. A longer one is skipped and reported with
	// [ErrTooLong]. Memory grows with the longest line of the log: the buffer
	// to no more than this limit and 256 KiB, and with the smaller ones before
	// it to about twice that.
	MaxEventBytes int

	// MaxUnpackedBytes bounds what the log may unpack to: the sum of what comes
	// out of all its containers. A log that gives more is read up to there, and
	// the rest is an error that wraps [ErrTooLarge]. 0 means 16 GiB, or a
	// hundred times what is stored if that is more; a negative number means no
	// bound. Memory does not depend on it.
	MaxUnpackedBytes int64

	// Need says which events can be left out.
	Need Need

	in     io.Reader
	walked bool
	stats  Stats
	notes  *notes // for a summary, or nil
}

// NewReader returns a Reader of in, which is read in large pieces as the
// events are walked.
func NewReader(in io.Reader) *Reader { return &Reader{in: in} }

// Events gives the events in the order of the log. The sequence can be walked
// once: a second walk gives an error.
//
// An [*EventError] concerns one place, comes where the place is, and the loop
// may go on; any other error is the last item. If there was something to read
// and no event in it, the last item wraps [ErrNoEvents] and says what was seen.
func (r *Reader) Events() iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		if r.walked {
			yield(Event{}, errors.New("audit: the events of this Reader were walked before"))
			return
		}
		r.walked = true
		err := r.job(context.Background(), yield).all(r.Name, r.in)
		switch {
		case err == errStopped:
			return
		case err != nil:
			err = r.last(err)
		default:
			err = r.stats.noEvents()
		}
		if err != nil {
			yield(Event{}, err)
		}
	}
}

// job returns the walk over the log that the fields of r ask for, with the
// defaults put in.
func (r *Reader) job(ctx context.Context, yield func(Event, error) bool) *job {
	j := &job{
		ctx:      ctx,
		group:    r.Group,
		stream:   r.Stream,
		maxBytes: r.MaxEventBytes,
		unpacked: meter{limit: r.MaxUnpackedBytes},
		strict:   r.Need.Strict,
		stats:    &r.stats,
		notes:    r.notes,
		yield:    yield,
	}
	if !j.strict {
		j.literals = literals(r.Need.Literals)
		j.wanted = r.Need.Wanted
		j.refuses = r.Need.Refuses
		j.unchecked = r.Need.Unchecked
	}
	if j.stream == "" {
		j.stream = defaultStream
	}
	if j.maxBytes <= 0 {
		j.maxBytes = defaultMaxEventBytes
	}
	return j
}

// last returns err, which ends the reading, as an error that says so by being
// no [*EventError].
func (r *Reader) last(err error) error {
	if e, ok := errors.AsType[*EventError](err); ok {
		return fmt.Errorf("%s%w", e.Pos.prefix(), e.Err)
	}
	return fmt.Errorf("%s%w", Pos{File: r.Name}.prefix(), err)
}

// Stats returns the counts of what was read so far. It must not be called by
// another goroutine than the one that walks the events.
func (r *Reader) Stats() Stats { return r.stats }
