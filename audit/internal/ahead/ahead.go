// Package ahead reads a stream in a goroutine of its own while a processor is
// idle.
//
// It is for streams whose reading takes much longer than what is made of them,
// as that of a decompressor does, and that cannot be cut into parts. Where all
// processors are at work another goroutine is a loss: what one processor has
// written, the other has to fetch. So a [Reader] asks before each piece whether
// one is idle, and until then reads in the goroutine of its caller.
package ahead

import (
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// Pieces are so large that much of one has left the cache of its writer when it
// is handed over: it is then fetched faster, as it is overwritten faster after
// that. Those of 1 MiB cost a tenth more time, and smaller ones much more.
const (
	pieceBytes = 2 << 20
	pieces     = 2
	pieceErrs  = 1 << 10 // at most
)

// working counts the goroutines that read logs, in the whole process.
var working atomic.Int64

// Work says that the caller reads logs until it calls done.
func Work() (done func()) {
	working.Add(1)
	return func() { working.Add(-1) }
}

// A Reader gives what another reader gives, errors included.
type Reader struct {
	in    io.Reader
	begun int   // bytes read in the goroutine of the caller, up to a piece
	now   piece // the last one; its errors are those not yet given out
	given int   // bytes of it that were

	// The goroutine fills the pieces that it is lent, and gives them back in
	// order. While none is lent it waits, and in is the caller's.
	idle  [][]byte // those that are not lent
	lent  int      // how many are
	empty chan []byte
	full  chan piece
	helps bool // the goroutine counts as working
	group sync.WaitGroup
}

// A piece is what the goroutine has read.
type piece struct {
	buf  []byte
	size int // of what was read, at the beginning of buf
	errs []met
}

// A met is an error, and how much of a piece stands before it.
type met struct {
	err error
	at  int
}

// NewReader returns a Reader of in, which must be closed.
func NewReader(in io.Reader) *Reader { return &Reader{in: in} }

func (r *Reader) Read(p []byte) (int, error) {
	for {
		end := r.now.size
		if len(r.now.errs) > 0 {
			end = r.now.errs[0].at
		}
		if r.given < end {
			n := copy(p, r.now.buf[r.given:end])
			r.given += n
			return n, nil
		}
		if len(r.now.errs) > 0 {
			err := r.now.errs[0].err
			r.now.errs = r.now.errs[1:]
			return 0, err
		}
		if r.ask(); r.lent == 0 {
			n, err := r.in.Read(p)
			r.begun = min(r.begun+n, pieceBytes)
			return n, err
		}
		r.now, r.given = <-r.full, 0
		r.lent--
		r.idle = append(r.idle, r.now.buf)
	}
}

// ask lends all pieces if a processor is idle, or if the goroutine has one to
// itself, and the stream is long enough to be worth one. No part of a piece is
// still to be given out.
func (r *Reader) ask() {
	if r.begun < pieceBytes {
		return
	}
	others := working.Load()
	if r.helps {
		others--
	}
	if helps := others < int64(runtime.GOMAXPROCS(0)); helps != r.helps {
		r.helps = helps
		r.count(helps)
	}
	if !r.helps {
		return
	}
	if r.empty == nil {
		r.start()
	}
	for _, buf := range r.idle {
		r.empty <- buf
	}
	r.lent += len(r.idle)
	r.idle = r.idle[:0]
}

// count counts the goroutine, or takes it off.
func (r *Reader) count(helps bool) {
	if helps {
		working.Add(1)
	} else {
		working.Add(-1)
	}
}

// start starts the goroutine. Nothing is lent yet.
func (r *Reader) start() {
	r.empty, r.full = make(chan []byte, pieces), make(chan piece, pieces)
	for range pieces {
		r.idle = append(r.idle, make([]byte, pieceBytes))
	}
	r.group.Go(func() {
		for buf := range r.empty {
			r.full <- r.fill(buf)
		}
	})
}

// fill reads until buf is full or the stream is at its end.
func (r *Reader) fill(buf []byte) piece {
	n := 0
	var errs []met
	for n < len(buf) && len(errs) < pieceErrs {
		got, err := r.in.Read(buf[n:])
		if n += got; err != nil {
			errs = append(errs, met{err, n})
		}
		if err == io.EOF {
			break
		}
	}
	return piece{buf, n, errs}
}

// Close ends the goroutine, when the Read that it may be in has returned.
func (r *Reader) Close() {
	if r.empty != nil {
		close(r.empty)
		r.group.Wait()
	}
	if r.helps {
		r.helps = false
		r.count(false)
	}
}
