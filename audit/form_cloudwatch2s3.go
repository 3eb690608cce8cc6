package audit

import "bytes"

// cloudWatch2S3 is the form of the raw files of CloudWatch2S3: "GROUP:STREAM",
// the time in milliseconds and the message, with tabs between them. Between the
// events is what the messages end with, which of most of them is nothing.
// Source: CloudSnorkel/CloudWatch2S3, CloudWatch2S3.template.
var cloudWatch2S3 = form{
	name: "CloudWatch2S3",
	doc: "its raw files: log group and stream with a colon between them, the time in milliseconds, the event, with tabs " +
		"between them, one after the other with or without newlines.",
	unwrap:    unwrapCloudWatch2S3,
	multiline: true,
	next:      nextCloudWatch2S3,
}

func unwrapCloudWatch2S3(line []byte, m *message) bool {
	source, rest, _ := bytes.Cut(line, []byte{'\t'})
	group, stream, ok := bytes.Cut(source, []byte{':'})
	stamp, text, more := bytes.Cut(rest, []byte{'\t'})
	if !ok || !more || len(group) == 0 || len(stream) == 0 || bytes.ContainsAny(source, ` {"`) {
		return false
	}
	if m.logged = millis(stamp); m.logged.IsZero() {
		return false
	}
	m.group, m.stream, m.text = string(group), string(stream), text
	return true
}

// nextCloudWatch2S3 finds the next event of the same log group in text.
func nextCloudWatch2S3(text []byte, m *message) int {
	head := []byte(m.group + ":")
	for at := 0; ; at++ {
		i := bytes.Index(text[at:], head)
		if i < 0 {
			return -1
		}
		at += i
		if unwrapCloudWatch2S3(text[at:], new(message)) {
			return at
		}
	}
}
