package query

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// A slowAggregate computes an aggregate over all the values of a group at once,
// in the order of the log. It has what sets the aggregates of the package apart
// from it: none of them keeps all values, or sees them in this order.
type slowAggregate struct {
	call string // with the field v
	of   func(rows []met) Value
}

// slowAggregates are twins of all aggregates.
var slowAggregates = []slowAggregate{
	{"avg(v)", ofRationals(slowMean)},
	{"count(v)", func(rows []met) Value { return numberValue(float64(len(rows))) }},
	{"count_distinct(v)", func(rows []met) Value { return numberValue(float64(len(slowCounts(rows)))) }},
	{"countOverTime(v)", func(rows []met) Value { return numberValue(float64(len(rows))) }},
	{"earliest(v)", func(rows []met) Value { return slowByTime(rows).first().timeless() }},
	{"histogram(v, 7)", func(rows []met) Value { return slowHistogram(slowNumbers(rows), 7) }},
	{"latest(v)", func(rows []met) Value { return slowByTime(rows).last().timeless() }},
	{"max(v)", func(rows []met) Value { return slowSorted(rows).last() }},
	{"median(v)", func(rows []met) Value { return slowRank(slowNumbers(rows), 50) }},
	{"min(v)", func(rows []met) Value { return slowSorted(rows).first() }},
	{"pct(v, 90)", func(rows []met) Value { return slowRank(slowNumbers(rows), 90) }},
	{"rate(v, 30s)", slowRate},
	{"sortsFirst(v)", func(rows []met) Value { return slowSorted(rows).first() }},
	{"sortsLast(v)", func(rows []met) Value { return slowSorted(rows).last() }},
	{"stddev(v)", func(rows []met) Value { return slowRoot(slowVariance(rows)) }},
	{"sum(v)", ofRationals(slowSum)},
	{"sumOverTime(v)", ofRationals(slowSum)},
	{"values(v)", slowValues},
	{"variance(v)", func(rows []met) Value { return ofRational(slowVariance(rows)) }},
	{"topk(3, v)", func(rows []met) Value { return slowTop(rows, 3) }},
}

// TestSlowAggregates checks that every aggregate has a twin.
func TestSlowAggregates(t *testing.T) {
	for _, agg := range aggregates {
		if !slices.ContainsFunc(slowAggregates, func(s slowAggregate) bool { return strings.HasPrefix(s.call, agg.name+"(") }) {
			t.Errorf("%s has no slow twin", agg.name)
		}
	}
}

// FuzzAggregates holds every aggregate to its twin, over events with values of
// all kinds, for any groups, parts, workers and memory.
func FuzzAggregates(f *testing.F) {
	for i := range slowAggregates {
		f.Add(uint64(i), byte(i), byte(40), uint16(1+i*100))
	}
	f.Fuzz(func(t *testing.T, seed uint64, n, count byte, memory uint16) {
		random := rand.New(rand.NewPCG(seed, 31))
		agg := slowAggregates[int(n)%len(slowAggregates)]
		events, groups := randomReadings(random, int(count))
		keys := slices.Sorted(maps.Keys(groups))
		query := "stats " + agg.call + " as r by k | sort k"
		if strings.HasPrefix(agg.call, "topk") {
			query, keys = "filter k = 0 | stats "+agg.call+" as r", []int{0}
		}
		var want []string
		for _, k := range keys {
			want = append(want, agg.of(groups[k]).String())
		}
		opts := &Options{Workers: 1 + random.IntN(3), Memory: int(memory), TempDir: t.TempDir()}
		var got []string
		for row, err := range MustParse(query).Run(t.Context(), randomCut(random, events), opts) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, row.Get("r").String())
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		checkNoFiles(t, opts.TempDir)
	})
}

// randomReadings are n events with a value v, a key k and a time, each of which
// some lack, and the values of each key in the order of the log.
func randomReadings(random *rand.Rand, n int) (audit.List, map[int][]met) {
	texts := []string{`1`, `"1"`, `1.0`, `true`, `"x"`, `""`, `"x10"`, `"x9"`, `-2.5`, `"1e2"`, `9007199254740993`, `1e300`, `-1e300`, `1e-320`, `0.1`, `3e-160`}
	var events audit.List
	groups := map[int][]met{}
	for i := range n {
		var b bytes.Buffer
		k := random.IntN(3)
		fmt.Fprintf(&b, `{"k":%d`, k)
		row := met{at: moment{seen: place{event: i}}}
		switch text := texts[random.IntN(len(texts))]; random.IntN(6) {
		case 0:
		case 1, 2:
			fmt.Fprintf(&b, `,"v":%s`, text)
			row.value = slowLookup(slowFields([]byte(`{"v":`+text+`}`)), "v")
		default:
			row.value = writtenNumber(strconv.FormatFloat(float64(random.IntN(200)-40)/4, 'g', -1, 64))
			fmt.Fprintf(&b, `,"v":%s`, row.value.text)
		}
		if random.IntN(8) > 0 {
			second := random.IntN(20)
			fmt.Fprintf(&b, `,"stageTimestamp":"1970-01-01T00:00:%02dZ"`, second)
			row.at.micros, row.at.timed = int64(second)*1e6, true
		}
		b.WriteByte('}')
		events = append(events, audit.Event{Raw: b.Bytes()})
		groups[k] = append(groups[k], row)
	}
	for k, rows := range groups {
		groups[k] = slices.DeleteFunc(rows, func(r met) bool { return r.value.Missing() })
	}
	return events, groups
}

// A slowList is values in some order.
type slowList []Value

func (l slowList) first() Value {
	if len(l) == 0 {
		return Value{}
	}
	return l[0]
}

func (l slowList) last() Value {
	slices.Reverse(l)
	return l.first()
}

// slowSorted are the values in the order of sort. Of those that are written
// alike the kind does not show.
func slowSorted(rows []met) slowList {
	var all slowList
	for _, r := range rows {
		all = append(all, r.value)
	}
	slices.SortFunc(all, Value.CompareNatural)
	return all
}

// slowByTime are the values in the order of time, those of one time in that of
// the log, without those that have no time.
func slowByTime(rows []met) slowList {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r met) bool { return !r.at.timed })
	slices.SortStableFunc(rows, func(a, b met) int { return cmp.Compare(a.at.micros, b.at.micros) })
	var all slowList
	for _, r := range rows {
		all = append(all, r.value)
	}
	return all
}

// slowNumbers are the numbers among the values, in ascending order.
func slowNumbers(rows []met) []float64 {
	var all []float64
	for _, r := range rows {
		if x, ok := r.value.Float64(); ok {
			all = append(all, x)
		}
	}
	slices.Sort(all)
	return all
}

func slowRank(all []float64, percent int) Value {
	if len(all) == 0 {
		return Value{}
	}
	rank := (len(all)*percent + 99) / 100
	return numberValue(all[rank-1])
}

// ofRationals is an aggregate of the numbers as fractions.
func ofRationals(of func([]*big.Rat) *big.Rat) func([]met) Value {
	return func(rows []met) Value { return ofRational(of(slowRationals(rows))) }
}

func slowRationals(rows []met) []*big.Rat {
	var all []*big.Rat
	for _, x := range slowNumbers(rows) {
		all = append(all, new(big.Rat).SetFloat64(x))
	}
	return all
}

// ofRational is a fraction as a value; nil is missing.
func ofRational(x *big.Rat) Value {
	if x == nil {
		return Value{}
	}
	f, _ := x.Float64()
	return numberValue(f)
}

func slowSum(all []*big.Rat) *big.Rat {
	if len(all) == 0 {
		return nil
	}
	sum := new(big.Rat)
	for _, x := range all {
		sum.Add(sum, x)
	}
	return sum
}

// slowMean is the mean, rounded as the package has it: first the sum, then the
// quotient, unless the sum might be too large for that.
func slowMean(all []*big.Rat) *big.Rat {
	if len(all) == 0 {
		return nil
	}
	sum, n := slowSum(all), float64(len(all))
	huge := new(big.Rat).SetFloat64(hugeFrom)
	if slices.ContainsFunc(all, func(x *big.Rat) bool { return new(big.Rat).Abs(x).Cmp(huge) >= 0 }) {
		return sum.Quo(sum, new(big.Rat).SetFloat64(n))
	}
	rounded, _ := sum.Float64()
	return new(big.Rat).SetFloat64(rounded / n)
}

// slowVariance is the mean of the squared distances from the mean.
func slowVariance(rows []met) *big.Rat {
	all := slowRationals(rows)
	if len(all) == 0 {
		return nil
	}
	n := new(big.Rat).SetInt64(int64(len(all)))
	mean := new(big.Rat).Quo(slowSum(all), n)
	var squares []*big.Rat
	for _, x := range all {
		distance := new(big.Rat).Sub(x, mean)
		squares = append(squares, distance.Mul(distance, distance))
	}
	return new(big.Rat).Quo(slowSum(squares), n)
}

func slowRoot(x *big.Rat) Value {
	if x == nil {
		return Value{}
	}
	root := new(big.Float).SetPrec(300).SetRat(x)
	f, _ := root.Sqrt(root).Float64()
	return numberValue(f)
}

func slowRate(rows []met) Value {
	numbers := slices.DeleteFunc(slices.Clone(rows), func(r met) bool {
		_, ok := r.value.Float64()
		return !ok || !r.at.timed
	})
	slices.SortStableFunc(numbers, func(a, b met) int { return cmp.Compare(a.at.micros, b.at.micros) })
	if len(numbers) == 0 {
		return Value{}
	}
	from, to := numbers[0], numbers[len(numbers)-1]
	x, _ := from.value.Float64()
	y, _ := to.value.Float64()
	return numberValue((y - x) * 30_000 / (float64(to.at.micros-from.at.micros) / 1000))
}

func slowCounts(rows []met) map[string]int {
	counts := map[string]int{}
	for _, r := range rows {
		counts[r.value.String()]++
	}
	return counts
}

func slowValues(rows []met) Value {
	var list []Value
	seen := map[string]bool{}
	for _, r := range rows {
		if text := r.value.String(); !seen[text] {
			seen[text] = true
			list = append(list, stringValue(text))
		}
	}
	if list == nil {
		return Value{}
	}
	return listValue(list)
}

func slowTop(rows []met, k int) Value {
	counts := slowCounts(rows)
	var list []Value
	for text := range counts {
		list = append(list, stringValue(text))
	}
	slices.SortFunc(list, func(a, b Value) int {
		return cmp.Or(cmp.Compare(counts[b.text], counts[a.text]), a.CompareNatural(b))
	})
	if list == nil {
		return Value{}
	}
	return listValue(list[:min(k, len(list))])
}

// slowHistogram looks for the range of each number, from the last on.
func slowHistogram(all []float64, n int) Value {
	if len(all) == 0 {
		return Value{}
	}
	low, high := all[0], all[len(all)-1]
	counts := map[int]int{}
	for _, x := range all {
		i := n - 1
		for i > 0 && x < rangeStart(low, high, i, n) {
			i--
		}
		counts[i]++
	}
	var entries []Value
	for i := range n {
		from := rangeStart(low, high, i, n)
		if i == n-1 || from != rangeStart(low, high, i+1, n) {
			entries = append(entries, stringValue(numberValue(from).String()), numberValue(float64(counts[i])))
		}
	}
	return mapValue(entries)
}

// FuzzSquareSum holds sums of squares to those of fractions, whatever the order,
// and however they are put together.
func FuzzSquareSum(f *testing.F) {
	for seed := range uint64(16) {
		f.Add(seed, byte(seed*8), byte(20))
	}
	f.Fuzz(func(t *testing.T, seed uint64, spread, n byte) {
		random := rand.New(rand.NewPCG(seed, 32))
		numbers := adversarial(random, int(spread), int(n))
		want := new(big.Rat)
		for _, x := range numbers {
			square := new(big.Rat).SetFloat64(x)
			want.Add(want, square.Mul(square, square))
		}
		for range 3 {
			var parts [2]squareSum
			for _, x := range numbers {
				parts[random.IntN(2)].add(x)
			}
			var s squareSum
			if rest, err := s.load(parts[0].append(nil)); err != nil || len(rest) > 0 {
				t.Fatal(err, len(rest))
			}
			s.merge(&parts[1])
			if got, _ := s.big().Rat(nil); got.Cmp(want) != 0 {
				t.Errorf("%v, want %v, of %v", got, want, numbers)
			}
			random.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
		}
	})
}
