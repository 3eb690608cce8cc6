package fields

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// seedLines are the lines of testdata.
func seedLines(t testing.TB) [][]byte {
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata: %v, %v", files, err)
	}
	var lines [][]byte
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, bytes.Split(bytes.TrimRight(data, "\n"), []byte("\n"))...)
	}
	return lines
}
