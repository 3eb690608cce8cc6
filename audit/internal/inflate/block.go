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
	if r.err = r.need(3); r.err != nil {
		return
	}
	r.last = r.take(1) == 1
	switch r.take(2) {
	case 0:
		r.step, r.err = (*Reader).copyStored, r.beginStored()
	case 1:
		r.step, r.codes, r.least = (*Reader).symbols, fixedCodes(), 7
	case 2:
		r.step, r.err = (*Reader).symbols, r.beginDynamic()
	default:
		r.err = corrupt(r.used())
	}
}

// beginStored begins a block of bytes as they are. Source: RFC 1951, 3.2.4.
func (r *Reader) beginStored() error {
	r.align()
	var size [4]byte
	if _, err := r.readFull(size[:]); err != nil {
		return err
	}
	r.left = int(binary.LittleEndian.Uint16(size[:]))
	if int(^binary.LittleEndian.Uint16(size[2:])) != r.left {
		return corrupt(r.used())
	}
	return nil
}

func (r *Reader) copyStored() {
	var n int
	n, r.err = r.readFull(r.out[r.o:min(r.o+r.left, len(r.out))])
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
func (r *Reader) beginDynamic() error {
	if err := r.need(14); err != nil {
		return err
	}
	lits, dists, lens := r.take(5)+257, r.take(5)+1, r.take(4)+4
	if lits > litCodes || dists > distCodes {
		return corrupt(r.used())
	}
	var order [lenCodes]uint8
	for _, i := range lenOrder[:lens] {
		if err := r.need(3); err != nil {
			return err
		}
		order[i] = uint8(r.take(3))
	}
	var table [lenSize]entry
	if !build(table[:], lenBits, order[:], lenSymbols[:]) {
		return corrupt(r.used())
	}
	var all [litCodes + distCodes]uint8
	lengths := all[:lits+dists]
	if err := r.readLengths(lengths, &table); err != nil {
		return err
	}
	r.codes = &r.own
	if !build(r.own.lit[:], litBits, lengths[:lits], litSymbols[:]) || !build(r.own.dist[:], distBits, lengths[lits:], distSymbols[:]) {
		return corrupt(r.used())
	}
	// The last symbol is the end of the block, or without one the input ends first.
	r.least = uint(lengths[endOfBlock])
	for n := uint8(1); r.least == 0 && n <= maxCode; n++ {
		if slices.Contains(lengths[:lits], n) {
			r.least = uint(n)
		}
	}
	return nil
}

// readLengths reads the lengths of the codes of a block.
func (r *Reader) readLengths(lengths []uint8, table *[lenSize]entry) error {
	for i := 0; i < len(lengths); {
		e, err := r.symbol(table[:], lenBits, 0)
		if err != nil {
			return err
		}
		length, repeat, extra := uint8(e>>valueShift), 1, uint(0)
		switch {
		case e&isSpecial != 0 || length == 16 && i == 0:
			return corrupt(r.used())
		case length == 16:
			length, repeat, extra = lengths[i-1], 3, 2
		case length == 17:
			length, repeat, extra = 0, 3, 3
		case length == 18:
			length, repeat, extra = 0, 11, 7
		}
		if err := r.need(extra); err != nil {
			return err
		}
		if repeat += r.take(extra); i+repeat > len(lengths) {
			return corrupt(r.used())
		}
		for range repeat {
			lengths[i] = length
			i++
		}
	}
	return nil
}
