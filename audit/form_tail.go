package audit

import (
	"bytes"
	"time"
)

// tailLog is the form of aws logs tail. Its format detailed is "TIME STREAM
// MESSAGE"; short has no stream, and a time without fraction and zone, which is
// UTC; json has the message on the next lines, with an indent. Source: aws-cli,
// awscli/customizations/logs/tail.py.
var tailLog = form{
	name: "aws logs tail",
	doc: "its formats detailed, short and json: the time, the log stream, the event; with colours or without, as " +
		"in all that people watch in a terminal.",
	unwrap:    unwrapTail,
	multiline: true,
}

// tailTime is the shape of the time in the format short.
const tailTime = "2006-01-02T15:04:05"

func unwrapTail(line []byte, m *message) bool {
	stamp, rest, _ := bytes.Cut(line, []byte{' '})
	if len(stamp) < len(tailTime) || stamp[10] != 'T' {
		return false
	}
	if len(stamp) == len(tailTime) {
		logged, err := time.Parse(tailTime, string(stamp))
		m.logged, m.text = logged, rest
		return err == nil && !bytes.HasPrefix(rest, []byte("- ")) // that is of cw
	}
	if m.logged = rfc3339(stamp); m.logged.IsZero() || !bytes.HasSuffix(stamp, []byte("+00:00")) {
		return false
	}
	stream, text, _ := bytes.Cut(rest, []byte{' '})
	if len(stream) == 0 || !isEKSStream(stream) && isTag(text) {
		return false
	}
	m.stream, m.text = string(stream), text
	m.ahead = len(text) == 0
	return true
}

// isTag tells whether a text begins with the name of a program, as the lines of
// syslog do, where a host stands for the stream.
func isTag(text []byte) bool {
	word, _, _ := bytes.Cut(text, []byte{' '})
	return bytes.HasSuffix(word, []byte{':'})
}
