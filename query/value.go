package query

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Kind is the kind of a [Value].
type Kind uint8

// The kinds of value. Dates are numbers or strings until a function or
// @timestamp makes them times.
const (
	KindMissing Kind = iota // the field is absent, or JSON null
	KindString
	KindNumber
	KindBool
	KindTime
	KindList
	KindMap
)

var kindNames = [...]string{"missing", "string", "number", "boolean", "time", "list", "map"}

// String returns the kind's name in lower case.
func (k Kind) String() string { return kindNames[k] }

// A Value is what a field holds or an expression gives. The zero Value is
// missing. Values are immutable, share nothing with the log they were read
// from, and can be kept.
//
// All rules of comparison and coercion of the language are methods of Value.
//
// It has no more than four fields and four words, which the compiler keeps in
// registers: values are handed on several times for each event.
type Value struct {
	kind Kind
	// whole says that a number is an integer held exactly in bits.
	whole bool
	// bits is an int64 (whole numbers, times in Unix microseconds, booleans as
	// 0 and 1) or the bits of a float64 (other numbers).
	bits uint64
	// text is a string; or a number as it was written, empty if it was
	// computed. Of a list or a map it is no text: only elements knows what it is.
	text string
}

func stringValue(s string) Value { return Value{kind: KindString, text: s} }

// StringValue returns the string s as a value.
func StringValue(s string) Value { return stringValue(s) }

// ParseValue returns the value that text most likely is the print of, for
// results of the service, in which all values are texts: a time if it has the
// form "2006-01-02 15:04:05.000", a number if it is one as JSON has them, else a
// string. The value prints as text again. What a text does not tell stays
// untold: a boolean is the number 1 or 0, and a list or a map is a string.
func ParseValue(text string) Value {
	if t, err := time.Parse(timeLayout, text); err == nil && t.Format(timeLayout) == text {
		return timeValue(t)
	}
	if v := writtenNumber(text); !v.Missing() && json.Valid([]byte(text)) {
		return v
	}
	return stringValue(text)
}

func boolValue(b bool) Value {
	if b {
		return Value{kind: KindBool, bits: 1}
	}
	return Value{kind: KindBool}
}

// timeValue returns a time, or a missing value for the zero time. What is
// finer than the microseconds of an audit event is cut off.
func timeValue(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return Value{kind: KindTime, bits: uint64(t.UnixMicro())}
}

// The first and the last time that there is, in milliseconds: those of the
// years 1 to 9999, which timeLayout can print.
const (
	minMillis = -62_135_596_800_000
	maxMillis = 253_402_300_799_999
)

// millisValue returns the time so many milliseconds after the Unix epoch, or a
// missing value if there is no such time.
func millisValue(ms float64) Value {
	if !(minMillis <= ms && ms <= maxMillis) {
		return Value{}
	}
	return Value{kind: KindTime, bits: uint64(int64(math.Floor(ms * 1000)))}
}

// microsValue returns the time so many microseconds after the Unix epoch, or a
// missing value if there is no such time.
func microsValue(us int64) Value {
	if us < minMillis*1000 || us > maxMillis*1000 {
		return Value{}
	}
	return Value{kind: KindTime, bits: uint64(us)}
}

func listValue(items []Value) Value { return structureValue(KindList, items) }

// isStructure reports whether v is a list or a map, which to most functions and
// operators is as good as missing.
// Source: the structure types of the Logs Insights functions page.
func (v Value) isStructure() bool { return v.kind == KindList || v.kind == KindMap }

// asText returns the text of v; false for a missing value and a structure.
func (v Value) asText() (string, bool) {
	if v.kind == KindMissing || v.isStructure() {
		return "", false
	}
	return v.String(), true
}

// exact is the largest integer up to which every integer is a float64.
const exact = 1 << 53

// numberValue returns the number f, or a missing value if it is not finite.
func numberValue(f float64) Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}
	}
	if f == math.Trunc(f) && math.Abs(f) <= exact {
		return Value{kind: KindNumber, whole: true, bits: uint64(int64(f))}
	}
	return Value{kind: KindNumber, bits: math.Float64bits(f)}
}

// writtenNumber returns the number that text spells, which it prints as again;
// a missing value if it spells none. An integer of 64 bits is held exactly.
func writtenNumber(text string) Value {
	if i, ok := parseInt(text); ok {
		return Value{kind: KindNumber, whole: true, bits: uint64(i), text: text}
	}
	f, ok := parseNumber(text)
	if !ok {
		return Value{}
	}
	return Value{kind: KindNumber, bits: math.Float64bits(f), text: text}
}

// parseInt reads an integer of 64 bits.
func parseInt(s string) (int64, bool) {
	digits := strings.TrimPrefix(s, "-")
	if len(digits) > 18 { // it may be too large
		i, err := strconv.ParseInt(s, 10, 64)
		return i, err == nil
	}
	var n int64
	for _, c := range []byte(digits) {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if len(digits) < len(s) {
		n = -n
	}
	return n, digits != ""
}

// parseNumber reads a decimal number: an optional sign, digits with an
// optional fraction, an optional exponent, and nothing else. Spaces, hex,
// "inf" and numbers too large for a float64 are no numbers.
func parseNumber(s string) (float64, bool) {
	if s == "" || s[0] > '9' || strings.Trim(s, "0123456789+-.eE") != "" { // most texts begin with a letter
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// valueSize is the size of a Value without its text, in bytes.
const valueSize = 32

// own returns v with a text of its own. Values that a scan computes may borrow
// theirs from the event, which is gone with the next one.
func (v Value) own() Value {
	if !v.isStructure() {
		v.text = strings.Clone(v.text)
		return v
	}
	items := slices.Clone(v.elements())
	for i := range items {
		items[i] = items[i].own()
	}
	return structureValue(v.kind, items)
}

// appendText appends what String returns.
func (v Value) appendText(dst []byte) []byte {
	switch {
	case v.kind == KindString || v.kind == KindNumber && v.text != "":
		return append(dst, v.text...)
	case v.kind == KindNumber && v.whole:
		return strconv.AppendInt(dst, int64(v.bits), 10)
	}
	return append(dst, v.String()...)
}

// GoString returns the parts of v for the %#v of package fmt.
func (v Value) GoString() string {
	if v.isStructure() {
		return fmt.Sprintf("query.Value{%v %#v}", v.kind, v.elements())
	}
	return fmt.Sprintf("query.Value{%v %t %#x %q}", v.kind, v.whole, v.bits, v.text)
}

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.kind }

// Missing reports whether v is missing.
func (v Value) Missing() bool { return v.kind == KindMissing }

// Float64 returns v as a number: a number as it is, a boolean as 1 or 0, a
// time in milliseconds since the Unix epoch, and a string that spells a
// decimal number as that number. Other values are no number.
func (v Value) Float64() (float64, bool) {
	switch v.kind {
	case KindNumber:
		if !v.whole {
			return math.Float64frombits(v.bits), true
		}
		return float64(int64(v.bits)), true
	case KindBool:
		return float64(v.bits), true
	case KindTime:
		t, _ := v.Time()
		return float64(t.UnixMilli()), true
	case KindString:
		return parseNumber(v.text)
	}
	return 0, false
}

// Time returns the time that v holds, in UTC, if its kind is KindTime.
func (v Value) Time() (time.Time, bool) {
	if v.kind != KindTime {
		return time.Time{}, false
	}
	return time.UnixMicro(int64(v.bits)).UTC(), true
}

// instant returns v as a time: a time as it is, a number as so many
// milliseconds since the Unix epoch.
func (v Value) instant() (time.Time, bool) {
	if ms, ok := v.Float64(); ok && v.kind == KindNumber {
		v = millisValue(ms)
	}
	return v.Time()
}

// timeLayout is how the service prints times: in UTC, with milliseconds.
// Source: the GetQueryResults API reference.
const timeLayout = "2006-01-02 15:04:05.000"

// String returns v as the service prints it. A missing value is empty, a
// boolean is 1 or 0, a time has the form "2006-01-02 15:04:05.000" in UTC, a
// number read from the log is as it stood there, a computed one has as many
// digits as it takes to tell it from its neighbours, and a list or a map is JSON.
func (v Value) String() string {
	switch v.kind {
	case KindString:
		return v.text
	case KindNumber:
		return v.numberText()
	case KindBool:
		return strconv.FormatUint(v.bits, 10)
	case KindTime:
		t, _ := v.Time()
		return t.Format(timeLayout)
	case KindList, KindMap:
		text, _ := v.MarshalJSON()
		return string(text)
	}
	return ""
}

func (v Value) numberText() string {
	if v.text != "" {
		return v.text
	}
	if v.whole {
		return strconv.FormatInt(int64(v.bits), 10)
	}
	f := math.Float64frombits(v.bits)
	if abs := math.Abs(f); abs < 1e-7 || abs >= 1e21 {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// MarshalJSON returns v as JSON: numbers and booleans (1 or 0) as numbers, a
// missing value as null, lists as arrays, maps as objects, in which booleans are
// true and false, and the rest as strings.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case KindMissing:
		return []byte("null"), nil
	case KindNumber:
		if text := v.numberText(); json.Valid([]byte(text)) {
			return []byte(text), nil
		}
		return []byte(Value{kind: KindNumber, whole: v.whole, bits: v.bits}.numberText()), nil
	case KindBool:
		return []byte(v.String()), nil
	case KindList, KindMap:
		return v.appendJSON(nil), nil
	}
	return marshalText(v.String())
}

// marshalText is the JSON string of s. Unlike json.Marshal it leaves <, > and &
// alone: results are for people and programs, not for HTML pages.
func marshalText(s string) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}

// truth is the value of v as a condition. Missing values, the empty string,
// 0, "0" and false are false.
func (v Value) truth() bool {
	switch v.kind {
	case KindString:
		return v.text != "" && v.text != "0"
	case KindNumber:
		f, _ := v.Float64()
		return f != 0
	case KindBool:
		return v.bits == 1
	case KindTime:
		return true
	case KindList, KindMap:
		return len(v.elements()) > 0
	}
	return false
}

// equal is the language's =. Nothing equals a missing value or a structure. Where
// one side is a number, both must be, or spell, equal numbers; two strings are
// equal if they are the same, so that "007" = "7" is false. A boolean equals
// 1 or 0 and also the strings "true" or "false"; a time equals its
// milliseconds and the text it prints as.
func (v Value) equal(w Value) bool {
	switch {
	case v.kind == KindMissing || w.kind == KindMissing, v.isStructure() || w.isStructure():
		return false
	case v.kind == KindString && w.kind == KindString:
		return v.text == w.text
	case v.kind == KindString:
		return w.equal(v)
	case v.kind == KindBool && w.kind == KindString && w.text == strconv.FormatBool(v.bits == 1):
		return true
	case v.kind == KindTime && w.kind == KindString && w.text == v.String():
		return true
	}
	c, ok := v.compareNumbers(w)
	return ok && c == 0
}

// compare is the language's order for < and >. Numbers, booleans and times,
// and strings that spell numbers, compare as numbers; two strings of which one
// spells none compare by code point. Other pairs have no order, and both
// comparisons are false.
func (v Value) compare(w Value) (int, bool) {
	if c, ok := v.compareNumbers(w); ok {
		return c, true
	}
	if v.kind == KindString && w.kind == KindString {
		return strings.Compare(v.text, w.text), true
	}
	return 0, false
}

// compareNumbers compares as numbers, without loss: an integer of 64 bits that
// no float64 holds is not equal to its neighbours. It reports false if one of
// the two stands for no number.
func (v Value) compareNumbers(w Value) (int, bool) {
	if v.kind == KindTime && w.kind == KindTime {
		return cmp.Compare(int64(v.bits), int64(w.bits)), true
	}
	v, w = v.number(), w.number()
	switch {
	case v.kind == KindMissing || w.kind == KindMissing:
		return 0, false
	case v.whole && w.whole:
		return cmp.Compare(int64(v.bits), int64(w.bits)), true
	case v.whole:
		return compareMixed(int64(v.bits), math.Float64frombits(w.bits)), true
	case w.whole:
		return -compareMixed(int64(w.bits), math.Float64frombits(v.bits)), true
	}
	return cmp.Compare(math.Float64frombits(v.bits), math.Float64frombits(w.bits)), true
}

// number is the number that v stands for, as [Value.Float64] has it but
// without loss; a missing value if there is none.
func (v Value) number() Value {
	switch v.kind {
	case KindNumber:
		return v
	case KindString:
		return writtenNumber(v.text)
	case KindBool:
		return Value{kind: KindNumber, whole: true, bits: v.bits}
	case KindTime:
		t, _ := v.Time()
		return Value{kind: KindNumber, whole: true, bits: uint64(t.UnixMilli())}
	}
	return Value{}
}

// compareMixed compares an integer with a finite float64.
func compareMixed(i int64, f float64) int {
	switch {
	case f >= 1<<63:
		return -1
	case f < -1<<63:
		return 1
	}
	whole := math.Trunc(f)
	return cmp.Or(cmp.Compare(i, int64(whole)), cmp.Compare(0, f-whole))
}

// CompareNatural is the order of sort, ascending: it is negative if v comes
// before w, 0 if they are the same to it, else positive. Missing values come
// first, then values that are no numbers, then numbers (and strings that spell
// one). Times come last, by time. Equal numbers that are written differently are
// ordered by their text.
// Source: the natural sorting order of the Logs Insights sort page.
func (v Value) CompareNatural(w Value) int {
	rank := v.rank()
	if other := w.rank(); rank != other {
		return cmp.Compare(rank, other)
	}
	switch rank {
	case rankMissing:
		return 0
	case rankText:
		return compareRuns(v.String(), w.String())
	}
	if c, _ := v.compareNumbers(w); c != 0 {
		return c
	}
	return strings.Compare(v.String(), w.String())
}

const (
	rankMissing = iota
	rankText
	rankNumber
	rankTime
)

// rank is the place of v's kind in the order of sort.
func (v Value) rank() int {
	switch v.kind {
	case KindMissing:
		return rankMissing
	case KindNumber, KindBool:
		return rankNumber
	case KindTime:
		return rankTime
	}
	if _, ok := v.Float64(); ok {
		return rankNumber
	}
	return rankText
}

// compareRuns compares texts piece by piece: two runs of digits by length and
// then by value, everything else by code point; what ends first comes first.
func compareRuns(a, b string) int {
	for a != "" && b != "" {
		i, j := digitRun(a), digitRun(b)
		if i == 0 || j == 0 {
			if a[0] != b[0] { // bytes of UTF-8 are ordered as code points are
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		if i != j {
			return cmp.Compare(i, j)
		}
		if c := strings.Compare(a[:i], b[:j]); c != 0 {
			return c
		}
		a, b = a[i:], b[j:]
	}
	return cmp.Compare(len(a), len(b))
}

// digitRun is the number of digits that s begins with.
func digitRun(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}
