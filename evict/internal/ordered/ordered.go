// Package ordered puts more items in order than fit into memory.
package ordered

import (
	"fmt"
	"iter"
	"slices"
)

// A Sorter takes in items in any order and gives them in order. Those for which
// there is no room in memory wait in temporary files. Items that compare as
// equal keep the order in which they were added.
//
// The exported fields must be set before the first call of Add. A Sorter is
// used by one goroutine at a time, and has to be closed.
type Sorter[T any] struct {
	// Compare is negative if a comes before b, and positive if b comes before a.
	Compare func(a, b T) int

	// Size estimates how many bytes of memory an item takes.
	Size func(item T) int

	// Append appends a text to dst from which Decode makes an item that is equal
	// to the given one. The text is valid during the call of Decode.
	Append func(dst []byte, item T) []byte
	Decode func(text []byte) (T, error)

	// Memory is how many bytes of items are kept in memory. One item at least is
	// kept, however large.
	Memory int

	// Dir is the directory for the files; empty for that of the system.
	Dir string

	items []T
	size  int    // of items
	runs  []*run // the older ones first
}

// maxRuns is how many runs of one level there may be before they are merged
// into one of the next level. It bounds how many files are open at a time: for
// n runs about maxRuns times the logarithm of n to the base of maxRuns.
const maxRuns = 32

// Add takes in an item. After an error, the Sorter can only be closed.
func (s *Sorter[T]) Add(item T) error {
	s.items = append(s.items, item)
	s.size += s.Size(item)
	if s.size <= s.Memory {
		return nil
	}
	return s.spill()
}

// All gives the items in order. An error is the last item. The sequence can be
// walked once: it takes the items out of memory.
func (s *Sorter[T]) All() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		sequences := make([]iter.Seq2[T, error], 0, len(s.runs)+1)
		for _, r := range s.runs {
			sequences = append(sequences, s.read(r))
		}
		merge(append(sequences, s.inMemory()), s.Compare)(yield)
	}
}

// Close removes the files. It can be called at any time, and again.
func (s *Sorter[T]) Close() error {
	s.items = nil
	return s.drop(0)
}

// inMemory gives the items that are in memory, in order, and lets go of each.
func (s *Sorter[T]) inMemory() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		slices.SortStableFunc(s.items, s.Compare)
		for i, item := range s.items {
			var none T
			s.items[i] = none
			if !yield(item, nil) {
				return
			}
		}
		s.items = s.items[:0]
	}
}

// spill writes the items in memory to a run of their own.
func (s *Sorter[T]) spill() error {
	if err := s.write(0, s.inMemory()); err != nil {
		return err
	}
	s.size = 0
	return s.compact()
}

// compact merges the last runs while maxRuns of them have the same level.
func (s *Sorter[T]) compact() error {
	for {
		first := len(s.runs) - maxRuns
		if first < 0 || s.runs[first].level != s.runs[len(s.runs)-1].level {
			return nil
		}
		var sequences []iter.Seq2[T, error]
		for _, r := range s.runs[first:] {
			sequences = append(sequences, s.read(r))
		}
		if err := s.write(s.runs[first].level+1, merge(sequences, s.Compare)); err != nil {
			return err
		}
		merged := s.runs[len(s.runs)-1]
		s.runs = s.runs[:len(s.runs)-1]
		err := s.drop(first)
		s.runs = append(s.runs, merged)
		if err != nil {
			return err
		}
	}
}

// drop removes the files of the runs from the first one given.
func (s *Sorter[T]) drop(first int) error {
	var failed error
	for _, r := range s.runs[first:] {
		if err := r.remove(); err != nil && failed == nil {
			failed = fmt.Errorf("removing what did not fit into memory: %w", err)
		}
	}
	s.runs = s.runs[:first]
	return failed
}
