package query

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// randomMessages are n events with texts that are made of a few words.
func randomMessages(random *rand.Rand, n int) audit.List {
	words := []string{"pod", "node", "web-0", "web-1", "10.0.0.1", "deleted", "ready", "200", "404", "12345", `\"quoted\"`, "a=b", "error"}
	var list audit.List
	for range n {
		var text []string
		for range 1 + random.IntN(5) {
			text = append(text, words[random.IntN(len(words))])
		}
		at := time.UnixMilli(1_763_881_200_000 + random.Int64N(7_200_000)).UTC()
		list = append(list, audit.Event{Raw: fmt.Appendf(nil, `{"stageTimestamp":%q,"m":"%s"}`, at.Format(time.RFC3339Nano), strings.Join(text, " "))})
	}
	return list
}

// TestPatterns checks that patterns do not depend on the order of the events, nor
// on how they are read; that they count each event once; and that of every event
// twice there are twice as many.
func TestPatterns(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	window := Options{Start: time.UnixMilli(1_763_884_800_000), End: time.UnixMilli(1_763_888_400_000)}
	for range 20 {
		events := randomMessages(random, 200)
		shuffled := slices.Clone(events)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, text := range []string{"pattern m", "pattern m | anomaly", "pattern m | diff", "logcompare timeshift 30m"} {
			q := MustParse(text)
			opts := window
			opts.Workers, opts.Memory, opts.TempDir = 1+random.IntN(3), random.IntN(2), t.TempDir()
			want := run(t, q, events, &window)
			if diff := cmp.Diff(want, run(t, q, parted{shuffled, 5, true}, &opts)); diff != "" {
				t.Errorf("%s, shuffled (-want +got):\n%s", text, diff)
			}
		}
		checkShares(t, events)
	}
}

// checkShares checks the numbers of patterns.
func checkShares(t *testing.T, events audit.List) {
	t.Helper()
	q := MustParse("pattern m")
	once, twice := map[string]float64{}, map[string]float64{}
	count := func(events audit.List, counts map[string]float64) {
		total, share := 0.0, 0.0
		for row, err := range q.Run(t.Context(), events, nil) {
			if err != nil {
				t.Fatal(err)
			}
			n, _ := row.Get("@sampleCount").Float64()
			ratio, _ := row.Get("@ratio").Float64()
			counts[row.Get("@pattern").String()] = n
			total, share = total+n, share+ratio
		}
		if total != float64(len(events)) || math.Abs(share-1) > 1e-9 {
			t.Errorf("%d events, and %v counted with a share of %v", len(events), total, share)
		}
	}
	count(events, once)
	count(slices.Concat(events, events), twice)
	for pattern := range once {
		once[pattern] *= 2
	}
	if diff := cmp.Diff(once, twice); diff != "" {
		t.Errorf("every event twice (-want +got):\n%s", diff)
	}
}

// TestDiffAgrees holds the numbers of diff to those of two runs over its windows,
// where every text is a pattern of its own.
func TestDiffAgrees(t *testing.T) {
	start := time.UnixMilli(1_763_884_800_000)
	window := Options{Start: start, End: start.Add(time.Hour)}
	before := Options{Start: start.Add(-time.Hour), End: start.Add(-time.Microsecond)}
	events := randomMessages(rand.New(rand.NewPCG(7, 8)), 500)
	text := `fields if(m like "error", "A", "B") as k | filter m like "pod" `
	count := func(opts *Options) map[string]float64 {
		counts := map[string]float64{}
		for row, err := range MustParse(text+"| stats count(*) as n by k").Run(t.Context(), events, opts) {
			if err != nil {
				t.Fatal(err)
			}
			counts[row.Get("k").String()], _ = row.Get("n").Float64()
		}
		return counts
	}
	now, then := count(&window), count(&before)
	for row, err := range MustParse(text+"| pattern k | diff").Run(t.Context(), events, &window) {
		if err != nil {
			t.Fatal(err)
		}
		k := row.Get("@pattern").String()
		n, _ := row.Get("@sampleCount").Float64()
		change, _ := row.Get("@diffEventCount").Float64()
		if n != now[k] || change != now[k]-then[k] {
			t.Errorf("%s: %v events and a change of %v, want %v and %v", k, n, change, now[k], now[k]-then[k])
		}
	}
}

// TestDiffWindow checks that diff is refused without a window, before anything is
// read.
func TestDiffWindow(t *testing.T) {
	now := time.UnixMilli(1_763_884_800_000)
	for _, text := range []string{"diff", "pattern m | logcompare timeshift 1d"} {
		for _, opts := range []*Options{nil, {Start: now}, {End: now}} {
			rows, err := collect(MustParse(text).Run(t.Context(), interrupted{parted{numbered(3), 1, false}, 0, func() error { return errBroken }}, opts))
			if !errors.Is(err, errNoWindow) || len(rows) > 0 {
				t.Errorf("%s: %q, %v", text, rows, err)
			}
		}
	}
}
