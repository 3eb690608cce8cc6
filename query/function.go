package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A function is one row of the function table.
type function struct {
	name    string // as it is printed; it is found in any case
	aliases []string
	syntax  string
	doc     string // one sentence
	least   int    // fewest arguments
	most    int    // most arguments; -1 for any number

	// structure says that the value is a list or a map, picks that it is one of
	// the arguments.
	structure, picks bool

	// eval computes the value. The arguments are gone when it returns; their
	// texts may stay part of it.
	eval func(args []Value) Value

	// period, in the place of eval, is for functions of a time and a duration.
	period func(t Value, d duration) Value

	// prepare, in the place of eval, makes the body of one call.
	prepare func(c *preparation) body
}

// A body computes the value of one call, as eval does.
type body func(f *frame, args []Value) Value

// A preparation is that of one call, whose constant arguments are known. It
// refuses those that never fit.
type preparation struct {
	*parser
	call *callExpr
}

// constant is the n-th argument, if there is one and it is a constant.
func (c *preparation) constant(n int) (Value, bool) {
	if n >= len(c.call.args) {
		return Value{}, false
	}
	return constantOf(c.call.args[n])
}

func constantOf(x expr) (Value, bool) {
	switch x := x.(type) {
	case *literal:
		return x.value, true
	case *signExpr:
		v, ok := constantOf(x.x)
		return x.apply(v), ok
	}
	return Value{}, false
}

// text is the n-th argument, which must be a constant text; "" if there is
// none.
func (c *preparation) text(n int) string {
	if n >= len(c.call.args) {
		return ""
	}
	v, ok := c.constant(n)
	if !ok || v.kind != KindString {
		c.refuse(n, ErrUse, fmt.Sprintf("argument %d of %s is a constant text", n+1, c.call.fn.name), c.call.fn.syntax)
	}
	return v.text
}

// refuse ends the parse at the n-th argument.
func (c *preparation) refuse(n int, kind error, msg, hint string) {
	c.fail(c.call.args[n].extent(), kind, msg, hint)
}

// functions are all functions, in groups that each have a file.
var functions = slices.Concat(generalFunctions, numberFunctions, stringFunctions, encodingFunctions, jsonFunctions, ipFunctions, timeFunctions)

// functionNamed finds a function by its name or alias in any case; nil if there
// is none.
func functionNamed(name string) *function {
	for i := range functions {
		fn := &functions[i]
		if strings.EqualFold(fn.name, name) || slices.ContainsFunc(fn.aliases, func(s string) bool { return strings.EqualFold(s, name) }) {
			return fn
		}
	}
	return nil
}

func functionNames() []string {
	var names []string
	for _, fn := range functions {
		names = append(append(names, fn.name), fn.aliases...)
	}
	return names
}

// maxText bounds the length of a text that a function makes: calls inside of
// calls make texts as long as they like of short ones.
const maxText = 4 << 20

// errTooLong says that a text is longer. A function that might go far beyond
// the bound may end its text anywhere behind it.
var errTooLong = errors.New("query: a function makes a text of more than 4 MiB of this event")

// tooLong reports whether v is a text that is too long, and that none of the
// arguments already was.
func tooLong(v Value, args []Value) bool {
	return len(v.text) > maxText && !v.isStructure() && !slices.ContainsFunc(args, func(arg Value) bool { return len(arg.text) >= len(v.text) })
}

// arity says how many arguments something takes. A most of -1 is none.
func arity(least, most int) string {
	switch {
	case most == least:
		return counted(least, "argument")
	case most < 0:
		return counted(least, "argument") + " or more"
	case least == 0:
		return "at most " + counted(most, "argument")
	}
	return fmt.Sprintf("%d to %d arguments", least, most)
}

// counted says how many there are of something.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
