package audit

// parsedEvent is a record of a shipper that parsed the text of the event: Fluent
// Bit and Fluentd put it under log or message; Filebeat under json, and the
// Kubernetes integration of Elastic under kubernetes.audit; the HTTP event
// collector of Splunk takes it under event, archives of Datadog have it under
// attributes. Source: elastic/beats filebeat/docs; elastic/integrations
// packages/kubernetes/data_stream/audit_logs; Splunk, "Format events for HTTP
// Event Collector"; Datadog, "Log Archives".
var parsedEvent = wrapper{
	name: "parsed event",
	doc: "the record of a shipper with the event as an object under kubernetes.audit, json, log, message, event, " +
		"attributes or properties.log.",
	unwrap: unwrapParsed,
}

// parsedPlaces are the ways to parsed events.
var parsedPlaces = [...][]string{
	{"kubernetes", "audit"}, {"json"}, {"log"}, {"message"}, {"event"}, {"attributes"}, {"properties", "log"},
}

func unwrapParsed(o object, m *message) []byte {
	for _, place := range parsedPlaces {
		value := o.within(place...)
		if len(value) == 0 || value[0] != '{' || !isEvent(value) || standsApart(value) {
			continue
		}
		if t := loggedAt(o); !t.IsZero() {
			m.logged = t
		}
		identify(o, m)
		return value
	}
	return nil
}
