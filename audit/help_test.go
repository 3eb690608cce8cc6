package audit_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zstd"

	"github.com/evictlog/evictlog/audit"
)

// An item is what a walk over a log gives: an event or an error.
type item struct {
	Pos          audit.Pos
	Raw          string // of an event
	Err          error  // the reason of an error, one of the package's
	Lines, Bytes int64  // of an error
}

// reasons are the errors that tests tell apart, the particular ones first.
var reasons = []error{audit.ErrNoEvents, audit.ErrDamaged, audit.ErrCut, audit.ErrTooLong, audit.ErrNotJSON, audit.ErrNotEvent}

// reason reduces err to the reason it wraps, if it is one of the package's.
func reason(err error) error {
	for _, r := range reasons {
		if errors.Is(err, r) {
			return r
		}
	}
	return err
}

// walk collects what seq gives. last is the error that ended it by being no
// EventError.
func walk(t testing.TB, seq iter.Seq2[audit.Event, error]) (items []item, last error) {
	t.Helper()
	for ev, err := range seq {
		if last != nil {
			t.Fatalf("an item after the last error %v", last)
		}
		e, isEventError := errors.AsType[*audit.EventError](err)
		switch {
		case err == nil:
			items = append(items, item{Pos: ev.Pos, Raw: string(ev.Raw)})
		case isEventError:
			items = append(items, item{Pos: e.Pos, Err: reason(e.Err), Lines: e.Lines, Bytes: e.Bytes})
		default:
			last = err
		}
	}
	return items, last
}

// account checks that every byte and every line of text is counted once, and
// that the counts are those of the items.
func account(t testing.TB, stats audit.Stats, text string, items []item, last error) {
	t.Helper()
	lines := int64(strings.Count(text, "\n"))
	if text != "" && !strings.HasSuffix(text, "\n") {
		lines++
	}
	if stats.Bytes != int64(len(text)) || stats.Lines != lines {
		t.Errorf("read %d bytes, %d lines of a text of %d, %d", stats.Bytes, stats.Lines, len(text), lines)
	}
	balance(t, stats)
	var events, eventBytes, errs, badLines, badBytes int64
	for _, it := range items {
		if it.Err == nil {
			events++
			eventBytes += int64(len(it.Raw))
		} else {
			errs++
			badLines += it.Lines
			badBytes += it.Bytes
		}
	}
	if stats.Events.Count != events || stats.Events.Bytes != eventBytes {
		t.Errorf("counted %+v, gave %d events of %d bytes", stats.Events, events, eventBytes)
	}
	if last != nil {
		return // it stands for what is damaged
	}
	if want := (audit.Tally{Count: errs, Lines: badLines, Bytes: badBytes}); stats.Damaged != want {
		t.Errorf("counted %+v as damaged, gave errors for %+v", stats.Damaged, want)
	}
}

// balance checks that the tallies add up.
func balance(t testing.TB, stats audit.Stats) {
	t.Helper()
	var sum audit.Tally
	for _, tally := range []audit.Tally{stats.Events, stats.Wrapping, stats.Other, stats.Blank, stats.Skipped, stats.Damaged} {
		sum.Lines += tally.Lines
		sum.Bytes += tally.Bytes
	}
	if sum.Bytes != stats.Bytes || sum.Lines != stats.Lines {
		t.Errorf("tallies add up to %d bytes, %d lines: %+v", sum.Bytes, sum.Lines, stats)
	}
}

// The marks in the inputs of tests: the first byte of an event that must be
// given, and the place of an error. They are taken out before the input is
// read.
const (
	eventMark = '§'
	errorMark = '¶'
)

// unmark takes the marks out of text and returns the items they ask for, in
// the order they stand in. Those of events lack the Raw, those of errors all
// but the place.
func unmark(file, text string) (string, []item) {
	var plain strings.Builder
	var items []item
	line := 1
	for _, r := range text {
		switch r {
		case eventMark, errorMark:
			it := item{Pos: audit.Pos{File: file, Line: line, Offset: int64(plain.Len())}}
			if r == errorMark {
				it.Err = errAny
			}
			items = append(items, it)
			continue
		case '\n':
			line++
		}
		plain.WriteRune(r)
	}
	return plain.String(), items
}

// errAny stands for any error in the items of unmark.
var errAny = errors.New("any")

// diffPlaces compares the places and kinds of items.
func diffPlaces(want, got []item) string {
	sameKind := cmp.Comparer(func(a, b error) bool { return (a == nil) == (b == nil) })
	return cmp.Diff(want, got, sameKind, cmpopts.IgnoreFields(item{}, "Raw", "Lines", "Bytes"), cmpopts.EquateEmpty())
}

// diff compares items.
func diff(want, got []item) string {
	return cmp.Diff(want, got, cmpopts.EquateErrors(), cmpopts.EquateEmpty())
}

// errorsOf returns the reasons of the errors among items.
func errorsOf(items []item) []error {
	var errs []error
	for _, it := range items {
		if it.Err != nil {
			errs = append(errs, it.Err)
		}
	}
	return errs
}

// event is a small audit event with an ID.
func event(id any) string {
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"%v","stage":"ResponseComplete"}`, id)
}

// events are n lines of events, with IDs that begin with prefix.
func events(prefix string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(event(fmt.Sprint(prefix, i)) + "\n")
	}
	return b.String()
}

// ids are the audit IDs of the events among items, joined by blanks.
func ids(t testing.TB, items []item) string {
	t.Helper()
	var ids []string
	for _, it := range items {
		if it.Err != nil {
			continue
		}
		ev, err := audit.Event{Raw: []byte(it.Raw)}.Decode()
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, string(ev.AuditID))
	}
	return strings.Join(ids, " ")
}

// gzipped is text as one gzip member.
func gzipped(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.Bytes()
}

// zstdWriter is shared, because making one costs much.
var zstdWriter = sync.OnceValue(func() *zstd.Encoder {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return w
})

// zstded is text as one zstd frame with a checksum.
func zstded(text string) []byte { return zstdWriter().EncodeAll([]byte(text), nil) }

// goroutines returns how many there are, once they are no more than before or a
// second has passed: one that is done may take a moment to go.
func goroutines(before int) int {
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return runtime.NumGoroutine()
}

// join puts byte slices one behind the other.
func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
