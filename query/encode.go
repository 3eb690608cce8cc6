package query

import (
	"encoding/binary"
	"errors"
	"math"
)

// What does not fit into memory is written to temporary files, in a form that
// only the process that wrote it reads: fixed fields little-endian, lengths
// and counts as varints. The take functions return what stands behind what
// they have taken.

// errSpilled says that a temporary file is not as it was written.
var errSpilled = errors.New("query: a temporary file is damaged")

func takeUvarint(src []byte) (uint64, []byte, error) {
	n, size := binary.Uvarint(src)
	if size <= 0 {
		return 0, nil, errSpilled
	}
	return n, src[size:], nil
}

func takeVarint(src []byte) (int64, []byte, error) {
	n, size := binary.Varint(src)
	if size <= 0 {
		return 0, nil, errSpilled
	}
	return n, src[size:], nil
}

func takeFloat(src []byte) (float64, []byte, error) {
	if len(src) < 8 {
		return 0, nil, errSpilled
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(src)), src[8:], nil
}

func appendFloats(dst []byte, list []float64) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for _, x := range list {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(x))
	}
	return dst
}

func takeFloats(src []byte) (list []float64, rest []byte, err error) {
	n, src, err := takeUvarint(src)
	if err != nil || n > uint64(len(src)) {
		return nil, nil, errSpilled
	}
	for range n {
		var x float64
		if x, src, err = takeFloat(src); err != nil {
			return nil, nil, err
		}
		list = append(list, x)
	}
	return list, src, nil
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// takeText takes a text, which is copied.
func takeText(src []byte) (string, []byte, error) {
	n, src, err := takeUvarint(src)
	if err != nil || n > uint64(len(src)) {
		return "", nil, errSpilled
	}
	return string(src[:n]), src[n:], nil
}

// wholeFlag is added to the kind of a whole number.
const wholeFlag = 0x80

// append encodes v behind dst.
func (v Value) append(dst []byte) []byte {
	kind := byte(v.kind)
	if v.whole {
		kind |= wholeFlag
	}
	dst = append(dst, kind)
	switch v.kind {
	case KindString:
		return appendText(dst, v.text)
	case KindNumber:
		dst = appendText(dst, v.text)
		return binary.LittleEndian.AppendUint64(dst, v.bits)
	case KindBool, KindTime:
		return binary.LittleEndian.AppendUint64(dst, v.bits)
	case KindList, KindMap:
		dst = binary.AppendUvarint(dst, uint64(len(v.elements())))
		for _, item := range v.elements() {
			dst = item.append(dst)
		}
	}
	return dst
}

// takeValue takes a value, which owns its memory.
func takeValue(src []byte) (v Value, rest []byte, err error) {
	if len(src) == 0 {
		return Value{}, nil, errSpilled
	}
	v.kind, v.whole = Kind(src[0]&^wholeFlag), src[0]&wholeFlag != 0
	src = src[1:]
	if v.kind > KindMap {
		return Value{}, nil, errSpilled
	}
	switch v.kind {
	case KindMissing:
		return v, src, nil
	case KindList, KindMap:
		n, src, err := takeUvarint(src)
		var items []Value
		for i := uint64(0); i < n && err == nil; i++ {
			var item Value
			item, src, err = takeValue(src)
			items = append(items, item)
		}
		return structureValue(v.kind, items), src, err
	case KindString, KindNumber:
		if v.text, src, err = takeText(src); err != nil || v.kind == KindString {
			return v, src, err
		}
	}
	if len(src) < 8 {
		return Value{}, nil, errSpilled
	}
	v.bits = binary.LittleEndian.Uint64(src)
	return v, src[8:], nil
}
