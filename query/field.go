package query

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/evictlog/evictlog/audit"
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
	{"@message", func(ev *audit.Event) Value { return stringValue(string(ev.Raw)) }},
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

// A wanted field is what is left of a flattened name below some object of the
// event, and the slot that its value goes to.
type wanted struct {
	rest string
	slot int
}

// A fieldSet finds fields of an event, all in one walk.
//
// A field is looked up by its flattened name: the keys and array indexes on
// the way to it, with dots between them, so that {"a.b":1} and {"a":{"b":1}}
// share the name a.b. Case counts. Keys at the top that begin with @ have
// another @ before them. Objects, arrays and null are no fields: the value is
// missing. Of several values that one name has, the last holds; that is also
// how the types of Kubernetes read an object that has a key twice.
type fieldSet []wanted

// load sets the slots of all fields of the set.
func (set fieldSet) load(raw []byte, slots []Value) {
	for _, w := range set {
		slots[w.slot] = Value{}
	}
	if len(set) == 0 {
		return
	}
	if event := gjson.ParseBytes(raw); event.IsObject() {
		loadFrom(event, set, slots, true)
	}
}

// loadFrom sets the slots of the fields below node, an object or an array.
func loadFrom(node gjson.Result, set []wanted, slots []Value, top bool) {
	index := -1
	node.ForEach(func(k, value gjson.Result) bool {
		key := k.Str
		if index++; node.IsArray() {
			key = strconv.Itoa(index)
		}
		if top && strings.HasPrefix(key, "@") {
			key = "@" + key
		}
		var below []wanted
		for _, w := range set {
			rest, ok := strings.CutPrefix(w.rest, key)
			switch {
			case !ok:
			case rest == "":
				if v := leafValue(value); !v.Missing() {
					slots[w.slot] = v
				}
			case rest[0] == '.':
				below = append(below, wanted{rest[1:], w.slot})
			}
		}
		if len(below) > 0 && value.Type == gjson.JSON {
			loadFrom(value, below, slots, false)
		}
		return true
	})
}

// leafValue is the value of a JSON leaf.
func leafValue(r gjson.Result) Value {
	switch r.Type {
	case gjson.String:
		return stringValue(r.Str)
	case gjson.Number:
		return writtenNumber(r.Raw)
	case gjson.True:
		return boolValue(true)
	case gjson.False:
		return boolValue(false)
	}
	return Value{}
}
