package query

import (
	"bufio"
	"container/heap"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"os"
)

// A spool keeps records in a temporary file, in runs that are each in order.
// The zero spool has no file until something is written. It is used by one
// goroutine at a time.
type spool struct {
	dir  string // for the file; empty for that of the system
	file *os.File
	name string // of the file, if it is still to be removed
	w    *bufio.Writer
	runs []section
	end  int64 // of what was written
}

// A section is the range of a run in the file.
type section struct{ from, to int64 }

// spoolBuffer is the size of the buffer of each run that is read or written.
const spoolBuffer = 32 << 10

// write writes a run. Each record is valid until the next.
func (s *spool) write(records iter.Seq[[]byte]) error {
	if err := s.open(); err != nil {
		return err
	}
	from := s.end
	var head [binary.MaxVarintLen64]byte
	for record := range records {
		n := binary.PutUvarint(head[:], uint64(len(record)))
		s.w.Write(head[:n]) // errors stay, and come with Flush
		s.w.Write(record)
		s.end += int64(n + len(record))
	}
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("query: writing what does not fit into memory: %w", err)
	}
	s.runs = append(s.runs, section{from, s.end})
	return nil
}

// open makes the file. Where the system allows, it is removed at once, so that
// nothing is left of it even if the process is killed.
func (s *spool) open() error {
	if s.file != nil {
		return nil
	}
	file, err := os.CreateTemp(s.dir, "evictlog-*.tmp")
	if err != nil {
		return fmt.Errorf("query: making room for what does not fit into memory: %w", err)
	}
	s.file, s.name, s.w = file, file.Name(), bufio.NewWriterSize(file, spoolBuffer)
	if os.Remove(s.name) == nil {
		s.name = ""
	}
	return nil
}

// read walks over the records of a run. Each is valid until the next step.
func (s *spool) read(run section) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		r := bufio.NewReaderSize(io.NewSectionReader(s.file, run.from, run.to-run.from), spoolBuffer)
		var record []byte
		for {
			n, err := binary.ReadUvarint(r)
			if err == io.EOF {
				return
			}
			if err == nil && n > uint64(run.to-run.from) {
				err = errSpilled
			}
			if err == nil {
				if uint64(cap(record)) < n {
					record = make([]byte, n)
				}
				record = record[:n]
				_, err = io.ReadFull(r, record)
			}
			if err != nil {
				yield(nil, fmt.Errorf("query: reading what did not fit into memory: %w", err))
				return
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}

// close removes the file.
func (s *spool) close() {
	if s.file == nil {
		return
	}
	s.file.Close()
	if s.name != "" {
		os.Remove(s.name)
	}
}

// mergeOrdered walks over several ordered sequences as over one. Of items that
// compare as equal those of an earlier sequence come first. It ends with the
// first error.
func mergeOrdered[T any](sequences []iter.Seq2[T, error], compare func(a, b *T) int) iter.Seq2[T, error] {
	if len(sequences) == 1 {
		return sequences[0] // as they mostly are, and then no coroutine is needed
	}
	return func(yield func(T, error) bool) {
		h := &headHeap[T]{compare: compare}
		for i, seq := range sequences {
			next, stop := iter.Pull2(seq)
			defer stop()
			item, err, ok := next()
			if err != nil {
				yield(item, err)
				return
			}
			if ok {
				h.heads = append(h.heads, head[T]{item, i, next})
			}
		}
		heap.Init(h)
		for len(h.heads) > 0 {
			first := &h.heads[0]
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

type headHeap[T any] struct {
	heads   []head[T]
	compare func(a, b *T) int
}

func (h *headHeap[T]) Len() int { return len(h.heads) }

func (h *headHeap[T]) Less(i, j int) bool {
	a, b := &h.heads[i], &h.heads[j]
	if c := h.compare(&a.item, &b.item); c != 0 {
		return c < 0
	}
	return a.sequence < b.sequence
}

func (h *headHeap[T]) Swap(i, j int) { h.heads[i], h.heads[j] = h.heads[j], h.heads[i] }
func (h *headHeap[T]) Push(x any)    { h.heads = append(h.heads, x.(head[T])) }

func (h *headHeap[T]) Pop() any {
	last := h.heads[len(h.heads)-1]
	h.heads = h.heads[:len(h.heads)-1]
	return last
}
