package evict_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
)

// line writes an event of stage RequestReceived, or an answer with a code.
func line(id, namespace, pod string, second, code int) string {
	received := fmt.Sprintf("2026-01-02T03:04:%02d.000000Z", second)
	stage, status := "RequestReceived", ""
	if code != 0 {
		stage, status = "ResponseComplete", fmt.Sprintf(`"responseStatus":{"code":%d},`, code)
	}
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":%q,"stage":%q,`+
		`"requestURI":"/api/v1/namespaces/%[3]s/pods/%[4]s/eviction","verb":"create",`+
		`"objectRef":{"resource":"pods","namespace":%[3]q,"name":%[4]q,"apiVersion":"v1","subresource":"eviction"},`+
		`%[5]s"requestReceivedTimestamp":%[6]q,"stageTimestamp":%[6]q}`+"\n",
		id, stage, namespace, pod, status, received)
}

func TestOptions(t *testing.T) {
	log := lines(line("1", "shop", "web-1", 1, 201) +
		line("2", "shop", "web-2", 2, 0) +
		line("3", "bank", "web-1", 3, 201) +
		line("2", "shop", "web-2", 2, 429) +
		line("4", "shop", "web-10", 4, 0))
	second := func(s int) time.Time { return time.Date(2026, 1, 2, 3, 4, s, 0, time.UTC) }
	for _, test := range []struct {
		name string
		opts *evict.Options
		want string // audit IDs
	}{
		{"nil", nil, "1 3 2 4"},
		{"zero", &evict.Options{}, "1 3 2 4"},
		{"strict", &evict.Options{Strict: true}, "1 3 2 4"},
		{"namespace", &evict.Options{Namespace: "shop"}, "1 2 4"},
		{"pod", &evict.Options{Pod: "web-1"}, "1 3"},
		{"both", &evict.Options{Namespace: "shop", Pod: "web-1"}, "1"},
		{"a part of a name is no name", &evict.Options{Namespace: "sho"}, ""},
		{"start is inclusive", &evict.Options{Start: second(2)}, "3 2 4"},
		{"end is inclusive", &evict.Options{End: second(2)}, "1 2"},
		{"a time between", &evict.Options{Start: second(2), End: second(3)}, "3 2"},
		{"a moment later", &evict.Options{Start: second(4).Add(1)}, ""},
	} {
		var ids []string
		for _, at := range collect(t, evict.Attempts(t.Context(), log, test.opts)) {
			ids = append(ids, at.AuditID)
		}
		if got := strings.Join(ids, " "); got != test.want {
			t.Errorf("%s: attempts %q, want %q", test.name, got, test.want)
		}
	}
}

// TestNeed checks what the source is told.
func TestNeed(t *testing.T) {
	for _, strict := range []bool{false, true} {
		src := &source{}
		for range evict.Attempts(t.Context(), src, &evict.Options{Strict: strict}) {
		}
		if src.need.Wanted == nil || src.need.Refuses == nil {
			t.Error("the source is not told which events are wanted")
		}
		src.need.Wanted, src.need.Refuses = nil, nil
		want := audit.Need{Literals: []string{"eviction"}, Unchecked: true, Strict: strict}
		if diff := cmp.Diff(want, src.need); diff != "" {
			t.Errorf("strict %v (-want +got):\n%s", strict, diff)
		}
	}
}

// A source gives events and then an error.
type source struct {
	audit.List
	err  error
	need audit.Need
}

func (s *source) Read(ctx context.Context, p audit.Part, need audit.Need) iter.Seq2[audit.Event, error] {
	s.need = need
	return func(yield func(audit.Event, error) bool) {
		for ev, err := range s.List.Read(ctx, p, need) {
			if !yield(ev, err) {
				return
			}
		}
		if s.err != nil {
			yield(audit.Event{}, s.err)
		}
	}
}

// TestLastError checks that nothing seen is lost when the log cannot be read
// to its end, and that the error is the last item.
func TestLastError(t *testing.T) {
	src := &source{
		List: lines(line("1", "shop", "web-1", 1, 0) + line("2", "shop", "web-2", 2, 201)),
		err:  io.ErrClosedPipe,
	}
	var got []string
	for at, err := range evict.Attempts(t.Context(), src, nil) {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, at.AuditID+" "+at.Outcome.String())
	}
	want := []string{"2 accepted", "1 unanswered", io.ErrClosedPipe.Error()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

// TestEventErrors checks that damage is passed on and the loop goes on, or
// ends where the caller wants it to.
func TestEventErrors(t *testing.T) {
	damage := &audit.EventError{Pos: audit.Pos{File: "log", Line: 1}, Err: audit.ErrNotJSON}
	src := audit.Sequence(func(yield func(audit.Event, error) bool) {
		if !yield(audit.Event{}, damage) {
			t.Log("left at the damage")
			return
		}
		yield(lines(line("1", "shop", "web-1", 1, 201))[0], nil)
	})
	var errs []error
	attempts := 0
	for _, err := range evict.Attempts(t.Context(), src, nil) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		attempts++
	}
	if attempts != 1 || len(errs) != 1 || !errors.Is(errs[0], audit.ErrNotJSON) {
		t.Errorf("%d attempts and errors %v, want 1 and the damage", attempts, errs)
	}
	for range evict.Attempts(t.Context(), src, nil) {
		break
	}
}

func TestCancel(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	log := lines(line("1", "shop", "web-1", 1, 201) + line("2", "shop", "web-2", 2, 201))
	var last error
	n := 0
	for _, err := range evict.Attempts(ctx, log, &evict.Options{Workers: 1}) {
		cancel(cause)
		last = err
		n++
	}
	if n != 2 || !errors.Is(last, cause) {
		t.Errorf("%d items, the last %v, want one attempt and %v", n, last, cause)
	}
}

// TestTimeFallback checks where the time comes from when the event has none of
// its own in the version that is decoded.
func TestTimeFallback(t *testing.T) {
	text := strings.TrimSpace(line("1", "shop", "web-1", 1, 201))
	logged := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	received := `"requestReceivedTimestamp":"2026-01-02T03:04:01.000000Z",`
	answered := `"stageTimestamp":"2026-01-02T03:04:01.000000Z"`
	for _, test := range []struct {
		name, text string
		want       time.Time
	}{
		{"received", strings.Replace(text, answered, `"stageTimestamp":"2026-01-02T03:04:09.000000Z"`, 1), time.Date(2026, 1, 2, 3, 4, 1, 0, time.UTC)},
		{"answered", strings.Replace(text, received, "", 1), time.Date(2026, 1, 2, 3, 4, 1, 0, time.UTC)},
		{"logged", strings.Replace(text, received+answered, `"level":"Metadata"`, 1), logged},
	} {
		log := lines(test.text)
		log[0].Logged = logged
		got := collect(t, evict.Attempts(t.Context(), log, nil))
		if len(got) != 1 || !got[0].Time.Equal(test.want) {
			t.Errorf("%s: %v, want the time %v", test.name, got, test.want)
		}
	}
}

// TestOwnership checks that an attempt stays as it is when the reader uses its
// memory again.
func TestOwnership(t *testing.T) {
	text := line("1", "shop", "web-1", 1, 0) + line("2", "shop", "web-2", 2, 0)
	want := collect(t, evict.Attempts(t.Context(), lines(text), nil))
	buffer := []byte{}
	src := audit.Sequence(func(yield func(audit.Event, error) bool) {
		for _, ev := range lines(text) {
			buffer = append(buffer[:0], ev.Raw...)
			ev.Raw = buffer
			if !yield(ev, nil) {
				return
			}
			clear(buffer)
		}
	})
	if diff := cmp.Diff(want, collect(t, evict.Attempts(t.Context(), src, nil))); diff != "" {
		t.Errorf("with a buffer that is used again (-want +got):\n%s", diff)
	}
}
