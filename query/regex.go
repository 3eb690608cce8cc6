package query

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// A regexProblem says why a regular expression cannot be used.
type regexProblem struct {
	kind      error
	msg, hint string
}

// maxRegex bounds the length of a regular expression in bytes, and maxCost the
// cost of all those of a query, at some 50 bytes each: nested repeats make large
// programs of short texts.
const (
	maxRegex = maxQuery
	maxCost  = 1 << 18
)

// compileRegex compiles the text between two slashes, and returns what it costs.
// The dialect is RE2's, as the service's seems to be: `.` does not match a line
// end unless (?s) says so, and there are no look-arounds or back-references.
func compileRegex(source string) (*regexp.Regexp, int, *regexProblem) {
	if len(source) > maxRegex {
		return nil, 0, &regexProblem{kind: ErrUse, msg: fmt.Sprintf("this regular expression has %d bytes, and no more than %d are taken", len(source), maxRegex)}
	}
	source = unescapeSlashes(source)
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil, 0, problemOf(source, err)
	}
	cost := regexCost(tree)
	if cost > maxCost {
		return nil, 0, &regexProblem{kind: ErrUse, msg: "this regular expression repeats too much", hint: "lower the counts in braces"}
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return nil, 0, problemOf(source, err)
	}
	return re, cost, nil
}

// regexCost is about the number of instructions of the program.
func regexCost(re *syntax.Regexp) int {
	cost := 1
	if re.Op == syntax.OpLiteral {
		cost = len(re.Rune)
	}
	for _, sub := range re.Sub {
		cost += regexCost(sub)
	}
	if re.Op == syntax.OpRepeat {
		cost *= max(1, re.Min, re.Max)
	}
	return cost
}

// problemOf describes an error of the regexp packages.
func problemOf(source string, err error) *regexProblem {
	problem := &regexProblem{kind: ErrSyntax, msg: "this regular expression is not valid: " + err.Error()}
	if e := (*syntax.Error)(nil); errors.As(err, &e) {
		problem.msg = "this regular expression is not valid: " + e.Code.String() + ": " + preview(e.Expr)
		if lookAround(source) {
			problem.kind = errors.ErrUnsupported
			problem.msg = "look-arounds and back-references are not supported"
		}
	}
	return problem
}

// unescapeSlashes turns \/ into /, which a slash between slashes is written as.
func unescapeSlashes(source string) string {
	if !strings.Contains(source, `\/`) {
		return source
	}
	var b strings.Builder
	for i := 0; i < len(source); i++ {
		if source[i] == '\\' && i+1 < len(source) {
			if i++; source[i] != '/' {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(source[i])
	}
	return b.String()
}

// lookAround reports whether the expression uses what RE2 leaves out.
func lookAround(source string) bool {
	for _, s := range []string{"(?=", "(?!", "(?<=", "(?<!", `\1`, `\2`, `\k<`} {
		if strings.Contains(source, s) {
			return true
		}
	}
	return false
}
