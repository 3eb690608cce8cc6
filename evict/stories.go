package evict

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// stories folds the log and gives what take has after each record, as far as it
// is wanted. Damage at one place of the log does not end it.
func stories[T any](ctx context.Context, src audit.Source, opts *Options, take func(*tracker) *[]T, wants func(*Options, *T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var o Options
		if opts != nil {
			o = *opts
		}
		t := newTracker(&o)
		give := func() bool {
			for _, story := range *take(t) {
				if wants(&o, &story) && !yield(story, nil) {
					return false
				}
			}
			t.evictionsOut, t.removalsOut, t.drainsOut = nil, nil, nil
			return true
		}
		var none T
		var last error
		for r, err := range records(ctx, src, &o) {
			if err == nil {
				t.add(r)
				if !give() {
					return
				}
				continue
			}
			if _, ok := errors.AsType[*audit.EventError](err); !ok {
				last = err
				break
			}
			if !yield(none, err) {
				return
			}
		}
		if ctx.Err() == nil {
			t.end()
		}
		if give() && last != nil {
			yield(none, last)
		}
	}
}

// spans reports whether the time from first to last and the bounds have a
// moment in common. One that is zero is not known, and the other stands for it.
func (o *Options) spans(first, last time.Time) bool {
	if first.IsZero() {
		first = last
	}
	if last.IsZero() {
		last = first
	}
	return (o.Start.IsZero() || !last.Before(o.Start)) && (o.End.IsZero() || !first.After(o.End))
}

// names reports whether the options ask for this pod on this node.
func (o *Options) names(namespace, pod, node string) bool {
	return (o.Namespace == "" || o.Namespace == namespace) &&
		(o.Pod == "" || o.Pod == pod) &&
		(o.Node == "" || o.Node == node)
}
