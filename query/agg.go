package query

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// An aggregate is one row of the aggregate table: a function of many rows,
// which only stats can call.
type aggregate struct {
	name    string // as it is printed; it is found in any case
	aliases []string
	syntax  string
	doc     string // one sentence
	least   int    // fewest arguments
	most    int    // most arguments

	constant *constant // the argument besides the field; nil if there is none

	timed     bool // it looks at the @timestamp of each row
	perPeriod bool // it is meant to stand in a stats by bin
	alone     bool // no other aggregate and no key can stand beside it
	structure bool // its value is a list or a map

	// states makes room for the states of the groups. arg is the constant;
	// missing if there is none.
	states func(arg Value) states
}

// A constant is an argument of an aggregate that is the same for all rows.
type constant struct {
	first  bool // it stands before the field
	period bool // it is a period, and counts as its milliseconds

	// fit checks the constant. The message says what is wrong with it or, if it
	// fits, what is remarkable about it.
	fit func(arg Value) (msg string, ok bool)
}

// value is the constant that x spells, if it is one of the right sort.
func (c *constant) value(x expr) (Value, bool) {
	switch x := x.(type) {
	case *literal:
		return x.value, !c.period
	case *durationExpr:
		return numberValue(x.millis()), c.period && x.unit.months == 0
	}
	return Value{}, false
}

// wholeBetween is a fit for whole numbers.
func wholeBetween(what string, least, most float64) func(Value) (string, bool) {
	return func(arg Value) (string, bool) {
		n, ok := arg.Float64()
		if !ok || arg.kind != KindNumber || n != math.Trunc(n) || n < least || n > most {
			return fmt.Sprintf("%s is a whole number from %g to %g, not %s", what, least, most, arg), false
		}
		return "", true
	}
}

// A moment is when and where a row was met.
type moment struct {
	micros int64 // its @timestamp, in microseconds since the Unix epoch
	timed  bool  // whether it has one; never unless an aggregate looks at it
	seen   place
}

// States are the states of one aggregate, one for every group; groups have
// numbers from 0. They are what partial results are made of: states of the
// same group that have seen different rows can be merged, in any order, with
// the same result.
type states interface {
	// grow adds the empty state of a new group.
	grow()

	// add lets a group's state see the argument's value for one row, missing
	// ones included. The value may be borrowed, and at is used again for the
	// next row.
	add(group int, v Value, at *moment)

	// merge lets a group's state see all that another has seen.
	merge(group int, from states, other int)

	// result is what a group's state comes to.
	result(group int) Value

	// append encodes a group's state behind dst.
	append(dst []byte, group int) []byte

	// load adds a new group whose state is encoded at the start of src, and
	// returns what stands behind it.
	load(src []byte) ([]byte, error)

	// size estimates the memory of all states in bytes.
	size() int
}

// aggregates are all aggregates. A new one is a file and a row.
var aggregates = []aggregate{
	avgAggregate,
	countAggregate,
	countDistinctAggregate,
	countOverTimeAggregate,
	earliestAggregate,
	histogramAggregate,
	latestAggregate,
	maxAggregate,
	medianAggregate,
	minAggregate,
	pctAggregate,
	rateAggregate,
	sortsFirstAggregate,
	sortsLastAggregate,
	stddevAggregate,
	sumAggregate,
	sumOverTimeAggregate,
	topkAggregate,
	valuesAggregate,
	varianceAggregate,
}

// aggregateNamed finds an aggregate by its name or alias in any case; nil if
// there is none.
func aggregateNamed(name string) *aggregate {
	for i := range aggregates {
		agg := &aggregates[i]
		if strings.EqualFold(agg.name, name) || slices.ContainsFunc(agg.aliases, func(s string) bool { return strings.EqualFold(s, name) }) {
			return agg
		}
	}
	return nil
}

func aggregateNames() []string {
	var names []string
	for _, agg := range aggregates {
		names = append(append(names, agg.name), agg.aliases...)
	}
	return names
}
