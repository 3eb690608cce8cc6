package query

var filterInfo = commandInfo{
	name:    "filter",
	aliases: []string{"where"},
	syntax:  "filter condition",
	doc:     "Keeps the events for which the condition holds.",
	parse: func(p *parser, _ token) command {
		return &filterCommand{p.parseExpr()}
	},
}

// A filterCommand is filter x.
type filterCommand struct{ condition expr }

func (c *filterCommand) String() string { return "filter " + exprText(c.condition) }

func (c *filterCommand) plan(pl *planner) { pl.filter(c.condition) }
