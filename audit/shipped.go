package audit

import (
	"bytes"
	"time"

	"github.com/evictlog/evictlog/audit/fields"
)

// What the wrappers of shippers and stores share: where they keep times, and how
// a text that may be of the API server is told from any other message.

// loggedAt returns the time that a record gives, under the first of the usual
// names that has one, or zero.
func loggedAt(record object) time.Time {
	for _, name := range [...]string{"@timestamp", "timestamp", "time", "date", "_time", "TimeGenerated"} {
		if value := record.get(name); value != nil {
			if t := instant(value); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

// instant returns the time that a JSON value tells, or zero: a string in any of
// the ways of [fields.ParseTime], or a number since 1970, also as a string, whose
// size says what it counts.
func instant(value []byte) time.Time {
	text := bytes.TrimSuffix(bytes.Trim(value, `"`), []byte(" UTC"))
	if !isDigits(text) {
		nanos, ok := fields.ParseTime(text)
		if !ok {
			return time.Time{}
		}
		return time.Unix(0, nanos).UTC()
	}
	number, fraction, _ := bytes.Cut(text, []byte{'.'})
	if bytes.IndexByte(fraction, '.') >= 0 {
		return time.Time{}
	}
	var n, unit int64
	for _, c := range number {
		if n > 9e17 { // no room for one more digit
			return time.Time{}
		}
		n = n*10 + int64(c-'0')
	}
	switch {
	case n <= 0:
		return time.Time{}
	case n < 1e11:
		unit = 1e9 // seconds
	case n < 1e14:
		unit = 1e6
	case n < 1e17:
		unit = 1e3
	default:
		unit = 1
	}
	nanos := n * unit
	for _, c := range fraction {
		if unit /= 10; unit == 0 {
			break
		}
		nanos += int64(c-'0') * unit
	}
	return time.Unix(0, nanos).UTC()
}

// identify sets the id of a record, if it has one.
func identify(record object, m *message) {
	for _, key := range [...]string{"_id", "id"} {
		if id := record.text(key); id != nil {
			m.id = string(id)
			return
		}
	}
}

// mayLog tells whether the text of a record, a JSON value, may be what an API
// server logged, and not the message of some other program: it holds JSON, is a
// line of the text formats or of a stream that is known.
func mayLog(value []byte) bool {
	if len(value) < 2 || value[0] != '"' {
		return len(value) > 0 && value[0] == '{'
	}
	text := bytes.TrimLeft(value[1:len(value)-1], " \t")
	if bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")) ||
		bytes.Contains(text, []byte(`\":`)) || bytes.Contains(text, []byte(`\" :`)) {
		return true
	}
	line := unquoted(value)
	return isOther(line) || isAuditLine(line)
}

// within returns the value at the end of a way of keys, or nil.
func (o object) within(keys ...string) []byte {
	value := o.get(keys[0])
	for _, key := range keys[1:] {
		if len(value) == 0 || value[0] != '{' {
			return nil
		}
		value = members(nil, value).get(key)
	}
	return value
}
