package query

import "encoding/binary"

var sumAggregate = aggregate{
	name: "sum", syntax: "sum(field)", least: 1, most: 1,
	doc:    "The sum of the values that are numbers; missing if there is none.",
	states: func(Value) states { return &sumStates{} },
}

// The service adds up the values of each period, which is what sum does there.
// The page spelled it both ways, in turn.
// Source: the Logs Insights time-series functions page.
var sumOverTimeAggregate = aggregate{
	name: "sumOverTime", aliases: []string{"sum_over_time"}, syntax: "sumOverTime(field)", least: 1, most: 1,
	doc:       "The sum of the values of each period that are numbers, in stats by bin; missing if there is none.",
	perPeriod: true,
	states:    func(Value) states { return &sumStates{} },
}

var avgAggregate = aggregate{
	name: "avg", syntax: "avg(field)", least: 1, most: 1,
	doc:    "The mean of the values that are numbers; missing if there is none.",
	states: func(Value) states { return &sumStates{mean: true} },
}

// sumStates add up numbers, exactly, so that the order in which rows are seen
// does not change the last digits.
type sumStates struct {
	sums  []exactSum
	n     []uint64 // how many numbers
	mean  bool
	bytes int // of the partials of the sums
}

func (s *sumStates) grow() {
	s.sums = append(s.sums, exactSum{})
	s.n = append(s.n, 0)
}

func (s *sumStates) add(group int, v Value, _ *moment) {
	x, ok := v.Float64()
	if !ok {
		return
	}
	sum := &s.sums[group]
	before := sum.size()
	sum.add(x)
	s.bytes += sum.size() - before
	s.n[group]++
}

func (s *sumStates) merge(group int, from states, other int) {
	f := from.(*sumStates)
	sum := &s.sums[group]
	before := sum.size()
	sum.merge(&f.sums[other])
	s.bytes += sum.size() - before
	s.n[group] += f.n[other]
}

func (s *sumStates) result(group int) Value {
	if s.n[group] == 0 {
		return Value{}
	}
	if s.mean {
		return numberValue(s.sums[group].mean(s.n[group]))
	}
	return numberValue(s.sums[group].value())
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
	s.bytes += sum.size()
	return rest, err
}

func (s *sumStates) size() int { return 8*cap(s.n) + sumSize*cap(s.sums) + s.bytes }
