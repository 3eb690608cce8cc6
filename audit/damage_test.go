package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"

	"github.com/evictlog/evictlog/audit"
)

// flipped is data with the bits of the byte at i inverted; i < 0 counts from
// the end.
func flipped(data []byte, i int) []byte {
	data = bytes.Clone(data)
	if i < 0 {
		i += len(data)
	}
	data[i] ^= 0xff
	return data
}

// mixed are n events that do not compress well, so that the compressed data is
// long enough to be damaged here and there.
func mixed(prefix string, n int) string {
	var b strings.Builder
	x := uint64(88172645463325252)
	for i := range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		fmt.Fprintf(&b, "%s\n", strings.Replace(event(fmt.Sprint(prefix, i)), `"stage"`, fmt.Sprintf(`"userAgent":"%x%x","stage"`, x, x*x), 1))
	}
	return b.String()
}

// idRange is the audit IDs of events(prefix, n), from on.
func idRange(prefix string, from, to int) string {
	var ids []string
	for i := from; i < to; i++ {
		ids = append(ids, fmt.Sprint(prefix, i))
	}
	return strings.Join(ids, " ")
}

// damageTests are compressed logs with at most one place of damage.
func damageTests() []damageTest {
	a, b, c := events("a", 3), mixed("b", 40), events("c", 3)
	allA, allB, allC := idRange("a", 0, 3), idRange("b", 0, 40), idRange("c", 0, 3)
	size := int64(len(a))
	ga, gb, gc := gzipped(a), gzipped(b), gzipped(c)
	za, zb, zc := zstded(a), zstded(b), zstded(c)
	skippable := append([]byte("\x5a\x2a\x4d\x18\x05\x00\x00\x00"), "hello"...)
	header := []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff")
	within := join(ga, bytes.Repeat([]byte("GARBAGE"), 1<<16), gc)
	return []damageTest{
		{name: "members", data: join(ga, gb, gc), before: allA, after: allB + " " + allC, whole: true},
		{name: "empty members", data: join(gzipped(""), ga, gzipped(""), gc), before: allA, after: allC, whole: true},
		{name: "padding", data: join(ga, make([]byte, 1000)), before: allA, whole: true},
		{name: "long padding", data: join(ga, make([]byte, 1<<20)), before: allA, whole: true},
		{name: "gzip in gzip", data: gzipped(string(join(ga, gc))), before: allA, after: allC, whole: true},
		{name: "gzip in zstd", data: zstded(string(join(ga, gc))), before: allA, after: allC, whole: true},

		{name: "garbage behind", data: join(ga, []byte("GARBAGE")), before: allA, offset: size},
		{name: "text behind packed", data: join(ga, []byte(events("x", 3)), gc, []byte(c)), before: allA, after: idRange("x", 0, 3) + " " + allC + " " + allC, whole: true},
		{name: "packed behind text", data: join([]byte(a), gc, gb, []byte(c), gc), before: allA, after: allC + " " + allB + " " + allC + " " + allC, whole: true},
		{name: "short garbage behind", data: join(ga, []byte{7}), before: allA, offset: size},
		{name: "garbage between", data: join(ga, []byte("GARBAGE"), gc), before: allA, after: allC, offset: size},
		{name: "padding between", data: join(ga, make([]byte, 100), gc), before: allA, after: allC, offset: size},
		{name: "long garbage between", data: join(ga, bytes.Repeat([]byte("GARBAGE"), 1<<18), gc), before: allA, after: allC, offset: size},
		{name: "false headers between", data: join(ga, bytes.Repeat(header, 1000), gc), before: allA, after: allC, offset: size},
		{name: "false header", data: join(ga, header, gc), before: allA, after: allC, offset: size},

		{name: "no trailer", data: ga[:len(ga)-8], before: allA, offset: size},
		{name: "half a trailer", data: ga[:len(ga)-3], before: allA, offset: size},
		{name: "half a header", data: join(ga, gc[:5]), before: allA, offset: size},
		{name: "trailer lost between", data: join(ga[:len(ga)-8], gc), before: allA, after: allC, offset: size},
		{name: "checksum", data: join(flipped(ga, -8), gb, gc), before: allA, after: allB + " " + allC, offset: size},
		{name: "size", data: join(flipped(ga, -1), gb, gc), before: allA, after: allB + " " + allC, offset: size},
		{name: "checksum of the last", data: join(ga, flipped(gc, -8)), before: allA + " " + allC, offset: size + int64(len(c))},
		{name: "checksum and padding", data: join(flipped(ga, -8), make([]byte, 100)), before: allA, offset: size},
		{name: "header", data: join(ga, flipped(gc, 2), gc), before: allA, after: allC, offset: size},
		{name: "outer checksum", data: flipped(gzipped(string(ga)), -8), before: allA, offset: size},

		{name: "outer and inner", data: join(flipped(gzipped(string(within[:len(within)/2])), -8), gzipped(string(within[len(within)/2:]))),
			before: allA, after: allC, offset: size},

		{name: "zstd frames", data: join(za, zb, zc), before: allA, after: allB + " " + allC, whole: true},
		{name: "zstd skippable frames", data: join(skippable, za, skippable, zc, skippable), before: allA, after: allC, whole: true},
		{name: "zstd checksum", data: join(flipped(za, -1), zc), before: allA, after: allC, offset: size},
		{name: "zstd garbage behind", data: join(za, []byte("GARBAGE")), before: allA, offset: size},
		{name: "zstd garbage between", data: join(za, []byte("GARBAGE"), zc), before: allA, after: allC, offset: size},
		{name: "zstd cut between", data: join(za, zb[:len(zb)/2], zc), before: allA, after: allC, offset: size},
		{name: "zstd skippable frame cut", data: join(za, skippable[:10]), before: allA, offset: size},
		{name: "zstd header cut", data: join(za, zc[:5]), before: allA, offset: size},
	}
}

type damageTest struct {
	name          string
	data          []byte
	before, after string // IDs of the events on both sides of the damage
	whole         bool   // there is no damage
	offset        int64  // of the damage, after decompression
}

func TestDamage(t *testing.T) {
	for _, tt := range damageTests() {
		t.Run(tt.name, func(t *testing.T) {
			r := audit.NewReader(iotest.HalfReader(bytes.NewReader(tt.data)))
			r.Name = "a.gz"
			items, last := walk(t, r.Events())
			if last != nil {
				t.Errorf("last error %v", last)
			}
			balance(t, r.Stats())
			want := strings.TrimSpace(tt.before + " " + tt.after)
			if got := ids(t, items); got != want {
				t.Errorf("events %s\nwant %s", got, want)
			}
			n := 0
			for i, it := range items {
				if it.Err == nil {
					continue
				}
				n++
				if it.Err != audit.ErrDamaged || it.Pos.Offset != tt.offset {
					t.Errorf("error %+v, want damage at %d", it, tt.offset)
				}
				if got := ids(t, items[:i]); got != tt.before {
					t.Errorf("events before the damage %s, want %s", got, tt.before)
				}
			}
			if tt.whole && n != 0 || !tt.whole && n != 1 {
				t.Errorf("%d errors: %v", n, items)
			}
		})
	}
}

// TestDamageMessage wants both places named, and the decoder's own error.
func TestDamageMessage(t *testing.T) {
	data := gzipped(events("a", 3))
	data = data[:len(data)-3]
	r := audit.NewReader(bytes.NewReader(data))
	r.Name = "a.gz"
	for _, err := range r.Events() {
		if err == nil {
			continue
		}
		want := fmt.Sprintf("audit: a.gz:4: compressed data is damaged near byte %d of it: unexpected EOF (offset %d)", len(data), len(events("a", 3)))
		if err.Error() != want {
			t.Errorf("error %q, want %q", err, want)
		}
		if !errors.Is(err, audit.ErrDamaged) || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("error %v does not wrap ErrDamaged and io.ErrUnexpectedEOF", err)
		}
	}
}

// TestDamageAnywhere cuts a member at every byte, and flips every byte of one
// that stands between others: what is on both sides of it is read, in order,
// and the damage is reported once. Lines that a flipped bit spoils before the
// decoder notices it are errors of their own if events follow them.
func TestDamageAnywhere(t *testing.T) {
	a, b, c := events("a", 3), mixed("b", 10), events("c", 3)
	for _, pack := range []struct {
		name string
		pack func(string) []byte
	}{{"gzip", gzipped}, {"zstd", zstded}} {
		pa, pb, pc := pack.pack(a), pack.pack(b), pack.pack(c)
		try := func(name string, data []byte, want string, spoiled bool) {
			t.Helper()
			r := audit.NewReader(bytes.NewReader(data))
			items, last := walk(t, r.Events())
			balance(t, r.Stats())
			got := ids(t, items)
			after := strings.TrimPrefix(got, idRange("a", 0, 3))
			if last != nil || len(after) == len(got) || !strings.HasSuffix(after, want) {
				t.Fatalf("%s %s: events %s, last error %v", pack.name, name, got, last)
			}
			n := 0
			for _, err := range errorsOf(items) {
				if err == audit.ErrDamaged {
					n++
				} else if !spoiled {
					t.Errorf("%s %s: error %v", pack.name, name, err)
				}
			}
			if n > 1 || n == 0 && !spoiled {
				t.Errorf("%s %s: damage reported %d times", pack.name, name, n)
			}
		}
		for i := range pb {
			if i > 0 {
				try(fmt.Sprint("cut at ", i), join(pa, pb[:i]), "", false)
				try(fmt.Sprint("cut between at ", i), join(pa, pb[:i], pc), idRange("c", 0, 3), false)
			}
			try(fmt.Sprint("flipped at ", i), join(pa, flipped(pb, i), pc), idRange("c", 0, 3), true)
		}
	}
}

// TestDamageLine looks at a line that stands in two members, the first of which
// is damaged: it is part of the one error.
func TestDamageLine(t *testing.T) {
	text := events("a", 3)
	at := len(event("a0")) + 1 + 20
	r := audit.NewReader(bytes.NewReader(join(flipped(gzipped(text[:at]), -8), gzipped(text[at:]))))
	items, last := walk(t, r.Events())
	want := []item{
		{Pos: audit.Pos{Line: 1}, Raw: event("a0")},
		{Pos: audit.Pos{Line: 2, Offset: int64(at - 20)}, Err: audit.ErrDamaged, Lines: 1, Bytes: int64(len(event("a1")) + 1)},
		{Pos: audit.Pos{Line: 3, Offset: int64(2 * (at - 20))}, Raw: event("a2")},
	}
	if diff := diff(want, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	account(t, r.Stats(), text, items, last)
}

// TestDamageFlood puts garbage that decompresses between intact members.
func TestDamageFlood(t *testing.T) {
	garbage := flipped(gzipped(strings.Repeat("no json at all\n{}\n", 1000)), -8)
	data := join(gzipped(events("a", 2)), flipped(gzipped(mixed("b", 10)), 200), garbage, garbage, gzipped(events("c", 2)))
	r := audit.NewReader(bytes.NewReader(data))
	items, _ := walk(t, r.Events())
	if got := ids(t, items); !strings.HasPrefix(got, "a0 a1") || !strings.HasSuffix(got, "c0 c1") {
		t.Errorf("events %s", got)
	}
	if errs := errorsOf(items); len(errs) != 1 {
		t.Errorf("errors %v, want one", errs)
	}
	balance(t, r.Stats())
}

// TestDamageHostile holds that headers upon headers, each of which promises
// more than is between it and the next, take linear time.
func TestDamageHostile(t *testing.T) {
	for _, unit := range []string{
		"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + "\x00\x00\x40\xff\xbfx", // a stored block of 16 KiB
		"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + "\x4a\x4c\x4c\x4c\x04",  // a few letters
		"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff",
		"\x28\xb5\x2f\xfd\x00\x58" + "\x00\x00\x02x", // a raw block of 16 KiB
	} {
		data := strings.Repeat(unit, 1<<20/len(unit))
		r := audit.NewReader(strings.NewReader(data))
		items, _ := walk(t, r.Events())
		if len(items) != 1 || items[0].Err != audit.ErrDamaged {
			t.Errorf("%q, repeated: %d items, want one error", unit, len(items))
		}
		if got := r.Stats().Bytes; got > 6*int64(len(data)) {
			t.Errorf("%q, repeated: %d bytes read out of %d", unit, got, len(data))
		}
		balance(t, r.Stats())
	}
}

func TestTooDeep(t *testing.T) {
	data := []byte(events("a", 2))
	for range 4 {
		data = gzipped(string(data))
	}
	if items, last := walk(t, audit.NewReader(bytes.NewReader(data)).Events()); ids(t, items) != "a0 a1" || last != nil {
		t.Errorf("packed four times: %v, %v", items, last)
	}
	data = gzipped(string(data))
	if items, last := walk(t, audit.NewReader(bytes.NewReader(data)).Events()); len(items) != 0 || !errors.Is(last, errors.ErrUnsupported) {
		t.Errorf("packed five times: %v, %v", items, last)
	}
	a := &audit.Archive{FS: fstest.MapFS{"a": {Data: data}, "b": {Data: gzipped(events("b", 1))}}}
	items, last := walk(t, a.Events(context.Background()))
	if ids(t, items) != "b0" || last != nil || len(items) != 2 || !errors.Is(items[0].Err, errors.ErrUnsupported) {
		t.Errorf("archive: %v, %v", items, last)
	}
}

// nuls gives NUL bytes for ever.
type nuls struct{}

func (nuls) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// repeat gives a byte for ever.
type repeat byte

func (r repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r)
	}
	return len(p), nil
}

// limited reads in and fails the test if the heap grows by more than limit
// while it is read.
type limited struct {
	t     *testing.T
	in    io.Reader
	limit uint64
	base  uint64
	reads int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.reads%64 == 0 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if l.reads == 0 {
			l.base = m.HeapAlloc
		}
		if m.HeapAlloc > l.base+l.limit {
			l.t.Fatalf("heap grew by %d bytes, limit %d", m.HeapAlloc-l.base, l.limit)
		}
	}
	l.reads++
	return l.in.Read(p)
}

// TestHoles reads holes of 100 MB in constant memory, plain and compressed.
func TestHoles(t *testing.T) {
	const size = 100_000_000
	plain := func() io.Reader {
		return io.MultiReader(strings.NewReader(e1+"\n"), io.LimitReader(nuls{}, size), strings.NewReader(e2+"\n"))
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	io.Copy(w, plain())
	w.Close()
	for name, in := range map[string]io.Reader{"plain": plain(), "gzip": &packed} {
		r := audit.NewReader(&limited{t: t, in: in, limit: 8 << 20})
		items, last := walk(t, r.Events())
		want := []item{
			{Pos: audit.Pos{Line: 1}, Raw: e1},
			{Pos: audit.Pos{Line: 2, Offset: int64(len(e1)) + 1 + size}, Raw: e2},
		}
		if diff := diff(want, items); diff != "" || last != nil {
			t.Errorf("%s: last error %v, items (-want +got):\n%s", name, last, diff)
		}
		if got := r.Stats().Blank; got != (audit.Tally{Count: 1, Lines: 1, Bytes: size}) {
			t.Errorf("%s: blank %+v", name, got)
		}
		balance(t, r.Stats())
	}
}

// TestLongLine skips a line of 100 MB in the memory that the limit allows.
func TestLongLine(t *testing.T) {
	const size = 100_000_000
	r := audit.NewReader(&limited{t: t, limit: 8 << 20, in: io.MultiReader(
		strings.NewReader(e1+"\n"), io.LimitReader(repeat('x'), size), strings.NewReader("\n"+e2+"\n"))})
	r.MaxEventBytes = 1 << 20
	items, last := walk(t, r.Events())
	want := []item{
		{Pos: audit.Pos{Line: 1}, Raw: e1},
		{Pos: audit.Pos{Line: 2, Offset: int64(len(e1)) + 1}, Err: audit.ErrTooLong, Lines: 1, Bytes: size + 1},
		{Pos: audit.Pos{Line: 3, Offset: int64(len(e1)) + 1 + size + 1}, Raw: e2},
	}
	if diff := diff(want, items); diff != "" || last != nil {
		t.Errorf("last error %v, items (-want +got):\n%s", last, diff)
	}
	balance(t, r.Stats())
}

// TestLargeEvent reads events of 16 MB, several, in the memory of one or two.
func TestLargeEvent(t *testing.T) {
	large := strings.Replace(e1, `"stage"`, `"x":"`+strings.Repeat(`\u003c`, 16<<20/6)+`","stage"`, 1)
	var parts []io.Reader
	for range 5 {
		parts = append(parts, strings.NewReader(large+"\n"), strings.NewReader(e2+"\n"))
	}
	r := audit.NewReader(&limited{t: t, in: io.MultiReader(parts...), limit: 56 << 20})
	n := 0
	for ev, err := range r.Events() {
		if err != nil || len(ev.Raw) != len(large) && len(ev.Raw) != len(e2) {
			t.Fatalf("event of %d bytes, error %v", len(ev.Raw), err)
		}
		n++
	}
	if n != 10 {
		t.Errorf("%d events, want 10", n)
	}
}

// TestNoGoroutines breaks out of compressed logs at once.
func TestNoGoroutines(t *testing.T) {
	data := zstded(mixed("a", 20000))
	before := runtime.NumGoroutine()
	for range 20 {
		for range audit.NewReader(bytes.NewReader(data)).Events() {
			break
		}
	}
	if after := goroutines(before); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

// TestDamagedStage holds that a line of legacy text whose stage is damaged neither
// waits for an answer nor makes the lines behind it wait.
func TestDamagedStage(t *testing.T) {
	line := func(id, stage string) string {
		return `2026-11-23T07:29:35.24864296Z AUDIT: id="` + id + `" ` + stage + `="Panic" method="get" uri="/healthz" response="200"` + "\n"
	}
	text := line("a", "stage") + line("b", "st\x1fge") + line("c", "stage") + e1 + "\n"
	items, last := walk(t, audit.NewReader(strings.NewReader(text)).Events())
	if last != nil || len(items) != 4 {
		t.Fatalf("last error %v, %d items", last, len(items))
	}
	for i, it := range items {
		if it.Err != nil || it.Pos.Line != i+1 {
			t.Errorf("item %d: %v at %v", i, it.Err, it.Pos)
		}
		if strings.Contains(it.Raw, "0001-01-01") {
			t.Errorf("item %d has a time that nobody told: %s", i, it.Raw)
		}
	}
}
