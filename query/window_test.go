package query

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// twinWays are ways to run a query that must make no difference.
func twinWays(t *testing.T) []*Options {
	return []*Options{nil, {Memory: 1, Workers: 3, TempDir: t.TempDir()}, {Memory: 1 << 14, TempDir: t.TempDir()}}
}

// A visit is an event of somebody at a time, in minutes.
type visit struct{ id, who, minute int }

// visits are n events in no order.
func visits(random *rand.Rand, n int) ([]visit, audit.List) {
	var list []visit
	var events audit.List
	for id := range n {
		v := visit{id, random.IntN(4), random.IntN(300)}
		list = append(list, v)
		events = append(events, audit.Event{Raw: fmt.Appendf(nil, `{"stageTimestamp":"2026-11-23T%02d:%02d:00.000000Z","id":%d,"who":"%[4]*[5]s"}`,
			v.minute/60, v.minute%60, id, v.who+1, "w")})
	}
	return list, events
}

// slowSessions are the numbers of the sessions by id: each event looks for the
// latest before it.
func slowSessions(list []visit, most int) map[int]int {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b visit) int { return cmp.Or(a.minute-b.minute, a.id-b.id) })
	numbers := map[int]int{}
	sessions := 0
	for i, v := range list {
		for _, before := range slices.Backward(list[:i]) {
			if before.who == v.who {
				if v.minute-before.minute <= most {
					numbers[v.id] = numbers[before.id]
				}
				break
			}
		}
		if numbers[v.id] == 0 {
			sessions++
			numbers[v.id] = sessions
		}
	}
	return numbers
}

// TestSessionizeTwin holds sessionize to slowSessions.
func TestSessionizeTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		list, events := visits(random, random.IntN(60))
		most := 1 + random.IntN(60)
		numbers := slowSessions(list, most)
		var want []string
		for id := range list {
			want = append(want, fmt.Sprintf(`{"id":%d,"session_id":%d}`, id, numbers[id]))
		}
		q := MustParse(fmt.Sprintf("fields id | sort id | sessionize who maxspan %dm", most))
		for _, opts := range twinWays(t) {
			if diff := gocmp.Diff(want, run(t, q, parted{events, 3, false}, opts)); diff != "" {
				t.Fatalf("%v (-want +got):\n%s", opts, diff)
			}
		}
	}
}

// slowOutliers are the numbers as outlier with uselower=true leaves them.
func slowOutliers(numbers []float64, param float64) []float64 {
	sorted := slices.Sorted(slices.Values(numbers))
	// The nearest rank: the least number that so many quarters of all do not
	// exceed.
	quartile := func(quarters int) float64 {
		for i, x := range sorted {
			if 4*(i+1) >= quarters*len(sorted) {
				return x
			}
		}
		return 0
	}
	low, high := quartile(1), quartile(3)
	reach := param * (high - low)
	var out []float64
	for _, x := range numbers {
		out = append(out, max(low-reach, min(high+reach, x)))
	}
	return out
}

// TestOutlierTwin holds outlier to slowOutliers.
func TestOutlierTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		var numbers []float64
		var events audit.List
		for i := range random.IntN(600 / (1 + random.IntN(20))) {
			x := float64(random.IntN(1<<random.IntN(12))-20) / 4
			numbers = append(numbers, x)
			events = append(events, audit.Event{Raw: fmt.Appendf(nil, `{"id":%d,"n":%g}`, i, x)})
		}
		param := float64(1+random.IntN(16)) / 8
		var want, kept []string
		for i, x := range slowOutliers(numbers, param) {
			row := fmt.Sprintf(`{"id":%d,"n":%s}`, i, numberValue(x))
			want = append(want, row)
			if x == numbers[i] {
				kept = append(kept, row)
			}
		}
		for _, opts := range twinWays(t) {
			for action, want := range map[string][]string{"transform": want, "remove": kept} {
				q := MustParse(fmt.Sprintf("fields id, n | sort id | outlier action=%s param=%g uselower=true n", action, param))
				if diff := gocmp.Diff(want, run(t, q, parted{events, 3, false}, opts)); diff != "" {
					t.Fatalf("%s, %v (-want +got):\n%s", action, opts, diff)
				}
			}
		}
	}
}

// TestCountFrequentIsStats holds countFrequent to the stats that it stands for.
func TestCountFrequentIsStats(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 10 {
		events := randomEvents(random, 60)
		for _, fields := range []string{"b", "a, t", "c, b, a"} {
			want := run(t, MustParse("stats count(*) as _approxcount by "+fields+" | sort _approxcount desc"), events, nil)
			for _, opts := range twinWays(t) {
				if diff := gocmp.Diff(want, run(t, MustParse("countFrequent "+fields), parted{events, 3, false}, opts)); diff != "" {
					t.Fatalf("%s, %v (-want +got):\n%s", fields, opts, diff)
				}
			}
		}
	}
}

// TestEstimateIsSize holds estimate to the size of the events, whatever the
// query before it.
func TestEstimateIsSize(t *testing.T) {
	events := randomEvents(rand.New(rand.NewPCG(9, 10)), 50)
	size := 0
	for _, ev := range events {
		size += len(ev.Raw)
	}
	want := []string{fmt.Sprintf(`{"estimate":%d}`, size)}
	for _, text := range append(mergeQueries, "limit any 1", "filter 1 = 2", "dedup a | fields a") {
		text = strings.TrimSuffix(text, " | estimate") + " | estimate"
		if diff := gocmp.Diff(want, run(t, MustParse(text), parted{events, 3, true}, nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}
