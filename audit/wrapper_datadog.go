package audit

// datadogLog is a log of Datadog's API, whose text or parsed event stands under
// its attributes. Source: Datadog API, "Search logs".
var datadogLog = wrapper{
	name:   "Datadog log",
	doc:    "an object with the log under attributes, as it stands in the answers to searches.",
	keys:   []string{"attributes"},
	unwrap: unwrapDatadog,
}

func unwrapDatadog(o object, m *message) []byte {
	attributes := o.get("attributes")
	if attributes[0] != '{' {
		return nil
	}
	if inner := members(nil, attributes); inner.get("attributes") == nil && inner.get("message") == nil {
		return nil
	}
	identify(o, m)
	return attributes
}

// datadogSearch is the answer to a search for logs.
var datadogSearch = document{
	name: "Datadog search",
	doc:  "the answer to a search for logs, one page or several.",
	keys: []string{"data"},
	list: "data[]",
}
