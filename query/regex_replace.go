package query

import (
	"fmt"
	"strconv"
	"strings"
)

// A template is what regexReplace puts in place of a match: texts, each with the
// group that stands behind it.
type template []struct {
	text  string
	group int // -1 for none
}

// parseTemplate reads a template. A $ that begins no reference is itself. It
// returns the first reference to a group that the expression does not have.
func parseTemplate(source string, re *regex) (t template, unknown string) {
	var text strings.Builder
	for rest := source; rest != ""; {
		ref, group := reference(rest, re)
		switch {
		case group > re.groups():
			return nil, ref
		case ref != "":
			t = append(t, struct {
				text  string
				group int
			}{text.String(), group})
			text.Reset()
			rest = rest[len(ref):]
		case strings.HasPrefix(rest, `\\`), strings.HasPrefix(rest, `\$`):
			text.WriteByte(rest[1])
			rest = rest[2:]
		default:
			text.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return append(t, struct {
		text  string
		group int
	}{text.String(), -1}), ""
}

// reference is the $1, ${1}, ${name} or \1 at the start of source, with the
// number of its group, which is too large if there is no such group. It is ""
// if source begins otherwise. Digits belong to it as long as there is a group.
func reference(source string, re *regex) (string, int) {
	if inside, ok := strings.CutPrefix(source, "${"); ok {
		name, _, closed := strings.Cut(inside, "}")
		if !closed {
			return "", 0
		}
		return source[:len(name)+3], re.groupNamed(name)
	}
	if source[0] != '$' && source[0] != '\\' || len(source) == 1 || !isDigit(source[1]) {
		return "", 0
	}
	group, n := int(source[1]-'0'), 2
	for n < len(source) && isDigit(source[n]) && source[0] == '$' && group*10+int(source[n]-'0') <= re.groups() {
		group = group*10 + int(source[n]-'0')
		n++
	}
	return source[:n], group
}

// groupNamed finds a group by its name or number; one too large if there is
// none.
func (re *regex) groupNamed(name string) int {
	for i, other := range re.names {
		if other != "" && other == name || strconv.Itoa(i) == name {
			return i
		}
	}
	return len(re.names)
}

// replaceAll replaces every match. It may stop when the text is longer than any
// may be.
func (re *regex) replaceAll(text string, by template) (string, error) {
	var b strings.Builder
	done := 0
	err := re.findAll(text, func(at []int) bool {
		b.WriteString(text[done:at[0]])
		done = at[1]
		for _, part := range by {
			b.WriteString(part.text)
			if part.group >= 0 && at[2*part.group] >= 0 {
				b.WriteString(text[at[2*part.group]:at[2*part.group+1]])
			}
		}
		return b.Len() <= maxText
	})
	b.WriteString(text[done:])
	return b.String(), err
}

// prepareRegexReplace compiles what is constant once. Otherwise a pattern or a
// template that is not valid gives a missing value.
func prepareRegexReplace(c *preparation) body {
	var fixed *regex
	if v, ok := c.constant(1); ok {
		fixed = c.compileText(1, v.String())
	}
	if v, ok := c.constant(2); ok && fixed != nil {
		by, unknown := parseTemplate(v.String(), fixed)
		if unknown != "" {
			c.refuse(2, ErrUse, fmt.Sprintf("the regular expression has no group for %q", preview(unknown)), "write \\\\$ for a dollar sign")
		}
		return func(f *frame, args []Value) Value { return f.replaceAll(args[0], fixed, by) }
	}
	return func(f *frame, args []Value) Value {
		var text, pattern, replacement string
		if !texts(args, &text, &pattern, &replacement) {
			return Value{}
		}
		re := fixed
		if re == nil {
			var problem *regexProblem
			if re, _, problem = compileRegex(pattern); problem != nil {
				return Value{}
			}
		}
		by, unknown := parseTemplate(replacement, re)
		if unknown != "" {
			return Value{}
		}
		return f.replaceAll(args[0], re, by)
	}
}

func (f *frame) replaceAll(v Value, re *regex, by template) Value {
	text, ok := v.asText()
	if !ok {
		return Value{}
	}
	text, err := re.replaceAll(text, by)
	f.fail(err)
	return stringValue(text)
}

// compileText compiles the n-th argument, a quoted regular expression.
func (c *preparation) compileText(n int, source string) *regex {
	return c.compileRegex(c.call.args[n].extent(), source)
}
