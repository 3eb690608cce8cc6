package query

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// An evaluation is one run of a query.
type evaluation struct {
	plan *plan
	opts Options

	lookups []found // of the plan
}

// rows reads the source and gives the rows of the result.
func (r *evaluation) rows(ctx context.Context, src audit.Source) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := &evaluation{plan: r.plan, opts: r.opts}
		if r.opts.Now.IsZero() {
			r.opts.Now = time.Now()
		}
		if err := r.openTables(); err != nil {
			yield(Row{}, err)
			return
		}
		if r.plan.comparison != nil && (r.opts.Start.IsZero() || r.opts.End.IsZero()) {
			yield(Row{}, errNoWindow)
			return
		}
		workers := r.opts.workers()
		if r.plan.any {
			workers = 1 // so that reading can end with the last row that counts
		}
		room := r.room()
		room.bytes /= workers
		scans := make([]*scan, workers)
		for i := range scans {
			scans[i] = newScan(r.plan, &r.opts, room)
			scans[i].frame.lookups = r.lookups
			defer scans[i].close()
		}
		if !r.scan(ctx, src, scans, yield) {
			return
		}
		if err := r.finish(ctx, scans, yield); err != nil {
			yield(Row{}, err)
			return
		}
		if err := audit.NoEvents(src); err != nil {
			yield(Row{}, err)
		}
	}
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
// follow.
func (r *evaluation) finish(ctx context.Context, scans []*scan, yield func(Row, error) bool) error {
	for i := 1; i < len(r.plan.levels); i++ {
		next := newScanOf(r.plan, i, &r.opts, r.room())
		next.frame.lookups = r.lookups
		defer next.close()
		if err := r.climb(ctx, i, scans, next); err != nil {
			return err
		}
		scans = []*scan{next}
	}
	for c, err := range sortedRows(scans) {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return err
		}
		if !yield(Row{r.plan.columns, c.values, c.pos}, nil) {
			return nil
		}
	}
	return nil
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
	for row, err := range below.rows(sortedRows(from), r.room()) {
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

// sortedRows are the rows that the scans have kept, in their order.
func sortedRows(scans []*scan) iter.Seq2[candidate, error] {
	sorteds := make([]*sorted, len(scans))
	for i, s := range scans {
		sorteds[i] = &s.rows.sorted
	}
	return sortedResult(sorteds)
}
