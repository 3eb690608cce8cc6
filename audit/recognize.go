package audit

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/evictlog/evictlog/audit/fields"
)

// eventHead is how the API server begins an event on a line of its own.
var eventHead = []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/`)

// recognize returns nil if payload is an audit event, else [ErrNotJSON] or
// [ErrNotEvent].
func recognize(payload []byte) error {
	if tooDeep(payload) || !gjson.ValidBytes(payload) {
		return ErrNotJSON
	}
	if bytes.HasPrefix(payload, eventHead) || isEvent(payload) {
		return nil
	}
	return ErrNotEvent
}

// errRepeated: readers of JSON differ in which of two values they take, so that
// two of them would disagree about who did what.
var errRepeated = fmt.Errorf("%w: it has a key twice", ErrNotEvent)

// repeats tells whether the event, or one of the objects in it that say who did
// what, has a key twice. The API server writes no such event.
func repeats(payload []byte) bool {
	return fields.Repeats(payload, "user", "impersonatedUser", "objectRef", "responseStatus")
}

// isEvent tells an audit event among valid JSON texts: an object of kind Event
// in a version of audit.k8s.io, or one without a kind, as the items of an
// EventList are, that has an auditID and a stage. Of keys that repeat, the
// first counts here.
func isEvent(payload []byte) bool {
	doc := gjson.ParseBytes(payload)
	if !doc.IsObject() {
		return false
	}
	var kind, version, auditID, stage, verb gjson.Result
	doc.ForEach(func(key, value gjson.Result) bool {
		for _, f := range [...]struct {
			name string
			to   *gjson.Result
		}{{"kind", &kind}, {"apiVersion", &version}, {"auditID", &auditID}, {"stage", &stage}, {"verb", &verb}} {
			if key.Str == f.name && !f.to.Exists() {
				*f.to = value
			}
		}
		return !kind.Exists() || !version.Exists()
	})
	if kind.Exists() {
		return kind.Type == gjson.String && kind.Str == "Event" &&
			version.Type == gjson.String && strings.HasPrefix(version.Str, "audit.k8s.io/")
	}
	return auditID.Type == gjson.String && stage.Type == gjson.String && !isMethod(verb.Str)
}

// isMethod tells an HTTP method, as the API audit log of Rancher has it, from the
// verbs of an API server, which are written small. The lines of Rancher before
// 2.12 have an auditID and a stage too. Source: rancher/rancher pkg/auth/audit.
func isMethod(verb string) bool { return verb != "" && verb[0] >= 'A' && verb[0] <= 'Z' }

// maxDepth is how deep arrays and objects may stand within each other. It is
// the limit of encoding/json, and keeps the validation, which is recursive,
// from using up the stack.
const maxDepth = 10000

// tooDeep tells whether text is nested more than maxDepth deep.
func tooDeep(text []byte) bool {
	// Fast path: it has not so many brackets.
	if len(text) <= maxDepth || bytes.Count(text, []byte{'{'})+bytes.Count(text, []byte{'['}) <= maxDepth {
		return false
	}
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}
