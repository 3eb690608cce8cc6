package query

import (
	"slices"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/fields"
)

// A systemField is a field that the log service gives to every event.
// Source: the supported logs and discovered fields page.
type systemField struct {
	name string
	read func(ev *audit.Event) Value
}

var systemFields = []systemField{
	{"@ingestionTime", func(ev *audit.Event) Value { return timeValue(ev.Ingested) }},
	{"@log", func(ev *audit.Event) Value { return textOrMissing(ev.Group) }},
	{"@logStream", func(ev *audit.Event) Value { return textOrMissing(ev.Stream) }},
	{"@message", func(ev *audit.Event) Value { return stringValue(borrow(ev.Raw)) }},
	{"@timestamp", func(ev *audit.Event) Value { return timeValue(ev.Time()) }},
}

func textOrMissing(s string) Value {
	if s == "" {
		return Value{}
	}
	return stringValue(s)
}

// systemFieldNamed finds a system field; nil if there is none.
func systemFieldNamed(name string) *systemField {
	i := slices.IndexFunc(systemFields, func(f systemField) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return &systemFields[i]
}

// A wanted field is a field of the event and the slot that its value goes to.
type wanted struct {
	name string
	slot int
}

// value turns a field as the event holds it into a value. It borrows its text
// from the event or, if it has to be unescaped, from the frame.
func (f *frame) value(v fields.Value) Value {
	switch v.Kind {
	case fields.String:
		if !v.Escaped {
			return stringValue(borrow(v.Raw))
		}
		start := len(f.text)
		f.text = v.AppendText(f.text)
		return stringValue(borrow(f.text[start:]))
	case fields.Number:
		return writtenNumber(borrow(v.Raw))
	case fields.True:
		return boolValue(true)
	case fields.False:
		return boolValue(false)
	}
	return Value{}
}
