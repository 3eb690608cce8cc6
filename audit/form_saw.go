package audit

import (
	"bytes"
	"time"
)

// sawLine is the form of the program saw: "[TIME] (STREAM) MESSAGE". It writes
// an event anew, with its keys sorted, and with --expand on several lines.
// Source: TylerBrock/saw, blade/blade.go.
var sawLine = form{
	name:      "saw",
	doc:       "the lines of that program: the time in brackets, the log stream in parentheses, the event, which may go on on the next lines.",
	unwrap:    unwrapSaw,
	multiline: true,
	open:      true,
}

func unwrapSaw(line []byte, m *message) bool {
	line, ok := bytes.CutPrefix(line, []byte{'['})
	stamp, rest, _ := bytes.Cut(line, []byte("] ("))
	stream, text, ends := bytes.Cut(rest, []byte(") "))
	if !ok || !ends || len(stream) == 0 {
		return false
	}
	logged, err := time.Parse(time.RFC3339, string(stamp))
	if err != nil {
		return false
	}
	m.logged, m.stream, m.text = logged.UTC(), string(stream), text
	return true
}
