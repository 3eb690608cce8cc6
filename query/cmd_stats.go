package query

import (
	"fmt"
	"slices"
	"strings"
)

var statsInfo = commandInfo{
	name:   "stats",
	syntax: "stats aggregate [as name], ... [by key [as name], ... [offset duration]]",
	doc:    "Gives one row for each combination of keys, or one in all, with what the aggregates come to; with offset over the events of so much earlier than the window, in periods moved forward by it.",
	parse:  parseStats,
}

// A statsCommand is stats count(*) as n by verb.
type statsCommand struct {
	at    span
	word  string // what the command is called; others can stand for a stats
	items []item
	keys  []item

	offset   *duration // nil if there is none
	offsetAt span
}

func parseStats(p *parser, word token) command {
	p.inStats = true
	items := p.parseItems()
	p.inStats = false
	c := &statsCommand{at: word.span, word: "stats", items: items}
	if p.acceptWord("by") {
		c.keys = p.parseItems()
	}
	if p.atWord("offset") {
		c.parseOffset(p)
	}
	c.checkNames(p)
	c.checkAggregates(p)
	return c
}

// checkNames checks the items that are names and nothing else: of another item,
// or of a key.
func (c *statsCommand) checkNames(p *parser) {
	known := map[string]bool{}
	for _, it := range slices.Concat(c.items, c.keys) {
		if it.alias != nil {
			known[it.alias.name()] = true
		}
	}
	for _, it := range c.keys {
		known[it.name()] = true
	}
	for _, it := range c.items {
		if x, ok := it.expr.(*nameExpr); ok && (it.alias == nil || !known[x.name()] || it.alias.name() == x.name()) {
			p.fail(x.extent(), ErrUse, "stats takes aggregates, such as count(*)", "a field to group by stands behind by")
		}
	}
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
	if c.offset != nil {
		b.WriteString(" offset " + c.offset.String())
	}
	return b.String()
}

func (c *statsCommand) plan(pl *planner) {
	c.shift(pl)
	pl.stats(c)
}
