package query

import "encoding/binary"

var countDistinctAggregate = aggregate{
	name: "count_distinct", aliases: []string{"countDistinct"}, syntax: "count_distinct(field)", least: 1, most: 1,
	doc:    "The number of different values, counted exactly.",
	states: func(Value) states { return &distinctStates{} },
}

// distinctStates keep the texts of all values.
type distinctStates struct {
	sets    []map[string]struct{}
	scratch []byte
	bytes   int // an estimate of what the sets hold
}

// entrySize is what an entry of a set costs besides its text.
const entrySize = 48

func (s *distinctStates) grow() { s.sets = append(s.sets, nil) }

func (s *distinctStates) add(group int, v Value, _ *moment) {
	if v.kind == KindMissing || v.isStructure() {
		return
	}
	s.scratch = v.appendText(s.scratch[:0])
	if _, ok := s.sets[group][string(s.scratch)]; !ok {
		s.insert(group, string(s.scratch))
	}
}

func (s *distinctStates) insert(group int, text string) {
	if s.sets[group] == nil {
		s.sets[group] = make(map[string]struct{})
	}
	s.sets[group][text] = struct{}{}
	s.bytes += entrySize + len(text)
}

func (s *distinctStates) merge(group int, from states, other int) {
	for text := range from.(*distinctStates).sets[other] {
		if _, ok := s.sets[group][text]; !ok {
			s.insert(group, text)
		}
	}
}

func (s *distinctStates) result(group int) Value { return numberValue(float64(len(s.sets[group]))) }

func (s *distinctStates) append(dst []byte, group int) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s.sets[group])))
	for text := range s.sets[group] {
		dst = appendText(dst, text)
	}
	return dst
}

func (s *distinctStates) load(src []byte) ([]byte, error) {
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
		s.insert(len(s.sets)-1, text)
	}
	return src, nil
}

func (s *distinctStates) size() int { return 8*cap(s.sets) + s.bytes }
