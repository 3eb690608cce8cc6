package evict

import (
	"context"
	"iter"
	"slices"

	"github.com/evictlog/evictlog/audit"
)

// Drains gives every [Drain] in src. The sequence can be walked again if src
// can be read again, and like that of [Evictions] it does not depend on the
// order of the events.
//
// The requests of one actor about pods of one node make a drain if the node was
// cordoned in the hour before, if a drainer put its taint on it, or if they are
// about two pods or more. One pod alone, on a node that nobody cordoned, is no
// drain, but on Fargate, where a node has one pod, if Amazon EKS itself evicts
// it. Another drain begins after an hour without a request, and when the node
// was made schedulable again. Dry runs are apart.
//
// A drain comes when it and its pods are over for an hour, or when the log
// ends. [Options].Start and End bound the time from Start to End; Namespace and
// Pod must be of one of its pods. Errors are as for [Evictions].
func Drains(ctx context.Context, src audit.Source, opts *Options) iter.Seq2[Drain, error] {
	return stories(ctx, src, opts, func(t *tracker) *[]Drain { return &t.drainsOut },
		func(o *Options, d *Drain) bool {
			return o.spans(d.Start, d.End) &&
				(slices.ContainsFunc(d.Evictions, func(e Eviction) bool { return o.names(e.Namespace, e.Pod, d.Node) }) ||
					slices.ContainsFunc(d.Removals, func(m Removal) bool { return o.names(m.Namespace, m.Pod, d.Node) }))
		})
}
