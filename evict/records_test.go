package evict

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// recordsIn returns the records of a log, all of which can be read.
func recordsIn(tb testing.TB, src audit.Source, o *Options) []*record {
	tb.Helper()
	var list []*record
	for r, err := range records(tb.Context(), src, o) {
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// request writes events of one request to evict a pod, received at a second.
func request(id string, second int, stage string, code int) string {
	uri := podPath + "/eviction"
	received := fmt.Sprintf(`"requestReceivedTimestamp":"2026-01-02T03:04:%02d.000000Z"`, second)
	return event("create", uri, podRef+`,"subresource":"eviction"`, code, `"auditID":"`+id+`"`, `"stage":"`+stage+`"`, received) + "\n"
}

// TestRecordsOrder checks the order of records, and that each request makes
// one.
func TestRecordsOrder(t *testing.T) {
	const begun, done = "RequestReceived", "ResponseComplete"
	deleted := func(id string, second int, finished string) string {
		return event("delete", podPath, podRef, 200, `"auditID":"`+id+`"`,
			fmt.Sprintf(`"requestReceivedTimestamp":"2026-01-02T03:04:%02d.000000Z"`, second),
			fmt.Sprintf(`"stageTimestamp":"2026-01-02T03:04:%s00000Z"`, finished)) + "\n"
	}
	timeless := strings.NewReplacer("requestReceived", "x", "stageTimestamp", "y").Replace(deleted("t", 1, "01.0"))
	for _, test := range []struct {
		name string
		log  []string
		want string
	}{
		{"by arrival", []string{request("b", 2, done, 201), request("a", 1, done, 429)}, "a b"},
		{"then by answer", []string{deleted("a", 1, "09.0"), deleted("b", 1, "05.0"), deleted("c", 1, "07.0")}, "b c a"},
		{"then by audit ID", []string{deleted("b", 1, "05.0"), deleted("c", 1, "05.0"), deleted("a", 1, "05.0")}, "a b c"},
		{"the answer of an arrival", []string{request("a", 1, begun, 0), request("b", 1, begun, 0), request("a", 1, done, 201)}, "a b-"},
		{"an arrival after others of its time", []string{request("a", 1, begun, 0), deleted("b", 1, "05.0"), request("c", 2, done, 201)}, "b a- c"},
		{"twice", []string{request("a", 1, done, 201), request("a", 1, done, 201), request("b", 2, begun, 0), request("b", 2, begun, 0)}, "a b-"},
		{"the same audit ID at another time", []string{request("a", 1, done, 201), request("a", 2, done, 201)}, "a a"},
		{"no audit ID", []string{request("", 1, done, 201), request("", 1, begun, 0)}, " -"},
		{"without a time", []string{request("a", 0, done, 201), timeless}, "t a"},
	} {
		shuffler := rand.New(rand.NewPCG(1, 2))
		for range 10 {
			var got []string
			for _, r := range recordsIn(t, linesOf(strings.Join(test.log, "")), new(Options)) {
				got = append(got, r.auditID+strings.Repeat("-", r.rank()))
			}
			if got := strings.Join(got, " "); got != test.want {
				t.Errorf("%s: records %q, want %q", test.name, got, test.want)
			}
			shuffler.Shuffle(len(test.log), func(i, j int) { test.log[i], test.log[j] = test.log[j], test.log[i] })
		}
	}
}

// TestRecordsTellMore checks which of two answers to one request is kept.
func TestRecordsTellMore(t *testing.T) {
	whole := event("delete", podPath, podRef, 200, `"responseObject":{"kind":"Pod","metadata":{"uid":"u1"}}`)
	cut := event("delete", podPath, podRef, 200, `"annotations":{"audit.k8s.io/truncated":"true"}`)
	for _, log := range []string{whole + "\n" + cut, cut + "\n" + whole} {
		got := recordsIn(t, linesOf(log), new(Options))
		if len(got) != 1 || got[0].uid != "u1" {
			t.Errorf("records %+v, want the one with the uid", got)
		}
	}
	got := recordsIn(t, linesOf("\n\n"+whole+"\n"+whole+"\n"+whole), new(Options))
	if len(got) != 1 || got[0].pos.Line != 3 {
		t.Errorf("records %+v, want the one at the smallest place", got)
	}
}

// labKinds is how many records of each kind the log of the laboratory has. The
// numbers were counted from verb, resource, code and body with other tools than
// this package.
var labKinds = map[recordKind]int{
	attempted: 51, podCreated: 25, podBound: 12, podChanged: 43, podDeleted: 31, podsDeleted: 1,
	nodeChanged: 23, nodeDeleted: 1, ownerChanged: 2, ownerDeleted: 3,
}

// TestRecordsLab checks that a real log has the same records in any order, in
// any number of files, twice, by any number of workers and with little memory.
func TestRecordsLab(t *testing.T) {
	log, ok := realLog(t, "evictions/lab.jsonl")
	if !ok {
		return
	}
	want := recordsIn(t, log, new(Options))
	kinds := map[recordKind]int{}
	for _, r := range want {
		kinds[r.kind]++
	}
	if diff := gocmp.Diff(labKinds, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	if !slices.IsSortedFunc(want, func(a, b *record) int { return a.at.Compare(b.at) }) {
		t.Error("not in the order of time")
	}
	same := func(name string, src audit.Source, o *Options) {
		t.Helper()
		got := recordsIn(t, src, o)
		if diff := gocmp.Diff(contents(want), contents(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for seed := range uint64(3) {
		shuffled := slices.Concat(log, log)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		same("shuffled and doubled", shuffled, new(Options))
		same("with little memory", shuffled, &Options{Memory: 20_000, TempDir: t.TempDir()})
		if diff := gocmp.Diff(want, recordsIn(t, shuffled, new(Options)), everyRecordType); diff != "" {
			t.Errorf("shuffled, with places (-want +got):\n%s", diff)
		}
	}
	files := fstest.MapFS{}
	for i, ev := range log {
		name := fmt.Sprintf("%d.log", i*7%11)
		if files[name] == nil {
			files[name] = new(fstest.MapFile)
		}
		files[name].Data = append(append(files[name].Data, ev.Raw...), '\n')
	}
	for _, workers := range []int{1, 4} {
		for _, strict := range []bool{false, true} {
			archive := &audit.Archive{FS: files, PartBytes: 20 << 10}
			same(fmt.Sprintf("split, %d workers, strict %v", workers, strict), archive, &Options{Workers: workers, Strict: strict})
		}
	}
}

// contents returns what records say, without their places.
func contents(list []*record) []string {
	var texts []string
	for _, r := range list {
		texts = append(texts, string(r.content()))
	}
	return texts
}

// FuzzRecords checks that the records of a log of any lines do not depend on
// their order, nor on the memory that there is.
func FuzzRecords(f *testing.F) {
	var all strings.Builder
	for _, test := range readTests() {
		all.WriteString(strings.ReplaceAll(test.event, "\n", "") + "\n")
	}
	f.Add([]byte(all.String()), uint64(1), 1000)
	f.Add([]byte(request("a", 1, "RequestReceived", 0)+request("a", 1, "ResponseComplete", 429)), uint64(2), 0)
	f.Fuzz(func(t *testing.T, text []byte, seed uint64, memory int) {
		var log audit.List
		for _, ev := range linesOf(string(bytes.ToValidUTF8(text, []byte("?")))) {
			if _, err := ev.Decode(); err == nil {
				log = append(log, ev)
			}
		}
		want := contents(recordsIn(t, log, new(Options)))
		shuffled := slices.Clone(log)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got := contents(recordsIn(t, shuffled, &Options{Memory: max(memory, 500), TempDir: t.TempDir()}))
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("shuffled (-want +got):\n%s", diff)
		}
	})
}

// failing gives events and then an error.
type failing struct {
	audit.List
	err error
}

func (s failing) Read(ctx context.Context, p audit.Part, need audit.Need) iter.Seq2[audit.Event, error] {
	return func(yield func(audit.Event, error) bool) {
		for ev, err := range s.List.Read(ctx, p, need) {
			if !yield(ev, err) {
				return
			}
		}
		yield(audit.Event{}, s.err)
	}
}

// items renders what a walk over records gives, up to so many items.
func items(seq iter.Seq2[*record, error], most int) []string {
	var list []string
	for r, err := range seq {
		if err != nil {
			list = append(list, err.Error())
		} else {
			list = append(list, r.auditID)
		}
		if len(list) == most {
			break
		}
	}
	return list
}

// TestRecordsErrors checks the order of records and errors.
func TestRecordsErrors(t *testing.T) {
	damaged := strings.Replace(request("x", 1, "ResponseComplete", 201), `"auditID":"x"`, `"auditID":5`, 1)
	log := linesOf(request("b", 2, "ResponseComplete", 201) + damaged + request("a", 1, "ResponseComplete", 201))
	damage := "audit: log:2: not an audit event: field auditID is a JSON number (offset 0)"
	for _, test := range []struct {
		name string
		src  audit.Source
		o    *Options
		want []string
	}{
		{"one place first", log, new(Options), []string{damage, "a", "b"}},
		{"the log ends early", failing{log, io.ErrClosedPipe}, new(Options), []string{damage, "a", "b", io.ErrClosedPipe.Error()}},
		{"no event", &audit.Archive{FS: fstest.MapFS{"log": {Data: []byte("nothing\n")}}}, new(Options), nil},
	} {
		got := items(records(t.Context(), test.src, test.o), 10)
		if test.want == nil {
			last := errors.New("none")
			for _, last = range records(t.Context(), test.src, test.o) {
			}
			if !errors.Is(last, audit.ErrNoEvents) {
				t.Errorf("%s: the last error is %v", test.name, last)
			}
			continue
		}
		if diff := gocmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		for n := 1; n < len(test.want); n++ {
			if diff := gocmp.Diff(test.want[:n], items(records(t.Context(), test.src, test.o), n)); diff != "" {
				t.Errorf("%s, left after %d (-want +got):\n%s", test.name, n, diff)
			}
		}
	}
	var last error
	for _, last = range records(t.Context(), log, &Options{Memory: 1, TempDir: t.TempDir() + "/none"}) {
	}
	if !errors.Is(last, fs.ErrNotExist) {
		t.Errorf("no room on disk: the last error is %v", last)
	}
}

// TestRecordsCancel checks that the cause is the last item, while the log is
// read and after.
func TestRecordsCancel(t *testing.T) {
	cause := errors.New("enough")
	log := linesOf(request("a", 1, "ResponseComplete", 201) + request("b", 2, "ResponseComplete", 201))
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	n := 0
	var last error
	for _, err := range records(ctx, log, &Options{Workers: 1}) {
		cancel(cause)
		n, last = n+1, err
	}
	if n != 2 || last != cause {
		t.Errorf("%d items, the last error %v, want one record and %v", n, last, cause)
	}
	if got := items(records(ctx, log, new(Options)), 10); len(got) != 1 || got[0] != cause.Error() {
		t.Errorf("cancelled before: items %q", got)
	}
}

// TestRecordsNoFilesLeft checks that nothing stays on the disk.
func TestRecordsNoFilesLeft(t *testing.T) {
	dir := t.TempDir()
	log := generatedLog(t, 3, 1<<20)
	for _, most := range []int{0, 1, 20} {
		items(records(t.Context(), log, &Options{Memory: 5000, TempDir: dir}), most)
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left after %d: files %v, error %v", most, left, err)
		}
	}
}

// TestDistinctMemory checks that only requests of one moment are remembered.
func TestDistinctMemory(t *testing.T) {
	var d distinct
	for i := range 1000 {
		at := time.Unix(int64(i/100), 0)
		if !d.isNew(&record{at: at, auditID: fmt.Sprint(i)}) || d.isNew(&record{at: at, auditID: fmt.Sprint(i)}) {
			t.Fatalf("%d: not new, or new twice", i)
		}
		if len(d.met) > 100 {
			t.Fatalf("%d requests are remembered", len(d.met))
		}
	}
}
