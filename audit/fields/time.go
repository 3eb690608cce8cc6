package fields

import "time"

// timeFields can tell the time of an event, the best first. Source:
// k8s.io/apiserver pkg/apis/audit, v1 and, for the last two, v1beta1 and
// v1alpha1.
var timeFields = Compile("stageTimestamp", "requestReceivedTimestamp", "timestamp", "metadata.creationTimestamp")

// timeReach is how many members from the end the stageTimestamp is looked for:
// the API server writes it last but for the annotations, and sorted keys put
// user, userAgent and verb behind it.
const timeReach = 4

// Time returns the event's own time, in nanoseconds since 1970: its
// stageTimestamp, requestReceivedTimestamp, timestamp or
// metadata.creationTimestamp, the first of these that is there and that
// [ParseTime] can read.
//
// Where the stageTimestamp stands near the end of the event, as the API server
// writes it, the bodies before it are not looked at.
func Time(line []byte) (nanos int64, ok bool) {
	// Fast path: from the end.
	i := lastNonBlank(line, 1, len(line))
	if i < 1 || line[i] != '}' {
		return 0, false
	}
	for range timeReach {
		m, ok := memberBefore(line, 1, i)
		if !ok {
			break
		}
		if string(m.key) == "stageTimestamp" {
			if nanos, ok = ParseTime(m.text); ok {
				return nanos, true
			}
			break
		}
		i = m.comma
	}
	return slowTime(line)
}

// slowTime is Time for an event of any shape.
func slowTime(line []byte) (nanos int64, ok bool) {
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

// The years whose nanoseconds since 1970 an int64 holds from end to end.
const firstYear, lastYear = 1678, 2261

// ParseTime reads a time as the API server and those who store its events
// write it: RFC 3339 with any number of decimals or, as Panther and Athena do,
// with a blank and without a zone. It gives nanoseconds since 1970. A time
// before 1678 or after 2261 is none.
func ParseTime(text []byte) (nanos int64, ok bool) {
	// Fast path: the form that the API server writes.
	if len(text) == len(microTime) {
		if nanos, ok = parseMicroTime((*[len(microTime)]byte)(text)); ok {
			return nanos, true
		}
	}
	for _, layout := range [...]string{time.RFC3339Nano, time.DateTime} {
		if t, err := time.Parse(layout, string(text)); err == nil {
			t = t.UTC()
			if t.Year() < firstYear || t.Year() > lastYear {
				return 0, false
			}
			return t.UnixNano(), true
		}
	}
	return 0, false
}

const microTime = "2006-01-02T15:04:05.000000Z"

// parseMicroTime reads a time in the form of microTime.
func parseMicroTime(t *[len(microTime)]byte) (nanos int64, ok bool) {
	if t[4] != '-' || t[7] != '-' || t[10] != 'T' || t[13] != ':' || t[16] != ':' || t[19] != '.' || t[26] != 'Z' {
		return 0, false
	}
	year := 100*pair(t[0], t[1]) + pair(t[2], t[3])
	month, day := pair(t[5], t[6]), pair(t[8], t[9])
	hour, minute, second := pair(t[11], t[12]), pair(t[14], t[15]), pair(t[17], t[18])
	micro := 10000*pair(t[20], t[21]) + 100*pair(t[22], t[23]) + pair(t[24], t[25])
	if year < firstYear || year > lastYear || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) ||
		hour > 23 || minute > 59 || second > 59 || micro > 999_999 {
		return 0, false
	}
	seconds := daysSince1970(year, month, day)*86400 + int64(hour*3600+minute*60+second)
	return seconds*1_000_000_000 + int64(micro)*1000, true
}

// pair returns the number of two digits, or one that is larger than any field
// of a time.
func pair(a, b byte) int {
	a, b = a-'0', b-'0'
	if a > 9 || b > 9 {
		return 1 << 24
	}
	return int(a)*10 + int(b)
}

// daysIn returns the number of days in a month.
func daysIn(year, month int) int {
	if month == 2 {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (month+month/8)&1
}

// daysSince1970 counts the days from 1970-01-01 to the day.
func daysSince1970(year, month, day int) int64 {
	// Years that begin in March have the odd day at their end, and their
	// months before any day are 30.6 days long, rounded.
	month -= 3
	if month < 0 {
		month += 12
		year--
	}
	days := 365*year + year/4 - year/100 + year/400 + (153*month+2)/5 + day - 1
	return int64(days - 719468)
}
