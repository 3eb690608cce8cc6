package audit

import "strings"

// A document is a JSON value with messages in a list inside it: what a row of
// the table of documents says, nothing else knows. It may have any size, and
// stand on any number of lines.
type document struct {
	name string
	doc  string // one sentence for the package documentation
	// keys are what tells it: an object that is neither an event nor a wrapper
	// and has all of them at its top.
	keys []string
	// list is the way to the messages, as in "events[]" or
	// "data.result[].values[]"; "[]" is an array.
	list string
	// header, if it is not nil, takes in what else stands in the objects on
	// the way. The path of a member is written like list.
	header func(path string, value []byte, m *message)
	// partial, if it is not nil, is asked about the same members for a summary:
	// why the document is only a part of a result, if the member says so. See
	// PartialPage.
	partial func(path string, value []byte) string
}

// documents lists the documents that are read, in the order they are tried. A
// new one is a file and a row.
var documents = []document{
	arrayDocument, listDocument, logEventsDocument, subscription,
	queryResults, kinesisRecords, firehoseRecords,
	aksRecords, azureTables, elasticSearch, elasticSearches, elasticAsync, lokiQuery, lokiStreams, otlpLogs,
	splunkResults, datadogSearch, graylogMessages,
}

// begins tells whether a JSON text can be the document by its first byte.
func (d *document) begins(text []byte) bool { return (d.list[0] == '[') == (text[0] == '[') }

// fits tells whether text is the document: an object with the members o, an
// array, or the beginning of one.
func (d *document) fits(text []byte, o object) bool {
	if !d.begins(text) || !o.has(d.keys) {
		return false
	}
	next, key := d.step("")
	if key == "" {
		return true
	}
	value := o.get(key)
	return len(value) > 0 && (value[0] == '[') == strings.HasPrefix(d.list[len(next):], "[]")
}

// step returns what stands next on the way to the list behind path, a beginning
// of it: the path that leads on, and the key if it leads into an object. The
// path is empty at the messages.
func (d *document) step(path string) (next, key string) {
	rest := d.list[len(path):]
	if rest == "" || strings.HasPrefix(rest, "[]") {
		return path + rest[:min(2, len(rest))], ""
	}
	dot := len(rest) - len(strings.TrimPrefix(rest, "."))
	end := dot + strings.IndexAny(rest[dot:]+"[", ".[")
	return path + rest[:end], rest[dot:end]
}

// top takes in the members at the top of a document.
func (d *document) top(path string, o object, m *message) {
	if d.header == nil {
		return
	}
	_, list := d.step(path)
	for _, member := range o {
		if key := string(member.key); key != list {
			d.header(strings.TrimPrefix(path+"."+key, "."), member.value, m)
		}
	}
}

// items reads the messages in a document that is at hand as a whole, the text of
// m. What stands behind a list in it counts like what stands before.
func (s *scan) items(m *message, d *document) bool {
	s.unit.several = true
	s.notes.document(d)
	return s.descend(m, d, "", m.text, *s.inside(m))
}

// descend reads the messages in value, a part of m to which path leads. in is
// what is known of them.
func (s *scan) descend(m *message, d *document, path string, value []byte, in message) bool {
	next, key := d.step(path)
	switch {
	case next == path:
		item := &s.messages[m.depth+1]
		*item = in
		item.text, item.valid = value, true
		item.at = s.offsetOf(m, value)
		return s.read(item)
	case key == "" && value[0] == '[':
		for _, e := range elements(nil, value) {
			if !s.descend(m, d, next, e, in) {
				return false
			}
		}
	case key != "" && value[0] == '{':
		o := members(nil, value)
		d.top(path, o, &in)
		for _, member := range o {
			s.notes.member(d, path, member)
		}
		if v := o.get(key); v != nil {
			return s.descend(m, d, next, v, in)
		}
	}
	return true
}

// arrayDocument is what jq -s and many scripts make of a log.
var arrayDocument = document{
	name: "JSON array",
	doc:  "an array of events, or of strings or objects that hold them.",
	list: "[]",
}

// listDocument is what the API server posts to a webhook, and what kubectl makes
// of several objects. Source: k8s.io/apiserver plugin/pkg/audit/webhook.
var listDocument = document{
	name: "EventList",
	doc:  "the batches that the API server posts to a webhook, and any other List of the Kubernetes API.",
	keys: []string{"items"},
	list: "items[]",
}

// logEventsDocument is what aws logs filter-log-events and get-log-events print.
// Source: aws-cli, awscli/formatter.py; AWS, "Amazon CloudWatch Logs API
// Reference".
var logEventsDocument = document{
	name:    "CloudWatch log events",
	doc:     "the output of aws logs filter-log-events and get-log-events, one document or several.",
	keys:    []string{"events"},
	list:    "events[]",
	partial: hasNextPage,
}

// hasNextPage knows the token that the CLI prints if it was told to stop, and
// the API if there is more. GetLogEvents always gives tokens, by other names.
func hasNextPage(path string, value []byte) string {
	if (path == "nextToken" || path == "NextToken") && len(value) > 2 && value[0] == '"' {
		return PartialPage
	}
	return ""
}
