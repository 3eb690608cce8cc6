package query

import (
	"errors"
	"strings"
	"time"
)

// errNoWindow says that there is nothing to compare with.
var errNoWindow = errors.New("query: diff and logcompare compare two windows of time, and need Options.Start and Options.End")

// An interval is a time from start to end, both in it unless it is open.
type interval struct {
	start, end time.Time
	open       bool // the end is not in it
}

// contains goes by microseconds, as the times of values do.
func (in interval) contains(t time.Time) bool {
	micros := t.UnixMicro()
	end := in.end.UnixMicro()
	return in.start.UnixMicro() <= micros && (micros < end || micros == end && !in.open)
}

// earlier is the window that one from start to end is compared with. It is of
// equal length; the one right before leaves out its end, where the other begins.
func (c *compareCommand) earlier(start, end time.Time) interval {
	length := end.Sub(start)
	if c.back == nil {
		return interval{start.Add(-length), start, true}
	}
	start = c.back(start)
	return interval{start, start.Add(length), false}
}

// A withinExpr is true where a time is in the window of the run, or in the earlier
// one that it is compared with, and else missing. Where the windows overlap a time
// can be in both.
type withinExpr struct {
	leaf
	of      expr
	earlier bool
}

func (x *withinExpr) children() []expr { return []expr{x.of} }

func (x *withinExpr) write(b *strings.Builder) {
	b.WriteString([]string{"current(", "earlier("}[bit(x.earlier)])
	x.of.write(b)
	b.WriteByte(')')
}

func (x *withinExpr) compile(lookup scope) evaluator {
	of, earlier := x.of.compile(lookup), x.earlier
	return func(f *frame) Value {
		in := interval{f.window.start, f.window.end, false}
		if earlier {
			in = f.earlier
		}
		if t, ok := of(f).Time(); ok && in.contains(t) {
			return boolValue(true)
		}
		return Value{}
	}
}
