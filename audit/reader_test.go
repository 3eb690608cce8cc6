package audit_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
)

const (
	sorted  = `{"apiVersion": "audit.k8s.io/v1", "auditID": "s", "kind": "Event", "stage": "Panic"}`
	webhook = `{"level":"Metadata","auditID":"w","stage":"ResponseComplete"}`
	kubectl = `{"apiVersion":"v1","kind":"Event","reason":"Evicted"}`
	klog    = `I1123 07:24:21.277787   13026 serving.go:405] Generated self-signed cert`
)

var (
	e1 = event(1)
	e2 = event(2)
)

// readerTests are inputs with their marks, and the reasons of the errors.
var readerTests = []struct {
	name, text string
	errs       []error
	// maxBytes is the reader's limit; 0 for none that matters.
	maxBytes int
}{
	{name: "empty"},
	{name: "one event", text: "§" + e1},
	{name: "lines", text: "§" + e1 + "\n§" + e2 + "\n"},
	{name: "no newline at the end", text: "§" + e1 + "\n§" + e2},
	{name: "keys sorted", text: "§" + sorted + "\n"},
	{name: "item of a webhook's list", text: "§" + webhook + "\n"},
	{name: "older versions", text: "§" + strings.Replace(e1, "v1", "v1beta1", 1) + "\n"},
	{name: "escaped key and value", text: `§{"k\u0069nd":"\u0045vent","apiVersion":"audit.k8s.io\/v1"}` + "\n"},
	{name: "CRLF", text: "§" + e1 + "\r\n§" + e2 + "\r\n"},
	{name: "blanks around", text: "  §" + e1 + "\t\n \r\n\n\t§" + e2 + " "},
	{name: "byte order mark", text: "\ufeff§" + e1 + "\n"},
	{name: "byte order mark of an appended file", text: "§" + e1 + "\n\ufeff§" + e2 + "\n"},
	{name: "nothing but blanks", text: "\ufeff\n \r\n\x00\x00\n"},
	{name: "export lines", text: "2020-09-08T04:00:24.000Z §" + e1 + "\n2020-09-08T04:00:25.123Z §" + e2 + "\n"},
	{name: "forms mixed", text: "§" + e1 + "\n2020-09-08T04:00:24.000Z §" + e2 + "\n§" + e1 + "\n"},

	{name: "bad line first", text: "¶nonsense\n§" + e1 + "\n", errs: []error{audit.ErrNotJSON}},
	{name: "bad line between", text: "§" + e1 + "\n¶nonsense\n§" + e2 + "\n", errs: []error{audit.ErrNotJSON}},
	{name: "bad line last", text: "§" + e1 + "\n¶nonsense\n", errs: []error{audit.ErrNotJSON}},
	{name: "run of bad lines", text: "§" + e1 + "\n¶nonsense\n{\n\n]\n§" + e2 + "\n", errs: []error{audit.ErrNotJSON}},
	{name: "object over several lines", text: "§" + e1 + "\n¶{\n\n}\n§" + e2 + "\n", errs: []error{audit.ErrNotEvent}},
	{name: "runs of two kinds", text: "§" + e1 + "\n¶x\nx\n¶{}\n[]\n¶x\n§" + e2 + "\n",
		errs: []error{audit.ErrNotJSON, audit.ErrNotEvent, audit.ErrNotJSON}},
	{name: "runs of two kinds before the first event", text: "¶x\n¶{}\n§" + e2 + "\n",
		errs: []error{audit.ErrNotJSON, audit.ErrNotEvent}},
	{name: "events of kubectl", text: "§" + e1 + "\n¶" + kubectl + "\n", errs: []error{audit.ErrNotEvent}},
	{name: "ID without a stage", text: "§" + e1 + "\n¶{\"auditID\":\"x\"}\n", errs: []error{audit.ErrNotEvent}},
	{name: "ID that is no string", text: "§" + e1 + "\n¶{\"auditID\":1,\"stage\":\"Panic\"}\n", errs: []error{audit.ErrNotEvent}},
	{name: "two events on a line", text: "§" + e1 + "\n§" + e1 + "§" + e2 + "\n§" + e2 + "\n"},
	{name: "invalid where nobody looks", text: "§" + e1 + "\n¶" + strings.Replace(e1, `"}`, `",}`, 1) + "\n§" + e2 + "\n",
		errs: []error{audit.ErrNotJSON}},
	{name: "deep nesting", text: "§" + e1 + "\n¶" + strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20) + "\n§" + e2 + "\n",
		errs: []error{audit.ErrNotJSON}},
	{name: "brackets in a string", text: `§{"kind":"Event","apiVersion":"audit.k8s.io/v1","x":"` + strings.Repeat(`[\"{`, 1<<14) + "\"}\n"},
	{name: "export line without an event", text: "§" + e1 + "\n¶2020-09-08T04:00:24.000Z nonsense\n", errs: []error{audit.ErrNotJSON}},

	{name: "cut at the end", text: "§" + e1 + "\n¶" + e2[:40], errs: []error{audit.ErrCut}},
	{name: "cut at the end, export", text: "§" + e1 + "\n¶2020-09-08T04:00:24.000Z " + e2[:40], errs: []error{audit.ErrCut}},
	{name: "cut, and all there is", text: "¶" + e2[:40], errs: []error{audit.ErrCut}},
	{name: "bad at the end", text: "§" + e1 + "\n§" + e2 + "¶]", errs: []error{audit.ErrNotJSON}},
	{name: "cut inside", text: "§" + e1 + "\n¶" + e2[:40] + "\n§" + e1 + "\n", errs: []error{audit.ErrNotJSON}},

	{name: "hole at the head", text: strings.Repeat("\x00", 1000) + "§" + e1 + "\n§" + e2 + "\n"},
	{name: "hole after a newline", text: "§" + e1 + "\n\x00\x00§" + e2 + "\n"},
	{name: "hole at the end", text: "§" + e1 + "\n\x00\x00\x00"},
	{name: "hole in an event", text: "§" + e1 + "\n¶" + e1[:50] + "\x00\x00§" + e2 + "\n", errs: []error{audit.ErrCut}},
	{name: "rest of an event behind a hole", text: "§" + e1 + "\n\x00\x00¶" + e1[50:] + "\n§" + e2 + "\n", errs: []error{audit.ErrNotJSON}},
	{name: "lines that end with NUL", text: "§" + e1 + "\x00§" + e2 + "\x00"},

	{name: "long line", maxBytes: 100, text: "§" + e1 + "\n¶" + strings.Repeat("x", 101) + "\n§" + e2 + "\n", errs: []error{audit.ErrTooLong}},
	{name: "longest line", maxBytes: len(e1), text: "§" + e1 + "\n¶ " + e1 + "\n§" + e2 + "\n", errs: []error{audit.ErrTooLong}},
	{name: "long lines", maxBytes: 100, text: "§" + e1 + "\n¶" + strings.Repeat("x", 200) + "\n" + strings.Repeat("y", 1<<19) + "\n§" + e2 + "\n",
		errs: []error{audit.ErrTooLong}},

	{name: "klog among events", text: "§" + e1 + "\n" + klog + "\n§" + e2 + "\n"},
	{name: "authenticator", text: "§" + e1 + "\n" + `time="2021-08-08T20:04:44Z" level=warning msg="access denied"` + "\n"},
	{name: "what follows klog in a plain log", text: "§" + e1 + "\n" + klog + "\n¶goroutine 1\n", errs: []error{audit.ErrNotJSON}},
	{name: "message over several lines", text: "2020-09-08T04:00:24.000Z " + klog + "\nImpacted events:\n\nmore\n2020-09-08T04:00:24.000Z §" + e1 + "\n"},
	{name: "lines behind an event in an export", text: "2020-09-08T04:00:24.000Z §" + e1 + "\n¶more\n", errs: []error{audit.ErrNotJSON}},
}

func TestReader(t *testing.T) {
	for _, tt := range readerTests {
		t.Run(tt.name, func(t *testing.T) {
			text, want := unmark("a.log", tt.text)
			r := audit.NewReader(strings.NewReader(text))
			r.Name, r.MaxEventBytes = "a.log", tt.maxBytes
			got, last := walk(t, r.Events())
			if diff := diffPlaces(want, got); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.errs, errorsOf(got), cmpopts.EquateErrors()); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if wantLast := len(want) > 0 && stats(want).Events.Count == 0; (last != nil) != wantLast {
				t.Errorf("last error %v", last)
			}
			account(t, r.Stats(), text, got, last)
		})
	}
}

// stats has the counts of events and errors of items.
func stats(items []item) (s audit.Stats) {
	for _, it := range items {
		if it.Err == nil {
			s.Events.Count++
		} else {
			s.Damaged.Count++
		}
	}
	return s
}

// TestReaderEvent looks at all that an event carries.
func TestReaderEvent(t *testing.T) {
	const text = "2020-09-08T04:00:24.125Z {\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\", \"a\":\"\\u003c\"}\r\n"
	for _, tt := range []struct {
		name   string
		reader audit.Reader
		stream string
	}{
		{"nothing known", audit.Reader{}, "kube-apiserver-audit"},
		{"stream given", audit.Reader{Name: "000000.gz", Group: "/aws/eks/c/cluster", Stream: "mine"}, "mine"},
		{"stream of the path", audit.Reader{
			Name:   "out/cda45419-90ea-4db5-9833-aade86253e66/kube-apiserver-audit-71976ca1/000012.gz",
			Stream: "mine",
		}, "kube-apiserver-audit-71976ca1"},
		{"unpacked by hand", audit.Reader{
			Name: "cda45419-90ea-4db5-9833-aade86253e66/kube-apiserver-audit-71976ca1/000012",
		}, "kube-apiserver-audit-71976ca1"},
	} {
		r := audit.NewReader(strings.NewReader(text))
		r.Name, r.Group, r.Stream = tt.reader.Name, tt.reader.Group, tt.reader.Stream
		for ev, err := range r.Events() {
			if err != nil {
				t.Fatal(err)
			}
			want := audit.Event{
				Raw:    []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/v1", "a":"\u003c"}`),
				Group:  tt.reader.Group,
				Stream: tt.stream,
				Pos:    audit.Pos{File: tt.reader.Name, Line: 1, Offset: 25},
				Logged: time.Date(2020, 9, 8, 4, 0, 24, 125e6, time.UTC),
			}
			if diff := cmp.Diff(want, ev); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
		want := audit.Stats{
			Lines: 1, Bytes: int64(len(text)),
			Events:   audit.Tally{Count: 1, Lines: 1, Bytes: int64(len(text) - 27)},
			Wrapping: audit.Tally{Count: 1, Bytes: 27},
		}
		if diff := cmp.Diff(want, r.Stats()); diff != "" {
			t.Errorf("%s: stats (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestReaderTallies puts one thing of each kind into a log.
func TestReaderTallies(t *testing.T) {
	text := "\ufeff" + e1 + "\n" + klog + "\n\n\x00\x00nonsense\n" + strings.Replace(e1, "Event", "List", 1) + "\n" + e2
	r := audit.NewReader(strings.NewReader(text))
	r.Need.Literals = []string{`"auditID":"1"`}
	items, last := walk(t, r.Events())
	want := audit.Stats{
		Lines: 6, Bytes: int64(len(text)),
		Events:   audit.Tally{Count: 2, Lines: 2, Bytes: int64(len(e1) + len(e2))},
		Wrapping: audit.Tally{Count: 1, Bytes: 1},
		Blank:    audit.Tally{Count: 3, Lines: 2, Bytes: 3 + 1 + 2},
		Skipped:  audit.Tally{Count: 2, Lines: 1, Bytes: int64(len(klog) + 1 + len("nonsense\n"))},
		Damaged:  audit.Tally{Count: 1, Lines: 1, Bytes: int64(len(e1))},
	}
	if diff := cmp.Diff(want, r.Stats()); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
	account(t, r.Stats(), text, items, last)
}

// TestReaderNeed checks that what cannot be proved is not left out.
func TestReaderNeed(t *testing.T) {
	first := event("first")
	lines := []string{
		`{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","verb":"create"}`,
		`{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"b","verb":"delete"}`,
		`{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"c","verb":"cre\u0061te"}`,
		`{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"d","verb":"a\"b"}`,
	}
	text := first + "\n" + strings.Join(lines, "\n") + "\n" + event("cut")[:60]
	for _, tt := range []struct {
		name    string
		need    audit.Need
		ids     string
		skipped int64
	}{
		{"nothing", audit.Need{}, "first a b c d", 0},
		{"a literal", audit.Need{Literals: []string{"create"}}, "first a c", 2},
		{"two literals", audit.Need{Literals: []string{"Event", "create"}}, "first a c", 2},
		{"strict", audit.Need{Literals: []string{"create"}, Strict: true}, "first a b c d", 0},
		{"with an escape", audit.Need{Literals: []string{`a"b`}}, "first c d", 2},
		{"no letter of it escaped", audit.Need{Literals: []string{"xyz"}}, "first", 4},
		{"empty", audit.Need{Literals: []string{""}}, "first a b c d", 0},
		{"replaced by decoders", audit.Need{Literals: []string{"\ufffd"}}, "first a b c d", 0},
		{"invalid", audit.Need{Literals: []string{"\xff"}}, "first a b c d", 0},
	} {
		r := audit.NewReader(strings.NewReader(text))
		r.Need = tt.need
		items, last := walk(t, r.Events())
		if got := ids(t, items); got != tt.ids {
			t.Errorf("%s: events %s, want %s", tt.name, got, tt.ids)
		}
		if got := r.Stats().Skipped.Count; got != tt.skipped {
			t.Errorf("%s: skipped %d, want %d", tt.name, got, tt.skipped)
		}
		if errs := errorsOf(items); len(errs) != 1 || errs[0] != audit.ErrCut {
			t.Errorf("%s: errors %v, want the cut line", tt.name, errs)
		}
		account(t, r.Stats(), text, items, last)
	}
}

// TestReaderNoEvents asks for one last error that says what was seen, and does
// not quote it.
func TestReaderNoEvents(t *testing.T) {
	const known = "; known are the JSON lines of an API server, exports,"
	for _, tt := range []struct{ name, text, want string }{
		{"text", "secret one\nsecret two\n", "audit: f: no audit event found: text" + known},
		{"pretty JSON", "{\n  \"secret\": 1\n}\n", "audit: f: no audit event found: JSON objects with the keys secret" + known},
		{"objects", `{"level":"secret","msg":"x","ts":1}` + "\n", "audit: f: no audit event found: the log of a controller, such as Karpenter"},
		{"odd keys", `{"a b":1,"` + strings.Repeat("k", 50) + `":2,"c":3,"d":4,"e":5,"f":6,"g":7}`,
			"audit: f: no audit event found: JSON objects with the keys (unprintable), (unprintable), c, d, e, f, ..." + known},
		{"empty object", "{}", "audit: f: no audit event found: empty JSON objects" + known},
		{"values", "1\n2\n", "audit: f: no audit event found: JSON values that are no objects" + known},
		{"kubectl", kubectl + "\n", "audit: f: no audit event found: the events that kubectl get events shows, which are not those of the audit log"},
		{"webhook", `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[]}`, "audit: no audit event found in 1 line (76 bytes): there are envelopes, and no message in them"},
		{"image", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "audit: f: no audit event found: binary data, a PNG image"},
		{"binary", "\x01\x02\n", "audit: f: no audit event found: binary data of a kind that is not known; if"},
		{"latin-1", "\xe4\n", "audit: f: no audit event found: binary data of a kind"},
		{"other streams", klog + "\n", "audit: no audit event found in 1 line (73 bytes): they are of other log streams"},
		{"long", strings.Repeat("x", 2000), "audit: no audit event found in 1 line (2000 bytes)"},
	} {
		r := audit.NewReader(strings.NewReader(tt.text))
		r.Name, r.MaxEventBytes = "f", 1000
		items, last := walk(t, r.Events())
		if !errors.Is(last, audit.ErrNoEvents) || !strings.HasPrefix(last.Error(), tt.want) {
			t.Errorf("%s: last error\n%v\nwant\n%s", tt.name, last, tt.want)
		}
		if tt.name != "long" && len(items) != 0 {
			t.Errorf("%s: items %v besides the last error", tt.name, items)
		}
		account(t, r.Stats(), tt.text, items, last)
	}
}

// TestReaderManyGaps holds memory down in a file of gaps without an event.
func TestReaderManyGaps(t *testing.T) {
	text := strings.Repeat("x\n{}\n", 10000)
	r := audit.NewReader(strings.NewReader(text + e1))
	items, last := walk(t, r.Events())
	if n := len(errorsOf(items)); n != 16 {
		t.Errorf("%d errors for a run of gaps without an event, want 16", n)
	}
	account(t, r.Stats(), text+e1, items, last)
}

func TestReaderFails(t *testing.T) {
	broken := errors.New("broken")
	text := e1 + "\n" + e2[:30]
	r := audit.NewReader(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
	r.Name = "a.log"
	items, last := walk(t, r.Events())
	if ids(t, items) != "1" || len(items) != 1 {
		t.Errorf("items %v, want the event before", items)
	}
	if !errors.Is(last, broken) || last.Error() != "audit: a.log:2: broken" {
		t.Errorf("last error %v", last)
	}
	account(t, r.Stats(), text, items, last)

	// A source may end too early by saying so.
	r = audit.NewReader(iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, last := walk(t, r.Events()); !errors.Is(last, io.ErrUnexpectedEOF) || errors.Is(last, audit.ErrDamaged) {
		t.Errorf("last error %v, want that of the input", last)
	}
	packed := gzipped(e1)
	for name, data := range map[string][]byte{
		"in a member": packed[:30], "behind it": packed, "in padding": join(packed, make([]byte, 10)),
	} {
		r = audit.NewReader(io.MultiReader(bytes.NewReader(data), iotest.ErrReader(broken)))
		items, last := walk(t, r.Events())
		if !errors.Is(last, broken) || errors.Is(last, audit.ErrDamaged) || errorsOf(items) != nil {
			t.Errorf("failed %s: items %v, last error %v, want that of the input", name, items, last)
		}
	}
}

func TestReaderWalkedTwice(t *testing.T) {
	r := audit.NewReader(strings.NewReader(e1 + "\n" + e2))
	for range r.Events() {
		break
	}
	items, last := walk(t, r.Events())
	if len(items) != 0 || last == nil {
		t.Errorf("second walk: items %v, error %v", items, last)
	}
	if got := r.Stats(); got.Events.Count != 1 {
		t.Errorf("stats after one event %+v", got)
	}
	balance(t, r.Stats())
}

// TestReaderStops checks that the reader ends at every place a loop can.
func TestReaderStops(t *testing.T) {
	for _, tt := range readerTests {
		text, want := unmark("", tt.text)
		for n := range len(want) {
			r := audit.NewReader(strings.NewReader(text))
			r.MaxEventBytes = tt.maxBytes
			seen := 0
			for range r.Events() {
				if seen++; seen > n {
					break
				}
			}
			if seen != n+1 {
				t.Errorf("%s: a loop of %d items saw %d", tt.name, n+1, seen)
			}
			balance(t, r.Stats())
		}
	}
}
