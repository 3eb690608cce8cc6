package ordered

import (
	"container/heap"
	"iter"
)

// merge walks over several ordered sequences as over one. Of items that compare
// as equal those of an earlier sequence come first. It ends with the first
// error.
func merge[T any](sequences []iter.Seq2[T, error], compare func(a, b T) int) iter.Seq2[T, error] {
	if len(sequences) == 1 {
		return sequences[0]
	}
	return func(yield func(T, error) bool) {
		h := &heads[T]{compare: compare}
		for i, seq := range sequences {
			next, stop := iter.Pull2(seq)
			defer stop()
			item, err, ok := next()
			if err != nil {
				yield(item, err)
				return
			}
			if ok {
				h.list = append(h.list, head[T]{item, i, next})
			}
		}
		heap.Init(h)
		for len(h.list) > 0 {
			first := &h.list[0]
			if !yield(first.item, nil) {
				return
			}
			item, err, ok := first.next()
			switch {
			case err != nil:
				yield(item, err)
				return
			case ok:
				first.item = item
				heap.Fix(h, 0)
			default:
				heap.Pop(h)
			}
		}
	}
}

// A head is the next item of a sequence.
type head[T any] struct {
	item     T
	sequence int
	next     func() (T, error, bool)
}

// heads are a heap of them, the one that comes first at the top.
type heads[T any] struct {
	list    []head[T]
	compare func(a, b T) int
}

func (h *heads[T]) Len() int { return len(h.list) }

func (h *heads[T]) Less(i, j int) bool {
	a, b := &h.list[i], &h.list[j]
	if c := h.compare(a.item, b.item); c != 0 {
		return c < 0
	}
	return a.sequence < b.sequence
}

func (h *heads[T]) Swap(i, j int) { h.list[i], h.list[j] = h.list[j], h.list[i] }
func (h *heads[T]) Push(x any)    { h.list = append(h.list, x.(head[T])) }

func (h *heads[T]) Pop() any {
	last := h.list[len(h.list)-1]
	h.list = h.list[:len(h.list)-1]
	return last
}
