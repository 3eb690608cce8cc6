package cli

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseFlags(t *testing.T) {
	for _, test := range []struct {
		args   string
		paths  []string
		n      string
		status int
		ok     bool
	}{
		{args: "", ok: true},
		{args: "a b", paths: []string{"a", "b"}, ok: true},
		{args: "-n web a -", paths: []string{"a", "-"}, n: "web", ok: true},
		{args: "a -n web b", paths: []string{"a", "b"}, n: "web", ok: true},
		{args: "a -- -n web", paths: []string{"a", "-n", "web"}, ok: true},
		{args: "-x", status: Usage},
		{args: "a -x", paths: nil, status: Usage},
		{args: "-h", status: OK},
	} {
		flags := flag.NewFlagSet("test", flag.ContinueOnError)
		flags.SetOutput(io.Discard)
		n := flags.String("n", "", "")
		paths, status, ok := ParseFlags(flags, strings.Fields(test.args))
		if diff := cmp.Diff(test.paths, paths); diff != "" || *n != test.n || status != test.status || ok != test.ok {
			t.Errorf("%q: n %q, status %d, ok %v, paths (-want +got):\n%s", test.args, *n, status, ok, diff)
		}
	}
}

func TestTimeFlag(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		text string
		end  bool
		want string // RFC 3339; empty if it is refused
	}{
		{text: "2026-11-23T07:40:30Z", want: "2026-11-23T07:40:30Z"},
		{text: "2026-11-23T07:40:30.5+02:00", want: "2026-11-23T05:40:30.5Z"},
		{text: "2026-11-23T07:40:30", want: "2026-11-23T07:40:30Z"},
		{text: "2026-11-23 07:40", want: "2026-11-23T07:40:00Z"},
		{text: "2026-11-23", want: "2026-11-23T00:00:00Z"},
		{text: "2026-11-23", end: true, want: "2026-11-23T23:59:59.999999999Z"},
		{text: "2h", want: "2026-11-23T10:00:00Z"},
		{text: "1h30m", want: "2026-11-23T10:30:00Z"},
		{text: "2d", want: "2026-11-21T12:00:00Z"},
		{text: "1w1d2h", want: "2026-11-15T10:00:00Z"},
		{text: "0s", want: "2026-11-23T12:00:00Z"},
		{text: "-2h"},
		{text: "d"},
		{text: "2x"},
		{text: ""},
		{text: "yesterday"},
		{text: "2026-13-01"},
	} {
		f := TimeFlag{Now: now, End: test.end}
		err := f.Set(test.text)
		got := ""
		if err == nil {
			got = f.Time.Format(time.RFC3339Nano)
		}
		if got != test.want {
			t.Errorf("%q: got %q (error %v), want %q", test.text, got, err, test.want)
		}
		if err == nil && f.String() != test.text {
			t.Errorf("%q prints as %q", test.text, f.String())
		}
	}
}

func TestWriters(t *testing.T) {
	columns := []string{"when", "who", "what", "count"}
	rows := [][]Cell{
		{
			{"when", time.Date(2026, 11, 23, 7, 24, 24, 806e6, time.UTC)},
			{"who", "Zoë <z&z>"},
			{"what", []string{"a", "b"}},
			{"count", int64(3)},
		},
		{{"who", "a\tb\x1b[31m\r\nc\u202e\xff\x9b\"d\","}, {"count", nil}},
		{},
	}
	for format, want := range map[string]string{
		"table": "when                      who                                      what  count\n" +
			"2026-11-23T07:24:24.806Z  Zoë <z&z>                                a, b  3\n" +
			"                          a\\tb\\x1b[31m\\r\\nc\\u202e\\ufffd\\ufffd\"d\",\n" +
			"\n",
		"csv": "when,who,what,count\n" +
			"2026-11-23T07:24:24.806Z,Zoë <z&z>,\"a, b\",3\n" +
			",\"a\tb\x1b[31m\r\nc\u202e\xff\x9b\"\"d\"\",\",,\n" +
			",,,\n",
		"jsonl": `{"when":"2026-11-23T07:24:24.806Z","who":"Zoë <z&z>","what":["a","b"],"count":3}` + "\n" +
			`{"who":"a\tb\u001b[31m\r\nc` + "\u202e" + `\ufffd\ufffd\"d\","}` + "\n" +
			"{}\n",
		"json": "[\n" +
			`{"when":"2026-11-23T07:24:24.806Z","who":"Zoë <z&z>","what":["a","b"],"count":3},` + "\n" +
			`{"who":"a\tb\u001b[31m\r\nc` + "\u202e" + `\ufffd\ufffd\"d\","},` + "\n" +
			"{}\n]\n",
	} {
		if diff := cmp.Diff(want, written(t, format, columns, rows)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
	for format, want := range map[string]string{
		"table": "when  who  what  count\n", "csv": "when,who,what,count\n", "jsonl": "", "json": "[]\n",
	} {
		if got := written(t, format, columns, nil); got != want {
			t.Errorf("%s without rows: %q, want %q", format, got, want)
		}
	}
	if _, err := NewWriter("xml", io.Discard, nil); err == nil || !strings.Contains(err.Error(), Formats) {
		t.Errorf("format xml: error %v does not name the formats", err)
	}
}

func written(t *testing.T, format string, columns []string, rows [][]Cell) string {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(format, &b, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestObject(t *testing.T) {
	inner := Object{{"a", time.Date(2026, 11, 23, 7, 24, 24, 0, time.UTC)}, {"b", nil}, {"c", "<&>"}}
	rows := [][]Cell{{{"x", []Object{inner, {}}}, {"y", inner}}}
	for format, want := range map[string]string{
		"jsonl": `{"x":[{"a":"2026-11-23T07:24:24.000Z","c":"<&>"},{}],"y":{"a":"2026-11-23T07:24:24.000Z","c":"<&>"}}` + "\n",
		"csv":   "y\n\"a: 2026-11-23T07:24:24.000Z, c: <&>\"\n",
	} {
		if diff := cmp.Diff(want, written(t, format, []string{"y"}, rows)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

func TestReporter(t *testing.T) {
	var b strings.Builder
	r := NewReporter(&b, "prog")
	r.Say("%d rows", 0)
	if r.Status() != OK {
		t.Errorf("status %d after a remark", r.Status())
	}
	r.Damage(errors.New("a\x1b[2Jb"))
	if want := "prog: 0 rows\nprog: a\\x1b[2Jb\n"; b.String() != want || r.Status() != Damaged {
		t.Errorf("printed %q with status %d", b.String(), r.Status())
	}
}
