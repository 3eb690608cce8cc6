package query

import (
	"cmp"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// A slowRow is an event of which relevantfields looks at one field.
type slowRow struct {
	holds bool
	value Value // as the event has it
}

// slowSide are the rows for which the condition holds, or the others.
func slowSide(rows []slowRow, holds bool) []slowRow {
	return slices.DeleteFunc(slices.Clone(rows), func(r slowRow) bool { return r.holds != holds })
}

// countOf is how many of the rows have the value.
func countOf(rows []slowRow, v Value) int64 {
	n := int64(0)
	for _, r := range rows {
		if r.value.kind == v.kind && r.value.String() == v.String() {
			n++
		}
	}
	return n
}

// slowShift is how much more often a row of some has the value than one of the
// others, where a row is compared with the rest of its kind.
func slowShift(some, others []slowRow, v Value) *big.Rat {
	n := countOf(some, v)
	if n < 2 {
		return new(big.Rat)
	}
	share := big.NewRat(n-1, int64(len(some))-1)
	return share.Sub(share, big.NewRat(countOf(others, v), int64(len(others))))
}

// slowRelevance is the row of a field as relevantfields should give it.
func slowRelevance(rows []slowRow) []string {
	with, without := slowSide(rows, true), slowSide(rows, false)
	numeric := slowFloats(rows) != nil
	var values []Value
	for _, r := range rows {
		if !r.value.Missing() && !isNumber(r.value) {
			numeric = false
		}
		if countOf(rowsOf(values), r.value) == 0 {
			values = append(values, r.value)
		}
	}
	slices.SortFunc(values, Value.CompareNatural)
	out := []string{"", "", "", ""}
	if numeric {
		out[2], out[3] = slowMedian(with), slowMedian(without)
	}
	if len(with) == 0 || len(without) == 0 {
		return out
	}
	type shifted struct {
		value Value
		shift float64
	}
	gain, loss := new(big.Rat), new(big.Rat)
	var top []shifted
	for _, v := range values {
		up, down := slowShift(with, without, v), slowShift(without, with, v)
		if up.Sign() > 0 {
			gain.Add(gain, up)
		}
		if down.Sign() > 0 {
			loss.Add(loss, down)
		}
		a, _ := up.Float64()
		b, _ := down.Float64()
		if max(a, b) > 0 && !numeric {
			top = append(top, shifted{v, max(a, b)})
		}
	}
	a, _ := gain.Float64()
	b, _ := loss.Float64()
	score := max(a, b)
	if numeric {
		score = max(score, slowDelta(with, without))
	}
	out[0] = numberValue(score).String()
	slices.SortStableFunc(top, func(a, b shifted) int { return cmp.Compare(b.shift, a.shift) })
	for _, s := range top[:min(len(top), maxContributors)] {
		out[1] += s.value.String() + ";"
	}
	return out
}

func rowsOf(values []Value) []slowRow {
	var rows []slowRow
	for _, v := range values {
		rows = append(rows, slowRow{value: v})
	}
	return rows
}

func slowFloats(rows []slowRow) []float64 {
	var numbers []float64
	for _, r := range rows {
		if x, ok := r.value.Float64(); ok {
			numbers = append(numbers, x)
		}
	}
	slices.Sort(numbers)
	return numbers
}

func slowMedian(rows []slowRow) string {
	if numbers := slowFloats(rows); len(numbers) > 0 {
		return numberValue(numbers[(len(numbers)-1)/2]).String()
	}
	return ""
}

// slowDelta is Cliff's delta without its sign: in which share of the pairs one
// number is greater, less that in which it is smaller.
func slowDelta(with, without []slowRow) float64 {
	sum := 0
	for _, x := range slowFloats(with) {
		for _, y := range slowFloats(without) {
			sum += cmp.Compare(x, y)
		}
	}
	return float64(max(sum, -sum)) / float64(len(with)*len(without))
}

// TestRelevanceTwin holds relevantfields to slowRelevance.
func TestRelevanceTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	kinds := [][]string{
		{`1`, `2`, `3`, `"2"`, `2.0`, `-7`, `1e2`},
		{`"a"`, `"b"`, `"c"`, `"d"`, `"e"`, `"f"`, `"g"`, `""`},
		{`1`, `"x"`, `true`, `false`},
	}
	q := MustParse("relevantfields f where ok")
	for range 150 {
		texts := kinds[random.IntN(len(kinds))]
		texts = texts[:1+random.IntN(len(texts))]
		common := random.IntN(4)
		var rows []slowRow
		var events audit.List
		for i := range random.IntN(40) {
			row, text := slowRow{holds: random.IntN(4) <= common}, texts[random.IntN(len(texts))]
			switch random.IntN(6) {
			case 0:
				text = "null"
			case 1:
				if len(texts) > 4 { // values that are there once
					text = fmt.Sprint(100 + i)
				}
			}
			if event := parseStructure(`{"f":` + text + `}`); text != "null" {
				row.value = event.elements()[1]
			}
			rows = append(rows, row)
			events = append(events, audit.Event{Raw: fmt.Appendf(nil, `{"ok":%t,"f":%s}`, row.holds, text)})
		}
		var want [][]string
		if len(rows) > 0 {
			want = append(want, slowRelevance(sameTexts(rows)))
		}
		for _, opts := range twinWays(t) {
			if diff := gocmp.Diff(want, relevanceRows(t, q, parted{events, 3, false}, opts)); diff != "" {
				t.Fatalf("%v, %d rows (-want +got):\n%s", opts, len(rows), diff)
			}
		}
	}
}

// sameTexts gives values that are written alike the kind of the first of them,
// as groups have it.
func sameTexts(rows []slowRow) []slowRow {
	rows = slices.Clone(rows)
	first := map[string]Value{}
	for i, r := range rows {
		if _, ok := first[r.value.String()]; !ok && !r.value.Missing() {
			first[r.value.String()] = r.value
		}
		if !r.value.Missing() {
			rows[i].value = first[r.value.String()]
		}
	}
	return rows
}

// relevanceRows are the rows of relevantfields as slowRelevance has them.
func relevanceRows(t *testing.T, q *Query, src audit.Source, opts *Options) [][]string {
	t.Helper()
	var out [][]string
	for row, err := range q.Run(t.Context(), src, opts) {
		if err != nil {
			t.Fatal(err)
		}
		var top strings.Builder
		for _, c := range row.Get("@topRelevanceContributors").elements() {
			top.WriteString(c.at("value").String() + ";")
		}
		number := func(name string) string { // as it is computed
			x, ok := row.Get(name).Float64()
			if !ok {
				return ""
			}
			return numberValue(x).String()
		}
		out = append(out, []string{number("@relevanceScore"), top.String(), number("@conditionalMedian"), number("@baselineMedian")})
	}
	return out
}
