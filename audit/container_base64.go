package audit

import (
	"bytes"
	"errors"
	"io"
)

// base64Letters are those of the alphabet, and what stands behind the last ones
// and between the lines. Source: RFC 4648, 4; RFC 2045, 6.8.
const (
	base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	base64Blanks  = " \t\r\n"

	base64Least = 48 // letters that can be told from a word
)

// isBase64 tells text that is nothing but base64, and stands for one of the
// common containers or for JSON.
func isBase64(head []byte) bool {
	head = head[:min(len(head), headBytes)]
	if len(head) < base64Least || len(bytes.Trim(head, base64Letters+"="+base64Blanks)) > 0 {
		return false
	}
	text, err := io.ReadAll(&base64Reader{tape: &tape{r: bytes.NewReader(head)}})
	if _, cut := err.(*damage); err != nil && !cut {
		return false
	}
	if isGzip(text) || isZstd(text) || isBzip2(text) || isZip(text) {
		return true
	}
	text = bytes.TrimLeft(bytes.TrimPrefix(text, bom), spaces)
	return len(text) > 1 && bytes.IndexByte([]byte("{["), text[0]) >= 0 && bytes.IndexByte([]byte("\"{"+spaces), text[1]) >= 0
}

func unpackBase64(name string, r io.Reader, out outlet) error {
	return out.stream(name, &base64Reader{tape: &tape{r: r}})
}

// A base64Reader decodes base64. Behind the "=" that end one text another can
// begin. What cannot be decoded is damage up to the end of its line.
type base64Reader struct {
	tape *tape
	text []byte // decoded and not given out
	bits uint32 // of letters, the last n of which make no whole bytes yet
	n    int
	err  error // behind text
}

var errLetter = errors.New("base64: damaged text")

func (b *base64Reader) Read(p []byte) (int, error) {
	for len(b.text) == 0 {
		if err := b.err; err != nil {
			if err != io.EOF {
				b.err = nil
			}
			return 0, err
		}
		b.fill()
	}
	n := copy(p, b.text)
	b.text = b.text[n:]
	return n, nil
}

// fill decodes some more.
func (b *base64Reader) fill() {
	b.text = b.text[:0]
	for range tapeChunk {
		c, err := b.tape.ReadByte()
		if err != nil {
			b.ends(err)
			return
		}
		v := base64Values[c]
		switch {
		case v < 64:
			b.bits, b.n = b.bits<<6|uint32(v), b.n+6
			if b.n >= 8 {
				b.n -= 8
				b.text = append(b.text, byte(b.bits>>b.n))
			}
		case c == '=':
			b.n = 0 // what bits there are fill up the last letter
		case v == base64Other:
			b.err = damageAt(b.tape.offset()-1, b.tape, errLetter)
			b.n = 0
			for c != '\n' && err == nil {
				c, err = b.tape.ReadByte()
			}
			return
		}
	}
}

// ends takes in the error at the end of the input.
func (b *base64Reader) ends(err error) {
	if b.err = err; err != io.EOF {
		b.err = damageAt(b.tape.offset(), b.tape, err)
	} else if b.n == 6 { // one letter is no byte
		b.err = damageAt(b.tape.offset(), b.tape, err)
	}
	b.n = 0
}

const (
	base64Blank = 64 + iota // and "="
	base64Other
)

// base64Values are the values of the letters.
var base64Values = func() (values [256]byte) {
	for i := range values {
		values[i] = base64Other
	}
	for i := range len(base64Letters) {
		values[base64Letters[i]] = byte(i)
	}
	for _, c := range []byte(base64Blanks + "=") {
		values[c] = base64Blank
	}
	return values
}()
