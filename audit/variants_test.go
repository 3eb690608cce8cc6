package audit

import (
	"strings"
	"testing"
)

// TestVariants holds that byte order marks, carriage returns, blank lines and
// NUL bytes mean nothing in any form of text.
func TestVariants(t *testing.T) {
	texts := fuzzEvents(5, 0)
	want := strings.Join(idsOf(len(texts)), " ")
	for _, e := range envelopes {
		if e.name == journalExportName { // a binary format, in which all of them mean something
			continue
		}
		file := e.wrap(texts)
		variants := map[string]string{
			"as it is":            file,
			"byte order mark":     "\xef\xbb\xbf" + file,
			"carriage returns":    strings.ReplaceAll(file, "\n", "\r\n"),
			"blank lines":         "\n \t\n" + strings.ReplaceAll(file, "\n", "\n\n") + "\n\n",
			"NUL bytes around it": strings.Repeat("\x00", 5000) + file + strings.Repeat("\x00", 5000),
			"all of them":         "\xef\xbb\xbf\r\n\x00" + strings.ReplaceAll(file, "\n", "\r\n\r\n") + "\x00\x00",
			"no newline at last":  strings.TrimSuffix(file, "\n"),
		}
		if e.lines {
			variants["NUL bytes between lines"] = strings.ReplaceAll(file, "\n", "\n\x00\x00\x00")
		}
		for name, text := range variants {
			for _, need := range []Need{{}, {Unchecked: true}, {Strict: true}} {
				got, errs := idsIn(t, text, need)
				if strings.Join(got, " ") != want || errs != 0 {
					t.Errorf("%s, %s, %+v: events %v and %d errors, want %s, in %q", e.name, name, need, got, errs, want, text)
				}
			}
		}
	}
}
