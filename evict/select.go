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
	return mayLeadTo(v.Raw)
}

// mayLeadTo reports whether a request URI, as it stands in the event, may be
// about the subresource eviction of a pod, which is a segment of its path. A
// path that is escaped, in JSON or as a URL, may have it without the word, and
// none says nothing. Pods are in the core group, whose paths do not begin with
// /apis.
//
// Every event of a log comes by here: it looks for the rarest letter of the word.
func mayLeadTo(uri []byte) bool {
	path, _, _ := bytes.Cut(uri, []byte{'?'})
	if len(path) == 0 {
		return true
	}
	if bytes.HasPrefix(path, []byte("/apis/")) {
		return false
	}
	for rest := path; ; {
		i := bytes.IndexByte(rest, 'v')
		if i < 0 {
			return bytes.IndexByte(path, '\\') >= 0 || bytes.IndexByte(path, '%') >= 0
		}
		if i > 0 && bytes.HasPrefix(rest[i-1:], []byte("eviction")) {
			return true
		}
		rest = rest[i+1:]
	}
}

func equals(v fields.Value, text string) bool {
	if !v.Escaped {
		return string(v.Raw) == text
	}
	return string(v.AppendText(nil)) == text
}

// read returns the attempt that ev belongs to, or nil.
func (s *selection) read(ev audit.Event) (*found, error) {
	if !s.wants(&ev) {
		return nil, nil
	}
	decoded, err := ev.Decode()
	if err != nil {
		return nil, err
	}
	at, ok := FromEvent(decoded)
	if !ok {
		return nil, nil
	}
	at.place(ev)
	if at.Time.IsZero() {
		at.Time = ev.Time()
	}
	return &found{at, requestKey{at.AuditID, decoded.RequestReceivedTimestamp.UnixNano(), decoded.RequestURI}}, nil
}
