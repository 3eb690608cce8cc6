package cwlogs

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/evictlog/evictlog/audit"
)

// A logEvent is a log event as the service gives it, with the keys under which
// aws logs filter-log-events prints it. What the service leaves out is left out.
type logEvent struct {
	Stream    *string `json:"logStreamName,omitempty"`
	Timestamp *int64  `json:"timestamp,omitempty"` // milliseconds since 1970
	Message   *string `json:"message,omitempty"`
	Ingested  *int64  `json:"ingestionTime,omitempty"` // milliseconds since 1970
	ID        *string `json:"eventId,omitempty"`
}

// A document is the log events of a log group in the form in which aws logs
// filter-log-events prints them, page by page and a line for each, written while
// it is read. Package audit reads it like one that was saved, and so finds in it
// what it would find there: events that are whole, cut or in pieces, also across
// pages, lines of other streams, and what cannot be read.
type document struct {
	group string
	// next returns the next log events, and io.EOF behind the last ones.
	next func() ([]logEvent, error)

	text   bytes.Buffer // written, and not read so far
	size   int64        // written
	placed []placed     // where the last log events begin
	err    error        // that ended the log events, or nil
	closed bool
}

// A placed is a log event and where it begins in the document.
type placed struct {
	offset     int64
	stream, id string
}

// maxPlaced is how many places are remembered. Reading is behind writing by a
// page or two, of 10,000 log events at most; an error can be farther back, if
// many lines that cannot be read share it.
const maxPlaced = 1 << 16

// Read reads on in the document. It gives no error but io.EOF: what ends the log
// events early ends the document too, so that all events before come first.
func (d *document) Read(p []byte) (int, error) {
	for d.text.Len() == 0 {
		if d.closed {
			return 0, io.EOF
		}
		events, err := d.next()
		if err == nil {
			d.write(events)
			continue
		}
		if err != io.EOF {
			d.err = err
		}
		d.closed = true
	}
	return d.text.Read(p)
}

// write writes a page.
func (d *document) write(events []logEvent) {
	before := `{"events":[` + "\n"
	for _, ev := range events {
		d.put(before)
		before = ",\n"
		if len(d.placed) == maxPlaced {
			d.placed = slices.Delete(d.placed, 0, maxPlaced/2)
		}
		d.placed = append(d.placed, placed{d.size, aws.ToString(ev.Stream), aws.ToString(ev.ID)})
		var line bytes.Buffer
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(ev) // strings and numbers, which can always be written
		d.put(string(bytes.TrimSuffix(line.Bytes(), []byte("\n"))))
	}
	if len(events) > 0 {
		d.put("\n]}\n")
	}
}

func (d *document) put(text string) {
	d.text.WriteString(text)
	d.size += int64(len(text))
}

// place returns the place of an event in the log group, of which p is the place
// in the document: "group:stream:id", without line and offset. Neither the name
// of a group nor that of a stream has a colon.
func (d *document) place(p audit.Pos) audit.Pos {
	i, found := slices.BinarySearchFunc(d.placed, p.Offset, func(at placed, offset int64) int { return cmp.Compare(at.offset, offset) })
	if !found {
		i--
	}
	if i < 0 { // forgotten, or before the first one
		return audit.Pos{File: d.group}
	}
	return position(d.group, d.placed[i].stream, d.placed[i].id)
}

// position is the place of a log event.
func position(group, stream, id string) audit.Pos {
	name := group
	for _, part := range []string{stream, id} {
		if part != "" {
			name += ":" + part
		}
	}
	return audit.Pos{File: name}
}

// events gives the events in the document, and closes with the error that ended
// the log events, or the cause of ctx. It returns the counts of what was read,
// and whether the caller wants more.
//
// That there were log events and no event among them is no error here, since
// there may be some in other parts.
func (d *document) events(ctx context.Context, need audit.Need, yield func(audit.Event, error) bool) (stats audit.Stats, more bool) {
	r := audit.NewReader(d)
	r.Group = d.group
	r.MaxUnpackedBytes = -1 // nothing is packed here
	r.Need = need
	if wanted := need.Wanted; wanted != nil {
		r.Need.Wanted = func(ev *audit.Event) bool {
			asked := *ev
			asked.Pos = d.place(ev.Pos)
			return wanted(&asked)
		}
	}
	more = d.give(ctx, r.Events(), yield)
	return r.Stats(), more
}

// give gives what a Reader of the document gives, with the places in the log
// group.
func (d *document) give(ctx context.Context, events iter.Seq2[audit.Event, error], yield func(audit.Event, error) bool) (more bool) {
	for ev, err := range events {
		if ctx.Err() != nil {
			break
		}
		e, onePlace := errors.AsType[*audit.EventError](err)
		switch {
		case onePlace:
			err = &audit.EventError{Pos: d.place(e.Pos), Lines: e.Lines, Bytes: e.Bytes, Err: e.Err}
		case errors.Is(err, audit.ErrNoEvents):
			continue
		case err == nil:
			ev.Pos = d.place(ev.Pos)
		}
		if !yield(ev, err) || err != nil && !onePlace {
			return false
		}
	}
	err := d.err
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		yield(audit.Event{}, err)
		return false
	}
	return true
}
