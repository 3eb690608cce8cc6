package audit

import (
	"bytes"
	"time"
)

// syslogLine is the form of syslog. A message stands behind the header of RFC
// 5424 ("<PRI>1 TIME HOST APP PROCID MSGID DATA TEXT"), or behind that of RFC
// 3164 ("<PRI>Nov 23 07:24:24 HOST TAG: TEXT"), which most files have without the
// PRI, and some, as journalctl prints it too, with a time as in RFC 5424; the
// number of bytes that RFC 6587 puts before it is let be. Receivers cut long
// messages, rsyslog those of 8 KiB, and leave no mark. Source: these RFCs;
// rsyslog, "File Output Module", RSYSLOG_TraditionalFileFormat and
// RSYSLOG_FileFormat, and "$MaxMessageSize".
var syslogLine = form{
	name: "syslog",
	doc: "the lines of syslog as of RFC 5424 and RFC 3164, with and without their priority, and of journalctl in its " +
		"outputs short and short-iso; events that were cut on their way are given as cut, and what other programs log is " +
		"of other streams.",
	unwrap: unwrapSyslog,
}

func unwrapSyslog(line []byte, m *message) bool {
	if count, rest, ok := bytes.Cut(line, []byte(" <")); ok && len(count) < 10 && isWhole(count) {
		line = line[len(line)-len(rest)-1:]
	}
	rest, given := cutPriority(line)
	text, logged, ok := cutVersioned(rest)
	if !ok || !given {
		text, logged, ok = cutTagged(rest)
	}
	if !ok {
		return false
	}
	m.text, m.logged = text, logged
	m.cut, m.foreign = true, true
	return true
}

// isWhole tells whether text is the digits of a whole number.
func isWhole(text []byte) bool { return len(text) > 0 && len(bytes.Trim(text, "0123456789")) == 0 }

// cutPriority takes off "<PRI>".
func cutPriority(line []byte) (rest []byte, ok bool) {
	if len(line) == 0 || line[0] != '<' {
		return line, false
	}
	priority, rest, ok := bytes.Cut(line[1:], []byte{'>'})
	if !ok || len(priority) > 3 || !isWhole(priority) {
		return line, false
	}
	return rest, true
}

// cutVersioned takes off the header of RFC 5424 behind the PRI.
func cutVersioned(line []byte) (text []byte, logged time.Time, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("1 "))
	if !ok {
		return nil, logged, false
	}
	stamp, rest, _ := bytes.Cut(rest, []byte{' '})
	if logged = rfc3339(stamp); logged.IsZero() && string(stamp) != "-" {
		return nil, logged, false
	}
	for range 4 { // host, application, process, kind of message
		if _, rest, ok = bytes.Cut(rest, []byte{' '}); !ok {
			return nil, logged, false
		}
	}
	if rest, ok = cutStructured(rest); !ok {
		return nil, logged, false
	}
	return bytes.TrimPrefix(rest, bom), logged, true
}

// cutStructured takes off the structured data of RFC 5424: "-", or elements in
// brackets, in whose quoted values a backslash stands before quotes, brackets and
// itself; and the blank behind it.
func cutStructured(text []byte) (rest []byte, ok bool) {
	if rest, ok = bytes.CutPrefix(text, []byte{'-'}); ok {
		return bytes.TrimPrefix(rest, []byte{' '}), len(rest) == 0 || rest[0] == ' '
	}
	for len(text) > 0 && text[0] == '[' {
		quoted, end := false, 0
		for i := 1; i < len(text) && end == 0; i++ {
			switch c := text[i]; {
			case quoted && c == '\\':
				i++
			case c == '"':
				quoted = !quoted
			case !quoted && c == ']':
				end = i + 1
			}
		}
		if end == 0 {
			return nil, false
		}
		text, ok = text[end:], true
	}
	return bytes.TrimPrefix(text, []byte{' '}), ok
}

// tradTime is the time of RFC 3164, which has neither a year nor a zone: it says
// nothing that could be relied on.
const tradTime = "Jan _2 15:04:05"

// cutTagged takes off the header of RFC 3164 behind the PRI, up to the tag: the
// name of a program, perhaps its process in brackets, and a colon.
func cutTagged(line []byte) (text []byte, logged time.Time, ok bool) {
	n := len(tradTime)
	var rest []byte
	if len(line) > n && line[n] == ' ' && line[3] == ' ' && line[n-3] == ':' {
		if _, err := time.Parse(tradTime, string(line[:n])); err != nil {
			return nil, logged, false
		}
		rest = line[n+1:]
	} else {
		var stamp []byte
		stamp, rest, _ = bytes.Cut(line, []byte{' '})
		if logged = isoTime(stamp); logged.IsZero() {
			return nil, logged, false
		}
	}
	host, rest, _ := bytes.Cut(rest, []byte{' '})
	tag, text, _ := bytes.Cut(rest, []byte{' '})
	name, isTag := bytes.CutSuffix(tag, []byte{':'})
	ok = isTag && isName(host) && isName(name)
	return text, logged, ok
}

// isoTime is rfc3339 for a time whose offset may lack its colon, as older
// journalctls print it.
func isoTime(stamp []byte) time.Time {
	if n := len(stamp) - 2; n > 0 && len(stamp) == len("2006-01-02T15:04:05-0700") {
		stamp = append(append(bytes.Clone(stamp[:n]), ':'), stamp[n:]...)
	}
	return rfc3339(stamp)
}

// isName tells whether text can be the name of a host or a program, and is no
// JSON.
func isName(text []byte) bool {
	return len(text) > 0 && len(text) <= 255 && !bytes.ContainsAny(text, "\"{}<>=,\t")
}
