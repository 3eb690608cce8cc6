package audit

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// lookalikes lists what people point a reader of logs at and that is no text,
// by its first bytes, so that the error can say what was seen.
var lookalikes = []struct{ magic, name string }{
	{"\x89PNG", "a PNG image"},
	{"\xff\xd8\xff", "a JPEG image"},
	{"%PDF-", "a PDF document"},
	{"PK\x03\x04", "a zip archive"},
	{"BZh", "bzip2 data"},
	{"\xfd7zXZ", "xz data"},
	{"7z\xbc\xaf", "a 7z archive"},
	{"PAR1", "a Parquet file"},
	{"SQLite format 3", "a SQLite database"},
	{"\x7fELF", "a program"},
	{"\xff\xfe", "UTF-16 text"},
	{"\xfe\xff", "UTF-16 text"},
}

// describe says in a few words what a file is that has no event: from its
// head, and from the first of its lines that could not be read. Of what is
// written there it tells the keys of a JSON object, and nothing else.
func describe(head, line []byte) string {
	for _, l := range lookalikes {
		if bytes.HasPrefix(head, []byte(l.magic)) {
			return "binary data, " + l.name
		}
	}
	if len(head) >= 262 && string(head[257:262]) == "ustar" {
		return "binary data, a tar archive"
	}
	if isBinary(line) {
		return "binary data"
	}
	valid := !tooDeep(line) && gjson.ValidBytes(line)
	switch {
	case valid && line[0] == '{':
		return describeObject(gjson.ParseBytes(line))
	case valid:
		return "JSON values that are no objects"
	case line[0] == '{' || line[0] == '[':
		return "what looks like JSON, but not a document on each line"
	}
	return "text"
}

// describeObject names a well-known object, or its keys.
func describeObject(doc gjson.Result) string {
	const most, longest = 6, 40
	var keys []string
	fields := make(map[string]string)
	doc.ForEach(func(key, value gjson.Result) bool {
		if len(keys) == most {
			keys = append(keys, "...")
			return false
		}
		fields[key.Str] = value.Str
		name := key.Str
		if len(name) > longest || strings.ContainsFunc(name, notPlain) {
			name = "(unprintable)"
		}
		keys = append(keys, name)
		return true
	})
	switch api := fields["apiVersion"]; {
	case fields["kind"] == "Event" && (api == "v1" || strings.HasPrefix(api, "events.k8s.io/")):
		return "the events that kubectl get events shows, which are not those of the audit log"
	case fields["kind"] == "EventList" && strings.HasPrefix(api, "audit.k8s.io/"):
		return "an EventList of audit events"
	case len(keys) == 0:
		return "empty JSON objects"
	}
	return "JSON objects with the keys " + strings.Join(keys, ", ")
}

// notPlain tells the characters that the keys of log formats do not have.
func notPlain(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf-1 }

// isBinary tells whether line holds what no text does.
func isBinary(line []byte) bool {
	if !utf8.Valid(line) {
		return true
	}
	return bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\x1b", r) && r != '\f' })
}

// known says which forms and containers are read.
func known() string {
	names := []string{"JSON lines"}
	for _, f := range forms {
		names = append(names, f.name)
	}
	for _, w := range wrappers {
		names = append(names, w.name)
	}
	for _, d := range documents {
		names = append(names, d.name)
	}
	var packs []string
	for _, c := range containers {
		packs = append(packs, c.name)
	}
	last := len(names) - 1
	return fmt.Sprintf("known are %s and %s, plain or in %s", strings.Join(names[:last], ", "), names[last], strings.Join(packs, ", "))
}
