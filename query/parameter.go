package query

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxParameters is how many parameters a saved query has at most.
// Source: the saved queries page of Logs Insights.
const maxParameters = 20

// An expansion is the text of a query as it was written, for one in which values
// have taken the place of parameters.
type expansion struct {
	written string
	places  []substitution
}

// A substitution is one placeholder in the text as it was written, and the value
// in the text that is parsed.
type substitution struct{ from, to span }

// place is where a span of the text that is parsed was written. A value was
// written where its placeholder stands.
func (e *expansion) place(at span) span {
	if e == nil {
		return at
	}
	return span{e.offset(at.from, func(s substitution) bool { return s.to.from > at.from }, false),
		e.offset(at.to, func(s substitution) bool { return s.to.from >= at.to }, true)}
}

// offset is where an offset was written that lies in or behind the last of the
// values before those that are beyond it.
func (e *expansion) offset(at int, beyond func(substitution) bool, end bool) int {
	n := slices.IndexFunc(e.places, beyond)
	if n < 0 {
		n = len(e.places)
	}
	if n == 0 {
		return at
	}
	switch last := e.places[n-1]; {
	case at >= last.to.to:
		return last.from.to + at - last.to.to
	case end:
		return last.from.to
	default:
		return last.from.from
	}
}

// placeholder is the name of the placeholder at the start of the text, and its
// length; 0 if there is none.
func placeholder(text string) (name string, size int) {
	rest, ok := strings.CutPrefix(text, "{{")
	if !ok {
		return "", 0
	}
	name, _, ok = strings.Cut(rest, "}}")
	if !ok || !isParameterName(name) {
		return "", 0
	}
	return name, len("{{") + len(name) + len("}}")
}

// isParameterName reports whether a parameter can have the name.
// Source: the QueryParameter API reference.
func isParameterName(name string) bool {
	for i, r := range name {
		switch {
		case r == '_', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
		case i > 0 && '0' <= r && r <= '9':
		default:
			return false
		}
	}
	return name != ""
}

// expandParameters puts the values in the place of their placeholders. Without
// values there are none: two braces in a text are two braces then.
func (p *parser) expandParameters(values map[string]string) {
	if len(values) == 0 {
		return
	}
	out := expansion{written: p.src}
	var text strings.Builder
	used := map[string]bool{}
	for done := 0; ; {
		at := strings.Index(p.src[done:], "{{")
		if at < 0 {
			text.WriteString(p.src[done:])
			break
		}
		at += done
		text.WriteString(p.src[done:at])
		name, size := placeholder(p.src[at:])
		if size == 0 {
			text.WriteByte('{')
			done = at + 1
			continue
		}
		value, ok := values[name]
		if !ok {
			p.failUnset(at, name, size, slices.Sorted(maps.Keys(values)))
		}
		used[name] = true
		from := text.Len()
		text.WriteString(value)
		done = at + size
		out.places = append(out.places, substitution{span{at, done}, span{from, text.Len()}})
		if text.Len() > maxBytes {
			p.failTooLong(span{at, done}, text.Len())
		}
	}
	p.checkUsed(values, used)
	p.src, p.origin = text.String(), &out
}

// failUnset ends the parse at a placeholder that has no value.
func (p *parser) failUnset(at int, name string, size int, given []string) {
	hint := "a value is needed for each parameter"
	if near := nearest(name, given); near != "" {
		hint = fmt.Sprintf("there is a value for %q", near)
	}
	p.fail(span{at, at + size}, ErrUse, fmt.Sprintf("the parameter %q has no value", preview(name)), hint)
}

// checkUsed ends the parse if a value has no placeholder, as the service refuses
// to save such a query: most likely the name is misspelled.
func (p *parser) checkUsed(values map[string]string, used map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if used[name] {
			continue
		}
		hint := ""
		if near := nearest(name, slices.Sorted(maps.Keys(used))); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		p.fail(span{0, 0}, ErrUse, fmt.Sprintf("the query has no parameter %q", preview(name)), hint)
	}
	if len(used) > maxParameters {
		p.refused(span{0, 0}, fmt.Sprintf("the query has %d parameters, and no more than %d are taken", len(used), maxParameters), "all have their values", "")
	}
}

// rejectSaved ends the parse at what only stands in saved queries.
func (p *parser) rejectSaved(tok token) {
	switch {
	case tok.is("{{"):
		if name, size := placeholder(p.src[tok.from:]); size > 0 {
			p.failUnset(tok.from, name, size, nil)
		}
		p.fail(tok.span, ErrSyntax, "a parameter is written {{name}}, without white space, and its name has only letters, digits and _", "")
	case tok.is("$"):
		p.fail(tok.span, errors.ErrUnsupported, "calls of saved queries are not supported", "write the query in their place, or give values to its parameters")
	}
}
