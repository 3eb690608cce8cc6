package delim

import (
	"bytes"
	"testing"
)

// TestIndex puts each byte at each place of texts of each length that can make a
// difference, among bytes that are delimiters but for one bit and behind ones
// that are not part of the text.
func TestIndex(t *testing.T) {
	others := []byte("\x01\x02\x08\x09\x0b\x0e\x1a*J\x8a\x80\xff")
	memory := bytes.Repeat([]byte("\n\x00"), 400)
	for size := range 300 {
		text := memory[32 : 32+size : 32+size]
		copy(text, bytes.Repeat(others, size/len(others)+1))
		if got := Index(text); got != -1 {
			t.Fatalf("Index is %d in %q", got, text)
		}
		for at := range text {
			was := text[at]
			for _, c := range []byte("\n\x00") {
				text[at] = c
				if got := Index(text); got != at {
					t.Fatalf("Index is %d in %q, want %d", got, text, at)
				}
			}
			text[at] = was
		}
	}
}

// TestStretch looks at the ends of what index searches at once.
func TestStretch(t *testing.T) {
	text := bytes.Repeat([]byte("x"), 3*stretch)
	for _, at := range []int{0, stretch - 1, stretch, stretch + 1, 2*stretch - 1, 3*stretch - 1} {
		for _, c := range []byte("\n\x00") {
			text[at] = c
			if got := index(text); got != at {
				t.Errorf("index is %d, want %d", got, at)
			}
			text[at] = 'x'
		}
	}
}

// FuzzIndex holds Index equal to index.
func FuzzIndex(f *testing.F) {
	f.Add([]byte("\x01\x09\x0b\x80\x8a\xff\n"), uint8(3), uint16(70))
	f.Fuzz(func(t *testing.T, text []byte, skipped uint8, before uint16) {
		b := bytes.Repeat([]byte("x"), int(skipped)+int(before))
		b = append(b, text...)[skipped:]
		if got, want := Index(b), index(b); got != want {
			t.Errorf("Index is %d, index %d, in %q", got, want, b)
		}
	})
}

// BenchmarkIndex looks through lines of the length that audit logs have on
// average.
func BenchmarkIndex(b *testing.B) {
	line := append(bytes.Repeat([]byte("audit"), 440), '\n')
	text := bytes.Repeat(line, 256<<10/len(line))
	for _, by := range []struct {
		name  string
		index func([]byte) int
	}{{"Index", Index}, {"index", index}} {
		b.Run(by.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				for rest := text; len(rest) > 0; {
					rest = rest[by.index(rest)+1:]
				}
			}
		})
	}
}
