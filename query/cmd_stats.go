package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var statsInfo = commandInfo{
	name:   "stats",
	syntax: "stats aggregate [as name], ... [by key [as name], ...]",
	doc:    "Gives one row for each combination of keys, or one in all, with what the aggregates come to.",
	parse:  parseStats,
}

// A statsCommand is stats count(*) as n by verb.
type statsCommand struct {
	at    span
	items []item
	keys  []item
}

func parseStats(p *parser, word token) command {
	p.inStats = true
	items := p.parseItems()
	p.inStats = false
	c := &statsCommand{at: word.span, items: items}
	for _, it := range items {
		if _, name := it.expr.(*nameExpr); name {
			p.fail(it.expr.extent(), ErrUse, "stats takes aggregates, such as count(*)", "a field to group by stands behind by")
		}
	}
	if p.acceptWord("by") {
		c.keys = p.parseItems()
	}
	if p.atWord("offset") {
		p.fail(p.tok.span, errors.ErrUnsupported, "stats ... offset is not supported", "")
	}
	c.checkAggregates(p)
	return c
}

// checkAggregates checks what else stands beside the aggregates.
func (c *statsCommand) checkAggregates(p *parser) {
	calls := c.calls()
	for _, call := range calls {
		switch {
		case call.fn.alone && (len(calls) > 1 || len(c.keys) > 0):
			p.fail(call.span, ErrUse, fmt.Sprintf("beside %s stats can have no other aggregate, and no key", call.fn.name), "")
		case call.fn.perPeriod && !slices.ContainsFunc(c.keys, func(it item) bool { return isPeriod(it.expr) }):
			p.note(call.span, fmt.Sprintf("%s is meant for stats by bin, and no key here is a period", call.fn.name), "by bin(5m) makes periods")
		}
	}
}

// calls are the calls of aggregates, in the order of the text.
func (c *statsCommand) calls() []*aggregateExpr {
	var calls []*aggregateExpr
	for _, it := range c.items {
		walk(it.expr, func(x expr) {
			if call, ok := x.(*aggregateExpr); ok {
				calls = append(calls, call)
			}
		})
	}
	return calls
}

func (c *statsCommand) String() string {
	var b strings.Builder
	b.WriteString(writeItems("stats", c.items))
	if len(c.keys) > 0 {
		b.WriteString(writeItems(" by", c.keys))
	}
	return b.String()
}

func (c *statsCommand) plan(pl *planner) { pl.stats(c) }
