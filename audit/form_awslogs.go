package audit

import (
	"bytes"
	"time"
)

// awslogsLine is the form of the program awslogs: "GROUP STREAM MESSAGE", with
// blanks that fill up the columns. Its options put the times of logging and of
// ingestion before the message. Source: jorgebastida/awslogs, awslogs/core.py.
var awslogsLine = form{
	name:      "awslogs",
	doc:       "the lines of that program: the log group, which begins with a slash, the log stream, the times if asked for, the event.",
	unwrap:    unwrapAwslogs,
	multiline: true,
}

func unwrapAwslogs(line []byte, m *message) bool {
	rest := line
	if line[0] == '/' {
		var group []byte
		if group, rest = firstWord(line); bytes.ContainsAny(group, "\t:{") {
			return false
		}
		m.group = string(group)
	} else if !isEKSStream(line) {
		return false // it was told to print no group, and the stream is not known as one
	}
	stream, rest := firstWord(rest)
	if len(stream) < 2 || len(rest) == 0 || bytes.ContainsAny(stream, "\t:{") {
		return false
	}
	m.stream = string(stream)
	for _, t := range []*time.Time{&m.logged, &m.ingested} {
		stamp, after := firstWord(rest)
		if len(stamp) != len(exportTime) || rfc3339(stamp).IsZero() {
			break
		}
		*t, rest = rfc3339(stamp), after
	}
	m.text = rest
	return true
}

// firstWord cuts the first word off a line, and the blanks behind it.
func firstWord(line []byte) (word, rest []byte) {
	word, rest, _ = bytes.Cut(line, []byte{' '})
	return word, bytes.TrimLeft(rest, " ")
}
