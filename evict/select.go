package evict

import (
	"bytes"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/fields"
)

// A selection finds the events about evictions among all others, most of which
// it refuses after a look at their path. It is used by one goroutine at a time.
type selection struct{ values [3]fields.Value }

// selectors are the fields that it goes by.
var selectors = fields.Compile("requestURI", "objectRef.resource", "objectRef.subresource")

// wants reports whether the event can be about the subresource eviction of a
// pod.
func (s *selection) wants(ev *audit.Event) bool {
	state := selectors.Walk(ev.Raw, s.values[:], maySelect).State
	// What is malformed is for read, which says so.
	return state == fields.Malformed || state != fields.Refused && s.complete()
}

// refuses reports whether an event that begins so is about something else.
func (s *selection) refuses(head []byte) bool {
	state := selectors.Walk(head, s.values[:], maySelect).State
	return state == fields.Refused || state == fields.Settled && !s.complete()
}

// complete reports whether the event names a subresource.
func (s *selection) complete() bool {
	return s.values[1].Kind != fields.Missing && s.values[2].Kind != fields.Missing
}

// maySelect reports whether a selector speaks for an eviction.
func maySelect(i int, v fields.Value) bool {
	switch i {
	case 1:
		return equals(v, "pods")
	case 2:
		return equals(v, "eviction")
	}
	// The subresource is a segment of the path. A path that is escaped, in
	// JSON or as a URL, may have it without the word, and none says nothing.
	path, _, _ := bytes.Cut(v.Raw, []byte{'?'})
	return len(path) == 0 || bytes.Contains(path, []byte("eviction")) || bytes.IndexByte(path, '\\') >= 0 || bytes.IndexByte(path, '%') >= 0
}

func equals(v fields.Value, text string) bool {
	if !v.Escaped {
		return string(v.Raw) == text
	}
	return string(v.AppendText(nil)) == text
}

// read returns the attempt that ev belongs to, if any.
func (s *selection) read(ev audit.Event) (f found, ok bool, err error) {
	if !s.wants(&ev) {
		return found{}, false, nil
	}
	decoded, err := ev.Decode()
	if err != nil {
		return found{}, false, err
	}
	at, ok := FromEvent(decoded)
	if !ok {
		return found{}, false, nil
	}
	at.place(ev)
	if at.Time.IsZero() {
		at.Time = ev.Time()
	}
	return found{at, requestKey{at.AuditID, decoded.RequestReceivedTimestamp.UnixNano(), decoded.RequestURI}}, true, nil
}
