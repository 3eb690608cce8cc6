package query

import (
	"fmt"
	"strings"
)

var outlierInfo = commandInfo{
	name:   "outlier",
	syntax: "outlier [action=transform or remove] [param=number] [uselower=true or false] [mark=true or false] field ...",
	doc:    "Replaces the numbers of a field that lie above its third quartile by more than param times the distance of the quartiles, 2.5 without param, by that limit, or removes their rows; with uselower=true also those that lie as far below the first one. With mark=true the column outlier says which rows these are.",
	parse:  parseOutlier,
}

// An outlierCommand is outlier action=transform param=2.5 uselower=false
// mark=false a b.
type outlierCommand struct {
	at       span
	remove   bool
	param    *literal
	useLower bool
	mark     bool
	fields   []*nameExpr
}

// defaultParam is how many distances of the quartiles are too far.
// Source: the Logs Insights outlier page.
const defaultParam = "2.5"

// outlierMark is the column that mark=true adds. The reference does not name
// it.
const outlierMark = "outlier"

func parseOutlier(p *parser, word token) command {
	c := &outlierCommand{at: word.span, param: &literal{leaf{word.span}, writtenNumber(defaultParam)}}
	p.parseOptions("outlier", []string{"action", "param", "uselower", "mark"}, func(option string) {
		switch option {
		case "action":
			c.remove = p.parseChoice("action", "transform", "remove") == "remove"
		case "param":
			c.param = p.parsePositive("param")
		case "uselower":
			c.useLower = p.parseSwitch("uselower")
		case "mark":
			c.mark = p.parseSwitch("mark")
		}
	})
	for comma := true; comma || p.tok.kind == tokenName || p.tok.kind == tokenQuoted; {
		if p.atOption() {
			p.fail(p.tok.span, ErrUse, "the options of outlier stand before its fields", "")
		}
		c.fields = append(c.fields, p.parseName("a field to look for outliers in"))
		comma = p.accept(",") // it is not needed
	}
	return c
}

// parsePositive reads a number that is greater than 0.
func (p *parser) parsePositive(option string) *literal {
	tok := p.tok
	if tok.kind == tokenNumber {
		if x, ok := p.parseOperand().(*literal); ok {
			if f, _ := x.value.Float64(); f > 0 {
				return x
			}
		}
	}
	p.fail(tok.span, ErrUse, fmt.Sprintf("%s is a number greater than 0, not %s", option, tok.describe(p.src)), "")
	return nil
}

func (c *outlierCommand) String() string {
	var b strings.Builder
	action := "transform"
	if c.remove {
		action = "remove"
	}
	fmt.Fprintf(&b, "outlier action=%s param=%s uselower=%t mark=%t", action, c.param.value, c.useLower, c.mark)
	for _, x := range c.fields {
		b.WriteByte(' ')
		x.write(&b)
	}
	return b.String()
}

func (c *outlierCommand) plan(pl *planner) {
	outputs := namesOf(c.fields)
	if c.mark {
		outputs = append(outputs, outlierMark)
	}
	pl.pass(&pass{at: c.at, text: c.String(), inputs: c.fields, outputs: outputs, run: c.run})
}

// run goes over the rows twice: to find what is too far, and to look for it.
func (c *outlierCommand) run(rows passed, in room) passed {
	return func(yield func(passedRow, error) bool) {
		fences, err := c.fences(rows, in)
		if err != nil {
			yield(passedRow{}, err)
			return
		}
		for row, err := range rows {
			if err == nil && c.check(row, fences) && c.remove {
				continue
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// check sets the outputs of a row, and reports whether it has an outlier.
func (c *outlierCommand) check(row passedRow, fences []fence) bool {
	found := false
	for i, v := range row.in {
		row.out[i] = v
		x, ok := v.addend()
		switch f := fences[i]; {
		case ok && x > f.upper:
			row.out[i], found = numberValue(f.upper), true
		case ok && x < f.lower && c.useLower:
			row.out[i], found = numberValue(f.lower), true
		}
	}
	if c.mark {
		row.out[len(row.in)] = boolValue(found)
	}
	return found
}

// A fence is what numbers lie between that are no outliers, both included.
type fence struct{ lower, upper float64 }

// fences finds the fence of each field. Where a field has no numbers it is of
// no consequence.
func (c *outlierCommand) fences(rows passed, in room) ([]fence, error) {
	in.bytes /= len(c.fields)
	numbers := make([]*distribution, len(c.fields))
	for i := range numbers {
		numbers[i] = newDistribution(in)
		defer numbers[i].spool.close()
	}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		for i, v := range row.in {
			if x, ok := v.addend(); ok {
				if err := numbers[i].add(x); err != nil {
					return nil, err
				}
			}
		}
	}
	param, _ := c.param.value.Float64()
	fences := make([]fence, len(numbers))
	for i, d := range numbers {
		quartiles, err := d.ranks(25, 75)
		if err != nil {
			return nil, err
		}
		if len(quartiles) == 2 {
			reach := param * (quartiles[1] - quartiles[0])
			fences[i] = fence{quartiles[0] - reach, quartiles[1] + reach}
		}
	}
	return fences, nil
}
