package query

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
	backsyntax "github.com/dlclark/regexp2/v2/syntax"
)

// A regex is a compiled regular expression. It is matched by package regexp, in
// time that is linear in the text. Only what that package leaves out, which is
// looking around and referring back, goes to an engine that backtracks, and that
// one has a time limit.
type regex struct {
	linear *regexp.Regexp
	back   *regexp2.Regexp // in place of linear
	names  []string        // of the groups by number, "" for those that have none
}

// maxMatch bounds the time of one match that backtracks.
const maxMatch = time.Second

// errBacktrack says that a match took too long. The error of the engine is not
// wrapped, since it quotes the text.
var errBacktrack = errors.New("query: a regular expression that backtracks takes too long on this event")

// groups is the number of groups.
func (re *regex) groups() int { return len(re.names) - 1 }

// match reports whether the text has a match anywhere.
func (re *regex) match(text string) (bool, error) {
	if re.linear != nil {
		return re.linear.MatchString(text), nil
	}
	found, err := re.back.MatchString(text)
	if err != nil {
		return false, errBacktrack
	}
	return found, nil
}

// find finds the first match: where it and each of its groups begins and ends,
// -1 for a group that takes no part. It is nil if there is none.
func (re *regex) find(text string) ([]int, error) {
	if re.linear != nil {
		return re.linear.FindStringSubmatchIndex(text), nil
	}
	m, err := re.back.FindStringMatch(text)
	if err != nil {
		return nil, errBacktrack
	}
	return re.places(m), nil
}

// findAll calls yield for every match, as find gives it, until that reports
// false.
func (re *regex) findAll(text string, yield func(at []int) bool) error {
	if re.linear != nil {
		for _, at := range re.linear.FindAllStringSubmatchIndex(text, -1) {
			if !yield(at) {
				break
			}
		}
		return nil
	}
	begun, end := time.Now(), -1
	m, err := re.back.FindStringMatch(text)
	for ; m != nil && err == nil; m, err = re.back.FindNextMatch(m) {
		at := re.places(m)
		// An empty match right behind another is none, as in package regexp.
		if empty := at[0] == at[1] && at[0] == end; !empty && !yield(at) {
			return nil
		}
		if end = at[1]; time.Since(begun) > maxMatch {
			return errBacktrack
		}
	}
	if err != nil {
		return errBacktrack
	}
	return nil
}

// places are those of a match and its groups; nil if there is no match.
func (re *regex) places(m *regexp2.Match) []int {
	if m == nil {
		return nil
	}
	at := make([]int, 0, 2*len(re.names))
	for i := range re.names {
		from, to := -1, -1
		if g := m.GroupByNumber(i); len(g.Captures) > 0 {
			start, n := g.ByteRange()
			from, to = start, start+n
		}
		at = append(at, from, to)
	}
	return at
}

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
// end unless (?s) says so. Published queries look ahead all the same.
func compileRegex(source string) (*regex, int, *regexProblem) {
	if len(source) > maxRegex {
		return nil, 0, &regexProblem{kind: ErrUse, msg: fmt.Sprintf("this regular expression has %d bytes, and no more than %d are taken", len(source), maxRegex)}
	}
	source, renamed := renameGroups(unescapeSlashes(source))
	tree, err := syntax.Parse(source, syntax.Perl)
	switch {
	case err != nil && lookAround(source):
		return compileBacktracking(source, renamed)
	case err != nil:
		return nil, 0, problemOf(err)
	}
	cost := regexCost(tree)
	if cost > maxCost {
		return nil, 0, &regexProblem{kind: ErrUse, msg: "this regular expression repeats too much", hint: "lower the counts in braces"}
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return nil, 0, problemOf(err)
	}
	return &regex{linear: re, names: originalNames(re.SubexpNames(), renamed)}, cost, nil
}

// compileBacktracking compiles what package regexp cannot. Its classes and
// anchors mean what they mean there, and groups are numbered as there.
func compileBacktracking(source string, renamed map[string]string) (*regex, int, *regexProblem) {
	re, err := regexp2.Compile(source, regexp2.RE2, regexp2.OptionMaintainCaptureOrder())
	if err != nil {
		return nil, 0, problemOf(err)
	}
	re.MatchTimeout = maxMatch
	names := re.GetGroupNames()
	for i, n := range re.GetGroupNumbers() {
		if n != i {
			return nil, 0, &regexProblem{kind: errors.ErrUnsupported, msg: "groups that are called by numbers are not supported"}
		}
		if names[i] == fmt.Sprint(i) {
			names[i] = ""
		}
	}
	return &regex{back: re, names: originalNames(names, renamed)}, len(source), nil
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
func problemOf(err error) *regexProblem {
	problem := &regexProblem{kind: ErrSyntax, msg: "this regular expression is not valid: " + err.Error()}
	if e := (*syntax.Error)(nil); errors.As(err, &e) {
		problem.msg = "this regular expression is not valid: " + e.Code.String() + ": " + preview(e.Expr)
	}
	if e := (*backsyntax.Error)(nil); errors.As(err, &e) {
		problem.msg = "this regular expression is not valid: " + fmt.Sprintf(e.Code.String(), e.Args...) + ": " + preview(e.Expr)
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
	for i := 0; i+1 < len(source); i++ {
		switch c, next := source[i], source[i+1]; {
		case c == '\\' && ('1' <= next && next <= '9' || next == 'k'):
			return true
		case c == '\\':
			i++
		case c == '(' && next == '?':
			for _, s := range []string{"=", "!", "<=", "<!"} {
				if strings.HasPrefix(source[i+2:], s) {
					return true
				}
			}
		}
	}
	return false
}

// renameGroups gives the groups whose names no engine takes, such as
// (?<@ip>...), other names. It returns what they were called by the new ones.
func renameGroups(source string) (string, map[string]string) {
	if !strings.Contains(source, "@") && !strings.Contains(source, ".") {
		return source, nil
	}
	var b strings.Builder
	renamed := map[string]string{}
	for rest := source; rest != ""; {
		head := groupHead(rest)
		name, behind, closed := strings.Cut(rest[len(head):], ">")
		switch {
		case head != "" && closed && isOddName(name):
			safe := strings.NewReplacer("@", "_at_", ".", "_dot_").Replace(name)
			renamed[safe] = name
			b.WriteString(head + safe + ">")
			rest = behind
		default:
			n := unitLength(rest)
			b.WriteString(rest[:n])
			rest = rest[n:]
		}
	}
	return b.String(), renamed
}

// unitLength is the length of what source begins with and no group begins in: an
// escape, a class in brackets, or a byte.
func unitLength(source string) int {
	switch {
	case source[0] == '\\':
		return min(2, len(source))
	case source[0] != '[':
		return 1
	}
	n := 1
	if strings.HasPrefix(source[n:], "^") {
		n++
	}
	if strings.HasPrefix(source[n:], "]") {
		n++
	}
	for n < len(source) && source[n] != ']' {
		if source[n] == '\\' {
			n++
		}
		n++
	}
	return min(n+1, len(source))
}

// groupHead is what stands before the name at the start of a named group, or of
// a reference to one; "" if source begins with neither.
func groupHead(source string) string {
	for _, head := range []string{"(?<", "(?P<", `\k<`} {
		if strings.HasPrefix(source, head) {
			return head
		}
	}
	return ""
}

// isOddName reports whether a field can be called so without backticks, and a
// group cannot.
func isOddName(name string) bool {
	for part := range strings.SplitSeq(strings.TrimLeft(name, "@"), ".") {
		if !isPlain(part, false) {
			return false
		}
	}
	return strings.ContainsAny(name, "@.")
}

// originalNames are the names of groups as they were before renameGroups.
func originalNames(names []string, renamed map[string]string) []string {
	for i, name := range names {
		if original, ok := renamed[name]; ok {
			names[i] = original
		}
	}
	return names
}
