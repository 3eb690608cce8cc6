package evicttest

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/evictlog/evictlog/audit"
)

// Load reads a fixture: a file of audit events in any form that package audit
// reads, such as JSON lines, or the member "events" of a file whose name ends
// in .txtar. A fixture that cannot be read to its end, that has an event that
// does not decode, or that has none, ends the test with the file and the line.
func Load(tb testing.TB, path string) audit.List {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if strings.HasSuffix(path, ".txtar") {
		if data = member(data, "events"); data == nil {
			tb.Fatalf("%s:1: no member \"events\"", path)
		}
	}
	in := audit.NewReader(bytes.NewReader(data))
	in.Name = path
	var list audit.List
	for ev, err := range in.Events() {
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := ev.Decode(); err != nil {
			tb.Fatalf("%v: %v", ev.Pos, err)
		}
		list = append(list, ev.Clone())
	}
	if len(list) == 0 {
		tb.Fatalf("%s:1: no events", path)
	}
	return list
}

// member returns a txtar archive in which everything but one member is blank,
// so that places in it stay what they are; nil if it has no such member.
func member(archive []byte, name string) []byte {
	found, in := false, false
	var b bytes.Buffer
	for line := range bytes.Lines(archive) {
		marker, isMarker := bytes.CutPrefix(bytes.TrimRight(line, "\r\n"), []byte("-- "))
		marker, closed := bytes.CutSuffix(marker, []byte(" --"))
		if isMarker && closed {
			in = string(bytes.TrimSpace(marker)) == name
			found = found || in
		} else if in {
			b.Write(line)
			continue
		}
		b.Write(bytes.Repeat([]byte{' '}, len(line)-1))
		b.WriteByte('\n')
	}
	if !found {
		return nil
	}
	return b.Bytes()
}
