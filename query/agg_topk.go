package query

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// That nothing may stand beside it is the service's rule. Which of equally
// frequent values it takes is not known; here the order of sort decides.
// Source: the Logs Insights stats page.
var topkAggregate = aggregate{
	name: "topk", syntax: "topk(k, field)", least: 2, most: 2,
	doc:       "The list of the k values that most rows have, as texts, the most frequent first, and equally frequent ones in the order of sort; missing if there is none. No other aggregate and no key can stand beside it.",
	constant:  &constant{first: true, fit: wholeBetween("the k of topk", 1, 10_000)},
	alone:     true,
	structure: true,
	states: func(arg Value) states {
		k, _ := arg.Float64()
		return &topkStates{k: int(k)}
	},
}

// topkStates count the rows of every value: which ones are the most frequent is
// not known before the end.
type topkStates struct {
	k       int
	counts  []map[string]*uint64
	scratch []byte
	bytes   int // an estimate of what the maps hold
}

func (s *topkStates) grow() { s.counts = append(s.counts, nil) }

func (s *topkStates) add(group int, v Value, _ *moment) {
	if v.kind == KindMissing || v.isStructure() {
		return
	}
	s.scratch = v.appendText(s.scratch[:0])
	s.count(group, s.scratch, 1)
}

// count adds n rows that have the text.
func (s *topkStates) count(group int, text []byte, n uint64) {
	counts := s.counts[group]
	if counts == nil {
		counts = make(map[string]*uint64)
		s.counts[group] = counts
	}
	if old := counts[string(text)]; old != nil {
		*old += n
		return
	}
	first := n // n itself would need memory each time
	counts[string(text)] = &first
	s.bytes += entrySize + 16 + len(text)
}

func (s *topkStates) merge(group int, from states, other int) {
	for text, n := range from.(*topkStates).counts[other] {
		s.scratch = append(s.scratch[:0], text...)
		s.count(group, s.scratch, *n)
	}
}

func (s *topkStates) result(group int) Value {
	type counted struct {
		value Value
		n     uint64
	}
	var all []counted
	for text, n := range s.counts[group] {
		all = append(all, counted{stringValue(text), *n})
	}
	if all == nil {
		return Value{}
	}
	slices.SortFunc(all, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.n, a.n), a.value.CompareNatural(b.value), strings.Compare(a.value.text, b.value.text))
	})
	list := make([]Value, min(s.k, len(all)))
	for i := range list {
		list[i] = all[i].value
	}
	return listValue(list)
}

func (s *topkStates) append(dst []byte, group int) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s.counts[group])))
	for text, n := range s.counts[group] {
		dst = binary.AppendUvarint(appendText(dst, text), *n)
	}
	return dst
}

func (s *topkStates) load(src []byte) ([]byte, error) {
	different, src, err := takeUvarint(src)
	if err != nil {
		return nil, err
	}
	s.grow()
	for range different {
		var text string
		if text, src, err = takeText(src); err != nil {
			return nil, err
		}
		var n uint64
		if n, src, err = takeUvarint(src); err != nil {
			return nil, err
		}
		s.count(len(s.counts)-1, []byte(text), n)
	}
	return src, nil
}

func (s *topkStates) size() int { return 8*cap(s.counts) + s.bytes }
