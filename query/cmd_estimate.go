package query

var estimateInfo = commandInfo{
	name:   "estimate",
	syntax: "estimate",
	doc:    "As the last command, gives in place of all rows one with the size in bytes of the events that the query has to look at: those in the window of the run, whatever its filters say.",
	parse:  parseEstimate,
}

// An estimateCommand is estimate.
type estimateCommand struct{ at span }

func parseEstimate(p *parser, word token) command {
	if p.accept("|") {
		p.fail(p.tok.span, ErrUse, "nothing can stand behind estimate", "estimate is the last command of a query")
	}
	return &estimateCommand{word.span}
}

func (c *estimateCommand) String() string { return "estimate" }

func (c *estimateCommand) plan(pl *planner) { pl.estimated = true }

// estimateQuery is what runs in place of a query that is estimated. Filters do
// not make the size smaller, since they are what the events are looked at for.
// Source: the Logs Insights estimate page, which counts the bytes of the log
// groups and the time range. The name of the column is our own.
const estimateQuery = "stats coalesce(sum(messageSize(@message)), 0) as estimate"

// estimate lets the plan find the size of the events in place of what the query
// asks for.
func (p *plan) estimate() {
	size := MustParse(estimateQuery).plan
	p.levels, p.literals, p.lookups, p.gathering = size.levels, size.literals, nil, size.gathering
}
