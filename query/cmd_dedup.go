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
	at     span
	names  []*nameExpr
	more   *commandInfo // the command behind it, where the service takes only limit
	moreAt span
}

func parseDedup(p *parser, word token) command {
	c := &dedupCommand{at: word.span, names: p.parseNames("a field to compare")}
	if p.tok.is("|") {
		ahead := p.lexer // next moves only the copy
		if tok, err := ahead.next(); err == nil && tok.kind == tokenName {
			if info := commandNamed(tok.text); info != nil && info.name != "limit" {
				c.more, c.moreAt = info, tok.span
			}
		}
	}
	return c
}

func (c *dedupCommand) String() string {
	var b strings.Builder
	b.WriteString("dedup ")
	writeNameList(&b, c.names)
	return b.String()
}

func (c *dedupCommand) plan(pl *planner) {
	if c.more != nil {
		c.judge(pl.p)
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

// judge remarks on what stands behind dedup: the reference has only limit there,
// and AWS's own query assistant writes columns.
func (c *dedupCommand) judge(p *parser) {
	switch c.more.name {
	case "fields", "display":
		p.note(c.moreAt, "the reference has only limit behind dedup; its authors also write this", "")
	default:
		p.refused(c.moreAt, "only limit can stand behind dedup", "this acts on the rows that dedup keeps", "")
	}
}
