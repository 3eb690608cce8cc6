package query

var minAggregate = aggregate{
	name: "min", syntax: "min(field)", least: 1, most: 1,
	doc:    "The least of the values, in the order of sort; missing if there is none.",
	states: func(Value) states { return &extremeStates{sign: -1} },
}

var maxAggregate = aggregate{
	name: "max", syntax: "max(field)", least: 1, most: 1,
	doc:    "The greatest of the values, in the order of sort; missing if there is none.",
	states: func(Value) states { return &extremeStates{sign: 1} },
}

// Min and max also go by the order of sort, so these are the same under names
// that say so.
// Source: the Logs Insights stats page.
var sortsFirstAggregate = aggregate{
	name: "sortsFirst", syntax: "sortsFirst(field)", least: 1, most: 1,
	doc:    "The value that sort puts first; missing if there is none.",
	states: func(Value) states { return &extremeStates{sign: -1} },
}

var sortsLastAggregate = aggregate{
	name: "sortsLast", syntax: "sortsLast(field)", least: 1, most: 1,
	doc:    "The value that sort puts last; missing if there is none.",
	states: func(Value) states { return &extremeStates{sign: 1} },
}

// extremeStates keep the value that is farthest in one direction.
type extremeStates struct {
	best []Value
	sign int // of the comparison by which a value is better
	text int // bytes that the values hold
}

func (s *extremeStates) grow() { s.best = append(s.best, Value{}) }

func (s *extremeStates) add(group int, v Value, _ *moment) {
	if v.kind == KindMissing || v.isStructure() {
		return
	}
	best := &s.best[group]
	c := v.CompareNatural(*best) * s.sign
	// Of values that are written alike one kind is taken, whichever came first.
	if best.kind == KindMissing || c > 0 || c == 0 && v.kind > best.kind {
		s.text += len(v.text) - len(best.text)
		*best = v.own()
	}
}

func (s *extremeStates) merge(group int, from states, other int) {
	s.add(group, from.(*extremeStates).best[other], nil)
}

func (s *extremeStates) result(group int) Value { return s.best[group].timeless() }

// timeless is v, but a time in milliseconds since the Unix epoch: that is how
// the aggregates of the service that choose a value give it (observed).
func (v Value) timeless() Value {
	if v.kind != KindTime {
		return v
	}
	ms, _ := v.Float64()
	return numberValue(ms)
}

func (s *extremeStates) append(dst []byte, group int) []byte { return s.best[group].append(dst) }

func (s *extremeStates) load(src []byte) ([]byte, error) {
	v, rest, err := takeValue(src)
	s.best = append(s.best, v)
	s.text += len(v.text)
	return rest, err
}

func (s *extremeStates) size() int { return valueSize*cap(s.best) + s.text }
