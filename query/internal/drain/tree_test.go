package drain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A tally is how many texts there are of each pattern.
func tally(tree *Tree, texts []string) (counts map[string]int, numbers []int) {
	counts = map[string]int{}
	for _, text := range texts {
		numbers = append(numbers, tree.Add(string(Mask(nil, text))))
	}
	for _, n := range numbers {
		counts[tree.Pattern(n)]++
	}
	return counts, numbers
}

func TestTree(t *testing.T) {
	for _, test := range []struct {
		name  string
		texts []string
		want  map[string]int
	}{
		{"nothing", nil, map[string]int{}},
		{"empty", []string{"", ""}, map[string]int{"": 2}},
		{"equal", []string{"all is well", "all is well"}, map[string]int{"all is well": 2}},
		{"half of the words", []string{"a b c d", "a b x y"}, map[string]int{"a b <Token-1> <Token-2>": 2}},
		{"less than half", []string{"a b c d", "a x y z"}, map[string]int{"a b c d": 1, "a x y z": 1}},
		{"the first word decides", []string{"a b c d", "x b c d"}, map[string]int{"a b c d": 1, "x b c d": 1}},
		{"a first word with a digit does not", []string{"a1 b c d", "x2 b c d"}, map[string]int{"<Token-1> b c d": 2}},
		{"numbers", []string{"code 200", "code 404"}, map[string]int{"code <Number-1>": 2}},
		{"a number and a large one", []string{"port 443 open", "port 8443 open"}, map[string]int{"port <Number-1> open": 2}},
		{"numbers and an identifier", []string{"id 12345", "id 12345678a"}, map[string]int{"id <ID-1>": 2}},
		{"an address and a name", []string{"to 10.0.0.1 now", "to web now"}, map[string]int{"to <Token-1> now": 2}},
		{"punctuation", []string{"a:b", "a/b", "a  b", "a b"}, map[string]int{"a:b": 1, "a/b": 1, "a  b": 1, "a b": 1}},
		{"keys", []string{`{"a":"x","b":"y"}`, `{"a":"x","c":"y"}`}, map[string]int{`{"a":"x","b":"y"}`: 1, `{"a":"x","c":"y"}`: 1}},
		{"bytes of no text", []string{"\x00 \xff 1", "\x00 \xff 2"}, map[string]int{"\x00 \xff <Number-1>": 2}},
		{"the nearest", []string{"a b c d e f", "a u v w x f", "a b c d x f"}, map[string]int{"a b c d <Token-1> f": 2, "a u v w x f": 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, _ := tally(New(), test.texts)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// small is a tree that is full soon.
func small() *Tree {
	tree := New()
	tree.bounds = bounds{children: 3, leaf: 2, patterns: 8, size: 10_000}
	return tree
}

func TestTreeBounds(t *testing.T) {
	var words, forms []string
	for i := range 26 {
		words = append(words, strings.Repeat(string(rune('a'+i)), 3))
		forms = append(forms, words[i]+strings.Repeat(":", i))
	}
	// Three words have a leaf each, and two have one together, which is full then.
	want := map[string]int{"aaa": 1, "bbb": 1, "ccc": 1, "eee": 1, "<Token-1>": 22}
	got, _ := tally(small(), words)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	got, numbers := tally(small(), forms)
	if got["<Token-1>"] != 18 || len(got) != 9 || slices.Max(numbers) != 8 {
		t.Errorf("forms: %v", got)
	}
	tree := small()
	tree.bounds.size = 1000
	got, _ = tally(tree, forms)
	if got["<Token-1>"] < 20 || tree.size > 1000 {
		t.Errorf("large forms: %v", got)
	}
}

// matches reports whether the text is one of the pattern.
func (p *pattern) matches(text string) bool {
	var b strings.Builder
	slots := p.slots
	for i := 0; i < len(p.skeleton); i++ {
		literal := p.skeleton[i : i+1]
		if literal[0] == escape {
			i++
			if p.skeleton[i] == hole {
				literal = slots[0].word
				if slots[0].kind != Word {
					b.WriteString("(?s:.+)")
				}
				slots = slots[1:]
			}
		}
		b.WriteString(quoteBytes(literal))
	}
	return regexp.MustCompile("^" + b.String() + "$").MatchString(latin(text))
}

// latin is the text with its bytes as characters, so that expressions match bytes.
func latin(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

func quoteBytes(text string) string { return regexp.QuoteMeta(latin(text)) }

// checkTree checks that the texts match the patterns they are counted under, and
// that counting them is all that giving them again does.
func checkTree(t *testing.T, tree *Tree, texts []string) {
	t.Helper()
	counts, numbers := tally(tree, texts)
	total := 0
	for _, n := range counts {
		total += n
	}
	if total != len(texts) {
		t.Errorf("%d texts, and %d counted", len(texts), total)
	}
	for i, text := range texts {
		p := &tree.patterns[numbers[i]]
		if numbers[i] == tree.remainder {
			continue
		}
		if !p.matches(text) {
			t.Errorf("%q does not match %s", text, tree.Pattern(numbers[i]))
		}
		skeleton, slots := split(string(Mask(nil, text)))
		if skeleton != p.skeleton {
			t.Errorf("%q has another skeleton than %s", text, tree.Pattern(numbers[i]))
		}
		for j, s := range slots {
			if !p.slots[j].covers(s) {
				t.Errorf("%q: %s does not cover %v", text, tree.Pattern(numbers[i]), s)
			}
		}
	}
	if tree.size > tree.bounds.size || tree.Len() > tree.bounds.patterns+1 {
		t.Errorf("%d patterns with %d bytes", tree.Len(), tree.size)
	}
}

func FuzzTree(f *testing.F) {
	for _, seed := range []string{
		"a b c\na b d\nx y", "pod web-0 deleted\npod web-1 deleted\nnode 10.0.0.1 ready\n07:24:24 up",
		`{"verb":"get","code":200}` + "\n" + `{"verb":"put","code":404}` + "\n" + `{"verb":"put"`,
		"\x00\n\x001\n\x00n\n\\\x00\n\"\x00\": 1", "::1\n::\n1::2\na::1\n1.2.3.4.\n12 ms\n12 s.", "é 1234 ü\nµs 5µs",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, log string) {
		texts := strings.Split(log, "\n")
		if len(texts) > 100 {
			return
		}
		checkTree(t, New(), texts)
		checkTree(t, small(), texts)

		once, _ := tally(New(), texts)
		again, _ := tally(New(), texts)
		if diff := cmp.Diff(once, again); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
		var doubled []string
		for _, text := range texts {
			doubled = append(doubled, text, text)
		}
		twice, _ := tally(New(), doubled)
		for p, n := range once {
			if twice[p] != 2*n {
				t.Errorf("%s: %d, and of every text twice %d", p, n, twice[p])
			}
		}
	})
}

// TestMaskTime checks that no text takes more than linear time.
func TestMaskTime(t *testing.T) {
	for _, part := range []string{"1", ":", "a:", "1:", "\"", "\\\"", "\"a", "{\"", "1.", "1m", " ms", "0", "-", "\x00", "2026-11-23"} {
		text := strings.Repeat(part, 1<<20/len(part))
		tree := New()
		if n := tree.Add(string(Mask(nil, text))); n != 0 {
			t.Errorf("%q: %d", part, n)
		}
	}
}

func Example() {
	tree := New()
	for _, text := range []string{"deleted pod web-0 in 31 ms", "deleted pod api-7 in 5 ms"} {
		tree.Add(string(Mask(nil, text)))
	}
	fmt.Println(tree.Pattern(0))
	// Output: deleted pod <Token-1> in <Time-2> ms
}
