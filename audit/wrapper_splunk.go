package audit

// splunkRaw is an event of Splunk with the text under _raw. Source: Splunk, "Search
// endpoint descriptions".
var splunkRaw = wrapper{
	name: "Splunk event",
	doc:  "an object with the text under _raw, as it stands in results.",
	keys: []string{"_raw"},
	unwrap: func(o object, m *message) []byte {
		return unwrapText(o, o.get("_raw"), m)
	},
}

// splunkResult is a line of a search that is exported: each has a result, in which
// the event is.
var splunkResult = wrapper{
	name:   "Splunk export",
	doc:    "the lines of an export in JSON, with the event under result._raw.",
	keys:   []string{"result"},
	unwrap: unwrapSplunkResult,
}

func unwrapSplunkResult(o object, _ *message) []byte {
	result := o.get("result")
	if result[0] != '{' || members(nil, result).get("_raw") == nil {
		return nil
	}
	return result
}

// splunkInput is what the HTTP event collector takes, with the text or the parsed
// event under event.
var splunkInput = wrapper{
	name:   "Splunk input",
	doc:    "the bodies that the HTTP event collector takes, with the text under event.",
	keys:   []string{"event"},
	unwrap: unwrapSplunkInput,
}

func unwrapSplunkInput(o object, m *message) []byte {
	text := o.get("event")
	if text[0] != '"' {
		return nil
	}
	return unwrapText(o, text, m)
}

// splunkResults is the answer to a search as one document.
var splunkResults = document{
	name: "Splunk results",
	doc:  "the answer to a search in JSON.",
	keys: []string{"results", "preview"},
	list: "results[]",
}
