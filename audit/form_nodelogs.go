package audit

import "bytes"

// nodeLogs is the form of oc adm node-logs --path for several nodes: "NODE
// TEXT". Source: openshift/oc pkg/cli/admin/node/logs.go.
var nodeLogs = form{
	name:   "oc adm node-logs",
	doc:    "what it prints of the log files of several nodes: the name of the node, a blank, the line of the file.",
	unwrap: unwrapNodeLogs,
}

func unwrapNodeLogs(line []byte, m *message) bool {
	node, text, _ := bytes.Cut(line, []byte{' '})
	if !isHostName(node) || !bytes.HasPrefix(text, []byte(`{"`)) && !isKlog(text) && !isAuditLine(text) {
		return false
	}
	m.text = text
	return true
}

// isHostName tells whether text can be the name of a node.
func isHostName(text []byte) bool {
	return len(text) > 0 && len(bytes.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789.-")) == 0
}
