package audit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
)

// at is an audit event with an ID, received and completed at a time of one day.
func at(id any, clock string) string {
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%v","stage":"ResponseComplete",`+
		`"requestReceivedTimestamp":"2026-11-23T%[2]s.000000Z","stageTimestamp":"2026-11-23T%[2]s.000000Z"}`, id, clock)
}

// clock is a time of that day.
func clock(t testing.TB, text string) time.Time {
	t.Helper()
	got, err := time.Parse(time.DateTime, "2026-11-23 "+text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// lossLine is what the API server logs if it could not write n events.
func lossLine(clock string, n int) string {
	return fmt.Sprintf(`E1123 %s.569124   13026 metrics.go:110] Error in audit plugin 'log' affecting %d audit events: write length 15603276 exceeds maximum file size 1048576`, clock, n)
}

const exportedTo = "exports/cda45419-90ea-4db5-9833-aade86253e66/"

// troubles is an archive with every trouble that a summary tells of.
var troubles = fstest.MapFS{
	"damaged.log": file(at(1, "07:00:00") + "\ngarbage\n" + at(2, "07:00:01") + "\n" + at(3, "14:00:00")[:50]),
	"twice.log":   file(at(1, "07:00:00") + "\n" + at(4, "07:10:00") + "\n" + at(4, "07:10:00") + "\n"),
	"page.json": file(`{"events":[{"logStreamName":"kube-apiserver-audit-1","timestamp":1795417200000,"message":` +
		quote(at(5, "07:00:00")) + `}],"searchedLogStreams":[],"nextToken":"abc"}`),
	exportedTo + "kube-apiserver-audit-2/000000.gz": file(string(gzipped(
		"2026-11-23T07:00:00.000Z " + at(6, "07:00:00") + "\n" +
			"2026-11-23T08:00:00.000Z " + at(7, "08:00:00")[:200] + "[Truncated...]\n"))),
	exportedTo + "kube-apiserver-2/000000.gz": file(string(gzipped(
		"2026-11-23T07:30:00.000Z " + lossLine("07:30:00", 3) + "\n" +
			"2026-11-23T07:40:00.000Z " + lossLine("07:40:00", 9) + "\nImpacted events:\n" +
			"2026-11-23T07:45:00.000Z " + klog + "\n"))),
	"control.json": file(`{"messageType":"CONTROL_MESSAGE","logGroup":"","logStream":"","logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE"}]}` +
		`{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":[{"id":"1","timestamp":1795417200000,"message":` +
		quote(strings.Replace(at(8, "07:00:00"), "ResponseComplete", "RequestReceived", 1)) + `}]}`),
	"stdout.log": file(lossLine("06:59:59", 1) + "\n" + at(9, "07:00:00") + "\n\n"),
	"notes.txt":  file("call Ann\n"),
}

// quote is text as a JSON string.
func quote(text string) string { return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"` }

func summarize(t testing.TB, a *audit.Archive, o audit.SummaryOptions) audit.Summary {
	t.Helper()
	sum, err := audit.Summarize(t.Context(), a, o)
	if err != nil {
		t.Fatal(err)
	}
	balance(t, sum.Total.Stats)
	var all audit.Stats
	for _, f := range sum.Files {
		balance(t, f.Stats)
		all.Add(f.Stats)
	}
	if diff := cmp.Diff(sum.Total.Stats, all); diff != "" {
		t.Errorf("files (-total +sum):\n%s", diff)
	}
	return sum
}

func fileOf(t testing.TB, sum audit.Summary, name string) audit.FileSummary {
	t.Helper()
	for _, f := range sum.Files {
		if f.File == name {
			return f
		}
	}
	t.Fatalf("no file %s", name)
	return audit.FileSummary{}
}

// brief leaves out of a summary what tests of other packages hold: exact counts.
var brief = cmp.Options{
	cmpopts.IgnoreFields(audit.FileSummary{}, "Stats", "Damage", "HolesFrom"),
	cmpopts.EquateEmpty(),
}

func TestSummary(t *testing.T) {
	sum := summarize(t, &audit.Archive{FS: troubles}, audit.SummaryOptions{})
	metadata := func(n int64) []audit.Count { return []audit.Count{{Name: "Metadata", Count: n}} }
	complete := func(n int64) []audit.Count { return []audit.Count{{Name: "ResponseComplete", Count: n}} }
	const stream = "kube-apiserver-audit"
	seven := clock(t, "07:00:00")
	for _, want := range []audit.FileSummary{
		{
			File: "damaged.log", Forms: []audit.Count{{Name: "JSON lines", Count: 2}},
			Streams: []audit.StreamSummary{{Stream: stream, Events: 2, First: seven, Last: clock(t, "07:00:01")}},
			First:   seven, Last: clock(t, "07:00:01"), Stages: complete(2), Levels: metadata(2),
		},
		{
			File: "twice.log", Forms: []audit.Count{{Name: "JSON lines", Count: 3}},
			Streams: []audit.StreamSummary{{Stream: stream, Events: 3, First: seven, Last: clock(t, "07:10:00")}},
			First:   seven, Last: clock(t, "07:10:00"), Stages: complete(3), Levels: metadata(3), Duplicates: 1,
		},
		{
			File: "page.json", Forms: []audit.Count{{Name: "CloudWatch log event", Count: 1}, {Name: "CloudWatch log events", Count: 1}},
			Streams: []audit.StreamSummary{{Stream: stream + "-1", Events: 1, First: seven, Last: seven}},
			First:   seven, Last: seven, Stages: complete(1), Levels: metadata(1),
			Partial: []audit.Count{{Name: audit.PartialPage, Count: 1}},
		},
		{
			File: exportedTo + "kube-apiserver-audit-2/000000.gz", Containers: []string{"gzip"},
			Forms: []audit.Count{{Name: "CloudWatch export", Count: 2}},
			Streams: []audit.StreamSummary{{
				Stream: stream + "-2", Events: 2, First: seven, Last: clock(t, "08:00:00"),
				Holes: []audit.Hole{{From: seven, To: clock(t, "08:00:00")}},
			}},
			First: seven, Last: clock(t, "08:00:00"), Stages: complete(2), Levels: metadata(2),
		},
		{
			File: exportedTo + "kube-apiserver-2/000000.gz", Containers: []string{"gzip"},
			Forms:   []audit.Count{{Name: "CloudWatch export", Count: 3}},
			Streams: []audit.StreamSummary{{Stream: "kube-apiserver-2", Others: 4}},
			Others:  []audit.Count{{Name: "klog", Count: 4}},
			Lost:    audit.Lost{Reports: 2, Events: 12, First: clock(t, "07:30:00"), Last: clock(t, "07:40:00")},
		},
		{
			File: "control.json", Forms: []audit.Count{{Name: "CloudWatch subscription", Count: 2}, {Name: "CloudWatch log event", Count: 1}},
			Streams: []audit.StreamSummary{{Stream: stream, Others: 1}, {Group: "g", Stream: "s", Events: 1, First: seven, Last: seven}},
			First:   seven, Last: seven, Others: []audit.Count{{Name: "control messages", Count: 1}},
			Stages: []audit.Count{{Name: "RequestReceived", Count: 1}}, Levels: metadata(1),
		},
		{
			File: "stdout.log", Forms: []audit.Count{{Name: "JSON lines", Count: 1}},
			Streams: []audit.StreamSummary{{Stream: stream, Events: 1, Others: 1, First: seven, Last: seven}},
			First:   seven, Last: seven, Others: []audit.Count{{Name: "klog", Count: 1}},
			Stages: complete(1), Levels: metadata(1),
			Lost: audit.Lost{
				Reports: 1, Events: 1,
				First: clock(t, "06:59:59").Add(569124 * time.Microsecond), Last: clock(t, "06:59:59").Add(569124 * time.Microsecond),
			},
		},
		{File: "notes.txt"},
	} {
		if diff := cmp.Diff(want, fileOf(t, sum, want.File), brief); diff != "" {
			t.Errorf("%s (-want +got):\n%s", want.File, diff)
		}
	}
	if len(sum.Files) != len(troubles) {
		t.Errorf("%d files", len(sum.Files))
	}
	if got := sum.Total; got.Duplicates != 2 || got.Estimated || got.Lost.Events != 13 || got.Stats.Cut != 1 || got.Stats.Damaged.Count != 3 {
		t.Errorf("total %+v", got)
	}
	errs := fileOf(t, sum, "damaged.log").Damage
	if len(errs) != 2 || !errors.Is(errs[0], audit.ErrNotJSON) || !errors.Is(errs[1], audit.ErrCut) {
		t.Errorf("damage %v", errs)
	}
	if errs := fileOf(t, sum, "notes.txt").Damage; len(errs) != 1 || !errors.Is(errs[0], audit.ErrNoEvents) {
		t.Errorf("damage %v", errs)
	}
}

// TestSummaryWorkers reads the same archives by one worker and by several, in
// parts.
func TestSummaryWorkers(t *testing.T) {
	var days strings.Builder
	for i := range 2000 {
		day := strings.Replace(at(i/2, fmt.Sprintf("%02d:%02d:00", i/60%24, i%60)), "2026-11-23", fmt.Sprintf("2026-11-%02d", i/1440+1), -1)
		days.WriteString(day + "\n")
	}
	large := fstest.MapFS{"audit.log": file(days.String() + "garbage\n" + lossLine("07:00:00", 2) + "\n"), "other.log": file(days.String()[:9000])}
	for name, fsys := range map[string]fstest.MapFS{"troubles": troubles, "tree": tree, "large": large} {
		for _, remember := range []int{0, 100} {
			o := audit.SummaryOptions{Hole: time.Second, Workers: 1, Remember: remember}
			want := summarize(t, &audit.Archive{FS: fsys, PartBytes: 4 << 10}, o)
			for o.Workers = 2; o.Workers <= 4; o.Workers++ {
				got := summarize(t, &audit.Archive{FS: fsys, PartBytes: 4 << 10}, o)
				if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b *audit.EventError) bool { return a.Error() == b.Error() })); diff != "" {
					t.Errorf("%s by %d workers (-one +several):\n%s", name, o.Workers, diff)
				}
			}
		}
	}
}

// TestSummaryParts holds a file in parts to the same as a whole.
func TestSummaryParts(t *testing.T) {
	var b strings.Builder
	for i := range 300 {
		b.WriteString(at(i%250, fmt.Sprintf("%02d:%02d:00", 7+i/60, i%60)) + "\n")
	}
	fsys := fstest.MapFS{"audit.log": file(b.String())}
	whole := summarize(t, &audit.Archive{FS: fsys, PartBytes: -1}, audit.SummaryOptions{})
	parts := summarize(t, &audit.Archive{FS: fsys, PartBytes: 4 << 10}, audit.SummaryOptions{})
	if diff := cmp.Diff(whole, parts); diff != "" {
		t.Errorf("(-whole +parts):\n%s", diff)
	}
	// The 50 events that come again do so at other times.
	if n := whole.Total.Duplicates; n != 0 {
		t.Errorf("%d duplicates", n)
	}
}

// TestSummaryStops ends the reading from outside.
func TestSummaryStops(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	if _, err := audit.Summarize(ctx, &audit.Archive{FS: troubles}, audit.SummaryOptions{}); !errors.Is(err, cause) {
		t.Errorf("error %v", err)
	}
}

// TestSummaryLimit knows a result that has as many rows as there can be.
func TestSummaryLimit(t *testing.T) {
	row := `{"@timestamp":"2026-11-23 07:00:00.000","@message":` + event(1) + "}\n"
	for n, want := range map[int]int{9_999: 0, 10_000: 1} {
		sum := summarize(t, &audit.Archive{FS: fstest.MapFS{"rows": file(strings.Repeat(row, n))}}, audit.SummaryOptions{})
		if got := len(sum.Total.Partial); got != want {
			t.Errorf("%d rows: partial %v", n, sum.Total.Partial)
		}
	}
}

// TestSummaryNewYear gives the time of a loss, which has no year, the nearest
// one.
func TestSummaryNewYear(t *testing.T) {
	log := strings.Replace(lossLine("23:59:00", 1), "E1123", "E1231", 1) + "\n" +
		strings.ReplaceAll(at(1, "07:00:00"), "2026-11-23", "2027-01-01") + "\n"
	sum := summarize(t, &audit.Archive{FS: fstest.MapFS{"a": file(log)}}, audit.SummaryOptions{})
	if got := sum.Total.Lost.First; got.Year() != 2026 {
		t.Errorf("lost at %v", got)
	}
}

// manyEvents is a file system of one file, of so many events with different IDs.
// It looks at the memory in use while it is read.
type manyEvents struct {
	n    int
	peak *uint64
}

func (m manyEvents) Open(name string) (fs.File, error) { return &manyFile{manyEvents: m}, nil }

type manyFile struct {
	manyEvents
	made int
	rest []byte
}

func (f *manyFile) Stat() (fs.FileInfo, error) {
	return fstest.MapFS{"audit.log": {}}.Stat("audit.log")
}
func (f *manyFile) Close() error { return nil }

func (f *manyFile) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		if f.made == f.n {
			return 0, io.EOF
		}
		if f.made%20_000 == 0 {
			*f.peak = max(*f.peak, heap())
		}
		f.rest = append(f.rest[:0], event(f.made)+"\n"...)
		f.made++
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// heap is the memory in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestSummaryMemory reads more events than are to be remembered.
func TestSummaryMemory(t *testing.T) {
	const n, most = 200_000, 8 << 20
	before, peak := heap(), uint64(0)
	a := &audit.Archive{FS: manyEvents{n, &peak}, Roots: []string{"audit.log"}}
	got := summarize(t, a, audit.SummaryOptions{Remember: 1 << 14, Workers: 1}).Total
	if got.Stats.Events.Count != n || got.Duplicates != 0 || !got.Estimated {
		t.Errorf("total %+v", got)
	}
	if peak > before+most {
		t.Errorf("%d bytes in use, %d before", peak, before)
	}
}
