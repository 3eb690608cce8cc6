package query

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/evictlog/evictlog/audit"
)

// An inner is the run of a subquery inside of that of its query.
type inner struct {
	evaluation
	of *subquery
}

// A result is what a subquery has given: a set of values, or rows in their
// order.
type result struct {
	set  *valueSet
	rows sorted
}

// openLog finds the log that the query reads, and its window.
func (r *evaluation) openLog(ctx context.Context) error {
	c := r.plan.source
	if c == nil {
		if r.src == nil {
			return errors.New("query: there is no log to read, since the query has no SOURCE")
		}
		return nil
	}
	selection := c.open(&r.opts)
	if r.opts.Resolve == nil {
		if r.src == nil {
			return fmt.Errorf("query: %v: Options have no Resolve", selection)
		}
		return nil
	}
	src, err := r.opts.Resolve(ctx, selection)
	if err == nil && src == nil {
		err = errors.New("there is no such log")
	}
	if err != nil {
		return fmt.Errorf("query: %v: %w", selection, err)
	}
	r.src = src
	return nil
}

// openInner finds the logs and tables of the subqueries, and shares the memory
// out: each has a part for what it gives, and to find that uses the part of the
// query, which is run when they all are done.
func (r *evaluation) openInner(ctx context.Context) error {
	n := len(r.plan.subqueries)
	if n == 0 {
		return nil
	}
	opts := r.opts
	opts.Memory, opts.Limit = max(1, opts.room().bytes/(n+1)), 0
	r.opts.Memory = opts.Memory
	logs := []audit.Source{r.src}
	for _, s := range r.plan.subqueries {
		in := &inner{evaluation{plan: s.plan, opts: opts, src: r.src}, s}
		if s.plan.source != nil {
			in.src = nil
		}
		if err := in.open(ctx); err != nil {
			return err
		}
		r.inner, logs = append(r.inner, in), append(logs, in.src)
	}
	return checkReadable(logs)
}

// checkReadable checks that standard input is not read more than once: nothing
// would come the second time, and that is no answer. Other logs that cannot be
// read again say so themselves, as an [audit.Reader] does.
func checkReadable(logs []audit.Source) error {
	seen := map[string]bool{}
	for _, src := range logs {
		named, ok := src.(union)
		if !ok {
			named = union{{"", src}}
		}
		for _, log := range named {
			if seen[log.name] && isStdin(log.Source) {
				return errors.New("query: the query reads standard input more than once")
			}
			seen[log.name] = true
		}
	}
	return nil
}

// isStdin reports whether standard input is part of the log, as [audit.Files] has
// it.
func isStdin(src audit.Source) bool {
	switch src := src.(type) {
	case *audit.Unique:
		return isStdin(src.Source)
	case *audit.Archive:
		return slices.Contains(src.Roots, "-")
	}
	return false
}

// runInner runs the subqueries one after the other. It reports false if the run
// is over: the caller stopped it, or it has failed.
func (r *evaluation) runInner(ctx context.Context, yield func(Row, error) bool) bool {
	for _, in := range r.inner {
		out := &result{set: newValueSet(), rows: sorted{room: in.opts.room(), spool: spool{dir: in.opts.TempDir}}}
		r.results = append(r.results, out)
		n, ok := 0, true
		in.run(ctx, func(row Row, err error) bool {
			if err == nil {
				err = out.add(in.of, row, n)
				n++
			}
			if err == nil {
				return true
			}
			_, onePlace := errors.AsType[*audit.EventError](err)
			ok = yield(Row{}, err) && onePlace
			return ok
		})
		if !ok {
			return false
		}
	}
	return true
}

// add adds the n-th row of the subquery.
func (out *result) add(s *subquery, row Row, n int) error {
	if !s.isSet {
		return out.rows.add(nil, row.values, row.pos, place{event: n})
	}
	out.set.add(row.values[0])
	if most := max(out.rows.bytes, leastSet); out.set.size > most {
		return fmt.Errorf("query: the values of the subquery %s take more than %d bytes of memory", s.text(), most)
	}
	return nil
}

// leastSet is how many bytes the values of a subquery behind in can take however
// little memory there is: they are not written to files.
const leastSet = 16 << 20

func (r *evaluation) closeResults() {
	for _, out := range r.results {
		out.rows.spool.close()
	}
}

// noEvents is as [audit.NoEvents] has it for each of the logs.
func noEvents(src audit.Source) error {
	logs, ok := src.(union)
	if !ok {
		return audit.NoEvents(src)
	}
	for _, log := range logs {
		if err := audit.NoEvents(log.Source); err != nil {
			return fmt.Errorf("log group %s: %w", log.name, err)
		}
	}
	return nil
}
