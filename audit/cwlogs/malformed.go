package cwlogs

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/evictlog/evictlog/query"
)

// refused is the error for a query that was not started. If the service says
// where the query is wrong, it is a [*query.Error].
func (r *run) refused(err error) error {
	malformed, ok := errors.AsType[*types.MalformedQueryException](err)
	if !ok {
		return fmt.Errorf("cwlogs: %w", err)
	}
	from, to, ok := place(r.Text, malformed)
	if !ok {
		return fmt.Errorf("cwlogs: %w", err)
	}
	return &query.Error{
		Query: r.Text, Pos: posAt(r.Text, from), End: posAt(r.Text, to),
		Msg: "the service refuses this: " + malformed.ErrorMessage(), Err: malformed,
	}
}

// place is what of the text an exception is about, in bytes. The service gives
// the first character and the one behind the last or, in the message of older
// ones, a line and a position in it, which count from 1 and from 0: an empty
// query is wrong "at line 1 and position 0".
func place(text string, e *types.MalformedQueryException) (from, to int, ok bool) {
	if c := e.QueryCompileError; c != nil && c.Location != nil && c.Location.StartCharOffset != nil {
		from = offset(text, int(*c.Location.StartCharOffset))
		to = from
		if end := c.Location.EndCharOffset; end != nil {
			to = offset(text, int(*end))
		}
		return from, max(from, to), true
	}
	m := lineAndPosition.FindStringSubmatch(e.ErrorMessage())
	if m == nil {
		return 0, 0, false
	}
	n, _ := strconv.Atoi(m[1])
	units, _ := strconv.Atoi(m[2])
	start := 0
	for line := range strings.Lines(text) {
		if n--; n == 0 {
			at := start + offset(line, units)
			return at, at, true
		}
		start += len(line)
	}
	return 0, 0, text == ""
}

var lineAndPosition = regexp.MustCompile(`at line (\d{1,6}) and position (\d{1,6})`)

// offset is the number of bytes in the first characters of a text. The service
// does not say what it counts; these are the units of UTF-16, as in Java, which
// are characters but for those beyond U+FFFF.
func offset(text string, units int) int {
	for i, r := range text {
		if units <= 0 {
			return i
		}
		units -= utf16.RuneLen(r)
	}
	return len(text)
}

// posAt is the place so many bytes into a text.
func posAt(text string, bytes int) query.Pos {
	before := text[:bytes]
	return query.Pos{Offset: bytes, Line: 1 + strings.Count(before, "\n"), Col: bytes - strings.LastIndexByte(before, '\n')}
}
