package query

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
)

// A regexProblem says why a regular expression cannot be used.
type regexProblem struct {
	kind      error
	msg, hint string
}

// compileRegex compiles the text between two slashes. The dialect is RE2's,
// as the service's seems to be: `.` does not match a line end unless (?s) says
// so, and there are no look-arounds or back-references.
func compileRegex(source string) (*regexp.Regexp, *regexProblem) {
	re, err := regexp.Compile(unescapeSlashes(source))
	if err == nil {
		return re, nil
	}
	problem := &regexProblem{kind: ErrSyntax, msg: "this regular expression is not valid: " + err.Error()}
	if e := (*syntax.Error)(nil); errors.As(err, &e) {
		problem.msg = "this regular expression is not valid: " + e.Code.String() + ": " + preview(e.Expr)
		if lookAround(source) {
			problem.kind = errors.ErrUnsupported
			problem.msg = "look-arounds and back-references are not supported"
		}
	}
	return nil, problem
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
