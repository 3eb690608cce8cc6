package query

import (
	"slices"
	"strings"
)

var dedupInfo = commandInfo{
	name:   "dedup",
	syntax: "dedup field, ...",
	doc:    "Keeps the first of the rows with equal values in all the fields, in the order of the sort before it, and all rows that lack one of them.",
	parse:  parseDedup,
}

// A dedupCommand is dedup a, b.
type dedupCommand struct {
	at    span
	names []*nameExpr
}

func parseDedup(p *parser, word token) command {
	return &dedupCommand{at: word.span, names: p.parseNames("a field to compare")}
}

func (c *dedupCommand) String() string {
	var b strings.Builder
	b.WriteString("dedup ")
	writeNameList(&b, c.names)
	return b.String()
}

func (c *dedupCommand) plan(pl *planner) {
	if len(pl.rest) > 0 {
		c.judge(pl.p, pl.p.words[pl.rest[0]])
	}
	pl.pass(&pass{at: c.at, text: c.String(), inputs: c.names, together: len(c.names), distinct: true, run: firsts})
}

// firsts keeps the first of the rows that come together, and all that lack one
// of the fields.
// Source: the Logs Insights dedup page.
func firsts(rows passed, _ room) passed {
	return func(yield func(passedRow, error) bool) {
		begun, last := false, ""
		for row, err := range rows {
			if err == nil {
				key := row.keys[0].text
				if begun && key == last && !slices.ContainsFunc(row.in, Value.Missing) {
					continue
				}
				begun, last = true, key
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// judge remarks on the command behind dedup, by the word that it begins with: the
// reference has only limit there, and AWS's own query assistant writes columns.
func (c *dedupCommand) judge(p *parser, word token) {
	switch commandNamed(word.text).name {
	case "limit":
	case "fields", "display":
		p.note(word.span, "the reference has only limit behind dedup; its authors also write this", "")
	default:
		p.refused(word.span, "only limit can stand behind dedup", "this acts on the rows that dedup keeps", "")
	}
}
