package query

import "strings"

var countFrequentInfo = commandInfo{
	name:    "countFrequent",
	aliases: []string{"count_frequent"},
	syntax:  "countFrequent field, ...",
	doc:     "Gives one row for each combination of values of the fields, with their number in the column _approxcount, the most frequent first: counted exactly, as stats count(*) by field does.",
	parse: func(p *parser, word token) command {
		return &countFrequentCommand{word.span, p.parseNames("a field to count the values of")}
	},
}

// A countFrequentCommand is countFrequent a, b.
type countFrequentCommand struct {
	at     span
	fields []*nameExpr
}

// approxCount is the column that countFrequent gives. The service only
// estimates what is in it.
// Source: the Logs Insights countFrequent page.
const approxCount = "_approxcount"

func (c *countFrequentCommand) String() string {
	var b strings.Builder
	b.WriteString("countFrequent ")
	writeNameList(&b, c.fields)
	return b.String()
}

// plan has the rows counted by a stats, and sorted as that gives them.
func (c *countFrequentCommand) plan(pl *planner) {
	at := leaf{c.at}
	count := &nameExpr{leaf: at, parts: []string{approxCount}}
	stats := &statsCommand{at: c.at, word: "countFrequent", items: []item{{
		expr:  &aggregateExpr{leaf: at, fn: aggregateNamed("count")},
		alias: count,
	}}}
	for _, x := range c.fields {
		stats.keys = append(stats.keys, item{expr: x})
	}
	pl.stats(stats)
	pl.keys = []sortKey{{name: count, desc: true}}
}
