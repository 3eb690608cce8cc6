package audit

import "bytes"

// kubectlLogs is the form of kubectl logs with --prefix, --timestamps or both:
// "[pod/NAME/CONTAINER] TIME TEXT". The kubelet writes the time with nine
// decimals. Source: kubernetes/kubectl pkg/cmd/logs/logs.go; k8s.io/cri-client
// pkg/logs/logs.go.
var kubectlLogs = form{
	name: "kubectl logs",
	doc: "the output of kubectl logs with --prefix, --timestamps or both, of an API server that logs to its output; " +
		"without them a line is as it was logged.",
	unwrap: unwrapKubectl,
}

func unwrapKubectl(line []byte, m *message) bool {
	prefixed := false
	if bytes.HasPrefix(line, []byte("[pod/")) {
		_, line, prefixed = bytes.Cut(line, []byte("] "))
	}
	stamp, text, _ := bytes.Cut(line, []byte{' '})
	if !prefixed && (!isKubeletTime(stamp) || needsTime(text)) {
		return false
	}
	if logged := rfc3339(stamp); !logged.IsZero() {
		m.logged, line = logged, text
	} else if !prefixed {
		return false
	}
	m.text = line
	return true
}

// needsTime tells whether a time before text is a part of another form: of a CRI
// log, legacy text or basic text.
func needsTime(text []byte) bool {
	return bytes.HasPrefix(text, []byte(auditMark)) || bytes.HasPrefix(text, []byte("stdout ")) || bytes.HasPrefix(text, []byte("stderr "))
}

// isKubeletTime tells a time with nine decimals, as in
// "2026-11-23T07:24:24.818157345Z", also if it has an offset in place of the Z.
func isKubeletTime(stamp []byte) bool {
	const point, end = len("2006-01-02T15:04:05"), len("2006-01-02T15:04:05.000000000")
	return len(stamp) > end && stamp[point] == '.' && isDigits(stamp[point+1:end]) && !isDigits(stamp[end:end+1])
}
