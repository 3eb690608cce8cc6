package inflate_test

import (
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"
)

// A stream is deflate data that shows one thing.
type stream struct {
	shows string
	hex   string
	good  bool // as far as the last block, behind which no trailer stands
}

func (s stream) bytes(tb testing.TB) []byte {
	tb.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s.hex, " ", ""))
	if err != nil {
		tb.Fatalf("%s: %v", s.shows, err)
	}
	return b
}

// streams are those with which zlib covers its own inflate, and a few more.
// Source: zlib, test/infcover.c.
var streams = []stream{
	{"nothing", "", false},
	{"an empty block of the fixed codes", "03 00", true},
	{"a stored block", "01 01 00 fe ff 41", true},
	{"an empty stored block", "01 00 00 ff ff", true},
	{"a stored block that is cut", "01 40 00 bf ff 41", false},
	{"lengths of a stored block that do not agree", "00 00 00 00 00", false},
	{"a block of no type", "06", false},
	{"too many symbols", "fc 00 00", false},
	{"a code of lengths that is none", "04 00 fe ff", false},
	{"a length repeated that is not there", "04 00 24 49 00", false},
	{"lengths repeated beyond the end", "04 00 24 e9 ff ff", false},
	{"no code for the end", "04 00 24 e9 ff 6d", false},
	{"a literal code that is none", "04 80 49 92 24 49 92 24 71 ff ff 93 11 00", false},
	{"a distance code that is none", "04 80 49 92 24 49 92 24 0f b4 ff ff c3 84", false},
	{"bits that are no literal", "04 c0 81 08 00 00 00 00 20 7f eb 0b 00 00", false},
	{"a distance that is reserved", "02 7e ff ff", false},
	{"a distance too far back", "0c c0 81 00 00 00 00 00 90 ff 6b 04 00", false},
	{"the longest repetition of no code", "05 c0 21 0d 00 00 00 80 b0 fe 6d 2f 91 6c", true},
	{"long codes", "05 e0 81 91 24 cb b2 2c 49 e2 0f 2e 8b 9a 47 56 9f fb fe ec d2 ff 1f", true},
	{"extra bits of a length", "ed c0 01 01 00 00 00 40 20 ff 57 1b 42 2c 4f", true},
	{"a long distance with extra bits", "ed cf c1 b1 2c 47 10 c4 30 fa 6f 35 1d 01 82 59 3d fb be 2e 2a fc 0f 0c", true},
	{"the end of the window", "ed c0 81 00 00 00 00 80 a0 fd a9 17 a9" + strings.Repeat("00", 51) + "06", true},
	{"blocks behind blocks", "02 08 20 80 00 03 00", true},
	{"a match over the window", "63 18 05 40 0c 00", true},
	{"extra bits of a length, with room", "e5 e0 81 ad 6d cb b2 2c c9 01 1e 59 63 ae 7d ee fb 4d fd b5 35 41 68 ff 7f 0f 00 00 00", false},
	{"extra bits of a distance, with room", "25 fd 81 b5 6d 59 b6 6a 49 ea af 35 06 34 eb 8c b9 f6 b9 1e ef 67 49 50 fe ff ff 3f 00 00", false},
	{"a reserved distance, with room", "03 7e 00 00 00 00 00", false},
	{"a reserved length, with room", "1b 07 00 00 00 00 00", false},
	{"codes of the second level, and too far back", "0d c7 01 ae eb 38 0c 04 41 a0 87 72 de df fb 1f b8 36 b1 38 5d ff ff 00", false},
	{"the most usual", "63 18 05 8c 10 08 00 00 00 00", true},
	{"matches that touch", "63 60 60 18 c9 00 08 18 18 18 26 c0 28 00 29 00 00 00", true},
	{"a match with itself", "63 00 03 00 00 00 00 00", true},
}

func TestStreams(t *testing.T) {
	for _, s := range streams {
		t.Run(s.shows, func(t *testing.T) {
			data := append(header[:len(header):len(header)], s.bytes(t)...)
			checkSame(t, data, rand.New(rand.NewPCG(1, 2)))
			got := outcomeOf(new(standard), whole(append(data, make([]byte, 16)...)), always(1<<16)).Err
			if ok := got == "gzip: invalid checksum" || got == "EOF"; ok != s.good {
				t.Errorf("good: %t, and the standard library says %s", s.good, got)
			}
		})
	}
}
