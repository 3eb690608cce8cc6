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
//	bits 31..16               15       14       13    12      11..8      5..0
//	a byte                    literal  special  link  ending  bits of    bits to
//	the base of a length                                      the code   use up
//	or distance
//
// A special entry is a link, ends the block, or is no code. What the bits of a link
// stand for is in the table behind the index in its upper bits, which is to be
// indexed by so many further bits as it says to use up.
type entry uint32

const (
	isLiteral entry = 1 << 15
	isSpecial entry = 1 << 14
	isLink    entry = 1 << 13
	isEnding  entry = 1 << 12

	codeShift  = 8
	codeMask   = 15
	valueShift = 16
)

// used is how many bits to use up: those of the code and its extra bits.
func (e entry) used() uint { return uint(e) & 63 }

// code is how many bits the code has. If it is none, that many were looked at.
func (e entry) code() uint { return uint(e) >> codeShift & codeMask }

// value is the length or distance that the next bits stand for: the base, and
// what the extra bits behind the code add.
func (e entry) value(next uint64) int {
	return int(e>>valueShift) + int(next&(1<<e.used()-1)>>e.code())
}

// Tables have two levels. The first is indexed by so many of the next bits, and
// has all codes that are not longer. The others stand in second levels behind
// it, one for all that begin alike, indexed by the rest of the bits of the
// longest code. At least two codes share one.
const (
	litBits  = 10
	distBits = 8
	lenBits  = 7

	// How large tables can become.
	litSize  = 1334
	distSize = 402
	lenSize  = 1 << lenBits
)

// build fills a table for the code of which the symbols have these lengths, 0
// for those that do not occur. The entry of a symbol says what it means and how
// many extra bits it has. It reports false if the lengths make no code: all bits
// have to stand for something, but in a code of one symbol, which has one bit,
// and in one of none.
func build(table []entry, first int, lengths []uint8, symbols []entry) bool {
	var count, at [maxCode + 2]int // of the symbols by length, and where they go in sorted
	for _, n := range lengths {
		count[n]++
	}
	longest, free := 0, 1
	at[1] = count[0]
	for n := 1; n <= maxCode; n++ {
		at[n+1] = at[n] + count[n]
		if free = free<<1 - count[n]; free < 0 {
			return false
		}
		if count[n] > 0 {
			longest = n
		}
	}
	if free > 0 && longest > 1 {
		return false
	}
	var sorted [litCodes + 2]uint16
	for symbol, n := range lengths {
		sorted[at[n]] = uint16(symbol)
		at[n]++
	}
	// With each bit more the table doubles: what is there stands for what begins
	// like it. Codes come in order, so that each takes the place of its beginning.
	rest, code := sorted[count[0]:len(lengths)], 0
	table[0] = isSpecial | entry(longest)<<codeShift
	for n := 1; n <= first; n++ {
		copy(table[1<<(n-1):1<<n], table[:1<<(n-1)])
		code <<= 1
		for _, symbol := range rest[:count[n]] {
			table[bits.Reverse16(uint16(code))>>(16-n)] = symbols[symbol] | entry(n)<<codeShift + entry(n)
			code++
		}
		rest = rest[count[n]:]
	}
	end := 1 << first
	for n := first + 1; n <= longest; n++ {
		code <<= 1
		for i, symbol := range rest[:count[n]] {
			reversed := int(bits.Reverse16(uint16(code)) >> (16 - n))
			link := &table[reversed&(1<<first-1)]
			if *link&isLink == 0 {
				size := n - first
				for left := count[n] - i; left < 1<<size; size++ {
					left = left<<1 + count[first+size+1]
				}
				*link = isSpecial | isLink | entry(end)<<valueShift | entry(size)
				end += 1 << size
			}
			level := table[*link>>valueShift:][:1<<link.used()]
			for i := reversed >> first; i < len(level); i += 1 << (n - first) {
				level[i] = symbols[symbol] | entry(n)<<codeShift + entry(n)
			}
			code++
		}
		rest = rest[count[n]:]
	}
	return true
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
	litSymbols[endOfBlock] = isSpecial | isEnding
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
		litSymbols[litCodes+i], distSymbols[distCodes+i] = isSpecial, isSpecial
	}
	for i := range lenSymbols {
		lenSymbols[i] = isLiteral | entry(i)<<valueShift
	}
}
