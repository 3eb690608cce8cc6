package fields

import "time"

// ParseTime reads a time as the API server and those who store its events
// write it: RFC 3339 with any number of decimals or, as Panther and Athena do,
// with a blank and without a zone. It gives nanoseconds since 1970 in UTC. A
// time that they cannot hold (before 1678, after 2262) is none.
func ParseTime(text []byte) (nanos int64, ok bool) {
	for _, layout := range [...]string{time.RFC3339Nano, time.DateTime} {
		if t, err := time.Parse(layout, string(text)); err == nil {
			const most = 1<<63/1_000_000_000 - 1
			return t.UnixNano(), -most <= t.Unix() && t.Unix() < most
		}
	}
	return 0, false
}

// timeFields can tell the time of an event, the best first. Source:
// k8s.io/apiserver pkg/apis/audit, v1 and, for the last two, v1beta1 and
// v1alpha1.
var timeFields = Compile("stageTimestamp", "requestReceivedTimestamp", "timestamp", "metadata.creationTimestamp")

// Time returns the event's own time, in nanoseconds since 1970: its
// stageTimestamp, requestReceivedTimestamp, timestamp or
// metadata.creationTimestamp, the first of these that is there and that
// [ParseTime] can read.
func Time(line []byte) (nanos int64, ok bool) {
	var values [4]Value
	timeFields.Walk(line, values[:], nil)
	for _, v := range values {
		if v.Kind != String {
			continue
		}
		var buf [64]byte
		if nanos, ok = ParseTime(v.AppendText(buf[:0])); ok {
			return nanos, true
		}
	}
	return 0, false
}
