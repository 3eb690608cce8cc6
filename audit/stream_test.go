package audit_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/evictlog/evictlog/audit"
)

// A generator gives a document of log events, one item after the other, of at
// least size bytes.
type generator struct {
	next func(i int) string
	size int
	i    int
	rest string
	done bool
}

func (g *generator) Read(p []byte) (int, error) {
	for g.rest == "" {
		switch {
		case g.done:
			return 0, io.EOF
		case g.i == 0:
			g.rest = "{\n  \"events\": [\n    " + g.next(0)
		case g.size > 0:
			g.rest = ",\n    " + g.next(g.i)
		default:
			g.rest, g.done = "\n  ],\n  \"searchedLogStreams\": []\n}\n", true
		}
		g.i++
		g.size -= len(g.rest)
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// TestDocumentMemory reads a document of 256 MB in little memory.
func TestDocumentMemory(t *testing.T) {
	body := strings.Repeat("x", 20<<10)
	item := func(i int) string {
		return fmt.Sprintf("{\n      \"logStreamName\": \"s%d\",\n      \"timestamp\": %d,\n      \"message\": %q,\n      \"ingestionTime\": 1795418664852,\n      \"eventId\": \"%d\"\n    }",
			i%3, 1795418663852+int64(i), strings.Replace(event(i), `"stage"`, `"x":"`+body+`","stage"`, 1), i)
	}
	g := &generator{next: item, size: 256 << 20}
	r := audit.NewReader(&limited{t: t, in: g, limit: 32 << 20})
	n := 0
	for ev, err := range r.Events() {
		if err != nil {
			t.Fatal(err)
		}
		if ev.ID != fmt.Sprint(n) || ev.Stream != fmt.Sprint("s", n%3) || ev.Logged.UnixMilli() != 1795418663852+int64(n) || ev.Ingested.IsZero() {
			t.Fatalf("event %d: %+v", n, ev.Pos)
		}
		n++
	}
	if n != g.i-1 {
		t.Errorf("%d events of %d", n, g.i-1)
	}
	balance(t, r.Stats())
}

// TestDocumentTooLong goes over an item that is too long to be held, and over a
// value that is no document.
func TestDocumentTooLong(t *testing.T) {
	long := strings.Replace(e1, `"stage"`, `"x":"`+strings.Repeat("x", 3<<20)+`","stage"`, 1)
	text, want := unmark("", `{"items":[§`+e1+`,¶`+long+`,§`+e2+"]}\n¶"+long+long[:len(long)-1]+`,"y":[]}`+"\n§"+e2+"\n")
	r := audit.NewReader(strings.NewReader(text))
	r.MaxEventBytes = 2 << 20
	got, last := walk(t, r.Events())
	if diff := diffPlaces(want, got); diff != "" || last != nil {
		t.Errorf("last error %v, items (-want +got):\n%s", last, diff)
	}
	account(t, r.Stats(), text, got, last)
}
