package audit

import "bytes"

// slsLog is an event in the Simple Log Service of Alibaba Cloud, which keeps the
// objects and arrays in an event as strings. Source: mozillazg/kube-audit-mcp
// alibaba/sls.go.
var slsLog = wrapper{
	name: "Alibaba SLS",
	doc: "an event of which the objects are strings of JSON, as the Simple Log Service keeps it; " +
		"the event is made of them.",
	keys:  []string{"auditID", "stage"},
	build: buildSLS,
}

func buildSLS(dst []byte, o object, m *message) []byte {
	if value := o.get("user"); value == nil || value[0] != '"' {
		return nil
	}
	m.logged = instant(o.get("__time__"))
	return appendEvent(dst, o, eventColumns)
}

var (
	userKey = []byte(`"user":`)
	// userReach is how far into an event that the API server wrote its user is
	// looked for: the level, the IDs and the path come before it.
	userReach = 4 << 10
)

// isTextual tells whether an event has its user as a string, as only the Simple
// Log Service has it.
func isTextual(event []byte) bool {
	head := event
	if bytes.HasPrefix(event, eventHead) {
		head = event[:min(len(event), userReach)]
	}
	for {
		i := bytes.Index(head, userKey)
		if i < 0 {
			return false
		}
		head = bytes.TrimLeft(head[i+len(userKey):], spaces)
		if len(head) > 1 && head[0] == '"' {
			break
		}
		if bytes.HasPrefix(event, eventHead) {
			return false // what follows is a body
		}
	}
	user := members(nil, event).get("user")
	return len(user) > 0 && user[0] == '"'
}
