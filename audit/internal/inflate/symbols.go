package inflate

import (
	"encoding/binary"
)

// symbols decodes what the block has, as far as there is room for it.
func (r *Reader) symbols() {
	r.copyMatch()
	for r.err == nil && r.o < len(r.out) {
		r.fast()
		if r.o == len(r.out) || !r.careful() {
			return
		}
	}
}

// careful decodes one symbol. It reports false at the end of the block.
func (r *Reader) careful() bool {
	known := r.used() + int64(r.least) // how far it is looked at, at the least
	e, err := r.symbol(r.lit[:], litBits, r.least)
	switch {
	case err != nil:
		r.err = err
	case e&isLiteral != 0:
		r.out[r.o] = byte(e >> valueShift)
		r.o++
	case e&kind == ending:
		r.step = (*Reader).block
		return false
	case e&isSpecial != 0:
		r.err = corrupt(max(known, r.used()))
	default:
		r.err = r.match(e, known)
	}
	return true
}

// symbol uses up the code of the next symbol and returns its entry; of a pair
// that is the first. There have to be as many bits as least says.
func (r *input) symbol(table []entry, first, least uint) (entry, error) {
	if err := r.need(least); err != nil {
		return 0, err
	}
	for {
		e := table[r.bits&(1<<first-1)]
		if e&kind == link {
			e = table[uint64(e>>valueShift)+r.bits>>first&(1<<e.used()-1)]
		}
		size := uint(e) >> codeShift & codeMask
		if e&isSpecial != 0 {
			size = e.used()
		}
		if size <= r.n {
			r.take(size)
			return e, nil
		}
		if err := r.need(r.n + 1); err != nil {
			return 0, err
		}
	}
}

// match decodes what follows the code of a length, and copies the match.
func (r *Reader) match(e entry, known int64) (err error) {
	if r.length, err = r.value(e); err != nil {
		return err
	}
	d, err := r.symbol(r.dist[:], distBits, 0)
	if err != nil {
		return err
	}
	if d&isSpecial != 0 {
		return corrupt(max(known, r.used()))
	}
	if r.distance, err = r.value(d); err != nil {
		return err
	}
	if r.distance > r.known+r.o {
		return corrupt(max(known, r.used()))
	}
	r.copyMatch()
	return nil
}

// value is the length or distance whose code was used up.
func (r *input) value(e entry) (int, error) {
	extra := e.used() - uint(e)>>codeShift&codeMask
	if err := r.need(extra); err != nil {
		return 0, err
	}
	return int(e>>valueShift) + r.take(extra), nil
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
	inRoom  = 32       // bytes of input that one turn of fast may look at
	outRoom = 258 + 64 // bytes of output that one may write to
)

// fast is careful for as many symbols as it can: while there is room, all that
// matches refer to is in the output, and nothing is wrong.
func (r *Reader) fast() {
	in, out := r.chunk, r.out
	pos, o := r.pos, r.o
	if pos > len(in)-inRoom || o > len(out)-outRoom {
		return
	}
	lit, dist := &r.lit, &r.dist
	next, n, pos := refill(in, pos, r.bits, r.n)
	e := lit[next&(1<<litBits-1)]
	for pos <= len(in)-inRoom && o <= len(out)-outRoom {
		// There are 56 bits or more, and e is what they begin with: enough for two
		// entries of bytes, or for a match, which has 48 at most.
		if e&isLiteral != 0 {
			o = store(out, o, e)
			next, n = next>>e.used(), n-e.used()
			e = lit[next&(1<<litBits-1)]
			if e&isLiteral != 0 {
				o = store(out, o, e)
				next, n = next>>e.used(), n-e.used()
				e = lit[next&(1<<litBits-1)]
			}
			next, n, pos = refill(in, pos, next, n)
			if e&isLiteral != 0 {
				continue
			}
		}
		if e&isSpecial != 0 {
			if e&kind != link {
				break
			}
			e = lit[(uint(e>>valueShift)+uint(next>>litBits)&(1<<e.used()-1))%litSize]
			if e&isSpecial != 0 {
				break
			}
			if e&isLiteral != 0 {
				o = store(out, o, e)
				next, n, pos = refill(in, pos, next>>e.used(), n-e.used())
				e = lit[next&(1<<litBits-1)]
				continue
			}
		}
		behind := next >> e.used()
		d := dist[behind&(1<<distBits-1)]
		if d&kind == link {
			d = dist[(uint(d>>valueShift)+uint(behind>>distBits)&(1<<d.used()-1))%distSize]
		}
		length, distance := e.value(next), d.value(behind)
		if d&isSpecial != 0 || distance > o {
			break
		}
		// The entry behind the match is looked up before the copy: neither waits
		// for the other.
		next, n, pos = refill(in, pos, behind>>d.used(), n-e.used()-d.used())
		e = lit[next&(1<<litBits-1)]
		copyWords(out[o-distance:], distance, length)
		o += length
	}
	r.pos, r.o, r.bits, r.n = pos, o, next, n
}

// refill puts the eight bytes at pos above the n bits of next, and counts as many
// of them as there is room for.
func refill(in []byte, pos int, next uint64, n uint) (uint64, uint, int) {
	return next | binary.LittleEndian.Uint64(in[pos:])<<(n&63), n | 56, pos + int(63-n)>>3
}

// store writes the byte of an entry, and the second one if it has any, to out[o:].
// It returns where the next one goes.
func store(out []byte, o int, e entry) int {
	binary.LittleEndian.PutUint16(out[o:], uint16(e>>valueShift))
	return o + 1 + int(e>>14&1)
}

// copyWords copies length bytes from the beginning of b to b[distance:], one
// after the other, and up to 31 bytes more.
func copyWords(b []byte, distance, length int) {
	to := b[distance:]
	switch {
	case distance >= 32:
		for i := 0; i < length; i += 32 {
			from, to := b[i:i+32], to[i:i+32]
			binary.LittleEndian.PutUint64(to, binary.LittleEndian.Uint64(from))
			binary.LittleEndian.PutUint64(to[8:], binary.LittleEndian.Uint64(from[8:]))
			binary.LittleEndian.PutUint64(to[16:], binary.LittleEndian.Uint64(from[16:]))
			binary.LittleEndian.PutUint64(to[24:], binary.LittleEndian.Uint64(from[24:]))
		}
	case distance >= 8:
		for i := 0; i < length; i += 8 {
			binary.LittleEndian.PutUint64(to[i:], binary.LittleEndian.Uint64(b[i:]))
		}
	default:
		// The bytes repeat every distance, so that a word of them fits again
		// behind as many of its bytes as are whole repetitions.
		for i := range 8 {
			to[i] = b[i]
		}
		word, step := binary.LittleEndian.Uint64(to), 8-8%distance
		for i := step; i < length; i += step {
			binary.LittleEndian.PutUint64(to[i:], word)
		}
	}
}
