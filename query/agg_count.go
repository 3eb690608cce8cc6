package query

import "encoding/binary"

var countAggregate = aggregate{
	name: "count", syntax: "count(*) or count(field)", least: 0, most: 1,
	doc:    "The number of rows, or of those that have the field.",
	states: func(Value) states { return new(countStates) },
}

// The service counts the events of each period that have the field, which is
// what count does there. The page spelled it both ways, in turn.
// Source: the Logs Insights time-series functions page.
var countOverTimeAggregate = aggregate{
	name: "countOverTime", aliases: []string{"count_over_time"}, syntax: "countOverTime(field)", least: 1, most: 1,
	doc:       "The number of rows of each period that have the field, in stats by bin.",
	perPeriod: true,
	states:    func(Value) states { return new(countStates) },
}

// countStates count the values that are not missing. For count(*) the argument
// is a constant.
type countStates struct{ n []uint64 }

func (s *countStates) grow() { s.n = append(s.n, 0) }

func (s *countStates) add(group int, v Value, _ *moment) {
	if v.kind != KindMissing {
		s.n[group]++
	}
}

func (s *countStates) merge(group int, from states, other int) {
	s.n[group] += from.(*countStates).n[other]
}

func (s *countStates) result(group int) Value { return numberValue(float64(s.n[group])) }

func (s *countStates) append(dst []byte, group int) []byte {
	return binary.AppendUvarint(dst, s.n[group])
}

func (s *countStates) load(src []byte) ([]byte, error) {
	n, rest, err := takeUvarint(src)
	s.n = append(s.n, n)
	return rest, err
}

func (s *countStates) size() int { return 8 * cap(s.n) }
