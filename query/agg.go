package query

import (
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

	// fit checks the arguments behind the first, which are constants; nil if
	// there are none. The message says what is wrong with them or, if they
	// fit, what is remarkable about them.
	fit func(args []Value) (msg string, ok bool)

	// states makes room for the states of the groups. args are the constant
	// arguments.
	states func(args []Value) states
}

// States are the states of one aggregate, one for every group; groups have
// numbers from 0. They are what partial results are made of: states of the
// same group that have seen different rows can be merged, in any order, with
// the same result.
type states interface {
	// grow adds the empty state of a new group.
	grow()

	// add lets a group's state see the argument's value for one row, missing
	// ones included. The value may be borrowed.
	add(group int, v Value)

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
	maxAggregate,
	minAggregate,
	pctAggregate,
	sumAggregate,
}

// unsupportedAggregates are those of the service that the table lacks.
// Source: the Logs Insights stats page.
var unsupportedAggregates = []string{
	"countOverTime", "earliest", "histogram", "latest", "median", "rate", "sortsFirst", "sortsLast", "stddev",
	"sumOverTime", "topk", "values", "variance",
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
