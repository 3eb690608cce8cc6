package audit

import (
	"bytes"
	"time"
)

// A form is one way in which logs wrap events, line by line: what a row of the
// table of forms says, nothing else knows.
type form struct {
	name string
	doc  string // one sentence for the package documentation
	// unwrap returns what a line wraps, and the time the log service keeps
	// for it, zero if the form has none. ok says that the line has this form,
	// whether or not it wraps an event. line has no blanks around it and is
	// not empty; payload is a part of it.
	unwrap func(line []byte) (payload []byte, logged time.Time, ok bool)
	// multiline says that a message may hold newlines: in a file that begins
	// with this form, a line without it continues the message before. Such a
	// file cannot be cut into ranges.
	multiline bool
}

// forms lists the forms that are read, in the order they are tried. A new one
// is a file and a row.
var forms = []form{jsonLines, exportTask}

// jsonLines is the form of the API server's log backend. Source:
// k8s.io/apiserver plugin/pkg/audit/log.
var jsonLines = form{
	name: "JSON lines",
	doc: "an event on each line, as the API server writes its log file; the keys may stand in any order, " +
		"with blanks between them.",
	unwrap: func(line []byte) ([]byte, time.Time, bool) { return line, time.Time{}, line[0] == '{' },
}

// fit returns what line wraps. It tries the form with the index last before
// the others, and returns the index of the one that fits, or -1.
func fit(line []byte, last int) (payload []byte, logged time.Time, index int) {
	if last >= 0 {
		if payload, logged, ok := forms[last].unwrap(line); ok {
			return payload, logged, last
		}
	}
	for i := range forms {
		if i == last {
			continue
		}
		if payload, logged, ok := forms[i].unwrap(line); ok {
			return payload, logged, i
		}
	}
	return line, time.Time{}, -1
}

// sniffBytes is how much of a file is looked at to tell its form.
const sniffBytes = 4 << 10

// sniff returns the index of the form of the first line in head, the beginning
// of a file, or -1.
func sniff(head []byte) int {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, bom), blanks+"\n\x00")
	line, _, _ := bytes.Cut(head, []byte{'\n'})
	if line = bytes.TrimRight(line, blanks); len(line) == 0 {
		return -1
	}
	_, _, index := fit(line, -1)
	return index
}

// bom is the byte order mark of UTF-8, which some editors and shells put in
// front of a text.
var bom = []byte("\xef\xbb\xbf")

// blanks may stand around an event on its line.
const blanks = " \t\r"
