package audit

// logEvent is a log event of CloudWatch Logs, as FilterLogEvents and
// GetLogEvents give it, and as subscriptions send it. Source: AWS, "Amazon
// CloudWatch Logs API Reference", FilteredLogEvent and OutputLogEvent;
// "Real-time processing of log data with subscriptions".
var logEvent = wrapper{
	name:   "CloudWatch log event",
	doc:    "an object with message and timestamp, as it stands in the documents below.",
	keys:   []string{"message", "timestamp"},
	unwrap: unwrapLogEvent,
}

func unwrapLogEvent(o object, m *message) []byte {
	logged := millis(o.get("timestamp"))
	if logged.IsZero() {
		return nil
	}
	m.logged = logged
	m.ingested = millis(o.get("ingestionTime"))
	if id := o.text("eventId"); id != nil {
		m.id = string(id)
	} else {
		m.id = string(o.text("id"))
	}
	if stream := o.text("logStreamName"); stream != nil && string(stream) != m.stream {
		m.stream = string(stream)
	}
	return o.get("message")
}
