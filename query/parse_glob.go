package query

import "strings"

// A globPattern is a quoted pattern: texts with wildcards between them. It is
// found anywhere in a text. A wildcard matches as little as it can, the one at
// the end all that is left, and the one at the start all before the first text;
// `\*` is an asterisk.
// Source: the Logs Insights parse page.
type globPattern struct {
	span
	source string
	parts  []string // the texts between the wildcards; empty ones too
}

func newGlob(at span, source string) *globPattern {
	g := &globPattern{span: at, source: source}
	var part strings.Builder
	for i := 0; i < len(source); i++ {
		switch {
		case strings.HasPrefix(source[i:], `\*`):
			i++
			part.WriteByte('*')
		case source[i] == '*':
			g.parts = append(g.parts, part.String())
			part.Reset()
		default:
			part.WriteByte(source[i])
		}
	}
	g.parts = append(g.parts, part.String())
	return g
}

func (g *globPattern) write(b *strings.Builder) { writeString(b, g.source) }

func (g *globPattern) outputs(as []string) []string { return as }

// take finds each text behind the one before it. The first place of each is the
// right one: what a wildcard can pass over it can also pass over later.
func (g *globPattern) take(text string, out []Value) error {
	if len(g.parts) == 1 || !g.matches(text) {
		return nil
	}
	_, text, _ = strings.Cut(text, g.parts[0])
	for i, part := range g.parts[1:] {
		match, rest, _ := strings.Cut(text, part)
		if i == len(out)-1 && part == "" {
			match = text
		}
		out[i], text = stringValue(match), rest
	}
	return nil
}

// matches reports whether all the texts are there.
func (g *globPattern) matches(text string) bool {
	for _, part := range g.parts {
		var found bool
		if _, text, found = strings.Cut(text, part); !found {
			return false
		}
	}
	return true
}
