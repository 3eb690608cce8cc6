// Package delim finds what ends a line, or breaks it off, in one pass over the
// bytes.
//
// NOTE: half of what a reader of plain text does besides reading is to look for
// newlines and for NUL bytes. Two searches by package bytes take more than twice
// the time of one for both, which is why there is some assembly here. Where it
// cannot run, and in the tests, index does the same.
package delim

import "bytes"

// stretch is how far one of the two searches of index runs before the other one,
// so that no text makes it long in vain each time.
const stretch = 4 << 10

// index is [Index], written to be read.
func index(b []byte) int {
	for at := 0; at < len(b); at += stretch {
		part := b[at:min(at+stretch, len(b))]
		end := bytes.IndexByte(part, '\n')
		if end >= 0 {
			part = part[:end]
		}
		if nul := bytes.IndexByte(part, 0); nul >= 0 {
			return at + nul
		}
		if end >= 0 {
			return at + end
		}
	}
	return -1
}
