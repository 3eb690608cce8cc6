package fields

import "bytes"

// A walker is one walk over one line.
//
// Its methods take a place in the line and return a later one, or stop, a
// negative number, when the walk is over; result then says why.
type walker struct {
	set    *Set
	line   []byte
	values []Value
	accept func(i int, v Value) bool

	left   int // names not yet found
	result Result

	// A key at the top is settled once it was met: the names below it were
	// found there, or are missing.
	settled []uint64  // one bit for each child of the root
	few     [4]uint64 // the memory of settled, unless they are many
	head    int       // children of the root not yet settled, but for tail keys
	tail    int       // tail keys not yet settled
	back    bool      // the tail was looked at
}

const stop = -1

// fail ends the walk of a line that is not JSON at i.
func (w *walker) fail(i int) int {
	return w.end(Malformed, i)
}

// end ends the walk.
func (w *walker) end(s State, i int) int {
	w.result = Result{s, i}
	return stop
}

// at returns the byte at i, and 0, which no rule expects, behind the line.
func (w *walker) at(i int) byte {
	if i < len(w.line) {
		return w.line[i]
	}
	return 0
}

// walk does all of it.
func (w *walker) walk() {
	i := skipBlanks(w.line, 0)
	if w.at(i) != '{' {
		w.fail(i)
		return
	}
	w.settled = w.few[:]
	if keys := len(w.set.root.children); keys > 64*len(w.few) {
		w.settled = make([]uint64, (keys+63)/64)
	}
	w.tail = w.set.tail
	w.head = len(w.set.root.children) - w.tail
	if i = w.next(i + 1); i < 0 {
		return
	}
	if i = w.object(&w.set.root, i); i < 0 {
		return
	}
	if i = skipBlanks(w.line, i); i < len(w.line) {
		w.fail(i)
		return
	}
	w.end(End, 0)
}

// next decides how the walk goes on at i after a key at the top was settled.
func (w *walker) next(i int) int {
	if w.head == 0 && w.tail > 0 && !w.back {
		w.back = true
		if w.fromEnd(i) < 0 {
			return stop
		}
	}
	if w.head == 0 && w.tail == 0 {
		return w.end(Settled, 0)
	}
	return i
}

// object walks over the members of an object. i is behind its brace.
func (w *walker) object(n *node, i int) int {
	i = skipBlanks(w.line, i)
	if w.at(i) == '}' {
		return i + 1
	}
	for {
		if w.at(i) != '"' {
			return w.fail(i)
		}
		end := skipString(w.line, i+1)
		if end < 0 {
			return w.fail(^end)
		}
		c := w.child(n, w.line[i+1:end-1])
		i = skipBlanks(w.line, end)
		if w.at(i) != ':' {
			return w.fail(i)
		}
		i = skipBlanks(w.line, i+1)
		if i = w.member(c, i); i < 0 {
			return i
		}
		i = skipBlanks(w.line, i)
		switch w.at(i) {
		case ',':
			i = skipBlanks(w.line, i+1)
		case '}':
			return i + 1
		default:
			return w.fail(i)
		}
	}
}

// member walks over the value of a member or an element.
func (w *walker) member(c *node, i int) int {
	if c == nil || w.settled[c.top/64]>>(c.top%64)&1 != 0 {
		return w.skip(i)
	}
	i = w.value(c, i)
	if i < 0 || !c.first {
		return i
	}
	w.settle(c)
	return w.next(i)
}

// settle notes that the names below c, a child of the root, are settled.
func (w *walker) settle(c *node) {
	w.settled[c.top/64] |= 1 << (c.top % 64)
	if c.tail {
		w.tail--
	} else {
		w.head--
	}
}

// skip passes the value at i.
func (w *walker) skip(i int) int {
	if i = skipValue(w.line, i); i < 0 {
		return w.fail(^i)
	}
	return i
}

// child returns the node that a key leads to, or nil. raw is the key as
// written.
func (w *walker) child(n *node, raw []byte) *node {
	if bytes.IndexByte(raw, '\\') < 0 && !w.set.normalize {
		return n.below(raw)
	}
	// One byte of text is written in six bytes or fewer. The buffer is enough
	// for all names but very long ones.
	if len(raw) > 6*w.set.longest {
		return nil
	}
	var buf [256]byte
	return n.below(appendUnescaped(buf[:0], raw))
}

// array walks over the elements of an array. i is behind its bracket.
func (w *walker) array(n *node, i int) int {
	i = skipBlanks(w.line, i)
	if w.at(i) == ']' {
		return i + 1
	}
	indexes := n.indexes
	for number := 0; ; number++ {
		var c *node
		if indexes[0].number == number {
			c, indexes = indexes[0].node, indexes[1:]
		}
		if i = w.member(c, i); i < 0 {
			return i
		}
		i = skipBlanks(w.line, i)
		switch w.at(i) {
		case ',':
			i = skipBlanks(w.line, i+1)
		case ']':
			return i + 1
		default:
			return w.fail(i)
		}
		if len(indexes) == 0 {
			if i = skipNested(w.line, i, 1); i < 0 {
				return w.fail(^i)
			}
			return i
		}
	}
}

// value walks over the value at i and takes what the set has of it.
func (w *walker) value(n *node, i int) int {
	switch c := w.at(i); {
	case c == '{' && len(n.children) > 0:
		return w.object(n, i+1)
	case c == '[' && len(n.indexes) > 0:
		return w.array(n, i+1)
	case n.leaf < 0 || c == '{' || c == '[' || w.values[n.leaf].Kind != Missing:
		return w.skip(i)
	}
	return w.leaf(n, i)
}

// leaf takes the leaf at i.
func (w *walker) leaf(n *node, i int) int {
	var v Value
	end := skipValue(w.line, i)
	if end < 0 {
		return w.fail(^end)
	}
	switch raw := w.line[i:end]; {
	case raw[0] == '"':
		raw = raw[1 : len(raw)-1]
		v = Value{String, bytes.IndexByte(raw, '\\') >= 0, raw}
	case string(raw) == "true":
		v = Value{Kind: True, Raw: raw}
	case string(raw) == "false":
		v = Value{Kind: False, Raw: raw}
	case string(raw) == "null":
		return end
	case isNumber(raw):
		v = Value{Kind: Number, Raw: raw}
	default:
		return w.fail(i)
	}
	w.left--
	for k := n.leaf; k >= 0; k = w.set.same[k] {
		w.values[k] = v
		if w.accept != nil && !w.accept(int(k), v) {
			return w.end(Refused, 0)
		}
	}
	if w.left == 0 {
		return w.end(Settled, 0)
	}
	return end
}

// isNumber reports whether text is a JSON number.
func isNumber(text []byte) bool {
	i := 0
	digits := func() bool {
		start := i
		for i < len(text) && '0' <= text[i] && text[i] <= '9' {
			i++
		}
		return i > start
	}
	next := func(bytes string) bool {
		if i < len(text) && (text[i] == bytes[0] || text[i] == bytes[len(bytes)-1]) {
			i++
			return true
		}
		return false
	}
	next("-")
	if !next("0") && !digits() {
		return false
	}
	if next(".") && !digits() {
		return false
	}
	if next("eE") {
		if !next("+") {
			next("-")
		}
		if !digits() {
			return false
		}
	}
	return i == len(text)
}
