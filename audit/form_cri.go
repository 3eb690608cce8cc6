package audit

import (
	"bytes"
	"time"
)

// criLog is the form of the logs that container runtimes write: "TIME STREAM
// TAGS TEXT", of which the first tag is P for a part of a line and F for a full
// one, or its last part. Source: kubernetes/design-proposals-archive,
// node/kubelet-cri-logging.md.
var criLog = form{
	name: "CRI log",
	doc: "the lines of a container runtime under /var/log/pods, of an API server that logs to its output: " +
		"a time, stdout or stderr, P or F, the text; lines in parts are put together.",
	unwrap:  unwrapCRI,
	partial: true,
}

func unwrapCRI(line []byte, m *message) bool {
	stamp, rest, _ := bytes.Cut(line, []byte{' '})
	if len(stamp) < len("2006-01-02T15:04:05Z") || stamp[4] != '-' {
		return false
	}
	stream, rest, _ := bytes.Cut(rest, []byte{' '})
	var channel string
	switch string(stream) {
	case "stdout":
		channel = "stdout"
	case "stderr":
		channel = "stderr"
	default:
		return false
	}
	tags, text, ok := bytes.Cut(rest, []byte{' '})
	if !ok {
		text = rest[len(rest):]
	}
	if tag, _, _ := bytes.Cut(tags, []byte{':'}); string(tag) != "P" && string(tag) != "F" {
		return false
	}
	var logged time.Time
	if err := logged.UnmarshalText(stamp); err != nil {
		return false
	}
	m.text, m.logged, m.channel, m.more = text, logged, channel, tags[0] == 'P'
	return true
}
