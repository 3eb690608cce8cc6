package query

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxParameters is how many parameters a saved query has at most.
// Source: the saved queries page of Logs Insights.
const maxParameters = 20

// An expansion is the text of a query as it was written, for one in which values
// have taken the place of parameters, and texts that of calls.
type expansion struct {
	written string
	places  []substitution
	calls   []calledText // in order
}

// A substitution is one placeholder or call in the text as it was written, and
// what has taken its place in the text that is parsed.
type substitution struct{ from, to span }

// A calledText is the text of a saved query in the text that is parsed.
type calledText struct {
	to   span
	name string
	text expansion
}

// called is the expansion of a text, or nil for one that is as it was written,
// after a text has taken the place of the call at a span of it. A call that is
// part of a value, or has one in it, was written where both were.
func (e *expansion) called(src string, at span, call calledText) *expansion {
	out := &expansion{written: src}
	whole, longer := at, call.to.to-at.to
	var behind []substitution
	if e != nil {
		out.written, out.calls = e.written, e.calls
		for _, s := range e.places {
			switch {
			case s.to.to <= at.from:
				out.places = append(out.places, s)
			case s.to.from >= at.to:
				behind = append(behind, substitution{s.from, span{s.to.from + longer, s.to.to + longer}})
			default:
				whole = span{min(whole.from, s.to.from), max(whole.to, s.to.to)}
			}
		}
	}
	from := e.place(whole)
	out.places = append(append(out.places, substitution{from, span{whole.from, whole.to + longer}}), behind...)
	out.calls = append(out.calls, call)
	return out
}

// within begins the message on a span of the text that is parsed: it says where
// in a saved query that is, and is empty outside of them.
func (e *expansion) within(at span) string {
	if e == nil {
		return ""
	}
	for _, c := range e.calls {
		if c.to.from <= at.from && at.to <= c.to.to && at.to > c.to.from {
			inner := c.text.place(span{at.from - c.to.from, at.to - c.to.from})
			return inSaved(c.name, c.text.written, inner.from)
		}
	}
	return ""
}

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

// substitute puts values in the place of the placeholders in a text. value gives that
// of a name, whose placeholder stands at a span of the text, when the text so far
// has come to so many bytes.
func substitute(text string, value func(name string, at span, bytes int) string) (string, []substitution) {
	var out strings.Builder
	var places []substitution
	for done := 0; ; {
		at := strings.Index(text[done:], "{{")
		if at < 0 {
			out.WriteString(text[done:])
			return out.String(), places
		}
		at += done
		out.WriteString(text[done:at])
		name, size := placeholder(text[at:])
		if size == 0 {
			out.WriteByte('{')
			done = at + 1
			continue
		}
		done = at + size
		from := out.Len()
		out.WriteString(value(name, span{at, done}, from))
		places = append(places, substitution{span{at, done}, span{from, out.Len()}})
	}
}

// expandParameters puts the values in the place of their placeholders. Without
// values there are none: two braces in a text are two braces then.
func (p *parser) expandParameters(values map[string]string) {
	if len(values) == 0 {
		return
	}
	used := map[string]bool{}
	text, places := substitute(p.src, func(name string, at span, bytes int) string {
		value, ok := values[name]
		if !ok {
			p.failUnset(at, name, slices.Sorted(maps.Keys(values)))
		}
		if bytes += len(value); bytes > maxBytes {
			p.failTooLong(at, bytes)
		}
		used[name] = true
		return value
	})
	p.checkUsed(values, used)
	p.src, p.origin = text, &expansion{written: p.src, places: places}
}

// failUnset ends the parse at a placeholder that has no value.
func (p *parser) failUnset(at span, name string, given []string) {
	hint := "a value is needed for each parameter"
	if near := nearest(name, given); near != "" {
		hint = fmt.Sprintf("there is a value for %q", near)
	}
	p.fail(at, ErrUse, fmt.Sprintf("the parameter %q has no value", preview(name)), hint)
}

// checkUsed ends the parse if a value has no placeholder, as the service refuses
// to save such a query: most likely the name is misspelled.
func (p *parser) checkUsed(values map[string]string, used map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if used[name] {
			continue
		}
		hint := didYouMean(name, slices.Sorted(maps.Keys(used)))
		p.fail(span{0, 0}, ErrUse, fmt.Sprintf("the query has no parameter %q", preview(name)), hint)
	}
	if len(used) > maxParameters {
		p.refused(span{0, 0}, fmt.Sprintf("the query has %d parameters, and no more than %d are taken", len(used), maxParameters), "all have their values", "")
	}
}

// rejectPlaceholder ends the parse at a placeholder that no value has taken the
// place of.
func (p *parser) rejectPlaceholder(tok token) {
	if !tok.is("{{") {
		return
	}
	if name, size := placeholder(p.src[tok.from:]); size > 0 {
		p.failUnset(span{tok.from, tok.from + size}, name, nil)
	}
	p.fail(tok.span, ErrSyntax, "a parameter is written {{name}}, without white space, and its name has only letters, digits and _", "")
}
