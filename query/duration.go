package query

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// A unit is a unit of time as durations use it.
// Source: the "Period" of the Logs Insights functions page.
type unit struct {
	names  []string // one letter, or longer ones that may take a plural s
	ms     float64  // length; that of the units of the calendar is nominal
	most   float64  // the largest count that bin takes; 0 if there is no such
	start  int64    // where periods are counted from, in milliseconds after the epoch
	months int      // length in months, for the units of the calendar
}

const (
	msSecond = 1000
	msMinute = 60 * msSecond
	msHour   = 60 * msMinute
	msDay    = 24 * msHour
)

var units = []unit{
	{names: []string{"ms", "msec", "millisecond"}, ms: 1, most: 1000},
	{names: []string{"s", "sec", "second"}, ms: msSecond, most: 60},
	{names: []string{"m", "min", "minute"}, ms: msMinute, most: 60},
	{names: []string{"h", "hr", "hour"}, ms: msHour, most: 24},
	{names: []string{"d", "day"}, ms: msDay},
	{names: []string{"w", "week"}, ms: 7 * msDay, start: 4 * msDay}, // the first Monday
	{names: []string{"mo", "mon", "month"}, ms: 30 * msDay, months: 1},
	{names: []string{"q", "qtr", "quarter"}, ms: 91 * msDay, months: 3},
	{names: []string{"y", "yr", "year"}, ms: 365 * msDay, months: 12},
}

// unitOf finds a unit by one of its names, in any case; nil if there is none.
func unitOf(name string) *unit {
	name = strings.ToLower(name)
	for i, u := range units {
		if slices.Contains(u.names, name) {
			return &units[i]
		}
		if one, plural := strings.CutSuffix(name, "s"); plural && len(one) > 1 && slices.Contains(u.names, one) {
			return &units[i]
		}
	}
	return nil
}

// A duration is a length of time as written, such as 5m.
type duration struct {
	count float64
	unit  *unit
}

// parseDuration reads the text of a tokenDuration, or a number and a unit that
// stood apart.
func parseDuration(text string) duration {
	digits := strings.TrimRightFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	count, _ := strconv.ParseFloat(digits, 64) // infinite if it is too large
	return duration{count, unitOf(text[len(digits):])}
}

// millis is the length in milliseconds.
func (d duration) millis() float64 { return d.count * d.unit.ms }

// micros is the length in microseconds.
func (d duration) micros() int64 { return int64(d.millis() * 1000) }

// isPeriod reports whether time can be cut into periods of d, or moved by it.
func (d duration) isPeriod() bool {
	return d.micros() >= 1000 && (d.unit.months == 0 || d.count == math.Trunc(d.count) && d.count <= maxMonths)
}

// maxMonths is more units of the calendar than there are between the first and
// the last time.
const maxMonths = 200_000

// capped is d as bin takes it. Beyond what a unit's cap allows, the service
// takes the cap: bin(300s) means bin(60s).
// Source: the bin function of the Logs Insights functions page.
func (d duration) capped() duration {
	if most := d.unit.most; most > 0 && d.count > most {
		d.count = most
	}
	return d
}

// String is the shortest way to write d.
func (d duration) String() string {
	return strconv.FormatFloat(d.count, 'f', -1, 64) + d.unit.names[0]
}
