package query

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// timelineOfTimes is the timeline of times in milliseconds.
func timelineOfTimes(times []int64) timeline {
	var t timeline
	for _, ms := range times {
		t.add(ms, 0, 1)
	}
	return t
}

// TestTimeline checks that a timeline depends only on the times it has seen, that
// it has as short periods as can be, and that it loses none.
func TestTimeline(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	sameTimeline := cmp.AllowUnexported(timeline{})
	for range 500 {
		spread := int64(1) << random.IntN(40)
		times := make([]int64, random.IntN(40))
		for i := range times {
			times[i] = random.Int64N(2*spread) - spread
		}
		want := timelineOfTimes(times)
		if want.total() != uint64(len(times)) || len(want.counts) > mostPeriods {
			t.Fatalf("%d times: %+v", len(times), want)
		}
		if finer := want.shift; finer > 0 && (want.last()<<1)-(want.first<<1)+1 < mostPeriods/2 {
			t.Errorf("%v: periods could be shorter: %+v", times, want)
		}
		i := random.IntN(len(times) + 1)
		first, second := timelineOfTimes(times[:i]), timelineOfTimes(times[i:])
		again := timelineOf(first.value())
		again.merge(&second)
		if diff := cmp.Diff(want, again, sameTimeline); diff != "" {
			t.Errorf("in two parts (-want +got):\n%s", diff)
		}
		second.merge(&first)
		random.Shuffle(len(times), func(i, j int) { times[i], times[j] = times[j], times[i] })
		if diff := cmp.Diff(timelineOfTimes(times), second, sameTimeline); diff != "" {
			t.Errorf("in another order (-want +got):\n%s", diff)
		}
	}
}

// TestTimelineStart checks what the periods of a timeline stand for.
func TestTimelineStart(t *testing.T) {
	got := timelineOfTimes([]int64{-3000, -1, 0, 5000})
	if got.shift != 7 || !got.start(0).Equal(time.UnixMilli(-24<<7)) || got.counts[0] != 1 || got.counts[23] != 1 || got.counts[24] != 1 {
		t.Errorf("%+v, from %v", got, got.start(0))
	}
}
