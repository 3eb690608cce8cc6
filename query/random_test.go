package query

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

// A grammar makes random queries. It knows the commands, functions and aggregates
// by the tables, and how they are called by the vectors: what is a new row of a
// table, and has a vector, is in random queries too.
type grammar struct {
	commands   []string // of the vectors, one or two together, as they are printed
	literals   []string
	calls      map[*function][]*callExpr
	aggregates map[*aggregate][]*aggregateExpr
}

// theGrammar is made once.
var theGrammar = sync.OnceValue(func() *grammar {
	g := &grammar{calls: map[*function][]*callExpr{}, aggregates: map[*aggregate][]*aggregateExpr{}}
	var t testing.T // the vectors are read in every test, with errors
	for _, v := range vectors(&t) {
		q, err := Parse(v.query)
		if err != nil {
			continue
		}
		for i := range q.commands { // some can only stand behind another
			for _, some := range [][]command{q.commands[i : i+1], q.commands[max(0, i-1) : i+1]} {
				if text := (&Query{commands: some}).String(); len(text) < 300 { // the long ones are of limits
					g.commands = append(g.commands, text)
				}
			}
		}
		for _, x := range expressions(q) {
			walk(x, g.learn)
		}
	}
	return g
})

// learn takes what can stand elsewhere.
func (g *grammar) learn(x expr) {
	switch x := x.(type) {
	case *callExpr:
		g.calls[x.fn] = append(g.calls[x.fn], x)
	case *aggregateExpr:
		g.aggregates[x.fn] = append(g.aggregates[x.fn], x)
		if x.of != nil {
			walk(x.of, g.learn)
		}
	case *literal, *durationExpr:
		if text := exprText(x); len(text) < 50 {
			g.literals = append(g.literals, text)
		}
	}
}

// eventNames are fields that most events have, some, and none; one is defined by
// random queries.
var eventNames = []string{
	"verb", "user.username", "objectRef.resource", "objectRef.namespace", "responseStatus.code", "user.groups.0", "@timestamp",
	"annotations.`authorization.k8s.io/decision`", "@message", "stage", "objectRef", "nothing", "`a name`", "x",
}

func one[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

// query is a random query. It may be refused.
func (g *grammar) query(random *rand.Rand) string {
	commands := make([]string, 1+random.IntN(5))
	for i := range commands {
		commands[i] = g.command(random)
	}
	return strings.Join(commands, one(random, []string{" | ", "\n| ", "|"}))
}

func (g *grammar) command(random *rand.Rand) string {
	alias := one(random, []string{"", "", " as x", " as y", " AS `a name`"})
	switch random.IntN(8) {
	case 0:
		return "FILTER " + g.expr(random, 3)
	case 1:
		return "fields " + g.expr(random, 3) + alias + ", " + g.expr(random, 1) + " as z"
	case 2:
		text := "stats " + g.aggregate(random) + alias
		if random.IntN(2) == 0 {
			text += " by " + g.expr(random, 2) + " as y"
		}
		return text
	case 3:
		return "sort x desc, " + one(random, eventNames)
	}
	return one(random, g.commands)
}

// expr is a random expression, with parentheses where it pleases.
func (g *grammar) expr(random *rand.Rand, depth int) string {
	if depth == 0 || random.IntN(6) == 0 {
		if random.IntN(3) == 0 {
			return one(random, g.literals)
		}
		return one(random, eventNames)
	}
	a, b := g.operand(random, depth-1), g.operand(random, depth-1)
	switch random.IntN(10) {
	case 0:
		return a + one(random, []string{" and ", " or ", " AND ", " Or "}) + b
	case 1:
		return one(random, []string{"not ", "!", "-", "+", "- - "}) + a
	case 2, 3:
		return a + one(random, []string{" like ", " not like ", " =~ "}) + one(random, []string{b, "/e/", `/^(?i)S\/y/`, `"a\\b\"c"`, "/a.*?(?<n>b)/"})
	case 4:
		return a + one(random, []string{" in ", " not in "}) + "[" + b + ", " + one(random, g.literals) + "]"
	case 5, 6, 7:
		return g.call(random, depth)
	}
	return a + " " + binaryOperators[random.IntN(len(binaryOperators))].symbol + " " + b
}

// operand is an expression that is in parentheses half of the time.
func (g *grammar) operand(random *rand.Rand, depth int) string {
	x := g.expr(random, depth)
	if random.IntN(2) == 0 {
		return "(" + x + ")"
	}
	return x
}

// call is a call of any function, as a vector has it but for the arguments that
// are no constants.
func (g *grammar) call(random *rand.Rand, depth int) string {
	fn := &functions[random.IntN(len(functions))]
	called := one(random, g.calls[fn])
	var args []string
	for _, arg := range called.args[called.implied:] {
		args = append(args, g.instead(random, arg, depth))
	}
	if fn.most < 0 && random.IntN(3) == 0 {
		args = append(args, g.expr(random, depth-1))
	}
	return fmt.Sprintf("%s(%s)", fn.name, strings.Join(args, ", "))
}

// instead is x, or another expression in the place of one that is no constant.
func (g *grammar) instead(random *rand.Rand, x expr, depth int) string {
	if _, constant := constantOf(x); !constant && random.IntN(2) == 0 {
		if _, duration := x.(*durationExpr); !duration {
			return g.expr(random, depth-1)
		}
	}
	return exprText(x)
}

// aggregate is a call of any aggregate, or two that are computed with.
func (g *grammar) aggregate(random *rand.Rand) string {
	called := *one(random, g.aggregates[&aggregates[random.IntN(len(aggregates))]])
	if q, err := Parse("fields " + g.expr(random, 2) + " as z"); err == nil && called.of != nil {
		called.of = q.commands[0].(*fieldsCommand).items[0].expr
	}
	text := exprText(&called)
	if random.IntN(4) == 0 {
		return text + " / " + g.aggregate(random)
	}
	return text
}

// randomQuery is a random query that is not refused. Few are, of one command.
func randomQuery(random *rand.Rand) *Query {
	for {
		if q, err := Parse(theGrammar().query(random)); err == nil {
			return q
		}
	}
}

// TestGrammar checks that random queries have every command, function and
// aggregate in them.
func TestGrammar(t *testing.T) {
	missing := map[string]bool{}
	for _, c := range commands {
		missing[strings.ToLower(c.name)] = true
	}
	for i := range functions {
		missing[functions[i].name] = true
	}
	for i := range aggregates {
		missing[aggregates[i].name] = true
	}
	for seed := range uint64(20_000) {
		q := randomQuery(rand.New(rand.NewPCG(seed, 20)))
		for _, c := range q.commands {
			word, _, _ := strings.Cut(c.String(), " ")
			delete(missing, strings.ToLower(word))
		}
		for _, x := range expressions(q) {
			walk(x, func(x expr) {
				switch call := x.(type) {
				case *callExpr:
					delete(missing, call.fn.name)
				case *aggregateExpr:
					delete(missing, call.fn.name)
				}
			})
		}
		if len(missing) == 0 {
			t.Logf("all are in the first %d", seed+1)
			return
		}
	}
	t.Errorf("never in a random query: %v", missing)
}
