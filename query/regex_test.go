package query

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// TestBacktracking checks that an expression which backtracks without end gives
// an error for the event, and that the run goes on with the next.
func TestBacktracking(t *testing.T) {
	slow := `{"a":"` + strings.Repeat("a", 40) + `!"}`
	events := audit.List{
		{Raw: []byte(slow), Stream: strings.Repeat("a", 40) + "!", Pos: audit.Pos{File: "log", Line: 1}},
		{Raw: []byte(`{"a":"aaa"}`), Stream: "aaa", Pos: audit.Pos{File: "log", Line: 2}},
	}
	const re = `^(a+)+(?!b)$`
	for _, src := range []string{
		"fields a | filter a like /" + re + "/",
		"fields a | filter @logStream like /" + re + "/",
		"parse a /(?<x>" + re + ")/ | fields a",
		"parse a /(?<x>" + re + ")/ multi | fields a",
		`fields regexReplace(a, "` + re + `", "$0") as a`,
		"stats count(*) as n by a, a like /" + re + "/ as m | fields a",
		"stats max(a) as m, sum(a like /" + re + "/) as s | fields m as a",
	} {
		t.Run(src, func(t *testing.T) {
			t.Parallel()
			for _, picky := range []bool{false, true} {
				begun := time.Now()
				var failed []error
				var rows []string
				for row, err := range MustParse(src).Run(t.Context(), parted{events, 1, picky}, nil) {
					if err != nil {
						failed = append(failed, err)
						continue
					}
					rows = append(rows, row.Get("a").String())
				}
				if len(failed) != 1 || !slices.Equal(rows, []string{"aaa"}) {
					t.Fatalf("rows %q, errors %v", rows, failed)
				}
				e, ok := errors.AsType[*audit.EventError](failed[0])
				if !ok || !errors.Is(e, errBacktrack) || e.Pos.Line != 1 && !picky || strings.Contains(e.Error(), "aaa") {
					t.Errorf("%v", failed[0])
				}
				if took := time.Since(begun); took > 30*time.Second {
					t.Errorf("took %v", took)
				}
			}
		})
	}
}

// TestBacktrackingRows checks that a row of stats which cannot be evaluated
// ends the run.
func TestBacktrackingRows(t *testing.T) {
	events := audit.List{{Raw: []byte(`{"a":"` + strings.Repeat("a", 40) + `!"}`)}}
	_, err := collect(MustParse(`stats count(*) as n by a | filter n > 0 and a like /^(a+)+(?!b)$/`).Run(t.Context(), events, nil))
	if _, goesOn := errors.AsType[*audit.EventError](err); !errors.Is(err, errBacktrack) || goesOn {
		t.Errorf("%v", err)
	}
}

// TestEngines holds the engine that backtracks to package regexp, on
// expressions that both take.
func TestEngines(t *testing.T) {
	for _, source := range []string{
		"a", "a*", "(a)(b)?", "(?<x>a+?)(b|c)", `^\d+$`, `\w+`, `\s`, `[^a]`, ".", "(?s).", "(?i)É", "(?m)^b$", `\bab\b`, "^$", "", `[[:alpha:]]+`, `\pL+`, "a{2,3}",
		`\x41|\.`, "(?:a|ab)(c|bcd)(d*)", "((a)|b)+",
	} {
		linear, _, problem := compileRegex(source)
		if problem != nil {
			t.Fatalf("%s: %s", source, problem.msg)
		}
		back, _, problem := compileBacktracking(source, nil)
		if problem != nil {
			t.Fatalf("%s: %s", source, problem.msg)
		}
		if !slices.Equal(linear.names, back.names) {
			t.Errorf("%s: groups %q and %q", source, linear.names, back.names)
		}
		for _, text := range []string{"", "a", "ab", "aab abc", "abcd", "é É", "a\nb\n", "12", "٣", "A.", "\xffa", "aaaa", "\u2003", "bab"} {
			checkEngines(t, source, text, linear, back)
		}
	}
}

func checkEngines(t *testing.T, source, text string, linear, back *regex) {
	t.Helper()
	all := func(re *regex) (out [][]int) {
		if err := re.findAll(text, func(at []int) bool { out = append(out, at); return true }); err != nil {
			t.Fatal(err)
		}
		return out
	}
	a, b := all(linear), all(back)
	if !slices.EqualFunc(a, b, slices.Equal) {
		t.Errorf("/%s/ in %q: %v, and %v by backtracking", source, text, a, b)
	}
	first, err := back.find(text)
	found, err2 := back.match(text)
	if err != nil || err2 != nil || found != (len(b) > 0) || found && !slices.Equal(first, b[0]) {
		t.Errorf("/%s/ in %q: %t, %v, %v", source, text, found, first, b)
	}
}

func TestRenameGroups(t *testing.T) {
	for source, want := range map[string]string{
		`(?<ip>a)`:            `(?<ip>a)`,
		`(?<@ip>a)`:           `(?<_at_ip>a)`,
		`(?P<a.b>x)\k<a.b>`:   `(?P<a_dot_b>x)\k<a_dot_b>`,
		`\(?<@ip>a`:           `\(?<@ip>a`,
		`(?<=@)a(?<!@.>)`:     `(?<=@)a(?<!@.>)`,
		`(?<@a b>x)`:          `(?<@a b>x)`,
		`(?<@ip`:              `(?<@ip`,
		`[(?<@a>]`:            `[(?<@a>]`,
		`[]\](?<@a>](?<@a>.)`: `[]\](?<@a>](?<_at_a>.)`,
		`[^]](?<@a>.)[`:       `[^]](?<_at_a>.)[`,
		`a@b.c`:               `a@b.c`,
	} {
		if got, _ := renameGroups(source); got != want {
			t.Errorf("%s: %s, not %s", source, got, want)
		}
	}
}
