package audit

import (
	"encoding/json"
	"strings"
	"testing"
)

// absentTests are JSON strings and literals.
var absentTests = []struct {
	line, literal string
	want          bool
}{
	{`"eviction"`, "eviction", false},
	{`"evictio"`, "eviction", true},
	{`"ev\u0069ction"`, "eviction", false},
	{`"a\u0026b\u003cc\"d\\"`, "eviction", true},
	{`"a\/b"`, "/eviction", false},
	{`"a\/b"`, "eviction", true},
	{`"\\u0065viction"`, "viction", false},
	{`"\\"`, `\`, false},
	{`"\n"`, "n", false}, // it is absent, but that is not worth a proof
	{`"\n"`, "\n", false},
	{`"\ud83d\ude00"`, "😀", false},
	{`"\ud83d\ude00"`, "eviction", true},
	{`"é"`, "é", false},
	{`"e"`, "é", true},
	{`"\x"`, "a", false}, // no JSON: nothing is proved
	{`"\u12`, "a", false},
	{`"\`, "a", false},
	{`""`, "", false},
}

func TestAbsent(t *testing.T) {
	for _, tt := range absentTests {
		l := literals([]string{tt.literal})
		if got := l[0].absent([]byte(tt.line)); got != tt.want {
			t.Errorf("%q absent in %s: %v, want %v", tt.literal, tt.line, got, tt.want)
		}
	}
}

// FuzzAbsent holds the proof against decoding the string.
func FuzzAbsent(f *testing.F) {
	for _, tt := range absentTests {
		f.Add(tt.line, tt.literal)
	}
	f.Fuzz(func(t *testing.T, line, text string) {
		l := literals([]string{text})
		var decoded string
		if len(l) == 0 || json.Unmarshal([]byte(line), &decoded) != nil {
			return
		}
		if strings.Contains(decoded, text) && l[0].absent([]byte(line)) {
			t.Errorf("%q is said to be absent in %s", text, line)
		}
	})
}
