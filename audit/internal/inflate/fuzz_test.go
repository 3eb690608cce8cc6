package inflate_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"

	kgzip "github.com/klauspost/compress/gzip"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit/internal/inflate"
)

// An outcome is what a decompressor makes of a member.
type outcome struct {
	Data  []byte
	Err   string
	After int // bytes of the input that are left, at the end of the member
}

// String is all that distinguishes it, but short.
func (o outcome) String() string {
	return fmt.Sprintf("%d bytes (SHA-256 %.4x), %s, %d bytes left", len(o.Data), sha256.Sum256(o.Data), o.Err, o.After)
}

// A member is a decompressor of one member.
type member interface {
	Reset(*bufio.Reader) error
	io.Reader
}

// The twins.
type (
	standard  struct{ gzip.Reader }
	klauspost struct{ kgzip.Reader }
)

func (s *standard) Reset(in *bufio.Reader) error {
	err := s.Reader.Reset(in)
	if err == nil {
		s.Multistream(false)
	}
	return err
}

func (k *klauspost) Reset(in *bufio.Reader) error {
	_, nothing := in.Peek(1)
	err := k.Reader.Reset(in)
	switch {
	case err == nil:
		k.Multistream(false)
	case err == io.EOF && nothing == nil: // a header that is cut
		err = io.ErrUnexpectedEOF
	}
	return err
}

// maxOutcome bounds what is decompressed of input that nobody has chosen.
const maxOutcome = 1 << 20

// outcomeOf decompresses a member, and gives read a buffer of the size that next
// returns.
func outcomeOf(m member, in *bufio.Reader, next func() int) outcome {
	var out outcome
	err := m.Reset(in)
	for err == nil && len(out.Data) < maxOutcome {
		n, size := len(out.Data), next()
		out.Data = slices.Grow(out.Data, size)
		var got int
		got, err = m.Read(out.Data[n : n+size])
		out.Data = out.Data[:n+got]
	}
	if len(out.Data) >= maxOutcome {
		return outcome{Err: "very long"}
	}
	out.Err = err.Error()
	if err == io.EOF {
		rest, _ := io.ReadAll(in)
		out.After = len(rest)
	}
	return out
}

func whole(data []byte) *bufio.Reader {
	return bufio.NewReaderSize(bytes.NewReader(data), len(data)+16)
}

func always(n int) func() int { return func() int { return n } }

// checkSame holds that the Reader makes of a member what the standard library and
// klauspost make of it, in all ways in which it can come and go.
func checkSame(t *testing.T, data []byte, rng *rand.Rand) {
	t.Helper()
	checkWays(t, data, rng, 12)
}

// checkWays is checkSame for so many of the ways, drawn by lot.
func checkWays(t *testing.T, data []byte, rng *rand.Rand, ways int) {
	t.Helper()
	want := outcomeOf(new(standard), whole(data), always(1<<16))
	if len(data) >= len(header) && bytes.HasPrefix(data, header[:3]) && data[3]&0xe0 != 0 {
		want = outcome{Err: gzip.ErrHeader.Error()} // the standard library takes reserved flags
	}
	inputs := []func() *bufio.Reader{
		func() *bufio.Reader { return whole(data) },
		func() *bufio.Reader { return bufio.NewReaderSize(iotest.OneByteReader(bytes.NewReader(data)), 16) },
		func() *bufio.Reader { return bufio.NewReaderSize(bytes.NewReader(data), 16+rng.IntN(100)) },
		func() *bufio.Reader {
			return bufio.NewReaderSize(iotest.DataErrReader(bytes.NewReader(data)), 16+rng.IntN(5000))
		},
	}
	outputs := []func() int{always(1 << 16), always(1<<17 + 3), func() int { return 1 + rng.IntN(3<<16) }}
	r := new(inflate.Reader)
	for _, way := range rng.Perm(len(inputs) * len(outputs))[:ways] {
		in, out := way%len(inputs), way/len(inputs)
		if diff := cmp.Diff(want.String(), outcomeOf(r, inputs[in](), outputs[out]).String()); diff != "" {
			t.Fatalf("input %d, output %d (-compress/gzip +inflate):\n%s", in, out, diff)
		}
	}
	// Where a member is damaged it notices sooner or later, and says something else.
	other := outcomeOf(new(klauspost), whole(data), always(1<<16))
	same := bytes.Equal(want.Data, other.Data) && want.After == other.After
	if want.Err != "EOF" {
		same = bytes.HasPrefix(want.Data, other.Data) || bytes.HasPrefix(other.Data, want.Data)
	}
	if !same || (want.Err == "EOF") != (other.Err == "EOF") {
		t.Fatalf("klauspost has %v\ninflate has %v", other, want)
	}
}

func compress(tb testing.TB, data []byte, level int) []byte {
	tb.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// header is that of a member with nothing optional.
var header = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}

// FuzzStream decompresses any bytes, behind a header.
func FuzzStream(f *testing.F) {
	for _, s := range streams {
		f.Add(s.bytes(f), uint64(1))
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 1))
		checkWays(t, append(bytes.Clone(header), data...), rng, 2)
		checkWays(t, data, rng, 1)
	})
}

// FuzzDamage compresses text, damages it in a place, and decompresses that.
func FuzzDamage(f *testing.F) {
	f.Add([]byte("hello, hello, hello\n"), uint64(1), 6, 12, byte(0))
	f.Add(bytes.Repeat([]byte(`{"kind":"Event","verb":"create"}`), 5000), uint64(2), 9, 100, byte(4))
	f.Add(bytes.Repeat([]byte{'a'}, 100000), uint64(3), -2, 40, byte(1))
	f.Add(bytes.Repeat([]byte{'a', 'b'}, 40000), uint64(3), 0, 70000, byte(255))
	f.Fuzz(func(t *testing.T, text []byte, seed uint64, level, at int, flip byte) {
		if level < flate.HuffmanOnly || level > flate.BestCompression || at < 0 {
			return
		}
		rng := rand.New(rand.NewPCG(seed, 2))
		packed := compress(t, text, level)
		checkWays(t, append(packed, text[:min(len(text), 9)]...), rng, 2)
		at %= len(packed)
		packed[at] ^= flip
		if flip == 0 {
			packed = packed[:at]
		}
		checkWays(t, packed, rng, 2)
	})
}
