package oracle

import "slices"

// Choices are what a generator decides by: a byte for each decision. When they
// are used up every decision is the first, so that few bytes make a simple query.
type choices struct{ left []byte }

// n is a number from 0 to k-1.
func (c *choices) n(k int) int {
	if len(c.left) == 0 || k < 2 {
		return 0
	}
	x := int(c.left[0])
	c.left = c.left[1:]
	if k > 256 && len(c.left) > 0 {
		x = x<<8 | int(c.left[0])
		c.left = c.left[1:]
	}
	return x % k
}

// often and seldom are true for 3 and for 1 of 4 bytes.
func (c *choices) often() bool  { return c.n(4) > 0 }
func (c *choices) seldom() bool { return c.n(4) == 3 }

// one is one of the list, which is not empty.
func one[T any](c *choices, list []T) T { return list[c.n(len(list))] }

// shuffle puts the list in any order.
func shuffle[T any](c *choices, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := i - c.n(i+1)
		list[i], list[j] = list[j], list[i]
	}
}

// shrunk are choices that still fail, with as much taken out and set to zero as
// a few attempts find.
func shrunk(failing []byte, fails func([]byte) bool) []byte {
	attempts := 0
	try := func(next []byte) bool {
		if attempts++; attempts > 400 || slices.Equal(next, failing) || !fails(next) {
			return false
		}
		failing = next
		return true
	}
	for size := max(1, len(failing)/2); size > 0; size /= 2 {
		for at := 0; at+size <= len(failing); {
			zeroed := slices.Clone(failing)
			clear(zeroed[at : at+size])
			if !try(slices.Delete(slices.Clone(failing), at, at+size)) {
				try(zeroed)
				at += size
			}
		}
	}
	return failing
}
