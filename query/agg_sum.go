package query

import "encoding/binary"

var sumAggregate = aggregate{
	name: "sum", syntax: "sum(field)", least: 1, most: 1,
	doc:    "The sum of the values that are numbers; missing if there is none.",
	states: func([]Value) states { return &sumStates{} },
}

var avgAggregate = aggregate{
	name: "avg", syntax: "avg(field)", least: 1, most: 1,
	doc:    "The mean of the values that are numbers; missing if there is none.",
	states: func([]Value) states { return &sumStates{mean: true} },
}

// sumStates add up numbers, exactly, so that the order in which rows are seen
// does not change the last digits.
type sumStates struct {
	sums []exactSum
	n    []uint64 // how many numbers
	mean bool
}

func (s *sumStates) grow() {
	s.sums = append(s.sums, exactSum{})
	s.n = append(s.n, 0)
}

func (s *sumStates) add(group int, v Value) {
	x, ok := v.Float64()
	if !ok {
		return
	}
	s.sums[group].add(x)
	s.n[group]++
}

func (s *sumStates) merge(group int, from states, other int) {
	f := from.(*sumStates)
	s.sums[group].merge(&f.sums[other])
	s.n[group] += f.n[other]
}

func (s *sumStates) result(group int) Value {
	if s.n[group] == 0 {
		return Value{}
	}
	sum := s.sums[group].value()
	if s.mean {
		sum /= float64(s.n[group])
	}
	return numberValue(sum)
}

func (s *sumStates) append(dst []byte, group int) []byte {
	return s.sums[group].append(binary.AppendUvarint(dst, s.n[group]))
}

func (s *sumStates) load(src []byte) ([]byte, error) {
	n, rest, err := takeUvarint(src)
	if err != nil {
		return nil, err
	}
	s.n = append(s.n, n)
	var sum exactSum
	rest, err = sum.load(rest)
	s.sums = append(s.sums, sum)
	return rest, err
}

func (s *sumStates) size() int {
	total := 8*cap(s.n) + 32*cap(s.sums)
	for i := range s.sums {
		total += 8 * cap(s.sums[i].partials)
	}
	return total
}
