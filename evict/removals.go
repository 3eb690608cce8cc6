package evict

import (
	"context"
	"iter"

	"github.com/evictlog/evictlog/audit"
)

// Removals gives every [Removal] in src. The sequence can be walked again if
// src can be read again, and like that of [Evictions] it does not depend on the
// order of the events.
//
// A pod is removed once. The decision is the first accepted request that
// removes it: an eviction, a delete, a delete of a collection, or the status
// patch by which a kubelet says that it ended the pod. What comes later changes
// nothing about it, but that a grace period of zero ends it at once. The delete
// by the kubelet is the end. If that is all that the log has, the condition
// DisruptionTarget of the pod may still tell the way; it has room for one
// reason only, and a later one takes the place of the first. A dry run, a
// request that was refused and a condition alone remove nothing.
//
// An eviction of which the log does not tell whether it was a dry run counts as
// meant: see [Attempt.DryRun]. A pod that another one of the same name took the
// place of, without any request that removed it, is not given: nothing tells
// when or how it went.
//
// Who is behind a controller is looked for in the hour before the decision, or,
// since API servers have different clocks, up to two seconds after it.
//
// A removal comes when the replacement was ready, or an hour after the pod was
// gone, or when the log ends; one whose pod does not go, a day after the last
// that was heard of it. [Options].Start and End bound the time from DecidedAt
// to GoneAt. Errors are as for [Evictions].
func Removals(ctx context.Context, src audit.Source, opts *Options) iter.Seq2[Removal, error] {
	return stories(ctx, src, opts, func(t *tracker) *[]Removal { return &t.removalsOut },
		func(o *Options, m *Removal) bool {
			return o.names(m.Namespace, m.Pod, m.Node) && o.spans(m.DecidedAt, m.GoneAt)
		})
}
