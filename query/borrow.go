package query

import "unsafe"

// What is unsafe in the package is in this file.

// borrow returns b as a string without a copy. It is what lets a scan look at an
// event without allocating: the memory belongs to the reader, which uses it again
// for the next event.
//
// So what a scan computes is valid as long as the event is. Whoever keeps a
// value longer keeps what [Value.own] gives: candidates do when they are
// admitted, groups when they are new, and states when a value becomes part of
// them. Tests overwrite the memory of each event once it has been looked at.
func borrow(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// structureValue returns the list of the elements; or the map with the keys, each
// a string with its value behind it. The elements are the value's from now on.
//
// The text says where they are, as if their memory were its bytes: few values have
// elements, and a field for them would take all values out of the registers.
func structureValue(kind Kind, elements []Value) Value {
	size := len(elements) * int(unsafe.Sizeof(Value{}))
	return Value{kind: kind, text: unsafe.String((*byte)(unsafe.Pointer(unsafe.SliceData(elements))), size)}
}

// elements are those of a list, or the keys and values of a map, which must not
// be changed. Other values have none.
func (v Value) elements() []Value {
	if !v.isStructure() {
		return nil
	}
	return unsafe.Slice((*Value)(unsafe.Pointer(unsafe.StringData(v.text))), len(v.text)/int(unsafe.Sizeof(Value{})))
}
