package query

import (
	"fmt"
	"strings"
)

var sessionizeInfo = commandInfo{
	name:   "sessionize",
	syntax: "sessionize field, ... [maxspan duration] [as name]",
	doc:    "Gives each row the number of its session, as session_id or under another name: a session are the rows with equal values in the fields of which each comes at most so long after the one before it, 30m without maxspan.",
	parse:  parseSessionize,
}

// A sessionizeCommand is sessionize a, b maxspan 30m as session_id.
type sessionizeCommand struct {
	at      span
	fields  []*nameExpr
	maxspan duration
	name    *nameExpr
}

// The defaults of sessionize.
// Source: the Logs Insights sessionize page.
const (
	defaultMaxspan = "30m"
	sessionID      = "session_id"
)

func parseSessionize(p *parser, word token) command {
	c := &sessionizeCommand{at: word.span, maxspan: parseDuration(defaultMaxspan)}
	c.fields = p.parseNames("a field that the rows of a session have in common")
	if p.acceptWord("maxspan") {
		c.maxspan = p.parseSpan("maxspan")
	}
	c.name = &nameExpr{leaf: leaf{word.span}, parts: []string{sessionID}}
	if p.acceptWord("as") {
		c.name = p.parseName("a name after as")
	}
	if p.atWord("maxspan") {
		p.fail(p.tok.span, ErrUse, "maxspan stands once, between the fields and as", "")
	}
	return c
}

// parseSpan reads a duration, which is longer than nothing.
func (p *parser) parseSpan(what string) duration {
	from := p.tok
	if from.kind == tokenDuration || from.kind == tokenNumber {
		if d, ok := p.parseOperand().(*durationExpr); ok && d.micros() > 0 {
			return d.duration
		}
	}
	p.fail(from.span, ErrUse, fmt.Sprintf("%s is a duration such as 30m, not %s", what, from.describe(p.src)), "")
	return duration{}
}

func (c *sessionizeCommand) String() string {
	var b strings.Builder
	b.WriteString("sessionize ")
	writeNameList(&b, c.fields)
	fmt.Fprintf(&b, " maxspan %s", c.maxspan)
	writeAlias(&b, c.name)
	return b.String()
}

func (c *sessionizeCommand) plan(pl *planner) {
	when := &nameExpr{leaf: leaf{c.at}, parts: []string{"@timestamp"}}
	inputs := append(c.fields[:len(c.fields):len(c.fields)], when)
	pl.pass(&pass{
		at: c.at, text: c.String(),
		inputs: inputs, outputs: []string{c.name.name()},
		oldest: true, together: len(c.fields), byTime: true,
		run: func(rows passed, in room) passed {
			return numberSessions(reordered(c.cut(rows), beginOrder, in, takeBegin))
		},
	})
}

// beginOrder is the order in which sessions begin: by the time of their first
// rows, and then as those stand in the log. The number of the session keeps
// apart those that begin with the same event.
var beginOrder = []orderKey{{name: "begin"}, {name: "part"}, {name: "event"}, {name: "session"}}

// takeBegin takes the keys that cut has put before those of the row.
func takeBegin(row *passedRow) []Value {
	keys := row.keys[:len(beginOrder)]
	row.keys = row.keys[len(beginOrder):]
	return keys
}

// cut gives the rows, which come together and from the oldest, the numbers of
// their sessions, and puts what those are ordered by before their keys. A row
// whose time is not known is in no session.
func (c *sessionizeCommand) cut(rows passed) passed {
	most := c.maxspan.millis() * 1000
	return func(yield func(passedRow, error) bool) {
		n := 0
		var key string     // of the last row
		var last int64     // its time in microseconds
		var begin [4]Value // of its session
		for row, err := range rows {
			if err != nil {
				yield(row, err)
				return
			}
			keys := make([]Value, len(begin), len(begin)+len(row.keys))
			if now, ok := row.in[len(c.fields)].instant(); ok {
				if same := n > 0 && key == row.keys[0].text; !same || float64(now.UnixMicro()-last) > most {
					n++
					begin = [...]Value{timeValue(now), numberValue(float64(row.seen.part)), numberValue(float64(row.seen.event)), numberValue(float64(n))}
					key = row.keys[0].own().text
				}
				last = now.UnixMicro()
				copy(keys, begin[:])
				row.out[0] = begin[3]
			}
			row.keys = append(keys, row.keys...)
			if !yield(row, nil) {
				return
			}
		}
	}
}

// numberSessions gives the sessions, which come in the order in which they begin,
// numbers from 1.
func numberSessions(rows passed) passed {
	return func(yield func(passedRow, error) bool) {
		n := 0
		var last Value // number of the session, as cut gives it
		for row, err := range rows {
			if err == nil && !row.out[0].Missing() {
				if !row.out[0].equal(last) {
					n++
					last = row.out[0]
				}
				row.out[0] = numberValue(float64(n))
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}
