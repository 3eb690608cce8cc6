package drain

// A Kind is what is known of the values that a token stands for.
type Kind uint8

// The kinds of token. A Word is no token but stands for itself.
const (
	Word   Kind = iota
	Number      // digits, with a sign or a fraction or without
	Time        // a date, a time of day, or a length of time
	UUID
	ID // letters and digits mixed, as in the names of machines
	IP
	Token // anything
)

var kindNames = [...]string{"Word", "Number", "Time", "UUID", "ID", "IP", "Token"}

// String is the kind as it stands in patterns.
func (k Kind) String() string { return kindNames[k] }

// join is the narrowest kind that takes in the values of both. It is the join of
// a semilattice, so that the order of joining makes no difference.
func join(a, b Kind) Kind {
	switch {
	case a == b:
		return a
	case a.identifies() && b.identifies():
		return ID
	}
	return Token
}

// identifies reports whether the values are a kind of identifier: those of one
// origin can happen to have digits only.
func (k Kind) identifies() bool { return k == Number || k == UUID || k == ID }

// A slot is a place of a text where texts of the same skeleton may differ: a word,
// or a value that has been masked.
type slot struct {
	kind Kind
	word string // empty unless it is a word
}

// covers reports whether what stands in the slot of a text may stand in the place
// of s in a pattern.
func (s slot) covers(text slot) bool {
	return s == text || s.kind != Word && join(s.kind, text.valueKind()) == s.kind
}

// valueKind is the kind of the value that stands in the slot.
func (s slot) valueKind() Kind {
	switch {
	case s.kind != Word:
		return s.kind
	case isNumber(s.word):
		return Number
	}
	return Token
}

// joined is the slot that covers both.
func (s slot) joined(text slot) slot {
	if s.covers(text) {
		return s
	}
	return slot{kind: join(s.valueKind(), text.valueKind())}
}
