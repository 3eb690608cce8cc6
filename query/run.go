package query

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// An evaluation is one run of a query.
type evaluation struct {
	plan *plan
	opts Options
	src  audit.Source

	lookups []found   // of the plan
	inner   []*inner  // the runs of its subqueries
	results []*result // what they have given
}

// rows reads the source and gives the rows of the result.
func (r *evaluation) rows(ctx context.Context, src audit.Source) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := &evaluation{plan: r.plan, opts: r.opts, src: src}
		if r.opts.Now.IsZero() {
			r.opts.Now = time.Now()
		}
		if err := r.open(ctx); err != nil {
			yield(Row{}, err)
			return
		}
		defer r.closeResults()
		if r.runInner(ctx, yield) {
			r.run(ctx, yield)
		}
	}
}

// open finds the logs and tables of the query, before any of them is read.
func (r *evaluation) open(ctx context.Context) error {
	if calls := r.plan.calls; calls != nil {
		return fmt.Errorf("query: the text of the saved query %q is not known: ParseOptions.Saved takes it", calls[0])
	}
	if err := r.openTables(); err != nil {
		return err
	}
	if err := r.openLog(ctx); err != nil {
		return err
	}
	if r.plan.comparison != nil && (r.opts.Start.IsZero() || r.opts.End.IsZero()) {
		return errNoWindow
	}
	return r.openInner(ctx)
}

// run reads the log, when all else is there.
func (r *evaluation) run(ctx context.Context, yield func(Row, error) bool) {
	workers := r.opts.workers()
	if r.plan.any {
		workers = 1 // so that reading can end with the last row that counts
	}
	room := r.room()
	room.bytes /= workers
	scans := make([]*scan, workers)
	for i := range scans {
		scans[i] = r.newScan(0, room)
		defer scans[i].close()
	}
	if !r.scan(ctx, r.src, scans, yield) {
		return
	}
	more, err := r.finish(ctx, scans, yield)
	if err == nil && more {
		err = noEvents(r.src)
	}
	if err != nil {
		yield(Row{}, err)
	}
}

// newScan returns a scan of a level, with all that the run has for it.
func (r *evaluation) newScan(level int, in room) *scan {
	s := newScan(r.plan, level, &r.opts, in)
	s.frame.lookups = r.lookups
	for _, result := range r.results {
		s.frame.sets = append(s.frame.sets, result.set)
	}
	return s
}

// openTables makes the tables ready that the query looks into.
func (r *evaluation) openTables() error {
	for _, l := range r.plan.lookups {
		rows, err := l.open(r.opts.Tables)
		if err != nil {
			return err
		}
		r.lookups = append(r.lookups, rows)
	}
	return nil
}

// room is that of one level. All of them take theirs at the same time.
func (r *evaluation) room() room {
	room := r.opts.room()
	room.bytes /= len(r.plan.levels)
	return room
}

// nothing is what a scan gives while it reads, besides errors.
type nothing struct{}

// scan lets the scans read the parts of the source. It reports false if the
// run is over: the caller stopped it, or it has failed.
func (r *evaluation) scan(ctx context.Context, src audit.Source, scans []*scan, yield func(Row, error) bool) bool {
	read := func(ctx context.Context, worker, n int, p audit.Part, give func(nothing, error) bool) {
		scans[worker].part(ctx, src, n, p, func(err error) bool { return give(nothing{}, err) })
	}
	for _, err := range audit.InOrder(ctx, src, len(scans), read) {
		switch _, onePlace := errors.AsType[*audit.EventError](err); {
		case err == errFull:
			return true
		case !yield(Row{}, err) || !onePlace:
			return false
		}
	}
	return true
}

// errFull says that no further event can change the result.
var errFull = errors.New("the result is full")

// finish gives the rows that the scans have kept, by way of the levels that
// follow. It reports whether the caller has taken all of them.
func (r *evaluation) finish(ctx context.Context, scans []*scan, yield func(Row, error) bool) (all bool, err error) {
	for i := 1; i < len(r.plan.levels); i++ {
		next := r.newScan(i, r.room())
		defer next.close()
		if err := r.climb(ctx, i, scans, next); err != nil {
			return false, err
		}
		scans = []*scan{next}
	}
	for c, err := range sortedRows(scans) {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return false, err
		}
		if !yield(Row{r.plan.columns, c.values, c.pos}, nil) {
			return false, nil
		}
	}
	return true, nil
}

// climb makes rows of what the scans have kept, and lets the level i look at
// them.
func (r *evaluation) climb(ctx context.Context, i int, from []*scan, to *scan) error {
	if r.plan.levels[i-1].passing != nil {
		return r.climbPass(ctx, i, from, to)
	}
	below := r.plan.levels[i-1].group
	all := make([]*groups, len(from))
	for i, s := range from {
		all[i] = s.groups
	}
	for gr, err := range groupResult(all) {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err == nil {
			err = gr.fill(below, to.frame)
		}
		if err == nil {
			err = to.row(i, audit.Pos{}, gr.seen)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *evaluation) climbPass(ctx context.Context, i int, from []*scan, to *scan) error {
	below, n := r.plan.levels[i-1].passing, 0
	for row, err := range below.rows(untilDone(ctx, sortedRows(from)), r.results, r.room()) {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err == nil {
			below.fill(row, to.frame)
			err = to.row(i, row.pos, place{event: n})
		}
		if err != nil {
			return err
		}
		n++
	}
	return nil
}

// untilDone ends the rows with the cause when ctx is done: a pass may go over
// all of them before it gives one.
func untilDone(ctx context.Context, rows iter.Seq2[candidate, error]) iter.Seq2[candidate, error] {
	return func(yield func(candidate, error) bool) {
		for c, err := range rows {
			if err == nil {
				err = context.Cause(ctx)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// sortedRows are the rows that the scans have kept, in their order.
func sortedRows(scans []*scan) iter.Seq2[candidate, error] {
	sorteds := make([]*sorted, len(scans))
	for i, s := range scans {
		sorteds[i] = &s.rows.sorted
	}
	return sortedResult(sorteds)
}
