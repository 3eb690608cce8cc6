package query

var filterIndexInfo = commandInfo{
	name:   "filterIndex",
	syntax: "filterIndex field = value or field in [value, ...]",
	doc:    "Keeps the events for which the condition holds, as filter does: logs in files have no index.",
	parse:  parseFilterIndex,
}

// A filterIndexCommand is filterIndex x = "y".
type filterIndexCommand struct {
	at        span
	condition expr
}

func parseFilterIndex(p *parser, word token) command {
	x := p.parseExpr()
	if !isIndexed(x) {
		p.fail(x.extent(), ErrUse, "filterIndex takes a field with = and a value, or with in and a list", "filter takes any condition")
	}
	return &filterIndexCommand{word.span, x}
}

// isIndexed reports whether an index could decide the condition.
// Source: the Logs Insights filterIndex page.
func isIndexed(x expr) bool {
	var field expr
	switch x := x.(type) {
	case *binaryExpr:
		if x.op.symbol == "=" {
			field = x.a
		}
	case *inExpr:
		if !x.not {
			field = x.x
		}
	case *logicExpr:
		return isIndexed(x.a) && isIndexed(x.b)
	}
	_, ok := field.(*nameExpr)
	return ok
}

func (c *filterIndexCommand) String() string { return "filterIndex " + exprText(c.condition) }

func (c *filterIndexCommand) plan(pl *planner) {
	pl.p.note(c.at, "logs in files have no index; this acts as filter does", "")
	pl.filter(c.condition)
}
