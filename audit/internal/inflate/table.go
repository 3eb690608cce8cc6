package inflate

import "math/bits"

// Sizes of the codes of the deflate format. Source: RFC 1951, 3.2.5 to 3.2.7.
const (
	maxCode    = 15  // bits of the longest code
	endOfBlock = 256 // the symbols below are bytes, those above are lengths
	litCodes   = 286 // bytes, endOfBlock and lengths; two more are reserved
	distCodes  = 30  // distances; two more are reserved
	lenCodes   = 19  // of the code that the lengths of the codes are written in
)

// An entry tells what the next bits of the input stand for:
//
//	bits 31..16               15       14      13       11..8       5..0
//	a byte and the one        literal  second  special  bits of     bits to
//	behind it, if second                                the code    use up
//	the base of a length
//	or distance
//
// A special entry ends the block, is no code, or is a link: what the bits stand
// for is then in the table behind the index in its upper bits.
type entry uint32

const (
	isLiteral entry = 1 << 15
	hasSecond entry = 1 << 14
	isSpecial entry = 1 << 13

	codeShift  = 8
	codeMask   = 15
	valueShift = 16

	// What a special entry is, in the place of the bits of its code.
	ending entry = isSpecial | 1<<codeShift
	noCode entry = isSpecial | 2<<codeShift
	link   entry = isSpecial | 3<<codeShift
	kind   entry = isSpecial | codeMask<<codeShift
)

// used is how many bits to use up: those of the code and its extra bits.
func (e entry) used() uint { return uint(e) & 63 }

// value is the length or distance that the next bits stand for: the base, and
// what the extra bits behind the code add.
func (e entry) value(next uint64) int {
	return int(e>>valueShift) + int(next&(1<<e.used()-1)>>(uint(e)>>codeShift&codeMask))
}

// Tables have two levels. The first is indexed by so many of the next bits, and
// has all codes that are not longer. The others stand in second levels behind
// it, one for all that begin alike, indexed by the rest of the bits of the
// longest code. At least two codes share one.
const (
	litBits  = 11
	distBits = 8
	lenBits  = 7

	litSize  = 1<<litBits + litCodes/2<<(maxCode-litBits)
	distSize = 1<<distBits + distCodes/2<<(maxCode-distBits)
	lenSize  = 1 << lenBits
)

// build fills a table for the code of which the symbols have these lengths, 0
// for those that do not occur. The entry of a symbol says what it means and how
// many extra bits it has. It reports false if the lengths make no code: all bits
// have to stand for something, but in a code of one symbol, which has one bit,
// and in one of none.
func build(table []entry, first uint, lengths []uint8, symbols []entry) bool {
	var count, next [maxCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	longest, free := uint(0), 1
	for n := 1; n <= maxCode; n++ {
		next[n] = (next[n-1] + count[n-1]) << 1
		if free = free<<1 - count[n]; free < 0 {
			return false
		}
		if count[n] > 0 {
			longest = uint(n)
		}
	}
	if free > 0 && longest > 1 {
		return false
	}
	for i := range table[:1<<first] {
		table[i] = noCode | entry(longest)
	}
	end := 1 << first
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		code := uint(bits.Reverse16(uint16(next[n])) >> (16 - n))
		next[n]++
		level, index, size := table[:1<<first], code, uint(n)
		if size > first {
			l := &table[code&(1<<first-1)]
			if *l&kind != link {
				*l = link | entry(end)<<valueShift | entry(longest-first)
				end += 1 << (longest - first)
			}
			at := int(*l >> valueShift)
			level, index, size = table[at:at+1<<(longest-first)], code>>first, size-first
		}
		for ; index < uint(len(level)); index += 1 << size {
			level[index] = symbols[symbol] + entry(n)
			if symbols[symbol]&isSpecial == 0 {
				level[index] += entry(n) << codeShift
			}
		}
	}
	return true
}

// pair lets the entries of bytes, where the bits behind one are all there and
// stand for another, stand for both.
func pair(table *[litSize]entry) {
	for i := 1<<litBits - 1; i >= 0; i-- {
		e := table[i]
		if e&isLiteral == 0 {
			continue
		}
		// Of the entries further down none is a pair yet, but the first may be
		// this one.
		second := table[i>>e.used()]
		if second&isLiteral != 0 && second&hasSecond == 0 && e.used()+second.used() <= litBits {
			table[i] = e + entry(second.used()) | hasSecond | second>>valueShift<<(valueShift+8)
		}
	}
}

// The meanings of the symbols. The two of each kind that are reserved can stand
// in the fixed codes, and are no code.
var (
	litSymbols  [litCodes + 2]entry
	distSymbols [distCodes + 2]entry
	lenSymbols  [lenCodes]entry
)

func init() {
	for i := range litSymbols[:endOfBlock] {
		litSymbols[i] = isLiteral | entry(i)<<valueShift
	}
	litSymbols[endOfBlock] = ending
	// Source: RFC 1951, 3.2.5. Every four codes, and then every two, take one
	// extra bit more.
	base := 3
	for i := range litCodes - endOfBlock - 2 {
		extra := max(0, i/4-1)
		litSymbols[endOfBlock+1+i] = entry(base<<valueShift | extra)
		base += 1 << extra
	}
	litSymbols[litCodes-1] = 258 << valueShift
	base = 1
	for i := range distCodes {
		extra := max(0, i/2-1)
		distSymbols[i] = entry(base<<valueShift | extra)
		base += 1 << extra
	}
	for i := range 2 {
		litSymbols[litCodes+i], distSymbols[distCodes+i] = noCode, noCode
	}
	for i := range lenSymbols {
		lenSymbols[i] = isLiteral | entry(i)<<valueShift
	}
}
