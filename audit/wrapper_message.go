package audit

import "bytes"

// shipperMessage is a record with the text under message: of Filebeat, Logstash
// and Vector, of what OVH streams, of archives of Datadog, of searches of
// Graylog. Source: elastic/beats filebeat/docs; vector.dev, "Log event";
// falcosecurity/plugins k8sauditovh.go; Datadog, "Log Archives".
var shipperMessage = wrapper{
	name:   "shipper message",
	doc:    "the record of Filebeat, Logstash, Vector, Datadog or Graylog with the text under message.",
	keys:   []string{"message"},
	unwrap: unwrapMessage,
}

func unwrapMessage(o object, m *message) []byte {
	m.cut = bytes.Contains(o.within("log", "flags"), []byte(`"truncated"`)) // by Filebeat
	return unwrapText(o, o.get("message"), m)
}

// unwrapText takes in the record o of a shipper, of which text is the message.
func unwrapText(o object, text []byte, m *message) []byte {
	if !mayLog(text) {
		return nil
	}
	if t := loggedAt(o); !t.IsZero() {
		m.logged = t
	}
	identify(o, m)
	return text
}

// originalMessage is a record in the Elastic Common Schema that keeps the text as
// it was under event.original. Source: Elastic, "ECS Field Reference".
var originalMessage = wrapper{
	name: "ECS original",
	doc:  "a record in the Elastic Common Schema with the text under event.original.",
	keys: []string{"event"},
	unwrap: func(o object, m *message) []byte {
		return unwrapText(o, o.within("event", "original"), m)
	},
}

// gelfMessage is a message in the Graylog Extended Log Format. Source: Graylog,
// "GELF Payload Specification".
var gelfMessage = wrapper{
	name:   "GELF",
	doc:    "a message in the Graylog Extended Log Format, with the text under full_message or short_message.",
	keys:   []string{"short_message"},
	unwrap: unwrapGELF,
}

func unwrapGELF(o object, m *message) []byte {
	if full := o.get("full_message"); full != nil && mayLog(full) {
		return unwrapText(o, full, m)
	}
	return unwrapText(o, o.get("short_message"), m)
}

// graylogMessages is the answer to a search of Graylog. Source: Graylog REST API,
// /search/universal.
var graylogMessages = document{
	name: "Graylog search",
	doc:  "the answer of the search API.",
	keys: []string{"messages"},
	list: "messages[]",
}
