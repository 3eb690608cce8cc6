package query

import (
	"fmt"
	"strings"
)

// noteName remarks on a name that stands for nothing, or for something that
// comes later.
func (l *level) noteName(x *nameExpr, place int) {
	name := x.name()
	if def := l.binding(name, place); def != nil {
		if def.from.place > place && !def.from.replaces {
			l.p.note(x.span, fmt.Sprintf("%q is used before it is defined", name), "")
		}
		return
	}
	from, name := l.origin(name)
	if !from.base().isEvents() || from.isOutput(name) || from.binding(name, end) != nil {
		return
	}
	switch {
	case systemFieldNamed(name) != nil:
	case strings.HasPrefix(name, "@") && !strings.HasPrefix(name, "@@"):
		hint := ""
		for _, field := range systemFields {
			if strings.EqualFold(field.name, name) {
				hint = fmt.Sprintf("did you mean %s?", field.name)
			}
		}
		l.p.trap(x.span, fmt.Sprintf("audit events have no field %s", name), hint)
	case containers[name] != "":
		l.p.trap(x.span, fmt.Sprintf("%s has fields but no value of its own", name), fmt.Sprintf("name one, such as %s, or search @message", containers[name]))
	}
}

// containers are the objects and lists of an audit event, with a field of each.
// Source: the type Event of k8s.io/apiserver pkg/apis/audit/v1.
var containers = map[string]string{
	"annotations":             "annotations.`authorization.k8s.io/decision`",
	"impersonatedUser":        "impersonatedUser.username",
	"impersonatedUser.groups": "impersonatedUser.groups.0",
	"objectRef":               "objectRef.name",
	"requestObject":           "requestObject.metadata.name",
	"responseObject":          "responseObject.metadata.name",
	"responseStatus":          "responseStatus.code",
	"sourceIPs":               "sourceIPs.0",
	"user":                    "user.username",
	"user.extra":              "user.extra.canonicalArn.0",
	"user.groups":             "user.groups.0",
}

// noteIndex remarks on x[n] where x is a field of the event: only functions
// make lists.
func (l *level) noteIndex(x *indexExpr, place int) {
	if name, ok := x.of.(*nameExpr); ok && l.binding(name.name(), place) == nil && l.base().pass == nil && !l.isOutput(name.name()) {
		l.p.trap(x.span, fmt.Sprintf("%s is no list here, so this is always missing", name.name()), fmt.Sprintf("the elements of a list are fields: %s.%d", name.name(), x.at))
	}
}

// noteBackticks remarks on an operand of a comparison that is a field in
// backticks and reads like a text.
func (l *level) noteBackticks(x expr, place int) {
	name, ok := x.(*nameExpr)
	if ok && len(name.parts) == 1 && strings.Contains(name.parts[0], " ") && l.binding(name.name(), place) == nil {
		l.p.trap(name.span, "backticks make this the name of a field", "a text needs quotation marks")
	}
}
