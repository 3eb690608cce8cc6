package query

import (
	"errors"
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
	return c
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
