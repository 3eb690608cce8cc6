package audit

import (
	"bytes"
	"time"
)

// insightsRow is a row of the results of Logs Insights, as the console exports
// them: the columns of the query, of which those with an @ are of the log
// service. A message that is JSON is an object there. Source: AWS, "Export log
// data from Logs Insights"; karpenter-provider-aws issue 4758.
var insightsRow = wrapper{
	name:   "Logs Insights row",
	doc:    "an object with @message, which may be an event or a string, as the console exports the results of a query.",
	keys:   []string{"@message"},
	unwrap: unwrapInsights,
}

func unwrapInsights(o object, m *message) []byte {
	for _, c := range o {
		if len(c.key) > 0 && c.key[0] == '@' {
			m.insights(string(c.key), o.text(string(c.key)))
		}
	}
	return o.get("@message")
}

// insights sets what a field of the log service says about a message.
func (m *message) insights(field string, value []byte) {
	switch field {
	case "@timestamp":
		m.logged = insightsTime(value)
	case "@ingestionTime":
		m.ingested = insightsTime(value)
	case "@logStream":
		m.stream = string(value)
	case "@log": // ACCOUNT:GROUP
		_, group, _ := bytes.Cut(value, []byte{':'})
		m.group = string(group)
	}
}

// insightsTime returns the time of a field, which is UTC, or zero.
func insightsTime(value []byte) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", string(value))
	if err != nil {
		return millis(value)
	}
	return t
}

// fieldList appends to o what an array of objects with a field and its value
// says, as GetQueryResults gives rows; nothing if text is another array. Source:
// AWS, "Amazon CloudWatch Logs API Reference", ResultField.
func fieldList(o object, text []byte) object {
	for _, e := range elements(nil, text) {
		if e[0] != '{' {
			return nil
		}
		pair := members(nil, e)
		field, value := pair.text("field"), pair.get("value")
		if field == nil || value == nil {
			return nil
		}
		o = append(o, member{field, value})
	}
	return o
}

// queryResults is what aws logs get-query-results prints. Source: AWS, "Amazon
// CloudWatch Logs API Reference", GetQueryResults.
var queryResults = document{
	name: "Logs Insights results",
	doc:  "the output of aws logs get-query-results.",
	keys: []string{"results"},
	list: "results[]",
	partial: func(path string, value []byte) string {
		if path == "status" && (string(value) == `"Running"` || string(value) == `"Scheduled"`) {
			return PartialRunning
		}
		return ""
	},
}
