package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

var sourceInfo = commandInfo{
	name:   "SOURCE",
	syntax: `SOURCE "log group", ... or logGroups(namePrefix: ["start", ...], class: [...], accountIdentifier: [...]) dataSource([...]) logGroupTags([{"key": ..., "values": [...]}, ...]) [start=time] [end=time]`,
	doc:    "Says, before all other commands, which logs the query reads, for Options.Resolve to find them, and the span of time; a time is now, such as -1d, or a date.",
	parse:  parseSource,
}

// A sourceCommand is SOURCE "a", "b" start=-1d end=now.
type sourceCommand struct {
	at         span
	selection  Selection // without the window
	start, end windowBound
}

// The largest numbers of what SOURCE takes.
// Source: the Logs Insights SOURCE page and, for names, the StartQuery API
// reference.
const (
	maxLogNames    = 50
	maxPrefixes    = 5
	maxAccounts    = 20
	maxDataSources = 10
	maxTags        = 5
	maxTagValues   = 5
)

// logClasses are the classes of log groups.
// Source: the CreateLogGroup API reference.
var logClasses = []string{standardClass, "INFREQUENT_ACCESS", "DELIVERY"}

const standardClass = "STANDARD"

func parseSource(p *parser, word token) command {
	c := &sourceCommand{at: word.span}
	switch {
	case p.atSelector():
		seen := map[string]bool{}
		for p.atSelector() {
			if name := strings.ToLower(p.tok.text); seen[name] {
				p.fail(p.tok.span, ErrUse, fmt.Sprintf("SOURCE has two %s", p.tok.text), "")
			} else {
				seen[name] = true
			}
			p.parseSelector(&c.selection)
		}
	default:
		c.selection.Names = p.parseLogNames()
	}
	p.parseOptions("SOURCE", []string{"start", "end"}, func(option string) {
		switch option {
		case "start":
			c.start = p.parseBound()
		case "end":
			c.end = p.parseBound()
		}
	})
	return c
}

// atSelector reports whether conditions on log groups are next.
func (p *parser) atSelector() bool {
	return p.tok.kind == tokenName && p.followedBy("(")
}

// parseSelector reads logGroups(...), dataSource(...) or logGroupTags(...).
func (p *parser) parseSelector(s *Selection) {
	word := p.tok
	known := []string{"logGroups", "dataSource", "logGroupTags"}
	p.advance()
	p.expect("(", "after "+word.text)
	switch strings.ToLower(word.text) {
	case "loggroups":
		p.parseLogGroups(s)
	case "datasource":
		s.DataSources = p.parseTexts("data sources", maxDataSources)
	case "loggrouptags":
		s.Tags = p.parseTags()
	default:
		p.failUnknown(word.span, "selection of SOURCE", word.text, known, nil)
	}
	p.expect(")", "to close "+word.text)
}

// parseLogGroups reads the conditions of logGroups. The reference calls those on
// accounts and classes by two names each.
func (p *parser) parseLogGroups(s *Selection) {
	for first := true; !p.tok.is(")"); first = false {
		if !first {
			p.expect(",", `or ")" to close logGroups`)
		}
		name := p.tok
		if name.kind != tokenName {
			p.unexpected("a condition such as namePrefix")
		}
		var to *[]string
		what, most := "", 0
		switch strings.ToLower(name.text) {
		case "nameprefix":
			to, what, most = &s.Prefixes, "prefixes", maxPrefixes
		case "accountidentifier", "accountidentifiers":
			to, what, most = &s.Accounts, "accounts", maxAccounts
		case "class", "loggroupclass":
			to = &s.Classes
		default:
			p.failUnknown(name.span, "condition of logGroups", name.text, []string{"namePrefix", "accountIdentifier", "class"}, nil)
		}
		if *to != nil {
			p.fail(name.span, ErrUse, "logGroups has this condition twice", "")
		}
		p.advance()
		p.expect(":", "after the condition")
		if to == &s.Classes {
			s.Classes = p.parseClasses()
		} else {
			*to = p.parseTexts(what, most)
		}
	}
}

// parseClasses reads a list of classes.
func (p *parser) parseClasses() []string {
	from := p.tok.span
	classes := p.parseTexts("classes", len(logClasses))
	for i, class := range classes {
		classes[i] = strings.ToUpper(class)
		if !slices.Contains(logClasses, classes[i]) {
			p.failUnknown(join(from, p.last), "class", class, logClasses, nil)
		}
	}
	return classes
}

// parseTags reads a list of conditions on tags.
func (p *parser) parseTags() []Tag {
	var tags []Tag
	p.parseBracketed("tags", maxTags, func() {
		from := p.tok.span
		p.expect("{", "before the key of a tag")
		tag := Tag{}
		for first := true; !p.tok.is("}"); first = false {
			if !first {
				p.expect(",", `or "}" to close the tag`)
			}
			p.parseTagPart(&tag)
		}
		p.advance()
		if tag.Key == "" {
			p.fail(join(from, p.last), ErrUse, "a tag needs a key", `write {"key": "name"}`)
		}
		tags = append(tags, tag)
	})
	return tags
}

// parseTagPart reads "key": "a" or "values": ["b"], the names with quotation
// marks or without.
func (p *parser) parseTagPart(tag *Tag) {
	name := p.tok
	if name.kind != tokenName && name.kind != tokenString {
		p.unexpected(`"key" or "values"`)
	}
	p.advance()
	p.expect(":", "after the name")
	switch {
	case name.text == "key" && tag.Key == "":
		tag.Key = p.parseText("the key of a tag")
	case name.text == "values" && tag.Values == nil:
		if p.tok.is("[") && p.followedBy("]") {
			p.advance()
			p.advance()
			return
		}
		tag.Values = p.parseTexts("values of a tag", maxTagValues)
	default:
		hint := ""
		if name.text != "key" && name.text != "values" {
			hint = didYouMean(name.text, []string{"key", "values"})
		}
		p.fail(name.span, ErrUse, fmt.Sprintf("a tag has one key and one list of values, not %q", preview(name.text)), hint)
	}
}

// parseTexts reads a list of one to so many texts in square brackets.
func (p *parser) parseTexts(what string, most int) []string {
	var texts []string
	from := p.tok.span
	p.parseBracketed(what, most, func() { texts = append(texts, p.parseText("a text")) })
	if len(texts) == 0 {
		p.fail(join(from, p.last), ErrUse, "this list is empty", "")
	}
	return texts
}

// parseBracketed reads a list in square brackets, whose items one reads.
func (p *parser) parseBracketed(what string, most int, one func()) {
	p.expect("[", "before the list of "+what)
	for n := 0; !p.accept("]"); n++ {
		if n > 0 {
			p.expect(",", `or "]" to close the list`)
		}
		if n == most {
			p.fail(p.tok.span, ErrUse, fmt.Sprintf("SOURCE takes up to %d %s", most, what), "")
		}
		one()
	}
}

// parseText reads a text that is not empty.
func (p *parser) parseText(want string) string {
	if p.tok.kind != tokenString || p.tok.text == "" {
		p.unexpected(want + " in quotation marks")
	}
	text := p.tok.text
	p.advance()
	return text
}

// parseLogNames reads the names of log groups, with commas between them.
func (p *parser) parseLogNames() []string {
	for names := []string(nil); ; {
		if len(names) == maxLogNames {
			p.fail(p.tok.span, ErrUse, fmt.Sprintf("SOURCE takes up to %d names", maxLogNames), "")
		}
		names = append(names, p.parseLogName())
		if !p.accept(",") {
			return names
		}
	}
}

// parseLogName reads the name of a log group, which needs no quotation marks.
func (p *parser) parseLogName() string {
	const want = "the name of a log group, logGroups(...), dataSource(...) or logGroupTags(...)"
	if p.tok.kind == tokenString {
		return p.parseText(want)
	}
	word := p.rawWord(p.tok, "./-_:*")
	if word.text == "" {
		p.unexpected(want)
	}
	if strings.HasPrefix(p.src[word.to:], "#") {
		p.fail(span{word.to, word.to + 1}, ErrSyntax, "it is not clear whether a comment begins here", "a name with # in it needs quotation marks")
	}
	p.tok = word
	p.advance()
	return word.text
}

// rawWord reads again, as a word of ASCII letters, digits and those other characters,
// what begins at the token.
func (l *lexer) rawWord(at token, others string) token {
	end := at.from
	for end < len(l.src) {
		c := l.src[end]
		if !isDigit(c) && (c|0x20 < 'a' || 'z' < c|0x20) && strings.IndexByte(others, c) < 0 {
			break
		}
		end++
	}
	if end > at.from {
		l.pos = end
	}
	return token{span: span{at.from, end}, kind: tokenName, text: l.src[at.from:end]}
}

// A windowBound is a bound of SOURCE's window: a time, or one that counts from the
// time of the run. The zero windowBound is no bound.
type windowBound struct {
	text string // canonical
	back duration
	at   time.Time // if it does not depend on the run
}

// maxBack is how far back a bound can be, in milliseconds: about 100 years.
const maxBack = 36_500 * msDay

// isoLayouts are the forms of a time of SOURCE; without an offset it is in UTC.
var isoLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly}

// parseBound reads now, -1d, seconds or milliseconds since the Unix epoch, or a
// time such as 2026-01-02T03:04:05Z.
// Source: the example of the Logs Insights logcompare page has start=-1d and
// end=now; other forms are our own.
func (p *parser) parseBound() windowBound {
	word := p.tok
	if word.kind != tokenString {
		if word = p.rawWord(word, "-:.+"); word.text == "" {
			p.unexpected("a time such as -1d or now")
		}
	}
	m, ok := boundOf(word.text)
	if !ok {
		p.fail(word.span, ErrUse, fmt.Sprintf("%q is no time", preview(word.text)), "write now, -1d, or a time such as 2026-01-02T03:04:05Z")
	}
	p.tok = word
	p.advance()
	return m
}

func boundOf(text string) (windowBound, bool) {
	if strings.EqualFold(text, "now") {
		return windowBound{text: "now"}, true
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		m := windowBound{text: text, at: time.Unix(min(n, maxMillis/1000), 0).UTC()}
		if n >= 1e11 { // the year 5138 in seconds, 1973 in milliseconds
			m.at = time.UnixMilli(min(n, maxMillis)).UTC()
		}
		return m, true
	}
	if back, ok := strings.CutPrefix(text, "-"); ok {
		digits := strings.TrimRight(back, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
		n, err := strconv.ParseUint(digits, 10, 31)
		unit := unitOf(back[len(digits):])
		if err != nil || unit == nil || float64(n)*unit.ms > maxBack {
			return windowBound{}, false
		}
		d := duration{float64(n), unit}
		return windowBound{text: "-" + d.String(), back: d}, true
	}
	for _, layout := range isoLayouts {
		if at, err := time.Parse(layout, text); err == nil && !at.IsZero() {
			return windowBound{text: strconv.Quote(text), at: at.UTC()}, true
		}
	}
	return windowBound{}, false
}

// time is the time of the bound in a run at now.
func (m windowBound) time(now time.Time) time.Time {
	switch {
	case !m.at.IsZero():
		return m.at
	case m.back.unit == nil:
		return now
	case m.back.unit.months > 0:
		return now.AddDate(0, -int(m.back.count)*m.back.unit.months, 0)
	}
	return now.Add(-time.Duration(m.back.micros()) * time.Microsecond)
}

func (c *sourceCommand) String() string {
	var b strings.Builder
	c.selection.write(&b)
	for _, bound := range []struct {
		name string
		windowBound
	}{{"start", c.start}, {"end", c.end}} {
		if bound.text != "" {
			b.WriteString(" " + bound.name + "=" + bound.text)
		}
	}
	return b.String()
}

// plan lets the query read what the command selects. Several commands that each
// name log groups are one of all the names, as dashboards write it.
// Source: the log widgets that the CDK makes of several log groups.
func (c *sourceCommand) plan(pl *planner) {
	switch {
	case pl.begun:
		pl.p.fail(c.at, ErrUse, "SOURCE comes before all other commands", "")
	case pl.source == nil:
		source := *c
		pl.source = &source
		if !pl.p.inSubquery {
			pl.p.note(c.at, "SOURCE chooses among logs that are given by name; a log that is given without one is read whatever it says", "")
		}
		return
	}
	merged := pl.source
	if len(merged.selection.Names) == 0 || len(c.selection.Names) == 0 || merged.start.text+merged.end.text+c.start.text+c.end.text != "" {
		pl.p.fail(c.at, ErrUse, "there is a SOURCE already", "several can only name log groups")
	}
	merged.selection.Names = slices.Concat(merged.selection.Names, c.selection.Names)
	if len(merged.selection.Names) > maxLogNames {
		pl.p.fail(c.at, ErrUse, fmt.Sprintf("SOURCE takes up to %d names", maxLogNames), "")
	}
}

// open is the selection for a run, whose window it sets.
func (c *sourceCommand) open(opts *Options) Selection {
	if c.start.text != "" {
		opts.Start = c.start.time(opts.Now)
	}
	if c.end.text != "" {
		opts.End = c.end.time(opts.Now)
	}
	s := c.selection
	s.Start, s.End = opts.Start, opts.End
	return s
}
