package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/evictlog/evictlog/audit"
)

// list is a source of two events in memory.
var list = audit.List{
	{Raw: []byte(event(1)), Pos: audit.Pos{Line: 1}},
	{Raw: []byte(event(2)), Pos: audit.Pos{Line: 2}},
}

func TestList(t *testing.T) {
	for range 2 {
		items, last := walk(t, audit.Events(context.Background(), list, audit.Need{Literals: []string{"x"}}))
		if got := ids(t, items); got != "1 2" || last != nil {
			t.Errorf("events %s, last error %v", got, last)
		}
	}
	for ev := range audit.Events(context.Background(), list, audit.Need{}) {
		if ev.Pos.Line != 1 {
			t.Errorf("an event after the loop ended: %v", ev.Pos)
		}
		break
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	if items, last := walk(t, audit.Events(ctx, list, audit.Need{})); len(items) != 0 || last != cause {
		t.Errorf("cancelled: items %v, last error %v", items, last)
	}
}

// TestSequence passes errors on, and ends at one that is no EventError.
func TestSequence(t *testing.T) {
	broken := errors.New("broken")
	seq := audit.Sequence(func(yield func(audit.Event, error) bool) {
		_ = yield(list[0], nil) &&
			yield(audit.Event{}, &audit.EventError{Err: audit.ErrNotJSON}) &&
			yield(list[1], nil) &&
			yield(audit.Event{}, broken) &&
			yield(list[0], nil)
	})
	items, last := walk(t, audit.Events(context.Background(), seq, audit.Need{}))
	if got := ids(t, items); got != "1 2" || len(items) != 3 || last != broken {
		t.Errorf("items %v, last error %v", items, last)
	}
	if err := audit.NoEvents(seq); err != nil {
		t.Errorf("a source that does not count: %v", err)
	}
}

// TestPart checks that a part is a plain value.
func TestPart(t *testing.T) {
	for _, tt := range []struct {
		part       audit.Part
		text, json string
	}{
		{audit.Part{File: "a.log", Size: 9}, "a.log", `{"file":"a.log","size":9}`},
		{audit.Part{File: "a.log", Length: 5}, "a.log[0:5]", `{"file":"a.log","length":5}`},
		{audit.Part{File: "a.log", Offset: 5, Length: 5}, "a.log[5:10]", `{"file":"a.log","offset":5,"length":5}`},
		{audit.Part{File: "a.log", Offset: 10}, "a.log[10:]", `{"file":"a.log","offset":10}`},
	} {
		if got := tt.part.String(); got != tt.text {
			t.Errorf("%#v is %q, want %q", tt.part, got, tt.text)
		}
		data, err := json.Marshal(tt.part)
		if err != nil || string(data) != tt.json {
			t.Errorf("%#v is sent as %s, %v, want %s", tt.part, data, err, tt.json)
		}
		var back audit.Part
		if err := json.Unmarshal(data, &back); err != nil || back != tt.part {
			t.Errorf("%s arrives as %#v, %v", data, back, err)
		}
	}
}
