package audit

import (
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Marks are the byte order marks of UTF-16, little endian, as the shells of
// Windows write it, and big endian. Source: Unicode 15.0, 23.8.
var utf16Marks = [2]string{"\xff\xfe", "\xfe\xff"}

// decoded returns r as UTF-8: as it is, unless head, which it begins with, has a
// byte order mark of UTF-16. Places then count the bytes of UTF-8.
func decoded(head []byte, r io.Reader) io.Reader {
	for i, mark := range utf16Marks {
		if bytes.HasPrefix(head, []byte(mark)) {
			return &utf16Reader{r: r, high: 1 - i}
		}
	}
	return r
}

// A utf16Reader turns UTF-16 into UTF-8. Halves of surrogate pairs without their
// partners become U+FFFD, and so does half a unit at the end.
type utf16Reader struct {
	r    io.Reader
	high int // index of the high byte in a unit

	in   [4 << 10]byte
	n    int    // bytes in in that are not decoded
	out  []byte // to be given out
	pair rune   // the first half of a surrogate pair, or 0
	err  error  // of r, to be given out behind out
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if err := u.err; err != nil {
			if err != io.EOF {
				u.err = nil
			}
			return 0, err
		}
		n, err := u.r.Read(u.in[u.n:])
		u.n += n
		u.err = err
		u.decode()
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// decode decodes what is there of in.
func (u *utf16Reader) decode() {
	u.out = u.out[:0]
	i := 0
	for ; i+1 < u.n; i += 2 {
		u.unit(rune(u.in[i+u.high])<<8 | rune(u.in[i+1-u.high]))
	}
	u.n = copy(u.in[:], u.in[i:u.n])
	if u.err == nil {
		return
	}
	if u.pair != 0 || u.n > 0 { // the input ends, or is damaged, within a character
		u.out = utf8.AppendRune(u.out, utf8.RuneError)
		u.pair, u.n = 0, 0
	}
}

// unit takes one unit of the text.
func (u *utf16Reader) unit(c rune) {
	if first := u.pair; first != 0 {
		u.pair = 0
		r := utf16.DecodeRune(first, c)
		u.out = utf8.AppendRune(u.out, r) // U+FFFD if they are no pair
		if r != utf8.RuneError {
			return
		}
	}
	switch {
	case c >= 0xd800 && c < 0xdc00:
		u.pair = c
	default:
		u.out = utf8.AppendRune(u.out, c)
	}
}
