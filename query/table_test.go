package query

import (
	"slices"
	"strings"
	"testing"
)

// TestTables checks that the tables of commands and functions are whole.
func TestTables(t *testing.T) {
	usedCommands, usedFunctions := used(t)
	for _, c := range commands {
		checkEntry(t, c.name, c.syntax, c.doc)
		if !strings.HasPrefix(c.syntax, c.name) || c.parse == nil {
			t.Errorf("command %s: syntax %q", c.name, c.syntax)
		}
		for _, name := range append([]string{c.name}, c.aliases...) {
			if commandNamed(strings.ToUpper(name)) == nil || commandNamed(strings.ToLower(name)) == nil {
				t.Errorf("command %s is not found in upper or lower case", name)
			}
			if !usedCommands[strings.ToLower(name)] {
				t.Errorf("no vector has the command %s", name)
			}
		}
	}
	for _, fn := range functions {
		checkEntry(t, fn.name, fn.syntax, fn.doc)
		if !strings.HasPrefix(fn.syntax, fn.name+"(") || !oneIsSet(fn) || fn.most >= 0 && fn.most < fn.least {
			t.Errorf("function %s: syntax %q, %d to %d arguments", fn.name, fn.syntax, fn.least, fn.most)
		}
		for _, name := range append([]string{fn.name}, fn.aliases...) {
			if functionNamed(strings.ToUpper(name)) == nil {
				t.Errorf("function %s is not found in upper case", name)
			}
		}
		if !usedFunctions[fn.name] {
			t.Errorf("no vector has the function %s", fn.name)
		}
	}
	for _, agg := range aggregates {
		checkEntry(t, agg.name, agg.syntax, agg.doc)
		if !strings.HasPrefix(agg.syntax, agg.name+"(") || agg.states == nil || agg.most < 1 {
			t.Errorf("aggregate %s: syntax %q, %d to %d arguments", agg.name, agg.syntax, agg.least, agg.most)
		}
		if !usedFunctions[agg.name] {
			t.Errorf("no vector has the aggregate %s", agg.name)
		}
	}
}

// oneIsSet reports whether the function has one way to be evaluated.
func oneIsSet(fn function) bool {
	n := 0
	for _, set := range []bool{fn.eval != nil, fn.period != nil, fn.prepare != nil} {
		if set {
			n++
		}
	}
	return n == 1
}

// used are the words at which commands can stand and the functions that are
// called in the vectors that run.
func used(t *testing.T) (commands, functions map[string]bool) {
	commands, functions = map[string]bool{}, map[string]bool{}
	for _, v := range vectors(t) {
		q, err := Parse(v.query)
		if err != nil {
			continue
		}
		for word := range strings.FieldsFuncSeq(strings.ToLower(v.query), func(r rune) bool { return !isNamePart(r) }) {
			commands[word] = true
		}
		for _, x := range expressions(q) {
			walk(x, func(x expr) {
				switch call := x.(type) {
				case *callExpr:
					functions[call.fn.name] = true
				case *aggregateExpr:
					functions[call.fn.name] = true
				}
			})
		}
	}
	return commands, functions
}

// expressions are the expressions of the query's commands.
func expressions(q *Query) []expr {
	var out []expr
	for _, c := range q.commands {
		var items []item
		switch c := c.(type) {
		case *fieldsCommand:
			items = c.items
		case *displayCommand:
			items = c.items
		case *statsCommand:
			items = slices.Concat(c.items, c.keys)
		case *filterCommand:
			out = append(out, c.condition)
		}
		for _, it := range items {
			out = append(out, it.expr)
		}
	}
	return out
}

func checkEntry(t *testing.T, name, syntax, doc string) {
	t.Helper()
	if name == "" || syntax == "" || !strings.HasSuffix(doc, ".") {
		t.Errorf("%q: syntax %q, doc %q", name, syntax, doc)
	}
}

// TestTableNames checks that no name is in two tables, and that tables are
// sorted so that a name is easy to find in them.
func TestTableNames(t *testing.T) {
	for _, table := range []struct {
		what  string
		lists [][]string
	}{
		{"commands", [][]string{commandNames(), unsupportedCommands}},
		{"functions", [][]string{functionNames(), aggregateNames()}},
	} {
		seen := map[string]bool{}
		for _, name := range slices.Concat(table.lists...) {
			if seen[strings.ToLower(name)] {
				t.Errorf("%s: %s is there twice", table.what, name)
			}
			seen[strings.ToLower(name)] = true
		}
	}
	names := func(functions []function) []string {
		var out []string
		for _, fn := range functions {
			out = append(out, fn.name)
		}
		return out
	}
	var main, called []string
	for _, c := range commands {
		main = append(main, c.name)
	}
	for _, agg := range aggregates {
		called = append(called, agg.name)
	}
	for what, list := range map[string][]string{
		"commands": main, "unsupportedCommands": unsupportedCommands,
		"aggregates":        called,
		"encodingFunctions": names(encodingFunctions), "ipFunctions": names(ipFunctions), "jsonFunctions": names(jsonFunctions),
		"generalFunctions": names(generalFunctions), "numberFunctions": names(numberFunctions),
		"stringFunctions": names(stringFunctions), "timeFunctions": names(timeFunctions),
	} {
		sorted := slices.IsSortedFunc(list, func(a, b string) int {
			return strings.Compare(strings.ToLower(strings.ReplaceAll(a, "_", "")), strings.ToLower(strings.ReplaceAll(b, "_", "")))
		})
		if !sorted {
			t.Errorf("%s is not sorted: %q", what, list)
		}
	}
	for _, group := range binaryOperators {
		if binaryOperatorOf(group.symbol).eval == nil || !slices.Contains(symbols, group.symbol) {
			t.Errorf("operator %s", group.symbol)
		}
	}
}
