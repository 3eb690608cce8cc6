package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The kinds of an [Error], for programs that branch on them with [errors.Is].
// A query that is right in Logs Insights but that this package cannot run has
// the kind [errors.ErrUnsupported]: it is refused, never half run.
var (
	// ErrSyntax: the text is not a query.
	ErrSyntax = errors.New("syntax error")
	// ErrName: a command, function or unit that does not exist.
	ErrName = errors.New("unknown name")
	// ErrUse: the parts are right, but not together.
	ErrUse = errors.New("wrong use")
)

// A Pos is a place in the text of a query.
type Pos struct {
	Offset int // bytes, from 0
	Line   int // from 1
	Col    int // bytes, from 1
}

// An Error says why a query was refused, and where. A refused query has one
// error: the first.
type Error struct {
	Query    string // the text of the query
	Pos, End Pos    // the offending text is Query[Pos.Offset:End.Offset]
	Msg      string // what is wrong
	Hint     string // what to do about it; may be empty
	Err      error  // ErrSyntax, ErrName, ErrUse or errors.ErrUnsupported
}

// Error returns one line: "query:line:col: message (hint)". Control characters
// are shown as spaces.
func (e *Error) Error() string { return oneLine(e.Pos, e.Msg, e.Hint) }

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// Snippet returns two lines that show the place: the line of the query, and
// carets under the offending text. Both begin with a tab and neither ends with
// a line end. Control characters are shown as spaces.
func (e *Error) Snippet() string { return snippet(e.Query, e.Pos, e.End) }

// A Diagnostic is a remark about a query that can be run all the same: a
// leniency that was applied where the service refuses it, a trap, or a remark
// on how it is run. See [Query.Diagnostics].
type Diagnostic struct {
	Query    string // the text of the query
	Pos, End Pos    // the text concerned is Query[Pos.Offset:End.Offset]
	Kind     DiagnosticKind
	Msg      string // what was noticed
	Hint     string // what to do about it; may be empty
}

// String returns one line: "query:line:col: kind: message (hint)".
func (d Diagnostic) String() string {
	return oneLine(d.Pos, d.Kind.String()+": "+d.Msg, d.Hint)
}

// Snippet is as [Error.Snippet].
func (d Diagnostic) Snippet() string { return snippet(d.Query, d.Pos, d.End) }

func oneLine(pos Pos, msg, hint string) string {
	if hint != "" {
		msg += " (" + hint + ")"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "query:%d:%d: ", pos.Line, pos.Col)
	for _, r := range msg {
		b.WriteRune(visible(r))
	}
	return b.String()
}

// A span is the half-open range of bytes that a token or a node covers.
type span struct{ from, to int }

func (s span) extent() span { return s }

// join returns the span from the start of a to the end of b.
func join(a, b span) span { return span{a.from, b.to} }

// lines are the offsets at which the lines of a text begin. They are counted
// only where there is something to report: tokens and nodes carry offsets.
type lines []int

func linesOf(src string) lines {
	starts := lines{0}
	for line := range strings.Lines(src) {
		starts = append(starts, starts[len(starts)-1]+len(line))
	}
	if !strings.HasSuffix(src, "\n") { // no line begins at the end
		starts = starts[:max(1, len(starts)-1)]
	}
	return starts
}

func (l lines) position(offset int) Pos {
	n, begins := slices.BinarySearch(l, offset)
	if begins {
		n++
	}
	return Pos{Offset: offset, Line: n, Col: 1 + offset - l[n-1]}
}

func newError(src string, at span, err error, msg, hint string) *Error {
	lines := linesOf(src)
	return &Error{
		Query: src, Pos: lines.position(at.from), End: lines.position(at.to),
		Msg: msg, Hint: hint, Err: err,
	}
}

// snippet draws carets under [pos, end), as far as it lies on pos's line and
// at least one. Text is aligned by character; tabs are kept.
func snippet(src string, pos, end Pos) string {
	start := pos.Offset - (pos.Col - 1)
	line, _, _ := strings.Cut(src[start:], "\n")
	from := pos.Offset - start
	to := min(max(end.Offset-start, from+1), len(line))

	var b strings.Builder
	b.WriteByte('\t')
	for _, r := range line {
		if r != '\t' {
			r = visible(r)
		}
		b.WriteRune(r)
	}
	b.WriteString("\n\t")
	for _, r := range line[:from] {
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	carets := 1
	if to > from {
		carets = utf8.RuneCountInString(line[from:to])
	}
	b.WriteString(strings.Repeat("^", carets))
	return b.String()
}

// visible is r, or a space if r could move the cursor or hide.
func visible(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}
