package inflate_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
	"time"

	"github.com/evictlog/evictlog/audit/audittest"
	"github.com/evictlog/evictlog/audit/internal/inflate"
)

// auditLog is so much of an audit log.
func auditLog(tb testing.TB, size int64) []byte {
	tb.Helper()
	var b bytes.Buffer
	if _, err := (audittest.Generator{Seed: 1, Bytes: size}).Generate(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()[:size]
}

// random is text of the kind that needs codes of all lengths and matches of all
// distances.
func random(size int) []byte {
	rng := rand.New(rand.NewPCG(1, 1))
	b := make([]byte, 0, size)
	for len(b) < size {
		switch n := 1 + rng.IntN(1+rng.IntN(400)); {
		case rng.IntN(3) == 0 || len(b) == 0:
			for range n {
				b = append(b, byte(rng.ExpFloat64()*20))
			}
		default:
			at := max(0, len(b)-1-rng.IntN(1<<rng.IntN(16)))
			for i := range n {
				b = append(b, b[at+i])
			}
		}
	}
	return b[:size]
}

func TestLevels(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for name, data := range map[string][]byte{
		"an audit log": auditLog(t, 1<<18),
		"random text":  random(1 << 18),
		"zeros":        make([]byte, 1<<17),
		"no order":     []byte(fmt.Sprint(rng.Perm(20000))),
		"a byte":       {'a'},
		"nothing":      nil,
	} {
		for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
			t.Run(fmt.Sprint(name, level), func(t *testing.T) {
				packed := compress(t, data, level)
				checkSame(t, packed, rng)
				checkSame(t, append(packed, 0, 0, 0, 'x'), rng)
			})
		}
	}
}

// TestCut cuts and flips small members at every byte.
func TestCut(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, level := range []int{flate.HuffmanOnly, 0, 1, 9} {
		packed := compress(t, random(700), level)
		for at := range packed {
			checkSame(t, packed[:at:at], rng)
			flipped := bytes.Clone(packed)
			flipped[at] ^= 1 << rng.IntN(8)
			checkSame(t, flipped, rng)
		}
	}
}

func TestHeaders(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Extra, w.Name, w.Comment, w.ModTime, w.OS = []byte("extra"), "name", "comment", time.Unix(1, 0), 3
	if _, err := w.Write([]byte("text")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	const size = 10 + 2 + len("extra") + len("name\x00") + len("comment\x00")
	full := b.Bytes()
	full[3] |= 1 << 1 // there is a sum of the header
	sum := crc32.ChecksumIEEE(full[:size])
	full = append(append(bytes.Clone(full[:size]), byte(sum), byte(sum>>8)), full[size:]...)

	rng := rand.New(rand.NewPCG(5, 5))
	if got := outcomeOf(new(inflate.Reader), whole(full), always(100)); got.Err != "EOF" || string(got.Data) != "text" {
		t.Errorf("all optional fields: %q, %s", got.Data, got.Err)
	}
	for at := range full {
		checkSame(t, full[:at:at], rng)
		flipped := bytes.Clone(full)
		flipped[at] ^= 1 << rng.IntN(8)
		checkSame(t, flipped, rng)
	}
	for _, n := range []int{510, 511, 512, 513} {
		long := append(bytes.Clone(header), bytes.Repeat([]byte{'n'}, n)...)
		long[3] = 1 << 3
		checkSame(t, append(append(long, 0), compress(t, nil, 1)[10:]...), rng)
	}
}

// TestMembers reads members that follow each other with one Reader.
func TestMembers(t *testing.T) {
	var data []byte
	var want []byte
	for i := range 40 {
		text := random(i * i * 100)
		want = append(want, text...)
		data = append(data, compress(t, text, i%12-2)...)
	}
	in := bufio.NewReader(bytes.NewReader(data))
	var r inflate.Reader
	var got []byte
	err := r.Reset(in)
	for err == nil {
		var text []byte
		if text, err = io.ReadAll(&r); err == nil {
			got = append(got, text...)
			err = r.Reset(in)
		}
	}
	if err != io.EOF || !bytes.Equal(got, want) {
		t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
	}
}

// TestInputError passes on what the input says.
func TestInputError(t *testing.T) {
	packed, failure := compress(t, random(5000), 6), errors.New("broken")
	for at := range packed {
		in := io.MultiReader(bytes.NewReader(packed[:at]), iotest.ErrReader(failure))
		var r inflate.Reader
		err := r.Reset(bufio.NewReaderSize(in, 16))
		if err == nil {
			_, err = io.ReadAll(&r)
		}
		if err != failure {
			t.Fatalf("cut at %d: %v", at, err)
		}
	}
}

// TestAllocs holds that a Reader that was used before takes no more memory.
func TestAllocs(t *testing.T) {
	packed := compress(t, auditLog(t, 1<<20), 6)
	in, src := bufio.NewReader(nil), bytes.NewReader(nil)
	var r inflate.Reader
	buf := make([]byte, 1<<17)
	for _, size := range []int{1000, 1 << 17} {
		if n := testing.AllocsPerRun(3, func() {
			src.Reset(packed)
			in.Reset(src)
			if err := r.Reset(in); err != nil {
				t.Fatal(err)
			}
			for {
				if _, err := r.Read(buf[:size]); err == io.EOF {
					return
				} else if err != nil {
					t.Fatal(err)
				}
			}
		}); n > 0 {
			t.Errorf("%v allocations with buffers of %d bytes", n, size)
		}
	}
}
