package audit

import (
	"bytes"
	"cmp"
	"regexp"
	"strconv"
	"time"
)

// losses are what the API server's own log says of audit events that it could
// not write.
type losses struct {
	reports, events int64
	dated           stretch // if there is any
	first, last     string  // of those without a year, as klog writes them
	some, yearless  bool
}

// lossReport is how the API server reports that an audit backend failed. Source:
// k8s.io/apiserver pkg/audit/metrics.go, HandlePluginError.
var lossReport = regexp.MustCompile(`\] "?Error in audit plugin '[^']*' affecting (\d{1,9}) audit events`)

// klogStamp is how klog writes times: without a year.
const klogStamp = "0102 15:04:05.000000"

// line takes in a line of another stream, logged at a time that may be zero.
func (l *losses) line(text []byte, logged time.Time) {
	if !bytes.Contains(text, []byte("Error in audit plugin")) {
		return // spares the expression
	}
	m := lossReport.FindSubmatch(text)
	if m == nil || !isKlog(text) {
		return
	}
	n, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		return
	}
	l.reports++
	l.events += n
	if !logged.IsZero() {
		l.date(logged.UnixNano())
		return
	}
	stamp := string(text[1 : 1+len(klogStamp)])
	if !l.yearless {
		l.first, l.yearless = stamp, true
	}
	l.last = stamp
}

// date takes in the time of a report.
func (l *losses) date(nanos int64) {
	if !l.some {
		l.dated, l.some = stretch{nanos, nanos}, true
	}
	l.dated = stretch{min(l.dated.first, nanos), max(l.dated.last, nanos)}
}

// near gives the times without a year the year that brings them next to the
// events of the log. Without any they stay unknown.
func (l *losses) near(event time.Time) {
	if !l.yearless || event.IsZero() {
		return
	}
	l.yearless = false
	for _, stamp := range []string{l.first, l.last} {
		t, err := time.Parse("2006"+klogStamp, strconv.Itoa(event.Year())+stamp)
		if err != nil { // the 29th of February of another year, or no day at all
			continue
		}
		nearest := t
		for _, years := range []int{-1, 1} {
			if other := t.AddDate(years, 0, 0); cmp.Less(other.Sub(event).Abs(), nearest.Sub(event).Abs()) {
				nearest = other
			}
		}
		l.date(nearest.UnixNano())
	}
}

// merge adds what m has. What has no year in both is in the order of the merging.
func (l *losses) merge(m losses) {
	l.reports += m.reports
	l.events += m.events
	if m.some {
		l.date(m.dated.first)
		l.date(m.dated.last)
	}
	if m.yearless && !l.yearless {
		l.first, l.yearless = m.first, true
	}
	if m.yearless {
		l.last = m.last
	}
}

// summary tells what is known.
func (l *losses) summary() Lost {
	lost := Lost{Reports: l.reports, Events: l.events}
	if l.some {
		lost.First, lost.Last = unixNano(l.dated.first), unixNano(l.dated.last)
	}
	return lost
}
