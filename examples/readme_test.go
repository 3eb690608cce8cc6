//go:build unix

// Package examples_test holds the README to what the programs really print.
package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadmeCommands runs the commands of the README's console blocks, which
// stand behind $ and go on behind >, and compares what they print.
func TestReadmeCommands(t *testing.T) {
	for _, block := range blocks(t, "console") {
		command, output := "", ""
		check := func() {
			if command != "" {
				compare(t, command, output, sh(command))
			}
		}
		for line := range strings.Lines(block) {
			if rest, ok := strings.CutPrefix(line, "$ "); ok {
				check()
				command, output = rest, ""
			} else if rest, ok := strings.CutPrefix(line, "> "); ok && output == "" {
				command += rest
			} else {
				output += line
			}
		}
		check()
	}
}

// TestReadmeProgram runs the README's program over a sample log. The block
// behind it shows its output.
func TestReadmeProgram(t *testing.T) {
	programs, outputs := blocks(t, "go"), blocks(t, "text")
	if len(programs) != 1 || len(outputs) != 1 {
		t.Fatalf("%d programs and %d outputs in the README", len(programs), len(outputs))
	}
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(programs[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	command := "go run " + file + " examples/evictions/night.log"
	compare(t, command, outputs[0], sh(command))
}

// blocks returns the README's fenced blocks of one kind.
func blocks(t *testing.T, kind string) []string {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	rest := string(readme)
	for {
		_, after, ok := strings.Cut(rest, "\n```"+kind+"\n")
		if !ok {
			break
		}
		block, behind, ok := strings.Cut(after, "```\n")
		if !ok {
			t.Fatalf("a block of the README is not closed: %.60q", after)
		}
		found, rest = append(found, block), behind
	}
	if found == nil {
		t.Fatalf("the README has no block of kind %s", kind)
	}
	return found
}

// sh runs a command in the root of the module and returns all it prints.
func sh(command string) string {
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		return err.Error()
	}
	return string(out)
}

func compare(t *testing.T, command, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-README +got):\n%s", command, diff)
	}
}
