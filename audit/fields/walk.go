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
	result Result

	// What is left to do is counted for the tail keys and for all others, the
	// head. A key at the top is settled once it was met: the names below it
	// were found there, or are missing.
	head, tail count
	settled    uint64   // one bit for each of the first children of the root
	more       []uint64 // and for the others
	back       bool     // the end of the line was looked at
}

// A count is of what a walk has not met yet.
type count struct {
	keys  int32 // children of the root not settled
	names int32 // distinct names not found
}

// done reports whether nothing can come any more.
func (c *count) done() bool { return c.keys == 0 || c.names == 0 }

// of returns the count that the names below n, and n itself, are part of.
func (w *walker) of(n *node) *count {
	if n.tail {
		return &w.tail
	}
	return &w.head
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

// walk does all of it. What the head of the line tells was taken, if there is one.
func (w *walker) walk(h head) {
	w.head, w.tail = w.set.head, w.set.tail
	if keys := len(w.set.root.children); keys > 64 {
		w.more = make([]uint64, (keys-1)/64)
	}
	i := skipBlanks(w.line, 0)
	if w.at(i) != '{' {
		w.fail(i)
		return
	}
	if i = w.next(i + 1); i < 0 {
		return
	}
	if h.verb.end == 0 {
		i = w.object(&w.set.root, i)
	} else if i = w.afterVerb(h); i > 0 {
		i = w.members(&w.set.root, w.afterUser(i))
	}
	if i < 0 {
		return
	}
	if i = skipBlanks(w.line, i); i < len(w.line) {
		w.fail(i)
		return
	}
	w.end(End, 0)
}

// next decides how the walk goes on at i, after a field was found or a key at
// the top was settled.
func (w *walker) next(i int) int {
	if !w.head.done() {
		return i
	}
	if !w.tail.done() && !w.back {
		w.back = true
		if w.fromEnd(i) < 0 {
			return stop
		}
	}
	if w.tail.done() {
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
	return w.members(n, i)
}

// members walks over the members of an object from the one at i on.
func (w *walker) members(n *node, i int) int {
	for {
		if w.at(i) != '"' {
			return w.fail(i)
		}
		end, plain := skipKey(w.line, i+1)
		if end < 0 {
			return w.fail(^end)
		}
		var c *node
		if key := w.line[i+1 : end-1]; plain && !w.set.normalize {
			c = n.below(key)
		} else {
			c = w.unescaped(n, key)
		}
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
	if c == nil || w.isSettled(c) {
		return w.skip(i)
	}
	i = w.value(c, i)
	if i < 0 || !c.first {
		return i
	}
	w.settle(c)
	return w.next(i)
}

// isSettled reports whether the key at the top that leads to c is settled.
func (w *walker) isSettled(c *node) bool {
	if c.top < 64 {
		return w.settled>>c.top&1 != 0
	}
	return w.more[c.top/64-1]>>(c.top%64)&1 != 0
}

// settle settles c, a child of the root.
func (w *walker) settle(c *node) {
	if c.top < 64 {
		w.settled |= 1 << c.top
	} else {
		w.more[c.top/64-1] |= 1 << (c.top % 64)
	}
	w.of(c).keys--
}

// skip passes the value at i.
func (w *walker) skip(i int) int {
	if i = skipValue(w.line, i); i < 0 {
		return w.fail(^i)
	}
	return i
}

// unescaped returns the node that a key leads to from n, or nil. raw is the
// key as written.
func (w *walker) unescaped(n *node, raw []byte) *node {
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
			if i = skipNested(w.line, i, '[', 1); i < 0 {
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
	case c == '"':
		end := skipString(w.line, i+1)
		if end < 0 {
			return w.fail(^end)
		}
		return w.takeString(n, i+1, end)
	}
	return w.scalar(n, i)
}

// takeString takes the string from i on, without its quotes, that ends before
// end.
func (w *walker) takeString(n *node, i, end int) int {
	raw := w.line[i : end-1]
	return w.take(n, Value{String, bytes.IndexByte(raw, '\\') >= 0, raw}, end)
}

// scalar takes the number or literal at i.
func (w *walker) scalar(n *node, i int) int {
	end := skipScalar(w.line, i)
	if end < 0 {
		return w.fail(^end)
	}
	v := Value{Raw: w.line[i:end]}
	switch {
	case string(v.Raw) == "true":
		v.Kind = True
	case string(v.Raw) == "false":
		v.Kind = False
	case string(v.Raw) == "null":
		return end
	case isNumber(v.Raw):
		v.Kind = Number
	default:
		return w.fail(i)
	}
	return w.take(n, v, end)
}

// take takes v, which ends before i.
func (w *walker) take(n *node, v Value, i int) int {
	if !w.set.give(n, v, w.values, w.accept) {
		return w.end(Refused, 0)
	}
	w.of(n).names--
	return w.next(i)
}

// give gives v to all names that end at n. It reports false if one of them was
// refused.
func (s *Set) give(n *node, v Value, values []Value, accept func(i int, v Value) bool) bool {
	for k := n.leaf; k >= 0; k = s.same[k] {
		values[k] = v
		if accept != nil && !accept(int(k), v) {
			return false
		}
	}
	return true
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
