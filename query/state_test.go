package query

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// newStates are the states of each aggregate, with some constant arguments.
func newStates() map[string]func() states {
	all := map[string]func() states{}
	for _, agg := range aggregates {
		for _, arg := range constantsFor(agg) {
			all[fmt.Sprint(agg.name, " ", arg)] = func() states { return agg.states(arg) }
		}
	}
	all[timelineAggregate.name] = func() states { return timelineAggregate.states(Value{}) }
	return all
}

// constantsFor are some constants that fit the aggregate.
func constantsFor(agg aggregate) []Value {
	if agg.constant == nil {
		return []Value{{}}
	}
	var out []Value
	for _, n := range []float64{0, 1, 3, 37.5, 100} {
		if _, fits := agg.constant.fit(numberValue(n)); fits {
			out = append(out, numberValue(n))
		}
	}
	return out
}

// A met value is one that a row has at some moment.
type met struct {
	value Value
	at    moment
}

// randomValues are n values, which often repeat, of rows that stand in any order,
// few of them at different times and some at none.
func randomValues(random *rand.Rand, n int) []met {
	all := samples()
	for i := range 20 {
		all = append(all, numberValue(float64(i)/8), writtenNumber(fmt.Sprint(random.IntN(1000))))
	}
	all = all[random.IntN(len(all)/2):]
	out := make([]met, n)
	for i := range out {
		out[i].value = all[random.IntN(len(all))]
		out[i].at = moment{int64(random.IntN(4) - 1), random.IntN(4) > 0, place{part: random.IntN(3), event: i, rows: []string{"", "r"}[random.IntN(2)]}}
	}
	return out
}

// stateOf is one state that has seen the values.
func stateOf(empty func() states, values []met) states {
	s := empty()
	s.grow()
	for _, v := range values {
		s.add(0, v.value, &v.at)
	}
	return s
}

// reloaded is what becomes of a state that is written and read.
func reloaded(t *testing.T, empty func() states, s states) states {
	t.Helper()
	out := empty()
	text := s.append(nil, 0)
	rest, err := out.load(append(text, "rest"...))
	if err != nil || string(rest) != "rest" {
		t.Fatalf("load: %q, %v", rest, err)
	}
	return out
}

// TestStates checks that states can be cut apart and put together in any way:
// the result is that of a state which has seen everything, in any order.
func TestStates(t *testing.T) {
	for name, empty := range newStates() {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			for range 200 {
				values := randomValues(random, random.IntN(30))
				want := stateOf(empty, values).result(0)
				check := func(how string, s states) {
					t.Helper()
					if got := s.result(0); !sameValue(got, want) {
						t.Errorf("%s: %v, want %v, of %v", how, got, want, values)
					}
				}
				i := random.IntN(len(values) + 1)
				j := i + random.IntN(len(values)-i+1)
				part := func(from, to int) states { return stateOf(empty, values[from:to]) }

				left := part(0, i)
				left.merge(0, part(i, j), 0)
				left.merge(0, part(j, len(values)), 0)
				check("(a+b)+c", left)

				right := part(i, j)
				right.merge(0, part(j, len(values)), 0)
				whole := part(0, i)
				whole.merge(0, right, 0)
				check("a+(b+c)", whole)

				back := part(j, len(values))
				back.merge(0, part(i, j), 0)
				back.merge(0, part(0, i), 0)
				check("c+b+a", back)

				again := reloaded(t, empty, part(0, i))
				again.merge(0, reloaded(t, empty, part(i, len(values))), 0)
				check("written and read", again)
				check("written and read twice", reloaded(t, empty, again))

				random.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
				check("in another order", stateOf(empty, values))
			}
		})
	}
}

// sameValue reports whether two values are alike to the last bit.
func sameValue(a, b Value) bool {
	return a.kind == b.kind && a.String() == b.String() && a.number().bits == b.number().bits
}

// TestStatesTruncated checks that a state which is cut off is refused.
func TestStatesTruncated(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for name, empty := range newStates() {
		text := stateOf(empty, randomValues(random, 40)).append(nil, 0)
		for n := range text {
			if _, err := empty().load(text[:n]); err != errSpilled {
				t.Errorf("%s: %d of %d bytes: %v", name, n, len(text), err)
			}
		}
	}
}

// TestStatesApart checks that the states of several groups do not touch each
// other, and that their size grows with what they hold.
func TestStatesApart(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for name, empty := range newStates() {
		const groups = 5
		s := empty()
		var seen [groups][]met
		for range groups {
			s.grow()
		}
		for _, v := range randomValues(random, 3000) {
			i := random.IntN(groups)
			seen[i] = append(seen[i], v)
			s.add(i, v.value, &v.at)
		}
		for i, values := range seen {
			if got, want := s.result(i), stateOf(empty, values).result(0); !sameValue(got, want) {
				t.Errorf("%s: group %d: %v, want %v", name, i, got, want)
			}
		}
		if s.size() <= empty().size() {
			t.Errorf("%s: %d bytes", name, s.size())
		}
	}
}

// FuzzExactSum holds sums to those of math/big, whatever the order.
func FuzzExactSum(f *testing.F) {
	for seed := range uint64(16) {
		f.Add(seed, byte(seed), byte(20))
	}
	f.Fuzz(func(t *testing.T, seed uint64, spread, n byte) {
		random := rand.New(rand.NewPCG(seed, 7))
		numbers := adversarial(random, int(spread), int(n))
		exactly := new(big.Float).SetPrec(5000)
		for _, x := range numbers {
			exactly.Add(exactly, big.NewFloat(x))
		}
		want, _ := exactly.Float64()
		for range 3 {
			var s exactSum
			for _, x := range numbers {
				s.add(x)
			}
			if got := s.value(); got != want {
				t.Errorf("%v, want %v, of %v", got, want, numbers)
			}
			random.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
		}
	})
}

// adversarial are numbers whose sum is hard: of very different sizes, that
// cancel out, at the ends of what there is, and half way between neighbours.
func adversarial(random *rand.Rand, spread, n int) []float64 {
	var out []float64
	for len(out) < n {
		x := math.Ldexp(random.Float64()-0.5, random.IntN(8*spread+1)-4*spread)
		switch random.IntN(8) {
		case 0:
			x = float64(random.Int64N(1 << 53))
		case 1:
			x = math.Ldexp(1, random.IntN(60)-53)
		case 2:
			x = []float64{math.MaxFloat64, math.SmallestNonzeroFloat64, 1 << 53, 1<<53 - 1, 0x1p900, 0x1p899, 0x1p1023}[random.IntN(7)]
		case 3:
			if len(out) > 0 {
				x = -out[random.IntN(len(out))]
			}
		}
		if !math.IsInf(x, 0) {
			out = append(out, x, -x)[:len(out)+1+random.IntN(2)]
		}
	}
	return out
}

// TestNearestRank holds ranks to those of fractions.
func TestNearestRank(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	for range 20_000 {
		thousandths := int64(random.IntN(100_001))
		total := 1 + random.Uint64N(1<<uint(1+random.IntN(40)))
		rank := new(big.Int).Mul(big.NewInt(thousandths), new(big.Int).SetUint64(total))
		rank.Add(rank, big.NewInt(99_999)).Div(rank, big.NewInt(100_000))
		want := max(1, rank.Uint64())
		if got := nearestRank(float64(thousandths)/1000, total); got != want {
			t.Errorf("%d/1000 percent of %d: %d, want %d", thousandths, total, got, want)
		}
	}
	if got := nearestRank(100, math.MaxUint64); got != math.MaxUint64 {
		t.Errorf("all of %d: %d", uint64(math.MaxUint64), got)
	}
}

// TestBag holds bags, and what they rank, to a sorted slice.
func TestBag(t *testing.T) {
	random := rand.New(rand.NewPCG(10, 11))
	for _, n := range []int{0, 1, maxTail - 1, maxTail, 5 * maxTail} {
		for _, kinds := range []int{1, 7, 100_000} {
			var b bag
			var all []float64
			for range n {
				x := float64(random.IntN(kinds)) - 3
				all = append(all, x)
				b.add(x)
			}
			slices.Sort(all)
			b.settle()
			var got []float64
			for _, r := range b.tallies {
				for range r.n {
					got = append(got, r.value)
				}
			}
			if diff := gocmp.Diff(all, got); diff != "" {
				t.Errorf("%d of %d (-want +got):\n%s", n, kinds, diff)
			}
			for _, p := range []float64{0, 0.1, 25, 50, 99.9, 100} {
				got, ok := b.rank(p)
				if ok != (n > 0) || ok && got != all[nearestRank(p, uint64(n))-1] {
					t.Errorf("%v percent of %d of %d: %v, %t", p, n, kinds, got, ok)
				}
			}
		}
	}
}

// TestMergeOrdered holds the merge of sequences to a stable sort.
func TestMergeOrdered(t *testing.T) {
	type item struct{ key, from int }
	random := rand.New(rand.NewPCG(12, 13))
	compare := func(a, b *item) int { return cmp.Compare(a.key, b.key) }
	for range 200 {
		var sequences []iter.Seq2[item, error]
		var all []item
		for from := range random.IntN(6) {
			var part []item
			for range random.IntN(10) {
				part = append(part, item{random.IntN(12), from})
			}
			slices.SortStableFunc(part, func(a, b item) int { return compare(&a, &b) })
			all = append(all, part...)
			sequences = append(sequences, sequenceOf(part, nil))
		}
		slices.SortStableFunc(all, func(a, b item) int { return compare(&a, &b) })
		var got []item
		for it, err := range mergeOrdered(sequences, compare) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, it)
		}
		if !slices.Equal(got, all) {
			t.Errorf("%v, want %v", got, all)
		}
	}
}

// TestMergeOrderedFails checks that an error is the last item.
func TestMergeOrderedFails(t *testing.T) {
	compare := func(a, b *int) int { return cmp.Compare(*a, *b) }
	for _, broken := range [][]int{nil, {1, 5}} {
		sequences := []iter.Seq2[int, error]{sequenceOf([]int{2, 9}, nil), sequenceOf(broken, errBroken)}
		n := 0
		var last error
		for _, err := range mergeOrdered(sequences, compare) {
			n++
			last = err
		}
		if !errors.Is(last, errBroken) || n != len(broken)*3/2+1 {
			t.Errorf("after %v: %d items, the last %v", broken, n, last)
		}
	}
}

// sequenceOf gives the items, and then the error if there is one.
func sequenceOf[T any](items []T, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, it := range items {
			if !yield(it, nil) {
				return
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// TestGroupKey checks that groups have the same key just if their values are
// printed alike and are as much times, or missing, as each other; and that the
// values can be had from the key again.
func TestGroupKey(t *testing.T) {
	long := stringValue(string(make([]byte, 300)))
	all := append(samples(), long, stringValue(long.text[:127]), stringValue(long.text[:128]), stringValue("\x00"), stringValue("\x01\x01a"))
	type part struct {
		text string
		kind Kind
	}
	seen := map[string][2]part{}
	for _, a := range all {
		for _, b := range all {
			var parts [2]part
			for i, v := range []Value{a, b} {
				parts[i] = part{v.String(), v.kind}
				if v.kind != KindTime && v.kind != KindMissing {
					parts[i].kind = KindString
				}
			}
			key := string(appendGroupKey(appendGroupKey(nil, a), b))
			if other, ok := seen[key]; ok && other != parts {
				t.Errorf("%v and %v have one key", other, parts)
			}
			seen[key] = parts
			checkGroupKey(t, []byte(key), a, b)
		}
	}
	different := map[[2]part]bool{}
	for _, parts := range seen {
		different[parts] = true
	}
	if len(different) != len(seen) {
		t.Errorf("%d keys for %d combinations", len(seen), len(different))
	}
}

func checkGroupKey(t *testing.T, key []byte, values ...Value) {
	t.Helper()
	for _, want := range values {
		got, rest, err := takeGroupKey(key, byte(want.kind))
		if want.isStructure() {
			want = stringValue(want.String())
		}
		if err != nil || got.kind != want.kind || got.String() != want.String() {
			t.Fatalf("%#v: %#v, %v", want, got, err)
		}
		for n := range len(key) - len(rest) {
			if _, _, err := takeGroupKey(key[:n], byte(want.kind)); err != errSpilled {
				t.Errorf("%#v: %d bytes: %v", want, n, err)
			}
		}
		key = rest
	}
	if len(key) > 0 {
		t.Errorf("%q is left", key)
	}
}

// TestPlace checks the order of places, and that they can be written and read.
func TestPlace(t *testing.T) {
	places := []place{{0, 0, ""}, {0, 1, ""}, {0, 1, "a"}, {0, 1, "b"}, {0, 1 << 30, ""}, {1, 0, ""}, {1 << 30, 3, ""}}
	for i, a := range places {
		for j, b := range places {
			if got := a.compare(b); got != cmp.Compare(i, j) {
				t.Errorf("%v and %v: %d", a, b, got)
			}
		}
		text := a.append(nil)
		if got, rest, err := takePlace(text); got != a || len(rest) > 0 || err != nil {
			t.Errorf("%v: %v, %v", a, got, err)
		}
	}
}

// TestTimeKeys checks that times before 1970 are grouped as they are printed.
func TestTimeKeys(t *testing.T) {
	for _, micros := range []int64{-1, -999, -1000, -1001, 0, 1, 999, 1000} {
		v := timeValue(time.UnixMicro(micros))
		got, _, err := takeGroupKey(appendGroupKey(nil, v), byte(KindTime))
		if err != nil || got.String() != v.String() {
			t.Errorf("%v: %v, %v", v, got, err)
		}
	}
}
