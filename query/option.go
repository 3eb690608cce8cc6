package query

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// atOption reports whether an option such as p=1 is next: a name, with an equals
// sign behind it.
func (p *parser) atOption() bool {
	return p.tok.kind == tokenName && p.followedBy("=")
}

// followedBy reports whether the symbol is behind the current token.
func (p *parser) followedBy(symbol string) bool {
	ahead := p.lexer // next moves only the copy
	tok, err := ahead.next()
	return err == nil && tok.is(symbol)
}

// parseOption reads the name of an option and the equals sign. It returns the
// name in lower case, and refuses one that the command does not have.
func (p *parser) parseOption(command string, known []string) string {
	option := p.tok
	name := strings.ToLower(option.text)
	if !slices.Contains(known, name) {
		hint := cmp.Or(didYouMean(name, known), "it has "+strings.Join(known, ", "))
		p.fail(option.span, ErrName, fmt.Sprintf("%s has no option %q", command, preview(option.text)), hint)
	}
	p.advance()
	p.expect("=", "after the option")
	return name
}

// parseOptions reads the options of a command, each of which can be given once.
// read reads the value of one.
func (p *parser) parseOptions(command string, known []string, read func(option string)) {
	given := map[string]bool{}
	for p.atOption() {
		at := p.tok.span
		name := p.parseOption(command, known)
		if given[name] {
			p.fail(at, ErrUse, fmt.Sprintf("%s has the option %s twice", command, name), "")
		}
		given[name] = true
		read(name)
	}
}

// parseChoice reads the value of an option that is one of a few words, and
// returns it in lower case.
func (p *parser) parseChoice(option string, words ...string) string {
	word := strings.ToLower(p.tok.text)
	if p.tok.kind != tokenName || !slices.Contains(words, word) {
		p.fail(p.tok.span, ErrUse, fmt.Sprintf("%s is %s, not %s", option, strings.Join(words, " or "), p.tok.describe(p.src)), didYouMean(word, words))
	}
	p.advance()
	return word
}

// parseSwitch reads true or false.
func (p *parser) parseSwitch(option string) bool {
	return p.parseChoice(option, "true", "false") == "true"
}

// parseCount reads a whole number from 1.
func (p *parser) parseCount(option string, most int) int {
	n, err := strconv.Atoi(p.tok.text)
	if p.tok.kind != tokenNumber || err != nil || n < 1 || n > most {
		want := "a whole number from 1"
		if most < math.MaxInt {
			want += fmt.Sprintf(" to %d", most)
		}
		p.fail(p.tok.span, ErrUse, fmt.Sprintf("%s is %s, not %s", option, want, p.tok.describe(p.src)), "")
	}
	p.advance()
	return n
}

// parseNames reads one name or more, with commas between them.
func (p *parser) parseNames(want string) []*nameExpr {
	for names := []*nameExpr(nil); ; {
		names = append(names, p.parseName(want))
		if !p.accept(",") {
			return names
		}
	}
}

func writeNameList(b *strings.Builder, names []*nameExpr) {
	for i, x := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		x.write(b)
	}
}

// writeAlias writes as and the name, if there is one.
func writeAlias(b *strings.Builder, alias *nameExpr) {
	if alias != nil {
		b.WriteString(" as ")
		alias.write(b)
	}
}
