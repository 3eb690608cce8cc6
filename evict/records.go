package evict

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict/internal/ordered"
)

// defaultMemory is that of [Options.Memory].
const defaultMemory = 256 << 20

// records gives a record for every request in src that makes one, in the order
// of their times, whatever the order of the log. See compareRecords for the
// order of those that have the same time. The sequence can be walked again if
// src can be read again.
//
// A request makes one record: that of its answer, or if the log has no answer
// to an attempt to evict, that of its arrival. Events of the same audit ID, time
// of arrival and URI are of one request. Of answers that are in the log twice,
// the one that tells more is kept, and of equal ones that at the smallest
// place. Events that lost their audit ID cannot be told apart from others: each
// counts.
//
// An [*audit.EventError] concerns one place, and the loop may go on; such
// errors come first, while the log is read. Any other error is the last item.
func records(ctx context.Context, src audit.Source, o *Options) iter.Seq2[*record, error] {
	return func(yield func(*record, error) bool) {
		s := &ordered.Sorter[*record]{
			Compare: compareRecords,
			Size:    (*record).memory,
			Append:  appendRecord,
			Decode:  readRecord,
			Memory:  cmp.Or(max(o.Memory, 0), defaultMemory),
			Dir:     o.TempDir,
		}
		defer s.Close()
		last, more := o.collect(ctx, src, s, yield)
		if !more {
			return
		}
		var d distinct
		for r, err := range s.All() {
			if err != nil {
				yield(nil, orderingError(err))
				return
			}
			if cause := context.Cause(ctx); cause != nil {
				yield(nil, cause)
				return
			}
			if d.isNew(r) && !yield(r, nil) {
				return
			}
		}
		if last == nil {
			last = audit.NoEvents(src)
		}
		if last != nil {
			yield(nil, last)
		}
	}
}

// collect reads src and gives the records to s, and the errors that concern one
// place to the caller. It returns the error that ended the reading, and whether
// there is anything more to do.
func (o *Options) collect(ctx context.Context, src audit.Source, s *ordered.Sorter[*record], yield func(*record, error) bool) (last error, more bool) {
	for r, err := range audit.InOrder(ctx, src, o.workers(), o.recordsOf(src)) {
		if err == nil {
			if err := s.Add(r); err != nil {
				yield(nil, orderingError(err))
				return nil, false
			}
			continue
		}
		if _, ok := errors.AsType[*audit.EventError](err); !ok {
			if ctx.Err() != nil {
				yield(nil, err)
				return nil, false
			}
			return err, true
		}
		if !yield(nil, err) {
			return nil, false
		}
	}
	return nil, true
}

// orderingError says where an error of the sorter came about.
func orderingError(err error) error {
	return fmt.Errorf("evict: putting the log in the order of time: %w", err)
}

// recordsOf returns what reads a part of src and gives the records in it.
func (o *Options) recordsOf(src audit.Source) func(ctx context.Context, worker, n int, p audit.Part, give func(*record, error) bool) {
	return func(ctx context.Context, _, _ int, p audit.Part, give func(*record, error) bool) {
		x := new(relevance)
		need := audit.Need{Wanted: x.wants, Refuses: x.refuses, Unchecked: true, Strict: o.Strict}
		for ev, err := range src.Read(ctx, p, need) {
			var r *record
			if err == nil {
				if r, err = x.read(ev); r == nil && err == nil {
					continue
				}
			}
			if !give(r, err) {
				return
			}
		}
	}
}

// compareRecords orders records by the time when the server received the
// request. Of those that have the same, attempts without an answer come last,
// so that a request is known by its answer when its arrival is met, and the
// others in the order of their answers. The rest makes the order total, so that
// it does not depend on which file an event was in: the request, and of events
// of the same request the one that tells more.
func compareRecords(a, b *record) int {
	c := cmp.Or(
		a.at.Compare(b.at),
		cmp.Compare(a.rank(), b.rank()),
		a.done.Compare(b.done),
		strings.Compare(a.auditID, b.auditID),
		strings.Compare(a.request.URI, b.request.URI),
	)
	if c != 0 {
		return c
	}
	// These two are the same, or next to it: it is seldom, and may cost more.
	first, second := a.content(), b.content()
	return cmp.Or(
		cmp.Compare(len(second), len(first)),
		bytes.Compare(first, second),
		strings.Compare(a.pos.File, b.pos.File),
		cmp.Compare(a.pos.Offset, b.pos.Offset),
		cmp.Compare(a.pos.Line, b.pos.Line),
		strings.Compare(a.stream, b.stream),
	)
}

// rank is 1 for the arrival of a request, and 0 for its answer.
func (r *record) rank() int {
	if r.stage == auditv1.StageRequestReceived {
		return 1
	}
	return 0
}

// A distinct drops records of requests that it has met. It holds those of one
// moment only: the records come in order, and all that is of one request was
// received at the same time.
type distinct struct {
	at  time.Time
	met map[requestKey]struct{}
}

// isNew reports whether no record of the same request came before.
func (d *distinct) isNew(r *record) bool {
	if r.auditID == "" {
		return true
	}
	if d.met == nil || !d.at.Equal(r.at) {
		d.at = r.at
		if len(d.met) > 64 || d.met == nil {
			d.met = make(map[requestKey]struct{}) // to clear a large one takes long
		}
		clear(d.met)
	}
	key := requestKey{auditID: r.auditID, uri: r.request.URI}
	if _, ok := d.met[key]; ok {
		return false
	}
	d.met[key] = struct{}{}
	return true
}
