package audit

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSample counts what repeats among a million keys with a sample of few, in
// one and in merged ones.
func TestSample(t *testing.T) {
	const keys, limit = 1_000_000, 1 << 14
	random := rand.New(rand.NewPCG(1, 2))
	one, parts := newSample(limit), []*sample{newSample(limit), newSample(limit), newSample(limit)}
	for range keys {
		begin := random.Uint64()
		for i := range 1 + random.IntN(2) {
			one.add(begin, 1)
			parts[i].add(begin, 1)
			if len(one.counts) > limit {
				t.Fatalf("%d keys", len(one.counts))
			}
		}
	}
	merged := newSample(limit)
	for _, i := range []int{2, 0, 1} {
		merged.merge(parts[i])
	}
	if diff := cmp.Diff(one.counts, merged.counts); diff != "" || one.level != merged.level {
		t.Errorf("merged to level %d from %d", merged.level, one.level)
	}
	got, estimated := one.repeats()
	if !estimated || got < keys*48/100 || got > keys*52/100 {
		t.Errorf("%d of %d repeat", got, keys/2)
	}
}

// TestTimelineWidens joins spans beyond the limit, with what is long enough still
// found.
func TestTimelineWidens(t *testing.T) {
	begin := time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)
	forward, odd, merged := newTimeline(time.Second), newTimeline(time.Second), newTimeline(time.Second)
	forward.limit, odd.limit, merged.limit = 100, 100, 100
	id := streamID{stream: "s"}
	for i := range 1000 {
		at := begin.Add(time.Duration(i) * 3 * time.Minute)
		if i > 500 {
			at = at.Add(24 * time.Hour)
		}
		forward.event(id, at)
		if i%2 == 0 {
			merged.event(id, at)
		} else {
			odd.event(id, at)
		}
	}
	merged.merge(odd)
	if diff := cmp.Diff(forward.tracks[id].spans, merged.tracks[id].spans, cmp.AllowUnexported(stretch{})); diff != "" {
		t.Errorf("merged (-one +merged):\n%s", diff)
	}
	if forward.spans > 100 || time.Duration(forward.length) > 2*time.Hour {
		t.Errorf("%d spans of %v", forward.spans, time.Duration(forward.length))
	}
	want := []Hole{{begin.Add(500 * 3 * time.Minute), begin.Add(501*3*time.Minute + 24*time.Hour)}}
	if diff := cmp.Diff(want, forward.ordered[0].summary(time.Hour).Holes); diff != "" {
		t.Errorf("holes (-want +got):\n%s", diff)
	}
}

func TestTimelineMany(t *testing.T) {
	l := newTimeline(time.Second)
	begin := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	for i := range 300 {
		l.event(streamID{}, begin.Add(time.Duration(i*i)*time.Minute))
	}
	l.event(streamID{}, time.Time{})
	got := l.ordered[0].summary(time.Second)
	if len(got.Holes) != maxHoles || got.MoreHoles != 299-maxHoles || got.Undated != 1 {
		t.Errorf("%d holes and %d more, %d without a time", len(got.Holes), got.MoreHoles, got.Undated)
	}
	if last := got.Holes[maxHoles-1]; !last.To.Equal(got.Last) || !got.Holes[0].To.Before(last.From) {
		t.Errorf("the last hole is %v", last)
	}
	for i := range 2 * maxTracks {
		l.event(streamID{stream: string(rune(i + 1))}, begin)
	}
	if len(l.ordered) > maxTracks+1 {
		t.Errorf("%d streams", len(l.ordered))
	}
}
