package audit

import "bytes"

// lokiLine is a line of logcli --output=jsonl, and of what Grafana downloads.
// Source: grafana/loki pkg/logcli/output/jsonl.go.
var lokiLine = wrapper{
	name: "Loki line",
	doc:  "an object with line and timestamp, as logcli prints it with --output=jsonl.",
	keys: []string{"line", "timestamp"},
	unwrap: func(o object, m *message) []byte {
		m.logged = instant(o.get("timestamp"))
		return o.get("line")
	},
}

// lokiValue is an entry in the answers of Loki: nanoseconds as a string, the
// text, perhaps an object with structured metadata. Source: Grafana, "Loki HTTP
// API".
var lokiValue = wrapper{
	name:     "Loki entry",
	doc:      "an array of a time in nanoseconds and a text, as it stands in the documents below.",
	elements: unwrapLokiValue,
}

func unwrapLokiValue(e [][]byte, m *message) []byte {
	if len(e) < 2 || len(e) > 3 || e[0][0] != '"' || e[1][0] != '"' || !isDigits(bytes.Trim(e[0], `"`)) {
		return nil
	}
	m.logged = instant(e[0])
	return e[1]
}

// lokiQuery is the answer to a query.
var lokiQuery = document{
	name: "Loki query",
	doc:  "the answers of query and query_range; the newest entries are usually first.",
	keys: []string{"data", "status"},
	list: "data.result[].values[]",
}

// lokiStreams is what shippers push to Loki, and what its tail sends.
var lokiStreams = document{
	name: "Loki streams",
	doc:  "the body of a push, or a message of a tail.",
	keys: []string{"streams"},
	list: "streams[].values[]",
}

// logcliLine is the form of logcli's default output: "TIME {LABELS} TEXT", with
// blanks behind the labels so that the texts stand below each other. Source:
// grafana/loki pkg/logcli/output/default.go.
var logcliLine = form{
	name:   "logcli",
	doc:    "the lines of Loki's logcli in its default output: a time, labels in braces, the text.",
	unwrap: unwrapLogcli,
}

func unwrapLogcli(line []byte, m *message) bool {
	stamp, rest, _ := bytes.Cut(line, []byte{' '})
	if len(stamp) < len("2006-01-02T15:04:05Z") || len(rest) < 2 || rest[0] != '{' {
		return false
	}
	n := labelsEnd(rest)
	if n == 0 || n < len(rest) && rest[n] != ' ' {
		return false
	}
	logged := rfc3339(stamp)
	if logged.IsZero() {
		return false
	}
	m.text, m.logged = bytes.TrimLeft(rest[n:], blanks), logged
	return true
}

// labelsEnd returns the length of the labels that text begins with, as in
// `{cluster="prod", job="audit"}`, or 0 if there are none.
func labelsEnd(text []byte) int {
	i := 1
	for i < len(text) && text[i] != '}' {
		n := bytes.IndexByte(text[i:], '=')
		if n <= 0 || bytes.ContainsAny(text[i:i+n], `"{}`) || i+n+1 == len(text) || text[i+n+1] != '"' {
			return 0
		}
		i += n + 1
		if n = stringEnd(text[i:]); n == 0 {
			return 0
		}
		i += n
		i += len(text[i:]) - len(bytes.TrimLeft(text[i:], ", "))
	}
	if i >= len(text) {
		return 0
	}
	return i + 1
}
