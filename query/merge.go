package query

import (
	"cmp"
	"container/heap"
	"iter"
	"slices"

	"github.com/evictlog/evictlog/audit"
)

// A candidate is a row on its way to the result.
type candidate struct {
	keys   []Value // what it is ordered by
	values []Value // its columns
	pos    audit.Pos
	seen   place // where in the source it was met; no two are equal
}

// A place orders events as the source gives them, whoever reads them.
type place struct{ part, event int }

func (a place) compare(b place) int {
	return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.event, b.event))
}

// A partial is the merge half's state: the rows that some of the events have
// given, or the best of them if there is a limit. Partials over different
// events can be merged in any order, with the same result.
type partial struct {
	plan  *plan
	limit int // 0 if there is none
	rows  []candidate
}

// compare is the order of the result: the keys in turn, and where they are all
// equal the order of the source.
func (p *partial) compare(a, b *candidate) int {
	for i, key := range p.plan.order {
		c := a.keys[i].compareNatural(b.keys[i])
		if key.desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return a.seen.compare(b.seen)
}

// preference is the order in which rows are kept where there is a limit: that
// of the result or, with limit any, that of the source.
func (p *partial) preference(a, b *candidate) int {
	if p.plan.any {
		return a.seen.compare(b.seen)
	}
	return p.compare(a, b)
}

// admits reports whether a row with c's keys would be kept.
func (p *partial) admits(c *candidate) bool {
	return p.limit == 0 || len(p.rows) < p.limit || p.preference(c, &p.rows[0]) < 0
}

// add keeps c if it is admitted.
func (p *partial) add(c candidate) {
	switch {
	case p.limit == 0:
		p.rows = append(p.rows, c)
	case len(p.rows) < p.limit:
		heap.Push((*worstFirst)(p), c)
	case p.admits(&c):
		p.rows[0] = c
		heap.Fix((*worstFirst)(p), 0)
	}
}

// merge adds what q has kept.
func (p *partial) merge(q *partial) {
	for _, c := range q.rows {
		p.add(c)
	}
}

// result walks over the rows in their order. The partial is used up.
func (p *partial) result() iter.Seq[Row] {
	slices.SortFunc(p.rows, func(a, b candidate) int { return p.compare(&a, &b) })
	return func(yield func(Row) bool) {
		for _, c := range p.rows {
			if !yield(Row{p.plan.columns, c.values, c.pos}) {
				return
			}
		}
	}
}

// worstFirst is the heap in which a partial with a limit holds its rows.
type worstFirst partial

func (h *worstFirst) Len() int { return len(h.rows) }

func (h *worstFirst) Less(i, j int) bool {
	return (*partial)(h).preference(&h.rows[i], &h.rows[j]) > 0
}

func (h *worstFirst) Swap(i, j int) { h.rows[i], h.rows[j] = h.rows[j], h.rows[i] }
func (h *worstFirst) Push(x any)    { h.rows = append(h.rows, x.(candidate)) }

func (h *worstFirst) Pop() any {
	last := h.rows[len(h.rows)-1]
	h.rows = h.rows[:len(h.rows)-1]
	return last
}
