package query

var displayInfo = commandInfo{
	name:   "display",
	syntax: "display item [as name], ...",
	doc:    "Says which columns appear, and in which order; the last display holds.",
	parse: func(p *parser, word token) command {
		return &displayCommand{word.span, p.parseItems()}
	},
}

// A displayCommand is display a, b as c.
type displayCommand struct {
	at    span
	items []item
}

func (c *displayCommand) String() string { return writeItems("display", c.items) }

func (c *displayCommand) plan(pl *planner) { pl.display(c.at, c.items) }
