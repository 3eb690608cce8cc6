package fields

import (
	"bytes"
	"strings"
	"testing"
)

// TestSkipGuesses puts a quote, with and without backslashes before it, at each
// place of strings about as long as those that the functions guess at, and looks
// for the end of what stands before the text's end.
func TestSkipGuesses(t *testing.T) {
	for size := range 50 {
		for at := range size {
			for _, quote := range []string{`"`, `\"`, `\\"`, `\\\"`} {
				text := []byte(strings.Repeat("x", at) + quote + strings.Repeat("y", size-at) + `","z":"`)
				for end := range len(text) + 1 {
					checkSkips(t, text[:end:end])
				}
			}
		}
	}
}

// FuzzSkips holds what guesses at the end of a string equal to skipString.
func FuzzSkips(f *testing.F) {
	f.Add([]byte(`7d4a4b5e-6c57-4b9b-8f5b-0a6f3f0c9a11","stage":"ResponseComplete"`))
	f.Add([]byte(`\"7d4a4b5e-6c57-4b9b-8f5b-0a6f3f0c9\\","stage":"`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for i := range text {
			if i == 0 || text[i-1] == '"' && !bytes.HasSuffix(text[:i-1], []byte{'\\'}) {
				checkSkips(t, text[i:])
			}
		}
	})
}

func checkSkips(t *testing.T, text []byte) {
	t.Helper()
	want := skipString(text, 0)
	if got := skipShort(text, 0); got != want {
		t.Errorf("skipShort is %d, skipString %d, in %q", got, want, text)
	}
	if got := skipUUID(text, 0); got != want {
		t.Errorf("skipUUID is %d, skipString %d, in %q", got, want, text)
	}
}
