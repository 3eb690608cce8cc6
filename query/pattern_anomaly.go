package query

import (
	"fmt"
	"math"
	"time"
)

// A priority is how much an anomaly matters.
type priority uint8

const (
	noPriority priority = iota
	lowPriority
	mediumPriority
	highPriority
)

// String is the priority as the API has it.
func (p priority) String() string { return [...]string{"", "LOW", "MEDIUM", "HIGH"}[p] }

// The bounds from which on something is an anomaly. They are our own: what the
// service goes by is not known.
const (
	leastPeriods = 8     // of the log, below which nothing is unusual
	chance       = 0.001 // of what is new being so by accident
	deviations   = 6     // by which a period is above the others
)

// findAnomalies says what is unusual about each of the patterns. A pattern is
// new if it begins in the second half of the log, and too late to be likely if
// its rows were spread as those of all patterns are. It is frequent in a period
// if it has more rows there than six standard deviations above its mean in the
// others, as of a Poisson distribution, whose variance is its mean.
//
// Periods are those of the timeline: up to 64 between the first row and the last.
func findAnomalies(counts []patternCount) {
	var all timeline
	for i := range counts {
		all.merge(&counts[i].times)
	}
	if len(all.counts) < leastPeriods {
		return
	}
	for i := range counts {
		c := &counts[i]
		c.times.coarsen(all.shift)
		if c.anomaly = c.novelty(&all); c.anomaly == "" {
			c.anomaly = c.burst(len(all.counts))
		}
		if c.anomaly != "" {
			c.priority = priorityOf(c.severity)
		}
	}
}

// novelty says since when the pattern has been there, if it is new.
func (c *patternCount) novelty(all *timeline) string {
	before := 0.0
	if len(c.times.counts) == 0 {
		return ""
	}
	for _, n := range all.counts[:c.times.first-all.first] {
		before += float64(n)
	}
	share := before / float64(all.total())
	if share < 0.5 || math.Pow(1-share, float64(c.times.total())) >= chance {
		return ""
	}
	return "new since " + timeText(c.times.start(0))
}

// burst says in which of the periods, of which the log has so many, the pattern is
// most frequent, if it is unusually so.
func (c *patternCount) burst(periods int) string {
	at, most := 0, uint64(0)
	for i, n := range c.times.counts {
		if n > most {
			at, most = i, n
		}
	}
	mean := float64(c.times.total()-most) / float64(periods-1)
	if float64(most) <= mean+deviations*math.Sqrt(max(mean, 1)) {
		return ""
	}
	return fmt.Sprintf("%d from %s to %s, and %.1f on average in a period as long", most, timeText(c.times.start(at)), timeText(c.times.start(at+1)), mean)
}

func timeText(t time.Time) string { return t.Format(timeLayout) }

// priorityOf is the priority of what is unusual about a pattern of the severity.
// Source: the API reference says of an Anomaly that its priority goes by severity
// labels such as FATAL and ERROR.
func priorityOf(severity string) priority {
	switch severity {
	case "FATAL", "ERROR":
		return highPriority
	case "WARN":
		return mediumPriority
	}
	return lowPriority
}
