package ordered

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// A run is a temporary file with items in order. Of each it holds the length
// of its text, as a varint, and the text.
type run struct {
	level int // 0, or one more than that of the runs it was merged from
	file  *os.File
	name  string // of the file, if it is still to be removed
	size  int64  // of what was written
}

// bufferSize is that of the buffer of each run that is read or written, in
// bytes.
const bufferSize = 64 << 10

// write appends a run of the given items, which are in order.
func (s *Sorter[T]) write(level int, items iter.Seq2[T, error]) error {
	r, err := newRun(s.Dir)
	if err != nil {
		return fmt.Errorf("making room for what does not fit into memory: %w", err)
	}
	r.level = level
	s.runs = append(s.runs, r)
	w := bufio.NewWriterSize(r.file, bufferSize)
	var text []byte
	var head [binary.MaxVarintLen64]byte
	size := int64(0)
	for item, err := range items {
		if err != nil {
			return err
		}
		text = s.Append(text[:0], item)
		n := binary.PutUvarint(head[:], uint64(len(text)))
		w.Write(head[:n])                        // an error stays,
		if _, err := w.Write(text); err != nil { // and comes here or with Flush
			return fmt.Errorf("writing what does not fit into memory: %w", err)
		}
		size += int64(n + len(text))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing what does not fit into memory: %w", err)
	}
	r.size = size
	return nil
}

// newRun makes the file of a run. Where the system allows, it is removed at
// once, so that nothing is left of it even if the process is killed.
func newRun(dir string) (*run, error) {
	file, err := os.CreateTemp(dir, "evictlog-*.tmp")
	if err != nil {
		return nil, err
	}
	r := &run{file: file, name: file.Name()}
	if os.Remove(r.name) == nil {
		r.name = ""
	}
	return r, nil
}

// errLength says that the length of an item goes beyond the end of its run.
var errLength = errors.New("an item goes beyond the end of its file")

// read gives the items of a run.
func (s *Sorter[T]) read(r *run) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		in := bufio.NewReaderSize(io.NewSectionReader(r.file, 0, r.size), bufferSize)
		var text []byte
		var head [binary.MaxVarintLen64]byte
		for left := r.size; left > 0; {
			n, err := binary.ReadUvarint(in)
			if err == nil && n >= uint64(left) {
				err = errLength
			}
			if err == nil {
				if uint64(cap(text)) < n {
					text = make([]byte, n)
				}
				text = text[:n]
				_, err = io.ReadFull(in, text)
			}
			var item T
			if err == nil {
				item, err = s.Decode(text)
			}
			if err == io.EOF {
				err = io.ErrUnexpectedEOF // it ends before its size
			}
			if err != nil {
				yield(none, fmt.Errorf("reading what did not fit into memory: %w", err))
				return
			}
			left -= int64(binary.PutUvarint(head[:], n)) + int64(n)
			if !yield(item, nil) {
				return
			}
		}
	}
}

// remove closes and removes the file.
func (r *run) remove() error {
	err := r.file.Close()
	if r.name != "" {
		err = errors.Join(err, os.Remove(r.name))
	}
	return err
}
