package inflate

import "encoding/binary"

// symbols decodes a symbol of the block or more, or what is left of a match.
func (r *Reader) symbols() {
	r.copyMatch()
	if r.pos <= len(r.chunk)-inRoom && r.o <= len(r.out)-outRoom {
		r.fast()
	}
	if r.o < len(r.out) {
		r.careful()
	}
}

// careful decodes one symbol.
func (r *Reader) careful() {
	known := r.used() + int64(r.least) // how far it is looked at, at the least
	if !r.need(r.least) {
		return
	}
	e := r.symbol(r.codes.lit[:], litBits)
	switch {
	case e&isLiteral != 0:
		r.out[r.o] = byte(e >> valueShift)
		r.o++
	case e&isEnding != 0:
		r.step = (*Reader).block
	case e&isSpecial != 0:
		r.corrupt(known)
	default:
		r.match(e, known)
	}
}

// symbol uses up the code of the next symbol and returns its entry.
func (r *input) symbol(table []entry, first uint) entry {
	for {
		e := table[r.bits&(1<<first-1)]
		if e&isLink != 0 {
			e = table[uint64(e>>valueShift)+r.bits>>first&(1<<e.used()-1)]
		}
		if e.code() <= r.n {
			r.take(e.code())
			return e
		}
		if !r.need(r.n + 1) {
			return isSpecial
		}
	}
}

// match decodes what follows the code of a length, and copies the match.
func (r *Reader) match(e entry, known int64) {
	length := r.extra(e)
	d := r.symbol(r.codes.dist[:], distBits)
	distance := r.extra(d)
	if d&isSpecial != 0 || distance > r.known+r.o {
		r.corrupt(known)
	} else if r.err == nil {
		r.length, r.distance = length, distance
		r.copyMatch()
	}
}

// extra is the length or distance whose code was used up.
func (r *input) extra(e entry) int {
	return int(e>>valueShift) + r.take(e.used()-e.code())
}

// copyMatch copies the match, or what is left of it, as far as there is room.
func (r *Reader) copyMatch() {
	for r.length > 0 && r.o < len(r.out) {
		from := r.out[max(0, r.o-r.distance):r.o]
		if back := r.distance - r.o; back > 0 {
			from = r.window[windowSize-back:]
		}
		n := copy(r.out[r.o:], from[:min(len(from), r.length)])
		r.o += n
		r.length -= n
	}
}

const (
	inRoom  = 16           // bytes of input that one turn of fast may look at
	outRoom = 3 + 258 + 31 // bytes of output that one may write to
)

// fast is careful for as many symbols as it can: while there is room, which is so
// when it begins, and nothing ends or is wrong.
func (r *Reader) fast() {
	in, out, o := r.chunk, r.out, r.o
	lit, dist := &r.codes.lit, &r.codes.dist
	next, n, pos := refill(in, r.pos, r.bits, r.n)
	e := lit[next&(1<<litBits-1)]
	for pos <= len(in)-inRoom && o <= len(out)-outRoom {
		// There are 56 bits or more, and e is what they begin with: enough for three
		// bytes, of which the second and the third are of the first level, and the
		// entry behind them, or for a match, which has 48 at most.
		if e&isLiteral != 0 {
			to := out[o:][:3]
			to[0] = byte(e >> valueShift)
			o++
			next, n = next>>e.used(), n-e.used()
			if e = lit[next&(1<<litBits-1)]; e&isLiteral != 0 {
				to[1] = byte(e >> valueShift)
				o++
				next, n = next>>e.used(), n-e.used()
				if e = lit[next&(1<<litBits-1)]; e&isLiteral != 0 {
					to[2] = byte(e >> valueShift)
					o++
					next, n = next>>e.used(), n-e.used()
					e = lit[next&(1<<litBits-1)]
				}
			}
			next, n, pos = refill(in, pos, next, n)
		}
		if e&isLink != 0 {
			e = lit[uint(e>>valueShift)+uint(next>>litBits)&(1<<e.used()-1)]
		}
		if e&isLiteral != 0 {
			continue
		}
		behind := next >> e.used()
		d := dist[behind&(1<<distBits-1)]
		if d&isLink != 0 {
			d = dist[uint(d>>valueShift)+uint(behind>>distBits)&(1<<d.used()-1)]
		}
		length, distance := e.value(next), d.value(behind)
		if (e|d)&isSpecial != 0 || distance > o+r.known {
			break
		}
		// The entry behind the match is looked up before the copy: neither waits
		// for the other.
		next, n, pos = refill(in, pos, behind>>d.used(), n-e.used()-d.used())
		e = lit[next&(1<<litBits-1)]
		switch {
		case distance > o:
			r.o, r.length, r.distance = o, length, distance
			r.copyMatch()
		case distance >= 16 && length <= 64:
			copyShort(out[o:][:64], out[o-distance:][:64])
		default:
			copyLong(out[o-distance:], distance, length)
		}
		o += length
	}
	r.pos, r.o, r.bits, r.n = pos, o, next, n
}

// copyShort copies 64 bytes, by the 16 of one register.
func copyShort(to, from []byte) {
	copy(to[:16], from[:16])
	copy(to[16:32], from[16:32])
	copy(to[32:48], from[32:48])
	copy(to[48:64], from[48:64])
}

// copyLong copies length bytes from the beginning of b to b[distance:], one after
// the other, and less than 32 bytes more.
func copyLong(b []byte, distance, length int) {
	to := b[distance:]
	switch {
	case distance >= length:
		copy(to[:length], b)
	case distance >= 8:
		// What goes beyond the distance is not there yet, and copied by the next turn.
		step := min(distance, 16)
		for i := 0; i < length; i += step {
			copy(to[i:][:16], b[i:][:16])
		}
	default:
		// The bytes repeat every distance, so that a word of them fits again behind
		// as many of its bytes as are whole repetitions. It is made of the first
		// ones, since to load what was just stored in smaller pieces takes long.
		size, step := 8*uint(distance), 8-8%distance
		word := binary.LittleEndian.Uint64(b) & (1<<size - 1)
		word |= word << size
		word |= word << (2 * size)
		word |= word << (4 * size)
		for i := 0; i < length; i += 4 * step {
			to := to[i:][:32]
			binary.LittleEndian.PutUint64(to, word)
			binary.LittleEndian.PutUint64(to[step:], word)
			binary.LittleEndian.PutUint64(to[2*step:], word)
			binary.LittleEndian.PutUint64(to[3*step:], word)
		}
	}
}
