package audittest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

func generate(t *testing.T, g Generator) ([]byte, Truth) {
	t.Helper()
	var b bytes.Buffer
	truth, err := g.Generate(&b)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), truth
}

// The log of a seed is the same for ever, on every machine: change this only
// together with the generator.
func TestGenerateIsDeterministic(t *testing.T) {
	log, truth := generate(t, Generator{Seed: 1, Bytes: 2 << 20})
	sum := sha256.Sum256(log)
	if got, want := hex.EncodeToString(sum[:8]), "e66f114bb5b0b96a"; got != want {
		t.Errorf("the log of seed 1 has hash %s, want %s", got, want)
	}
	again, truthAgain := generate(t, Generator{Seed: 1, Bytes: 2 << 20})
	if !bytes.Equal(log, again) {
		t.Error("a second run gave another log")
	}
	if diff := cmp.Diff(truth, truthAgain, cmp.AllowUnexported(Truth{})); diff != "" {
		t.Errorf("a second run gave another truth: (-first +second)\n%s", diff)
	}
	if other, _ := generate(t, Generator{Seed: 2, Bytes: 2 << 20}); bytes.Equal(log, other) {
		t.Error("another seed gave the same log")
	}
}

// fields are those of an event that the slow count looks at.
type fields struct {
	Verb, Stage, UserAgent, RequestURI       string
	StageTimestamp, RequestReceivedTimestamp time.Time
	User                                     struct{ Username string }
	ObjectRef                                struct{ Resource, Subresource, Namespace, Name string }
	ResponseStatus                           struct{ Code int }
}

// count is the slow and obvious way to the truth.
func count(t *testing.T, log []byte) Truth {
	t.Helper()
	truth := newTruth()
	truth.Bytes = int64(len(log))
	refused, client := regexp.MustCompile(RefusedPattern), regexp.MustCompile(ClientPattern)
	var times []time.Time
	for line := range bytes.Lines(log) {
		var f fields
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatalf("%v in %.300s", err, line)
		}
		truth.Events++
		truth.ByResource[VerbResource{f.Verb, f.ObjectRef.Resource}]++
		truth.ByUser[UserBin{f.User.Username, f.StageTimestamp.Truncate(Bin).Unix()}]++
		truth.Clients[client.FindStringSubmatch(f.UserAgent)[1]]++
		times = append(times, f.StageTimestamp)
		if refused.Match(line) {
			truth.Refused++
		}
		if bytes.Contains(line, []byte(`"eviction"`)) {
			truth.Mentions++
		}
		of := truth.lengths[f.ObjectRef.Resource]
		if of == nil {
			of = make(map[int]int)
			truth.lengths[f.ObjectRef.Resource] = of
		}
		of[utf8.RuneCount(bytes.TrimSuffix(line, []byte("\n")))]++
		if f.ObjectRef.Resource != "pods" || f.ObjectRef.Subresource != "eviction" {
			continue
		}
		truth.Attempts++
		if f.Verb != "create" {
			continue
		}
		truth.Evictions++
		truth.Codes[f.ResponseStatus.Code]++
		if strings.Contains(f.RequestURI, "/api/v1/namespaces/"+Namespace+"/pods/"+Pod+"/") {
			truth.EvictionsOfPod++
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	slices.Reverse(times)
	truth.Newest = times[:newest]
	return truth
}

func TestTruthIsTrue(t *testing.T) {
	log, got := generate(t, Generator{Seed: 3, Bytes: 16 << 20})
	got.last = nil
	want := count(t, log)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Truth{})); diff != "" {
		t.Errorf("(-counted +generated)\n%s", diff)
	}
	if got.Evictions < 4 || got.EvictionsOfPod < 2 || got.Codes[201] == 0 || got.Codes[429] == 0 {
		t.Errorf("too few evictions: %+v", got)
	}
}

// A log is like a real one in everything that costs time to read.
func TestGenerateIsRealistic(t *testing.T) {
	log, truth := generate(t, Generator{Seed: 4, Bytes: 48 << 20})
	var lengths []int
	var last, inversions = "", 0
	for line := range bytes.Lines(log) {
		lengths = append(lengths, len(line))
		at := string(line[bytes.LastIndex(line, []byte(`"stageTimestamp":"`)):][:45])
		if at < last {
			inversions++
		}
		last = at
	}
	slices.Sort(lengths)
	var packed bytes.Buffer
	zw, err := gzip.NewWriterLevel(&packed, 6)
	if err != nil {
		t.Fatal(err)
	}
	zw.Write(log)
	zw.Close()
	n := len(lengths)
	for _, c := range []struct {
		what           string
		got, low, high float64
	}{
		{"mean length", float64(len(log)) / float64(n), 1_500, 2_400},
		{"median length", float64(lengths[n/2]), 900, 1_450},
		{"length of the 90th percentile", float64(lengths[n*90/100]), 3_000, 6_000},
		{"length of the 99th percentile", float64(lengths[n*99/100]), 7_500, 18_000},
		{"longest line", float64(lengths[n-1]), 25_000, 1_100_000},
		{"lines an eviction", float64(n) / float64(truth.Evictions), 1_000, 3_500},
		{"lines that mention evictions, for each of them", float64(truth.Mentions) / float64(truth.Evictions), 6, 16},
		{"lines before their turn, of 1,000", float64(inversions) / float64(n) * 1_000, 3, 30},
		{"compression", float64(len(log)) / float64(packed.Len()), 8, 17},
	} {
		t.Logf("%s: %.1f", c.what, c.got)
		if c.got < c.low || c.got > c.high {
			t.Errorf("%s: %.1f, want from %.0f to %.0f", c.what, c.got, c.low, c.high)
		}
	}
}

func TestGenerateIsValid(t *testing.T) {
	log, truth := generate(t, Generator{Bytes: 4 << 20})
	events := 0
	for ev, err := range audit.NewReader(bytes.NewReader(log)).Events() {
		if err != nil {
			t.Fatal(err)
		}
		events++
		got, err := ev.Decode()
		if err != nil {
			t.Fatal(err)
		}
		if got.AuditID == "" || got.StageTimestamp.Before(&got.RequestReceivedTimestamp) {
			t.Errorf("%s from %v to %v", got.AuditID, got.RequestReceivedTimestamp, got.StageTimestamp)
		}
	}
	if events != truth.Events {
		t.Errorf("%d events, want %d", events, truth.Events)
	}
}

func TestGenerateSizes(t *testing.T) {
	start := time.Date(2024, time.February, 29, 23, 59, 0, 0, time.UTC)
	for _, size := range []int64{0, 1, 1 << 10, 1 << 20, 9 << 20} {
		log, truth := generate(t, Generator{Bytes: size, Start: start})
		if size == 0 {
			size = defaultBytes
		}
		lastLine := log[bytes.LastIndexByte(log[:len(log)-1], '\n')+1:]
		if int64(len(log)) < size || int64(len(log)-len(lastLine)) >= size || truth.Bytes != int64(len(log)) {
			t.Errorf("size %d: %d bytes, of which the last line has %d, and a truth of %d", size, len(log), len(lastLine), truth.Bytes)
		}
		if !bytes.Contains(log[:bytes.IndexByte(log, '\n')], []byte(`"stageTimestamp":"2024-02-29T23:59:0`)) {
			t.Errorf("size %d begins with %.1500s", size, log)
		}
	}
}

// The huge line is made by itself, since a log that has one is large.
func TestGenerateHugeLine(t *testing.T) {
	s := newServer(0, 0)
	s.largeWrite(hugeBytes)
	if n := len(s.out); n < hugeBytes-4_000 || n > hugeBytes+4_000 {
		t.Errorf("it has %d bytes", n)
	}
	if !json.Valid(s.out) {
		t.Error("it is not JSON")
	}
}

func TestLengthQuantile(t *testing.T) {
	truth := Truth{lengths: map[string]map[int]int{"pods": {5: 1, 7: 8, 100: 1}}}
	for percent, want := range map[int]int{1: 5, 10: 5, 11: 7, 50: 7, 90: 7, 91: 100, 99: 100} {
		if got := truth.LengthQuantile("pods", percent); got != want {
			t.Errorf("%d %%: %d, want %d", percent, got, want)
		}
	}
	if got := truth.LengthQuantile("nodes", 50); got != 0 {
		t.Errorf("no line: %d, want 0", got)
	}
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestGenerateWriteError(t *testing.T) {
	for _, size := range []int64{1, 1 << 20} {
		if _, err := (Generator{Bytes: size}).Generate(full{}); !errors.Is(err, errFull) {
			t.Errorf("size %d: error %v", size, err)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	const size = 64 << 20
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Generator{Bytes: size}).Generate(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
