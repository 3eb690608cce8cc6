package query

import "strings"

var patternInfo = commandInfo{
	name:   "pattern",
	syntax: "pattern text",
	doc:    "Gives one row for each pattern of the texts, such as \"deleted pod <Token-1>\": with the pattern, its share of the rows, its number of rows and its severity as @pattern, @ratio, @sampleCount and @severityLabel, the most frequent first.",
	parse:  parsePattern,
}

// A patternCommand is pattern x.
type patternCommand struct {
	at span
	of expr
}

func parsePattern(p *parser, word token) command {
	if p.tok.kind == tokenEnd || p.tok.is("|") {
		p.unexpected("a text to find patterns in, such as @message")
	}
	return &patternCommand{word.span, p.parseExpr()}
}

func (c *patternCommand) String() string {
	var b strings.Builder
	b.WriteString("pattern ")
	c.of.write(&b)
	return b.String()
}

func (c *patternCommand) plan(pl *planner) {
	if pl.sortAt != nil {
		pl.p.refused(c.at, "pattern cannot stand behind sort", "the sort makes no difference", "a sort behind pattern orders the patterns")
	}
	pl.patterns(c.at, c.of, pl.lookAhead())
}
