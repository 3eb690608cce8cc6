package query

// The page has no formula. This is what its words say: how much the value has
// changed from the earliest to the latest row, for each interval between them.
// Nothing is made of a counter that begins again.
// Source: the Logs Insights time-series functions page.
var rateAggregate = aggregate{
	name: "rate", syntax: "rate(field, period)", least: 2, most: 2,
	doc: "How much the number changes in a period: from the earliest row to the latest, by @timestamp, divided by the time between them; missing if there is none.",
	constant: &constant{period: true, fit: func(arg Value) (string, bool) {
		if ms, _ := arg.Float64(); ms == 0 {
			return "the period of a rate is longer than nothing", false
		}
		return "", true
	}},
	timed: true,
	states: func(arg Value) states {
		ms, _ := arg.Float64()
		return &rateStates{first: readingStates{sign: -1}, last: readingStates{sign: 1}, period: ms}
	},
}

// rateStates keep the first and the last number.
type rateStates struct {
	first, last readingStates
	period      float64 // in milliseconds
}

func (s *rateStates) grow() {
	s.first.grow()
	s.last.grow()
}

func (s *rateStates) add(group int, v Value, at *moment) {
	if v = v.number(); v.kind == KindNumber {
		s.first.add(group, v, at)
		s.last.add(group, v, at)
	}
}

func (s *rateStates) merge(group int, from states, other int) {
	f := from.(*rateStates)
	s.first.merge(group, &f.first, other)
	s.last.merge(group, &f.last, other)
}

func (s *rateStates) result(group int) Value {
	first, last := &s.first.best[group], &s.last.best[group]
	from, ok := first.value.Float64()
	to, _ := last.value.Float64()
	micros := last.at.micros - first.at.micros
	if !ok || micros == 0 {
		return Value{}
	}
	return numberValue((to - from) * s.period / (float64(micros) / 1000))
}

func (s *rateStates) append(dst []byte, group int) []byte {
	return s.last.append(s.first.append(dst, group), group)
}

func (s *rateStates) load(src []byte) ([]byte, error) {
	src, err := s.first.load(src)
	if err != nil {
		return nil, err
	}
	return s.last.load(src)
}

func (s *rateStates) size() int { return s.first.size() + s.last.size() }
