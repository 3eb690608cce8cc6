package audit_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// fuzzMax is the longest line in fuzz tests, short enough to be passed.
const fuzzMax = 1000

// result is all that a Reader tells.
type result struct {
	Items []item
	Last  string
	Stats audit.Stats
}

// read reads everything from in.
func read(t testing.TB, in io.Reader) result {
	t.Helper()
	r := audit.NewReader(in)
	r.Name, r.MaxEventBytes = "f", fuzzMax
	items, last := walk(t, r.Events())
	res := result{Items: items, Stats: r.Stats()}
	if last != nil {
		res.Last = last.Error()
	}
	for i := range res.Items { // errors compare by their text
		if err := res.Items[i].Err; err != nil {
			res.Items[i].Raw, res.Items[i].Err = err.Error(), nil
		}
	}
	return res
}

// chunks reads up to 5 bytes at once, and nothing sometimes.
type chunks struct {
	r   io.Reader
	rng *rand.Rand
}

func (c chunks) Read(p []byte) (int, error) {
	return c.r.Read(p[:min(len(p), c.rng.IntN(6))])
}

// FuzzReader holds that a log gives the same however its bytes come, also
// when it is damaged, and that plain text is accounted for to the byte and
// gives the same events when it is packed.
func FuzzReader(f *testing.F) {
	for _, tt := range readerTests {
		if len(tt.text) < 1<<16 {
			text, _ := unmark("", tt.text)
			f.Add([]byte(text), uint64(7))
		}
	}
	for _, tt := range damageTests() {
		if len(tt.data) < 1<<16 {
			f.Add(tt.data, uint64(7))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		want := read(t, bytes.NewReader(data))
		balance(t, want.Stats)
		rng := rand.New(rand.NewPCG(seed, 0))
		for name, in := range map[string]io.Reader{
			"bytewise":        iotest.OneByteReader(bytes.NewReader(data)),
			"with EOF":        iotest.DataErrReader(bytes.NewReader(data)),
			"in small chunks": chunks{bytes.NewReader(data), rng},
		} {
			if diff := cmp.Diff(want, read(t, in)); diff != "" {
				t.Errorf("read %s (-want +got):\n%s", name, diff)
			}
		}
		if audit.Packed(data) {
			return
		}
		r := audit.NewReader(bytes.NewReader(data))
		r.MaxEventBytes = fuzzMax
		items, last := walk(t, r.Events())
		account(t, r.Stats(), string(data), items, last)
		at := 0
		if len(data) > 0 {
			at = rng.IntN(len(data))
		}
		for name, packed := range map[string][]byte{
			"gzip":                 gzipped(string(data)),
			"gzip in members":      join(gzipped(string(data[:at])), gzipped(string(data[at:])), make([]byte, at%5)),
			"zstd":                 zstded(string(data)),
			"zstd in frames":       join(zstded(string(data[:at])), zstded(string(data[at:]))),
			"gzip in zstd in gzip": gzipped(string(zstded(string(gzipped(string(data)))))),
		} {
			if diff := cmp.Diff(want, read(t, bytes.NewReader(packed))); diff != "" {
				t.Errorf("packed by %s (-want +got):\n%s", name, diff)
			}
		}
	})
}

// FuzzRanges holds that the ranges of a file are together the same as the file.
func FuzzRanges(f *testing.F) {
	for _, tt := range readerTests {
		if len(tt.text) < 1<<16 {
			text, _ := unmark("", tt.text)
			f.Add(text, int64(len(text)/2))
		}
	}
	f.Fuzz(func(t *testing.T, text string, at int64) {
		if at < 0 || at >= int64(len(text)) {
			return
		}
		ranges(t, text, at)
	})
}

// FuzzDecode holds that no event makes Decode or Time panic, and that their
// errors do not quote it.
func FuzzDecode(f *testing.F) {
	for _, tt := range decodeTests {
		f.Add(tt.raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r := audit.NewReader(strings.NewReader(raw))
		for ev, err := range r.Events() {
			if err != nil {
				continue
			}
			ev.Time()
			if _, err := ev.Decode(); err != nil {
				if _, isEventError := err.(*audit.EventError); !isEventError {
					t.Errorf("error of type %T", err)
				}
			}
		}
	})
}
