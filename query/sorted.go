package query

import (
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
	"strings"

	"github.com/evictlog/evictlog/audit"
)

// A candidate is a row on its way to the result. It owns its memory: text is
// that of all its values.
type candidate struct {
	keys   []Value // what it is ordered by
	values []Value // its columns
	text   []byte
	held   int // what size said when the memory was taken
	pos    audit.Pos
	seen   place // where in the source it was met; no two are equal
}

// compareTimes compares the first keys if both are times, as they are in most
// queries: what is ordered by time is compared once for each event.
func (c *candidate) compareTimes(d *candidate) (result int, ok bool) {
	if len(c.keys) == 0 || c.keys[0].kind != KindTime || d.keys[0].kind != KindTime {
		return 0, false
	}
	return cmp.Compare(int64(c.keys[0].bits), int64(d.keys[0].bits)), true
}

// hold lets the candidate have copies of keys and values, in the memory that it
// has if there is enough.
func (c *candidate) hold(keys, values []Value, pos audit.Pos, seen place) {
	all := append(append(c.keys[:0], keys...), values...)
	size := 0
	for i := range all {
		if !all[i].isStructure() {
			size += len(all[i].text)
		}
	}
	if cap(c.text) < size {
		c.text = make([]byte, 0, size)
	}
	c.text = c.text[:0]
	for i := range all {
		v := &all[i]
		if v.isStructure() {
			*v = v.own()
			continue
		}
		start := len(c.text)
		c.text = append(c.text, v.text...)
		v.text = borrow(c.text[start:])
	}
	c.keys, c.values = all[:len(keys)], all[len(keys):]
	c.pos, c.seen = pos, seen
	c.held = c.size()
}

// A place orders events as the source gives them, whoever reads them, and the
// rows that an event has become.
type place struct {
	part, event int
	rows        string // the number of the row, and so on if rows became rows again
}

func (a place) compare(b place) int {
	return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.event, b.event), strings.Compare(a.rows, b.rows))
}

// A sorted is the merge half's state for rows: those that some of the events
// have given, or the best of them if there is a limit. Sorteds over different
// events can be merged in any order, with the same result.
//
// Rows for which there is no room in memory are written to a spool.
type sorted struct {
	order []orderKey
	limit int  // 0 if there is none
	any   bool // the limit takes whichever rows come first
	room

	rows    []*candidate
	ordered int          // so many of them, the first ones, are in order
	bound   *candidate   // no row that is worse can belong to the result; or nil
	other   []*candidate // memory for the rows
	dropped []*candidate // whose memory can be used again
	size    int          // estimate of all these in bytes
	spool   spool
}

// compare is the order of the result: the keys in turn, and where they are all
// equal the order of the source.
func (s *sorted) compare(a, b *candidate) int {
	// Fast path: different times.
	if c, ok := a.compareTimes(b); ok && c != 0 {
		if s.order[0].desc {
			return -c
		}
		return c
	}
	for i := range s.order {
		c := a.keys[i].CompareNatural(b.keys[i])
		if s.order[i].desc {
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
func (s *sorted) preference(a, b *candidate) int {
	if s.any {
		return a.seen.compare(b.seen)
	}
	return s.compare(a, b)
}

// full reports whether there are as many rows as the limit has room for.
func (s *sorted) full() bool { return s.limit > 0 && len(s.rows) >= s.limit }

// admits reports whether a row with c's keys would be kept.
func (s *sorted) admits(c *candidate) bool {
	return s.bound == nil || s.preference(c, s.bound) < 0
}

// add keeps a row that is admitted. What is given is copied.
func (s *sorted) add(keys, values []Value, pos audit.Pos, seen place) error {
	c := s.vacant()
	c.hold(keys, values, pos, seen)
	s.rows = append(s.rows, c)
	s.size += c.held
	if s.limit > 0 && len(s.rows)-s.limit >= max(s.limit/4, 64) {
		s.prune()
	}
	if s.size > s.bytes {
		return s.spill()
	}
	return nil
}

// vacant returns a candidate for a new row, with the memory of one that was
// dropped if there is one.
func (s *sorted) vacant() *candidate {
	last := len(s.dropped) - 1
	if last < 0 {
		return new(candidate)
	}
	c := s.dropped[last]
	s.dropped = s.dropped[:last]
	s.size -= c.held
	return c
}

// prune drops the rows that are beyond the limit. That is done for many at a
// time: they are put in order, and merged with those that were left before. Most
// logs are in order of time, so that the new ones are in order, too, and all
// of them better.
func (s *sorted) prune() {
	old, fresh := s.rows[:s.ordered], s.rows[s.ordered:]
	slices.SortFunc(fresh, s.preference)
	best := s.other[:0]
	for len(best) < s.limit {
		from := &fresh
		if len(fresh) == 0 || len(old) > 0 && s.preference(old[0], fresh[0]) < 0 {
			from = &old
		}
		best = append(best, (*from)[0])
		*from = (*from)[1:]
	}
	s.dropped = append(append(s.dropped, old...), fresh...)
	s.rows, s.other = best, s.rows
	s.ordered, s.bound = s.limit, best[s.limit-1]
}

// spill writes the rows to the spool.
func (s *sorted) spill() error {
	s.sort()
	err := s.spool.write(func(yield func([]byte) bool) {
		var record []byte
		for i := range s.rows {
			record = s.rows[i].append(record[:0])
			if !yield(record) {
				return
			}
		}
	})
	clear(s.rows)
	s.rows, s.ordered, s.other, s.dropped, s.size = s.rows[:0], 0, nil, nil, 0
	return err
}

func (s *sorted) sort() {
	slices.SortFunc(s.rows, s.preference)
}

// result walks over the rows of several sorteds in their order, up to the
// limit.
func sortedResult(all []*sorted) iter.Seq2[candidate, error] {
	var sequences []iter.Seq2[candidate, error]
	first := all[0]
	for _, s := range all {
		if s.sort(); len(s.rows) > 0 {
			sequences = append(sequences, s.memory())
		}
		for _, run := range s.spool.runs {
			sequences = append(sequences, s.spilled(run))
		}
	}
	merged := mergeOrdered(sequences, first.preference)
	if first.limit == 0 {
		return merged
	}
	kept := func(yield func(candidate, error) bool) {
		n := 0
		for c, err := range merged {
			if !yield(c, err) || err != nil {
				return
			}
			if n++; n == first.limit {
				return
			}
		}
	}
	if !first.any {
		return kept
	}
	return first.inOrder(kept)
}

// inOrder puts the rows that limit any has taken into the order of the result.
func (s *sorted) inOrder(rows iter.Seq2[candidate, error]) iter.Seq2[candidate, error] {
	return func(yield func(candidate, error) bool) {
		var all []candidate
		for c, err := range rows {
			if err != nil {
				yield(c, err)
				return
			}
			all = append(all, c)
		}
		slices.SortFunc(all, func(a, b candidate) int { return s.compare(&a, &b) })
		for _, c := range all {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (s *sorted) memory() iter.Seq2[candidate, error] {
	return func(yield func(candidate, error) bool) {
		for _, c := range s.rows {
			if !yield(*c, nil) {
				return
			}
		}
	}
}

func (s *sorted) spilled(run section) iter.Seq2[candidate, error] {
	return func(yield func(candidate, error) bool) {
		for record, err := range s.spool.read(run) {
			var c candidate
			if err == nil {
				err = c.load(record)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// size estimates the memory of c in bytes.
func (c *candidate) size() int {
	size := candidateSize + len(c.seen.rows) + valueSize*(len(c.keys)+len(c.values)) + cap(c.text)
	for _, values := range [...][]Value{c.keys, c.values} {
		for i := range values {
			size += listSize(values[i].elements())
		}
	}
	return size
}

// listSize estimates the memory of a list's elements in bytes.
func listSize(list []Value) int {
	size := 0
	for i := range list {
		size += valueSize
		if !list[i].isStructure() {
			size += len(list[i].text)
		}
		size += listSize(list[i].elements())
	}
	return size
}

// candidateSize is about the size of a candidate without its values.
const candidateSize = 128

// append encodes c behind dst.
func (c *candidate) append(dst []byte) []byte {
	dst = c.seen.append(dst)
	dst = appendText(dst, c.pos.File)
	dst = binary.AppendVarint(dst, int64(c.pos.Line))
	dst = binary.AppendVarint(dst, c.pos.Offset)
	for _, values := range [][]Value{c.keys, c.values} {
		dst = binary.AppendUvarint(dst, uint64(len(values)))
		for _, v := range values {
			dst = v.append(dst)
		}
	}
	return dst
}

// load decodes what append has encoded.
func (c *candidate) load(src []byte) (err error) {
	if c.seen, src, err = takePlace(src); err != nil {
		return err
	}
	if c.pos.File, src, err = takeText(src); err != nil {
		return err
	}
	var line int64
	if line, src, err = takeVarint(src); err != nil {
		return err
	}
	c.pos.Line = int(line)
	if c.pos.Offset, src, err = takeVarint(src); err != nil {
		return err
	}
	for _, to := range []*[]Value{&c.keys, &c.values} {
		var n uint64
		if n, src, err = takeUvarint(src); err != nil {
			return err
		}
		if n > uint64(len(src)) { // a value has a byte or more
			return errSpilled
		}
		*to = make([]Value, n)
		for i := range *to {
			if (*to)[i], src, err = takeValue(src); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a place) append(dst []byte) []byte {
	dst = binary.AppendUvarint(binary.AppendUvarint(dst, uint64(a.part)), uint64(a.event))
	return appendText(dst, a.rows)
}

func takePlace(src []byte) (a place, rest []byte, err error) {
	part, src, err := takeUvarint(src)
	if err != nil {
		return a, nil, err
	}
	event, src, err := takeUvarint(src)
	if err != nil {
		return a, nil, err
	}
	rows, src, err := takeText(src)
	return place{int(part), int(event), rows}, src, err
}
