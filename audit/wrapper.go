package audit

import (
	"bytes"
	"time"

	"github.com/evictlog/evictlog/audit/internal/lines"
	"github.com/evictlog/evictlog/audit/internal/values"
)

// A wrapper is a JSON object that holds a message: what a row of the table of
// wrappers says, nothing else knows.
type wrapper struct {
	name string
	doc  string // one sentence for the package documentation
	// keys are what tells it: an object that is no event and has all of them
	// at its top.
	keys []string
	// unwrap returns the value that is the message, a part of the object: a
	// string, whose escapes are taken away, or any other JSON value. It sets
	// what the object says about m. nil says that this is not the form, and an
	// empty value that it is, and holds no message.
	unwrap func(o object, m *message) (payload []byte)
	// build, in the place of unwrap, appends to dst a message that stands
	// nowhere in the object as it is. nil says that this is not the form.
	build func(dst []byte, o object, m *message) []byte
	// elements, in the place of keys and unwrap, is for a JSON array that is
	// no list of messages but a record: see isRecord.
	elements func(e [][]byte, m *message) (payload []byte)
}

// wrappers lists the wrappers that are read, in the order they are tried. A new
// one is a file and a row.
var wrappers = []wrapper{
	dockerLog, journalEntry, logEvent,
	insightsRow, lambdaEvent, kinesisRecord, kinesisEvent, firehoseError, firehoseRecord,
	aksRecord, diagnosticsRow, aksAuditRow, slsLog,
	parsedEvent, fluentLog, fluentRecord, shipperMessage, originalMessage, gelfMessage,
	elasticHit, elasticAction, kibanaFields, lokiLine, lokiValue, otlpText, otlpParsed,
	splunkRaw, splunkResult, splunkInput, datadogLog, flatEvent,
}

// object reads a message that begins like a JSON object.
func (s *scan) object(m *message) bool {
	text := m.text
	// Literals are of use on the text as it stands in the file.
	if !m.copied && s.skips(text) {
		return s.leave(m)
	}
	if s.unchecked && (s.unit.several || s.unit.end == lines.Newline) && s.looksLikeEvent(text) && !standsApart(text) && (m.valid || !mayJoin(text)) {
		return s.event(m)
	}
	reason := s.recognize(m)
	switch {
	case reason == nil && standsApart(text):
		return s.envelope(m)
	case reason == nil && s.strict && repeats(text):
		return s.refuse(m, errRepeated)
	case reason == nil:
		return s.event(m)
	case reason == ErrNotJSON:
		return s.broken(m)
	}
	return s.envelope(m)
}

// recognize returns nil if m is an audit event, else [ErrNotJSON] or
// [ErrNotEvent].
func (s *scan) recognize(m *message) error {
	if !m.valid {
		return recognize(m.text)
	}
	if isEvent(m.text) {
		return nil
	}
	return ErrNotEvent
}

// mayJoin tells whether text may be several values.
func mayJoin(text []byte) bool {
	return bytes.Contains(text, []byte("}\t{")) || bytes.Contains(text, []byte(`}{"`))
}

// needsLook tells whether, as far as the first bytes of a file show, its lines
// have to be looked into although they begin and end as events do: they may hold
// several, or be what [slsLog] and [flatEvent] are made of.
func needsLook(start []byte) bool {
	if mayJoin(start) {
		return true
	}
	for line := range bytes.Lines(start) {
		if bytes.HasPrefix(line, eventHead) && standsApart(line) {
			return true
		}
	}
	return false
}

// envelope reads a JSON object that is no event.
func (s *scan) envelope(m *message) bool {
	o := members(s.objects[m.depth][:0], m.text)
	s.objects[m.depth] = o
	if done, more := s.mapped(m, o); done {
		return more
	}
	return s.wrapped(m, o)
}

// wrapped reads a message that has the members o.
func (s *scan) wrapped(m *message, o object) bool {
	for i := range wrappers {
		w := &wrappers[i]
		if w.elements != nil || !o.has(w.keys) {
			continue
		}
		in := s.inside(m)
		if w.build != nil {
			if text := w.build(s.scratch[m.depth][:0], o, in); text != nil {
				s.notes.form(w.name)
				s.scratch[m.depth] = text
				in.text, in.copied, in.mapped = text, true, w.name
				return s.read(in)
			}
		} else if payload := w.unwrap(o, in); payload != nil {
			s.notes.form(w.name)
			return s.unwrapped(m, in, payload)
		}
	}
	return s.list(m, o)
}

// list reads a document that is at hand as a whole: an object with the members
// o, or an array.
func (s *scan) list(m *message, o object) bool {
	for i := range documents {
		if d := &documents[i]; d.fits(m.text, o) {
			return s.items(m, d)
		}
	}
	return s.refuse(m, ErrNotEvent)
}

// unwrapped reads the message in, which is the value payload in m.
func (s *scan) unwrapped(m, in *message, payload []byte) bool {
	switch {
	case len(payload) == 0:
		return true
	case in.fault != nil:
		return s.refuse(m, in.fault)
	}
	if in.packed {
		return s.unpack(m, in, payload)
	}
	s.take(m, in, payload)
	return s.join(in)
}

// isRecord tells whether text, a JSON array or the beginning of one, is what a
// shipper makes of one message, and no list of them: what comes first is a time,
// as a number or as a string of digits, or a tag with such a time behind it.
func isRecord(text []byte) bool {
	rest := bytes.TrimLeft(text[1:], spaces)
	first := rest[:valueEnd(rest)]
	if isDigits(bytes.Trim(first, `"`)) {
		return true
	}
	if len(first) == 0 || first[0] != '"' {
		return false
	}
	rest = bytes.TrimLeft(rest[len(first):], spaces+",")
	return isDigits(rest[:valueEnd(rest)])
}

// isDigits tells whether text is a number without a sign, perhaps with a
// fraction.
func isDigits(text []byte) bool {
	return len(text) > 0 && len(bytes.Trim(text, ".0123456789")) == 0
}

// record reads a JSON array that is a record. done is false if none of the
// wrappers knows it.
func (s *scan) record(m *message) (done, more bool) {
	e := elements(nil, m.text)
	for i := range wrappers {
		w := &wrappers[i]
		if w.elements == nil {
			continue
		}
		in := s.inside(m)
		if payload := w.elements(e, in); payload != nil {
			s.notes.form(w.name)
			return true, s.unwrapped(m, in, payload)
		}
	}
	return false, true
}

// quoted reads a message that begins like a JSON string.
func (s *scan) quoted(m *message) bool {
	if !m.valid && stringEnd(m.text) != len(m.text) {
		return s.words(m)
	}
	in := s.inside(m)
	s.take(m, in, m.text)
	return s.read(in)
}

// array reads a message that begins like a JSON array.
func (s *scan) array(m *message) bool {
	if n, st := s.scanner.All(m.text); !m.valid && st == values.Done && n < len(m.text) {
		return s.split(m)
	} else if !m.valid && st != values.Done {
		return s.words(m)
	}
	if m.columns != nil {
		return s.row(m)
	}
	if isRecord(m.text) {
		if done, more := s.record(m); done {
			return more
		}
	}
	if o := fieldList(s.objects[m.depth][:0], m.text); len(o) > 0 {
		s.objects[m.depth] = o
		return s.wrapped(m, o)
	}
	return s.list(m, nil)
}

// row reads a JSON array that is a row of a table, as the object that its columns
// make of it.
func (s *scan) row(m *message) bool {
	in := s.inside(m)
	text := append(s.scratch[m.depth][:0], '{')
	for i, value := range elements(nil, m.text) {
		if i == len(m.columns) {
			break
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(append(text, '"'), m.columns[i]...), `":`...)
		text = append(text, value...)
	}
	text = append(text, '}')
	s.scratch[m.depth] = text
	in.text, in.copied, in.valid = text, true, m.valid
	return s.read(in)
}

// millis returns the time of a JSON number of milliseconds since 1970, as the
// log service counts them, or zero.
func millis(number []byte) time.Time {
	var n int64
	for _, c := range number {
		if c < '0' || c > '9' || n > 1e15 {
			return time.Time{}
		}
		n = n*10 + int64(c-'0')
	}
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// rfc3339 returns the time that text tells, or zero.
func rfc3339(text []byte) time.Time {
	var t time.Time
	if err := t.UnmarshalText(text); err != nil {
		return time.Time{}
	}
	return t.UTC()
}
