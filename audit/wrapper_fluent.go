package audit

import "bytes"

// fluentLog is a record of Fluent Bit or Fluentd with the text under log, as
// they write it to S3 and elsewhere: with a date, or with what the parsers of
// containers add. Source: fluent/fluent-bit-docs pipeline/outputs/s3.md,
// conf/parsers.conf in fluent/fluent-bit; moby/moby daemon/logger/fluentd.
var fluentLog = wrapper{
	name:   "Fluent Bit and Fluentd",
	doc:    "the records with the text under log; lines in parts are put together where they say so.",
	keys:   []string{"log"},
	unwrap: unwrapFluent,
}

func unwrapFluent(o object, m *message) []byte {
	log := unwrapText(o, o.get("log"), m)
	if log == nil || log[0] != '"' {
		return nil
	}
	for _, key := range [...]string{"logtag", "_p"} { // of the parser of CRI logs
		if tag := o.text(key); len(tag) > 0 {
			m.channel, m.more = string(o.text("stream")), tag[0] == 'P'
		}
	}
	if last := o.text("partial_last"); last != nil { // of Docker's log driver
		m.channel, m.more = string(o.text("partial_id")), string(last) != "true"
	}
	return log
}

// fluentRecord is a record of Fluent Bit or Fluentd as their forward protocol has
// it, in JSON. Source: fluent/fluentd wiki, "Forward Protocol Specification".
var fluentRecord = wrapper{
	name:     "Fluentd record",
	doc:      "an array of a time and a record, perhaps with a tag before them.",
	elements: unwrapFluentRecord,
}

func unwrapFluentRecord(e [][]byte, m *message) []byte {
	if len(e) == 3 && e[0][0] == '"' {
		e = e[1:]
	}
	if len(e) != 2 || e[1][0] != '{' || e[0][0] == '"' {
		return nil
	}
	m.logged = instant(e[0])
	return e[1]
}

// fluentFile is the form of the files that Fluentd writes by default, "TIME TAG
// RECORD" with tabs between them. Source: docs.fluentd.org/output/file,
// formatter/out_file.
var fluentFile = form{
	name:   "Fluentd file",
	doc:    "the lines of its output to files: a time, a tag and a record, with tabs between them.",
	unwrap: unwrapFluentFile,
}

func unwrapFluentFile(line []byte, m *message) bool {
	stamp, rest, _ := bytes.Cut(line, []byte{'\t'})
	_, record, ok := bytes.Cut(rest, []byte{'\t'})
	if !ok || len(stamp) < len("2006-01-02T15:04:05Z") || len(record) == 0 || record[0] != '{' {
		return false
	}
	logged := rfc3339(stamp)
	if logged.IsZero() {
		return false
	}
	m.text, m.logged = record, logged
	return true
}
