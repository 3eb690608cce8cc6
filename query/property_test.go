package query

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/audittest"
)

// Properties hold of every query and every log. Each takes its random numbers
// from one seed, which is the name of the test that fails.
var properties = map[string]func(*testing.T, *rand.Rand){
	"canonical": canonicalProperty,
	"dedup":     dedupProperty,
	"limit":     limitProperty,
	"merge":     mergeProperty,
	"negation":  negationProperty,
	"parts":     partsProperty,
	"shuffle":   shuffleProperty,
	"union":     unionProperty,
}

func TestProperties(t *testing.T) {
	seeds := uint64(150)
	if underRace {
		seeds = 25
	}
	for name, property := range properties {
		for seed := range seeds {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				property(t, rand.New(rand.NewPCG(seed, 16)))
			})
		}
	}
}

// FuzzProperties tries all properties with other seeds.
func FuzzProperties(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for name, property := range properties {
			t.Run(name, func(t *testing.T) { property(t, rand.New(rand.NewPCG(seed, 16))) })
		}
	})
}

// propertyLog are events of a generated log, which is made once.
var propertyLog = sync.OnceValue(func() audit.List {
	var log bytes.Buffer
	if _, err := (audittest.Generator{Seed: 3, Bytes: 256 << 10}).Generate(&log); err != nil {
		panic(err)
	}
	var list audit.List
	for ev, err := range audit.NewReader(&log).Events() {
		if err != nil {
			panic(err)
		}
		list = append(list, ev.Clone())
	}
	return list
})

// someEvents are some of the generated events, in their order.
func someEvents(random *rand.Rand) audit.List {
	all := propertyLog()
	from := random.IntN(len(all))
	return all[from:min(len(all), from+1+random.IntN(60))]
}

// propertyOptions are what a query needs to run: a clock that stands still, and
// tables without a row, of whatever columns it asks for.
func propertyOptions(q *Query) Options {
	opts := Options{Now: time.UnixMilli(1_767_323_045_678), Tables: map[string]*Table{}}
	for _, l := range q.plan.lookups {
		var known []string
		if table := opts.Tables[l.table]; table != nil {
			known = table.columns
		}
		opts.Tables[l.table] = &Table{columns: slices.Concat(known, l.match, l.outputs)}
	}
	return opts
}

// outcomeOf are the rows of a run, and behind them the error that it ends with.
// Errors of single events are rows too, but for their place in the order.
func outcomeOf(t *testing.T, q *Query, src audit.Source, opts Options) []string {
	t.Helper()
	var out, damage []string
	for row, err := range q.Run(t.Context(), src, &opts) {
		switch _, one := errors.AsType[*audit.EventError](err); {
		case one:
			damage = append(damage, err.Error())
		case err != nil:
			out = append(out, err.Error())
		default:
			out = append(out, row.String())
		}
	}
	slices.Sort(damage)
	return append(out, damage...)
}

func sameOutcome(t *testing.T, q *Query, want, got []string) {
	t.Helper()
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s\n(-want +got):\n%s", q, diff)
	}
}

// sameMeaning compares commands but for where they stand in the text, and the
// text of what has a name. What is in tables is compared as such.
var sameMeaning = gocmp.Options{
	gocmp.Exporter(func(reflect.Type) bool { return true }),
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreTypes(span{}, new(span), leaf{}, new(regex)),
	cmpopts.IgnoreFields(item{}, "text"),
	gocmp.Comparer(func(a, b *function) bool { return a == b }),
	gocmp.Comparer(func(a, b *aggregate) bool { return a == b }),
	gocmp.Comparer(func(a, b *binaryOperator) bool { return a == b }),
	gocmp.Comparer(func(a, b *unit) bool { return a == b }),
	gocmp.FilterPath(func(p gocmp.Path) bool { return p.Last().Type().Kind() == reflect.Func }, gocmp.Ignore()),
}

// canonicalProperty: the text of a query stands for it.
func canonicalProperty(t *testing.T, random *rand.Rand) {
	for range 20 {
		q := randomQuery(random)
		again, err := Parse(q.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, q)
		}
		if diff := gocmp.Diff(q.commands, again.commands, sameMeaning); diff != "" {
			t.Errorf("%s\n(-query +parsed again):\n%s", q, diff)
		}
		sameOutcome(t, q, append(q.Columns(), q.Explain(), q.String()), append(again.Columns(), again.Explain(), again.String()))
	}
}

// partsProperty: rows depend neither on the parts of a log nor on who reads
// them, nor on the memory.
func partsProperty(t *testing.T, random *rand.Rand) {
	q, events := randomQuery(random), someEvents(random)
	opts := propertyOptions(q)
	opts.Workers = 1
	want := outcomeOf(t, q, events, opts)
	if q.plan.any {
		return // with an error, it depends on them where reading ends
	}
	for opts.Workers = range 4 {
		opts.Memory = random.IntN(3) * 1000
		sameOutcome(t, q, want, outcomeOf(t, q, randomCut(random, events), opts))
	}
}

// limitProperty: a limit gives the beginning of the rows.
func limitProperty(t *testing.T, random *rand.Rand) {
	q, events := randomQuery(random), someEvents(random)
	if q.plan.any {
		return
	}
	opts := propertyOptions(q)
	all, err := collect(q.Run(t.Context(), events, &opts))
	if err != nil {
		return
	}
	limits := []int{1, 2, 3, len(all), len(all) + 1}
	for range 5 {
		limits = append(limits, 1+random.IntN(len(all)+1))
	}
	for _, n := range limits {
		if opts.Limit = n; n == 0 {
			continue // which is none
		}
		got := outcomeOf(t, q, events, opts)
		if !slices.Equal(got, all[:min(n, len(all))]) {
			t.Errorf("%s\nlimit %d:\n%q\n%q", q, n, got, all)
		}
	}
}

// randomCondition is a random condition of an event.
func randomCondition(random *rand.Rand) string {
	for {
		text := theGrammar().expr(random, 3)
		if _, err := Parse("filter " + text); err == nil {
			return text
		}
	}
}

// negationProperty: each event meets a condition or its negation, as decided for
// missing values.
func negationProperty(t *testing.T, random *rand.Rand) {
	condition, events := randomCondition(random), someEvents(random)
	yes := MustParse("fields @message | filter " + condition)
	no := MustParse("fields @message | filter not (" + condition + ")")
	opts := propertyOptions(yes)
	kept, err := collect(yes.Run(t.Context(), events, &opts))
	if err != nil {
		return // the event may meet neither
	}
	both := append(kept, outcomeOf(t, no, events, opts)...)
	all := outcomeOf(t, MustParse("fields @message"), events, opts)
	slices.Sort(both)
	slices.Sort(all)
	sameOutcome(t, yes, all, both)
}

// orderNames are names to sort and to compare by.
func orderNames(random *rand.Rand) string {
	var names []string
	for range 1 + random.IntN(3) {
		names = append(names, one(random, []string{"verb", "user.username", "responseStatus.code", "objectRef.namespace", "stage", "@timestamp", "x"}))
	}
	return strings.Join(names, one(random, []string{", ", " desc, "}))
}

// dedupProperty: what dedup has left it leaves as it is.
func dedupProperty(t *testing.T, random *rand.Rand) {
	events, dedup := someEvents(random), "| dedup "+strings.ReplaceAll(orderNames(random), " desc", "")
	head := fmt.Sprintf("fields %s as x | fields @message | sort %s ", theGrammar().call(random, 1), orderNames(random))
	once, err := Parse(head + dedup)
	if err != nil {
		return
	}
	twice := MustParse(head + dedup + dedup)
	opts := propertyOptions(once)
	sameOutcome(t, twice, outcomeOf(t, once, events, opts), outcomeOf(t, twice, events, opts))
}

// shuffleProperty: a sort that tells all rows apart gives the same rows
// whatever the order of the log.
func shuffleProperty(t *testing.T, random *rand.Rand) {
	q, err := Parse(fmt.Sprintf("fields %s as x, @message | sort %s, @message", theGrammar().call(random, 1), orderNames(random)))
	if err != nil {
		return
	}
	events := slices.Clone(someEvents(random))
	opts := propertyOptions(q)
	want := outcomeOf(t, q, events, opts)
	random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	sameOutcome(t, q, want, outcomeOf(t, q, events, opts))
}

// mergeProperty: what scans have kept can be put together in any order and in
// any groups, whichever events each has seen.
func mergeProperty(t *testing.T, random *rand.Rand) {
	q, events := randomQuery(random), someEvents(random)
	opts := propertyOptions(q)
	want, err := collect(q.Run(t.Context(), events, &opts))
	if err != nil || q.plan.any {
		return
	}
	opts.Memory = random.IntN(2) * 2000
	r := &evaluation{plan: q.plan, opts: opts, src: events}
	if err := r.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer r.closeResults()
	if !r.runInner(t.Context(), func(Row, error) bool { return true }) {
		t.Fatal("the subqueries have not run")
	}
	scans := make([]*scan, 1+random.IntN(6))
	for i := range scans {
		scans[i] = r.newScan(0, r.room())
		defer scans[i].close()
	}
	for i := range events {
		if err := one(random, scans).event(&events[i], place{event: i + 1}); err != nil {
			t.Fatal(err)
		}
	}
	random.Shuffle(len(scans), func(i, j int) { scans[i], scans[j] = scans[j], scans[i] })
	for n := len(scans) - 1; n > 0 && random.IntN(3) > 0; n-- {
		if to, from := scans[random.IntN(n)].groups, scans[n].groups; from != nil && len(from.spool.runs) == 0 {
			to.merge(from)
		}
	}
	var got []string
	_, err = r.finish(t.Context(), scans, func(row Row, err error) bool {
		got = append(got, row.String())
		return err == nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sameOutcome(t, q, want, got)
}

// unionProperty: the counts and sums of a log are those of its halves together.
func unionProperty(t *testing.T, random *rand.Rand) {
	q := MustParse("stats count(*) as n, sum(responseStatus.code) as s, max(responseStatus.code) as m by " + randomCondition(random) + " as k")
	events, opts := someEvents(random), propertyOptions(q)
	type group struct{ n, s, m float64 }
	add := func(groups map[string]group, part audit.List) bool {
		for row, err := range q.Run(t.Context(), part, &opts) {
			if err != nil {
				return false
			}
			k, g := row.Get("k").String(), group{}
			for name, to := range map[string]*float64{"n": &g.n, "s": &g.s, "m": &g.m} {
				*to, _ = row.Get(name).Float64()
			}
			old := groups[k]
			groups[k] = group{old.n + g.n, old.s + g.s, max(old.m, g.m)}
		}
		return true
	}
	cut := random.IntN(len(events) + 1)
	whole, halves := map[string]group{}, map[string]group{}
	if add(whole, events) && add(halves, events[:cut]) && add(halves, events[cut:]) {
		if diff := gocmp.Diff(whole, halves, gocmp.AllowUnexported(group{})); diff != "" {
			t.Errorf("%s\n(-whole +halves):\n%s", q, diff)
		}
	}
}
