package audit

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// The names of the forms, which the events made of them have too.
const legacyName, basicName = "legacy text", "basic text"

// legacyText is the form of --audit-log-format=legacy: "TIME AUDIT: id="..."
// stage="..." ...", a line for each stage, of which the time is that at which
// the request was received. The values are quoted as Go does it. Source:
// k8s.io/apiserver pkg/audit/format.go.
var legacyText = form{
	name: legacyName,
	doc: "the lines that an API server writes with --audit-log-format=legacy; an event is made of what they tell: its " +
		"objectRef is taken from the URI, level, bodies and messages are not known, and the time of a stage only where " +
		"the request was received.",
	unwrap: unwrapLegacy,
	made:   true,
}

// basicText is the form that API servers before 1.8 wrote: "TIME AUDIT:
// id="..." ip="..." ..." for a request, and "TIME AUDIT: id="..."
// response="200"" when it was answered. Source: kubernetes/kubernetes
// release-1.7, staging/src/k8s.io/apiserver/pkg/endpoints/filters/legacy_audit.go;
// kubernetes-retired/kube-aws#322.
var basicText = form{
	name: basicName,
	doc: "what API servers before 1.8 wrote, a line for a request and one for its answer: the two are put together by " +
		"their id, to an event as of legacy text, with the verb that method and URI mean and the stage " +
		"ResponseComplete; of a request without an answer it is RequestReceived.",
	unwrap:  unwrapBasic,
	partial: true,
	made:    true,
}

func unwrapLegacy(line []byte, m *message) bool {
	if !isAuditLine(line) || !hasStage(line) {
		return false
	}
	l, ok := parseAuditLine(string(line))
	switch {
	case !ok:
		m.fault = ErrCut
		return true
	case !l.isLegacy():
		return false
	}
	m.text, m.mapped = l.event().raw(), legacyName
	return true
}

func unwrapBasic(line []byte, m *message) bool {
	if !isAuditLine(line) {
		return false
	}
	l, ok := parseAuditLine(string(line))
	switch {
	case !ok:
		m.fault = ErrCut
		return true
	case l.isLegacy():
		return false
	}
	m.channel = auditMark + l.values["id"]
	if m.joined != m.channel {
		m.text, m.more = line, l.values["response"] == ""
		return true
	}
	m.channel = ""
	m.text, m.mapped = l.event().raw(), basicName
	return true
}

// auditMark stands behind the time of each line.
const auditMark = "AUDIT: "

func isAuditLine(line []byte) bool {
	stamp, rest, ok := bytes.Cut(line, []byte{' '})
	return ok && bytes.HasPrefix(rest, []byte(auditMark+`id="`)) && !rfc3339(stamp).IsZero()
}

// hasStage tells what may be legacy text.
func hasStage(line []byte) bool { return bytes.Contains(line, []byte(` stage="`)) }

// An auditLine is what a line tells, or the two lines of a request and its
// answer, one behind the other.
type auditLine struct {
	received time.Time // zero if only the answer is there
	answered time.Time // of two lines
	values   map[string]string
}

// parseAuditLine reads a line. ok is false if it is cut or damaged.
func parseAuditLine(text string) (l auditLine, ok bool) {
	l.values = make(map[string]string)
	for text != "" {
		stamp, rest, _ := strings.Cut(text, " "+auditMark)
		time := rfc3339([]byte(stamp))
		if time.IsZero() {
			return l, false
		}
		before := len(l.values)
		if text, ok = l.pairs(rest); !ok {
			return l, false
		}
		switch _, asked := l.values["uri"]; {
		case before == 0 && asked:
			l.received = time
		default:
			l.answered = time
		}
	}
	return l, len(l.values) > 1
}

// isLegacy tells legacy text from basic text.
func (l *auditLine) isLegacy() bool { return l.values["stage"] != "" }

// pairs reads the keys and quoted values that text begins with, and returns what
// follows them.
func (l *auditLine) pairs(text string) (rest string, ok bool) {
	for {
		key, after, found := strings.Cut(text, "=")
		quoted, err := strconv.QuotedPrefix(after)
		if !found || err != nil {
			return "", false
		}
		value, err := strconv.Unquote(quoted)
		if err != nil {
			return "", false
		}
		l.values[key] = value
		text = after[len(quoted):]
		if next, ok := strings.CutPrefix(text, " "); ok {
			text = next
			continue
		}
		return text, text == "" || text[0] >= '0' && text[0] <= '9'
	}
}

// event makes the event.
func (l *auditLine) event() *madeEvent {
	v := l.values
	e := &madeEvent{
		AuditID: v["id"], Stage: v["stage"], RequestURI: v["uri"], UserAgent: v["user-agent"],
		User: &madeUser{Username: told(v["user"], "<none>"), Groups: l.list("groups", "<none>", "<lookup>")},
	}
	if ip := told(v["ip"], "<unknown>"); ip != "" {
		e.SourceIPs = []string{ip}
	}
	if as := told(v["as"], "<self>"); as != "" {
		e.ImpersonatedUser = &madeUser{Username: as, Groups: l.list("asgroups", "<lookup>", "<none>")}
	}
	if code, err := strconv.Atoi(v["response"]); err == nil {
		e.ResponseStatus = &madeResponse{Code: code}
	}
	if e.RequestURI != "" {
		e.Verb, e.ObjectRef = requestTo(v["method"], e.RequestURI)
	} else {
		e.User = nil // only the answer is there
	}
	l.stage(e)
	return e
}

// stage fills in the stage and the times.
func (l *auditLine) stage(e *madeEvent) {
	if !l.received.IsZero() {
		e.Received = l.received.UTC().Format(madeTime)
	}
	switch {
	case e.Stage == "" && e.ResponseStatus != nil:
		e.Stage = "ResponseComplete"
		if !l.answered.IsZero() { // else the answer is on the line of the request, and its time is not
			e.Staged = l.answered.UTC().Format(madeTime)
		}
	case e.Stage == "":
		e.Stage = "RequestReceived"
	}
	if e.Stage == "RequestReceived" {
		e.Staged = e.Received
	}
}

// list returns the elements of a list of quoted strings, nil if the value is one
// of those that stand for none.
func (l *auditLine) list(key string, none ...string) (list []string) {
	text := l.values[key]
	for _, n := range none {
		text = told(text, n)
	}
	for text != "" {
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return append(list, text)
		}
		element, _ := strconv.Unquote(quoted) // it is one
		list = append(list, element)
		text = strings.TrimPrefix(text[len(quoted):], ",")
	}
	return list
}

// told returns value, or "" if it is the one that stands for none.
func told(value, none string) string {
	if value == none {
		return ""
	}
	return value
}
