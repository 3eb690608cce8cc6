// Package values finds JSON values in a stream of bytes, and walks into arrays
// and objects of any size without holding them.
package values

// A Status says what a [Scanner] knows after some text.
type Status uint8

const (
	// More: the value goes on.
	More Status = iota
	// Done: the value has ended.
	Done
	// Bad: it is no JSON value.
	Bad
)

// maxDepth is how deep arrays and objects may stand within each other, as in
// encoding/json.
const maxDepth = 10000

// A Scanner finds the end of one JSON value, which may come in pieces. It takes
// what encoding/json takes. The zero Scanner is ready for a value; Reset makes
// it so again.
type Scanner struct {
	state state
	key   bool   // the string that is being read is a key
	rest  string // of a literal
	hex   int    // digits that an escape lacks
	open  []byte // the brackets that are open
}

// A state says what may come next.
type state uint8

const (
	value    state = iota // a value
	element               // a value, or the end of an empty array
	firstKey              // a key, or the end of an empty object
	nextKey               // a key
	colon                 // the colon behind a key
	after                 // a comma, or the end of what is open
	text                  // the inside of a string
	escape                // what stands behind a backslash
	hex                   // the digits behind \u
	literal               // the rest of true, false or null
	minus                 // a digit
	zero                  // a point, an exponent, or the end of the number
	digits                // the same, or a digit
	point                 // a digit of the fraction
	fraction              // a digit, an exponent, or the end of the number
	exponent              // a sign or a digit
	sign                  // a digit
	power                 // a digit, or the end of the number
)

// Reset makes the Scanner ready for another value.
func (s *Scanner) Reset() {
	*s = Scanner{open: s.open[:0]}
}

// Scan reads on in b. n is the number of bytes of b that belong to the value if
// it is done, and the index of the byte that cannot be there if it is bad. A
// number that is the whole value is done only where something follows it: see
// [Scanner.End].
func (s *Scanner) Scan(b []byte) (n int, st Status) {
	for i := 0; i < len(b); i++ {
		if s.state == text { // fast path: most bytes of a log are in strings
			for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= ' ' {
				i++
			}
			if i == len(b) {
				break
			}
		}
		switch st := s.step(b[i]); {
		case st == Bad:
			return i, Bad
		case st == Done && s.isNumber():
			return i, Done
		case st == Done:
			return i + 1, Done
		}
	}
	return len(b), More
}

// All is Scan for a text that is all there is, from its first byte.
func (s *Scanner) All(text []byte) (n int, st Status) {
	s.Reset()
	return s.Scan(text)
}

// End reports whether the value is complete where the input ends.
func (s *Scanner) End() bool { return len(s.open) == 0 && s.isNumber() }

// Text reports whether a string goes on.
func (s *Scanner) Text() bool { return s.state == text || s.state == escape || s.state == hex }

// isNumber reports whether the last byte can be the last one of a number.
func (s *Scanner) isNumber() bool {
	return s.state == zero || s.state == digits || s.state == fraction || s.state == power
}

// step takes one byte. A number at the top is done with the byte behind it; the
// state then still is that of the number.
func (s *Scanner) step(c byte) Status {
	if s.isNumber() {
		if s.number(c) {
			return More
		}
		if len(s.open) == 0 {
			return Done
		}
		s.state = after
	}
	switch s.state {
	case text, escape, hex:
		return s.inText(c)
	case literal:
		if c != s.rest[0] {
			return Bad
		}
		if s.rest = s.rest[1:]; s.rest == "" {
			return s.close()
		}
		return More
	case minus, point, exponent, sign:
		return is(s.number(c))
	}
	if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
		return More
	}
	switch s.state {
	case colon:
		s.state = value
		return is(c == ':')
	case after:
		return s.next(c)
	case firstKey, nextKey:
		if c == '}' && s.state == firstKey {
			return s.leave('{')
		}
		s.state, s.key = text, true
		return is(c == '"')
	}
	if c == ']' && s.state == element {
		return s.leave('[')
	}
	return s.begin(c)
}

func is(ok bool) Status {
	if ok {
		return More
	}
	return Bad
}

// begin takes the first byte of a value.
func (s *Scanner) begin(c byte) Status {
	switch c {
	case '{', '[':
		if len(s.open) == maxDepth {
			return Bad
		}
		s.open = append(s.open, c)
		s.state = element
		if c == '{' {
			s.state = firstKey
		}
	case '"':
		s.state, s.key = text, false
	case 't':
		s.state, s.rest = literal, "rue"
	case 'f':
		s.state, s.rest = literal, "alse"
	case 'n':
		s.state, s.rest = literal, "ull"
	case '-':
		s.state = minus
	case '0':
		s.state = zero
	default:
		s.state = digits
		return is('1' <= c && c <= '9')
	}
	return More
}

// next takes what stands behind a value in an array or an object.
func (s *Scanner) next(c byte) Status {
	in := s.open[len(s.open)-1]
	switch {
	case c == ',' && in == '[':
		s.state = value
	case c == ',':
		s.state = nextKey
	case c == ']':
		return s.leave('[')
	case c == '}':
		return s.leave('{')
	default:
		return Bad
	}
	return More
}

// leave takes the end of an array or an object.
func (s *Scanner) leave(bracket byte) Status {
	last := len(s.open) - 1
	if s.open[last] != bracket {
		return Bad
	}
	s.open = s.open[:last]
	return s.close()
}

// close ends a value.
func (s *Scanner) close() Status {
	s.state = after
	if len(s.open) == 0 {
		return Done
	}
	return More
}

// inText takes a byte of a string.
func (s *Scanner) inText(c byte) Status {
	switch {
	case s.state == hex:
		if s.hex--; s.hex == 0 {
			s.state = text
		}
		return is('0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f')
	case s.state == escape:
		s.state = text
		switch c {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		case 'u':
			s.state, s.hex = hex, 4
		default:
			return Bad
		}
	case c == '\\':
		s.state = escape
	case c == '"' && s.key:
		s.state = colon
	case c == '"':
		return s.close()
	case c < ' ':
		return Bad
	}
	return More
}

// number takes a byte of a number, and reports whether it is one.
func (s *Scanner) number(c byte) bool {
	digit := '0' <= c && c <= '9'
	switch s.state {
	case minus:
		s.state = digits
		if c == '0' {
			s.state = zero
		}
		return digit
	case point, fraction:
		if s.state == fraction && c|0x20 == 'e' {
			s.state = exponent
			return true
		}
		if digit {
			s.state = fraction
		}
		return digit
	case exponent:
		if c == '+' || c == '-' {
			s.state = sign
			return true
		}
		fallthrough
	case sign, power:
		if digit {
			s.state = power
		}
		return digit
	}
	switch { // zero, digits
	case c == '.':
		s.state = point
	case c|0x20 == 'e':
		s.state = exponent
	default:
		return digit && s.state == digits
	}
	return true
}

// Mend appends to dst what is complete of an object that is cut off: its
// members, and those of the objects and elements of the arrays that are open
// where it is cut, and the brackets that close these. A member that was cut is
// left out. ok is false if head is not the beginning of an object, or nothing in
// it is complete.
func Mend(dst, head []byte) (mended []byte, ok bool) {
	var s Scanner
	good, open := 0, []byte(nil)
	for i, c := range head {
		was := s.state
		if number := s; number.isNumber() && !number.number(c) {
			good, open = i, append(open[:0], s.open...) // only now its end is known
		}
		if st := s.step(c); st != More {
			break
		}
		if s.state == after && (was != after || c == ']' || c == '}') && c != ',' {
			good, open = i+1, append(open[:0], s.open...)
		}
	}
	if good == 0 || len(open) == 0 || open[0] != '{' {
		return dst, false
	}
	dst = append(dst, head[:good]...)
	for i := len(open) - 1; i >= 0; i-- {
		dst = append(dst, open[i]+2) // the bracket that closes it, in ASCII
	}
	return dst, true
}
