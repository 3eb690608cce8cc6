package query

import (
	"encoding/binary"
	"iter"
	"slices"
	"strings"
)

// A grouping is what a stats command asks for, compiled.
type grouping struct {
	keys []groupKey
	aggs []groupAggregate
	time evaluator // of the @timestamp; nil if no aggregate looks at it
}

// A groupKey is one expression behind by.
type groupKey struct {
	name string
	eval evaluator
	slot int // in the frame of the rows that stats gives
}

// A groupAggregate is one call of an aggregate.
type groupAggregate struct {
	call *aggregateExpr
	eval evaluator // of its argument
	slot int
}

// Groups are the merge half's state for stats: for each combination of keys
// the states of the aggregates. Groups over different rows can be merged in
// any order, with the same result.
//
// Keys are compared by their texts, as the service prints them; of a number
// and a text that are written alike the one that came first is shown.
// Groups for which there is no room in memory are written to a spool.
type groups struct {
	plan *grouping
	room

	numbers map[string]int // of the groups, by their encoded keys
	keys    []string       // the same keys, by number
	kinds   []string       // the kinds of the keys' values, a byte each
	seen    []place        // where each group came first
	states  []states       // by aggregate
	text    int            // bytes in keys and kinds
	added   int            // rows seen
	every   int            // how many of them share one look at the memory in use

	now                   moment // of the row that is being added
	scratch, scratchKinds []byte
	spool                 spool
}

func newGroups(plan *grouping, in room) *groups {
	g := &groups{plan: plan, room: in, every: in.lookEvery(), spool: spool{dir: in.dir}}
	g.reset()
	return g
}

// reset forgets all groups.
func (g *groups) reset() {
	g.numbers = make(map[string]int)
	g.keys, g.kinds, g.seen, g.text = nil, nil, nil, 0
	g.states = make([]states, len(g.plan.aggs))
	for i, agg := range g.plan.aggs {
		g.states[i] = agg.call.fn.states(agg.call.value)
	}
}

// add lets the group of the frame see the frame, unless evaluating it fails.
func (g *groups) add(f *frame, seen place) error {
	g.scratch, g.scratchKinds = g.scratch[:0], g.scratchKinds[:0]
	for i := range g.plan.keys {
		v := g.plan.keys[i].eval(f)
		g.scratch = appendGroupKey(g.scratch, v)
		g.scratchKinds = append(g.scratchKinds, byte(v.kind))
	}
	args := len(f.args)
	for i := range g.plan.aggs {
		v := g.plan.aggs[i].eval(f)
		f.args = append(f.args, v)
	}
	values := f.args[args:]
	f.args = f.args[:args]
	g.now = moment{seen: seen}
	if g.plan.time != nil {
		t, ok := g.plan.time(f).instant()
		g.now.micros, g.now.timed = t.UnixMicro(), ok
	}
	if f.failure != nil {
		return nil
	}
	n, ok := g.numbers[string(g.scratch)]
	switch {
	case !ok:
		n = g.grow(string(g.scratch), string(g.scratchKinds), seen)
	case seen.compare(g.seen[n]) < 0: // rows of stats come in any order
		g.seen[n], g.kinds[n] = seen, string(g.scratchKinds)
	}
	for i := range g.plan.aggs {
		g.states[i].add(n, values[i], &g.now)
	}
	if g.added++; g.added%g.every == 0 && g.size() > g.bytes {
		return g.spill()
	}
	return nil
}

// maxEvery is how many rows share one look at the memory in use, which takes
// a moment. Where there is little room, as few as could fill it do.
const maxEvery = 1024

func (r room) lookEvery() int { return min(max(1, r.bytes/(1<<10)), maxEvery) }

// grow adds a group and returns its number.
func (g *groups) grow(key, kinds string, seen place) int {
	n := len(g.keys)
	g.numbers[key] = n
	g.keys = append(g.keys, key)
	g.kinds = append(g.kinds, kinds)
	g.seen = append(g.seen, seen)
	g.text += len(key) + len(kinds)
	for _, s := range g.states {
		s.grow()
	}
	return n
}

// merge adds what the groups of h have seen. h is used up.
func (g *groups) merge(h *groups) {
	for n, key := range h.keys {
		g.absorb(key, h.kinds[n], h.seen[n], h.states, n)
	}
	h.reset()
}

// absorb lets the group with the key see what the states of another have seen.
func (g *groups) absorb(key, kinds string, seen place, from []states, other int) {
	n, ok := g.numbers[key]
	if !ok {
		n = g.grow(key, kinds, seen)
	}
	if seen.compare(g.seen[n]) < 0 {
		g.seen[n], g.kinds[n] = seen, kinds
	}
	for i, s := range g.states {
		s.merge(n, from[i], other)
	}
}

// size estimates the memory of all groups in bytes.
func (g *groups) size() int {
	total := g.text + groupSize*len(g.keys)
	for _, s := range g.states {
		total += s.size()
	}
	return total
}

// groupSize is about what a group costs besides its texts and states.
const groupSize = 96

// A group is one group on its way to the result.
type group struct {
	key, kinds string
	seen       place
	states     []states
	n          int // its number in the states
}

// ordered returns the numbers of the groups in the order of their keys.
func (g *groups) ordered() []int {
	order := make([]int, len(g.keys))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(g.keys[a], g.keys[b]) })
	return order
}

// spill writes the groups to the spool.
func (g *groups) spill() error {
	err := g.spool.write(func(yield func([]byte) bool) {
		var record []byte
		for _, n := range g.ordered() {
			record = appendText(record[:0], g.keys[n])
			record = appendText(record, g.kinds[n])
			record = g.seen[n].append(record)
			for _, s := range g.states {
				record = s.append(record, n)
			}
			if !yield(record) {
				return
			}
		}
	})
	g.reset()
	return err
}

// groupResult walks over the groups of all: in no order, if they are all in
// memory, and else in that of their keys. A group is valid until the next
// step. It uses all up.
func groupResult(all []*groups) iter.Seq2[group, error] {
	first := all[0]
	spilled := slices.ContainsFunc(all, func(g *groups) bool { return len(g.spool.runs) > 0 })
	if !spilled {
		for _, g := range all[1:] {
			first.merge(g)
		}
		if len(first.plan.keys) == 0 && len(first.keys) == 0 {
			first.grow("", "", place{}) // without keys there is one group, even of no rows
		}
		return first.memory(nil)
	}
	var sequences []iter.Seq2[group, error]
	for _, g := range all {
		if len(g.keys) > 0 {
			sequences = append(sequences, g.memory(g.ordered()))
		}
		for _, run := range g.spool.runs {
			sequences = append(sequences, g.spilled(run))
		}
	}
	return first.combined(mergeOrdered(sequences, func(a, b *group) int { return strings.Compare(a.key, b.key) }))
}

// memory walks over the groups in memory, in the given order if there is one.
func (g *groups) memory(order []int) iter.Seq2[group, error] {
	return func(yield func(group, error) bool) {
		for i := range g.keys {
			n := i
			if order != nil {
				n = order[i]
			}
			if !yield(group{g.keys[n], g.kinds[n], g.seen[n], g.states, n}, nil) {
				return
			}
		}
	}
}

// spilled walks over the groups of a run.
func (g *groups) spilled(run section) iter.Seq2[group, error] {
	return func(yield func(group, error) bool) {
		for record, err := range g.spool.read(run) {
			var one *groups
			if err == nil {
				one, err = g.load(record)
			}
			if err != nil {
				yield(group{}, err)
				return
			}
			if !yield(one.first(), nil) {
				return
			}
		}
	}
}

// first is the first of the groups.
func (g *groups) first() group { return group{g.keys[0], g.kinds[0], g.seen[0], g.states, 0} }

// load decodes one group.
func (g *groups) load(src []byte) (*groups, error) {
	one := newGroups(g.plan, g.room)
	key, src, err := takeText(src)
	if err != nil {
		return nil, err
	}
	kinds, src, err := takeText(src)
	if err != nil {
		return nil, err
	}
	if len(kinds) != len(g.plan.keys) {
		return nil, errSpilled
	}
	seen, src, err := takePlace(src)
	if err != nil {
		return nil, err
	}
	one.keys, one.kinds, one.seen = []string{key}, []string{kinds}, []place{seen}
	for _, s := range one.states {
		if src, err = s.load(src); err != nil {
			return nil, err
		}
	}
	return one, nil
}

// combined puts neighbours with the same key together.
func (g *groups) combined(parts iter.Seq2[group, error]) iter.Seq2[group, error] {
	return func(yield func(group, error) bool) {
		one := newGroups(g.plan, g.room)
		for part, err := range parts {
			if err != nil {
				yield(group{}, err)
				return
			}
			if len(one.keys) > 0 && one.keys[0] != part.key {
				if !yield(one.first(), nil) {
					return
				}
				one.reset()
			}
			one.absorb(part.key, part.kinds, part.seen, part.states, part.n)
		}
		if len(one.keys) > 0 {
			yield(one.first(), nil)
		}
	}
}

// fill sets the slots of the frame to the keys and the results of the group.
func (gr *group) fill(plan *grouping, f *frame) error {
	src := []byte(gr.key)
	for i, key := range plan.keys {
		var err error
		if f.slots[key.slot], src, err = takeGroupKey(src, gr.kinds[i]); err != nil {
			return err
		}
	}
	for i, agg := range plan.aggs {
		f.slots[agg.slot] = gr.states[i].result(gr.n)
	}
	return nil
}

// The tags of the parts of a group's key.
const (
	keyMissing = iota
	keyText
	keyTime
)

// appendGroupKey encodes v as a part of a group's key.
func appendGroupKey(dst []byte, v Value) []byte {
	switch v.kind {
	case KindMissing:
		return append(dst, keyMissing)
	case KindTime:
		ms, _ := v.Float64() // that is how fine it is printed
		return binary.BigEndian.AppendUint64(append(dst, keyTime), uint64(int64(ms)))
	}
	// The length comes first, in as many bytes as most lengths take. One that
	// takes more is put in place when it is known.
	dst = append(dst, keyText, 0)
	start := len(dst)
	dst = v.appendText(dst)
	n := len(dst) - start
	if n < 0x80 {
		dst[start-1] = byte(n)
		return dst
	}
	var head [binary.MaxVarintLen64]byte
	size := binary.PutUvarint(head[:], uint64(n))
	return slices.Replace(dst, start-1, start, head[:size]...)
}

// takeGroupKey takes a part of a group's key, as a value of the given kind.
func takeGroupKey(src []byte, kind byte) (v Value, rest []byte, err error) {
	if len(src) == 0 {
		return Value{}, nil, errSpilled
	}
	tag, src := src[0], src[1:]
	switch tag {
	case keyMissing:
		return Value{}, src, nil
	case keyTime:
		if len(src) < 8 {
			return Value{}, nil, errSpilled
		}
		return millisValue(float64(int64(binary.BigEndian.Uint64(src)))), src[8:], nil
	case keyText:
	default:
		return Value{}, nil, errSpilled
	}
	text, rest, err := takeText(src)
	switch Kind(kind) {
	case KindNumber:
		v = writtenNumber(text)
	case KindBool:
		v = boolValue(text == "1")
	default:
		v = stringValue(text)
	}
	return v, rest, err
}
