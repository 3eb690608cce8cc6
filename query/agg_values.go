package query

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// The page says that the values are different ones, not in which order they
// stand. Here that is the order of the log, and each is a text.
// Source: the Logs Insights stats page.
var valuesAggregate = aggregate{
	name: "values", aliases: []string{"collect_values"}, syntax: "values(field)", least: 1, most: 1,
	doc:       "The list of the different values, as texts, in the order in which the log has them; missing if there is none.",
	structure: true,
	states:    func(Value) states { return &valuesStates{} },
}

// valuesStates keep the texts of all values, with where each came first.
type valuesStates struct {
	firsts  []map[string]place
	scratch []byte
	bytes   int // an estimate of what the maps hold
}

// firstSize is what an entry costs besides its texts, in bytes.
const firstSize = entrySize + 32

func (s *valuesStates) grow() { s.firsts = append(s.firsts, nil) }

func (s *valuesStates) add(group int, v Value, at *moment) {
	if v.kind == KindMissing || v.isStructure() {
		return
	}
	s.scratch = v.appendText(s.scratch[:0])
	if first, ok := s.firsts[group][string(s.scratch)]; !ok || at.seen.compare(first) < 0 {
		s.put(group, string(s.scratch), at.seen)
	}
}

// put notes that a value came at a place, unless it has come before that.
func (s *valuesStates) put(group int, text string, seen place) {
	first, ok := s.firsts[group][text]
	switch {
	case s.firsts[group] == nil:
		s.firsts[group] = make(map[string]place)
		fallthrough
	case !ok:
		s.bytes += firstSize + len(text) + len(seen.rows)
	case seen.compare(first) >= 0:
		return
	default:
		s.bytes += len(seen.rows) - len(first.rows)
	}
	s.firsts[group][text] = seen
}

func (s *valuesStates) merge(group int, from states, other int) {
	for text, seen := range from.(*valuesStates).firsts[other] {
		s.put(group, text, seen)
	}
}

func (s *valuesStates) result(group int) Value {
	type first struct {
		text string
		seen place
	}
	var all []first
	for text, seen := range s.firsts[group] {
		all = append(all, first{text, seen})
	}
	if all == nil {
		return Value{}
	}
	slices.SortFunc(all, func(a, b first) int { return cmp.Or(a.seen.compare(b.seen), strings.Compare(a.text, b.text)) })
	list := make([]Value, len(all))
	for i := range all {
		list[i] = stringValue(all[i].text)
	}
	return listValue(list)
}

func (s *valuesStates) append(dst []byte, group int) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s.firsts[group])))
	for text, seen := range s.firsts[group] {
		dst = seen.append(appendText(dst, text))
	}
	return dst
}

func (s *valuesStates) load(src []byte) ([]byte, error) {
	n, src, err := takeUvarint(src)
	if err != nil {
		return nil, err
	}
	s.grow()
	for range n {
		var text string
		if text, src, err = takeText(src); err != nil {
			return nil, err
		}
		var seen place
		if seen, src, err = takePlace(src); err != nil {
			return nil, err
		}
		s.put(len(s.firsts)-1, text, seen)
	}
	return src, nil
}

func (s *valuesStates) size() int { return 8*cap(s.firsts) + s.bytes }
