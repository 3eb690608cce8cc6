package audit

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/evictlog/evictlog/audit/fields"
)

// A mapping makes events of records of another schema that tell of the same
// requests: what a row of the table of mappings says, nothing else knows.
type mapping struct {
	name string // that of [Event.Mapped]
	doc  string // one sentence for the package documentation
	// keys are what tells the record: an object that is no event and has all
	// of them at its top.
	keys []string
	// build returns the event that the record tells of, or nil if it is of
	// another source, and sets what the record says about m. is says that it
	// is of this schema.
	build func(record []byte, m *message) (e *madeEvent, is bool)
}

// mappings lists the schemas that are read, in the order they are tried. They
// come before the wrappers, since their records may have any other key. A new
// one is a file and a row.
var mappings = []mapping{cloudAudit, ocsf}

// mapped reads m, a record with the members o, if it is one of a schema that is
// known; done is false if it is not.
func (s *scan) mapped(m *message, o object) (done, more bool) {
	for i := range mappings {
		p := &mappings[i]
		if !o.has(p.keys) {
			continue
		}
		in := s.inside(m)
		e, is := p.build(m.text, in)
		switch {
		case !is:
			continue
		case s.strict && fields.Repeats(m.text, p.keys...):
			return true, s.refuse(m, errRepeated)
		case e == nil:
			return true, s.others(m)
		}
		s.notes.form(p.name)
		in.text, in.at, in.copied, in.valid = e.raw(), m.at, true, true
		in.mapped = p.name
		return true, s.read(in)
	}
	return false, true
}

// decodeRecord decodes a record, valid JSON, into a struct. A field with a value
// of another kind than the schema says is left out. It reports whether the
// record could be read.
func decodeRecord(record []byte, into any) bool {
	err := json.Unmarshal(record, into)
	var kind *json.UnmarshalTypeError
	return err == nil || errors.As(err, &kind)
}

// jsonBody returns a body as it may stand in an event: not null, and of a string
// that holds an object or array what it holds. drop is a key that is not part of
// it.
func jsonBody(text json.RawMessage, drop string) json.RawMessage {
	text = bytes.TrimSpace(text)
	var inner string
	if len(text) > 0 && text[0] == '"' && json.Unmarshal(text, &inner) == nil && json.Valid([]byte(inner)) {
		text = bytes.TrimSpace([]byte(inner))
	}
	switch {
	case len(text) == 0 || text[0] != '{' && text[0] != '[':
		return nil
	case text[0] == '[' || drop == "":
		return text
	}
	body := []byte{'{'}
	for _, member := range members(nil, text) {
		if string(member.key) == drop {
			continue
		}
		if len(body) > 1 {
			body = append(body, ',')
		}
		body = append(append(append(body, '"'), member.key...), `":`...)
		body = append(body, member.value...)
	}
	return append(body, '}')
}

// madeStamp returns a time as the API server writes it, of one in any of the
// ways that [fields.ParseTime] reads; empty if it is none.
func madeStamp(text string) string {
	t := parseStamp(text)
	if t.IsZero() {
		return ""
	}
	return t.Format(madeTime)
}
