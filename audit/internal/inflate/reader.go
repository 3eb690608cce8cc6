package inflate

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"hash/crc32"
	"io"
)

const (
	// windowSize is how far matches reach back. Source: RFC 1951, 2.
	windowSize = 32 << 10
	// Buffers that are shorter than direct are filled by way of one that is not,
	// since the window is copied for each that is decoded into.
	direct = 2 * windowSize
)

// A Reader decompresses gzip members. The zero Reader has none; Reset begins one.
// It must not be used by several goroutines at a time.
type Reader struct {
	input
	codes *codes // of the block under way: its own or the fixed ones
	own   codes

	// out[:o] is what the Read under way has decoded. The window holds what was
	// decoded before, as many bytes as known says, the last one at its end. It is
	// made when it is needed.
	out    []byte
	o      int
	window []byte
	known  int

	step             func(*Reader) // does the next piece of work
	last             bool          // there is no further block
	left             int           // bytes of a stored block that were not copied yet
	length, distance int           // of a match, as far as it did not fit
	least            uint          // bits that each symbol of the block has behind it, itself included

	sum, size uint32 // of all that was decoded: the CRC-32, and how many bytes modulo 2^32
	summed    int    // as far as out[:summed]

	head  [10]byte // of a member, without what is optional
	small []byte   // is decoded into for those with a short buffer
	rest  []byte   // of small, to be given
}

// Reset begins the member that stands next in in, and reads its header. The error
// is io.EOF if nothing stands there, gzip.ErrHeader if it is something else,
// io.ErrUnexpectedEOF if it is cut, or one of in.
func (r *Reader) Reset(in *bufio.Reader) error {
	r.step, r.last, r.left, r.length, r.known = (*Reader).block, false, 0, 0, 0
	r.sum, r.size, r.rest = 0, 0, nil
	r.input.reset(in)
	if r.readHeader(); r.err != nil {
		r.input.release()
	}
	return r.err
}

// Read gives the content of the member. At its end, which is io.EOF, the input
// stands behind its last byte. Other errors are gzip.ErrChecksum, which also
// stands for a wrong length, flate.CorruptInputError, io.ErrUnexpectedEOF, and
// those of the input; the input then stands at some place behind the damage. All
// of p may be used as scratch space.
func (r *Reader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 && r.err == nil {
		if len(p) >= direct {
			r.decode(p)
			if r.o > 0 {
				return r.o, nil
			}
			return 0, r.err
		}
		if r.small == nil {
			r.small = make([]byte, direct)
		}
		r.decode(r.small)
		r.rest = r.small[:r.o]
	}
	if len(r.rest) == 0 {
		return 0, r.err
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// decode fills out with what comes next, as far as it comes.
func (r *Reader) decode(out []byte) {
	r.out, r.o, r.summed = out, 0, 0
	for r.o < len(out) && r.err == nil {
		r.step(r)
	}
	r.account()
	if r.err != nil {
		r.input.release()
		return
	}
	if r.window == nil {
		r.window = make([]byte, windowSize)
	}
	// What was decoded is kept for the matches that will reach back to it.
	n := min(r.o, windowSize)
	copy(r.window, r.window[n:])
	copy(r.window[windowSize-n:], out[r.o-n:r.o])
	r.known = min(r.known+r.o, windowSize)
}

// account adds what was decoded to the sum and the size.
func (r *Reader) account() {
	r.sum = crc32.Update(r.sum, crc32.IEEETable, r.out[r.summed:r.o])
	r.size += uint32(r.o - r.summed)
	r.summed = r.o
}

// trailer reads what stands behind the last block: the sum and the size. Source:
// RFC 1952, 2.3.1.
func (r *Reader) trailer() {
	r.account()
	var want [8]byte
	if r.readFull(want[:]) < len(want) {
		return
	}
	r.err = io.EOF
	if binary.LittleEndian.Uint32(want[:]) != r.sum || binary.LittleEndian.Uint32(want[4:]) != r.size {
		r.err = gzip.ErrChecksum
	}
}

// The flags of a header. Source: RFC 1952, 2.3.1.
const (
	flagHeaderSum = 1 << 1
	flagExtra     = 1 << 2
	flagName      = 1 << 3
	flagComment   = 1 << 4
	flagsReserved = 7 << 5

	// The name and the comment may be so long, with the zero byte at their end, as
	// compress/gzip has it.
	maxText = 512
)

// readHeader reads the header of a member.
func (r *Reader) readHeader() {
	head := r.head[:]
	var sum uint32
	read := func(p []byte) {
		r.readFull(p)
		sum = crc32.Update(sum, crc32.IEEETable, p)
	}
	read(head)
	flags := head[3]
	if head[0] != 0x1f || head[1] != 0x8b || head[2] != 8 || flags&flagsReserved != 0 {
		r.fail(gzip.ErrHeader)
		return
	}
	if flags&flagExtra != 0 {
		read(head[:2])
		read(make([]byte, binary.LittleEndian.Uint16(head)))
	}
	for _, flag := range [...]byte{flagName, flagComment} {
		for n := 1; flags&flag != 0 && r.err == nil; n++ {
			if read(head[:1]); head[0] == 0 {
				break
			}
			if n == maxText {
				r.fail(gzip.ErrHeader)
			}
		}
	}
	if want := uint16(sum); flags&flagHeaderSum != 0 {
		if read(head[:2]); binary.LittleEndian.Uint16(head) != want {
			r.fail(gzip.ErrHeader)
		}
	}
	r.base = -int64(r.pos) // offsets count from here
}
