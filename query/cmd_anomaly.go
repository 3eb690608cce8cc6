package query

var anomalyInfo = commandInfo{
	name:   "anomaly",
	syntax: "anomaly",
	doc:    "Behind pattern, tells as @description which patterns are new, or have more rows in one period than in the others, and as @priority how much that matters; those come first.",
	parse: func(_ *parser, word token) command {
		return &anomalyCommand{word.span}
	},
}

// An anomalyCommand is anomaly. The pattern before it looks ahead for it.
type anomalyCommand struct{ at span }

func (c *anomalyCommand) String() string { return "anomaly" }

func (c *anomalyCommand) plan(pl *planner) {
	if pl.ahead != c {
		pl.refuseOther(c.at, "anomaly")
		pl.p.fail(c.at, ErrUse, "anomaly stands behind pattern, whose rows it looks at", "")
	}
}
