package evict

import (
	"context"
	"iter"

	"github.com/evictlog/evictlog/audit"
)

// Evictions gives every [Eviction] in src: the attempts of one actor to evict
// one pod, folded. The sequence can be walked again if src can be read again.
//
// The result does not depend on the order of the events in src, on how they are
// spread over files, or on how often one is in it: events are put in the order
// of their times first. An eviction comes when it and its pod are over, so that
// it can say when the pod was gone: at the end of the pod or an hour after the
// last attempt, whichever is later. Of those that are over in the same minute,
// and of those that are not over when the log ends, the one that began first
// comes first. An eviction that was accepted waits for the end of the pod for a
// day at most.
//
// A get or a delete of the subresource is no eviction.
//
// An [*audit.EventError] concerns one place, and the loop may go on; any other
// error is the last item.
func Evictions(ctx context.Context, src audit.Source, opts *Options) iter.Seq2[Eviction, error] {
	return stories(ctx, src, opts, func(t *tracker) *[]Eviction { return &t.evictionsOut },
		func(o *Options, e *Eviction) bool {
			return o.names(e.Namespace, e.Pod, e.Node) && o.spans(e.First, e.Last)
		})
}
