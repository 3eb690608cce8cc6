package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// TestHostileQueries checks that no query costs more than its length is worth:
// each is refused, or parsed and run over an event, within a moment.
func TestHostileQueries(t *testing.T) {
	event := audit.List{{Raw: []byte(`{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!","b":1}`)}}
	fill := func(head, unit, tail string, size int) string {
		return head + strings.Repeat(unit, (size-len(head)-len(tail))/len(unit)) + tail
	}
	for _, test := range []struct {
		name, src string
		err       error // nil if the query runs
		message   string
	}{
		{"parentheses", "filter " + strings.Repeat("(", 10_000) + "1" + strings.Repeat(")", 10_000), ErrSyntax, "nest more than 1000 deep"},
		{"open parentheses", fill("filter ", "(", "", maxBytes), ErrSyntax, "nest more than 1000 deep"},
		{"brackets", fill("filter ", "[", "", maxBytes), ErrSyntax, "nest more than 1000 deep"},
		{"calls", fill("filter ", "abs(", "", maxBytes), ErrSyntax, "nest more than 1000 deep"},
		{"not", fill("filter ", "not ", "1", maxBytes), ErrSyntax, "nest more than 1000 deep"},
		{"bangs", fill("filter ", "!", "1", maxBytes), ErrSyntax, "nest more than 1000 deep"},
		{"signs", fill("filter ", "-", "1", maxBytes), ErrSyntax, "nest more than 1000 deep"},
		{"powers", fill("filter ", "1^", "1", maxBytes), ErrSyntax, "nest more than 1000 deep"},
		{"indexes", fill("fields a", "[0]", "", maxBytes), nil, ""},
		{"sum", fill("filter ", "1+", "1", maxBytes), nil, ""},
		{"conjunction", fill("filter a==1", " and a==1", "", maxBytes), nil, ""},
		{"disjunction", fill("filter 1", " or a", "", maxBytes), nil, ""},
		{"list", fill("filter a in [1", ",1", "]", maxBytes), nil, ""},
		{"literals", literals(maxBytes), nil, ""},
		{"columns", fill("fields a", ",a", "", maxBytes), nil, ""},
		{"different columns", columns(maxBytes), nil, ""},
		{"aliases", fill("fields a as b", ",b as b", "", maxBytes), nil, ""},
		{"shadowing aliases", fill("filter b|fields b+1 as b", ",b+1 as b", "", maxBytes), nil, ""},
		{"chain of aliases", chain(maxBytes), nil, ""},
		{"commands", fill("limit 1", "|limit 1", "", maxBytes), nil, ""},
		{"bars", fill("", "| ", "", maxBytes), ErrSyntax, "the query is empty"},
		{"comments", fill("", "# nothing\n", "", maxBytes), ErrSyntax, "the query is empty"},
		{"text", fill(`filter a like "`, "x", `"`, maxBytes), nil, ""},
		{"name", fill("fields ", "a.", "a", maxBytes), nil, ""},
		{"number", fill("fields ", "9", "", maxBytes), ErrSyntax, "this number is too large"},
		{"regex", fill("filter a like /", "a?", "/", 10_000), nil, ""},
		{"long regex", fill("filter a like /", "a?", "/", maxBytes), ErrUse, "no more than 10000 are taken"},
		{"regex that is large", "filter a like /(" + strings.Repeat("a", 300) + "){1000}/", ErrUse, "repeats too much"},
		{"regexes that are large", fill("filter 1=1", " or a like /("+strings.Repeat("ab?", 30)+"){1000}/", "", maxBytes), ErrUse, "too large together"},
		{"regex that backtracks elsewhere", "filter a like /^(a+)+$/", nil, ""},
		{"regex with repeats", "filter a like /((a{100}){100}){100}/", ErrSyntax, "not valid"},
		{"regex with parentheses", fill("filter a like /", "(", "/", 10_000), ErrSyntax, "not valid"},
		{"limit", "limit 9999999999", nil, ""},
		{"passes", fill("accum b", "|accum b", "", 100_000), ErrUse, "more than 1000 commands"},
		{"stats", fill("stats count(*)", "|stats count(*)", "", 100_000), ErrUse, "more than 1000 commands"},
		{"aggregates", fill("stats count(*)", ",count(*)", "", maxBytes), nil, ""},
		{"duration", "stats count(*) by bin(" + strings.Repeat("9", 400) + "d)", ErrSyntax, "too long"},
		{"period", "fields datefloor(@timestamp, 99999999999999y)", ErrUse, "no period"},
		{"fields with control characters", "fields \"a\x1b[2J\" as x, `\x07` | sort y\x00", ErrSyntax, `unexpected character '\x00'`},
		{"not UTF-8", "filter a = \xc3\x28", ErrSyntax, "not valid UTF-8"},
		{"not UTF-8 in a text", "filter a = \"\xc3\x28\"", nil, ""},
		{"NUL", "filter a = \x00", ErrSyntax, `unexpected character '\x00'`},
		{"NUL in a text", "filter a = \"\x00\"", nil, ""},
		{"too long", fill("filter a = 1", " ", "", maxBytes+1), ErrUse, "no more than 262144 are taken"},
	} {
		t.Run(test.name, func(t *testing.T) {
			begun := time.Now()
			defer func() {
				if took := time.Since(begun); took > 30*time.Second {
					t.Errorf("took %v", took)
				}
			}()
			q, err := Parse(test.src)
			if err != nil || test.err != nil {
				if test.message != "" && (!errors.Is(err, test.err) || !strings.Contains(err.Error(), test.message)) {
					t.Errorf("%.200v", err)
				}
				return
			}
			if again, err := Parse(q.String()); err != nil && len(q.String()) <= maxBytes || err == nil && again.String() != q.String() {
				t.Errorf("canonical text: %.200v", err)
			}
			q.Explain()
			run(t, q, event, nil)
		})
	}
}

// TestHostileEvents checks that what stands in an event costs no query more than
// a moment, and that a run which would not end says so.
func TestHostileEvents(t *testing.T) {
	const mega = 1 << 20
	long := `{"a":"` + strings.Repeat("a", mega) + `"}`
	deep := strings.Repeat("[", mega/2) + strings.Repeat("]", mega/2)
	stars := strings.TrimSuffix(strings.Repeat("x,", 1000), ",")
	for _, test := range []struct {
		name, event, src string
		message          string // of the error; "" if there is none
	}{
		{"glob of wildcards", long, `parse a "` + strings.Repeat("*", 1000) + `" as ` + stars, ""},
		{"glob of stars", long, `parse a "` + strings.Repeat("*a", 999) + `*b" as ` + stars, ""},
		{"deep JSON in a text", `{"a":"` + deep + `"}`, "fields jsonParse(a) as m, jsonArraySize(a), jsonStringify(m), m.0.0.0", ""},
		{"deep JSON in a text, as rows", `{"a":"` + deep + `"}`, "fields jsonParse(a) as m | unnest m into x | display x", ""},
		{"deep event", `{"a":` + deep + `}`, "expand a | fields a.0.0.0", ""},
		{"matches of matches", long, "parse a /(?<x>a)/ multi | parse a /(?<y>a)/ multi | filter x != y", "more than 4,194,304 rows of one event"},
	} {
		t.Run(test.name, func(t *testing.T) {
			begun := time.Now()
			_, err := collect(MustParse(test.src).Run(t.Context(), audit.List{{Raw: []byte(test.event)}}, nil))
			if test.message == "" && err != nil || test.message != "" && (err == nil || !strings.Contains(err.Error(), test.message)) {
				t.Errorf("%.200v", err)
			}
			if took := time.Since(begun); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// literals is a query that compares one field with many texts.
func literals(size int) string {
	var b strings.Builder
	b.WriteString("filter a")
	for i := 0; b.Len() < size-100; i++ {
		fmt.Fprintf(&b, "|filter a=\"text%d\"", i)
	}
	return b.String()
}

// columns is a query of many columns.
func columns(size int) string {
	var b strings.Builder
	b.WriteString("fields a")
	for i := 0; b.Len() < size-100; i++ {
		fmt.Fprintf(&b, ",a%d", i)
	}
	return b.String()
}

// chain is a query in which each name is made of the next.
func chain(size int) string {
	var b strings.Builder
	b.WriteString("display n0|fields ")
	i := 0
	for ; b.Len() < size-100; i++ {
		fmt.Fprintf(&b, "n%d as n%d,", i+1, i)
	}
	fmt.Fprintf(&b, "b as n%d", i)
	return b.String()
}

// TestManyCalls checks that calls of saved queries make no query larger than this
// package takes, and that many of them take no long time.
func TestManyCalls(t *testing.T) {
	const call = "$Q(p=name)"
	calls := func(n int) string { return strings.TrimSuffix(strings.Repeat(call+"|", n), "|") }
	long := "fields {{p}} # " + strings.Repeat("{{p}}", 40)
	for _, test := range []struct {
		src, text, want string
	}{
		{calls(maxCalls), "fields {{p}}", ""},
		{calls(maxCalls), long, ""},
		{calls(maxCalls + 1), "fields {{p}}", "a query calls up to 1000 saved queries"},
		{calls(maxCalls), "limit 1 # " + strings.Repeat("{{p}}", 100), "bytes, and no more than 262144 are taken"},
		{"$Q(p=" + strings.Repeat("n", 100<<10) + ")", strings.Repeat("{{p}}", 50<<10), "the query has 307200 bytes, and no more than 262144 are taken"},
	} {
		start := time.Now()
		_, err := ParseWith(test.src, &ParseOptions{Saved: map[string]SavedQuery{"Q": {Text: test.text}}})
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%.40s: %v", test.text, took)
		}
		if (err != nil) != (test.want != "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.40s: %v, want %s", test.text, err, test.want)
		}
	}
}

// TestUnknownNames checks that every name of the tables is found, one letter of
// it being wrong, by the error at its place: nothing is passed over.
func TestUnknownNames(t *testing.T) {
	wrong := func(name string) string { return name[:1] + "q" + name[1:] }
	for _, table := range []struct {
		names  []string
		format string
	}{
		{slices.Concat(commandNames(), unsupportedCommands), "limit 1 | %s x"},
		{slices.Concat(functionNames(), aggregateNames()), "stats %s(x)"},
	} {
		for _, name := range table.names {
			src := fmt.Sprintf(table.format, wrong(name))
			_, err := Parse(src)
			e, ok := errors.AsType[*Error](err)
			at := strings.Index(src, wrong(name))
			if !ok || !errors.Is(err, ErrName) || e.Pos.Offset != at || e.End.Offset != at+len(wrong(name)) {
				t.Errorf("%s: %v", src, err)
			} else if near := nearest(wrong(name), table.names); e.Hint != fmt.Sprintf("did you mean %q?", near) && near != "" {
				t.Errorf("%s: %v, without %s", src, err, near)
			}
		}
	}
}

// TestArgumentCounts checks that a call with an argument too few or too many is
// refused as a whole, with the syntax of the function.
func TestArgumentCounts(t *testing.T) {
	check := func(name, syntax string, count int) {
		call := name + "(" + strings.TrimSuffix(strings.Repeat("1,", count), ",") + ")"
		_, err := Parse("stats " + call)
		e, ok := errors.AsType[*Error](err)
		if !ok || !errors.Is(err, ErrUse) || e.Query[e.Pos.Offset:e.End.Offset] != call || e.Hint != syntax {
			t.Errorf("%s: %v", call, err)
		}
	}
	for _, fn := range functions {
		if fn.least > 0 {
			check(fn.name, fn.syntax, fn.least-1)
		}
		if fn.most >= 0 {
			check(fn.name, fn.syntax, fn.most+1)
		}
	}
	for _, agg := range aggregates {
		if agg.least > 0 {
			check(agg.name, agg.syntax, agg.least-1)
		}
		check(agg.name, agg.syntax, agg.most+1)
	}
}

// TestLongQuery checks that a query which is too long for the service only is
// remarked on, and refused in strict mode. Characters count, not bytes, and those
// of the values of parameters.
func TestLongQuery(t *testing.T) {
	head := "fields a # "
	src := head + strings.Repeat("ü", maxQuery-len(head))
	if notes := MustParse(src).Diagnostics(); len(notes) != 0 {
		t.Errorf("%d characters: %v", maxQuery, notes)
	}
	const reason = "the query has 10001 characters, and no more than 10000 are taken"
	if notes := MustParse(src + "ü").Diagnostics(); len(notes) != 1 || notes[0].String() != "query:1:1: refused by the service: "+reason+"; here it runs" {
		t.Errorf("%d characters: %v", maxQuery+1, notes)
	}
	values := map[string]string{"p": strings.Repeat("x", maxQuery-len("fields "))}
	for _, test := range []struct {
		src, want string
	}{{"fields {{p}}", ""}, {"fields {{p}} ", "query:1:1: " + reason}} {
		got := ""
		if _, err := ParseWith(test.src, &ParseOptions{Mode: ModeStrict, Parameters: values}); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s, strictly: %s", test.src, got)
		}
	}
}
