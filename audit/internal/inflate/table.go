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
// has all codes that are not longer. The others stand in second levels behind it,
// one for all that begin alike, indexed by the rest of the bits of the longest of
// them.
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
	// With each bit more the first level doubles: what is there stands for all that
	// begins like it. Codes come in order, so that each takes the place of one that
	// is no code yet.
	rest, code, end := sorted[count[0]:len(lengths)], 0, 1<<first
	table[0] = isSpecial | entry(longest)<<codeShift + entry(longest)
	for n := 1; n <= max(first, longest); n++ {
		if n <= first {
			copy(table[1<<(n-1):1<<n], table[:1<<(n-1)])
		}
		code <<= 1
		for i, symbol := range rest[:count[n]] {
			index, level, size := int(bits.Reverse16(uint16(code))>>(16-n)), table[:1<<min(n, first)], n
			if n > first {
				link := &table[index&(1<<first-1)]
				if *link&isLink == 0 {
					wide := n - first
					for left := count[n] - i; left < 1<<wide; wide++ {
						left = left<<1 + count[first+wide+1]
					}
					*link = isSpecial | isLink | entry(end)<<valueShift | entry(wide)
					end += 1 << wide
				}
				index, level, size = index>>first, table[*link>>valueShift:][:1<<link.used()], n-first
			}
			for ; index < len(level); index += 1 << size {
				level[index] = symbols[symbol] | entry(n)<<codeShift + entry(n)
			}
			code++
		}
		rest = rest[count[n]:]
	}
	return true
}

// The meanings of the symbols. The two of each kind that are reserved can stand
// in the fixed codes, and are no code. In the code of lengths, symbols are what
// they are as bytes.
var (
	litSymbols  [litCodes + 2]entry
	distSymbols [distCodes + 2]entry
)

func init() {
	for i := range litSymbols[:endOfBlock] {
		litSymbols[i] = isLiteral | entry(i)<<valueShift
	}
	litSymbols[endOfBlock] = isSpecial | isEnding
	// Every four lengths, and every two distances, take one extra bit more. Source:
	// RFC 1951, 3.2.5.
	ranges := func(symbols []entry, base, each int) {
		for i := range symbols {
			extra := max(0, i/each-1)
			symbols[i] = entry(base<<valueShift | extra)
			base += 1 << extra
		}
	}
	ranges(litSymbols[endOfBlock+1:litCodes-1], 3, 4)
	litSymbols[litCodes-1] = 258 << valueShift
	ranges(distSymbols[:distCodes], 1, 2)
	for i := range 2 {
		litSymbols[litCodes+i], distSymbols[distCodes+i] = isSpecial, isSpecial
	}
}
