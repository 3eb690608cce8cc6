package query

import (
	"fmt"
	"math"
	"strconv"
)

var limitInfo = commandInfo{
	name:    "limit",
	aliases: []string{"head"},
	syntax:  "limit [any] n",
	doc:     "Keeps the first n rows of the result; with any, of the first n that the log has.",
	parse:   parseLimit,
}

// A limitCommand is limit n.
type limitCommand struct {
	at  span
	n   int64
	any bool
}

// maxLimit is the service's largest limit. It is no limit of this package.
// Source: the Logs Insights limit page.
const maxLimit = 100_000

func parseLimit(p *parser, word token) command {
	c := &limitCommand{at: word.span, any: p.acceptWord("any")}
	number := p.tok
	n, err := strconv.ParseInt(number.text, 10, 64)
	if number.kind != tokenNumber || err != nil || n < 1 {
		p.fail(number.span, ErrSyntax, fmt.Sprintf("limit takes a whole number from 1, not %s", number.describe(p.src)), p.nearWord())
	}
	if n > maxLimit {
		p.refused(number.span, fmt.Sprintf("the largest limit is %d", maxLimit), "there is none", "")
	}
	p.advance()
	c.n = n
	return c
}

func (c *limitCommand) String() string {
	if c.any {
		return fmt.Sprintf("limit any %d", c.n)
	}
	return fmt.Sprintf("limit %d", c.n)
}

func (c *limitCommand) plan(pl *planner) { pl.limit(c.at, int(min(c.n, math.MaxInt)), c.any) }
