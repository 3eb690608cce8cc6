package audit

import (
	"cmp"
	"slices"
	"time"
)

// A timeline knows in bounded memory when there were events in a log, stream by
// stream, and so when there were none. It cuts time into spans of one length
// and keeps, of each span with an event in it, the first and the last time. A
// hole that is not shorter than a span cannot hide within one, and its ends are
// exact. If there are too many spans they are joined two by two: which ones
// there are in the end does not depend on the order of the events.
type timeline struct {
	length  int64 // of a span, in nanoseconds
	limit   int
	spans   int // in all tracks
	tracks  map[streamID]*track
	ordered []*track // as they were met
}

// A streamID is a log stream.
type streamID struct{ group, stream string }

// A track is what is known of one stream.
type track struct {
	id                      streamID
	events, others, undated int64
	spans                   map[int64]stretch
}

// A stretch is the first and the last time of the events in a span, in
// nanoseconds since 1970.
type stretch struct{ first, last int64 }

const (
	maxSpans  = 1 << 16
	maxTracks = 1000
	maxHoles  = 100
)

func newTimeline(length time.Duration) *timeline {
	return &timeline{length: max(int64(length), 1), limit: maxSpans, tracks: make(map[streamID]*track)}
}

// track returns that of a stream. Beyond maxTracks, all streams are one without
// a name.
func (l *timeline) track(id streamID) *track {
	t := l.tracks[id]
	if t == nil && len(l.tracks) >= maxTracks {
		id = streamID{}
		t = l.tracks[id]
	}
	if t == nil {
		t = &track{id: id, spans: make(map[int64]stretch)}
		l.tracks[id] = t
		l.ordered = append(l.ordered, t)
	}
	return t
}

// event takes in an event with its time, which may be zero.
func (l *timeline) event(id streamID, at time.Time) {
	t := l.track(id)
	t.events++
	if year := at.Year(); year < 1700 || year > 2200 { // what nanoseconds in an int64 can tell
		t.undated++
		return
	}
	nanos := at.UnixNano()
	l.put(t, floor(nanos, l.length), stretch{nanos, nanos})
}

// put adds a stretch to the n-th span of a track.
func (l *timeline) put(t *track, n int64, s stretch) {
	if t.put(n, s) {
		l.spans++
	}
	for l.spans > l.limit {
		l.widen()
	}
}

// put reports whether there was nothing in the span.
func (t *track) put(n int64, s stretch) bool {
	old, ok := t.spans[n]
	if ok {
		s = stretch{min(old.first, s.first), max(old.last, s.last)}
	}
	t.spans[n] = s
	return !ok
}

// widen joins the spans two by two.
func (l *timeline) widen() {
	l.length *= 2
	l.spans = 0
	for _, t := range l.ordered {
		spans := t.spans
		t.spans = make(map[int64]stretch)
		for n, s := range spans {
			t.put(n>>1, s)
		}
		l.spans += len(t.spans)
	}
}

// merge adds what m has.
func (l *timeline) merge(m *timeline) {
	for l.length < m.length {
		l.widen()
	}
	for _, from := range m.ordered {
		to := l.track(from.id)
		to.events += from.events
		to.others += from.others
		to.undated += from.undated
		for _, s := range from.spans {
			l.put(to, floor(s.first, l.length), s)
		}
	}
}

// floor returns the integer not above n/d.
func floor(n, d int64) int64 {
	q := n / d
	if n%d < 0 {
		q--
	}
	return q
}

// summary tells what is known of a stream, with the holes in it that are longer
// than least.
func (t *track) summary(least time.Duration) StreamSummary {
	sum := StreamSummary{Group: t.id.group, Stream: t.id.stream, Events: t.events, Others: t.others, Undated: t.undated}
	if len(t.spans) == 0 {
		return sum
	}
	spans := make([]stretch, 0, len(t.spans))
	for _, s := range t.spans {
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(a, b stretch) int { return cmp.Compare(a.first, b.first) })
	for i, s := range spans[1:] {
		if h := (Hole{unixNano(spans[i].last), unixNano(s.first)}); h.Duration() > least {
			sum.Holes = append(sum.Holes, h)
		}
	}
	sum.First, sum.Last = unixNano(spans[0].first), unixNano(spans[len(spans)-1].last)
	if more := len(sum.Holes) - maxHoles; more > 0 {
		sum.MoreHoles = more
		slices.SortStableFunc(sum.Holes, func(a, b Hole) int { return cmp.Compare(b.Duration(), a.Duration()) })
		sum.Holes = slices.Clip(sum.Holes[:maxHoles])
		slices.SortFunc(sum.Holes, func(a, b Hole) int { return a.From.Compare(b.From) })
	}
	return sum
}

func unixNano(n int64) time.Time { return time.Unix(0, n).UTC() }
