package audit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func init() { envelopes = append(envelopes, shipperEnvelopes...) }

// shipperEnvelopes are those of shippers and stores.
var shipperEnvelopes = []envelope{
	eachLine(aksRecord.name, func(text string) string {
		return `{ "category": "kube-audit", "properties": {"log":` + asString(text+"\n") + `,"pod":"p"}, "time": "2026-11-23T07:24:23.854259298Z"}`
	}),
	eachLine(diagnosticsRow.name, func(text string) string {
		return `{"TimeGenerated":"2026-11-23T07:24:23.854Z","Category":"kube-audit","log_s":` + asString(text+"\n") + `}`
	}),
	eachLine(aksAuditRow.name, func(text string) string {
		return apart(text, map[string]string{"auditID": "AuditId", "stage": "Stage", "level": "Level", "requestObject": "RequestObject"})
	}),
	eachLine(slsLog.name, func(text string) string {
		return apart(text, nil)
	}),
	eachLine(parsedEvent.name, func(text string) string {
		if !isEvent([]byte(text)) {
			text = asString(text)
		}
		return `{"@timestamp":"2026-11-23T07:24:23.852Z","message":` + text + `}`
	}),
	eachLine(fluentLog.name, func(text string) string { return `{"date":1795418663.852,"log":` + asString(text) + `}` }),
	eachLine(fluentRecord.name, func(text string) string { return `["kube.audit",1795418663,{"log":` + asString(text) + `}]` }),
	eachLine(fluentFile.name, func(text string) string {
		return "2026-11-23T07:24:23+00:00\tkube.audit\t" + `{"message":` + asString(text) + `}`
	}),
	eachLine(shipperMessage.name, func(text string) string {
		return `{"@timestamp":"2026-11-23T07:24:23.852Z","log":{"offset":1},"message":` + asString(text) + `,"agent":{}}`
	}),
	eachLine(originalMessage.name, func(text string) string {
		return `{"event":{"kind":"event","original":` + asString(text) + `}}`
	}),
	eachLine(gelfMessage.name, func(text string) string {
		return `{"version":"1.1","host":"h","short_message":"audit","full_message":` + asString(text) + `}`
	}),
	eachLine(elasticHit.name, func(text string) string { return elasticItem(0, text) }),
	eachLine(elasticAction.name, func(text string) string {
		return `{"index":{"_index":"k8s"}}` + "\n" + `{"message":` + asString(text) + `}`
	}),
	eachLine(kibanaFields.name, func(text string) string {
		return `{"_index":"k8s","_id":"1","fields":{"message":[` + asString(text) + `]}}`
	}),
	eachLine(flatEvent.name, func(text string) string {
		return apart(text, map[string]string{"user": "user.username"})
	}),
	eachLine(lokiLine.name, func(text string) string {
		return `{"labels":{"a":"b"},"line":` + asString(text) + `,"timestamp":"2026-11-23T07:24:24.876Z"}`
	}),
	eachLine(lokiValue.name, func(text string) string { return lokiItem(0, text) }),
	eachLine(logcliLine.name, func(text string) string { return `2026-11-23T07:24:24Z {cluster="prod", job="a}b"} ` + text }),
	eachLine(otlpText.name, func(text string) string { return otlpItem(0, text) }),
	eachLine(otlpParsed.name, func(text string) string {
		if !isEvent([]byte(text)) {
			return otlpItem(0, text)
		}
		return `{"body":` + asAny(json.RawMessage(text)) + `}`
	}),
	eachLine(splunkRaw.name, func(text string) string { return splunkItem(0, text) }),
	eachLine(splunkResult.name, func(text string) string { return `{"preview":false,"result":` + splunkItem(0, text) + `}` }),
	eachLine(splunkInput.name, func(text string) string { return `{"time":1795418663.852,"event":` + asString(text) + `}` }),
	eachLine(datadogLog.name, func(text string) string { return datadogItem(0, text) }),

	inList(aksRecords.name, `{"records": [`, `]}`, func(_ int, text string) string {
		return `{"category": "kube-audit-admin", "properties": {"log":` + asString(text+"\n") + `}}`
	}),
	inList(azureTables.name, `{"tables":[{"name":"PrimaryResult","columns":[{"name":"Category"},{"name":"log_s","type":"string"}],"rows":[`, `]}]}`,
		func(_ int, text string) string { return `["kube-audit",` + asString(text+"\n") + `]` }),
	inList(elasticSearch.name, `{"took":3,"hits":{"total":{"value":1},"hits":[`, `]}}`, elasticItem),
	inList(elasticSearches.name, `{"took":3,"responses":[{"hits":{"hits":[`, `]},"status":200}]}`, elasticItem),
	inList(elasticAsync.name, `{"id":"i","is_running":false,"response":{"hits":{"hits":[`, `]}}}`, elasticItem),
	inList(lokiQuery.name, `{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[`, `]}],"stats":{}}}`, lokiItem),
	inList(lokiStreams.name, `{"streams":[{"stream":{"a":"b"},"values":[`, `]}]}`, lokiItem),
	inList(otlpLogs.name, `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[`, `]}]}]}`, otlpItem),
	inList(splunkResults.name, `{"preview":false,"fields":[{"name":"_raw"}],"results":[`, `],"highlighted":{}}`, splunkItem),
	inList(datadogSearch.name, `{"data":[`, `],"meta":{"page":{}}}`, datadogItem),
	inList(graylogMessages.name, `{"query":"q","messages":[`, `],"fields":[]}`, func(_ int, text string) string {
		return `{"index":"graylog_0","message":{"_id":"1","message":` + asString(text) + `}}`
	}),
}

func elasticItem(i int, text string) string {
	return fmt.Sprintf(`{"_index":"k8s","_id":"%d","_score":null,"_source":{"message":%s}}`, i, asString(text))
}

func lokiItem(i int, text string) string {
	return fmt.Sprintf(`["17954186638520000%02d",%s]`, i, asString(text))
}

func otlpItem(_ int, text string) string {
	return `{"timeUnixNano":"1795418663852000000","body":{"stringValue":` + asString(text) + `}}`
}

func splunkItem(_ int, text string) string {
	return `{"_raw":` + asString(text) + `,"_time":"2026-11-23T07:24:23.852+00:00"}`
}

func datadogItem(i int, text string) string {
	return fmt.Sprintf(`{"id":"%d","type":"log","attributes":{"tags":[],"message":%s}}`, i, asString(text))
}

// apart returns the members of an event by the names of a store, with its objects
// as strings. What is no event has no members: it becomes a text.
func apart(text string, names map[string]string) string {
	var members map[string]json.RawMessage
	if !isEvent([]byte(text)) || json.Unmarshal([]byte(text), &members) != nil {
		return `{"message":` + asString(text) + `}`
	}
	members["user"] = json.RawMessage(`{}`)
	var parts []string
	for _, from := range slices.Sorted(maps.Keys(members)) {
		value, name := members[from], names[from]
		if name == "" {
			name = from
		}
		if value[0] == '{' || value[0] == '[' {
			value = json.RawMessage(asString(string(value)))
		}
		parts = append(parts, asString(name)+":"+string(value))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// asAny is a JSON value as OpenTelemetry writes it.
func asAny(value json.RawMessage) string {
	var parts []string
	switch value[0] {
	case '{':
		for _, m := range members(nil, value) {
			parts = append(parts, `{"key":"`+string(m.key)+`","value":`+asAny(m.value)+`}`)
		}
		return `{"kvlistValue":{"values":[` + strings.Join(parts, ",") + `]}}`
	case '[':
		for _, e := range elements(nil, value) {
			parts = append(parts, asAny(e))
		}
		return `{"arrayValue":{"values":[` + strings.Join(parts, ",") + `]}}`
	case '"':
		return `{"stringValue":` + string(value) + `}`
	case 't', 'f':
		return `{"boolValue":` + string(value) + `}`
	case 'n':
		return `{}`
	}
	return `{"intValue":"` + string(value) + `"}`
}
