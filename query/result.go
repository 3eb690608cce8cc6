package query

// A SortKey is something that rows are in the order of: by the values under a
// name, as [Value.CompareNatural] has it or, if Desc is set, the other way round.
type SortKey struct {
	Name string
	Desc bool
}

// Order returns what the rows of the result are in the order of, the first key
// first. It is that of the sort which holds, or the one that there is without a
// sort: @timestamp with the newest first, and for rows of stats the periods.
// Behind dedup and others that go over all rows there is none but a sort. The
// names are not always those of columns. Rows that are equal under all keys
// stand as their events do in the source, which the service does not promise.
func (q *Query) Order() []SortKey {
	keys := make([]SortKey, len(q.plan.order))
	for i, key := range q.plan.order {
		keys[i] = SortKey{key.name, key.desc}
	}
	return keys
}

// Limit returns the number of rows up to which the query gives them, 0 if it
// says none. If any is set they are any rows of the result, not the first ones.
func (q *Query) Limit() (n int, any bool) { return q.plan.limit, q.plan.any }

// Separable reports whether the rows of a log are those of its parts, put in
// order: each is made of one event, whatever other events there are, and
// whatever the window and the time of the run. It is so for none with stats, or
// with dedup or another command that goes over all rows, with a subquery, or
// with now, queryStartTime and their like. A SOURCE, which may bring a window of
// its own, does not count.
func (q *Query) Separable() bool {
	return len(q.plan.levels) == 1 && len(q.plan.subqueries) == 0 && !q.plan.ofRun
}
