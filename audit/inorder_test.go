package audit_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
)

var (
	errFatal = errors.New("fatal")
	errPlace = &audit.EventError{Err: audit.ErrNotJSON}
)

// A listed is one item of the parts of a source: an error, or what a part has.
type listed struct {
	err     error         // instead of the part
	results int           // that reading it gives
	cost    time.Duration // of each
	bad     int           // the result that is an EventError, from 1
	fatal   int           // the result that is another error, from 1
}

// A listing is a source that has nothing but parts. It checks how they are
// read, and counts.
type listing struct {
	t        testing.TB
	items    []listed
	spin     bool // take time by yielding the processor, not by sleeping
	running  atomic.Int32
	produced atomic.Int32
	busy     [16]atomic.Bool // by worker
}

// Parts gives parts whose Offset is their number and whose Size is the index
// of their item.
func (l *listing) Parts(context.Context) iter.Seq2[audit.Part, error] {
	return func(yield func(audit.Part, error) bool) {
		n := int64(0)
		for i, it := range l.items {
			if !yield(audit.Part{Offset: n, Size: int64(i)}, it.err) {
				return
			}
			if it.err == nil {
				n++
			}
		}
	}
}

func (l *listing) Read(context.Context, audit.Part, audit.Need) iter.Seq2[audit.Event, error] {
	panic("it is read by the function that InOrder is given")
}

// read gives the results of a part.
func (l *listing) read(_ context.Context, worker, n int, p audit.Part, give func(string, error) bool) {
	l.running.Add(1)
	defer l.running.Add(-1)
	if !l.busy[worker].CompareAndSwap(false, true) {
		l.t.Errorf("worker %d is called while it reads", worker)
	}
	defer l.busy[worker].Store(false)
	if int64(n) != p.Offset {
		l.t.Errorf("part %d is called number %d", p.Offset, n)
	}
	it := l.items[p.Size]
	for k := range it.results {
		l.spend(it.cost)
		l.produced.Add(1)
		var err error
		switch k + 1 {
		case it.bad:
			err = errPlace
		case it.fatal:
			err = errFatal
		}
		if !give(fmt.Sprintf("%d.%d", p.Size, k), err) {
			return
		}
	}
}

// spend lets time pass: so many microseconds, or turns of other goroutines.
func (l *listing) spend(cost time.Duration) {
	if !l.spin {
		time.Sleep(cost)
		return
	}
	for range cost / time.Microsecond {
		runtime.Gosched()
	}
}

// inOrder walks the listing, and calls each before each item with the number of
// items before it, until it returns false. Afterwards nothing may run.
func (l *listing) inOrder(ctx context.Context, workers int, each func(n int) bool) (got []string, last error) {
	l.t.Helper()
	for value, err := range audit.InOrder(ctx, l, workers, l.read) {
		if last != nil {
			l.t.Errorf("%d workers: %q, %v after the last error %v", workers, value, err, last)
		}
		if each != nil && !each(len(got)) {
			break
		}
		switch _, isEventError := errors.AsType[*audit.EventError](err); {
		case err == nil:
			got = append(got, value)
		case isEventError:
			got = append(got, err.Error())
		default:
			last = err
		}
	}
	if n := l.running.Load(); n != 0 {
		l.t.Errorf("%d workers: %d parts are being read after the end", workers, n)
	}
	return got, last
}

// inOrderTests are sources, and the last error of a walk.
var inOrderTests = []struct {
	name  string
	items []listed
	want  error
}{
	{"nothing", nil, nil},
	{"one part", []listed{{results: 3}}, nil},
	{"empty parts", []listed{{}, {results: 1}, {}, {}, {results: 1}, {}}, nil},
	{"the first is slow", []listed{{results: 5, cost: 1000}, {results: 600}, {results: 600}, {results: 5}, {results: 5}}, nil},
	{"the last is slow", []listed{{results: 5}, {results: 600}, {results: 5}, {results: 5, cost: 1000}}, nil},
	{"more than the window", []listed{{results: 700, cost: 7}, {results: 900}, {results: 1100, cost: 1}}, nil},
	{"errors among the parts", []listed{{err: errPlace}, {results: 2, cost: 50}, {err: errPlace}, {err: errPlace}, {results: 2}}, nil},
	{"errors inside", []listed{{results: 3, bad: 2, cost: 9}, {results: 3, bad: 1}, {results: 3, bad: 3}}, nil},
	{"a fatal part", []listed{{results: 400, cost: 3}, {results: 2}, {err: errFatal}, {results: 2}}, errFatal},
	{"a fatal part first", []listed{{err: errFatal}, {results: 2}}, errFatal},
	{"a fatal result", []listed{{results: 9, cost: 30}, {results: 9, fatal: 4}, {results: 400}, {results: 2}}, errFatal},
	{"two fatal results", []listed{{results: 9, fatal: 9, cost: 30}, {results: 9, fatal: 1}}, errFatal},
}

// TestInOrder wants the same from any number of workers.
func TestInOrder(t *testing.T) {
	for _, tt := range inOrderTests {
		var want []string
		for _, workers := range []int{1, 0, 2, 3, 8} {
			synctest.Test(t, func(t *testing.T) {
				l := &listing{t: t, items: tt.items}
				got, last := l.inOrder(t.Context(), workers, nil)
				if workers == 1 {
					want = got
				}
				if diff := cmp.Diff(want, got); diff != "" || last != tt.want {
					t.Errorf("%s: %d workers: last error %v, items (-one worker +got):\n%s", tt.name, workers, last, diff)
				}
			})
		}
	}
}

// TestInOrderItself checks what one worker gives, to which the others are held.
func TestInOrderItself(t *testing.T) {
	l := &listing{t: t, items: []listed{{results: 2}, {err: errPlace}, {results: 3, bad: 2}, {results: 2, fatal: 2}, {results: 1}}}
	got, last := l.inOrder(t.Context(), 1, nil)
	want := []string{"0.0", "0.1", errPlace.Error(), "2.0", errPlace.Error(), "2.2", "3.0"}
	if diff := cmp.Diff(want, got); diff != "" || last != errFatal {
		t.Errorf("last error %v, items (-want +got):\n%s", last, diff)
	}
}

// TestInOrderStops leaves the loop at every item. That all goroutines have
// ended is checked by synctest.
func TestInOrderStops(t *testing.T) {
	items := []listed{{results: 4, cost: 5}, {err: errPlace}, {results: 300}, {results: 3, cost: 2, bad: 2}, {results: 1}}
	for _, workers := range []int{1, 2, 4} {
		for stop := range 12 {
			synctest.Test(t, func(t *testing.T) {
				l := &listing{t: t, items: items}
				if got, _ := l.inOrder(t.Context(), workers, func(n int) bool { return n < stop }); len(got) != stop {
					t.Errorf("%d workers, stopped after %d items: %d", workers, stop, len(got))
				}
			})
		}
	}
}

// TestInOrderCancelled wants the cause as the last item, behind the first of
// the results without a gap.
func TestInOrderCancelled(t *testing.T) {
	cause := errors.New("enough")
	items := []listed{{results: 4, cost: 50}, {results: 300}, {results: 3, cost: 2}, {results: 400, cost: 1}, {results: 2}}
	l := &listing{t: t, items: items, spin: true}
	all, _ := l.inOrder(t.Context(), 1, nil)
	for _, workers := range []int{1, 2, 4} {
		for _, stop := range []int{-1, 0, 1, 3, 4, 200, 304, 500, len(all) - 1} {
			ctx, cancel := context.WithCancelCause(t.Context())
			if stop < 0 {
				cancel(cause)
			}
			got, last := l.inOrder(ctx, workers, func(n int) bool {
				if n == stop {
					cancel(cause)
				}
				return true
			})
			cancel(nil)
			if last != cause || len(got) < stop || !slices.Equal(got, all[:len(got)]) {
				t.Errorf("%d workers, cancelled at item %d: %d items, last error %v; the first ones: %v",
					workers, stop, len(got), last, slices.Equal(got, all[:len(got)]))
			}
		}
	}
}

// TestInOrderCancelledOutside cancels while the caller waits for a result.
func TestInOrderCancelledOutside(t *testing.T) {
	for _, workers := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			l := &listing{t: t, items: []listed{{results: 10, cost: time.Second}, {results: 10, cost: time.Second}, {results: 600}}}
			ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
			defer cancel()
			got, last := l.inOrder(ctx, workers, nil)
			if want := []string{"0.0", "0.1", "0.2"}; !slices.Equal(got, want) || last != context.DeadlineExceeded {
				t.Errorf("%d workers: items %v, last error %v", workers, got, last)
			}
		})
	}
}

// TestInOrderWindow checks how far the workers run ahead of the caller.
func TestInOrderWindow(t *testing.T) {
	const window = 256 // results of one part that wait for their turn
	for _, workers := range []int{1, 2, 4} {
		for name, size := range map[string]int{"small": 10, "of the window": window, "large": 5000} {
			synctest.Test(t, func(t *testing.T) {
				l := &listing{t: t, items: slices.Repeat([]listed{{results: size}}, 40)}
				// The one that the caller has, those in the queue, one behind
				// it; and in each the result that waits to be given.
				most := (workers + 2) * (window + 1)
				l.inOrder(t.Context(), workers, func(n int) bool {
					synctest.Wait() // until nobody can go on
					if ahead := int(l.produced.Load()) - n; ahead < 1 || ahead > most {
						t.Errorf("%s parts, %d workers: %d results ahead, want at most %d", name, workers, ahead, most)
					}
					return n < 3*size && n < 2000
				})
			})
		}
	}
}

// TestInOrderStress reads parts of random costs, on real processors.
func TestInOrderStress(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 0))
		var items []listed
		for range rng.IntN(60) {
			it := listed{results: rng.IntN(20), cost: time.Duration(rng.IntN(20)) * time.Microsecond}
			switch rng.IntN(8) {
			case 0:
				it.err = errPlace
			case 1:
				it.bad = rng.IntN(20)
			case 2:
				it.results *= 40
			case 3:
				it.fatal = rng.IntN(200)
			}
			items = append(items, it)
		}
		l := &listing{t: t, items: items, spin: true}
		want, wantLast := l.inOrder(t.Context(), 1, nil)
		for _, workers := range []int{2, 3, 16} {
			got, last := l.inOrder(t.Context(), workers, nil)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || last != wantLast {
				t.Errorf("seed %d, %d workers: last error %v, want %v; items (-one worker +got):\n%s", seed, workers, last, wantLast, diff)
			}
		}
	}
}

// TestInOrderGoroutines counts the goroutines that are left when loops end.
func TestInOrderGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	l := &listing{t: t, items: slices.Repeat([]listed{{results: 300, cost: time.Microsecond}}, 20), spin: true}
	for stop := range 50 {
		l.inOrder(t.Context(), 4, func(n int) bool { return n < 10*stop })
		if n := goroutines(before); n > before {
			t.Fatalf("stopped after %d items: %d goroutines, %d before", 10*stop, n, before)
		}
	}
}
