package inflate

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sync"
)

// block reads the header of the next block. Source: RFC 1951, 3.2.3.
func (r *Reader) block() {
	if r.last {
		r.trailer()
		return
	}
	head := r.take(3)
	r.last = head&1 != 0
	switch head >> 1 {
	case 0:
		r.beginStored()
	case 1:
		r.step, r.codes, r.least = (*Reader).symbols, fixedCodes(), 7
	case 2:
		r.beginDynamic()
	default:
		r.corrupt(0)
	}
}

// beginStored begins a block of bytes as they are. Source: RFC 1951, 3.2.4.
func (r *Reader) beginStored() {
	var size [4]byte
	r.readFull(size[:])
	r.step, r.left = (*Reader).copyStored, int(binary.LittleEndian.Uint16(size[:]))
	if int(^binary.LittleEndian.Uint16(size[2:])) != r.left {
		r.corrupt(0)
	}
}

func (r *Reader) copyStored() {
	n := r.readFull(r.out[r.o:min(r.o+r.left, len(r.out))])
	r.o += n
	if r.left -= n; r.left == 0 {
		r.step = (*Reader).block
	}
}

// codes are those of a block.
type codes struct {
	lit  [litSize]entry
	dist [distSize]entry
}

// fixedCodes are the fixed ones. Source: RFC 1951, 3.2.6.
var fixedCodes = sync.OnceValue(func() *codes {
	of := func(n uint8, count int) []uint8 { return bytes.Repeat([]uint8{n}, count) }
	c := new(codes)
	build(c.lit[:], litBits, slices.Concat(of(8, 144), of(9, 112), of(7, 24), of(8, 8)), litSymbols[:])
	build(c.dist[:], distBits, of(5, len(distSymbols)), distSymbols[:])
	return c
})

// lenOrder is the order in which the lengths of the code of lengths stand.
// Source: RFC 1951, 3.2.7.
var lenOrder = [lenCodes]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// beginDynamic reads the codes of a block. Source: RFC 1951, 3.2.7.
func (r *Reader) beginDynamic() {
	lits, dists, lens := r.take(5)+257, r.take(5)+1, r.take(4)+4
	if lits > litCodes || dists > distCodes {
		r.corrupt(0)
		return
	}
	var order [lenCodes]uint8
	for _, i := range lenOrder[:lens] {
		order[i] = uint8(r.take(3))
	}
	var table [lenSize]entry
	var all [litCodes + distCodes]uint8
	lengths := all[:lits+dists]
	if !build(table[:], lenBits, order[:], litSymbols[:]) || !r.readLengths(lengths, &table) ||
		!build(r.own.lit[:], litBits, lengths[:lits], litSymbols[:]) ||
		!build(r.own.dist[:], distBits, lengths[lits:], distSymbols[:]) {
		r.corrupt(0)
		return
	}
	r.step, r.codes, r.least = (*Reader).symbols, &r.own, uint(lengths[endOfBlock])
	// Of a block without an end, which the input has to cut, it is the shortest.
	for n := uint8(1); r.least == 0 && n <= maxCode; n++ {
		if slices.Contains(lengths[:lits], n) {
			r.least = uint(n)
		}
	}
}

// readLengths reads the lengths of the codes of a block. It reports false if
// there is something wrong with them.
func (r *Reader) readLengths(lengths []uint8, table *[lenSize]entry) bool {
	for i := 0; i < len(lengths); {
		e := r.symbol(table[:], lenBits)
		length, repeat := uint8(e>>valueShift), 1
		switch {
		case e&isSpecial != 0 || length == 16 && i == 0:
			return false
		case length == 16:
			length, repeat = lengths[i-1], 3+r.take(2)
		case length == 17:
			length, repeat = 0, 3+r.take(3)
		case length == 18:
			length, repeat = 0, 11+r.take(7)
		}
		if i+repeat > len(lengths) {
			return false
		}
		for range repeat {
			lengths[i] = length
			i++
		}
	}
	return true
}
