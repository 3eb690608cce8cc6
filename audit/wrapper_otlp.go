package audit

import "bytes"

// otlpText is a log record of OpenTelemetry whose body is a text. Source:
// open-telemetry/opentelemetry-proto opentelemetry/proto/logs/v1/logs.proto.
var otlpText = wrapper{
	name:   "OTLP log record",
	doc:    "a log record of OpenTelemetry in JSON with the text under body.stringValue.",
	keys:   []string{"body"},
	unwrap: unwrapOTLP,
}

func unwrapOTLP(o object, m *message) []byte {
	text := o.within("body", "stringValue")
	if len(text) == 0 || text[0] != '"' {
		return nil
	}
	otlpTimes(o, m)
	return text
}

func otlpTimes(o object, m *message) {
	m.ingested = instant(o.get("observedTimeUnixNano"))
	if m.logged = instant(o.get("timeUnixNano")); m.logged.IsZero() {
		m.logged = m.ingested
	}
}

// otlpParsed is a log record of which the body is the parsed event, in the way
// that OpenTelemetry writes values.
var otlpParsed = wrapper{
	name:  "OTLP parsed record",
	doc:   "a log record of OpenTelemetry with the parsed event under body.kvlistValue, of which the event is made.",
	keys:  []string{"body"},
	build: buildOTLP,
}

func buildOTLP(dst []byte, o object, m *message) []byte {
	body := o.get("body")
	if body[0] != '{' || o.within("body", "kvlistValue") == nil {
		return nil
	}
	otlpTimes(o, m)
	text, ok := appendAny(dst, body, maxAny)
	if !ok {
		return nil
	}
	return text
}

// maxAny is how deep values may stand in each other.
const maxAny = 100

// appendAny appends the JSON of a value of the kind AnyValue. ok is false if it is
// none, or too deep.
func appendAny(dst, value []byte, depth int) (_ []byte, ok bool) {
	if depth == 0 || len(value) == 0 || value[0] != '{' {
		return dst, false
	}
	o := members(nil, value)
	if len(o) == 0 {
		return append(dst, "null"...), true
	}
	in := o[0].value
	switch string(o[0].key) {
	case "stringValue", "boolValue", "doubleValue", "bytesValue":
		return append(dst, in...), true
	case "intValue":
		return append(dst, bytes.Trim(in, `"`)...), true
	case "arrayValue":
		return appendAnyList(dst, in, '[', depth)
	case "kvlistValue":
		return appendAnyList(dst, in, '{', depth)
	}
	return dst, false
}

// appendAnyList appends the JSON of the values in list: an array or, if open is a
// brace, an object.
func appendAnyList(dst, list []byte, open byte, depth int) (_ []byte, ok bool) {
	dst = append(dst, open)
	var values [][]byte
	if len(list) > 0 && list[0] == '{' {
		if v := members(nil, list).get("values"); len(v) > 0 && v[0] == '[' {
			values = elements(nil, v)
		}
	}
	for i, value := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		if open == '{' {
			if value[0] != '{' {
				return dst, false
			}
			pair := members(nil, value)
			key := pair.get("key")
			if len(key) == 0 || key[0] != '"' {
				return dst, false
			}
			dst = append(append(dst, key...), ':')
			value = pair.get("value")
		}
		if dst, ok = appendAny(dst, value, depth-1); !ok {
			return dst, false
		}
	}
	return append(dst, open+2), true // in ASCII, ']' and '}'
}

// otlpLogs is the logs of OpenTelemetry as its collector writes them to files.
// Source: opentelemetry-collector-contrib exporter/fileexporter.
var otlpLogs = document{
	name: "OTLP logs",
	doc:  "the logs of OpenTelemetry in JSON, one document on each line or one after the other.",
	keys: []string{"resourceLogs"},
	list: "resourceLogs[].scopeLogs[].logRecords[]",
}
