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

// userReach is how far into an event that the API server wrote its user is looked
// for: the level, the IDs and the path come before it.
const userReach = 4 << 10

// standsApart tells whether what passes for an event has its objects as strings,
// or their members beside each other: it shows in its user.
func standsApart(event []byte) bool {
	head, written := event, bytes.HasPrefix(event, eventHead)
	if written {
		head = event[:min(len(event), userReach)]
	}
	for {
		i := bytes.Index(head, []byte(`"user`))
		if i < 0 {
			return false
		}
		head = head[i+len(`"user`):]
		rest := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(`":`)), spaces)
		if len(rest) > 0 && (len(rest) < len(head) && rest[0] == '"' || head[0] == '.') {
			break
		}
		if written {
			return false // what follows is a body
		}
	}
	o := members(nil, event)
	user := o.get("user")
	return len(user) > 0 && user[0] == '"' || user == nil && o.get("user.username") != nil
}
