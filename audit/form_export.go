package audit

import (
	"path/filepath"
	"regexp"
	"time"
)

// exportTask is the form of the files that an export task of CloudWatch Logs
// writes to S3: "2020-09-08T04:00:24.000Z MESSAGE". A message with newlines is
// written as it is. Source: AWS, "Exporting log data to Amazon S3"; files seen.
var exportTask = form{
	name: "CloudWatch export",
	doc: "the lines of an export task of CloudWatch Logs to S3: the time of the log event, a blank, the event; " +
		"the log stream is taken from the path of the file.",
	unwrap:    unwrapExport,
	multiline: true,
}

// exportTime is the shape of the time in front of each message.
const exportTime = "2006-01-02T15:04:05.000Z"

func unwrapExport(line []byte, m *message) bool {
	n := len(exportTime)
	if len(line) <= n+1 || line[n] != ' ' || line[n-1] != 'Z' || line[n-5] != '.' {
		return false
	}
	var logged time.Time
	if err := logged.UnmarshalText(line[:n]); err != nil {
		return false
	}
	m.text, m.logged = line[n+1:], logged
	return true
}

// exportPath is the path that an export task gives a file, from the task's ID
// on: ID/STREAM/000000.gz. The slashes of the stream's name are dashes in it.
var exportPath = regexp.MustCompile(`(?:^|/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/([^/]+)/[0-9]{6}(?:\.gz)?$`)

// exportStream returns the log stream that the name of a file tells, or "".
func exportStream(name string) string {
	m := exportPath.FindStringSubmatch(filepath.ToSlash(name))
	if m == nil {
		return ""
	}
	return m[1]
}
