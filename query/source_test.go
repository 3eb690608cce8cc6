package query

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

func TestNamed(t *testing.T) {
	one, two := audit.List{{Raw: []byte(`{"id":1}`)}}, audit.List{{Raw: []byte(`{"id":2}`), Group: "own"}}
	resolve := Named(map[string]audit.Source{"a/one": one, "a/two": two, "b": audit.List{}})
	for _, test := range []struct {
		source string
		want   []string // the log groups of the events
		err    string
	}{
		{`"a/one"`, []string{"a/one"}, ""},
		{`"a/two", "a/one"`, []string{"own", "a/one"}, ""},
		{`logGroups()`, []string{"a/one", "own"}, ""},
		{`logGroups(namePrefix: ["a/t", "b"])`, []string{"own"}, ""},
		{`logGroups(class: ["STANDARD"])`, []string{"a/one", "own"}, ""},
		{`"a/onr"`, nil, `no log is given for the log group "a/onr" (did you mean "a/one"?)`},
		{`"zzzzzz"`, nil, `no log is given for the log group "zzzzzz"`},
		{`logGroups(namePrefix: ["a", "c"])`, nil, `no log is given for a log group whose name begins with "c"`},
		{`logGroups(class: ["INFREQUENT_ACCESS"])`, nil, "names of logs do not tell classes"},
		{`logGroups(accountIdentifier: ["1"])`, nil, "names of logs do not tell accounts"},
		{`dataSource(["a.b"])`, nil, "names of logs do not tell data sources"},
		{`logGroupTags([{"key": "a"}])`, nil, "names of logs do not tell tags"},
	} {
		selection, ok := MustParse("SOURCE " + test.source).Source()
		if !ok {
			t.Fatalf("%s: no SOURCE", test.source)
		}
		if want := "SOURCE " + test.source; selection.String() != want {
			t.Errorf("prints %s, want %s", selection, want)
		}
		src, err := resolve(t.Context(), selection)
		if err != nil || test.err != "" {
			if fmt.Sprint(err) != test.err {
				t.Errorf("%s: error %v, want %s", test.source, err, test.err)
			}
			continue
		}
		var got []string
		for ev, err := range audit.Events(t.Context(), src, audit.Need{}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, ev.Group)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.source, diff)
		}
	}
	if _, err := Named(nil)(t.Context(), Selection{}); err == nil {
		t.Error("no logs, and no error")
	}
	for _, err := range union(nil).Read(t.Context(), audit.Part{File: "nothing"}, audit.Need{}) {
		if err == nil {
			t.Error("an event of a part that there is not")
		}
	}
}

// TestResolve checks what the resolver is asked, and that its error ends the run
// before anything is read.
func TestResolve(t *testing.T) {
	at := func(text string) time.Time {
		t.Helper()
		out, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	var asked []string
	opts := &Options{
		Start: at("2026-01-01T00:00:00Z"), End: at("2026-01-03T00:00:00Z"), Now: at("2026-01-04T00:00:00Z"),
		Resolve: func(_ context.Context, s Selection) (audit.Source, error) {
			asked = append(asked, s.String())
			if s.Names[0] == "none" {
				return nil, errBroken
			}
			return audit.List{}, nil
		},
	}
	unread := asking(func(audit.Need, func(audit.Event, error) bool) { t.Error("the log was read") })
	_, err := collect(MustParse(`SOURCE log | filter a in (SOURCE other start=-2d | fields a) and b in (SOURCE none end=now | fields b)`).Run(t.Context(), unread, opts))
	if !errors.Is(err, errBroken) || !strings.HasPrefix(err.Error(), `query: SOURCE "none" start="2026-01-01T00:00:00Z" end="2026-01-04T00:00:00Z": `) {
		t.Errorf("error %v", err)
	}
	want := []string{
		`SOURCE "log" start="2026-01-01T00:00:00Z" end="2026-01-03T00:00:00Z"`,
		`SOURCE "other" start="2026-01-02T00:00:00Z" end="2026-01-03T00:00:00Z"`,
		`SOURCE "none" start="2026-01-01T00:00:00Z" end="2026-01-04T00:00:00Z"`,
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	empty := func(context.Context, Selection) (audit.Source, error) { return nil, nil }
	for _, test := range []struct {
		query   string
		src     audit.Source
		resolve func(context.Context, Selection) (audit.Source, error)
		want    string
	}{
		{"fields a", nil, nil, "query: there is no log to read, since the query has no SOURCE"},
		{"SOURCE a", nil, nil, `query: SOURCE "a": Options have no Resolve`},
		{"filter a in (SOURCE b | fields b)", unread, nil, `query: SOURCE "b": Options have no Resolve`},
		{"SOURCE a", nil, empty, `query: SOURCE "a": there is no such log`},
		{"filter a in (lookup t a output b | fields b)", unread, nil, `query: no lookup table "t" is given`},
	} {
		_, err := collect(MustParse(test.query).Run(t.Context(), test.src, &Options{Resolve: test.resolve}))
		if fmt.Sprint(err) != test.want {
			t.Errorf("%s: error %v, want %s", test.query, err, test.want)
		}
	}
	if _, ok := MustParse("fields a").Source(); ok {
		t.Error("a query without SOURCE has one")
	}
}

// TestReadOnce checks that a log which can be read once is not read twice.
func TestReadOnce(t *testing.T) {
	const twice, walked = "query: the query reads standard input more than once", "audit: the events of this Reader were walked before"
	reader := func() audit.Source { return audit.Sequence(audit.NewReader(strings.NewReader("")).Events()) }
	stdin := audit.Files("-")
	for _, test := range []struct {
		query string
		src   audit.Source
		err   string
	}{
		{"filter a in (fields a)", reader(), walked},
		{"filter a in (fields a)", audit.List{}, ""},
		{"filter a in (fields a)", stdin, twice},
		{"filter a in (fields a)", &audit.Unique{Source: stdin}, twice},
		{"SOURCE stdin | filter a in (fields a)", nil, twice},
		{"SOURCE stdin | filter a in (SOURCE logGroups() | fields a)", nil, twice},
		{"filter a in (SOURCE again | fields a)", reader(), ""},
		{"filter a in (SOURCE again | fields a) or b in (SOURCE again | fields b)", audit.List{}, ""},
	} {
		opts := &Options{Resolve: Named(map[string]audit.Source{"stdin": stdin, "again": audit.List{}})}
		_, err := collect(MustParse(test.query).Run(t.Context(), test.src, opts))
		if err != nil && err.Error() != test.err || err == nil && test.err != "" {
			t.Errorf("%s over a %T: %v", test.query, test.src, err)
		}
	}
}

// TestSubqueryErrors checks what a caller sees of a log that a subquery cannot
// read.
func TestSubqueryErrors(t *testing.T) {
	const one, two = `{"id":1,"k":"a"}`, `{"id":2,"k":"b"}`
	for _, text := range []string{
		"filter k in (SOURCE other | fields k) | fields id",
		"join left=a right=b where a.k = b.k (SOURCE other) | fields id",
	} {
		for _, test := range []struct {
			parts [][]string
			want  []string
		}{
			{[][]string{{"-!", one}}, []string{"audit: log:1: not valid JSON (offset 0)", `{"id":1}`}},
			{[][]string{{one, "-!!", two}}, []string{"broken"}},
		} {
			opts := &Options{Resolve: Named(map[string]audit.Source{"other": script{parts: test.parts}})}
			var got []string
			for row, err := range MustParse(text).Run(t.Context(), script{parts: [][]string{{one, two}}}, opts) {
				if err != nil {
					got = append(got, err.Error())
				} else {
					got = append(got, row.String())
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: %q (-want +got):\n%s", text, test.parts, diff)
			}
			for range MustParse(text).Run(t.Context(), script{parts: [][]string{{one, two}}}, opts) {
				break
			}
		}
	}
}

// TestSubqueryNoEvents checks that each of several logs has to be one.
func TestSubqueryNoEvents(t *testing.T) {
	logs := map[string]audit.Source{
		"good": &tallied{audit.List{}, audit.Stats{}},
		"bad":  &tallied{audit.List{}, audit.Stats{Bytes: 6, Lines: 1}},
	}
	for _, text := range []string{"SOURCE good, bad", "stats count(*) as n | filter n in (SOURCE bad | fields n)"} {
		_, err := collect(MustParse(text).Run(t.Context(), audit.List{}, &Options{Resolve: Named(logs)}))
		if !errors.Is(err, audit.ErrNoEvents) || !strings.HasPrefix(err.Error(), "log group bad: ") {
			t.Errorf("%s: %v", text, err)
		}
	}
	for range MustParse("SOURCE bad | stats count(*)").Run(t.Context(), nil, &Options{Resolve: Named(logs)}) {
		break // and nothing comes after
	}
}

// A tallied source says that it has read so much.
type tallied struct {
	audit.Source
	stats audit.Stats
}

func (c *tallied) Stats() audit.Stats { return c.stats }

// TestSubqueryMemory checks that a set of values is bounded.
func TestSubqueryMemory(t *testing.T) {
	q := MustParse("filter id in (fields id) | stats count(*) as n")
	const n = 90_000
	_, err := collect(q.Run(t.Context(), numbered(n), &Options{Memory: 1 << 20}))
	if err == nil || err.Error() != "query: the values of the subquery (fields id) take more than 16777216 bytes of memory" {
		t.Errorf("error %v", err)
	}
	if got := run(t, q, numbered(n), nil); !slices.Equal(got, []string{fmt.Sprintf(`{"n":%d}`, n)}) {
		t.Errorf("%q", got)
	}
}

// TestSubqueriesLeaveNoFiles checks that the temporary files of subqueries are
// gone however a run ends.
func TestSubqueriesLeaveNoFiles(t *testing.T) {
	other := parted{numbered(40), 3, false}
	opts := &Options{Memory: 1, Workers: 2, Resolve: Named(map[string]audit.Source{"other": other})}
	for _, text := range []string{
		"join type=left left=a right=b where a.k = b.k (SOURCE other) | fields a.id, b.id | sort a.id",
		"fields id | appendcols (SOURCE other | fields id as x | sort x)",
		"filter id in (SOURCE other | stats count(*) as n by id | fields id) | sort id",
	} {
		q := MustParse(text)
		opts.TempDir = t.TempDir()
		rows := run(t, q, numbered(30), opts)
		checkNoFiles(t, opts.TempDir)
		for range q.Run(t.Context(), numbered(30), opts) {
			break
		}
		checkNoFiles(t, opts.TempDir)
		failing := interrupted{parted{numbered(30), 2, false}, 20, func() error { return errBroken }}
		if _, err := collect(q.Run(t.Context(), failing, opts)); err != errBroken {
			t.Errorf("%s: failed: %v", text, err)
		}
		checkNoFiles(t, opts.TempDir)
		checkCancelledLate(t, q, numbered(30), opts, len(rows))
	}
}

// TestJoinTwin holds join to loops over both logs.
func TestJoinTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	for range 20 {
		left, right := randomEvents(random, random.IntN(40)), randomEvents(random, random.IntN(40))
		opts := &Options{Resolve: Named(map[string]audit.Source{"other": parted{right, 3, false}})}
		for _, kind := range []string{"inner", "left"} {
			want := slowJoin(left, right, kind == "left")
			q := MustParse("sort id | join type=" + kind + " left=l right=r where l.a = r.a and l.b = r.b (SOURCE other | sort id) | fields l.id, r.id")
			for _, opts.Memory = range []int{0, 1, 2000} {
				if diff := cmp.Diff(want, run(t, q, parted{left, 2, true}, opts)); diff != "" {
					t.Errorf("%s, memory %d (-want +got):\n%s", kind, opts.Memory, diff)
				}
			}
		}
	}
}

func slowJoin(left, right audit.List, outer bool) []string {
	key := func(ev audit.Event) (text string, ok bool) {
		all := slowFields(ev.Raw)
		a, b := slowLookup(all, "a"), slowLookup(all, "b")
		return fmt.Sprintf("%q %q", a.String(), b.String()), !a.Missing() && !b.Missing()
	}
	id := func(ev audit.Event) string { return slowLookup(slowFields(ev.Raw), "id").String() }
	var out []string
	for _, l := range left {
		found := false
		want, ok := key(l)
		for _, r := range right {
			if got, other := key(r); ok && other && got == want {
				out, found = append(out, fmt.Sprintf(`{"l.id":%s,"r.id":%s}`, id(l), id(r))), true
			}
		}
		if !found && outer {
			out = append(out, fmt.Sprintf(`{"l.id":%s}`, id(l)))
		}
	}
	return out
}

// TestValueSet holds the set of a subquery to a list.
func TestValueSet(t *testing.T) {
	values := []Value{
		{}, stringValue(""), stringValue("7"), stringValue("007"), stringValue("7.0"), stringValue("x"), stringValue("true"), stringValue("0"), stringValue("-0"),
		writtenNumber("7"), writtenNumber("7.0"), writtenNumber("0"), writtenNumber("9007199254740993"), writtenNumber("9007199254740992"),
		stringValue("9007199254740993"), boolValue(true), boolValue(false), writtenNumber("1"), timeValue(time.UnixMilli(7)), timeValue(time.UnixMicro(7001)),
		writtenNumber("1e400"), stringValue("1970-01-01 00:00:00.007"), listValue([]Value{stringValue("x")}), mapValue([]Value{stringValue("x"), stringValue("y")}),
	}
	for _, item := range values {
		set := newValueSet()
		set.add(item)
		set.add(item)
		for _, v := range values {
			if got, want := set.has(v), member(v, item); got != want {
				t.Errorf("%v %v in %v %v: %t, want %t", v.kind, v, item.kind, item, got, want)
			}
		}
	}
}
