package drain

import (
	"net/netip"
	"strings"
)

// What stands in masked text in the place of bytes: escape, and behind it a kind
// as a digit, or one of the others.
const (
	escape    = 0
	escapeNUL = 'n' // the byte 0 itself
	hole      = 'h' // in a skeleton, a slot
)

// Mask appends text to dst with the values in it that are known to vary masked. Of
// two texts with equal masks one is as good as the other to a [Tree], and there
// are far fewer masks than texts.
//
// A number is masked if it has four digits or more, or a fraction: smaller ones,
// such as the codes of HTTP, are for the tree to decide about. A word of eight
// characters or more, three of them digits, is an identifier.
func Mask(dst []byte, text string) []byte {
	for i := 0; i < len(text); {
		if kind, n := valueAt(text, i); n > 0 {
			dst = append(dst, escape, '0'+byte(kind))
			i += n
			continue
		}
		n := max(1, wordLen(text[i:]))
		if text[i] == escape {
			dst = append(dst, escape, escapeNUL)
		} else {
			dst = append(dst, text[i:i+n]...)
		}
		i += n
	}
	return dst
}

// isWordByte reports whether the byte can be part of a word. Bytes of other than
// ASCII characters are.
func isWordByte(c byte) bool {
	switch {
	case c >= 0x80, 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("_-.+@%~*#$^`", c) >= 0
}

// wordLen is the length of the word that s begins with; 0 if it begins with none.
// Dots at its end do not belong to it.
func wordLen(s string) int {
	n := 0
	for n < len(s) && isWordByte(s[n]) {
		n++
	}
	for n > 0 && s[n-1] == '.' {
		n--
	}
	return n
}

// ends reports whether a value can end before s.
func ends(s string) bool { return wordLen(s) == 0 }

// valueAt is the value that begins at a place of the text where a word could, and
// its length; 0 if there is none that is masked.
func valueAt(text string, i int) (Kind, int) {
	if i > 0 && isWordByte(text[i-1]) {
		return 0, 0
	}
	s := text[i:]
	if n := timeLen(s); n > 0 && ends(s[n:]) {
		return Time, n
	}
	if n := addressLen(s); n > 0 {
		return IP, n
	}
	n := wordLen(s)
	word := s[:n]
	switch {
	case n == 0:
	case isUUID(word):
		return UUID, n
	case isSpan(word):
		return Time, n
	case isNumber(word):
		if unit := unitLen(s[n:]); unit > 0 {
			return Time, n
		}
		if isLargeNumber(word) {
			return Number, n
		}
	case isID(word):
		return ID, n
	}
	return 0, 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// digits is the number of digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// matches reports whether s begins with the form, in which 0 is any digit.
func matches(s, form string) bool {
	if len(s) < len(form) {
		return false
	}
	for i := range len(form) {
		if form[i] == '0' && !isDigit(s[i]) || form[i] != '0' && s[i] != form[i] {
			return false
		}
	}
	return true
}

// timeLen is the length of the date, with a time of day or without, or of the time
// of day that s begins with; 0 if it begins with none.
func timeLen(s string) int {
	if s == "" || !isDigit(s[0]) {
		return 0
	}
	if !matches(s, "0000-00-00") && !matches(s, "0000/00/00") {
		return clockLen(s)
	}
	const date = len("0000-00-00")
	if len(s) > date && strings.IndexByte("Tt _", s[date]) >= 0 {
		if n := max(clockLen(s[date+1:]), minuteLen(s[date+1:])); n > 0 {
			return date + 1 + n
		}
	}
	return date
}

// clockLen is the length of a time of day with seconds, and of the fraction and
// the offset behind it.
func clockLen(s string) int {
	if !matches(s, "00:00:00") {
		return 0
	}
	n := len("00:00:00")
	if n < len(s) && (s[n] == '.' || s[n] == ',') {
		if fraction := digits(s[n+1:]); fraction > 0 {
			n += 1 + fraction
		}
	}
	for _, zone := range []string{"Z", "z", "+00:00", "-00:00", "+0000", "-0000"} {
		if matches(s[n:], zone) {
			return n + len(zone)
		}
	}
	return n
}

// minuteLen is the length of a time of day without seconds.
func minuteLen(s string) int {
	if matches(s, "00:00") {
		return len("00:00")
	}
	return 0
}

// addressLen is the length of the IP address that s begins with.
func addressLen(s string) int {
	n, dots, colons := 0, 0, 0
	for ; n < len(s) && n <= len("0000:0000:0000:0000:0000:ffff:255.255.255.255"); n++ {
		switch c := s[n]; {
		case c == '.':
			dots++
		case c == ':':
			colons++
		case !isHex(c):
			return addressOf(s, n, dots, colons)
		}
	}
	return addressOf(s, n, dots, colons)
}

// addressOf tells whether the first n bytes of s, in which there are so many dots
// and colons, are an address.
func addressOf(s string, n, dots, colons int) int {
	if colons < 2 {
		n = wordLen(s) // what stands behind a colon is a port
	}
	if dots < 3 && colons < 2 || !ends(s[n:]) {
		return 0
	}
	if _, err := netip.ParseAddr(s[:n]); err != nil {
		return 0
	}
	return n
}

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash && s[i] != '-' || !dash && !isHex(s[i]) {
			return false
		}
	}
	return true
}

// numberLen is the length of the number that s begins with: digits, with a
// fraction or without.
func numberLen(s string) int {
	n := digits(s)
	if n > 0 && n < len(s) && s[n] == '.' {
		if fraction := digits(s[n+1:]); fraction > 0 {
			n += 1 + fraction
		}
	}
	return n
}

// isNumber reports whether the word is a number.
func isNumber(word string) bool {
	word = strings.TrimLeft(word[:min(1, len(word))], "+-") + word[min(1, len(word)):]
	return word != "" && numberLen(word) == len(word)
}

func isLargeNumber(word string) bool {
	return strings.Contains(word, ".") || len(strings.TrimLeft(word, "+-")) > 3
}

// spanUnits are the units of lengths of time that nothing else is written with:
// 5m may also be five thousandths.
var spanUnits = []string{"ms", "us", "µs", "ns", "s"}

// isSpan reports whether the word is a length of time, such as 1.5ms or 2m30s.
func isSpan(word string) bool {
	for word != "" {
		n := numberLen(word)
		if n == 0 {
			return false
		}
		word = word[n:]
		for _, unit := range spanUnits {
			if word == unit {
				return true
			}
		}
		if word == "" || word[0] != 'h' && word[0] != 'm' {
			return false
		}
		word = word[1:]
	}
	return false
}

// unitLen is the length of the unit of time that stands behind a number, with the
// space before it.
func unitLen(s string) int {
	if s == "" || s[0] != ' ' {
		return 0
	}
	n := 1 + wordLen(s[1:])
	switch s[1:n] {
	case "ms", "millis", "millisecond", "milliseconds", "s", "sec", "secs", "second", "seconds", "us", "µs", "ns", "minutes", "hours":
		return n
	}
	return 0
}

// isID reports whether the word looks like an identifier that was made up by a
// program.
func isID(word string) bool {
	count := 0
	for i := range len(word) {
		if isDigit(word[i]) {
			count++
		}
	}
	return len(word) >= 8 && count >= 3
}
