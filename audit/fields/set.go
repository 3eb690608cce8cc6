package fields

import (
	"bytes"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Set is a list of compiled names. It does not change, and may be used by
// several goroutines at a time. The zero Set has no names.
type Set struct {
	names int     // as many values does Walk fill
	same  []int32 // for each name, the next that is equal to it, or -1
	root  node

	head, tail count // what there is to be found

	headNodes [len(headKeys)]*node // the children of the root for headKeys, or nil
	beforeURI bool                 // one before the path of the request is not nil
	ofUser    bool                 // names begin with one of userKeys

	longest   int  // bytes of the longest name
	normalize bool // a name has U+FFFD, which is also what invalid UTF-8 reads as
}

// tailKeys are the keys that the API server writes behind the bodies.
// Source: k8s.io/apiserver, pkg/apis/audit/v1/types.go.
var tailKeys = [...]string{"requestReceivedTimestamp", "stageTimestamp", "annotations"}

// Compile returns the set of the names, flattened as the package comment says.
// Any text is a name; one that no line can have is always missing.
func Compile(names ...string) *Set {
	s := &Set{names: len(names), same: make([]int32, len(names))}
	s.root.leaf = -1
	for i, name := range names {
		s.same[i] = -1
		if key, ok := rootName(name); ok {
			s.add(i, key)
		}
	}
	s.root.compile()
	for i, c := range s.root.children {
		tail := slices.Contains(tailKeys[:], c.part)
		c.node.first = true
		names := c.node.settleWith(uint(i), tail)
		part := &s.head
		if tail {
			part = &s.tail
		}
		part.keys++
		part.names += names
	}
	for i, key := range headKeys {
		s.headNodes[i] = s.root.exact([]byte(key))
		s.beforeURI = s.beforeURI || i < uri && s.headNodes[i] != nil
	}
	for _, key := range userKeys {
		s.ofUser = s.ofUser || s.root.exact([]byte(key)) != nil
	}
	return s
}

// rootName takes off the @ that a name has in front of a key that begins with
// one. It reports whether a line can have the name.
func rootName(name string) (string, bool) {
	rest, at := strings.CutPrefix(name, "@")
	if at && !strings.HasPrefix(rest, "@") {
		return "", false
	}
	return rest, utf8.ValidString(name) // keys are read as valid UTF-8
}

// add puts the i-th name into the tree.
func (s *Set) add(i int, name string) {
	s.longest = max(s.longest, len(name))
	s.normalize = s.normalize || strings.ContainsRune(name, utf8.RuneError)
	n := &s.root
	for part := range strings.SplitSeq(name, ".") {
		n = n.grow(part)
	}
	s.same[i], n.leaf = n.leaf, int32(i)
}

// A node is a place in the tree of the names: what is left of them below some
// object or array of the line. One step down is one part of a name, that is
// the text between two dots.
type node struct {
	leaf     int32 // the name that ends here, or -1
	top      uint  // the child of the root that leads here
	first    bool  // it is that child
	tail     bool  // that child is a tail key
	deep     bool  // a child has children
	children []child
	indexes  []index // the children that are array indexes, in order

	byPart map[string]*node // the children, while the set is being compiled

	// table finds a child: the number of the first one of its hash, plus 1.
	// The children are sorted by hash.
	table [tableSize]uint32
}

type child struct {
	part string
	hash uint8
	node *node
}

type index struct {
	number int
	node   *node
}

const tableSize = 64

// hash tells the keys of audit events apart: no two that stand side by side
// in one object, but for a few of requestObject and responseObject, collide.
func hash[T string | []byte](key T) uint8 {
	if len(key) == 0 {
		return 0
	}
	return uint8(len(key)*5+int(key[0])*3+int(key[len(key)-1])) % tableSize
}

// grow returns the child of the part, which it adds if need be. It goes before
// compile.
func (n *node) grow(part string) *node {
	if below := n.byPart[part]; below != nil {
		return below
	}
	c := child{part, hash(part), &node{leaf: -1}}
	if n.byPart == nil {
		n.byPart = make(map[string]*node)
	}
	n.children, n.byPart[part] = append(n.children, c), c.node
	return c.node
}

// compile makes the tables of n and of all below it.
func (n *node) compile() {
	n.byPart = nil
	sort.SliceStable(n.children, func(i, j int) bool { return n.children[i].hash < n.children[j].hash })
	for i, c := range n.children {
		if n.table[c.hash] == 0 {
			n.table[c.hash] = uint32(i + 1)
		}
		n.deep = n.deep || len(c.node.children) > 0
		if number, err := strconv.Atoi(c.part); err == nil && strconv.Itoa(number) == c.part && number >= 0 {
			n.indexes = append(n.indexes, index{number, c.node})
		}
		c.node.compile()
	}
	sort.Slice(n.indexes, func(i, j int) bool { return n.indexes[i].number < n.indexes[j].number })
}

// settleWith sets the child of the root that leads to n and to all below it,
// and returns how many distinct names these are.
func (n *node) settleWith(top uint, tail bool) (names int32) {
	n.top, n.tail = top, tail
	if n.leaf >= 0 {
		names++
	}
	for _, c := range n.children {
		names += c.node.settleWith(top, tail)
	}
	return names
}

// exact returns the child whose part is key, or nil.
func (n *node) exact(key []byte) *node {
	h := hash(key)
	first := n.table[h]
	if first == 0 {
		return nil
	}
	for _, c := range n.children[first-1:] {
		if c.hash != h {
			return nil
		}
		if c.part == string(key) {
			return c.node
		}
	}
	return nil
}

// below returns the node that key leads to from n, or nil. A key with dots
// takes several steps.
func (n *node) below(key []byte) *node {
	c := n.exact(key)
	if c != nil || !n.deep {
		return c // the parts of names have no dots
	}
	for {
		dot := bytes.IndexByte(key, '.')
		if dot < 0 {
			return n.exact(key)
		}
		if n = n.exact(key[:dot]); n == nil {
			return nil
		}
		key = key[dot+1:]
	}
}
