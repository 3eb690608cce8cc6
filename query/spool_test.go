package query

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// sampleCandidates are rows with values of every kind.
func sampleCandidates() []candidate {
	all := samples()
	var out []candidate
	for i, v := range all {
		var c candidate
		c.hold([]Value{v}, []Value{all[len(all)-1-i], v, {}},
			audit.Pos{File: "a log", Line: i, Offset: int64(i) << 33}, place{part: i, event: 1 << 30, rows: "ab"[:i%3]})
		out = append(out, c)
	}
	return append(out, candidate{})
}

func describe(c candidate) string {
	return fmt.Sprintf("%#v %#v %v %v", c.keys, c.values, c.pos, c.seen)
}

// TestEncoding checks that values and candidates are read as they were
// written, and that what is cut off is refused.
func TestEncoding(t *testing.T) {
	for _, v := range samples() {
		text := v.append(nil)
		got, rest, err := takeValue(append(slices.Clone(text), "rest"...))
		if fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", v) || string(rest) != "rest" || err != nil {
			t.Errorf("%#v: %#v, %q, %v", v, got, rest, err)
		}
		for n := range text {
			if _, _, err := takeValue(text[:n]); err != errSpilled {
				t.Errorf("%#v: %d bytes: %v", v, n, err)
			}
		}
	}
	for _, c := range sampleCandidates() {
		text := c.append(nil)
		var got candidate
		if err := got.load(text); err != nil || len(c.values) > 0 && describe(got) != describe(c) {
			t.Errorf("%s\n%s, %v", describe(c), describe(got), err)
		}
		for n := range text {
			if err := new(candidate).load(text[:n]); err != errSpilled {
				t.Errorf("%d bytes: %v", n, err)
			}
		}
	}
}

// FuzzEncoding checks that nothing which stands in a temporary file makes a
// panic, and that what can be read is written as something that reads the same.
func FuzzEncoding(f *testing.F) {
	for _, v := range samples() {
		f.Add(v.append(nil))
	}
	for _, c := range sampleCandidates() {
		f.Add(c.append(nil))
	}
	f.Add([]byte("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"))
	makers := newStates()
	group := MustParse("stats count(*), count_distinct(a), pct(a, 50), sum(a) by b, c").plan.levels[0].group
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1000 { // values nest no deeper than the query that makes them
			return
		}
		if v, _, err := takeValue(text); err == nil {
			again, rest, err := takeValue(v.append(nil))
			if fmt.Sprintf("%#v", again) != fmt.Sprintf("%#v", v) || len(rest) > 0 || err != nil {
				t.Errorf("%#v: %#v, %v", v, again, err)
			}
			_ = v.String()
		}
		var c, again candidate
		if c.load(text) == nil && (again.load(c.append(nil)) != nil || describe(again) != describe(c)) {
			t.Errorf("%s\n%s", describe(c), describe(again))
		}
		for _, empty := range makers {
			empty().load(text)
		}
		if one, err := newGroups(group, room{}).load(text); err == nil {
			gr := one.first()
			gr.fill(group, &frame{slots: make([]Value, 100)})
		}
	})
}

// TestSpool checks that runs are read as they were written, each on its own.
func TestSpool(t *testing.T) {
	s := spool{dir: t.TempDir()}
	runs := [][]string{{"a", "", strings.Repeat("long", spoolBuffer)}, nil, {"b"}}
	for _, records := range runs {
		if err := s.write(recordsOf(records)); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range runs {
		var got []string
		for record, err := range s.read(s.runs[i]) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(record))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("run %d (-want +got):\n%s", i, diff)
		}
	}
	s.close()
	checkNoFiles(t, s.dir)
}

func recordsOf(list []string) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for _, s := range list {
			if !yield([]byte(s)) {
				return
			}
		}
	}
}

// TestSpoolFails checks what comes of a file that cannot be written, or is not
// as it was written.
func TestSpoolFails(t *testing.T) {
	s := spool{dir: t.TempDir()}
	defer s.close()
	if err := s.write(recordsOf([]string{"one record", "another"})); err != nil {
		t.Fatal(err)
	}
	last := func(run section) (err error) {
		for _, err = range s.read(run) {
		}
		return err
	}
	for _, test := range []struct {
		name string
		do   func() error
		want error
	}{
		{"cut off", func() error { return s.file.Truncate(s.end - 2) }, io.ErrUnexpectedEOF},
		{"a length that cannot be", func() error { _, err := s.file.WriteAt([]byte("\xff\xff\xff\xff\xff\x7f"), 0); return err }, errSpilled},
		{"closed", s.file.Close, os.ErrClosed},
	} {
		if err := test.do(); err != nil {
			t.Fatal(err)
		}
		if err := last(s.runs[0]); !errors.Is(err, test.want) || !strings.HasPrefix(err.Error(), "query: reading what did not fit into memory: ") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	err := s.write(recordsOf([]string{"more"}))
	if !errors.Is(err, os.ErrClosed) || !strings.HasPrefix(err.Error(), "query: writing what does not fit into memory: ") {
		t.Errorf("written to a closed file: %v", err)
	}
}

// TestSpilledDamaged checks that rows and groups which cannot be read back are
// an error, and the last item.
func TestSpilledDamaged(t *testing.T) {
	cutOff := func(s *spool) error { return s.file.Truncate(s.end - 1) }
	overwritten := func(s *spool) error {
		_, err := s.file.WriteAt(slices.Repeat([]byte{0x7f}, int(s.end)-1), 1)
		return err
	}
	for _, test := range []struct {
		name   string
		damage func(*spool) error
		want   error
	}{
		{"cut off", cutOff, io.ErrUnexpectedEOF},
		{"overwritten", overwritten, errSpilled},
	} {
		last := func(s *scan, rows *spool, result func() error) {
			t.Helper()
			defer s.close()
			for i, ev := range numbered(3) {
				if err := s.event(&ev, place{event: i}); err != nil {
					t.Fatal(err)
				}
			}
			if err := test.damage(rows); err != nil {
				t.Fatal(err)
			}
			if err := result(); !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
		in := room{1, t.TempDir()}
		s := newScan(MustParse("fields id").plan, 0, &Options{}, in)
		last(s, &s.rows.spool, func() (err error) {
			for _, err = range sortedResult([]*sorted{&s.rows.sorted}) {
			}
			return err
		})
		g := newScan(MustParse("stats count(*) by id").plan, 0, &Options{}, in)
		last(g, &g.groups.spool, func() (err error) {
			for _, err = range groupResult([]*groups{g.groups}) {
			}
			return err
		})
	}
}

// TestLargeLimits checks that limits beyond all rows, up to the largest number,
// keep all of them in order.
func TestLargeLimits(t *testing.T) {
	const n = 1000
	for _, limit := range []int{n - 1, n, n + 1, math.MaxInt/4 + 1, math.MaxInt} {
		q := MustParse(fmt.Sprintf("fields id | sort id | limit %d", limit))
		if got := run(t, q, numbered(n), nil); len(got) != min(n, limit) {
			t.Errorf("limit %d: %d rows", limit, len(got))
		}
	}
}
