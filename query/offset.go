package query

import "time"

// Of the offset behind stats ... by bin(5m) the reference says that it shifts the
// periods, for comparing with the same time an hour or a day ago. Here, as with
// the offset of other languages for time series, a run counts the events of that
// much earlier than its window, each in the period in which it would lie had it
// come that much later.
// Source: the Logs Insights time-series functions page; the direction is a
// decision of ours.

// parseOffset reads the duration behind offset.
func (c *statsCommand) parseOffset(p *parser) {
	c.offsetAt = p.tok.span
	p.advance()
	if p.tok.kind != tokenDuration && p.tok.kind != tokenNumber {
		p.unexpected("a duration such as 1d after offset")
	}
	x := p.parseOperand()
	d, ok := x.(*durationExpr)
	if !ok || !d.isPeriod() || d.millis() > maxMillis {
		p.fail(x.extent(), ErrUse, "offset is a duration such as 1d", "")
	}
	if d.unit.months > 0 {
		p.fail(x.extent(), ErrUse, "months differ in length, so that periods would move out of the window", "offset 4w")
	}
	c.offset = &d.duration
	c.offsetAt = join(c.offsetAt, p.last)
	for _, it := range c.keys {
		if isPeriod(it.expr) {
			p.note(c.offsetAt, "the events of "+d.String()+" before the window are counted, with their periods moved forward by that", "")
			return
		}
	}
	p.fail(c.offsetAt, ErrUse, "offset shifts periods, and no key here is one", "by bin(5m) makes periods")
}

// shift lets the plan read what the offset shifts.
func (c *statsCommand) shift(pl *planner) {
	if c.offset == nil {
		return
	}
	if !pl.last().base().isEvents() {
		pl.p.fail(c.offsetAt, ErrUse, "offset can only stand in the first stats", "that of the events, which have times")
	}
	pl.offset, pl.offsetAt = c.offset, c.offsetAt
}

// compileKey is the value of a key, in the period that the offset moves it to.
func (c *statsCommand) compileKey(x expr, names scope) evaluator {
	if c.offset == nil || !isPeriod(x) {
		return x.compile(names)
	}
	call := x.(*callExpr)
	of, length, offset := call.args[0].compile(names), call.args[1].(*durationExpr).duration, *c.offset
	return func(f *frame) Value {
		t, ok := of(f).periodTime()
		if !ok {
			return Value{}
		}
		return call.fn.period(microsValue(t.UnixMicro()+offset.micros()), length)
	}
}

// shifted is the window of the events that the plan counts.
func (p *plan) shifted(start, end time.Time) (time.Time, time.Time) {
	if p.offset == nil {
		return start, end
	}
	for _, t := range []*time.Time{&start, &end} {
		if !t.IsZero() {
			*t = p.offset.before(*t)
		}
	}
	return start, end
}
