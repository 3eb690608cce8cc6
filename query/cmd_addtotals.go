package query

import (
	"fmt"
	"strings"
)

var addtotalsInfo = commandInfo{
	name:   "addtotals",
	syntax: "addtotals [fieldname=name] [row=true or false] [col=true or false] [field, ...]",
	doc:    "Gives each row the sum of the fields, of all columns without any, as Total or under another name; with col=true there is a last row with the sum of each column.",
	parse:  parseAddtotals,
}

// An addtotalsCommand is addtotals fieldname=x row=true col=false a, b.
type addtotalsCommand struct {
	at       span
	name     *nameExpr // of the column with the sums of rows
	row, col bool
	fields   []*nameExpr // none for all columns
}

func parseAddtotals(p *parser, word token) command {
	c := &addtotalsCommand{at: word.span, name: &nameExpr{leaf: leaf{word.span}, parts: []string{"Total"}}, row: true}
	p.parseOptions("addtotals", []string{"fieldname", "row", "col"}, func(option string) {
		switch option {
		case "fieldname":
			c.name = p.parseName("a name after fieldname=")
		case "row":
			c.row = p.parseSwitch("row")
		case "col":
			c.col = p.parseSwitch("col")
		}
	})
	if p.tok.kind == tokenName || p.tok.kind == tokenQuoted {
		c.fields = p.parseNames("a field to add up")
	}
	if !c.row && !c.col {
		p.trap(word.span, "with row=false and without col=true this adds nothing", "")
	}
	return c
}

func (c *addtotalsCommand) String() string {
	var b strings.Builder
	b.WriteString("addtotals fieldname=")
	c.name.write(&b)
	fmt.Fprintf(&b, " row=%t col=%t", c.row, c.col)
	if len(c.fields) > 0 {
		b.WriteByte(' ')
		writeNameList(&b, c.fields)
	}
	return b.String()
}

func (c *addtotalsCommand) plan(pl *planner) {
	fields := c.fields
	if len(fields) == 0 {
		fields = pl.columnNames(c.at)
	}
	if c.row {
		items := make([]expr, len(fields))
		for i, x := range fields {
			items[i] = x
		}
		list := &listExpr{leaf: leaf{c.at}, items: items}
		pl.produce(c.name.span, &producer{source: list, names: []string{c.name.name()}, take: sumOfList})
		if !pl.fields && pl.shown == nil { // it is a column, and so are those that it adds up
			pl.listed = append(pl.listed, namesOf(c.fields)...)
		}
	}
	if c.col {
		if c.row {
			fields = append(fields[:len(fields):len(fields)], c.name)
		}
		pl.pass(&pass{at: c.at, text: c.String(), inputs: fields, outputs: namesOf(fields), run: addSums})
	}
}

func namesOf(list []*nameExpr) []string {
	names := make([]string, len(list))
	for i, x := range list {
		names[i] = x.name()
	}
	return names
}

// addend is the number that a value adds to a sum. A time adds none.
func (v Value) addend() (float64, bool) {
	if v.kind == KindTime {
		return 0, false
	}
	return v.Float64()
}

// sumOfList sets out to the sum of the numbers in a list; missing if there is
// none.
func sumOfList(v Value, out []Value) error {
	out[0] = Value{}
	var sum exactSum
	for _, item := range v.elements() {
		if x, ok := item.addend(); ok {
			sum.add(x)
			out[0] = numberValue(sum.value())
		}
	}
	return nil
}

// addSums gives the rows as they are and, behind them, one with the sum of each
// column that has numbers.
func addSums(rows passed, _ room) passed {
	return func(yield func(passedRow, error) bool) {
		var sums []exactSum
		var total []Value
		for row, err := range rows {
			if err != nil {
				yield(row, err)
				return
			}
			if sums == nil {
				sums, total = make([]exactSum, len(row.in)), make([]Value, len(row.in))
			}
			for i, v := range row.in {
				if x, ok := v.addend(); ok {
					sums[i].add(x)
					total[i] = numberValue(sums[i].value())
				}
			}
			copy(row.out, row.in)
			if !yield(row, nil) {
				return
			}
		}
		if total != nil {
			yield(passedRow{out: total}, nil)
		}
	}
}
