package query

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// conversions are those of strftime, in the POSIX locale, and %f and %s, which
// many programs have besides.
// Source: strftime of POSIX.1-2024. The Logs Insights functions page says that
// formats are those of strftime, and no more.
var conversions = map[byte]func(t time.Time) string{
	'a': layout("Mon"), 'A': layout("Monday"), 'b': layout("Jan"), 'B': layout("January"), 'h': layout("Jan"),
	'c': layout("Mon Jan _2 15:04:05 2006"), 'd': layout("02"), 'D': layout("01/02/06"), 'e': layout("_2"),
	'f': func(t time.Time) string { return padded(t.Nanosecond()/1000, 6) },
	'F': layout("2006-01-02"), 'H': layout("15"), 'I': layout("03"), 'j': layout("002"), 'm': layout("01"), 'M': layout("04"),
	'n': literally("\n"), 'p': layout("PM"), 'r': layout("03:04:05 PM"), 'R': layout("15:04"),
	's': func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) },
	'S': layout("05"), 't': literally("\t"), 'T': layout("15:04:05"), 'x': layout("01/02/06"), 'X': layout("15:04:05"),
	'y': layout("06"), 'Y': layout("2006"), 'z': layout("-0700"), 'Z': layout("MST"), '%': literally("%"),
	'C': func(t time.Time) string { return padded(t.Year()/100, 2) },
	'u': func(t time.Time) string { return padded((int(t.Weekday())+6)%7+1, 1) },
	'w': func(t time.Time) string { return padded(int(t.Weekday()), 1) },
	'U': func(t time.Time) string { return padded((t.YearDay()+6-int(t.Weekday()))/7, 2) },
	'W': func(t time.Time) string { return padded((t.YearDay()+6-(int(t.Weekday())+6)%7)/7, 2) },
	'G': func(t time.Time) string { year, _ := t.ISOWeek(); return padded(year, 4) },
	'g': func(t time.Time) string { year, _ := t.ISOWeek(); return padded(year%100, 2) },
	'V': func(t time.Time) string { _, week := t.ISOWeek(); return padded(week, 2) },
}

// layout is a conversion that package time has.
func layout(s string) func(time.Time) string {
	return func(t time.Time) string { return t.Format(s) }
}

func literally(s string) func(time.Time) string {
	return func(time.Time) string { return s }
}

// padded is n with zeros before it, as far as it takes to have so many digits.
func padded(n, width int) string { return fmt.Sprintf("%0*d", width, n) }

func prepareFormatDate(c *preparation) body {
	var parts []func(time.Time) string
	for rest := c.text(1); rest != ""; {
		text, after, found := strings.Cut(rest, "%")
		parts = append(parts, literally(text))
		if !found {
			break
		}
		if after == "" {
			c.refuse(1, ErrUse, "the format ends with a %", "write %% for a percent sign")
		}
		convert := conversions[after[0]]
		if convert == nil {
			c.refuse(1, ErrUse, fmt.Sprintf("%q is no conversion of formatDate", "%"+firstRune(after)), "")
		}
		parts, rest = append(parts, convert), after[1:]
	}
	zone := c.zone(2)
	return func(_ *frame, args []Value) Value {
		t, ok := args[0].instant()
		if !ok {
			return Value{}
		}
		var b strings.Builder
		for _, part := range parts {
			b.WriteString(part(t.In(zone)))
		}
		return stringValue(b.String())
	}
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func prepareParseDate(c *preparation) body {
	format := c.text(1)
	parts, problem := parseDateFormat(format)
	if problem != nil {
		c.refuse(1, problem.kind, problem.msg, problem.hint)
	}
	zone := c.zone(2)
	return func(_ *frame, args []Value) Value {
		text, ok := args[0].asText()
		if !ok {
			return Value{}
		}
		d := date{month: 1, day: 1, weekday: -1, zone: zone}
		rest, ok := parts.take(text, &d)
		if !ok || rest != "" {
			return Value{}
		}
		t, ok := d.time()
		if !ok {
			return Value{}
		}
		return millisOf(t.Truncate(time.Millisecond))
	}
}

// A date is what a text says of a time.
type date struct {
	year, month, day, hour, minute, second, nano int

	weekday  int // -1 if it does not say it
	half     int // 1 for a.m., 2 for p.m., 0 if it does not say it
	yearDay  int // 0 if it does not say it
	clock12  bool
	zone     *time.Location
	yearSaid bool
}

// time is the time, if there is such a date.
func (d *date) time() (time.Time, bool) {
	if !d.yearSaid || d.clock12 != (d.half > 0) {
		return time.Time{}, false
	}
	hour := d.hour
	if d.clock12 {
		hour = hour%12 + 12*(d.half-1)
	}
	month, day := d.month, d.day
	if d.yearDay > 0 {
		month, day = 1, d.yearDay
	}
	t := time.Date(d.year, time.Month(month), day, hour, d.minute, d.second, d.nano, d.zone)
	noon := time.Date(d.year, time.Month(month), day, 12, 0, 0, 0, time.UTC)
	exists := d.yearDay > 0 && noon.Year() == d.year || d.yearDay == 0 && noon.Day() == day
	return t, exists && (d.weekday < 0 || int(noon.Weekday()) == d.weekday)
}

// A dateFormat is a pattern of Java's DateTimeFormatter.
type dateFormat []datePart

// A datePart takes its part from the start of a text, and reports whether it is
// there.
type datePart func(text string, d *date) (rest string, ok bool)

func (f dateFormat) take(text string, d *date) (string, bool) {
	for _, part := range f {
		var ok bool
		if text, ok = part(text, d); !ok {
			return "", false
		}
	}
	return text, true
}

// optional is a part in square brackets.
func (f dateFormat) optional(text string, d *date) (string, bool) {
	tried := *d
	rest, ok := f.take(text, &tried)
	if !ok {
		return text, true
	}
	*d = tried
	return rest, true
}

// A formatProblem says why a pattern cannot be used.
type formatProblem struct {
	kind      error
	msg, hint string
}

// parseDateFormat reads a pattern.
// Source: the documentation of java.time.format.DateTimeFormatter, which the
// Logs Insights functions page names.
func parseDateFormat(format string) (dateFormat, *formatProblem) {
	stack := []dateFormat{nil} // of the brackets that are open
	letters := map[byte]bool{}
	add := func(part datePart) { stack[len(stack)-1] = append(stack[len(stack)-1], part) }
	for rest := format; rest != ""; {
		c := rest[0]
		n := len(rest) - len(strings.TrimLeft(rest, string(rest[0])))
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			part := dateLetter(c, n)
			if part == nil {
				return nil, &formatProblem{errors.ErrUnsupported, fmt.Sprintf("parseDate does not support %q in a format", preview(rest[:n])), "other letters stand in single quotes"}
			}
			letters[c] = true
			add(part)
			rest = rest[n:]
		case c == '\'':
			text, after, closed := cutQuoted(rest[1:])
			if !closed {
				return nil, &formatProblem{ErrUse, "the format has a quote that is never closed", "write '' for a quote"}
			}
			add(exactly(text))
			rest = after
		case c == '[':
			stack, rest = append(stack, nil), rest[1:]
		case c == ']' && len(stack) > 1:
			inner := stack[len(stack)-1]
			stack, rest = stack[:len(stack)-1], rest[1:]
			add(inner.optional)
		case strings.IndexByte("]{}#", c) >= 0:
			return nil, &formatProblem{ErrUse, fmt.Sprintf("the format has a %q that means nothing", c), "such characters stand in single quotes"}
		default:
			add(exactly(rest[:1]))
			rest = rest[1:]
		}
	}
	switch {
	case len(stack) > 1:
		return nil, &formatProblem{ErrUse, "the format has a bracket that is never closed", ""}
	case !letters['y'] && !letters['u']:
		return nil, &formatProblem{ErrUse, "the format has no year", "the letters for it are yyyy"}
	case (letters['h'] || letters['K']) && !letters['a']:
		return nil, &formatProblem{ErrUse, "the format has hours of half a day and does not say which half", "the letter for it is a"}
	}
	return stack[0], nil
}

// cutQuoted cuts at the quote that closes a text. Two of them are one that is
// part of it, and also if they are all that there is.
func cutQuoted(s string) (text, rest string, closed bool) {
	if rest, ok := strings.CutPrefix(s, "'"); ok {
		return "'", rest, true
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "'")
		b.WriteString(before)
		if !found {
			return "", "", false
		}
		if s, found = strings.CutPrefix(after, "'"); !found {
			return b.String(), after, true
		}
		b.WriteByte('\'')
	}
}

func exactly(text string) datePart {
	return func(s string, _ *date) (string, bool) { return strings.CutPrefix(s, text) }
}
