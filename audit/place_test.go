package audit_test

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/audittest"
)

// unseekable is a file system in whose files one cannot go to a place.
type unseekable struct{ fs.FS }

func (u unseekable) Open(name string) (fs.File, error) {
	f, err := u.FS.Open(name)
	return struct{ fs.File }{f}, err
}

// linedText is a text of n bytes with lines of random lengths, most of them
// short in one stretch and very long in another.
func linedText(n int, rng *rand.Rand) string {
	text := bytes.Repeat([]byte("x"), n)
	for i := 0; i < n; {
		text[i] = '\n'
		if rng.IntN(1000) == 0 {
			i += rng.IntN(1 << 20)
		} else {
			i += 1 + rng.IntN(200)
		}
	}
	return string(text)
}

// TestLine asks for places in random order, and holds the answers to a count
// from the beginning.
func TestLine(t *testing.T) {
	const mark = 1 << 20 // the distance of the places whose lines are remembered
	for seed, size := range []int{0, 1, 100, mark - 1, mark, mark + 1, 2 * mark, 3*mark + 12345} {
		rng := rand.New(rand.NewPCG(uint64(seed), 0))
		text := linedText(size, rng)
		offsets := []int{0, 1, size - 1, size, mark - 1, mark, mark + 1, 2*mark - 1, 2 * mark}
		for range 40 {
			at := rng.IntN(size + 1)
			offsets = append(offsets, at)
			if n := strings.IndexByte(text[at:], '\n'); n >= 0 { // the last of one line, the first of the next
				offsets = append(offsets, at+n, at+n+1)
			}
		}
		files := fstest.MapFS{"a": file(text)}
		for _, files := range []fs.FS{files, unseekable{files}} {
			rng.Shuffle(len(offsets), func(i, j int) { offsets[i], offsets[j] = offsets[j], offsets[i] })
			a := &audit.Archive{FS: files}
			for _, at := range offsets {
				if at < 0 || at > size {
					continue
				}
				want := 1 + strings.Count(text[:at], "\n")
				if got, err := a.Line(audit.Pos{File: "a", Offset: int64(at)}); got != want || err != nil {
					t.Errorf("byte %d of %d: line %d, %v, want %d", at, size, got, err, want)
				}
			}
			for _, behind := range []int{1, mark, 5 * mark} {
				got, err := a.Line(audit.Pos{File: "a", Offset: int64(size + behind)})
				if e := (*audit.EventError)(nil); err == nil || !errors.As(err, &e) || e.Pos.File != "a" {
					t.Errorf("byte %d of %d: line %d, %v, want an error for the file", size+behind, size, got, err)
				}
			}
		}
	}
}

// TestLineKnown checks the places that need no count, or cannot be counted.
func TestLineKnown(t *testing.T) {
	a := &audit.Archive{FS: fstest.MapFS{"a": file("x\ny\n")}}
	for _, tt := range []struct {
		pos  audit.Pos
		want int
		err  error
	}{
		{audit.Pos{File: "missing", Line: 7, Offset: 99}, 7, nil},
		{audit.Pos{File: "missing", Offset: 99}, 0, fs.ErrNotExist},
		{audit.Pos{File: "a"}, 1, nil},
		{audit.Pos{File: "a", Offset: -1}, 1, nil},
		{audit.Pos{File: "a", Offset: 4}, 3, nil},
	} {
		if got, err := a.Line(tt.pos); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%+v: line %d, %v, want %d, %v", tt.pos, got, err, tt.want, tt.err)
		}
	}
}

// TestLineChanges asks about a file that grows and then shrinks.
func TestLineChanges(t *testing.T) {
	text := strings.Repeat("0123456\n", 1<<18) // 2 MiB
	files := fstest.MapFS{"a": file(text)}
	a := &audit.Archive{FS: unseekable{files}}
	at := func(offset int) (int, error) { return a.Line(audit.Pos{File: "a", Offset: int64(offset)}) }
	if _, err := at(len(text) + 8); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("behind the end: %v", err)
	}
	files["a"] = file(text + text)
	if got, err := at(len(text) + 8); got != 1<<18+2 || err != nil {
		t.Errorf("in what was added: line %d, %v", got, err)
	}
	files["a"] = file(text[:100])
	for _, offset := range []int{101, len(text) - 1, len(text) + 8} {
		if got, err := at(offset); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("byte %d of a file that was cut to 100: line %d, %v", offset, got, err)
		}
	}
	if got, err := at(99); got != 13 || err != nil {
		t.Errorf("in what is left: line %d, %v", got, err)
	}
}

// TestLineConcurrent asks from many goroutines, while others read.
func TestLineConcurrent(t *testing.T) {
	text := strings.Repeat(events("a", 1000), 30)
	a := &audit.Archive{FS: fstest.MapFS{"a": file(text), "b": file(text[:len(text)/2])}, PartBytes: 1 << 20}
	var group sync.WaitGroup
	for p := range a.Parts(t.Context()) {
		group.Go(func() {
			n := 0
			for ev, err := range a.Read(t.Context(), p, audit.Need{}) {
				if err != nil {
					t.Error(err)
				}
				if n++; n%3000 != 1 {
					continue
				}
				got, err := a.Line(ev.Pos)
				if want := 1 + strings.Count(text[:ev.Pos.Offset], "\n"); got != want || err != nil {
					t.Errorf("%v: line %d, %v, want %d", ev.Pos, got, err, want)
				}
			}
		})
	}
	group.Wait()
}

// A place is what is compared of an event of a large log.
type place struct {
	offset int64
	size   int
	sum    uint32
}

// placesOf walks a large log.
func placesOf(t *testing.T, a *audit.Archive, whole bool) (places []place, lines []int, errs []audit.Pos) {
	t.Helper()
	seq := audit.Events(t.Context(), a, audit.Need{})
	if whole {
		seq = a.Events(t.Context())
	}
	for ev, err := range seq {
		if e, ok := errors.AsType[*audit.EventError](err); ok {
			errs = append(errs, e.Pos)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, place{ev.Pos.Offset, len(ev.Raw), crc32.ChecksumIEEE(ev.Raw)})
		lines = append(lines, ev.Pos.Line)
	}
	return places, lines, errs
}

// TestArchiveDefaultRanges reads a log that is large enough to be cut, with
// damage in its last range.
func TestArchiveDefaultRanges(t *testing.T) {
	var log bytes.Buffer
	if _, err := (audittest.Generator{Seed: 3, Bytes: 34 << 20}).Generate(&log); err != nil {
		t.Fatal(err)
	}
	text := log.Bytes()
	for _, from := range []int{10 << 20, 33 << 20} { // a line that is none
		begin := from + bytes.IndexByte(text[from:], '\n') + 1
		end := begin + bytes.IndexByte(text[begin:], '\n')
		copy(text[begin:end], bytes.Repeat([]byte("x"), end-begin))
	}
	files := fstest.MapFS{"audit.log": &fstest.MapFile{Data: text}}
	a := &audit.Archive{FS: files}
	var parts []string
	for p, err := range a.Parts(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, p.String())
	}
	if len(parts) != 2 {
		t.Fatalf("parts %v", parts)
	}
	want, wantLines, wantErrs := placesOf(t, a, true)
	got, lines, errs := placesOf(t, a, false)
	if diff := cmp.Diff(wantErrs, errs); diff != "" || len(errs) != 2 {
		t.Errorf("errors (-whole +ranges):\n%s", diff)
	}
	if len(got) != len(want) {
		t.Fatalf("%d events in ranges, %d in the whole", len(got), len(want))
	}
	unknown := 0
	for i := range want {
		if got[i] != want[i] || lines[i] != 0 && lines[i] != wantLines[i] {
			t.Fatalf("event %d: %+v in line %d, want %+v in line %d", i, got[i], lines[i], want[i], wantLines[i])
		}
		if lines[i] != 0 {
			continue
		}
		if unknown++; unknown%1000 == 0 {
			if n, err := a.Line(audit.Pos{File: "audit.log", Offset: want[i].offset}); n != wantLines[i] || err != nil {
				t.Errorf("event %d: Line gives %d, %v, want %d", i, n, err, wantLines[i])
			}
		}
	}
	if unknown < len(want)/3 {
		t.Errorf("only %d of %d events are in the second range", unknown, len(want))
	}
}

// TestArchiveUncut lists files that are large enough to be cut, and are not.
func TestArchiveUncut(t *testing.T) {
	text := strings.Repeat(events("a", 1000), 400)
	packed := gzipped(text)
	files := fstest.MapFS{"audit.log": file(text)}
	for name, a := range map[string]*audit.Archive{
		"no range asked for": {FS: files, PartBytes: -1},
		"unseekable":         {FS: unseekable{files}, Roots: []string{"audit.log"}, PartBytes: 1000},
		"gzip":               {FS: fstest.MapFS{"audit.log": &fstest.MapFile{Data: packed}}, PartBytes: 1000},
	} {
		for p, err := range a.Parts(context.Background()) {
			if err != nil || p.Offset != 0 || p.Length != 0 || p.Size == 0 {
				t.Errorf("%s: part %v, %v", name, p, err)
			}
		}
	}
	if len(text) < 2*16<<20 || len(packed) < 2000 {
		t.Errorf("%d bytes, %d packed: too small to be cut", len(text), len(packed))
	}
}
