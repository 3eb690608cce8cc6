package audit

import (
	"context"
	"iter"
	"sync"
)

// InOrder reads the parts of src side by side, by as many workers as are asked
// for, and gives what read makes of them in the order of the parts, just as
// one worker would.
//
// read reads the n-th part, counting from 0, and gives its results one by one;
// it returns when give returns false. It runs in a goroutine of the numbered
// worker, so that what it gives must not be memory that it uses again. It
// waits in give when it is far ahead of the caller, so that memory stays
// bounded by a window of results, not by the log.
//
// An [*EventError] concerns one place, and the loop may go on; any other error
// is the last item. When ctx is done the last item is its cause, and what was
// given before is what one worker would have given first. When the loop ends,
// all workers have ended.
//
// One worker is the goroutine of the caller. A panic of read in any other
// goroutine ends the program.
func InOrder[T any](ctx context.Context, src Source, workers int, read func(ctx context.Context, worker, n int, p Part, give func(T, error) bool)) iter.Seq2[T, error] {
	if workers <= 1 {
		return oneByOne(ctx, src, read)
	}
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		o := &ordering[T]{src: src, read: read, queue: make(chan *reading[T], workers), work: make(chan *reading[T])}
		o.group.Go(func() { o.dispatch(ctx) })
		for worker := range workers {
			o.group.Go(func() { o.run(ctx, worker) })
		}
		defer o.group.Wait()
		defer cancel()
		for r := range o.queue {
			for res := range r.results {
				if !yield(res.value, res.err) || res.err != nil && !isEventError(res.err) {
					return
				}
			}
			if ctx.Err() != nil {
				break // r may lack its end, so that nothing can follow
			}
		}
		if cause := context.Cause(ctx); cause != nil {
			var none T
			yield(none, cause)
		}
	}
}

// oneByOne is InOrder in the caller's own goroutine.
func oneByOne[T any](ctx context.Context, src Source, read func(ctx context.Context, worker, n int, p Part, give func(T, error) bool)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		done := false
		give := func(value T, err error) bool {
			if cause := context.Cause(ctx); cause != nil {
				value, err = none, cause
			}
			done = done || !yield(value, err) || err != nil && !isEventError(err)
			return !done
		}
		n := 0
		for p, err := range src.Parts(ctx) {
			if err != nil {
				give(none, err)
			} else {
				read(ctx, 0, n, p, give)
				n++
			}
			if done {
				return
			}
		}
		if ctx.Err() != nil {
			give(none, nil) // gives the cause
		}
	}
}

// An ordering is one walk of InOrder.
type ordering[T any] struct {
	src   Source
	read  func(ctx context.Context, worker, n int, p Part, give func(T, error) bool)
	group sync.WaitGroup

	// Every reading goes to the caller by queue, in order, and then to a
	// worker by work: so whichever the caller waits for has its worker.
	queue, work chan *reading[T]
}

// A reading is a part that is being read.
type reading[T any] struct {
	n       int
	part    Part
	results chan result[T]
}

type result[T any] struct {
	value T
	err   error
}

// window is how many results of one part may wait for their turn.
const window = 256

// dispatch hands out the parts.
func (o *ordering[T]) dispatch(ctx context.Context) {
	defer close(o.queue)
	defer close(o.work)
	n := 0
	for p, err := range o.src.Parts(ctx) {
		r := &reading[T]{n: n, part: p, results: make(chan result[T], window)}
		if err != nil {
			r.results <- result[T]{err: err}
			close(r.results)
		}
		if !send(ctx, o.queue, r) {
			return
		}
		if err != nil {
			continue
		}
		if !send(ctx, o.work, r) {
			close(r.results)
			return
		}
		n++
	}
}

// run is a worker.
func (o *ordering[T]) run(ctx context.Context, worker int) {
	for r := range o.work {
		o.read(ctx, worker, r.n, r.part, func(value T, err error) bool {
			return send(ctx, r.results, result[T]{value, err})
		})
		close(r.results)
	}
}

// send sends v unless ctx is done first.
func send[T any](ctx context.Context, to chan<- T, v T) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}
