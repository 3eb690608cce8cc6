package audit

import "bytes"

// kibanaFields is a document as Kibana shows it, in which all values are arrays:
// one of them is the text. Source: Elastic, "Retrieve selected fields";
// elastic/integrations issue 4081.
var kibanaFields = wrapper{
	name:   "Kibana fields",
	doc:    "a document with fields, which are arrays, in the place of _source, with the text under message, event.original or log.",
	keys:   []string{"fields"},
	unwrap: unwrapKibana,
}

func unwrapKibana(o object, m *message) []byte {
	list := o.get("fields")
	if list[0] != '{' {
		return nil
	}
	record := members(nil, list)
	for _, name := range [...]string{"message", "event.original", "log"} {
		text := first(record.get(name))
		if len(text) == 0 || text[0] != '"' || !mayLog(text) {
			continue
		}
		identify(o, m)
		m.logged = instant(first(record.get("@timestamp")))
		return text
	}
	return nil
}

// first returns the first element of an array, or any other value as it is.
func first(value []byte) []byte {
	if len(value) == 0 || value[0] != '[' {
		return value
	}
	rest := bytes.TrimLeft(value[1:], spaces)
	return rest[:valueEnd(rest)]
}

// flatEvent is an event of which a store wrote the members of its objects beside
// each other, as user.username. What the names do not tell apart is left out: the
// bodies, the details of the response and what else the user has. Source: Elastic,
// "Retrieve selected fields" and "Flattened field type"; elastic/integrations
// packages/kubernetes/data_stream/audit_logs.
var flatEvent = wrapper{
	name: "flat event",
	doc: "an event with names like objectRef.name, also behind others and under fields, of which the event is " +
		"made; its bodies are left out.",
	build: buildFlat,
}

// flatMembers are the members of an event, in its order, and those of the objects
// in it.
var flatMembers = []struct {
	name  string
	parts []string // of an object
}{
	{name: "level"}, {name: "auditID"}, {name: "stage"}, {name: "requestURI"}, {name: "verb"},
	{name: "user", parts: []string{"username", "uid", "groups"}},
	{name: "impersonatedUser", parts: []string{"username", "uid", "groups"}},
	{name: "sourceIPs"}, {name: "userAgent"},
	{name: "objectRef", parts: []string{"resource", "namespace", "name", "uid", "apiGroup", "apiVersion", "resourceVersion", "subresource"}},
	{name: "responseStatus", parts: []string{"status", "message", "reason", "code"}},
	{name: "requestReceivedTimestamp"}, {name: "stageTimestamp"},
}

func buildFlat(dst []byte, o object, m *message) []byte {
	record := o
	if list := o.get("fields"); len(list) > 0 && list[0] == '{' {
		record = members(nil, list)
	}
	prefix, ok := flatPrefix(record)
	if !ok {
		return nil
	}
	m.logged = instant(first(record.get("@timestamp")))
	identify(o, m)
	dst = append(dst, madeHead...)
	for _, f := range flatMembers {
		if f.parts == nil {
			dst = appendFlat(dst, f.name, record.get(prefix+f.name))
			continue
		}
		before := len(dst)
		dst = append(append(append(dst, `,"`...), f.name...), `":{`...)
		empty := len(dst)
		for _, part := range f.parts {
			dst = appendFlat(dst, part, record.get(prefix+f.name+"."+part))
		}
		if len(dst) == empty {
			dst = dst[:before]
			continue
		}
		dst = append(dst, '}')
	}
	return append(appendAnnotations(dst, record, prefix+"annotations."), '}')
}

// flatPrefix returns what stands before the names of the members of an event. ok
// is false if none of the names is of a member of an object in it, or if there is
// no stage.
func flatPrefix(record object) (prefix string, ok bool) {
	for _, m := range record {
		for _, mark := range [...]string{"user.username", "objectRef.resource"} {
			before, found := bytes.CutSuffix(m.key, []byte(mark))
			if !found || len(before) > 0 && before[len(before)-1] != '.' {
				continue
			}
			prefix := string(before)
			if record.get(prefix+"auditID") != nil && record.get(prefix+"stage") != nil {
				return prefix, true
			}
		}
	}
	return "", false
}

// appendFlat appends a member, if it has a value: a list for those that are lists
// in an event, and else the first of what a store may have made a list.
func appendFlat(dst []byte, name string, value []byte) []byte {
	list := name == "groups" || name == "sourceIPs"
	if !list {
		value = first(value)
	}
	if len(value) == 0 || string(value) == "null" || string(value) == `""` {
		return dst
	}
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(append(append(dst, '"'), name...), `":`...)
	switch {
	case name == "code":
		return append(dst, bytes.Trim(value, `"`)...)
	case list && value[0] != '[':
		return append(append(append(dst, '['), value...), ']')
	}
	return append(dst, value...)
}

// appendAnnotations appends the annotations, whose names may have dots.
func appendAnnotations(dst []byte, record object, prefix string) []byte {
	before := len(dst)
	dst = append(dst, `,"annotations":{`...)
	empty := len(dst)
	for _, m := range record {
		name, found := bytes.CutPrefix(m.key, []byte(prefix))
		if found && !bytes.HasSuffix(name, []byte(".keyword")) {
			dst = appendFlat(dst, string(name), m.value)
		}
	}
	if len(dst) == empty {
		return dst[:before]
	}
	return append(dst, '}')
}
