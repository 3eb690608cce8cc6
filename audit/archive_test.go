package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// tree is an archive with a file of each kind.
var tree = fstest.MapFS{
	"audit.log":                  file(events("live", 2)),
	"audit-2026-11-23.log.gz":    file(string(gzipped(events("old", 2)))),
	"empty":                      file(""),
	"sub/b.log":                  file(events("b", 1)),
	"sub/a.zst":                  file(string(zstded(events("a", 1)))),
	"README.md":                  file("# Logs\n\nof a cluster\n"),
	"pic.png":                    file("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\n\n"),
	"conf.json":                  file("{\n  \"a\": [\n    1\n  ]\n}\n"),
	"kubectl.json":               file(kubectl + "\n"),
	".hidden":                    file("secret\n"),
	".git/config":                file("secret\n"),
	"aws-logs-write-test":        file("Permission Check Successful"),
	"link.log":                   {Mode: fs.ModeSymlink, Data: []byte("sub/b.log")},
	"zz/kube-apiserver/000000":   file(klog + "\n"),
	"zz/kube-apiserver/broken":   {Mode: fs.ModeSymlink, Data: []byte("nowhere")},
	"zz/kube-apiserver/linkdir":  {Mode: fs.ModeSymlink, Data: []byte("../../sub")},
	"zz/kube-apiserver/pipe.log": {Mode: fs.ModeNamedPipe},
}

func TestArchive(t *testing.T) {
	a := &audit.Archive{FS: tree}
	items, last := walk(t, a.Events(context.Background()))
	if last != nil {
		t.Error(last)
	}
	var got []string
	for _, it := range items {
		what := it.Pos.File
		if it.Err != nil {
			what += ": " + it.Err.Error()
		}
		got = append(got, what)
	}
	want := []string{
		"README.md: no audit event found",
		"audit-2026-11-23.log.gz",
		"audit-2026-11-23.log.gz",
		"audit.log",
		"audit.log",
		"conf.json: no audit event found",
		"kubectl.json: no audit event found",
		"link.log",
		"pic.png: no audit event found",
		"sub/a.zst",
		"sub/b.log",
		"zz/kube-apiserver/broken: file does not exist",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if got := ids(t, items); got != "old0 old1 live0 live1 b0 a0 b0" {
		t.Errorf("events %s", got)
	}
	balance(t, a.Stats())
	if got := a.Stats().Other.Count; got != 2 {
		t.Errorf("%d lines of other streams, want 2", got)
	}
}

func TestArchiveParts(t *testing.T) {
	for _, tt := range []struct {
		name    string
		archive *audit.Archive
		want    []string
	}{
		{"roots", &audit.Archive{FS: tree, Roots: []string{"sub", ".hidden", "missing", "audit.log"}},
			[]string{"sub/a.zst", "sub/b.log", ".hidden", "missing: file does not exist", "audit.log"}},
		{"match", &audit.Archive{FS: tree, Match: func(name string) bool { return strings.HasSuffix(name, ".log") || name == ".git/config" }},
			[]string{".git/config", "audit.log", "link.log", "sub/b.log"}},
		{"nothing", &audit.Archive{FS: tree, Roots: []string{}}, nil},
		{"ranges", &audit.Archive{FS: tree, Roots: []string{"audit.log", "audit-2026-11-23.log.gz", "README.md"}, PartBytes: 60},
			[]string{"audit.log[0:62]", "audit.log[62:124]", "audit.log[124:]", "audit-2026-11-23.log.gz", "README.md"}},
	} {
		var got []string
		for p, err := range tt.archive.Parts(context.Background()) {
			if err != nil {
				e, ok := errors.AsType[*audit.EventError](err)
				if !ok {
					t.Fatalf("%s: %v", tt.name, err)
				}
				got = append(got, e.Pos.File+": "+e.Err.Error())
				continue
			}
			got = append(got, p.String())
			if p.Size == 0 {
				t.Errorf("%s: the size of %v is not known", tt.name, p)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// errDenied is the error of the files that deny wraps.
var errDenied = errors.New("denied")

// deny is a file system in which some names cannot be opened or listed.
type deny struct {
	fs.FS
	names []string
}

func (d deny) Open(name string) (fs.File, error) {
	if slices.Contains(d.names, name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errDenied}
	}
	return d.FS.Open(name)
}

func TestArchiveUnreadable(t *testing.T) {
	a := &audit.Archive{FS: deny{tree, []string{"sub", "audit.log"}}, Roots: []string{"audit.log", "sub", "sub/b.log"}, PartBytes: 10}
	items, last := walk(t, a.Events(context.Background()))
	if last != nil {
		t.Error(last)
	}
	want := []item{
		{Pos: audit.Pos{File: "audit.log"}, Err: errDenied},
		{Pos: audit.Pos{File: "sub"}, Err: errDenied},
		{Pos: audit.Pos{File: "sub/b.log", Line: 1}, Raw: event("b0")},
	}
	if diff := diff(want, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

func TestArchiveNoEvents(t *testing.T) {
	a := &audit.Archive{FS: tree, Roots: []string{"zz/kube-apiserver/000000"}}
	if items, last := walk(t, a.Events(context.Background())); len(items) != 0 || !errors.Is(last, audit.ErrNoEvents) {
		t.Errorf("only other streams: %v, %v", items, last)
	}
	a = &audit.Archive{FS: tree, Roots: []string{"empty"}}
	if items, last := walk(t, a.Events(context.Background())); len(items) != 0 || last != nil {
		t.Errorf("an empty file: %v, %v", items, last)
	}
	a = &audit.Archive{FS: tree, Roots: []string{"pic.png"}}
	need := audit.Need{Literals: []string{"eviction"}}
	if items, last := walk(t, audit.Events(context.Background(), a, need)); len(items) != 1 || !errors.Is(last, audit.ErrNoEvents) {
		t.Errorf("an image, and literals: %v, %v", items, last)
	}
}

func TestArchiveCancelled(t *testing.T) {
	cause := errors.New("enough")
	big := fstest.MapFS{"a.log": file(events("a", 10000)), "b.log": file(events("b", 1))}
	for _, stop := range []int{0, 1, 500} {
		ctx, cancel := context.WithCancelCause(context.Background())
		a := &audit.Archive{FS: big}
		n := 0
		var last error
		if stop == 0 {
			cancel(cause)
		}
		for _, err := range a.Events(ctx) {
			if last != nil {
				t.Fatal("an item after the last error")
			}
			if last = err; err != nil {
				continue
			}
			if n++; n == stop {
				cancel(cause)
			}
		}
		cancel(nil)
		if last != cause {
			t.Errorf("cancelled after %d: last error %v", stop, last)
		}
		if n > stop+10000*len(event("a0"))/4 { // what one buffer holds, at the most
			t.Errorf("cancelled after %d events, %d came", stop, n)
		}
	}
}

// counting counts the files that are open.
type counting struct {
	fs.FS
	open, most *int
}

func (c counting) Open(name string) (fs.File, error) {
	f, err := c.FS.Open(name)
	if err == nil {
		*c.open++
		*c.most = max(*c.most, *c.open)
	}
	return counted{f, c.open}, err
}

type counted struct {
	fs.File
	open *int
}

func (c counted) Close() error {
	*c.open--
	return c.File.Close()
}

// TestArchiveOpenFiles breaks out of a walk at every item.
func TestArchiveOpenFiles(t *testing.T) {
	for stop := range 12 {
		var open, most int
		files := fstest.MapFS{"a.gz": tree["audit-2026-11-23.log.gz"], "b.zst": tree["sub/a.zst"], "c": tree["audit.log"], "d": tree["README.md"]}
		a := &audit.Archive{FS: counting{files, &open, &most}, Roots: []string{"a.gz", "b.zst", "c", "d"}, PartBytes: 20}
		n := 0
		for range a.Events(context.Background()) {
			if n++; n > stop {
				break
			}
		}
		if open != 0 || most > 1 {
			t.Errorf("stopped after %d: %d files open, %d at once", stop, open, most)
		}
		balance(t, a.Stats())
	}
}

// TestArchiveParallel reads parts side by side and one after the other.
func TestArchiveParallel(t *testing.T) {
	text := events("a", 1000)
	a := &audit.Archive{FS: fstest.MapFS{"a.log": file(text), "b.log.gz": file(string(gzipped(text)))}, PartBytes: 1000}
	var wg sync.WaitGroup
	n := 0
	for p, err := range a.Parts(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		wg.Go(func() {
			for _, err := range a.Read(context.Background(), p, audit.Need{}) {
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n < 50 {
		t.Errorf("only %d parts", n)
	}
	got := a.Stats()
	balance(t, got)
	if got.Bytes != int64(2*len(text)) || got.Events.Count != 2000 {
		t.Errorf("stats %+v", got)
	}
}

// TestArchiveRangeErrors wants the true line of an error inside a range.
func TestArchiveRangeErrors(t *testing.T) {
	text, want := unmark("a.log", strings.Repeat("§"+e1+"\n", 10)+"¶nonsense\n§"+e2+"\n\x00\x00¶cut\x00\n§"+e2)
	a := &audit.Archive{FS: fstest.MapFS{"a.log": file(text)}, PartBytes: 150}
	items, last := walk(t, a.Events(context.Background()))
	if last != nil {
		t.Error(last)
	}
	for i, it := range items {
		if it.Err == nil && it.Pos.Line == 0 {
			items[i].Pos.Line = want[i].Pos.Line // not known, as documented
		}
	}
	if diff := diffPlaces(want, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	account(t, a.Stats(), text, items, last)
}

// TestArchiveRanges cuts at every byte.
func TestArchiveRanges(t *testing.T) {
	for _, tt := range readerTests {
		if len(tt.text) > 10000 {
			continue
		}
		text, _ := unmark("a", tt.text)
		for at := range len(text) {
			ranges(t, text, int64(at))
		}
	}
}

// ranges checks that the ranges before and from at on are together the same as
// the whole file, if that is one that can be cut.
func ranges(t testing.TB, text string, at int64) {
	t.Helper()
	whole := &audit.Archive{FS: fstest.MapFS{"a": file(text)}, PartBytes: 1}
	var parts []audit.Part
	for p := range whole.Parts(context.Background()) {
		parts = append(parts, p)
	}
	if len(parts) < 2 || !standsAlone(text) {
		return
	}
	for name, need := range map[string]audit.Need{
		"checked": {},
		"wanted":  {Unchecked: true, Wanted: func(ev *audit.Event) bool { return pick(ev.Raw, 0) }},
	} {
		rangesNeed(t, name, text, at, parts, need)
	}
}

// standsAlone tells whether each line of text that begins like JSON is JSON: an
// event that was cut, or a document on several lines, is read in ranges as lines
// that are damaged.
func standsAlone(text string) bool {
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == 0 }) {
		line = strings.Trim(strings.TrimPrefix(line, "\ufeff"), " \t\r")
		if strings.HasPrefix(line, "{") || strings.HasPrefix(line, "[") {
			if !json.Valid([]byte(line)) {
				return false
			}
		}
	}
	return true
}

// rangesNeed does the same for one need. parts are the smallest ones, for when
// at is 0.
func rangesNeed(t testing.TB, name, text string, at int64, parts []audit.Part, need audit.Need) {
	t.Helper()
	read := func(parts ...audit.Part) (raws []string, bad map[int64]bool, stats audit.Stats) {
		a := &audit.Archive{FS: fstest.MapFS{"a": file(text)}, MaxEventBytes: 1000}
		bad = make(map[int64]bool)
		for _, p := range parts {
			items, last := walk(t, a.Read(context.Background(), p, need))
			if last != nil {
				t.Fatal(last)
			}
			for _, it := range items {
				if it.Err == nil {
					raws = append(raws, it.Raw)
				} else {
					bad[it.Pos.Offset] = true
				}
			}
		}
		return raws, bad, a.Stats()
	}
	wantRaws, wantBad, wantStats := read(audit.Part{File: "a"})
	gotRaws, gotBad, gotStats := read(audit.Part{File: "a", Length: at}, audit.Part{File: "a", Offset: at})
	if at == 0 {
		gotRaws, gotBad, gotStats = read(parts...)
	}
	wantStats.Damaged.Count, gotStats.Damaged.Count = 0, 0 // a run may be cut in two
	if diff := cmp.Diff(wantStats, gotStats); diff != "" {
		t.Errorf("%s, %q cut at %d: stats (-whole +ranges):\n%s", name, text, at, diff)
	}
	if diff := cmp.Diff(wantRaws, gotRaws); diff != "" {
		t.Errorf("%s, %q cut at %d: events (-whole +ranges):\n%s", name, text, at, diff)
	}
	if gotStats.Events.Count+gotStats.Skipped.Count == 0 {
		return // one error stands for the whole file
	}
	for offset := range wantBad {
		if !gotBad[offset] {
			t.Errorf("%s, %q cut at %d: no error at %d", name, text, at, offset)
		}
	}
}

// TestFiles reads ordinary paths, as they were typed.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "logs"), fstest.MapFS{"audit.log": tree["audit.log"], "sub/b.log": tree["sub/b.log"]}); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, "logs", "sub"))
	a := audit.Files("../audit.log", filepath.Join(dir, "logs", "sub"), "..", "missing")
	var got []string
	for ev, err := range a.Events(context.Background()) {
		if errors.Is(err, fs.ErrNotExist) {
			got = append(got, "missing: not there")
		} else if err != nil {
			t.Error(err)
		} else if len(got) == 0 || got[len(got)-1] != ev.Pos.File {
			got = append(got, ev.Pos.File)
		}
	}
	want := []string{"../audit.log", filepath.Join(dir, "logs", "sub", "b.log"), "../audit.log", "../sub/b.log", "missing: not there"}
	for i, w := range want[:4] {
		want[i] = filepath.FromSlash(w)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if items, last := walk(t, audit.Files().Events(context.Background())); len(items) != 0 || last != nil {
		t.Errorf("no files: %v, %v", items, last)
	}
}

func TestFilesStdin(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdin
	os.Stdin = r
	defer func() { os.Stdin = old }()
	go func() {
		w.Write(gzipped(events("a", 2)))
		w.Close()
	}()
	a := audit.Files("-")
	a.PartBytes = 1
	items, last := walk(t, a.Events(context.Background()))
	if ids(t, items) != "a0 a1" || last != nil || items[0].Pos != (audit.Pos{File: "-", Line: 1}) {
		t.Errorf("items %v, last error %v", items, last)
	}
	if err := r.Close(); err != nil {
		t.Errorf("standard input was closed: %v", err)
	}
}
