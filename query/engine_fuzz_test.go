package query

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// mergeQueries are queries for the merge half: what they select is all there
// is, in events of randomEvents.
var mergeQueries = []string{
	"fields id, a, b | sort a, b desc",
	"fields id, a, b, [a, c] | sort a desc",
	"fields id | sort c, a",
	"fields id, a | sort a desc | limit 3",
	"fields id, @timestamp | limit 7",
	"fields id, a | sort a | limit any 5",
	"filter a > 3 | fields id | sort nothing",
	"parse t /(?<x>\\d)(?<y>.)?/ | fields id | sort y desc, x",
	"stats count(*), count(a), sum(a), avg(a), min(a), max(a), pct(a, 37), count_distinct(a), min(@timestamp), max(t)",
	"stats count(*) as n, count(a), sum(a), avg(b), min(a), max(a), pct(a, 37), count_distinct(a) by b, c",
	"stats sum(a) as s, max(t) by a",
	"stats min(a), max(a), count_distinct(t) by bin(1m), [b]",
	"stats pct(a, 90) as p, count_distinct(t) as d by c | filter d > 1 | sort p desc, d | limit 2",
	"stats count(*) as n by @timestamp, a | limit 4",
	"stats count(*) as n, max(a) as hi by a, b | stats sum(n), max(hi), min(hi), pct(n, 50) by b",
	"stats count(*) as n by a, bin(10s) as s | stats sum(n) as m, count_distinct(a) as d by s, n | stats count(*), max(d) by n",
	"parse t /(?<x>\\d)/ | stats count(*) as n, sum(x), min(x), max(x), count_distinct(x) by x, b",
	"stats earliest(a), latest(t), values(t), rate(a, 1m), variance(a), stddev(b), histogram(a, 3), median(a), sortsLast(t) by b",
	"fields @timestamp as t | stats latest(a) as l, max(t) as @timestamp by b, c | stats latest(l), earliest(l), values(l), rate(l, 1s) by b",
	"unnest [a, b, c] into x | stats earliest(x), latest(x), values(x), count(x) by t",
	"stats topk(3, t) as top | fields top[0], top.1",
	"fields id, a | sessionize a, b maxspan 3s | sort t, id",
	"sessionize b | stats count(*) as n, max(id) by session_id, b | sort n desc",
	"fields id, a, b | sort id | outlier uselower=true param=0.5 mark=true a b",
	"fields id | dedup b, c | outlier action=remove a",
	"countFrequent a, b | limit 10",
	"relevantfields where a > 3",
	"relevantfields t, a, c where b = 1 | sort @fieldName | dedup @relevanceScore",
	"filter a > 3 | estimate",
}

// randomEvents are n events with fields of few values of all kinds: that of a
// is mostly a number, that of t a text.
func randomEvents(random *rand.Rand, n int) audit.List {
	mixed := []string{`1`, `"1"`, `1.0`, `true`, `null`, `"x"`, `""`, `-2.5`, `"10"`, `9007199254740993`, `1e300`, `0.1`, `"\u00e9\n"`}
	var list audit.List
	for i := range n {
		var b bytes.Buffer
		fmt.Fprintf(&b, `{"id":%d`, i)
		if random.IntN(8) > 0 {
			fmt.Fprintf(&b, `,"a":%d`, random.IntN(20)-5)
		} else {
			fmt.Fprintf(&b, `,"a":%s`, mixed[random.IntN(len(mixed))])
		}
		for _, key := range []string{"b", "c"} {
			if random.IntN(4) > 0 {
				fmt.Fprintf(&b, `,%q:%s`, key, mixed[random.IntN(len(mixed))])
			}
		}
		fmt.Fprintf(&b, `,"t":"%c%d%s"`, 'a'+random.IntN(3), random.IntN(4), []string{"", "z", `\"`}[random.IntN(3)])
		if random.IntN(10) > 0 {
			fmt.Fprintf(&b, `,"stageTimestamp":"2026-01-02T03:%02d:%02d.%06dZ"`, random.IntN(3), random.IntN(60), random.IntN(2))
		}
		b.WriteByte('}')
		list = append(list, audit.Event{Raw: b.Bytes(), Stream: "s", Pos: audit.Pos{File: "log", Line: i + 1}})
	}
	return list
}

// A cut source has its parts cut at any events, some of them empty.
type cut struct {
	parted
	at []int
}

func (s cut) Parts(context.Context) iter.Seq2[audit.Part, error] {
	return func(yield func(audit.Part, error) bool) {
		from := 0
		for _, to := range append(slices.Clone(s.at), len(s.events)) {
			if !yield(audit.Part{Offset: int64(from), Length: int64(to)}, nil) {
				return
			}
			from = to
		}
	}
}

// randomCut cuts events anywhere.
func randomCut(random *rand.Rand, events audit.List) audit.Source {
	at := make([]int, random.IntN(8))
	for i := range at {
		at[i] = random.IntN(len(events) + 1)
	}
	slices.Sort(at)
	return cut{parted{events, 0, random.IntN(2) == 0}, at}
}

// rowsAt are the rows of a run with the places of their events.
func rowsAt(t *testing.T, q *Query, src audit.Source, opts *Options) []string {
	t.Helper()
	var out []string
	for row, err := range q.Run(t.Context(), src, opts) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%v %v %#v", row, row.Pos(), row.values))
	}
	return out
}

// FuzzSpill holds runs whose rows and groups do not fit into memory to those
// in memory.
func FuzzSpill(f *testing.F) {
	for i := range mergeQueries {
		f.Add(uint64(i), byte(i), byte(60), uint16(1))
		f.Add(uint64(i), byte(i), byte(200), uint16(5000))
	}
	f.Fuzz(func(t *testing.T, seed uint64, query, n byte, memory uint16) {
		random := rand.New(rand.NewPCG(seed, 14))
		q := MustParse(mergeQueries[int(query)%len(mergeQueries)])
		events := randomEvents(random, int(n))
		want := rowsAt(t, q, parted{events, 1, false}, &Options{Workers: 1})
		opts := &Options{Workers: 1 + random.IntN(2), Memory: 1 + int(memory), TempDir: t.TempDir()}
		got := rowsAt(t, q, parted{events, 3, false}, opts)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %d workers, memory %d (-want +got):\n%s", q, opts.Workers, opts.Memory, diff)
		}
		checkNoFiles(t, opts.TempDir)
	})
}

// FuzzParallel holds runs by several workers, over events cut into any parts,
// to that by one worker over one part.
func FuzzParallel(f *testing.F) {
	for i := range mergeQueries {
		f.Add(uint64(i), byte(i), byte(100))
	}
	f.Fuzz(func(t *testing.T, seed uint64, query, n byte) {
		random := rand.New(rand.NewPCG(seed, 15))
		q := MustParse(mergeQueries[int(query)%len(mergeQueries)])
		events := randomEvents(random, int(n))
		want := rowsAt(t, q, parted{events, 1, false}, &Options{Workers: 1})
		for _, workers := range []int{1, 2, 5} {
			got := rowsAt(t, q, randomCut(random, events), &Options{Workers: workers})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %d workers (-want +got):\n%s", q, workers, diff)
			}
		}
	})
}
