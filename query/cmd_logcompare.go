package query

import "time"

var logcompareInfo = commandInfo{
	name:   "logcompare",
	syntax: "logcompare timeshift duration",
	doc:    "Compares as diff does, with the window of equal length that lies so far back, such as 7d.",
	parse:  parseLogcompare,
}

func parseLogcompare(p *parser, word token) command {
	if !p.acceptWord("timeshift") {
		p.unexpected("timeshift, with a duration such as 7d")
	}
	x := p.parsePostfix()
	d, ok := x.(*durationExpr)
	if !ok || !d.isPeriod() || d.millis() > maxMillis {
		p.fail(x.extent(), ErrUse, "timeshift is a duration such as 7d", "logcompare timeshift 7d")
	}
	return &compareCommand{word.span, "logcompare timeshift " + d.duration.String(), d.before}
}

// before is the time so long before t. Units of the calendar are as long as they
// were.
func (d duration) before(t time.Time) time.Time {
	if d.unit.months > 0 {
		return monthsBefore(t, int(d.count)*d.unit.months)
	}
	return time.UnixMicro(t.UnixMicro() - d.micros()).UTC()
}

// monthsBefore is the time so many months before t, in UTC: on the last day of a
// month that is too short.
func monthsBefore(t time.Time, months int) time.Time {
	t = t.UTC()
	first := t.AddDate(0, 0, 1-t.Day()).AddDate(0, -months, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}
