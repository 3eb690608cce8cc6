package query

import "unsafe"

// borrow returns b as a string without a copy. It is the one unsafe thing in
// the package, and it is what lets a scan look at an event without allocating:
// the memory belongs to the reader, which uses it again for the next event.
//
// So what a scan computes is valid as long as the event is. Whoever keeps a
// value longer keeps what [Value.own] gives: candidates do when they are
// admitted, groups when they are new, and states when a value becomes part of
// them. Tests overwrite the memory of each event once it has been looked at.
func borrow(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
