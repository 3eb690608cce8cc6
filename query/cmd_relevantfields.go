package query

import (
	"slices"
	"strconv"
	"strings"

	"github.com/evictlog/evictlog/audit"
)

var relevantFieldsInfo = commandInfo{
	name:   "relevantfields",
	syntax: "relevantfields [field, ...] where condition",
	doc:    "Gives one row for each of the fields, or of all fields, with how much the rows for which the condition holds differ in it from the others; those that differ most come first. See Relevant fields.",
	parse:  parseRelevantFields,
}

// A relevantFieldsCommand is relevantfields a, b where x > 1.
type relevantFieldsCommand struct {
	at        span
	fields    []*nameExpr // none for all
	condition expr
}

// relevantColumns are what relevantfields gives.
// Source: the Logs Insights relevantfields page.
var relevantColumns = []string{"@fieldName", "@relevanceScore", "@topRelevanceContributors", "@conditionalMedian", "@baselineMedian"}

func parseRelevantFields(p *parser, word token) command {
	c := &relevantFieldsCommand{at: word.span}
	if !p.atWord("where") {
		c.fields = p.parseNames("a field to look at, or where")
	}
	if !p.acceptWord("where") {
		p.unexpected("where, with a condition")
	}
	c.condition = p.parseExpr()
	return c
}

func (c *relevantFieldsCommand) String() string {
	var b strings.Builder
	b.WriteString("relevantfields ")
	if len(c.fields) > 0 {
		writeNameList(&b, c.fields)
		b.WriteByte(' ')
	}
	b.WriteString("where ")
	c.condition.write(&b)
	return b.String()
}

// The names that stand for what is counted. What others define by these names
// they do not see.
const (
	relevantField = "relevantfields field"
	relevantValue = "relevantfields value"
	relevantHolds = "relevantfields holds"
)

// plan makes a row of each field of a row, and one without a field, which stands
// for the row as a whole. A stats counts them by field and value, and a pass over
// what it gives, in the order of the fields and of their values, puts the counts
// of each field together.
func (c *relevantFieldsCommand) plan(pl *planner) {
	at := leaf{c.at}
	name := func(s string) *nameExpr { return &nameExpr{leaf: at, parts: []string{s}} }
	source, each := c.source(pl)
	pl.produce(c.at, &producer{source: source, names: []string{relevantField, relevantValue, relevantHolds}, each: each})

	count := item{expr: &aggregateExpr{leaf: at, fn: aggregateNamed("count")}, text: "count(*)"}
	holds := item{expr: &aggregateExpr{leaf: at, fn: aggregateNamed("sum"), of: name(relevantHolds)}, text: "sum(" + relevantHolds + ")"}
	pl.stats(&statsCommand{
		at: c.at, word: "relevantfields",
		items: []item{count, holds},
		keys:  []item{{expr: name(relevantField)}, {expr: name(relevantValue)}},
	})

	pl.keys = []sortKey{{name: name(relevantField)}, {name: name(relevantValue)}}
	pl.pass(&pass{
		at: c.at, text: c.String(), closed: true,
		inputs:  []*nameExpr{name(relevantField), name(relevantValue), name(count.text), name(holds.text)},
		outputs: relevantColumns,
		run:     func(rows passed, _ room) passed { return relevance(rows) },
	})
	pl.keys = []sortKey{{name: name("@relevanceScore"), desc: true}, {name: name("@fieldName")}}
}

// source is a list of the condition and of what the fields are, and what makes
// rows of it. All fields are those of the event and the columns so far; of the
// rows of stats they are the columns.
func (c *relevantFieldsCommand) source(pl *planner) (*listExpr, spreader) {
	fields := c.fields
	whole := len(fields) == 0 && pl.last().base().isEvents()
	if len(fields) == 0 {
		fields = slices.DeleteFunc(pl.columnNames(c.at), func(x *nameExpr) bool { return systemFieldNamed(x.name()) != nil })
	}
	list := &listExpr{leaf: leaf{c.at}, items: []expr{c.condition}}
	for _, x := range fields {
		list.items = append(list.items, x)
	}
	names := namesOf(fields)
	if whole {
		list.items = append(list.items, &nameExpr{leaf: leaf{c.at}, parts: []string{"@message"}})
	}
	return list, func(v Value, out []Value, next func() error) error {
		holds := boolValue(v.elements()[0].truth())
		row := func(field, value Value) error {
			out[0], out[1], out[2] = field, value, holds
			return next()
		}
		if err := row(Value{}, Value{}); err != nil {
			return err
		}
		for i, name := range names {
			if err := row(stringValue(name), v.elements()[i+1]); err != nil {
				return err
			}
		}
		if !whole {
			return nil
		}
		return eachField(v.elements()[len(v.elements())-1].text, names, func(name string, value Value) error {
			return row(stringValue(name), value)
		})
	}
}

// eachField calls visit for each field of the event that the text is, except
// for those of the names that are taken. It returns the first error of visit.
func eachField(text string, taken []string, visit func(name string, value Value) error) error {
	event := parseStructure(text)
	if event.kind != KindMap {
		return audit.ErrNotJSON
	}
	w := fieldWalk{seen: map[string]bool{}, visit: visit}
	for _, name := range taken {
		w.seen[name] = true
	}
	for i := 0; i < len(event.elements()) && w.err == nil; i += 2 {
		key := event.elements()[i].text
		if strings.HasPrefix(key, "@") { // as names have it
			key = "@" + key
		}
		w.walk(key, event.elements()[i+1])
	}
	return w.err
}

// A fieldWalk visits fields. Of several with one name it visits the first.
type fieldWalk struct {
	seen  map[string]bool
	visit func(name string, value Value) error
	err   error
}

func (w *fieldWalk) walk(name string, v Value) {
	switch {
	case w.err != nil || v.Missing():
	case v.kind == KindMap:
		for i := 0; i < len(v.elements()); i += 2 {
			w.walk(name+"."+v.elements()[i].text, v.elements()[i+1])
		}
	case v.kind == KindList:
		for i, item := range v.elements() {
			w.walk(name+"."+strconv.Itoa(i), item)
		}
	case !w.seen[name]:
		w.seen[name] = true
		w.err = w.visit(name, v)
	}
}
