package query

import (
	"fmt"
	"strings"
	"time"
)

var diffInfo = commandInfo{
	name:   "diff",
	syntax: "diff [previousDay or previousWeek or previousMonth]",
	doc:    "Compares the patterns of the window that [Options] give with those of the window of equal length right before it, or a day, week or month earlier: behind pattern, or else those of @message. @diffEventCount is how many more rows a pattern has, and @differenceDescription says it in words; what changed most comes first.",
	parse:  parseDiff,
}

// diffPeriods are the words behind diff, and how far back each goes in days and
// months.
// Source: the Logs Insights diff page.
var diffPeriods = []struct {
	word         string
	days, months int
}{
	{"previousDay", 1, 0},
	{"previousWeek", 7, 0},
	{"previousMonth", 0, 1},
}

func parseDiff(p *parser, word token) command {
	if p.tok.kind != tokenName {
		return &compareCommand{at: word.span, text: "diff", back: nil}
	}
	var words []string
	for _, period := range diffPeriods {
		if p.acceptWord(period.word) {
			return &compareCommand{word.span, "diff " + period.word, func(t time.Time) time.Time {
				return monthsBefore(t.AddDate(0, 0, -period.days), period.months)
			}}
		}
		words = append(words, period.word)
	}
	p.fail(p.tok.span, ErrUse, fmt.Sprintf("diff takes %s, not %s", strings.Join(words, " or "), p.tok.describe(p.src)), didYouMean(p.tok.text, words))
	return nil
}

// A compareCommand is diff or logcompare. The pattern before it, if there is one,
// looks ahead for it.
type compareCommand struct {
	at   span
	text string
	back func(time.Time) time.Time // to the earlier window; nil for the one right before
}

func (c *compareCommand) String() string { return c.text }

func (c *compareCommand) plan(pl *planner) {
	if pl.ahead == c {
		return
	}
	word, _, _ := strings.Cut(c.text, " ")
	pl.refuseOther(c.at, word)
	pl.patterns(c.at, &nameExpr{leaf: leaf{c.at}, parts: []string{"@message"}}, c)
}
