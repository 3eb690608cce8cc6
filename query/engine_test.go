package query

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// checkEngine runs the query by one worker and by several, with the events in
// one part and in several, with all the memory that it likes and with none. It
// must make no difference, and leave no file behind.
func checkEngine(t *testing.T, q *Query, events audit.List, opts Options, want []string) {
	t.Helper()
	opts.TempDir = t.TempDir()
	for _, opts.Workers = range []int{1, 2, 4} {
		for _, n := range []int{1, 2, 7} {
			for _, opts.Memory = range []int{0, 1} {
				got, err := collect(q.Run(t.Context(), parted{events, n, n == 7}, &opts))
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%d workers, %d parts, memory %d: %v (-want +got):\n%s", opts.Workers, n, opts.Memory, err, diff)
				}
			}
		}
	}
	checkNoFiles(t, opts.TempDir)
}

// checkNoFiles checks that nothing is left in the directory, and no temporary
// file open, as far as the system tells.
func checkNoFiles(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left in TempDir: %v, %v", left, err)
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return // another system
	}
	for _, fd := range open {
		if name, _ := os.Readlink(filepath.Join("/proc/self/fd", fd.Name())); strings.HasPrefix(name, dir) {
			t.Errorf("still open: %s", name)
		}
	}
}

// engineQueries use what may write to temporary files.
var engineQueries = []string{
	"fields id | sort id desc",
	"fields id | sort id desc | limit 3",
	"fields id | limit any 50",
	"stats count(*) as n, max(id) as hi by k | sort k",
	"pattern id | anomaly",
	"stats count(*) as n, count_distinct(id) as d by k, id | stats sum(n) as s, pct(d, 50) as p by k | sort k",
	"fields id | dedup k, id",
	"fields id | sessionize k",
	"fields id | outlier action=remove id",
	"countFrequent k, id",
	"relevantfields where k = \"a\"",
}

// numbered are n events, with numbers from 0 and one of three texts.
func numbered(n int) audit.List {
	var list audit.List
	for i := range n {
		list = append(list, audit.Event{Raw: fmt.Appendf(nil, `{"id":%d,"k":"%c"}`, i, 'a'+i%3)})
	}
	return list
}

// An interrupted source calls what before it gives the n-th event; an error of
// it ends the reading.
type interrupted struct {
	parted
	at   int
	what func() error
}

func (s interrupted) Read(ctx context.Context, p audit.Part, need audit.Need) iter.Seq2[audit.Event, error] {
	return func(yield func(audit.Event, error) bool) {
		n := int(p.Offset)
		for ev, err := range s.parted.Read(ctx, p, need) {
			if n == s.at {
				if err := s.what(); err != nil {
					yield(audit.Event{}, err)
					return
				}
			}
			if n++; !yield(ev, err) {
				return
			}
		}
	}
}

// TestRunLeavesNoFiles checks that temporary files are gone however a run ends.
func TestRunLeavesNoFiles(t *testing.T) {
	const n = 60
	events := parted{numbered(n), 5, false}
	enough := errors.New("enough")
	for _, text := range engineQueries {
		for _, workers := range []int{1, 3} {
			q := MustParse(text)
			opts := &Options{Memory: 1, TempDir: t.TempDir(), Workers: workers}
			rows := run(t, q, events, opts)
			checkNoFiles(t, opts.TempDir)

			for range q.Run(t.Context(), events, opts) {
				break
			}
			checkNoFiles(t, opts.TempDir)

			ctx, cancel := context.WithCancelCause(t.Context())
			stopping := interrupted{events, 40, func() error {
				cancel(enough)
				return enough
			}}
			if _, err := collect(q.Run(ctx, stopping, opts)); !errors.Is(err, enough) {
				t.Errorf("%s: cancelled: %v", text, err)
			}
			checkNoFiles(t, opts.TempDir)

			failing := interrupted{events, 40, func() error { return errBroken }}
			if _, err := collect(q.Run(t.Context(), failing, opts)); err != errBroken {
				t.Errorf("%s: failed: %v", text, err)
			}
			checkNoFiles(t, opts.TempDir)
			checkCancelledLate(t, q, events, opts, len(rows))
		}
	}
}

// checkCancelledLate checks that a run which is cancelled while it gives rows
// ends with the cause.
func checkCancelledLate(t *testing.T, q *Query, src audit.Source, opts *Options, most int) {
	t.Helper()
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	rows := 0
	var last error
	for _, err := range q.Run(ctx, src, opts) {
		cancel(enough)
		if last = err; err == nil {
			rows++
		}
	}
	if most > 1 && (rows != 1 || last != enough) {
		t.Errorf("%s: cancelled at the first of %d rows: %d rows, %v", q, most, rows, last)
	}
	checkNoFiles(t, opts.TempDir)
}

// TestTempDirMissing checks that a directory which is not there is an error,
// and the last item.
func TestTempDirMissing(t *testing.T) {
	for _, text := range engineQueries {
		opts := &Options{Memory: 1, TempDir: filepath.Join(t.TempDir(), "none"), Workers: 2}
		items := 0
		var last error
		for _, err := range MustParse(text).Run(t.Context(), parted{numbered(20), 3, false}, opts) {
			items++
			last = err
		}
		const want = "query: making room for what does not fit into memory: "
		if items != 1 || !errors.Is(last, fs.ErrNotExist) || !strings.HasPrefix(last.Error(), want) {
			t.Errorf("%s: %d items, the last %v", text, items, last)
		}
	}
}

// TestTempDirRemoved checks that a directory which goes away in the middle is
// an error for those who still have to make a file there, and for nobody else.
func TestTempDirRemoved(t *testing.T) {
	const text = "fields id | sort id desc"
	opts := &Options{Memory: 1, Workers: 1}
	want := run(t, MustParse(text), numbered(20), nil)
	for _, at := range []int{0, 10} {
		opts.TempDir = filepath.Join(t.TempDir(), "gone")
		if err := os.Mkdir(opts.TempDir, 0o777); err != nil {
			t.Fatal(err)
		}
		src := interrupted{parted{numbered(20), 2, false}, at, func() error { return os.RemoveAll(opts.TempDir) }}
		got, err := collect(MustParse(text).Run(t.Context(), src, opts))
		switch {
		case at == 0 && !errors.Is(err, fs.ErrNotExist):
			t.Errorf("gone before the first event: %v", err)
		case at > 0 && (err != nil || !slices.Equal(got, want)):
			t.Errorf("gone with a file in it: %q, %v", got, err)
		}
	}
}

// TestWantedThenDamage checks that what was found out about one event is not
// taken for the next, if the source gives an error in its place.
func TestWantedThenDamage(t *testing.T) {
	damage := &audit.EventError{Err: audit.ErrNotJSON}
	src := asking(func(need audit.Need, yield func(audit.Event, error) bool) {
		first := audit.Event{Raw: []byte(`{"verb":"get","id":1}`)}
		if !need.Wanted(&first) {
			t.Error("an event that is selected is not wanted")
		}
		if yield(audit.Event{}, damage) {
			yield(audit.Event{Raw: []byte(`{"verb":"list","id":2}`)}, nil)
		}
	})
	var items []string
	for row, err := range MustParse(`filter verb = "get" | fields id`).Run(t.Context(), src, nil) {
		items = append(items, fmt.Sprint(row, err))
	}
	if want := []string{fmt.Sprint(Row{}, damage)}; !slices.Equal(items, want) {
		t.Errorf("%q, want %q", items, want)
	}
}

// An asking source is a function that can ask which events are wanted.
type asking func(need audit.Need, yield func(audit.Event, error) bool)

func (s asking) Parts(ctx context.Context) iter.Seq2[audit.Part, error] {
	return audit.List(nil).Parts(ctx)
}

func (s asking) Read(_ context.Context, _ audit.Part, need audit.Need) iter.Seq2[audit.Event, error] {
	return func(yield func(audit.Event, error) bool) { s(need, yield) }
}

// TestStrict checks what is said at Options.Strict: without it an event is not
// checked where the query does not look.
func TestStrict(t *testing.T) {
	const event = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"%s","verb":"%s","requestObject":%s,"stageTimestamp":"2026-01-02T03:04:05.000000Z"}` + "\n"
	var log bytes.Buffer
	fmt.Fprintf(&log, event, "1", "get", "{}")
	fmt.Fprintf(&log, event, "2", "get", `{"a":nonsense}`)
	fmt.Fprintf(&log, event, "3", `get","verb":"list`, "{}")
	fmt.Fprintf(&log, event, "4", "list", `{"a":nonsense}`)
	fmt.Fprintf(&log, event, "5", "get", "{}")
	q := MustParse(`filter verb = "get" | fields auditID | sort auditID`)
	for _, test := range []struct {
		strict bool
		want   []string
		damage int
	}{
		{false, []string{`{"auditID":"1"}`, `{"auditID":"2"}`, `{"auditID":"3"}`, `{"auditID":"5"}`}, 0},
		{true, []string{`{"auditID":"1"}`, `{"auditID":"5"}`}, 3},
	} {
		src := &audit.Archive{FS: fstest.MapFS{"log": {Data: log.Bytes()}}}
		var got []string
		damage := 0
		for row, err := range q.Run(t.Context(), src, &Options{Strict: test.strict}) {
			switch _, onePlace := errors.AsType[*audit.EventError](err); {
			case onePlace:
				damage++
			case err != nil:
				t.Fatal(err)
			default:
				got = append(got, row.String())
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" || damage != test.damage {
			t.Errorf("strict: %t: %d damaged places (-want +got):\n%s", test.strict, damage, diff)
		}
	}
}
