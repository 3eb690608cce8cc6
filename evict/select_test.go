package evict_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/audittest"
	"github.com/evictlog/evictlog/evict"
)

// generated is a log of so many bytes.
func generated(tb testing.TB, seed uint64, size int64) (string, audittest.Truth) {
	tb.Helper()
	var b strings.Builder
	truth, err := audittest.Generator{Seed: seed, Bytes: size}.Generate(&b)
	if err != nil {
		tb.Fatal(err)
	}
	return b.String(), truth
}

// isAttempt is the slow twin of the selection. ok says that it has an answer.
func isAttempt(ev audit.Event) (is, ok bool) {
	decoded, err := ev.Decode()
	if err != nil || repeats(ev.Raw) {
		return false, false
	}
	path, _, _ := strings.Cut(decoded.RequestURI, "?")
	if strings.HasPrefix(path, "/apis/") || path != "" && !strings.Contains(path, "eviction") && !strings.Contains(path, "%") {
		return false, false // no API server takes such a path for an eviction
	}
	_, is = evict.FromEvent(decoded)
	return is, true
}

// checkSelection holds the selection to its twin. It returns whether the event
// is an attempt and whether it was selected.
func checkSelection(t testing.TB, ev audit.Event) (is, wanted bool) {
	t.Helper()
	is, ok := isAttempt(ev)
	wanted = evict.Wants(&ev)
	if !ok || !is {
		return is, wanted
	}
	if !wanted {
		t.Errorf("%v: an attempt is not selected", ev.Pos)
	}
	step := 1 + len(ev.Raw)/200
	for n := 0; n <= len(ev.Raw); n += step {
		if evict.Refuses(ev.Raw[:n]) {
			t.Errorf("%v: an attempt is refused by its first %d bytes", ev.Pos, n)
		}
	}
	return is, wanted
}

// TestSelection checks the selection on logs like real ones, and that it
// selects little more than it must.
func TestSelection(t *testing.T) {
	logs := map[string]audit.List{}
	for seed := range uint64(3) {
		text, _ := generated(t, seed, 4<<20)
		logs[fmt.Sprint("generated ", seed)] = lines(text)
	}
	for _, v := range vectors(t) {
		text, _ := v.File("events")
		logs[v.Path] = lines(text)
	}
	for _, test := range corpusTests {
		if log, ok := corpusLog(t, test.log); ok {
			logs[test.log] = log
		}
	}
	for name, log := range logs {
		attempts, selected := 0, 0
		for _, ev := range log {
			is, wanted := checkSelection(t, ev)
			if is {
				attempts++
			}
			if wanted {
				selected++
			}
		}
		if selected > attempts+5 {
			t.Errorf("%s: %d events were selected for %d attempts", name, selected, attempts)
		}
	}
}

// TestSelectionTruth counts the attempts of a generated log.
func TestSelectionTruth(t *testing.T) {
	text, truth := generated(t, 5, 8<<20)
	a := &audit.Archive{FS: fstest.MapFS{"audit.log": {Data: []byte(text)}}, PartBytes: 1 << 20}
	if got := len(collect(t, evict.Attempts(t.Context(), a, nil))); got != truth.Attempts || got == 0 {
		t.Errorf("%d attempts, want %d", got, truth.Attempts)
	}
}

// rewritten are ways to write the same eviction.
var rewritten = []struct{ name, old, new string }{
	{"path escaped as in a URL", "/eviction\"", "/%65viction\""},
	{"all of it", "/eviction\"", "/%65%76%69%63%74%69%6f%6e\""},
	{"path escaped as in JSON", "/eviction\"", "/\\u0065viction\""},
	{"slashes escaped", "/pods/web-1/eviction\"", "\\/pods\\/web-1\\/eviction\""},
	{"with a query", "/eviction\"", "/eviction?dryRun=All\\u0026pretty=true\""},
	{"subresource escaped", `"subresource":"eviction"`, `"subresource":"\u0065viction"`},
	{"its key escaped", `"subresource":"eviction"`, `"subr\u0065source":"eviction"`},
	{"resource escaped", `"resource":"pods"`, `"resource":"p\u006fds"`},
	{"key of the reference escaped", `"objectRef"`, `"o\u0062jectRef"`},
	{"blanks", `":`, `" : `},
	{"no path", `"requestURI":"/api/v1/namespaces/shop/pods/web-1/eviction",`, ""},
	{"an empty path", "/api/v1/namespaces/shop/pods/web-1/eviction", ""},
	{"as it is", "", ""},
}

// TestSelectionEscapes finds an eviction however it is written, also when it is
// the last thing of a log and much too long to be held for nothing.
func TestSelectionEscapes(t *testing.T) {
	other := strings.ReplaceAll(line("2", "shop", "web-2", 2, 200), "eviction", "binding")
	for _, tt := range rewritten {
		text := strings.ReplaceAll(line("1", "shop", "web-1", 1, 201), tt.old, tt.new)
		for _, pad := range []int{0, 300 << 10} {
			text := strings.Replace(text, `"stageTimestamp"`, `"padding":"`+strings.Repeat("x", pad)+`","stageTimestamp"`, 1)
			for _, log := range []string{other + text + other, text, other + strings.TrimSpace(text)} {
				a := &audit.Archive{FS: fstest.MapFS{"audit.log": {Data: []byte(log)}}}
				got := collect(t, evict.Attempts(t.Context(), a, nil))
				if len(got) != 1 || got[0].AuditID != "1" || got[0].Outcome != evict.Accepted {
					t.Errorf("%s, padded by %d: attempts %v", tt.name, pad, got)
				}
			}
		}
		for _, ev := range lines(text) {
			checkSelection(t, ev)
		}
	}
}

// FuzzSelection holds the selection to its twin over any events.
func FuzzSelection(f *testing.F) {
	for _, v := range vectors(f) {
		text, _ := v.File("events")
		for _, ev := range lines(text) {
			f.Add([]byte(ev.Raw))
		}
	}
	for _, tt := range rewritten {
		f.Add([]byte(strings.ReplaceAll(line("1", "shop", "web-1", 1, 201), tt.old, tt.new)))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, ev := range lines(string(bytes.ToValidUTF8(raw, []byte("?")))) {
			checkSelection(t, ev)
		}
	})
}

// TestWorkers reads an archive of several files and many ranges by one worker
// and by more.
func TestWorkers(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	first, _ := generated(t, 1, 3<<20)
	second, _ := generated(t, 2, 2<<20)
	if _, err := w.Write([]byte(second)); err != nil {
		t.Fatal(err)
	}
	w.Close()
	var mixed strings.Builder
	for range 3 {
		for _, v := range vectors(t) {
			text, _ := v.File("events")
			mixed.WriteString(strings.ReplaceAll(text, `"auditID":"`, fmt.Sprintf(`"auditID":"%d-`, mixed.Len())))
			mixed.WriteString("eviction, and no event\n")
		}
	}
	files := fstest.MapFS{
		"a.log":    {Data: []byte(first)},
		"b.log.gz": {Data: packed.Bytes()},
		"c.log":    {Data: []byte(mixed.String())},
		"d.txt":    {Data: []byte("no event\n")},
		"e.log":    {Data: []byte(line("last", "shop", "web-1", 1, 0))},
	}
	type item struct {
		Attempt evict.Attempt
		Err     string
	}
	read := func(workers, stop int) (items []item) {
		a := &audit.Archive{FS: files, PartBytes: 50 << 10}
		for at, err := range evict.Attempts(t.Context(), a, &evict.Options{Workers: workers}) {
			it := item{Attempt: at}
			if err != nil {
				it.Err = err.Error()
			}
			if items = append(items, it); len(items) == stop {
				break
			}
		}
		return items
	}
	want := read(1, 0)
	if len(want) < 100 {
		t.Fatalf("only %d items", len(want))
	}
	for _, workers := range []int{2, 4} {
		for range 3 {
			if diff := cmp.Diff(want, read(workers, 0)); diff != "" {
				t.Errorf("%d workers (-one +got):\n%s", workers, diff)
			}
		}
		for _, stop := range []int{1, 10, 100} {
			if diff := cmp.Diff(want[:stop], read(workers, stop)); diff != "" {
				t.Errorf("%d workers, stopped after %d (-one +got):\n%s", workers, stop, diff)
			}
		}
	}
}

// TestAllocations holds that an event that is not selected costs none.
func TestAllocations(t *testing.T) {
	text, _ := generated(t, 7, 8<<20)
	var attempts, others strings.Builder
	n, m := 0, 0
	for _, ev := range lines(text) {
		if is, _ := isAttempt(ev); is {
			attempts.Write(append(ev.Raw, '\n'))
			n++
		} else {
			others.Write(append(ev.Raw, '\n'))
			m++
		}
	}
	mallocs := func(text string) int {
		a := &audit.Archive{FS: fstest.MapFS{"audit.log": {Data: []byte(text)}}, PartBytes: -1}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		collect(t, evict.Attempts(t.Context(), a, &evict.Options{Workers: 1}))
		runtime.ReadMemStats(&after)
		return int(after.Mallocs - before.Mallocs)
	}
	const once, each = 300, 500
	if got := mallocs(others.String()); got > once {
		t.Errorf("%d allocations for %d events that are no attempts", got, m)
	}
	if got := mallocs(text); got > once+each*n {
		t.Errorf("%d allocations for %d attempts among %d other events", got, n, m)
	}
}
