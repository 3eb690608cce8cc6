package audit

import (
	"errors"
	"fmt"
	"strings"
)

// The reasons of an [EventError], for programs that branch on them with
// [errors.Is]. Damaged compression also wraps the decoder's own error, for
// example [io.ErrUnexpectedEOF].
var (
	// ErrNotJSON: not valid JSON.
	ErrNotJSON = errors.New("not valid JSON")
	// ErrNotEvent: readable, but not an event of audit.k8s.io.
	ErrNotEvent = errors.New("not an audit event")
	// ErrTooLong: longer than [Reader.MaxEventBytes].
	ErrTooLong = errors.New("longer than the reader allows")
	// ErrCut: the event is cut off, by the end of the log or by a hole in it.
	ErrCut = errors.New("cut off before its end")
	// ErrTooLarge: what a file is packed in gives more than
	// [Reader.MaxUnpackedBytes].
	ErrTooLarge = errors.New("unpacks to more bytes than MaxUnpackedBytes allows")
	// ErrDamaged: the compressed data, or the bundle, is damaged or cut.
	ErrDamaged = errors.New("compressed data is damaged")
	// ErrNoEvents: there was something to read, and no audit event in it.
	ErrNoEvents = errors.New("no audit event found")
)

// An EventError reports a place that could not be read. The loop over the
// events may go on: what stands after the place still follows. Any error that
// is not an EventError is the last item of its sequence.
//
// Lines that fail for the same reason with no event between them share one
// error, which comes before the event that follows them. So do damage and the
// lines next to it that cannot be read. An error never quotes what was read,
// since audit events hold secrets.
type EventError struct {
	// Pos is where the unreadable bytes begin. If only Pos.File is set, the
	// error concerns the file as a whole.
	Pos Pos
	// Lines and Bytes say how much was left out: the lines that begin in it
	// and its length. Both may be 0.
	Lines, Bytes int64
	// Err says why. It wraps one of the errors above, an I/O error, or
	// [errors.ErrUnsupported] for containers that are nested too deep.
	Err error
}

// Error returns one line: "audit: file:line: reason (offset, size)".
func (e *EventError) Error() string {
	text := fmt.Sprintf("%s%v", e.Pos.prefix(), e.Err)
	var details []string
	if e.Pos.Line > 0 {
		details = append(details, fmt.Sprintf("offset %d", e.Pos.Offset))
	}
	if e.Lines > 1 {
		details = append(details, fmt.Sprintf("%d lines", e.Lines))
	}
	if e.Bytes > 0 {
		details = append(details, fmt.Sprintf("%d bytes", e.Bytes))
	}
	if len(details) == 0 {
		return text
	}
	return text + " (" + strings.Join(details, ", ") + ")"
}

// Unwrap returns e.Err.
func (e *EventError) Unwrap() error { return e.Err }
