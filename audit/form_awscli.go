package audit

import "bytes"

// awsText is the form of aws logs filter-log-events, get-log-events and
// get-query-results with --output text: the name of the list, then the values
// of each member in the order of their keys, with tabs between them. Nothing is
// escaped, so that the message may have tabs and newlines in it. Source: aws-cli,
// awscli/text.py.
var awsText = form{
	name: "aws logs --output text",
	doc: "the lines of filter-log-events, get-log-events and get-query-results in text: EVENTS or RESULTS, and the values " +
		"with tabs between them.",
	unwrap:    unwrapAWSText,
	multiline: true,
}

// idDigits is the number of digits of an event's id. Source: AWS, "Amazon
// CloudWatch Logs API Reference", FilteredLogEvent; payloads seen.
const idDigits = 56

func unwrapAWSText(line []byte, m *message) bool {
	name, rest, _ := bytes.Cut(line, []byte{'\t'})
	switch string(name) {
	case "EVENTS":
		return unwrapTextEvent(rest, m)
	case "RESULTS":
		return unwrapTextResult(rest, m)
	case "SEARCHEDLOGSTREAMS", "NEXTTOKEN", "STATISTICS":
		m.text = nil
		return true
	}
	// The tokens of get-log-events have no name before them.
	if bytes.HasPrefix(name, []byte("b/")) && bytes.HasPrefix(rest, []byte("f/")) {
		m.text = nil
		return true
	}
	return false
}

// unwrapTextEvent reads the values of a log event: eventId, ingestionTime,
// logStreamName, message, timestamp, of which get-log-events has neither the
// first nor the third. The timestamp of a message with newlines is on its last
// line.
func unwrapTextEvent(rest []byte, m *message) bool {
	id, after, ok := bytes.Cut(rest, []byte{'\t'})
	filtered := len(id) == idDigits || len(id) > len("1795418663852")+6
	if filtered {
		rest = after
		m.id = string(id)
	}
	ingested, text, more := bytes.Cut(rest, []byte{'\t'})
	if m.ingested = millis(ingested); !ok || !more || m.ingested.IsZero() {
		return false
	}
	if filtered {
		var stream []byte
		stream, text, _ = bytes.Cut(text, []byte{'\t'})
		m.stream = string(stream)
	}
	m.text = text
	if i := bytes.LastIndexByte(text, '\t'); i >= 0 {
		if logged := millis(text[i+1:]); !logged.IsZero() {
			m.text, m.logged = text[:i], logged
		}
	}
	return true
}

// unwrapTextResult reads one field of a row of results; each stands on a line of
// its own, and @ptr on the last.
func unwrapTextResult(rest []byte, m *message) bool {
	field, value, ok := bytes.Cut(rest, []byte{'\t'})
	if !ok {
		return false
	}
	m.text = nil
	switch string(field) {
	case "@message":
		m.text = value
	case "@ptr": // what is known of the next message belongs to this row
	default:
		m.insights(string(field), value)
		m.ahead = true
	}
	return true
}
