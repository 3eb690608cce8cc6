package query

import (
	"slices"
	"strconv"
	"strings"
)

// A unit is a unit of time as durations use it.
// Source: the "Period" of the Logs Insights functions page.
type unit struct {
	names []string // one letter, or longer ones that may take a plural s
	ms    float64  // length; that of the longer units is nominal
}

const (
	msSecond = 1000
	msMinute = 60 * msSecond
	msHour   = 60 * msMinute
	msDay    = 24 * msHour
)

var units = []unit{
	{[]string{"ms", "msec", "millisecond"}, 1},
	{[]string{"s", "sec", "second"}, msSecond},
	{[]string{"m", "min", "minute"}, msMinute},
	{[]string{"h", "hr", "hour"}, msHour},
	{[]string{"d", "day"}, msDay},
	{[]string{"w", "week"}, 7 * msDay},
	{[]string{"mo", "mon", "month"}, 30 * msDay},
	{[]string{"q", "qtr", "quarter"}, 91 * msDay},
	{[]string{"y", "yr", "year"}, 365 * msDay},
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

// String is the shortest way to write d.
func (d duration) String() string {
	return strconv.FormatFloat(d.count, 'f', -1, 64) + d.unit.names[0]
}
