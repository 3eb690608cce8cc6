package query

import (
	"fmt"
	"strings"
)

// didYouMean is the hint that names the one of the names which is most like
// word; "" if none is.
func didYouMean(word string, names []string) string {
	near := nearest(word, names)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", near)
}

// nearest returns the name that is most like word in any case: at most two edits
// away, one if the word is short. It is "" if there is none. Of equals the first
// wins.
func nearest(word string, names []string) string {
	word = strings.ToLower(word)
	best, most := "", min(2, len(word)/2, (len(word)+1)/3)
	for _, name := range names {
		if d := editDistance(word, strings.ToLower(name)); d <= most {
			best, most = name, d-1
		}
	}
	return best
}

// editDistance counts the bytes to insert, delete or replace, or neighbours to
// swap, to turn a into b.
func editDistance(a, b string) int {
	before := make([]int, len(b)+1) // the row two above
	above := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
