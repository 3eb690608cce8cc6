package ahead

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
)

// A rough reader gives pieces of any size, and errors that can be passed.
type rough struct {
	random *rand.Rand
	rest   []byte
	given  []byte
	errs   int
}

var errRough = errors.New("rough")

func (r *rough) Read(p []byte) (int, error) {
	if r.random.IntN(20) == 0 {
		r.errs++
		r.given = append(r.given, "<error>"...)
		return 0, errRough
	}
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.random.IntN(pieceBytes))], r.rest)
	r.rest = r.rest[n:]
	r.given = append(r.given, p[:n]...)
	return n, nil
}

// TestRead checks that what is read is what there was, in order and with the
// errors in their places, while processors become idle and are not.
func TestRead(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		text := make([]byte, random.IntN(20<<20))
		for i := range text {
			text[i] = byte(random.Uint32())
		}
		in := &rough{random: rand.New(rand.NewPCG(seed, 2)), rest: text}
		r := NewReader(in)
		var got []byte
		errs := 0
		var others []func()
		for {
			for range random.IntN(3) {
				others = append(others, Work())
			}
			for len(others) > 0 && random.IntN(2) == 0 {
				others[0]()
				others = others[1:]
			}
			buf := make([]byte, 1+random.IntN(300<<10))
			n, err := r.Read(buf)
			got = append(got, buf[:n]...)
			if err == errRough {
				errs++
				got = append(got, "<error>"...)
			}
			if err == io.EOF {
				break
			}
		}
		for _, done := range others {
			done()
		}
		r.Close()
		if !bytes.HasPrefix(in.given, got) || len(got) < len(text) {
			t.Errorf("seed %d: %d bytes and %d errors, of %d and %d", seed, len(got), errs, len(text), in.errs)
		}
		if n := working.Load(); n != 0 {
			t.Fatalf("seed %d: %d are working at the end", seed, n)
		}
	}
}

// TestBusy checks that nothing is started while all processors are at work, and
// that a goroutine that helps steps back when they come to be.
func TestBusy(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	var done [2]func()
	for i := range done {
		done[i] = Work()
	}
	r := NewReader(bytes.NewReader(make([]byte, 40*pieceBytes)))
	defer r.Close()
	read := func() {
		if _, err := io.ReadFull(r, make([]byte, pieceBytes)); err != nil {
			t.Fatal(err)
		}
	}
	if read(); r.empty != nil {
		t.Error("a goroutine was started, and no processor was idle")
	}
	done[0]()
	if read(); r.lent == 0 || !r.helps {
		t.Error("no piece is lent, and a processor was idle")
	}
	done[0] = Work()
	for range 2 * pieces {
		read()
	}
	if r.lent != 0 || r.helps {
		t.Errorf("%d pieces are lent, and no processor is idle", r.lent)
	}
	for _, done := range done {
		done()
	}
}

// TestClose checks that a Reader can be closed at any time.
func TestClose(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	before := runtime.NumGoroutine()
	for reads := range 8 {
		r := NewReader(bytes.NewReader(make([]byte, 40*pieceBytes)))
		for range reads {
			if _, err := io.ReadFull(r, make([]byte, pieceBytes/3)); err != nil {
				t.Fatal(err)
			}
		}
		r.Close()
	}
	for range 1000 { // one that is done may take a moment to go
		if runtime.NumGoroutine() > before {
			time.Sleep(time.Millisecond)
		}
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}
