package audit

import (
	"bytes"
	"regexp"
	"strconv"
)

// impacted follows what the API server's own log says of events that could not
// be written to the audit log. It lists them as legacy text, a line each, and
// they are of that other stream: they show what is missing. Source:
// k8s.io/apiserver pkg/audit/metrics.go.
type impacted struct {
	reported int // by the last line that says how many there are
	listed   int // of the lines that follow
}

var (
	impactedCount = regexp.MustCompile(`Error in audit plugin '[^']*' affecting (\d{1,6}) audit events`)
	impactedMark  = []byte("Impacted events:")
)

// other takes in a line of another stream.
func (i *impacted) other(line []byte) {
	switch {
	case bytes.Equal(line, impactedMark):
		i.listed = i.reported
	case i.listed > 0 && isAuditLine(line):
		i.listed--
	case bytes.Contains(line, []byte("Error in audit plugin")):
		i.reported, i.listed = 0, 0
		if m := impactedCount.FindSubmatch(line); m != nil {
			i.reported, _ = strconv.Atoi(string(m[1])) // it is a number
		}
	}
}

// lists tells whether a line belongs to such a list.
func (i *impacted) lists(line []byte) bool {
	return i.listed > 0 && isAuditLine(line) || i.reported > 0 && bytes.Equal(line, impactedMark)
}
