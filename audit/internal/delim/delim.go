// Package delim finds what ends a line, or breaks it off, in one pass over the
// bytes.
//
// NOTE: half of what a reader of plain text does besides reading is to look for
// newlines and for NUL bytes. Two searches by package bytes take more than twice
// the time of one for both, which is why there is some assembly here. Where it
// cannot run, and in the tests, index does the same.
package delim

import "bytes"

// index is [Index], written to be read.
func index(b []byte) int {
	end := bytes.IndexByte(b, '\n')
	text := b
	if end >= 0 {
		text = b[:end]
	}
	if nul := bytes.IndexByte(text, 0); nul >= 0 {
		return nul
	}
	return end
}
