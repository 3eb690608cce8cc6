package fields

import "fmt"

// A Kind says what a [Value] is.
type Kind uint8

// The kinds of value. Null, objects and arrays are no fields: they are Missing.
const (
	Missing Kind = iota
	String
	Number
	True
	False
)

var kindNames = [...]string{"Missing", "String", "Number", "True", "False"}

// String returns the name of the constant.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", k)
}

// A Value is one field as the line holds it. The zero Value is a field that is
// not there.
type Value struct {
	Kind Kind
	// Escaped says that Raw is the text of a string with a backslash in it.
	Escaped bool
	// Raw is the text between the quotes of a string, or any other leaf, as
	// written. It is a part of the line, and not a copy.
	Raw []byte
}

// A State says why a walk ended.
type State uint8

const (
	// Settled: every field was found or can no longer come. What follows in
	// the line was not looked at.
	Settled State = iota
	// End: the object was walked to its end, and only blanks follow it.
	End
	// Refused: accept returned false.
	Refused
	// Malformed: the line is not a JSON object, as far as it was looked at.
	Malformed
)

var stateNames = [...]string{"Settled", "End", "Refused", "Malformed"}

// String returns the name of the constant.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("State(%d)", s)
}

// A Result says how a walk ended, and where.
type Result struct {
	State State
	// Offset is where a Malformed line stops being JSON. In the other states
	// it is zero.
	Offset int
}

// FromEnd reports whether some name of the set may be looked for from the end of
// a line. Of other sets it holds that a walk which is Refused or Settled ends in
// the same way, with the same values, on every line that begins with the same
// text.
func (s *Set) FromEnd() bool { return s.tail.keys > 0 }

// Walk looks for the fields of the set in line, one JSON object, and sets
// values[i] to the field of the i-th name. It panics if values is shorter than
// the set.
//
// If accept is not nil, it is called once for each field as it is found, with
// the number of the name and its value, never for a field that is missing. The
// order is not that of the line: the verb may come before what stands before
// it. The walk ends at once when accept returns false; values then hold the
// fields found so far.
//
// Walk allocates nothing, but for sets whose names have more than 64 different
// first parts, and for keys that have escapes and are longer than 256 bytes.
func (s *Set) Walk(line []byte, values []Value, accept func(i int, v Value) bool) Result {
	values = values[:s.names]
	for i := range values {
		if values[i].Kind != Missing { // most are: a store would cost more
			values[i] = Value{}
		}
	}
	var h head
	if !s.head.done() {
		if h = apiServerHead(line); h.verb.end > 0 && !s.takeEarly(line, h, values, accept) {
			return Result{State: Refused}
		}
	}
	w := walker{set: s, line: line, values: values, accept: accept}
	w.walk(h)
	return w.result
}
