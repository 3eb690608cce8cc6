package query

import (
	"encoding/binary"
	"iter"
)

// A joining is one run of a join. The rows of the right side are held in memory
// as far as there is room: if that is not all of them, the left rows are walked
// over once for each part of them.
//
// Values are equal if their texts are, as for groups. What is missing or a
// structure equals nothing.
type joining struct {
	*joined
	outer bool // rows of the left side that have no other are kept
	rows  *sorted
	room
}

// A match is a row of the right side.
type match struct {
	n      int // in the order of the right side
	values []Value
}

// A joinTable holds rows of the right side by their keys.
type joinTable struct {
	rows map[string][]match
	size int // estimate in bytes
}

// pairs are the left rows with the columns of the right ones, each as often as
// there are such, in the order of the left side and then of the right one.
func (j *joining) pairs(left passed) passed {
	return func(yield func(passedRow, error) bool) {
		half := room{j.bytes / 2, j.dir} // there are the table, and what it has found
		found := &sorted{room: half, spool: spool{dir: j.dir}}
		defer found.spool.close()
		table := joinTable{rows: map[string][]match{}}
		n, whole := 0, true
		for c, err := range sortedResult([]*sorted{j.rows}) {
			if err == nil && table.size > half.bytes {
				err = j.find(left, table, found)
				table, whole = joinTable{rows: map[string][]match{}}, false
			}
			if err != nil {
				yield(passedRow{}, err)
				return
			}
			j.enter(&table, n, &c)
			n++
		}
		if whole {
			j.stream(left, table, yield)
			return
		}
		if err := j.find(left, table, found); err != nil {
			yield(passedRow{}, err)
			return
		}
		j.collect(left, found, yield)
	}
}

// enter puts a row of the right side into the table.
func (j *joining) enter(table *joinTable, n int, c *candidate) {
	keys := make([]Value, len(j.keyAt))
	for i, at := range j.keyAt {
		keys[i] = c.values[at]
	}
	key, ok := joinText(keys)
	if !ok {
		return
	}
	values := make([]Value, len(j.columnAt))
	for i, at := range j.columnAt {
		values[i] = c.values[at]
	}
	table.rows[key] = append(table.rows[key], match{n, values})
	table.size += len(key) + entrySize + c.size()
}

// joinText is what rows with equal keys have in common; false for a row that is
// equal to none.
func joinText(keys []Value) (string, bool) {
	var text []byte
	for _, v := range keys {
		if v.Missing() || v.isStructure() {
			return "", false
		}
		text = appendText(text, v.String())
	}
	return string(text), true
}

// of are the rows of the table that belong to a left row.
func (t *joinTable) of(row *passedRow) []match {
	key, ok := joinText(row.in)
	if !ok {
		return nil
	}
	return t.rows[key]
}

// stream gives the pairs where the table has the whole right side.
func (j *joining) stream(left passed, table joinTable, yield func(passedRow, error) bool) {
	for row, err := range left {
		if err != nil {
			yield(row, err)
			return
		}
		matches := table.of(&row)
		if len(matches) == 0 && j.outer && !yield(row, nil) {
			return
		}
		for _, m := range matches {
			row.out = m.values
			if !yield(row, nil) {
				return
			}
		}
	}
}

// find adds what the table has for the left rows to what was found before: by
// the number of the left row and then that of the right one.
func (j *joining) find(left passed, table joinTable, found *sorted) error {
	n := 0
	for row, err := range left {
		if err != nil {
			return err
		}
		for _, m := range table.of(&row) {
			at := place{event: n, rows: string(binary.BigEndian.AppendUint64(nil, uint64(m.n)))}
			if err := found.add(nil, m.values, row.pos, at); err != nil {
				return err
			}
		}
		n++
	}
	return nil
}

// collect gives the pairs of the left rows and what was found for them.
func (j *joining) collect(left passed, found *sorted, yield func(passedRow, error) bool) {
	next, stop := iter.Pull2(sortedResult([]*sorted{found}))
	defer stop()
	c, foundErr, more := next()
	n := 0
	for row, err := range left {
		paired := false
		for err == nil && more && (foundErr != nil || c.seen.event == n) {
			if err = foundErr; err != nil {
				break
			}
			row.out, paired = c.values, true
			if !yield(row, nil) {
				return
			}
			c, foundErr, more = next()
		}
		if err != nil {
			yield(row, err)
			return
		}
		if !paired && j.outer && !yield(row, nil) {
			return
		}
		n++
	}
}
