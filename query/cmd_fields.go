package query

var fieldsInfo = commandInfo{
	name:   "fields",
	syntax: "fields item [as name], ...",
	doc:    "Adds columns, and names for the values of expressions.",
	parse: func(p *parser, _ token) command {
		return &fieldsCommand{p.parseItems()}
	},
}

// A fieldsCommand is fields a, b as c.
type fieldsCommand struct{ items []item }

func (c *fieldsCommand) String() string { return writeItems("fields", c.items) }

func (c *fieldsCommand) plan(pl *planner) {
	for _, it := range c.items {
		pl.addColumn(it)
	}
}
