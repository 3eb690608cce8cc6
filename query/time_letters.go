package query

import (
	"math"
	"strings"
	"time"
)

// dateLetter is what a letter that stands n times means; nil if it is nothing
// that this package takes.
func dateLetter(letter byte, n int) datePart {
	switch letter {
	case 'y', 'u':
		return yearPart(n)
	case 'M', 'L':
		return monthPart(n)
	case 'E':
		return weekdayPart(n)
	case 'a':
		return halfPart(n)
	case 'S':
		return fractionPart(n)
	case 'X', 'x', 'Z':
		return offsetPart(letter, n)
	}
	number, ok := dateNumbers[letter]
	if !ok || n > number.digits {
		return nil
	}
	most := n
	if n == 1 {
		most = number.digits
	}
	return func(s string, d *date) (string, bool) {
		v, rest, ok := takeDigits(s, n, most)
		if !ok || v < number.least || v > number.most {
			return "", false
		}
		number.set(d, v)
		return rest, true
	}
}

// dateNumbers are the letters for numbers. One letter stands for as many digits
// as there are, several for just so many.
var dateNumbers = map[byte]struct {
	digits, least, most int
	set                 func(d *date, v int)
}{
	'd': {2, 1, 31, func(d *date, v int) { d.day = v }},
	'D': {3, 1, 366, func(d *date, v int) { d.yearDay = v }},
	'H': {2, 0, 23, func(d *date, v int) { d.hour = v }},
	'k': {2, 1, 24, func(d *date, v int) { d.hour = v % 24 }},
	'h': {2, 1, 12, func(d *date, v int) { d.hour, d.clock12 = v, true }},
	'K': {2, 0, 11, func(d *date, v int) { d.hour, d.clock12 = v, true }},
	'm': {2, 0, 59, func(d *date, v int) { d.minute = v }},
	's': {2, 0, 59, func(d *date, v int) { d.second = v }},
	'n': {9, 0, 999_999_999, func(d *date, v int) { d.nano = v }},
}

// takeDigits takes a number of so many digits.
func takeDigits(s string, least, most int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < most && isDigit(s[i]) {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i >= least
}

// yearPart takes a year: with two letters, one from 2000 to 2099.
func yearPart(n int) datePart {
	if n > 4 || n == 3 {
		return nil
	}
	return func(s string, d *date) (string, bool) {
		most := 4
		if n == 2 {
			most = 2
		}
		v, rest, ok := takeDigits(s, n, most)
		if n == 2 {
			v += 2000
		}
		d.year, d.yearSaid = v, true
		return rest, ok
	}
}

func monthPart(n int) datePart {
	names := make([]string, 12)
	for i := range names {
		names[i] = time.Month(i + 1).String()
	}
	switch n {
	case 1, 2:
		return func(s string, d *date) (string, bool) {
			v, rest, ok := takeDigits(s, n, 2)
			d.month = v
			return rest, ok && 1 <= v && v <= 12
		}
	case 3, 4:
		return namePart(names, n == 3, func(d *date, i int) { d.month = i + 1 })
	}
	return nil
}

func weekdayPart(n int) datePart {
	if n > 4 {
		return nil
	}
	names := make([]string, 7)
	for i := range names {
		names[i] = time.Weekday(i).String()
	}
	return namePart(names, n < 4, func(d *date, i int) { d.weekday = i })
}

func halfPart(n int) datePart {
	if n > 1 {
		return nil
	}
	return namePart([]string{"AM", "PM"}, false, func(d *date, i int) { d.half = i + 1 })
}

// namePart takes one of the names, in the case that they have; or if they are
// short, their first three letters.
func namePart(names []string, short bool, set func(d *date, i int)) datePart {
	return func(s string, d *date) (string, bool) {
		for i, name := range names {
			if short {
				name = name[:3]
			}
			if rest, ok := strings.CutPrefix(s, name); ok {
				set(d, i)
				return rest, true
			}
		}
		return "", false
	}
}

// fractionPart takes just so many digits of a second's fraction.
func fractionPart(n int) datePart {
	if n > 9 {
		return nil
	}
	return func(s string, d *date) (string, bool) {
		v, rest, ok := takeDigits(s, n, n)
		d.nano = v * int(math.Pow10(9-n))
		return rest, ok
	}
}

// offsetPart takes an offset from UTC: one X stands for +02 or +0230, two for
// +0200, three for +02:00, and Z for zero; x has no Z. The letter Z itself, up
// to three times, is two x.
func offsetPart(letter byte, n int) datePart {
	if n > 3 {
		return nil
	}
	if letter == 'Z' {
		letter, n = 'x', 2
	}
	length := []int{1: len("+0200"), 2: len("+0200"), 3: len("+02:00")}[n]
	return func(s string, d *date) (string, bool) {
		if rest, ok := strings.CutPrefix(s, "Z"); ok && letter == 'X' {
			d.zone = time.UTC
			return rest, true
		}
		for _, length := range []int{length, len("+02")} {
			if len(s) < length || length == len("+02") && n > 1 {
				continue
			}
			if zone, ok := parseOffset(s[:length]); ok && (n < 3) == !strings.Contains(s[:length], ":") {
				d.zone = zone
				return s[length:], true
			}
		}
		return "", false
	}
}
