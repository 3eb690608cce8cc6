package audit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// exported is what an export task puts in front of a line.
const exported = "2020-09-08T04:00:24.000Z "

// lineKinds make lines of logs, with an ID where there is an event.
var lineKinds = []func(id int, rng *rand.Rand) string{
	func(id int, _ *rand.Rand) string { return event(id) },
	func(id int, _ *rand.Rand) string { return event(id) + "\r" },
	func(id int, _ *rand.Rand) string { return "  " + event(id) + "\t" },
	func(id int, _ *rand.Rand) string { return "\ufeff" + event(id) },
	func(id int, _ *rand.Rand) string { return exported + event(id) },
	func(id int, _ *rand.Rand) string {
		return strings.Replace(sorted, `"s"`, fmt.Sprintf("%q", fmt.Sprint(id)), 1)
	},
	func(id int, _ *rand.Rand) string {
		return strings.Replace(webhook, `"w"`, fmt.Sprintf("%q", fmt.Sprint(id)), 1)
	},
	func(id int, rng *rand.Rand) string { return strings.Repeat("\x00", 1+rng.IntN(3)) + event(id) },
	func(id int, _ *rand.Rand) string { return event(id) + "\x00\x00" },
	func(id int, rng *rand.Rand) string { return event(id)[:20+rng.IntN(60)] + "\x00" + event(id) },
	func(id int, rng *rand.Rand) string { return event(id)[:20+rng.IntN(60)] },
	func(id int, rng *rand.Rand) string { return padded(id, rng.IntN(1500)) },
	func(id int, rng *rand.Rand) string { return padded(id, 100<<10+rng.IntN(300<<10)) },
	func(id int, rng *rand.Rand) string { return padded(id, 100<<10+rng.IntN(300<<10)) + " \r" },
	func(id int, rng *rand.Rand) string { return padded(id, 200<<10)[:1000+rng.IntN(200<<10)] },
	func(id int, rng *rand.Rand) string { return padded(id, 200<<10) + "\x00" + event(id) },
	func(_ int, rng *rand.Rand) string { return strings.Repeat("z", rng.IntN(2000)) },
	func(int, *rand.Rand) string { return "" },
	func(int, *rand.Rand) string { return " \t\r" },
	func(int, *rand.Rand) string { return klog },
	func(int, *rand.Rand) string { return exported + klog },
	func(int, *rand.Rand) string { return kubectl },
	func(int, *rand.Rand) string { return "nonsense" },
	func(int, *rand.Rand) string { return "{}" },
}

// padded is an event with a text of n bytes inside.
func padded(id, n int) string {
	return strings.Replace(event(id), `"stage"`, `"x":"`+strings.Repeat("x", n)+`","stage"`, 1)
}

// randomLog makes a log of a line for each of kinds. Where one is none of
// lineKinds, the line is extra. The last line may lack its newline.
func randomLog(kinds []byte, extra string, seed uint64) string {
	rng := rand.New(rand.NewPCG(seed, 0))
	var b strings.Builder
	for i, kind := range kinds {
		if int(kind) < len(lineKinds) {
			b.WriteString(lineKinds[kind](i, rng))
		} else {
			b.WriteString(extra)
		}
		if i < len(kinds)-1 || seed%2 == 0 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// deceives tells whether text has a line that begins and ends like an event
// and is not valid JSON, of which nothing is promised to those who do without
// checks.
func deceives(text string) bool {
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == 0 }) {
		line = strings.Trim(strings.TrimPrefix(line, "\ufeff"), " \t\r")
		if len(line) > len(exported) && line[0] != '{' {
			line = strings.Trim(line[len(exported):], " \t\r")
		}
		if strings.HasPrefix(line, "{") && strings.HasSuffix(line, "}") && !json.Valid([]byte(line)) {
			return true
		}
	}
	return false
}

// A deed is what Need.Wanted was asked.
type deed struct {
	pos    audit.Pos
	raw    string
	wanted bool
}

// readNeed reads everything from in. It checks that each event is asked for at
// most once, right before it is given.
func readNeed(t testing.TB, in io.Reader, limit int, need audit.Need) ([]item, audit.Stats, error) {
	t.Helper()
	var asked *deed
	last := audit.Pos{Offset: -1}
	if wanted := need.Wanted; wanted != nil {
		need.Wanted = func(ev *audit.Event) bool {
			if asked != nil && asked.wanted {
				t.Errorf("the event at %v was wanted, and not given", asked.pos)
			}
			if ev.Pos.Offset <= last.Offset {
				t.Errorf("asked about %v after %v", ev.Pos, last)
			}
			last = ev.Pos
			asked = &deed{ev.Pos, string(ev.Raw), wanted(ev)}
			return asked.wanted
		}
	}
	r := audit.NewReader(in)
	r.MaxEventBytes, r.Need = limit, need
	items, lastErr := walk(t, func(yield func(audit.Event, error) bool) {
		for ev, err := range r.Events() {
			if need.Wanted != nil && err == nil {
				if want := (deed{ev.Pos, string(ev.Raw), true}); asked == nil || *asked != want {
					t.Errorf("the event at %v is given, and was not asked for just before", ev.Pos)
				}
				asked = nil
			}
			if !yield(ev, err) {
				return
			}
		}
	})
	return items, r.Stats(), lastErr
}

// pick is a predicate on the first bytes of events.
func pick(raw []byte, seed uint64) bool {
	sum := crc32.ChecksumIEEE(raw[:min(len(raw), 100)])
	return (uint64(sum)+seed)%3 == 0
}

// without returns items without the events that are not wanted, and how many
// those are and the bytes that they and what is around them take in text.
func without(items []item, text string, wanted func(raw []byte) bool) (rest []item, left audit.Tally) {
	for _, it := range items {
		if it.Err != nil || wanted([]byte(it.Raw)) {
			rest = append(rest, it)
			continue
		}
		from := strings.LastIndexAny(text[:it.Pos.Offset], "\n\x00") + 1
		from += strings.Index(text[from:], strings.TrimPrefix(text[from:], "\ufeff"))
		to := int(it.Pos.Offset) + len(it.Raw)
		if n := strings.IndexAny(text[to:], "\n\x00"); n < 0 {
			to = len(text)
		} else if to += n; text[to] == '\n' {
			to++
		}
		left.Count++
		if slices.ContainsFunc(items, func(o item) bool { return o.Pos != it.Pos && int(o.Pos.Offset) >= from && int(o.Pos.Offset) < to }) {
			left.Bytes += int64(len(it.Raw)) // it shares its line
			continue
		}
		left.Bytes += int64(to - from)
	}
	return rest, left
}

// checkUnchecked holds reading with the needs that spare work to reading
// without.
func checkUnchecked(t *testing.T, text string, limit int, seed uint64) {
	want, wantStats, wantLast := readNeed(t, strings.NewReader(text), limit, audit.Need{})
	rng := rand.New(rand.NewPCG(seed, 1))
	inputs := map[string]func() io.Reader{
		"at once":       func() io.Reader { return strings.NewReader(text) },
		"gzip":          func() io.Reader { return bytes.NewReader(gzipped(text)) },
		"in chunks":     func() io.Reader { return pieces{strings.NewReader(text), rng, 100 << 10} },
		"data with EOF": func() io.Reader { return iotest.DataErrReader(strings.NewReader(text)) },
	}
	if len(text) < 1<<15 {
		inputs["bytewise"] = func() io.Reader { return iotest.OneByteReader(strings.NewReader(text)) }
		inputs["in small chunks"] = func() io.Reader { return pieces{strings.NewReader(text), rng, 5} }
	}
	wanted := func(raw []byte) bool { return pick(raw, seed) }
	some, left := without(want, text, wanted)
	for name, input := range inputs {
		compare := func(what string, need audit.Need, want []item) audit.Stats {
			t.Helper()
			got, stats, last := readNeed(t, input(), limit, need)
			if d := diff(want, got); d != "" || (last == nil) != (wantLast == nil) {
				t.Errorf("%s, read %s: last error %v, want %v; items (-want +got):\n%s", what, name, last, wantLast, shorten(d))
			}
			account(t, stats, text, got, last)
			return stats
		}
		if d := cmp.Diff(wantStats, compare("unchecked", audit.Need{Unchecked: true}, want)); d != "" {
			t.Errorf("unchecked, read %s: stats (-want +got):\n%s", name, d)
		}
		need := audit.Need{Wanted: func(ev *audit.Event) bool { return wanted(ev.Raw) }}
		for _, need.Unchecked = range []bool{false, true} {
			stats := compare("wanted", need, some)
			stats.Skipped.Lines = 0 // balance has checked them
			if stats.Skipped != left {
				t.Errorf("unchecked: %v, read %s: skipped %+v, want %+v", need.Unchecked, name, stats.Skipped, left)
			}
		}
		need.Refuses = func(head []byte) bool { return !wanted(head) }
		if limit == 0 {
			if stats := compare("refused", need, some); stats.Skipped.Count != left.Count || stats.Skipped.Bytes != left.Bytes {
				t.Errorf("refused, read %s: skipped %+v, want %+v", name, stats.Skipped, left)
			}
			continue
		}
		got, stats, last := readNeed(t, input(), limit, need) // what is too long may be skipped or bad
		account(t, stats, text, got, last)
		if d := diff(eventsOf(some), eventsOf(got)); d != "" {
			t.Errorf("refused, read %s: events (-want +got):\n%s", name, shorten(d))
		}
	}
}

func eventsOf(items []item) []item {
	return slices.DeleteFunc(slices.Clone(items), func(it item) bool { return it.Err != nil })
}

// shorten keeps what can be read of a text.
func shorten(text string) string { return text[:min(len(text), 4000)] }

// pieces reads up to max bytes at once.
type pieces struct {
	r   io.Reader
	rng *rand.Rand
	max int
}

func (p pieces) Read(b []byte) (int, error) {
	return p.r.Read(b[:min(len(b), p.rng.IntN(p.max+1))])
}

// uncheckedLimits are values of MaxEventBytes.
var uncheckedLimits = []int{0, 1000, 150 << 10, 300 << 10}

// TestUnchecked reads logs of random lines of all kinds.
func TestUnchecked(t *testing.T) {
	for seed := range uint64(24) {
		rng := rand.New(rand.NewPCG(seed, 2))
		kinds := make([]byte, 1+rng.IntN(25))
		for i := range kinds {
			kinds[i] = byte(max(0, rng.IntN(2*len(lineKinds))-len(lineKinds))) // half of them are ordinary
		}
		checkUnchecked(t, randomLog(kinds, "", seed), uncheckedLimits[seed%4], seed)
	}
}

func FuzzUnchecked(f *testing.F) {
	for i := range lineKinds {
		f.Add([]byte{0, byte(i), 0, byte(i), 0}, "", uint64(i))
	}
	f.Add([]byte{14, 14}, "", uint64(2))
	for i, tt := range readerTests {
		if text, _ := unmark("", tt.text); len(text) < 1<<16 {
			f.Add([]byte{0, 255, 0}, text, uint64(i))
			f.Add([]byte{255}, text, uint64(i))
		}
	}
	f.Fuzz(func(t *testing.T, kinds []byte, extra string, seed uint64) {
		text := randomLog(kinds[:min(len(kinds), 30)], extra, seed)
		if len(text) > 4<<20 || audit.Packed([]byte(text)) || deceives(text) {
			return
		}
		checkUnchecked(t, text, uncheckedLimits[seed/2%4], seed)
	})
}

// TestUncheckedDamage reads damaged compression with every need.
func TestUncheckedDamage(t *testing.T) {
	wanted := func(raw []byte) bool { return pick(raw, 0) }
	for _, tt := range damageTests() {
		read := func(need audit.Need) []item {
			items, stats, last := readNeed(t, bytes.NewReader(tt.data), 0, need)
			balance(t, stats)
			if last != nil {
				items = append(items, item{Raw: last.Error()})
			}
			return items
		}
		want := read(audit.Need{})
		if d := diff(want, read(audit.Need{Unchecked: true})); d != "" {
			t.Errorf("%s, unchecked (-want +got):\n%s", tt.name, shorten(d))
		}
		if len(eventsOf(want)) == 0 {
			continue
		}
		want = slices.DeleteFunc(want, func(it item) bool { return it.Err == nil && !wanted([]byte(it.Raw)) })
		need := audit.Need{
			Unchecked: true,
			Wanted:    func(ev *audit.Event) bool { return wanted(ev.Raw) },
			Refuses:   func(head []byte) bool { return !wanted(head) },
		}
		if d := diff(want, read(need)); d != "" {
			t.Errorf("%s, wanted (-want +got):\n%s", tt.name, shorten(d))
		}
	}
}

// TestSkipAllocates reads events that nobody wants, and holds that one costs
// no allocation.
func TestSkipAllocates(t *testing.T) {
	mallocs := func(text string, n int) uint64 {
		r := audit.NewReader(strings.NewReader(strings.Repeat(text+"\n", n)))
		r.Need = audit.Need{Unchecked: true, Wanted: func(*audit.Event) bool { return false }}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, err := range r.Events() {
			t.Fatalf("an event, or %v", err)
		}
		runtime.ReadMemStats(&after)
		if got := r.Stats().Skipped.Count; got != int64(n) {
			t.Errorf("skipped %d of %d", got, n)
		}
		return after.Mallocs - before.Mallocs
	}
	for _, text := range []string{e1, e1 + "\r", " " + e1, sorted, padded(1, 2000)} {
		few, many := mallocs(text, 10), mallocs(text, 20_000)
		if many > few+50 { // what else goes on in the process
			t.Errorf("%.40s: %d allocations for 10 events, %d for 20,000", text, few, many)
		}
	}
}
