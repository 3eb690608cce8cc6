package ordered

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// An item has a key that counts and a text that does not.
type item struct {
	Key  byte
	Text string
}

// sorter returns a sorter of items. An item takes one byte more than its text.
func sorter(memory int, dir string) *Sorter[item] {
	return &Sorter[item]{
		Compare: func(a, b item) int { return cmp.Compare(a.Key, b.Key) },
		Size:    func(it item) int { return 1 + len(it.Text) },
		Append:  func(dst []byte, it item) []byte { return append(append(dst, it.Key), it.Text...) },
		Decode: func(text []byte) (item, error) {
			if len(text) == 0 {
				return item{}, io.ErrUnexpectedEOF
			}
			return item{text[0], string(text[1:])}, nil
		},
		Memory: memory,
		Dir:    dir,
	}
}

// sorted puts items in order by a sorter that has so much memory.
func sorted(tb testing.TB, memory int, items []item) []item {
	tb.Helper()
	s := sorter(memory, tb.TempDir())
	defer s.Close()
	for _, it := range items {
		if err := s.Add(it); err != nil {
			tb.Fatal(err)
		}
	}
	var got []item
	for it, err := range s.All() {
		if err != nil {
			tb.Fatal(err)
		}
		got = append(got, it)
	}
	return got
}

// twin is the same in memory.
func twin(items []item) []item {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.Key, b.Key) })
	return items
}

// numbered makes an item of every byte, each with its place as its text.
func numbered(keys []byte) []item {
	var items []item
	for i, key := range keys {
		items = append(items, item{key, fmt.Sprint(i)})
	}
	return items
}

func TestSorter(t *testing.T) {
	long := bytes.Repeat([]byte("sphinx of black quartz, judge my vow"), 4)
	for _, keys := range [][]byte{nil, []byte("a"), []byte("cab"), []byte("aaaaaaa"), long} {
		for _, memory := range []int{0, 1, 10, 100, 1 << 20} {
			items := numbered(keys)
			if diff := gocmp.Diff(twin(items), sorted(t, memory, items)); diff != "" {
				t.Errorf("%.10q in %d bytes (-want +got):\n%s", keys, memory, diff)
			}
		}
	}
}

// FuzzSorter holds the sorter to its twin.
func FuzzSorter(f *testing.F) {
	f.Add([]byte("the quick brown fox"), 7)
	f.Add(bytes.Repeat([]byte("ba"), 3*maxRuns), 0)
	f.Fuzz(func(t *testing.T, keys []byte, memory int) {
		items := numbered(keys)
		if diff := gocmp.Diff(twin(items), sorted(t, memory, items)); diff != "" {
			t.Errorf("in %d bytes (-want +got):\n%s", memory, diff)
		}
	})
}

// TestRuns checks that the number of open files stays small, however much is
// added: runs of one level are merged.
func TestRuns(t *testing.T) {
	s := sorter(0, t.TempDir())
	defer s.Close()
	for i := range maxRuns*maxRuns + maxRuns {
		if err := s.Add(item{Key: byte(i)}); err != nil {
			t.Fatal(err)
		}
		if len(s.runs) >= 2*maxRuns {
			t.Fatalf("%d runs after %d items", len(s.runs), i+1)
		}
	}
}

// TestNoFilesLeft checks that no file is left, whenever the caller stops.
func TestNoFilesLeft(t *testing.T) {
	items := numbered(bytes.Repeat([]byte("xyz"), 50))
	for _, stop := range []int{0, 1, 75, len(items)} {
		dir := t.TempDir()
		s := sorter(20, dir)
		for _, it := range items {
			if err := s.Add(it); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		for _, err := range s.All() {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n >= stop {
				break
			}
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Errorf("closed after %d items: %v", n, err)
			}
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("after %d items: files %v, error %v", n, left, err)
		}
	}
}

// TestNoRoom checks that an error of the disk is reported: here there is no
// directory to write to.
func TestNoRoom(t *testing.T) {
	s := sorter(0, t.TempDir()+"/none")
	defer s.Close()
	if err := s.Add(item{Key: 1}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want that the directory does not exist", err)
	}
}

// TestDamage checks what comes of files that were changed meanwhile.
func TestDamage(t *testing.T) {
	for _, test := range []struct {
		name   string
		damage func(*os.File) error
		want   error
	}{
		{"closed", func(f *os.File) error { return f.Close() }, fs.ErrClosed},
		{"cut", func(f *os.File) error { return f.Truncate(1) }, io.ErrUnexpectedEOF},
		{"emptied", func(f *os.File) error { return f.Truncate(0) }, io.ErrUnexpectedEOF},
		{"a length beyond the end", func(f *os.File) error {
			_, err := f.WriteAt([]byte{0xff, 0xff, 0x7f}, 0)
			return err
		}, errLength},
		{"an item that cannot be read", func(f *os.File) error {
			_, err := f.WriteAt([]byte{0}, 0)
			return err
		}, io.ErrUnexpectedEOF},
	} {
		s := sorter(0, t.TempDir())
		for _, it := range []item{{'b', "long enough"}, {'a', "another"}} {
			if err := s.Add(it); err != nil {
				t.Fatal(err)
			}
		}
		if err := test.damage(s.runs[0].file); err != nil {
			t.Fatal(err)
		}
		var last error
		for _, err := range s.All() {
			last = err
		}
		if !errors.Is(last, test.want) || !strings.Contains(fmt.Sprint(last), "did not fit into memory") {
			t.Errorf("%s: error %v, want %v", test.name, last, test.want)
		}
		s.Close()
	}
}
