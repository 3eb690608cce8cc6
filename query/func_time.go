package query

import (
	"math"
	"time"
)

var timeFunctions = []function{
	{
		name: "bin", syntax: "bin(period) or bin(time, period)", least: 1, most: 2,
		doc:    "The start of the period that the time, @timestamp if none is given, lies in.",
		period: dateFloor,
	},
	{
		name: "dateceil", syntax: "dateceil(time, period)", least: 2, most: 2,
		doc:    "The end of the period that the time lies in; a time on a boundary is left as it is.",
		period: dateCeil,
	},
	{
		name: "datefloor", syntax: "datefloor(time, period)", least: 2, most: 2,
		doc:    "The start of the period that the time lies in.",
		period: dateFloor,
	},
	{
		name: "formatDate", aliases: []string{"strftime"}, syntax: "formatDate(time, format[, zone])", least: 2, most: 3,
		doc:     "The time as the format of strftime has it, such as \"%Y-%m-%d\", in UTC or another time zone.",
		prepare: prepareFormatDate,
	},
	{
		name: "fromMillis", syntax: "fromMillis(number)", least: 1, most: 1,
		doc:  "The time so many milliseconds after the Unix epoch.",
		eval: fromMillis,
	},
	{
		name: "now", syntax: "now()",
		doc:     "The time of [Options.Now], by default that at which the run began, in seconds since the Unix epoch.",
		prepare: ofWindow(func(w window) Value { return intValue(w.now.Unix()) }),
	},
	{
		name: "parseDate", syntax: "parseDate(text, format[, zone])", least: 2, most: 3,
		doc:     "The time that the text is in a format of Java's DateTimeFormatter, such as \"yyyy-MM-dd\", in milliseconds since the Unix epoch; in UTC or another time zone unless the text says one.",
		prepare: prepareParseDate,
	},
	{
		name: "queryEndTime", syntax: "queryEndTime()",
		doc:     "The end of the window that [Options] give, in milliseconds since the Unix epoch; missing if there is none.",
		prepare: ofWindow(func(w window) Value { return millisOf(w.end) }),
	},
	{
		name: "queryStartTime", syntax: "queryStartTime()",
		doc:     "The start of the window that [Options] give, in milliseconds since the Unix epoch; missing if there is none.",
		prepare: ofWindow(func(w window) Value { return millisOf(w.start) }),
	},
	{
		name: "queryTimeRange", syntax: "queryTimeRange()",
		doc: "The length of the window that [Options] give, in milliseconds; missing unless it has a start and an end.",
		prepare: ofWindow(func(w window) Value {
			return arithmetic(millisOf(w.end), millisOf(w.start), func(x, y float64) float64 { return x - y })
		}),
	},
	{
		name: "toMillis", syntax: "toMillis(time)", least: 1, most: 1,
		doc: "The time in milliseconds since the Unix epoch.",
		eval: func(args []Value) Value {
			if args[0].kind == KindString {
				return Value{}
			}
			return ofNumber(math.Trunc)(args)
		},
	},
}

func fromMillis(args []Value) Value {
	ms, ok := args[0].Float64()
	if !ok {
		return Value{}
	}
	return millisValue(ms)
}

// periodTime returns v as a time that lies in a period: a time, or a number of
// milliseconds, which can be a text as parse makes them.
func (v Value) periodTime() (time.Time, bool) {
	if v.kind == KindString {
		v = v.number()
	}
	return v.instant()
}

// dateFloor is the start of the period that v, a time or a number of
// milliseconds, lies in. Periods count from 1970, in UTC; weeks begin on
// Monday, and longer units are those of the calendar.
func dateFloor(v Value, d duration) Value {
	t, ok := v.periodTime()
	switch {
	case !ok:
		return Value{}
	case d.unit.months > 0:
		return microsValue(monthStart(t, int(d.count)*d.unit.months, 0).UnixMicro())
	}
	micros := t.UnixMicro()
	return microsValue(micros - floorMod(micros-d.unit.start*1000, d.micros()))
}

// dateCeil is the end of the period that v lies in.
func dateCeil(v Value, d duration) Value {
	t, ok := v.periodTime()
	start, found := dateFloor(v, d).Time()
	switch {
	case !ok || !found:
		return Value{}
	case start.Equal(t):
		return timeValue(t)
	case d.unit.months > 0:
		return microsValue(monthStart(t, int(d.count)*d.unit.months, 1).UnixMicro())
	}
	return microsValue(start.UnixMicro() + d.micros())
}

// monthStart is the start of the period of so many months that t lies in, or
// of the one that follows after so many.
func monthStart(t time.Time, months, after int) time.Time {
	month := (t.Year()-1970)*12 + int(t.Month()) - 1
	month += after*months - int(floorMod(int64(month), int64(months)))
	return time.Date(1970, time.Month(1+month), 1, 0, 0, 0, 0, time.UTC)
}

// floorMod is a modulo n, never negative.
func floorMod(a, n int64) int64 { return ((a % n) + n) % n }

// A window is the time that a run looks at, and the time at which it looks.
type window struct{ start, end, now time.Time }

// ofWindow is a function of nothing but the run.
func ofWindow(value func(window) Value) func(*preparation) body {
	return func(c *preparation) body {
		c.ofRun = true
		return func(f *frame, _ []Value) Value { return value(f.window) }
	}
}

// millisOf is a time in milliseconds; missing for the zero time.
func millisOf(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return intValue(t.UnixMilli())
}
