package drain

import (
	"fmt"
	"strings"
)

// A Tree holds the patterns of the texts that it has been given.
type Tree struct {
	bounds
	roots     map[string]*node // by skeleton
	patterns  []pattern
	size      int // of the patterns in bytes, about
	remainder int // the pattern of what there is no room for; -1 while there is none
}

// bounds are those of a tree: on the children of a node, on the patterns of a
// leaf, and on all patterns and their size in bytes.
type bounds struct{ children, leaf, patterns, size int }

// New returns an empty tree.
func New() *Tree {
	return &Tree{
		bounds: bounds{children: 100, leaf: 100, patterns: 10_000, size: 64 << 20},
		roots:  map[string]*node{}, remainder: -1,
	}
}

// A node is an inner node of the tree, or a leaf.
type node struct {
	children map[string]*node
	patterns []int
}

// A pattern is what the texts of one pattern have in common.
type pattern struct {
	skeleton string
	slots    []slot
}

// wordLevels is how many words at its start decide about the leaf of a text. With
// the root, the skeletons and the patterns that makes a tree of four levels.
const wordLevels = 1

// others is the child for texts with something in the place of a word that varies.
const others = "\x00"

// Add finds the pattern that a masked text belongs to, or makes it one, and
// returns its number. Numbers count from 0, and patterns only become wider: what
// has been counted under a number stays right.
func (t *Tree) Add(masked string) int {
	skeleton, slots := split(masked)
	leaf := t.leaf(skeleton, slots)
	best, similar := t.nearest(leaf, slots)
	cost := patternSize + 2*len(masked) + slotSize*len(slots)
	switch full := len(t.patterns) >= t.bounds.patterns || t.size+cost > t.bounds.size; {
	case best >= 0 && (similar || full || len(leaf.patterns) >= t.bounds.leaf):
		t.patterns[best].widen(slots)
		return best
	case full:
		return t.rest()
	}
	t.size += cost
	skeleton, slots = split(strings.Clone(masked))
	t.patterns = append(t.patterns, pattern{skeleton, slots})
	if leaf == nil {
		leaf = t.grow(skeleton, slots)
	}
	leaf.patterns = append(leaf.patterns, len(t.patterns)-1)
	return len(t.patterns) - 1
}

// patternSize and slotSize are about what a pattern and a slot take, in bytes,
// besides their texts.
const patternSize, slotSize = 200, 24

// leaf finds the leaf of a text; nil if there is none yet.
func (t *Tree) leaf(skeleton string, slots []slot) *node {
	at := t.roots[skeleton]
	for _, s := range slots[:min(wordLevels, len(slots))] {
		if at == nil {
			return nil
		}
		at = at.children[t.branch(at, s)]
	}
	return at
}

// grow makes the leaf of a text.
func (t *Tree) grow(skeleton string, slots []slot) *node {
	at := t.roots[skeleton]
	if at == nil {
		at = &node{}
		t.roots[skeleton] = at
	}
	for _, s := range slots[:min(wordLevels, len(slots))] {
		name := t.branch(at, s)
		if at.children == nil {
			at.children = map[string]*node{}
		}
		if at.children[name] == nil {
			at.children[name] = &node{}
		}
		at = at.children[name]
	}
	return at
}

// branch is the name of the child that a slot leads to. Words with digits in them
// most likely vary, and so does what comes when there are many words already.
func (t *Tree) branch(at *node, s slot) string {
	if s.kind != Word || strings.ContainsAny(s.word, "0123456789") {
		return others
	}
	if at.children[s.word] == nil && len(at.children) >= t.bounds.children {
		return others
	}
	return s.word
}

// nearest is the pattern of the leaf that is most like the text, and whether it is
// so much like it that the text belongs to it; -1 if the leaf has none. Of several
// it is the widest, and then the oldest.
func (t *Tree) nearest(leaf *node, slots []slot) (best int, similar bool) {
	best = -1
	if leaf == nil {
		return best, false
	}
	most, widest := -1, -1
	for _, n := range leaf.patterns {
		same, wide := t.patterns[n].compare(slots)
		if same > most || same == most && wide > widest {
			best, most, widest = n, same, wide
		}
	}
	return best, 2*most >= len(slots)
}

// compare counts the slots in which the text is as the pattern, and those in which
// the pattern has a token.
func (p *pattern) compare(slots []slot) (same, tokens int) {
	for i, s := range p.slots {
		if s == slots[i] {
			same++
		}
		if s.kind != Word {
			tokens++
		}
	}
	return same, tokens
}

// widen makes the pattern one of the text too.
func (p *pattern) widen(slots []slot) {
	for i, s := range p.slots {
		p.slots[i] = s.joined(slots[i])
	}
}

// rest is the pattern of what there is no room for.
func (t *Tree) rest() int {
	if t.remainder < 0 {
		t.remainder = len(t.patterns)
		t.patterns = append(t.patterns, pattern{string([]byte{escape, hole}), []slot{{kind: Token}}})
	}
	return t.remainder
}

// Len is the number of patterns.
func (t *Tree) Len() int { return len(t.patterns) }

// Pattern is the pattern with the number, as it now is. Its tokens are numbered
// from 1. Two numbers can come to the same pattern.
func (t *Tree) Pattern(n int) string {
	var b strings.Builder
	p, slots, tokens := &t.patterns[n], 0, 0
	for i := 0; i < len(p.skeleton); i++ {
		switch c := p.skeleton[i]; {
		case c != escape:
			b.WriteByte(c)
			continue
		case p.skeleton[i+1] != hole:
			b.WriteByte(escape)
		case p.slots[slots].kind == Word:
			b.WriteString(p.slots[slots].word)
			slots++
		default:
			tokens++
			fmt.Fprintf(&b, "<%s-%d>", p.slots[slots].kind, tokens)
			slots++
		}
		i++
	}
	return b.String()
}
