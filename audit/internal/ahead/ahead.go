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

// Pieces are large, so that those who wait for them are rarely woken. Smaller
// ones, which the cache of one processor holds, cost more than they save.
const (
	pieceBytes = 1 << 20
	pieces     = 2
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
	in   io.Reader
	rest []byte // of the last piece, not yet given out
	err  error  // behind it

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
	size int
	err  error // behind it
}

// NewReader returns a Reader of in, which must be closed.
func NewReader(in io.Reader) *Reader { return &Reader{in: in} }

func (r *Reader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if err := r.err; err != nil {
			r.err = nil
			return 0, err
		}
		if r.ask(); r.lent == 0 {
			return r.in.Read(p)
		}
		got := <-r.full
		r.lent--
		r.idle = append(r.idle, got.buf)
		r.rest, r.err = got.buf[:got.size], got.err
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// ask lends all pieces if a processor is idle, or if the goroutine has one to
// itself. No part of a piece is still to be given out.
func (r *Reader) ask() {
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
			n, err := 0, error(nil)
			for n < len(buf) && err == nil {
				var got int
				got, err = r.in.Read(buf[n:])
				n += got
			}
			r.full <- piece{buf, n, err}
		}
	})
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
