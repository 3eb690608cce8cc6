package audit

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/util/json"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit/fields"
)

// An Event is one audit event as the log holds it, with what the log says
// about it and the place it was found.
//
// Raw, and nothing else, is memory of the reader: it is valid until the next
// step of the iteration that gave the event, or until the iteration ends.
// [Event.Clone] copies it for those who keep it longer, also behind a break. The
// strings are safe to keep.
type Event struct {
	// Raw is the JSON text of the event, byte for byte as it was logged:
	// without the line end, and out of whatever it was wrapped in. Cut and
	// Mapped say when it is not.
	Raw stdjson.RawMessage

	// Group and Stream are the log group and the log stream. Group is empty
	// where neither the log nor the reader's caller knows it. Stream never
	// is: see [Reader.Stream] for where it comes from.
	Group, Stream string

	// Pos is the place of the event's first byte.
	Pos Pos

	// Logged is the time the log service keeps for the event, Ingested the
	// time it received it. Both are zero where the log does not say.
	Logged, Ingested time.Time

	// ID is the log service's id of the event, empty where the log has none.
	// It is not the audit ID.
	ID string

	// Cut says that the log service cut the end off the event. Raw is then
	// made of what was left: it has the members that are complete, also those
	// of the object in which it was cut, in their order and as they were
	// logged, and the brackets that close it. The timestamps stand last in an
	// event, and are lost.
	Cut bool

	// Mapped is empty if the log holds the text of the event. If it holds a
	// record in another schema, or the fields of the event apart, Raw is made
	// of that, and Mapped is the name of its form; Pos is the place of the
	// record. What the record does not tell, Raw does not have.
	Mapped string
}

// Time returns the time of the event, in UTC: that of the log service if the
// log has it, else the event's stageTimestamp, requestReceivedTimestamp, or
// (in the API versions before v1) timestamp or metadata.creationTimestamp,
// the first of these that is there and readable. It is zero if none is.
//
// The timestamps stand near the end of an event, from where they are looked
// for. If the event has the same one twice, either may be taken.
func (e Event) Time() time.Time {
	if !e.Logged.IsZero() {
		return e.Logged
	}
	nanos, ok := fields.Time(e.Raw)
	if !ok {
		return time.Time{}
	}
	return time.Unix(0, nanos).UTC()
}

// Decode returns the event as the type of the audit API. The result shares no
// memory with e.
//
// Keys are matched as Kubernetes does it: case counts, and of a key that is
// there twice the last one holds. Fields that the type does not know are left
// out. The bodies (RequestObject, ResponseObject) stay raw JSON of any kind
// and any apiVersion, the server's internal ones and plain strings included.
// Times are in UTC. The level is that of the audit API also where OpenShift's
// log collector has put it into k8s_audit_level and another one in its place;
// there Raw and the fields of queries are as it logged them. The error, if any, never quotes the event.
func (e Event) Decode() (*auditv1.Event, error) {
	// The times of the API's type want exactly six decimals, which those who
	// write an event again do not keep. These two stand before them.
	var doc struct {
		auditv1.Event
		AuditLevel               auditv1.Level `json:"k8s_audit_level"`
		RequestReceivedTimestamp anyTime       `json:"requestReceivedTimestamp"`
		StageTimestamp           anyTime       `json:"stageTimestamp"`
	}
	if err := json.Unmarshal(e.Raw, &doc); err != nil {
		return nil, &EventError{Pos: e.Pos, Err: fmt.Errorf("%w: %s", ErrNotEvent, withoutText(err))}
	}
	ev := doc.Event
	if doc.AuditLevel != "" {
		ev.Level = doc.AuditLevel
	}
	ev.RequestReceivedTimestamp.Time = doc.RequestReceivedTimestamp.Time
	ev.StageTimestamp.Time = doc.StageTimestamp.Time
	return &ev, nil
}

// anyTime is a time in any of the ways that [fields.ParseTime] reads.
type anyTime struct{ time.Time }

// UnmarshalJSON reads a time; null is the zero time.
func (t *anyTime) UnmarshalJSON(text []byte) error {
	v := gjson.ParseBytes(text)
	if v.Type == gjson.Null {
		t.Time = time.Time{}
		return nil
	}
	nanos, ok := fields.ParseTime([]byte(v.Str))
	if !ok {
		return errNoTime
	}
	t.Time = time.Unix(0, nanos).UTC()
	return nil
}

var errNoTime = errors.New("a time cannot be read")

// withoutText describes an error of the JSON decoder without the text that it
// met, which may be a secret.
func withoutText(err error) string {
	if e := (*stdjson.UnmarshalTypeError)(nil); errors.As(err, &e) {
		field := strings.TrimPrefix(e.Field, "Event.") // of the type in Decode
		return fmt.Sprintf("field %s is a JSON %s", field, strings.Fields(e.Value)[0])
	}
	if errors.Is(err, errNoTime) {
		return errNoTime.Error()
	}
	return "a field has a value of the wrong kind"
}

// Clone returns a copy of e that owns its memory.
func (e Event) Clone() Event {
	e.Raw = bytes.Clone(e.Raw)
	return e
}

// A Pos is a place in a log after decompression. The zero Pos is no place.
type Pos struct {
	// File is the name of the file, as the one who opened it called it.
	File string
	// Line counts from 1. It is 0 where it is not known, which is so for a
	// [Part] that begins inside a file.
	Line int
	// Offset counts bytes from 0.
	Offset int64
}

// String returns "file:line", "file@offset" where the line is not known, and
// "file" for the file as a whole; without a file "line 3" and "offset 12", and
// "-" for no place.
func (p Pos) String() string {
	switch {
	case p == Pos{}:
		return "-"
	case p.File == "" && p.Line > 0:
		return fmt.Sprintf("line %d", p.Line)
	case p.File == "":
		return fmt.Sprintf("offset %d", p.Offset)
	case p.Line > 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	case p.Offset > 0:
		return fmt.Sprintf("%s@%d", p.File, p.Offset)
	}
	return p.File
}

// prefix is how a message about the place begins.
func (p Pos) prefix() string {
	if p == (Pos{}) {
		return "audit: "
	}
	return "audit: " + p.String() + ": "
}
